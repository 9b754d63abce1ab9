import {
  compareVersions,
  entitlementTypeOf,
  type Snapshot,
  type UsagePart,
  type Version,
  type WalletPart,
} from '@tollgate/contract';

/** The newest that is known of the environment: whatever was made under less is stale. */
export interface Known {
  epoch: string;
  catalog: number;
}

/** How far a snapshot can be trusted, worked out once when it enters the cache. Only parts that answers rest on count. */
export interface Limits extends Known {
  /** Epoch milliseconds; infinite when nothing is due. */
  validUntil: number;
  /** False when a metered entitlement lacks its counter. */
  isComplete: boolean;
}

/** Whether the change feed has carried every change since a snapshot was fetched. */
export interface FeedState {
  /** Raised whenever the feed starts anew instead of resuming. */
  generation: number;
  isLive: boolean;
}

/** When a snapshot was fetched. */
export interface Stamp {
  /** The feed's generation as the fetch began; null when the feed was not live then. */
  generation: number | null;
  monotonicMs: number;
}

/** How long a cached snapshot is trusted when no feed watches over it. */
export const unwatchedTrustMs = 30_000;

export function limitsOf(snapshot: Snapshot): Limits {
  const { grants, usage, wallets } = snapshot;
  const limits: Limits = {
    epoch: grants.version.epoch,
    catalog: grants.version.catalog,
    validUntil: grants.validUntil ?? Number.POSITIVE_INFINITY,
    isComplete: true,
  };
  const restsOn = (part: UsagePart | WalletPart): void => {
    if (part.version.epoch < limits.epoch) limits.epoch = part.version.epoch;
    limits.catalog = Math.min(limits.catalog, part.version.catalog);
    limits.validUntil = Math.min(limits.validUntil, part.validUntil ?? Number.POSITIVE_INFINITY);
  };
  for (const [featureId, { feature }] of grants.entitlements) {
    if (entitlementTypeOf(feature) !== 'METERED') continue;
    const part = usage.get(featureId);
    if (part) restsOn(part);
    else limits.isComplete = false;
  }
  for (const part of wallets.values()) restsOn(part);
  return limits;
}

/** Whether the parts themselves are up to date, by their own limits and what is known of the environment. */
export function isCurrent(limits: Limits, known: Known | undefined, now: number): boolean {
  if (!limits.isComplete || now >= limits.validUntil) return false;
  return !known || (limits.epoch === known.epoch && limits.catalog >= known.catalog);
}

/** Whether somebody would have told us of a change: a live feed of the same generation or, without a feed, a short time. */
export function isWatched(stamp: Stamp, feed: FeedState | null, monotonicMs: number): boolean {
  if (!feed) return monotonicMs - stamp.monotonicMs < unwatchedTrustMs;
  return feed.isLive && stamp.generation === feed.generation;
}

/** Whether word of newer grants than these has come. */
export function isOutdated(snapshot: Snapshot, notice: Version | undefined): boolean {
  return notice !== undefined && compareVersions(snapshot.grants.version, notice) < 0;
}

/** The higher of two marks; a later epoch beats any catalog number of an earlier one. */
export function higherKnown(current: Known | undefined, seen: Known): Known {
  if (!current || seen.epoch > current.epoch) return { epoch: seen.epoch, catalog: seen.catalog };
  return seen.epoch === current.epoch && seen.catalog > current.catalog
    ? { ...current, catalog: seen.catalog }
    : current;
}
