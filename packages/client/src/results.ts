import {
  type AccessDeniedReason,
  type Amount,
  amountToNumber,
  type Decision,
  type EntitlementResetPeriod,
  type EntitlementType,
  type FeatureDescription,
  type FeatureStatus,
  type FeatureType,
} from '@tollgate/contract';
import type { EntitlementFallback } from './fallback.js';

export interface EntitlementFeature {
  id: string;
  displayName: string;
  featureType: FeatureType;
  /** Plural name of the unit. */
  featureUnits?: string;
  featureStatus: FeatureStatus;
}

export interface EntitlementBase {
  hasAccess: boolean;
  /** True only when a configured or built-in fallback answered because the state is unknown. */
  isFallback: boolean;
  /** Null when access is granted. */
  accessDeniedReason: AccessDeniedReason | null;
  feature?: EntitlementFeature;
}

export interface BooleanEntitlement extends EntitlementBase {
  type: 'BOOLEAN';
}

export interface NumericEntitlement extends EntitlementBase {
  type: 'NUMERIC';
  /** Left out when unlimited or not granted. */
  value?: number;
  isUnlimited: boolean;
}

/** Usage and limit are in shown units, `requestedUsage` in raw ones, as usage is reported. */
export interface MeteredEntitlement extends EntitlementBase {
  type: 'METERED';
  currentUsage: number;
  /** Left out when unlimited. */
  usageLimit?: number;
  isUnlimited: boolean;
  requestedUsage?: number;
  /** Usage past the limit is counted and not stopped. Where credits pay: the wallet's flag. */
  hasSoftLimit: boolean;
  /** What a raw unit costs in credits: an amount, or a formula over dimensions. Left out where credits do not pay. */
  creditRate?: { currencyId: string; amount?: number; costFormula?: string };
  /** The fields below are left out when usage never starts again from zero. */
  resetPeriod?: EntitlementResetPeriod;
  resetPeriodConfiguration?: { accordingTo: string };
  usagePeriodStart?: Date;
  usagePeriodEnd?: Date;
  /** The instant that periods are counted from. */
  usagePeriodAnchor?: Date;
  /** @deprecated The same as `usagePeriodEnd`. */
  nextResetDate?: Date;
}

export interface EnumEntitlement extends EntitlementBase {
  type: 'ENUM';
  enumValues: string[];
  requestedValues?: string[];
}

export type Entitlement = BooleanEntitlement | NumericEntitlement | MeteredEntitlement | EnumEntitlement;
export type FeatureEntitlementType = Entitlement['type'];

/** What a question said beside the feature, to be repeated in the answer. */
export interface Asked {
  requestedUsage?: Amount;
  requestedValues?: readonly string[];
}

/** A decision in the shape of its getter; without a type, in the shape of the feature. */
export function entitlementOf(decision: Decision, asked: Asked, type?: FeatureEntitlementType): Entitlement {
  const base = {
    hasAccess: decision.hasAccess,
    isFallback: false,
    accessDeniedReason: decision.reason,
    ...(decision.feature && { feature: featureOf(decision.feature) }),
  };
  switch (type ?? featureEntitlementType(decision.type)) {
    case 'BOOLEAN':
      return { type: 'BOOLEAN', ...base };
    case 'NUMERIC':
      return { type: 'NUMERIC', ...base, ...limitOf(decision, 'value') };
    case 'ENUM': {
      const enumValues = decision.entitlement?.isGranted ? [...decision.entitlement.enumValues] : [];
      return { type: 'ENUM', ...base, enumValues, ...requestedValuesOf(asked) };
    }
    case 'METERED':
      return {
        type: 'METERED',
        ...base,
        currentUsage: amountToNumber(decision.currentUsage),
        ...limitOf(decision, 'usageLimit'),
        ...requestedUsageOf(asked),
        hasSoftLimit: decision.hasSoftLimit,
        ...creditRateOf(decision),
        ...periodOf(decision),
      };
  }
}

