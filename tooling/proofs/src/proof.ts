/** Short runs with every test run, in seconds; long is the full form, run on demand and written down. */
export type Length = 'short' | 'long';

/** A promise of the project, shown by running it on more cases than a reader would write. */
export interface Proof {
  /** What follows `npm run prove --`. */
  readonly name: string;
  /** The promise in one sentence, for a reader of `docs/PROOFS.md`. */
  readonly promise: string;
  /** Says in a few words what was run. Throws, with the case that breaks the promise, if there is one. */
  run(length: Length, seed: number): Promise<string>;
}

export const count = (cases: number): string => `${cases.toLocaleString('en-US')} cases`;
