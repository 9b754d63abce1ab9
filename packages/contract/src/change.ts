import type { ClockReading } from './clock-reading.js';
import type { NumberParts, SnapshotKey, UsagePart, WalletPart } from './snapshot.js';
import { compareVersions, type Version } from './version.js';

/** A counter's new absolute value. */
export interface UsageChange {
  key: SnapshotKey;
  part: UsagePart;
}

/** A wallet's new absolute numbers. */
export interface WalletChange {
  key: SnapshotKey;
  part: WalletPart;
}

/** Counters and wallets that changed, of whatever customers. */
export interface NumberChanges {
  usage: UsageChange[];
  wallets: WalletChange[];
}

/** Word that a customer's or resource's grants changed: cached grants older than `version` are stale. */
export interface GrantsChange {
  key: SnapshotKey;
  version: Version;
}

/** One message of the change feed: at most one newest state per part. */
export interface ChangeBatch extends NumberChanges {
  /** Where to resume after this batch. Two of them are compared by `hasCursorReached`. */
  cursor: string;
  clock: ClockReading;
  epoch: string;
  /** The environment's catalog number: parts made under a lower one are stale. */
  catalog: number;
  /** True when the reader was away too long, or the database is another one: everything it cached is stale. */
  isResync: boolean;
  grants: GrantsChange[];
}

/** What of a batch is news: everything but where and when. */
export type News = Pick<ChangeBatch, 'usage' | 'wallets' | 'grants'>;

/** Several batches as the one that a reader of all would end up with: the newest state of each part, the later of equals. */
export function newestNews(batches: readonly News[]): News {
  return {
    usage: newest(
      batches.flatMap(({ usage }) => usage),
      ({ part }) => part.featureId,
      ({ part }) => part.version,
    ),
    wallets: newest(
      batches.flatMap(({ wallets }) => wallets),
      ({ part }) => part.currency.currencyId,
      ({ part }) => part.version,
    ),
    grants: newest(
      batches.flatMap(({ grants }) => grants),
      () => '',
      ({ version }) => version,
    ),
  };
}

function newest<Change extends { key: SnapshotKey }>(
  changes: readonly Change[],
  partOf: (change: Change) => string,
  versionOf: (change: Change) => Version,
): Change[] {
  const found = new Map<string, Change>();
  for (const change of changes) {
    const id = JSON.stringify([change.key.customerId, change.key.resourceId, partOf(change)]);
    const known = found.get(id);
    if (!known || compareVersions(versionOf(change), versionOf(known)) >= 0) found.set(id, change);
  }
  return [...found.values()];
}

/** The changed parts of each customer or resource together. */
export function numbersByKey({ usage, wallets }: NumberChanges): { key: SnapshotKey; parts: NumberParts }[] {
  const groups = new Map<string, { key: SnapshotKey; parts: { usage: UsagePart[]; wallets: WalletPart[] } }>();
  const partsAt = (key: SnapshotKey) => {
    const id = JSON.stringify([key.customerId, key.resourceId]);
    const group = groups.get(id) ?? { key, parts: { usage: [], wallets: [] } };
    groups.set(id, group);
    return group.parts;
  };
  for (const { key, part } of usage) partsAt(key).usage.push(part);
  for (const { key, part } of wallets) partsAt(key).wallets.push(part);
  return [...groups.values()];
}