/** The answer while the state is unknown. Without a type, the fallback's own fields tell which kind was meant. */
export function fallbackOf(fallback: EntitlementFallback, asked: Asked, type?: FeatureEntitlementType): Entitlement {
  const base = {
    hasAccess: fallback.hasAccess,
    isFallback: true,
    accessDeniedReason: fallback.hasAccess ? null : ('Unknown' as const),
  };
  const isUnlimited = fallback.isUnlimited ?? false;
  switch (type ?? meantType(fallback)) {
    case 'BOOLEAN':
      return { type: 'BOOLEAN', ...base };
    case 'NUMERIC':
      return { type: 'NUMERIC', ...base, isUnlimited, ...(isUnlimited ? {} : { value: fallback.value ?? 0 }) };
    case 'ENUM':
      return { type: 'ENUM', ...base, enumValues: [...(fallback.enumValues ?? [])], ...requestedValuesOf(asked) };
    case 'METERED':
      return {
        type: 'METERED',
        ...base,
        currentUsage: 0,
        isUnlimited,
        ...(isUnlimited ? {} : { usageLimit: fallback.usageLimit ?? 0 }),
        ...requestedUsageOf(asked),
        hasSoftLimit: fallback.hasSoftLimit ?? false,
      };
  }
}

function featureEntitlementType(type: EntitlementType | null): FeatureEntitlementType {
  // Where nothing is known of the feature there is only a yes or no to give.
  return type === null || type === 'CREDIT' ? 'BOOLEAN' : type;
}

function meantType(fallback: EntitlementFallback): FeatureEntitlementType {
  if (fallback.enumValues) return 'ENUM';
  if (fallback.value !== undefined) return 'NUMERIC';
  if (fallback.usageLimit !== undefined || fallback.isUnlimited || fallback.hasSoftLimit) return 'METERED';
  return 'BOOLEAN';
}

function featureOf(feature: FeatureDescription): EntitlementFeature {
  return {
    id: feature.featureId,
    displayName: feature.displayName,
    featureType: feature.featureType,
    ...(feature.units !== null && { featureUnits: feature.units }),
    featureStatus: feature.featureStatus,
  };
}

function limitOf<Name extends 'value' | 'usageLimit'>(decision: Decision, name: Name) {
  const isUnlimited = decision.entitlement?.hasUnlimitedUsage ?? false;
  const hasLimit = decision.entitlement?.isGranted && decision.usageLimit !== null;
  const limit = hasLimit ? { [name]: amountToNumber(decision.usageLimit ?? 0n) } : {};
  return { isUnlimited, ...(limit as { [key in Name]?: number }) };
}

function requestedUsageOf(asked: Asked): { requestedUsage?: number } {
  return asked.requestedUsage === undefined ? {} : { requestedUsage: amountToNumber(asked.requestedUsage) };
}

function requestedValuesOf(asked: Asked): { requestedValues?: string[] } {
  return asked.requestedValues ? { requestedValues: [...asked.requestedValues] } : {};
}

function creditRateOf({ entitlement }: Decision): Pick<MeteredEntitlement, 'creditRate'> {
  if (!entitlement?.creditRate) return {};
  const { currencyId, amount, costFormula } = entitlement.creditRate;
  return {
    creditRate: {
      currencyId,
      ...(amount !== null && { amount: amountToNumber(amount) }),
      ...(costFormula !== null && { costFormula }),
    },
  };
}

function periodOf({ entitlement, usagePeriod }: Decision): Partial<MeteredEntitlement> {
  if (!entitlement?.reset || !usagePeriod) return {};
  const { period, accordingTo, anchor } = entitlement.reset;
  return {
    resetPeriod: period,
    ...(accordingTo !== null && { resetPeriodConfiguration: { accordingTo } }),
    usagePeriodStart: new Date(usagePeriod.start),
    usagePeriodEnd: new Date(usagePeriod.end),
    usagePeriodAnchor: new Date(anchor),
    nextResetDate: new Date(usagePeriod.end),
  };
}
