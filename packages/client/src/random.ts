/** A number in `[0, 1)`. */
export type Random = () => number;

/** Chance, for spreading retries; nothing that must be hard to guess comes from here. */
export const random: Random = () => Math.random();
