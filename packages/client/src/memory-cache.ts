import {
  compareVersions,
  mergeSnapshots,
  newerPart,
  type Snapshot,
  type SnapshotKey,
  type UsagePart,
  type Version,
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
  /** Renews one counter, if the snapshot is there. */
  storeUsage(key: SnapshotKey, part: UsagePart): void;
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
      let snapshot = current ? mergeSnapshots(current.snapshot, incoming) : incoming;
      for (const part of recent?.usage.values() ?? []) snapshot = withUsage(snapshot, part);
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
    storeUsage: (key, part) => {
      const current = entries.get(keyText(key));
      if (!current) return;
      const snapshot = withUsage(current.snapshot, part);
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

function withUsage(snapshot: Snapshot, part: UsagePart): Snapshot {
  const usage = new Map(snapshot.usage);
  usage.set(part.featureId, newerPart(usage.get(part.featureId), part));
  return { ...snapshot, usage };
}

const bytesPerSnapshot = 600;
const bytesPerEntitlement = 700;
const bytesPerCounter = 400;

/** What a snapshot takes in memory, within a factor of two or so: objects by their usual size, texts by their length. */
export function approximateBytes({ grants, usage }: Snapshot): number {
  let bytes = bytesPerSnapshot + usage.size * bytesPerCounter;
  for (const [featureId, { feature, enumValues }] of grants.entitlements) {
    const texts = [featureId, feature.displayName, feature.unit ?? '', feature.units ?? '', ...enumValues];
    bytes += bytesPerEntitlement + texts.reduce((sum, text) => sum + text.length * 2, 0);
  }
  return bytes;
}
