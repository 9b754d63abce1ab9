/** The shape of a catalog file, for `tollgate.catalog.ts`. */
export type { CatalogDocument } from '@tollgate/contract';
