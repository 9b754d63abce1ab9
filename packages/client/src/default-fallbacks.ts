import type { AccessDeniedReason } from '@tollgate/contract';
import type { CreditEntitlement } from './credit-entitlement.js';
import type { BooleanEntitlement, EnumEntitlement, MeteredEntitlement, NumericEntitlement } from './results.js';

const unknown = {
  hasAccess: false,
  isFallback: true,
  accessDeniedReason: 'Unknown' as AccessDeniedReason,
} as const;

/** What getters answer when the state is unknown and no fallback was configured: no access, numbers 0. */
export const BOOLEAN_DEFAULT_FALLBACK_ENTITLEMENT: Readonly<BooleanEntitlement> = Object.freeze({
  type: 'BOOLEAN',
  ...unknown,
});

export const NUMERIC_DEFAULT_FALLBACK_ENTITLEMENT: Readonly<NumericEntitlement> = Object.freeze({
  type: 'NUMERIC',
  ...unknown,
  value: 0,
  isUnlimited: false,
});

export const METERED_DEFAULT_FALLBACK_ENTITLEMENT: Readonly<MeteredEntitlement> = Object.freeze({
  type: 'METERED',
  ...unknown,
  currentUsage: 0,
  usageLimit: 0,
  isUnlimited: false,
  hasSoftLimit: false,
});

export const ENUM_DEFAULT_FALLBACK_ENTITLEMENT: Readonly<EnumEntitlement> = Object.freeze({
  type: 'ENUM',
  ...unknown,
  enumValues: [],
});

export const CREDIT_DEFAULT_FALLBACK_ENTITLEMENT: Readonly<CreditEntitlement> = Object.freeze({
  type: 'CREDIT',
  ...unknown,
  currentBalance: 0,
  totalConsumed: 0,
  totalGranted: 0,
  usageLimit: 0,
  currentUsage: 0,
  hasSoftLimit: false,
});
