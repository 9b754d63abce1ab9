import { compareVersions, newerPart, type SnapshotKey, type UsagePart, type Version } from '@tollgate/contract';
import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from './clock.js';
import { keyText } from './key-text.js';

/** What changed lately for one key: the newest counters, and the version below which its grants are out of date. */
export interface RecentChange {
  usage: ReadonlyMap<string, UsagePart>;
  grantsVersion: Version | undefined;
}

/**
 * Changes of the last seconds, kept for what is not cached yet: a snapshot may be on its way from the engine, or lie in
 * a shared cache that has not heard of them. Without this, such a message would be lost to whoever reads next.
 */
export interface RecentChanges {
  usage(key: SnapshotKey, part: UsagePart): void;
  grants(key: SnapshotKey, version: Version): void;
  of(key: SnapshotKey): RecentChange | undefined;
}

const keysMax = 10_000;

export function recentChanges(windowMs: number, monotonic: MonotonicClock): RecentChanges {
  const changes = new LRUCache<string, RecentChange>({
    max: keysMax,
    ttl: windowMs,
    ttlResolution: 0,
    perf: { now: monotonic },
  });
  return {
    of: (key) => changes.get(keyText(key)),
    usage: (key, part) => {
      const change = changes.get(keyText(key));
      const usage = new Map(change?.usage);
      usage.set(part.featureId, newerPart(usage.get(part.featureId), part));
      changes.set(keyText(key), { usage, grantsVersion: change?.grantsVersion });
    },
    grants: (key, version) => {
      const change = changes.get(keyText(key));
      const known = change?.grantsVersion;
      const grantsVersion = known && compareVersions(known, version) >= 0 ? known : version;
      changes.set(keyText(key), { usage: change?.usage ?? new Map(), grantsVersion });
    },
  };
}
