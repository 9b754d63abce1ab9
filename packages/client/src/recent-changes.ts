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
  /** The feed was read up to here, and all that it said is known. `startsAnew`: what came before this is not. */
  readUpTo(cursor: string, startsAnew: boolean): void;
  /** The place in the feed after which every change is still here; undefined when there is none. */
  completeSince(): string | undefined;
}

interface Told extends RecentChange {
  monotonicMs: number;
}

interface Mark {
  cursor: string;
  monotonicMs: number;
}

const keysMax = 10_000;
const nothing: RecentChange = { usage: new Map(), wallets: new Map(), grantsVersion: undefined };
/** A window holds this many marks: one for each message would be more exact than anybody needs. */
const marksPerWindow = 40;

export function recentChanges(windowMs: number, monotonic: MonotonicClock): RecentChanges {
  let marks: Mark[] = [];
  const changes = new LRUCache<string, Told>({
    max: keysMax,
    ttl: windowMs,
    ttlResolution: 0,
    perf: { now: monotonic },
    dispose: (change, _key, reason) => {
      // Where a change had to leave before its time, not every change is here any more.
      if (reason === 'evict') marks = marks.filter(({ monotonicMs }) => monotonicMs > change.monotonicMs);
    },
  });

  const living = (): Mark[] => {
    const oldestMs = monotonic() - windowMs;
    return marks.filter(({ monotonicMs }) => monotonicMs >= oldestMs);
  };

  const put = (key: SnapshotKey, change: RecentChange): void => {
    changes.set(keyText(key), { ...change, monotonicMs: monotonic() });
  };

  return {
    of: (key) => changes.get(keyText(key)),
    numbers: (key, parts) => {
      put(key, withNumbers(changes.get(keyText(key)) ?? nothing, parts));
    },
    grants: (key, version) => {
      const change = changes.get(keyText(key)) ?? nothing;
      const known = change.grantsVersion;
      const grantsVersion = known && compareVersions(known, version) >= 0 ? known : version;
      put(key, { ...change, grantsVersion });
    },
    readUpTo: (cursor, startsAnew) => {
      const now = monotonic();
      const kept = startsAnew ? [] : living();
      const last = kept.at(-1);
      const isDue = !last || now - last.monotonicMs >= windowMs / marksPerWindow;
      marks = isDue ? [...kept, { cursor, monotonicMs: now }] : kept;
    },
    completeSince: () => living()[0]?.cursor,
  };
}
