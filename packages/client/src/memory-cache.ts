import {
  mergeSnapshots,
  type NumberParts,
  type Snapshot,
  type SnapshotKey,
  type Version,
  type WalletPart,
  withNumbers,
} from '@tollgate/contract';
import { LRUCache } from 'lru-cache';
import { keyText } from './key-text.js';
import type { RecentChange } from './recent-changes.js';
import { isOutdated, type Limits, limitsOf, type Stamp } from './staleness.js';

/** One snapshot in memory, with what decides whether it is fresh. Entries are replaced, never changed. */
export interface CacheEntry {
  snapshot: Snapshot;
  stamp: Stamp;
  limits: Limits;
  /** True once word of newer grants has come. */
  isOutdated: boolean;
}

/** Snapshots by customer and resource, bounded by their approximate size; the ones not used for longest leave first. */
export interface MemoryCache {
  get(key: SnapshotKey): CacheEntry | undefined;
  /** Merges a whole snapshot with what is there and with what changed lately. Returns what a reader should use. */
  store(snapshot: Snapshot, stamp: Stamp, recent: RecentChange | undefined): CacheEntry;
  /** Renews counters and wallets, if the snapshot is there. */
  storeNumbers(key: SnapshotKey, parts: NumberParts): void;
  /** Marks grants older than `version`. True when the key is there. */
  notice(key: SnapshotKey, version: Version): boolean;
  clear(): void;
}

export function memoryCache(maxSizeBytes: number): MemoryCache {
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: Math.max(1, Math.floor(maxSizeBytes)),
    sizeCalculation: (entry, key) => key.length * 2 + approximateBytes(entry.snapshot),
  });

  const put = (entry: CacheEntry): CacheEntry => {
    entries.set(keyText(entry.snapshot), entry);
    return entry;
  };

  return {
    get: (key) => entries.get(keyText(key)),
    store: (incoming, stamp, recent) => {
      const current = entries.get(keyText(incoming));
      const merged = current ? mergeSnapshots(current.snapshot, incoming) : incoming;
      const snapshot = recent ? withNumbers(merged, partsOf(recent)) : merged;
      return put({
        snapshot,
        // A copy that nobody watches takes no trust away from one that the feed has kept up to date.
        stamp: stamp.generation === null && current && current.stamp.generation !== null ? current.stamp : stamp,
        limits: limitsOf(snapshot),
        isOutdated: isOutdated(snapshot, recent?.grantsVersion) || keepsNotice(current, snapshot),
      });
    },
    storeNumbers: (key, parts) => {
      const current = entries.get(keyText(key));
      if (!current) return;
      const snapshot = withNumbers(current.snapshot, parts);
      put({ ...current, snapshot, limits: limitsOf(snapshot) });
    },
    notice: (key, version) => {
      const current = entries.get(keyText(key));
      if (!current) return false;
      if (isOutdated(current.snapshot, version)) put({ ...current, isOutdated: true });
      return true;
    },
    clear: () => entries.clear(),
  };
}

/** A notice stands until newer grants than the ones it was about have come. */
function keepsNotice(current: CacheEntry | undefined, snapshot: Snapshot): boolean {
  return current?.isOutdated === true && current.snapshot.grants === snapshot.grants;
}

const partsOf = ({ usage, wallets }: RecentChange): NumberParts => ({
  usage: [...usage.values()],
  wallets: [...wallets.values()],
});

const bytesPerSnapshot = 600;
const bytesPerEntitlement = 700;
const bytesPerCounter = 400;
const bytesPerWallet = 800;

/** What a snapshot takes in memory, within a factor of two or so: objects by their usual size, texts by their length. */
export function approximateBytes({ grants, usage, wallets }: Snapshot): number {
  let bytes = bytesPerSnapshot + usage.size * bytesPerCounter;
  for (const [featureId, { feature, enumValues, creditRate }] of grants.entitlements) {
    const texts = [featureId, feature.displayName, feature.unit, feature.units, creditRate?.costFormula, ...enumValues];
    bytes += bytesPerEntitlement + bytesOfTexts(texts);
  }
  for (const { currency } of wallets.values()) bytes += bytesPerWallet + bytesOfTexts(textsOf(currency));
  return bytes;
}

function textsOf({ metadata, ...texts }: WalletPart['currency']): (string | null)[] {
  return [...Object.values(texts), ...Object.entries(metadata).flat()];
}

function bytesOfTexts(texts: readonly (string | null | undefined)[]): number {
  return texts.reduce((sum, text) => sum + (text?.length ?? 0) * 2, 0);
}
