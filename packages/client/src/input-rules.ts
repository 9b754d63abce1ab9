import { assertId, TollgateError, toIso } from '@tollgate/contract';

/** An INVALID_ARGUMENT that names the field and the rule. */
export const refused = (field: string, rule: string): TollgateError =>
  new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });

/** A plain object whose fields are all known. `at` is the prefix of its fields in errors. */
export function checkFields(input: unknown, known: readonly string[], at: string): asserts input is object {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refused(at.replace(/\.$/, '') || 'params', 'must be an object');
  }
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(at + unknown, 'is not a field of this call');
}

/** Checks that a list holds between 1 and `max` items. */
export function listOf<T>(items: readonly T[], field: string, max: number): readonly T[] {
  if (!Array.isArray(items)) throw refused(field, 'must be an array');
  if (items.length === 0) throw refused(field, 'must not be empty');
  if (items.length > max) throw refused(field, `must have at most ${max} items`);
  return items;
}

/** An optional id under its own name; nothing when it is left out. */
export function optionalId<Name extends string>(
  id: string | undefined,
  field: string,
  name: Name,
): { [key in Name]?: string } {
  if (id === undefined || id === null) return {};
  assertId(id, field);
  return { [name]: id } as { [key in Name]: string };
}

export function oneOf(value: string, allowed: readonly string[], field: string): void {
  if (!allowed.includes(value)) throw refused(field, `must be one of ${allowed.join(', ')}`);
}

/** A text of 1–255 characters: a key, or the name of an event. */
export function shortText(value: string, field: string): string {
  if (typeof value !== 'string') throw refused(field, 'must be a string');
  if (value.length === 0) throw refused(field, 'must not be empty');
  if (value.length > 255) throw refused(field, 'must have at most 255 characters');
  return value;
}

const isoPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** A Date or an ISO 8601 text as an ISO instant. */
export function instant(value: Date | string, field: string): string {
  const isInstant = value instanceof Date || (typeof value === 'string' && isoPattern.test(value));
  const time = isInstant ? new Date(value).getTime() : Number.NaN;
  if (Number.isNaN(time) || !isOnCalendar(value)) throw refused(field, 'must be a Date or an ISO 8601 instant');
  return toIso(time);
}

/** `Date` reads 30 February as 2 March; nobody who writes it means that. */
function isOnCalendar(value: Date | string): boolean {
  if (value instanceof Date) return true;
  const day = value.slice(0, 'YYYY-MM-DD'.length);
  return toIso(Date.parse(`${day}T00:00:00Z`)).startsWith(day);
}
