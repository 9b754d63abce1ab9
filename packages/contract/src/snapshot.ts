import type { Amount } from './amount.js';
import type { EntitlementType, FeatureStatus, FeatureType, MeterType } from './enums.js';
import type { ResetRule } from './usage-period.js';
import { newerPart, type Version } from './version.js';

/** Whose snapshot: a customer's own (`resourceId: null`), or that of one of the customer's resources. */
export interface SnapshotKey {
  customerId: string;
  resourceId: string | null;
}

/** What is known of a feature wherever an entitlement for it travels. */
export interface FeatureDescription {
  featureId: string;
  displayName: string;
  featureType: FeatureType;
  meterType: MeterType;
  featureStatus: FeatureStatus;
  unit: string | null;
  units: string | null;
  /** Shown and compared usage is raw usage divided by `divide`, rounded in the given direction. */
  unitTransformation: { divide: number; round: 'UP' | 'DOWN' } | null;
  /** True when raw events drive the counter: then calculated usage is refused, and the other way round. */
  hasEventMeter: boolean;
}

/** What one raw unit costs: a fixed amount, or what a formula makes of the dimensions. Exactly one is not null. */
export interface CreditRate {
  currencyId: string;
  amount: Amount | null;
  costFormula: string | null;
}

/** What all sources of one feature together give during one stretch of time. */
export interface EntitlementStage {
  /** False only where access was explicitly revoked. */
  isGranted: boolean;
  /** The limit of a metered feature or the value of a numeric one, in shown units; null when unlimited or not a number. */
  usageLimit: Amount | null;
  hasUnlimitedUsage: boolean;
  hasSoftLimit: boolean;
  enumValues: string[];
  /** Null when usage never starts again from zero. */
  reset: ResetRule | null;
  /** Usage before this instant does not count (a plan transition that resets); null when all of it counts. */
  usageCountsFrom: number | null;
  /** What using it costs in credits; null when it is not paid by credits. */
  creditRate: CreditRate | null;
  /** The instant at which one of the sources ends by itself, and this stage with it; null when none does. */
  endsAt: number | null;
}

/** What a customer, or one resource, may do with one feature: at first, and from each end on. */
export interface Entitlement extends EntitlementStage {
  feature: FeatureDescription;
  /**
   * What the sources that last longer give from `endsAt` on, stage by stage, each up to its own end. After the last end
   * nothing is known without asking the engine.
   */
  afterwards: EntitlementStage[];
}

/** Everything about standing and entitlements: the part that plans, add-ons and the catalog change. */
export interface GrantsPart {
  version: Version;
  /** Past this instant the part is stale: still usable, due to be fetched again. Null when nothing is due. */
  validUntil: number | null;
  isCustomerKnown: boolean;
  isCustomerArchived: boolean;
  /** True in a customer's own snapshot; in a resource's, whether the customer has that resource. */
  isResourceKnown: boolean;
  /** Whether any subscription of this scope is active or in trial, or a promotional grant stands in for one. */
  hasActiveSubscription: boolean;
  /** By feature id. */
  entitlements: ReadonlyMap<string, Entitlement>;
  /** Left out where it is not known: only what an older version has written lacks it. */
  sold?: Sold | undefined;
}

/** What a customer, or a resource, has bought, and what was taken from it: it decides what else would help. */
export interface Sold {
  subscriptions: readonly { planId: string; addons: readonly { addonId: string; quantity: number }[] }[];
  /** Features that a promotional grant takes away, whatever any plan gives. */
  revokedFeatureIds: readonly string[];
}

/** One usage counter, in raw units. */
export interface UsagePart {
  featureId: string;
  version: Version;
  validUntil: number | null;
  /** May be negative; only what is shown is clamped at 0. */
  currentUsage: Amount;
  /** Reserved and not settled: counts as used until `heldUntil`. 0 when `heldUntil` is null. */
  held: Amount;
  heldUntil: number | null;
  /** The period that `currentUsage` belongs to; null when the feature never resets. */
  usagePeriodStart: number | null;
  usagePeriodEnd: number | null;
}

/** What is known of a currency wherever a wallet travels. */
export interface CurrencyDescription {
  currencyId: string;
  displayName: string;
  description: string | null;
  symbol: string | null;
  unit: string | null;
  units: string | null;
  metadata: Record<string, string>;
}

/** What a customer, or one resource, has of one currency. */
export interface WalletPart {
  currency: CurrencyDescription;
  version: Version;
  /** Past this instant the part is stale: a grant begins or ends, what gives credits may change, or a hold runs out. */
  validUntil: number | null;
  /** Past this instant the numbers are unknown without asking the engine; null when no grant begins or ends by itself. */
  endsAt: number | null;
  hasSoftLimit: boolean;
  /** Granted less consumed over the active grants, less the overdraft; may be negative. */
  balance: Amount;
  totalGranted: Amount;
  totalConsumed: Amount;
  /** Reserved and not settled: not there to spend until `heldUntil`. 0 when `heldUntil` is null. */
  held: Amount;
  heldUntil: number | null;
  /** When a recurring grant is next renewed; null when none is. */
  usagePeriodEnd: number | null;
}

/** What a cache holds for one customer, or for one of the customer's resources. */
export interface Snapshot extends SnapshotKey {
  grants: GrantsPart;
  /** By feature id; every metered entitlement of this scope has its counter here. */
  usage: ReadonlyMap<string, UsagePart>;
  /** By currency id: every currency that this scope was ever granted. */
  wallets: ReadonlyMap<string, WalletPart>;
}

/** The parts of one snapshot that change without its grants. */
export interface NumberParts {
  usage: readonly UsagePart[];
  wallets: readonly WalletPart[];
}

/** A customer's own snapshot and, when the question names a resource, that resource's. */
export interface SnapshotPair {
  customer: Snapshot;
  resource: Snapshot | null;
}

/** Part by part, the newer of each. Parts that only one side has stay; neither argument is changed. */
export function mergeSnapshots(current: Snapshot, incoming: Snapshot): Snapshot {
  const grants = newerPart(current.grants, incoming.grants);
  return withNumbers(
    { ...current, grants },
    { usage: [...incoming.usage.values()], wallets: [...incoming.wallets.values()] },
  );
}

/** Takes in counters and wallets, each where it is newer than what is there: the same object where none is. */
export function withNumbers<Numbers extends Pick<Snapshot, 'usage' | 'wallets'>>(
  current: Numbers,
  parts: NumberParts,
): Numbers {
  const [usage, wallets] = [new Map(current.usage), new Map(current.wallets)];
  let isNews = false;
  for (const part of parts.usage) {
    const newer = newerPart(usage.get(part.featureId), part);
    isNews ||= newer === part;
    usage.set(part.featureId, newer);
  }
  for (const part of parts.wallets) {
    const { currencyId } = part.currency;
    const newer = newerPart(wallets.get(currencyId), part);
    isNews ||= newer === part;
    wallets.set(currencyId, newer);
  }
  return isNews ? { ...current, usage, wallets } : current;
}

/** The kind of entitlement that a feature gives: a number with a meter is metered, without one it is a configuration. */
export function entitlementTypeOf(feature: { featureType: FeatureType; meterType: MeterType }): EntitlementType {
  if (feature.featureType === 'BOOLEAN') return 'BOOLEAN';
  if (feature.featureType === 'ENUM') return 'ENUM';
  return feature.meterType === 'None' ? 'NUMERIC' : 'METERED';
}
