import { invalidArgument } from '@tollgate/contract';

/** Free-form values of the caller's: a JSON object. */
export type Metadata = Record<string, unknown>;

/** Absent stays absent, null clears. */
export function readMetadata(input: unknown, field: string): Metadata | undefined {
  if (input === undefined) return undefined;
  if (input === null) return {};
  if (typeof input !== 'object' || Array.isArray(input)) throw invalidArgument(field, 'must be an object');
  // JSON escapes both, and nothing else, in this way. Postgres stores neither.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(input))) {
    throw invalidArgument(field, 'must not hold NUL characters or halves of characters');
  }
  return input as Metadata;
}
