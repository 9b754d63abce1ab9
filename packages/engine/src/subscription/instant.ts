import { toIso } from '@tollgate/contract';
import { refusal } from './refusal.js';

const instantPattern = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/** An instant in ISO 8601 and UTC that exists, as epoch milliseconds; null when it was left out. */
export function readInstant(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null;
  const date = typeof value === 'string' ? instantPattern.exec(value)?.[1] : undefined;
  const instant = date === undefined ? Number.NaN : Date.parse(value as string);
  // `Date.parse` reads 30 February as 2 March.
  if (Number.isNaN(instant) || !toIso(instant).startsWith(date as string)) {
    throw refusal(field, 'must be an instant in ISO 8601 and UTC, such as "2026-01-31T00:00:00.000Z"');
  }
  return instant;
}
