import { type ErrorCode, TollgateError } from '@tollgate/contract';

/** What a getter answers when the state is unknown: configured per call, per feature or per currency. */
export interface EntitlementFallback {
  hasAccess: boolean;
  /** Metered: the limit to show. Credits: as much as if this had been granted and nothing used. */
  usageLimit?: number;
  isUnlimited?: boolean;
  /** Numeric: the value. */
  value?: number;
  /** Enum: the granted values. */
  enumValues?: string[];
  hasSoftLimit?: boolean;
}

const isFiniteNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item: unknown) => typeof item === 'string');

const rules: Readonly<Record<keyof EntitlementFallback, { holds: (value: unknown) => boolean; rule: string }>> = {
  hasAccess: { holds: isBoolean, rule: 'must be a boolean' },
  usageLimit: { holds: isFiniteNumber, rule: 'must be a finite number' },
  isUnlimited: { holds: isBoolean, rule: 'must be a boolean' },
  value: { holds: isFiniteNumber, rule: 'must be a finite number' },
  enumValues: { holds: isTexts, rule: 'must be an array of strings' },
  hasSoftLimit: { holds: isBoolean, rule: 'must be a boolean' },
};

/** Throws, with the given code, when a fallback that a user wrote is not one. `field` says where it stands. */
export function assertFallback(
  fallback: unknown,
  field: string,
  code: ErrorCode,
): asserts fallback is EntitlementFallback {
  const refused = (name: string, rule: string): TollgateError =>
    new TollgateError(code, `${name} ${rule}`, { field: name });
  if (typeof fallback !== 'object' || fallback === null || Array.isArray(fallback)) {
    throw refused(field, 'must be an object with hasAccess');
  }
  if (!('hasAccess' in fallback)) throw refused(`${field}.hasAccess`, 'is missing');
  for (const [name, value] of Object.entries(fallback)) {
    const known = Object.hasOwn(rules, name) ? rules[name as keyof EntitlementFallback] : undefined;
    if (!known) throw refused(`${field}.${name}`, 'is not a field of a fallback');
    if (value !== undefined && !known.holds(value)) throw refused(`${field}.${name}`, known.rule);
  }
}
