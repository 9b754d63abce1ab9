/*
 * The one translation between what travels (decimal strings, ISO instants: GraphQL replies, Redis payloads) and what is
 * computed with (bigint amounts, epoch milliseconds).
 */
import { amountFromWire, formatAmount } from './amount.js';
import type { ChangeBatch, NumberChanges } from './change.js';
import type {
  ChangesSubscription,
  FeatureFieldsFragment,
  SnapshotFieldsFragment,
  UsageCounterFieldsFragment,
  VersionFieldsFragment,
  WalletFieldsFragment,
} from './generated/graphql.js';
import type {
  Entitlement,
  EntitlementStage,
  FeatureDescription,
  GrantsPart,
  Snapshot,
  UsagePart,
  WalletPart,
} from './snapshot.js';
import type { Version } from './version.js';

export type SnapshotWire = SnapshotFieldsFragment;
export type GrantsWire = SnapshotWire['grants'];
export type UsageWire = UsageCounterFieldsFragment;
export type WalletWire = WalletFieldsFragment;
export type VersionWire = VersionFieldsFragment;
export type ChangeBatchWire = ChangesSubscription['changes'];
export type UsageChangeWire = ChangeBatchWire['usage'][number];
export type WalletChangeWire = ChangeBatchWire['wallets'][number];
type EntitlementWire = GrantsWire['entitlements'][number];
type StageWire = EntitlementWire['afterwards'][number];

/** Epoch milliseconds as an ISO 8601 instant in UTC. */
export function toIso(instant: number): string {
  return new Date(instant).toISOString();
}

/** An ISO 8601 instant that was checked at the edge, as epoch milliseconds. */
export function fromIso(text: string): number {
  return Date.parse(text);
}

/** The same of an instant that may never come. */
export function toIsoOrNull(instant: number | null): string | null {
  return instant === null ? null : toIso(instant);
}
const fromIsoOrNull = (text: string | null): number | null => (text === null ? null : fromIso(text));

export function versionToWire(version: Version): VersionWire {
  return { ...version, validFrom: toIso(version.validFrom) };
}

export function versionFromWire(wire: VersionWire): Version {
  return {
    epoch: wire.epoch,
    catalog: wire.catalog,
    revision: wire.revision,
    validFrom: fromIso(wire.validFrom),
  };
}

export function usageToWire(part: UsagePart): UsageWire {
  return {
    featureId: part.featureId,
    version: versionToWire(part.version),
    validUntil: toIsoOrNull(part.validUntil),
    currentUsage: formatAmount(part.currentUsage),
    held: formatAmount(part.held),
    heldUntil: toIsoOrNull(part.heldUntil),
    usagePeriodStart: toIsoOrNull(part.usagePeriodStart),
    usagePeriodEnd: toIsoOrNull(part.usagePeriodEnd),
  };
}

export function usageFromWire(wire: UsageWire): UsagePart {
  return {
    featureId: wire.featureId,
    version: versionFromWire(wire.version),
    validUntil: fromIsoOrNull(wire.validUntil),
    currentUsage: amountFromWire(wire.currentUsage, 'currentUsage'),
    held: amountFromWire(wire.held, 'held'),
    heldUntil: fromIsoOrNull(wire.heldUntil),
    usagePeriodStart: fromIsoOrNull(wire.usagePeriodStart),
    usagePeriodEnd: fromIsoOrNull(wire.usagePeriodEnd),
  };
}

export function walletToWire(part: WalletPart): WalletWire {
  return {
    ...part,
    version: versionToWire(part.version),
    validUntil: toIsoOrNull(part.validUntil),
    endsAt: toIsoOrNull(part.endsAt),
    balance: formatAmount(part.balance),
    totalGranted: formatAmount(part.totalGranted),
    totalConsumed: formatAmount(part.totalConsumed),
    held: formatAmount(part.held),
    heldUntil: toIsoOrNull(part.heldUntil),
    usagePeriodEnd: toIsoOrNull(part.usagePeriodEnd),
  };
}

export function walletFromWire(wire: WalletWire): WalletPart {
  const { currency } = wire;
  return {
    currency: { ...currency, metadata: currency.metadata as Record<string, string> },
    version: versionFromWire(wire.version),
    validUntil: fromIsoOrNull(wire.validUntil),
    endsAt: fromIsoOrNull(wire.endsAt),
    hasSoftLimit: wire.hasSoftLimit,
    balance: amountFromWire(wire.balance, 'balance'),
    totalGranted: amountFromWire(wire.totalGranted, 'totalGranted'),
    totalConsumed: amountFromWire(wire.totalConsumed, 'totalConsumed'),
    held: amountFromWire(wire.held, 'held'),
    heldUntil: fromIsoOrNull(wire.heldUntil),
    usagePeriodEnd: fromIsoOrNull(wire.usagePeriodEnd),
  };
}

export function featureToWire(feature: FeatureDescription): FeatureFieldsFragment {
  return { ...feature };
}

export function featureFromWire(wire: FeatureFieldsFragment): FeatureDescription {
  return {
    featureId: wire.featureId,
    displayName: wire.displayName,
    featureType: wire.featureType,
    meterType: wire.meterType,
    featureStatus: wire.featureStatus,
    unit: wire.unit,
    units: wire.units,
    unitTransformation: wire.unitTransformation && { ...wire.unitTransformation },
    hasEventMeter: wire.hasEventMeter,
  };
}

