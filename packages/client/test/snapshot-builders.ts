import type {
  Entitlement,
  FeatureDescription,
  GrantsPart,
  Snapshot,
  UsagePart,
  Version,
  WalletPart,
} from '@tollgate/contract';

export const jan1 = Date.UTC(2026, 0, 1);
export const million = 1_000_000n;

export function version(over: Partial<Version> = {}): Version {
  return { epoch: 'epoch-1', catalog: 3, revision: 7, validFrom: jan1, ...over };
}

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

/** Three reports, hard, that never reset, unless said otherwise. */
export function entitlement(over: Partial<Entitlement> = {}): Entitlement {
  return {
    feature: feature(),
    isGranted: true,
    usageLimit: 3n * million,
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

export function counter(used: bigint, over: Partial<UsagePart> = {}): UsagePart {
  return {
    featureId: 'feature-reports',
    version: version(),
    validUntil: null,
    currentUsage: used * million,
    held: 0n,
    heldUntil: null,
    usagePeriodStart: null,
    usagePeriodEnd: null,
    ...over,
  };
}

/** A hard wallet without an end: of 100 AI credits, all that `balance` lacks are consumed. */
export function wallet(balance: bigint, over: Partial<WalletPart> = {}): WalletPart {
  return {
    currency: {
      currencyId: 'ai-credits',
      displayName: 'AI credits',
      description: null,
      symbol: null,
      unit: 'credit',
      units: 'credits',
      metadata: { team: 'ai' },
    },
    version: version(),
    validUntil: null,
    endsAt: null,
    hasSoftLimit: false,
    balance: balance * million,
    totalGranted: 100n * million,
    totalConsumed: (100n - balance) * million,
    held: 0n,
    heldUntil: null,
    usagePeriodEnd: null,
    ...over,
  };
}

/** Wallets as they lie in a snapshot. */
export const wallets = (...parts: WalletPart[]): Snapshot['wallets'] =>
  new Map(parts.map((part) => [part.currency.currencyId, part]));

export function grants(entitlements: Entitlement[] = [entitlement()], over: Partial<GrantsPart> = {}): GrantsPart {
  return {
    version: version(),
    validUntil: null,
    isCustomerKnown: true,
    isCustomerArchived: false,
    isResourceKnown: true,
    hasActiveSubscription: true,
    entitlements: new Map(entitlements.map((item) => [item.feature.featureId, item])),
    ...over,
  };
}

export function snapshot(over: Partial<Omit<Snapshot, 'usage'>> = {}, usage: UsagePart[] = [counter(1n)]): Snapshot {
  return {
    customerId: 'acme',
    resourceId: null,
    grants: grants(),
    usage: new Map(usage.map((part) => [part.featureId, part])),
    wallets: new Map(),
    ...over,
  };
}
