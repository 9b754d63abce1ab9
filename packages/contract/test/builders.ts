import type {
  Entitlement,
  EntitlementStage,
  FeatureDescription,
  GrantsPart,
  Snapshot,
  SnapshotPair,
  UsagePart,
  Version,
  WalletPart,
} from '../src/index.js';
import { parseAmount } from '../src/index.js';

export const jan1 = Date.UTC(2026, 0, 1);
export const version: Version = { epoch: '0190-a', catalog: 3, revision: 7, validFrom: jan1 };

/** Whole units as an amount, written where the test states its expectation. */
export const units = (value: number | string): bigint => parseAmount(value, 'value');

export function feature(over: Partial<FeatureDescription> = {}): FeatureDescription {
  return {
    featureId: 'feature-reports',
    displayName: 'Reports',
    featureType: 'NUMBER',
    meterType: 'INCREMENTAL',
    featureStatus: 'ACTIVE',
    unit: 'report',
    units: 'reports',
    unitTransformation: null,
    hasEventMeter: false,
    ...over,
  };
}

/** The same, as what remains when something else has ended. */
export function entitlementStage(over: Partial<EntitlementStage> = {}): EntitlementStage {
  const { feature: _feature, afterwards: _afterwards, ...stage } = entitlement(over);
  return stage;
}

/** A metered entitlement to 3 a piece, hard, that never resets, unless said otherwise. */
export function entitlement(over: Partial<Entitlement> = {}): Entitlement {
  return {
    feature: feature(),
    isGranted: true,
    usageLimit: units(3),
    hasUnlimitedUsage: false,
    hasSoftLimit: false,
    enumValues: [],
    reset: null,
    usageCountsFrom: null,
    creditRate: null,
    endsAt: null,
    afterwards: [],
    ...over,
  };
}

export function counter(used: number | string, over: Partial<UsagePart> = {}): UsagePart {
  return {
    featureId: 'feature-reports',
    version,
    validUntil: null,
    currentUsage: units(used),
    held: 0n,
    heldUntil: null,
    usagePeriodStart: null,
    usagePeriodEnd: null,
    ...over,
  };
}

/** A wallet of AI credits without an end, hard, of which 100 were granted and the rest is consumed, unless said otherwise. */
export function wallet(balance: number | string, over: Partial<WalletPart> = {}): WalletPart {
  return {
    currency: {
      currencyId: 'ai-credits',
      displayName: 'AI credits',
      description: null,
      symbol: null,
      unit: 'credit',
      units: 'credits',
      metadata: {},
    },
    version,
    validUntil: null,
    endsAt: null,
    hasSoftLimit: false,
    balance: units(balance),
    totalGranted: units(100),
    totalConsumed: units(100) - units(balance),
    held: 0n,
    heldUntil: null,
    usagePeriodEnd: null,
    ...over,
  };
}

export function snapshot(
  entitlements: Entitlement[],
  usage: UsagePart[] = [],
  grants: Partial<GrantsPart> = {},
  resourceId: string | null = null,
  wallets: WalletPart[] = [],
): Snapshot {
  return {
    customerId: 'customer-1',
    resourceId,
    grants: {
      version,
      validUntil: null,
      isCustomerKnown: true,
      isCustomerArchived: false,
      isResourceKnown: true,
      hasActiveSubscription: true,
      entitlements: new Map(entitlements.map((item) => [item.feature.featureId, item])),
      ...grants,
    },
    usage: new Map(usage.map((part) => [part.featureId, part])),
    wallets: new Map(wallets.map((part) => [part.currency.currencyId, part])),
  };
}

export const pair = (customer: Snapshot, resource: Snapshot | null = null): SnapshotPair => ({ customer, resource });
