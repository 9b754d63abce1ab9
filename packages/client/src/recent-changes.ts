import {
  compareVersions,
  type NumberParts,
  type Snapshot,
  type SnapshotKey,
  type Version,
  withNumbers,
} from '@tollgate/contract';
import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from './clock.js';
import { keyText } from './key-text.js';

/** What changed lately for one key: the newest numbers, and the version below which its grants are out of date. */
export interface RecentChange extends Pick<Snapshot, 'usage' | 'wallets'> {
  grantsVersion: Version | undefined;
}

/**
 * Changes of the last seconds, kept for what is not cached yet: a snapshot may be on its way from the engine, or lie in
 * a shared cache that has not heard of them. Without this, such a message would be lost to whoever reads next.
 */
export interface RecentChanges {
  numbers(key: SnapshotKey, parts: NumberParts): void;
  grants(key: SnapshotKey, version: Version): void;
  of(key: SnapshotKey): RecentChange | undefined;
}

const keysMax = 10_000;
const nothing: RecentChange = { usage: new Map(), wallets: new Map(), grantsVersion: undefined };

export function recentChanges(windowMs: number, monotonic: MonotonicClock): RecentChanges {
  const changes = new LRUCache<string, RecentChange>({
    max: keysMax,
    ttl: windowMs,
    ttlResolution: 0,
    perf: { now: monotonic },
  });
  return {
    of: (key) => changes.get(keyText(key)),
    numbers: (key, parts) => {
      changes.set(keyText(key), withNumbers(changes.get(keyText(key)) ?? nothing, parts));
    },
    grants: (key, version) => {
      const change = changes.get(keyText(key)) ?? nothing;
      const known = change.grantsVersion;
      const grantsVersion = known && compareVersions(known, version) >= 0 ? known : version;
      changes.set(keyText(key), { ...change, grantsVersion });
    },
  };
}
