import {
  type CachedSnapshot,
  type Lease,
  type SharedCache,
  type Snapshot,
  type SnapshotKey,
  SnapshotsDocument,
  snapshotFromWire,
  TollgateError,
} from '@tollgate/contract';
import type { EngineLink } from './engine-link.js';
import type { Hooks } from './hooks.js';
import { keyText } from './key-text.js';
import type { CacheEntry } from './memory-cache.js';

/** One scope of a customer as it came in: from the engine (`live`) or from a cache. */
export interface Landed {
  entry: CacheEntry;
  source: 'live' | 'cache';
}

export type Scope = SnapshotKey['resourceId'];

export interface SnapshotFetch {
  /**
   * Fetches scopes of one customer: from the shared cache unless `skipsShared`, else from the engine. With `joins`,
   * scopes that somebody is already fetching are not fetched twice. Rejects with a `TollgateError`.
   */
  fetch(
    customerId: string,
    scopes: readonly Scope[],
    options: { skipsShared: boolean; joins: boolean },
  ): Promise<Landed[]>;
  /** Resolves when what was being written to the shared cache is written. */
  idle(): Promise<void>;
}

export interface SnapshotFetchOptions {
  link: EngineLink;
  shared: SharedCache | undefined;
  hooks: Hooks;
  timeoutMs: number;
  /** Called as a fetch begins; what it returns takes snapshots in as of that moment, from the engine or a shared cache. */
  begin(): (snapshot: Snapshot, cached?: CachedSnapshot) => CacheEntry;
  /** Whether an entry answers as it is, apart from who watches over it. */
  isUsable(entry: CacheEntry): boolean;
}

type Intake = ReturnType<SnapshotFetchOptions['begin']>;

export function snapshotFetch({
  link,
  shared,
  hooks,
  timeoutMs,
  begin,
  isUsable,
}: SnapshotFetchOptions): SnapshotFetch {
  const flights = new Map<string, Promise<Landed>>();
  const background = new Set<Promise<unknown>>();

  const flightKey = (customerId: string, resourceId: Scope): string => keyText({ customerId, resourceId });

  const inBackground = (work: Promise<unknown>): void => {
    const kept = work.catch(() => undefined).finally(() => background.delete(kept));
    background.add(kept);
  };

  const fromShared = async (cache: SharedCache, customerId: string, scopes: readonly Scope[], take: Intake) => {
    const found = await cache.read(scopes.map((resourceId) => ({ customerId, resourceId })));
    const landed = new Map<Scope, Landed>();
    found.forEach((cached, index) => {
      const scope = scopes[index];
      if (scope === undefined) return;
      const entry = cached && take(cached.snapshot, cached);
      if (entry && cached.isFresh && isUsable(entry)) landed.set(scope, { entry, source: 'cache' });
      const result = landed.has(scope) ? 'hit' : entry ? 'stale' : 'miss';
      hooks.onCache?.({ result, cache: 'shared', customerId, resourceId: scope });
    });
    return { landed, isCold: found.some((cached) => !cached) };
  };

  const fromEngine = async (customerId: string, scopes: readonly Scope[], take: Intake, lease: Lease | undefined) => {
    let snapshots: Snapshot[] = [];
    const mark = shared?.mark();
    try {
      const reply = await link.execute(SnapshotsDocument, { customerId, resourceIds: [...scopes] }, timeoutMs);
      snapshots = reply.snapshots.map(snapshotFromWire);
    } finally {
      // The lease ends when others can read what was fetched; the reader at hand does not wait for that.
      if (shared) inBackground(shared.write(snapshots, mark).finally(() => lease?.release()));
    }
    const landed = new Map<Scope, Landed>();
    for (const snapshot of snapshots) landed.set(snapshot.resourceId, { entry: take(snapshot), source: 'live' });
    return landed;
  };

  const land = async (customerId: string, scopes: readonly Scope[], skipsShared: boolean) => {
    const take = begin();
    if (!shared || skipsShared) return fromEngine(customerId, scopes, take, undefined);
    const first = await fromShared(shared, customerId, scopes, take);
    const missing = scopes.filter((scope) => !first.landed.has(scope));
    const [coldest] = missing;
    if (coldest === undefined) return first.landed;
    const lease = first.isCold ? await shared.lease({ customerId, resourceId: coldest }) : undefined;
    if (first.isCold && !lease) {
      // Another process was fetching, and is done: what it wrote is there now, or it failed and we fetch ourselves.
      const second = await fromShared(shared, customerId, missing, take);
      const still = missing.filter((scope) => !second.landed.has(scope));
      const rest = still.length > 0 ? await fromEngine(customerId, still, take, undefined) : [];
      return new Map([...first.landed, ...second.landed, ...rest]);
    }
    return new Map([...first.landed, ...(await fromEngine(customerId, missing, take, lease))]);
  };

  const start = (customerId: string, scopes: readonly Scope[], skipsShared: boolean): void => {
    const landing = land(customerId, scopes, skipsShared);
    for (const scope of scopes) {
      const key = flightKey(customerId, scope);
      const flight = landing
        .then((landed) => landed.get(scope) ?? incomplete(customerId))
        .finally(() => {
          if (flights.get(key) === flight) flights.delete(key);
        });
      // Readers with a deadline may be gone when it fails.
      flight.catch(() => undefined);
      flights.set(key, flight);
    }
  };

  return {
    fetch: (customerId, scopes, { skipsShared, joins }) => {
      const grounded = scopes.filter((scope) => !joins || !flights.has(flightKey(customerId, scope)));
      if (grounded.length > 0) start(customerId, grounded, skipsShared);
      return Promise.all(scopes.map((scope) => flights.get(flightKey(customerId, scope)) ?? incomplete(customerId)));
    },
    idle: async () => {
      await Promise.all(background);
    },
  };
}

function incomplete(customerId: string): never {
  throw new TollgateError('INTERNAL', 'the engine left out a snapshot that was asked for', { details: { customerId } });
}