export function grantsToWire(part: GrantsPart): GrantsWire {
  return {
    ...part,
    version: versionToWire(part.version),
    validUntil: toIsoOrNull(part.validUntil),
    entitlements: [...part.entitlements.values()].map(entitlementToWire),
    sold: part.sold
      ? {
          subscriptions: part.sold.subscriptions.map(({ planId, addons }) => ({ planId, addons: [...addons] })),
          revokedFeatureIds: [...part.sold.revokedFeatureIds],
        }
      : null,
  };
}

export function grantsFromWire(wire: GrantsWire): GrantsPart {
  return {
    version: versionFromWire(wire.version),
    validUntil: fromIsoOrNull(wire.validUntil),
    isCustomerKnown: wire.isCustomerKnown,
    isCustomerArchived: wire.isCustomerArchived,
    isResourceKnown: wire.isResourceKnown,
    hasActiveSubscription: wire.hasActiveSubscription,
    entitlements: new Map(wire.entitlements.map((item) => [item.feature.featureId, entitlementFromWire(item)])),
    ...(wire.sold && { sold: wire.sold }),
  };
}

export function snapshotToWire(snapshot: Snapshot): SnapshotWire {
  return {
    customerId: snapshot.customerId,
    resourceId: snapshot.resourceId,
    grants: grantsToWire(snapshot.grants),
    usage: [...snapshot.usage.values()].map(usageToWire),
    wallets: [...snapshot.wallets.values()].map(walletToWire),
  };
}

export function snapshotFromWire(wire: SnapshotWire): Snapshot {
  return {
    customerId: wire.customerId,
    resourceId: wire.resourceId,
    grants: grantsFromWire(wire.grants),
    usage: new Map(wire.usage.map((part) => [part.featureId, usageFromWire(part)])),
    wallets: new Map(wire.wallets.map((part) => [part.currency.currencyId, walletFromWire(part)])),
  };
}

export function changeBatchToWire(batch: ChangeBatch): ChangeBatchWire {
  return {
    cursor: batch.cursor,
    now: toIso(batch.clock.now),
    isClockFrozen: batch.clock.isFrozen,
    epoch: batch.epoch,
    catalog: batch.catalog,
    isResync: batch.isResync,
    usage: batch.usage.map(({ key, part }) => ({ ...key, counter: usageToWire(part) })),
    wallets: batch.wallets.map(({ key, part }) => ({ ...key, wallet: walletToWire(part) })),
    grants: batch.grants.map(({ key, version }) => ({ ...key, version: versionToWire(version) })),
  };
}

export function changeBatchFromWire(wire: ChangeBatchWire): ChangeBatch {
  return {
    cursor: wire.cursor,
    clock: { now: fromIso(wire.now), isFrozen: wire.isClockFrozen },
    epoch: wire.epoch,
    catalog: wire.catalog,
    isResync: wire.isResync,
    ...numberChangesFromWire(wire),
    grants: wire.grants.map((change) => ({
      key: { customerId: change.customerId, resourceId: change.resourceId },
      version: versionFromWire(change.version),
    })),
  };
}

/** What a message of the feed, a report or a reservation says of counters and wallets. */
export function numberChangesFromWire(wire: {
  usage: readonly UsageChangeWire[];
  wallets: readonly WalletChangeWire[];
}): NumberChanges {
  return {
    usage: wire.usage.map(({ customerId, resourceId, counter }) => ({
      key: { customerId, resourceId },
      part: usageFromWire(counter),
    })),
    wallets: wire.wallets.map(({ customerId, resourceId, wallet }) => ({
      key: { customerId, resourceId },
      part: walletFromWire(wallet),
    })),
  };
}

function entitlementToWire({ feature, afterwards, ...first }: Entitlement): EntitlementWire {
  return { feature: featureToWire(feature), ...stageToWire(first), afterwards: afterwards.map(stageToWire) };
}

function entitlementFromWire({ feature, afterwards, ...first }: EntitlementWire): Entitlement {
  return { feature: featureFromWire(feature), ...stageFromWire(first), afterwards: afterwards.map(stageFromWire) };
}

function stageToWire(stage: EntitlementStage): StageWire {
  return {
    ...stage,
    usageLimit: stage.usageLimit === null ? null : formatAmount(stage.usageLimit),
    enumValues: [...stage.enumValues],
    reset: stage.reset && {
      period: stage.reset.period,
      accordingTo: stage.reset.accordingTo,
      anchor: toIso(stage.reset.anchor),
    },
    usageCountsFrom: toIsoOrNull(stage.usageCountsFrom),
    creditRate: stage.creditRate && {
      ...stage.creditRate,
      amount: stage.creditRate.amount === null ? null : formatAmount(stage.creditRate.amount),
    },
    endsAt: toIsoOrNull(stage.endsAt),
  };
}

function stageFromWire(wire: StageWire): EntitlementStage {
  return {
    isGranted: wire.isGranted,
    usageLimit: wire.usageLimit === null ? null : amountFromWire(wire.usageLimit, 'usageLimit'),
    hasUnlimitedUsage: wire.hasUnlimitedUsage,
    hasSoftLimit: wire.hasSoftLimit,
    enumValues: wire.enumValues,
    reset: wire.reset && {
      period: wire.reset.period,
      accordingTo: wire.reset.accordingTo,
      anchor: fromIso(wire.reset.anchor),
    },
    usageCountsFrom: fromIsoOrNull(wire.usageCountsFrom),
    creditRate: wire.creditRate && {
      ...wire.creditRate,
      amount: wire.creditRate.amount === null ? null : amountFromWire(wire.creditRate.amount, 'creditRate'),
    },
    endsAt: fromIsoOrNull(wire.endsAt),
  };
}
