import { type Amount, decide, type Entitlement, type SnapshotPair, type UsagePart } from '@tollgate/contract';
import type { Comparison } from './comparison.js';

const FEATURES = 40;
const NOW = Date.UTC(2026, 0, 15);
const USED: Amount = 3_000_000n;
const LIMIT: Amount = 10_000_000n;
const ids = Array.from({ length: FEATURES }, (_, index) => `feature-${index}`);

function entitlement(featureId: string): Entitlement {
  return {
    feature: {
      featureId,
      displayName: featureId,
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      featureStatus: 'ACTIVE',
      unit: null,
      units: null,
      unitTransformation: null,
      hasEventMeter: false,
    },
    isGranted: true,
    usageLimit: LIMIT,
    hasUnlimitedUsage: false,
    hasSoftLimit: false,
    enumValues: [],
    reset: { period: 'MONTH', accordingTo: 'SubscriptionStart', anchor: Date.UTC(2025, 0, 31) },
    usageCountsFrom: null,
    creditRate: null,
    endsAt: null,
    afterwards: [],
  };
}

function snapshots(): SnapshotPair {
  const version = { epoch: '1', catalog: 1, revision: 1, validFrom: 0 };
  const counter = (featureId: string): UsagePart => ({
    featureId,
    version,
    validUntil: null,
    currentUsage: USED,
    held: 0n,
    heldUntil: null,
    usagePeriodStart: Date.UTC(2025, 11, 31),
    usagePeriodEnd: Date.UTC(2026, 0, 31),
  });
  const grants = {
    version,
    validUntil: null,
    isCustomerKnown: true,
    isCustomerArchived: false,
    isResourceKnown: true,
    hasActiveSubscription: true,
    entitlements: new Map(ids.map((id) => [id, entitlement(id)])),
  };
  const usage = new Map(ids.map((id) => [id, counter(id)]));
  return { customer: { customerId: 'customer', resourceId: null, grants, usage, wallets: new Map() }, resource: null };
}

/** A metered check from the cache, beside the comparison that people write by hand before they need more. */
export function decision(): Comparison {
  const pair = snapshots();
  const limits = new Map(ids.map((id) => [id, 10]));
  const used = new Map(ids.map((id) => [id, 3]));
  const expectAllowed = (allowed: boolean) => {
    if (!allowed) throw new Error('the benchmark compares two answers that differ');
  };
  return {
    name: 'one metered decision from a snapshot',
    unit: 'decisions',
    ours: () => {
      for (const featureId of ids)
        expectAllowed(decide(pair, { featureId, requestedUsage: 1_000_000n }, NOW).hasAccess);
    },
    beside: 'used + 1 <= limit on two maps',
    theirs: () => {
      for (const id of ids) expectAllowed((used.get(id) ?? 0) + 1 <= (limits.get(id) ?? 0));
    },
    perRun: FEATURES,
  };
}
