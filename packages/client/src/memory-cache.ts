import {
  compareVersions,
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
  /** The newest version of grants that there was word of. */
  notice: Version | undefined;
  /** True while these grants are older than that. */
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
      const notice = newerVersion(current?.notice, recent?.grantsVersion);
      return put({
        snapshot,
        // A copy that nobody watches takes no trust away from one that the feed has kept up to date.
        stamp: stamp.generation === null && current && current.stamp.generation !== null ? current.stamp : stamp,
        limits: limitsOf(snapshot),
        // A notice stands until grants of its version have come: others may be newer than these, and too old all the same.
        notice,
        isOutdated: isOutdated(snapshot, notice),
      });
    },
    storeNumbers: (key, parts) => {
      const current = entries.get(keyText(key));
      if (!current) return;
      const snapshot = withNumbers(current.snapshot, parts);
      if (snapshot === current.snapshot) return;
      put({ ...current, snapshot, limits: limitsOf(snapshot) });
    },
    notice: (key, version) => {
      const current = entries.get(keyText(key));
      if (!current) return false;
      const notice = newerVersion(current.notice, version);
      put({ ...current, notice, isOutdated: isOutdated(current.snapshot, notice) });
      return true;
    },
    clear: () => entries.clear(),
  };
}

function newerVersion(current: Version | undefined, incoming: Version | undefined): Version | undefined {
  return current && incoming && compareVersions(current, incoming) < 0 ? incoming : (current ?? incoming);
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
