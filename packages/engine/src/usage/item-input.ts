import { createHash } from 'node:crypto';
import { type ItemErrorWire, isTollgateError, TollgateError } from '@tollgate/contract';
import { canonicalJson, hasUnstorableText } from '../catalog/json.js';

/** How far ahead of the engine's clock an item may be dated; it is then taken as now. */
export const aheadMaxMs = 5 * 60_000;

/** As JSON. Nearly all of an item is its dimensions, so this is the limit of an item. */
const dimensionsBytesMax = 1_000_000;

export type Dimensions = Record<string, string | number | boolean>;

// Without a zone an instant would depend on where the server runs.
const instantPattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export function readInstant(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null;
  const instant = typeof value === 'string' && instantPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant)) throw invalid(field, 'must be an ISO 8601 instant');
  return instant;
}

/** When the item counts: rejects what is further ahead than clocks differ, or older than keys are remembered. */
export function datedAt(instant: number | null, field: string, now: number, windowMs: number): number {
  if (instant === null) return now;
  if (instant > now + aheadMaxMs) throw invalid(field, 'must be at most 5 minutes ahead');
  if (instant < now - windowMs) {
    const rule = `lies more than ${windowMs / 86_400_000} days back: whether it was counted before is no longer known`;
    throw new TollgateError('TOO_OLD', `${field} ${rule}`, { field });
  }
  return Math.min(instant, now);
}

export function readDimensions(value: unknown): Dimensions | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('dimensions', 'must be an object');
  for (const [name, dimension] of Object.entries(value)) {
    if (!['string', 'number', 'boolean'].includes(typeof dimension)) {
      throw invalid(`dimensions.${name}`, 'must be a string, a number or a boolean');
    }
  }
  if (hasUnstorableText(value)) throw invalid('dimensions', 'must not hold NUL characters or halves of characters');
  if (Buffer.byteLength(JSON.stringify(value)) > dimensionsBytesMax)
    throw invalid('dimensions', 'must not exceed 1 MB');
  return value as Dimensions;
}

/** Null when the caller gave none. */
export function readKey(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length === 0) throw invalid('idempotencyKey', 'must not be empty');
  if (value.length > 255) throw invalid('idempotencyKey', 'must have at most 255 characters');
  if (hasUnstorableText(value)) throw invalid('idempotencyKey', 'must not hold NUL characters or halves of characters');
  return value;
}

export function keyConflict(key: string | null): TollgateError {
  const message = `idempotencyKey ${key} came before with other content`;
  return new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'idempotencyKey' });
}

/** Equal contents have equal hashes, in whatever order their fields were written. */
export function contentHash(content: Record<string, unknown>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** Why one item was refused, for its place in the batch. What is not ours to explain makes the item worth repeating. */
export function itemError(error: unknown): ItemErrorWire {
  if (!isTollgateError(error)) {
    return { code: 'INTERNAL', message: 'the item could not be stored', field: null, isRetryable: true };
  }
  const { code, message, field = null, isRetryable } = error;
  return { code, message, field, isRetryable };
}

export function invalid(field: string, rule: string): TollgateError {
  return new TollgateError('INVALID_ARGUMENT', `${field} ${rule}`, { field });
}
