/** Where `tollgate dev` and `serve` listen unless told otherwise, and where clients look for them. */
export const defaultPort = 4210;
