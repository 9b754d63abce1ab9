import { invalidArgument } from './errors.js';

const idPattern = /^[a-zA-Z0-9][a-zA-Z0-9_|.-]*$/;
const customerIdPattern = /^[a-zA-Z0-9][a-zA-Z0-9_|.@-]*$/;

/** Checks an id: 1–255 characters, the first alphanumeric, then letters, digits and `_ | . -`. */
export function assertId(id: unknown, field: string): asserts id is string {
  assertPattern(id, field, idPattern, 'letters, digits and _ | . -');
}

/** Checks a customer id: like any id, with `@` allowed after the first character. */
export function assertCustomerId(id: unknown, field = 'customerId'): asserts id is string {
  assertPattern(id, field, customerIdPattern, 'letters, digits and _ | . @ -');
}

function assertPattern(id: unknown, field: string, pattern: RegExp, allowed: string): void {
  if (typeof id !== 'string') throw invalidArgument(field, 'must be a string');
  if (id.length === 0) throw invalidArgument(field, 'must not be empty');
  if (id.length > 255) throw invalidArgument(field, 'must have at most 255 characters');
  if (!pattern.test(id)) throw invalidArgument(field, `must start with a letter or digit and hold only ${allowed}`);
}
