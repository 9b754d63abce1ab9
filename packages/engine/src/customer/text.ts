import { invalidArgument } from '@tollgate/contract';

const lengthMax = 255;

/** A text that may be left out, or null to clear what is there. Rejects with INVALID_ARGUMENT naming the field. */
export function readText(value: unknown, field: string): string | null | undefined {
  if (value === undefined || value === null) return value;
  return requireText(value, field, ': null clears it');
}

/** A text that must be there. */
export function requireText(value: unknown, field: string, hint = ''): string {
  if (typeof value !== 'string') throw invalidArgument(field, 'must be a string');
  if (value.length === 0) throw invalidArgument(field, `must not be empty${hint}`);
  // Postgres stores neither.
  if (/\0|\p{Surrogate}/u.test(value))
    throw invalidArgument(field, 'must not hold NUL characters or halves of characters');
  if (value.length > lengthMax) throw invalidArgument(field, `must have at most ${lengthMax} characters`);
  return value;
}
