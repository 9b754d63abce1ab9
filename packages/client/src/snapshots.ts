import {
  type CachedSnapshot,
  compareVersions,
  hasCursorReached,
  type NumberChanges,
  numbersByKey,
  type SharedCache,
  type Snapshot,
  type SnapshotKey,
  type Version,
  type WalletChange,
} from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import { within } from './deadline.js';
import type { EngineClock } from './engine-clock.js';
import type { EngineLink } from './engine-link.js';
import { creditBalanceOf, type Events } from './events.js';
import type { Source } from './gate/gate-words.js';
import type { View } from './gate-port.js';
import type { CacheEvent } from './hook-events.js';
import type { Hooks } from './hooks.js';
import { type CacheEntry, memoryCache } from './memory-cache.js';
import { recentChanges } from './recent-changes.js';
import { type Landed, type Scope, snapshotFetch } from './snapshot-fetch.js';
import { type FeedState, higherKnown, isCurrent, isWatched, type Known, type Stamp } from './staleness.js';

/** What this process knows of customers: looked up in memory, then in the shared cache, then at the engine. */
export interface Snapshots {
  /** From memory alone: undefined unless it can answer freshly. */
  viewNow(key: SnapshotKey): View | undefined;
  /** The same, and nobody is told that it was looked up. */
  viewAgain(key: SnapshotKey): View | undefined;
  /** Never rejects: what is stale, or nothing, answers when the engine cannot in time. */
  view(key: SnapshotKey, deadlineMs: number): Promise<View>;
  /** Asks the engine whatever is cached. Rejects when it cannot be asked. */
  reload(key: SnapshotKey): Promise<View>;
  /** Begins a call that will bring snapshots; the returned function takes them in. */
  begin(): (snapshots: readonly Snapshot[]) => void;
  /** Numbers from a reply or the feed. `isOwn`: this process changed them, so other processes' cache hears of them. */
  takeNumbers(changes: NumberChanges, isOwn: boolean): void;
  /** Word of newer grants. Says whether the key is cached and, when it is, whether with older grants. */
  takeNotice(key: SnapshotKey, version: Version): 'absent' | 'current' | 'outdated';
  /** True when the catalog number is higher than any known before. */
  takeKnown(known: Known): boolean;
  /** The feed was read up to here, and all that it said was taken. `startsAnew`: what came before this is not known. */
  takePosition(cursor: string, startsAnew: boolean): void;
  /** How old what is in memory is: of the customer's own snapshot and, when the key names one, the resource's. */
  ages(key: SnapshotKey): SnapshotAge[];
  idle(): Promise<void>;
}

export interface SnapshotAge {
  of: 'customer' | 'resource';
  /** Since it was fetched, in milliseconds; what the change feed brought since is in it. Null: from a shared cache. */
  ageMs: number | null;
  /** False when it is fetched again before it answers, as long as the engine can be reached. */
  isFresh: boolean;
}

export interface SnapshotsOptions {
  link: EngineLink;
  clock: EngineClock;
  monotonic: MonotonicClock;
  events: Events;
  hooks: Hooks;
  shared: SharedCache | undefined;
  /** Null without realtime updates. */
  feedState(monotonicMs?: number): FeedState | null;
  memoryCacheMaxSizeBytes: number;
  timeoutMs: number;
}

const recentWindowMs = 10_000;
/** A notice that comes while a fetch is under way asks for another one; more than two in a row is somebody else's turn. */
const roundsMax = 2;
/** How long a shared cache may take to answer while the engine is away. */
const sharedPatienceMs = 100;
/** While the engine is away and something stale can answer, it is not asked more often than this. */
const probeEveryMs = 250;

export function snapshots(options: SnapshotsOptions): Snapshots {
  const { link, clock, monotonic, events, hooks, shared, feedState } = options;
  const memory = memoryCache(options.memoryCacheMaxSizeBytes);
  const recent = recentChanges(Math.max(recentWindowMs, 2 * options.timeoutMs), monotonic);
  let known: Known | undefined;
  let probedAtMs = Number.NEGATIVE_INFINITY;

  const stampNow = (): Stamp => {
    const feed = feedState();
    return { generation: feed?.isLive ? feed.generation : null, monotonicMs: monotonic() };
  };
  const unwatched: Stamp = { generation: null, monotonicMs: Number.NEGATIVE_INFINITY };

  /**
   * Whether our feed may watch over a copy from a shared cache. What feeds that cache lags behind: a change that it has
   * not written yet, and that came before our feed began, would never be told to us. Such a copy answers, and no more.
   */
  const isWatchable = ({ isFresh, cursor }: CachedSnapshot): boolean => {
    if (!isFresh || !feedState()) return isFresh;
    const since = recent.completeSince();
    return since !== undefined && cursor !== null && hasCursorReached(cursor, since);
  };

  const takeIn = (snapshot: Snapshot, stamp: Stamp): CacheEntry => {
    const entry = memory.store(snapshot, stamp, recent.of(snapshot));
    const { version } = entry.snapshot.grants;
    clock.observePast(version.validFrom);
    known = higherKnown(known, version);
    return entry;
  };

  const isUsable = (entry: CacheEntry, nowMs = monotonic()): boolean =>
    !entry.isOutdated && isCurrent(entry.limits, known, clock.now(nowMs));
  const isFresh = (entry: CacheEntry, nowMs = monotonic()): boolean =>
    isUsable(entry, nowMs) && isWatched(entry.stamp, feedState(nowMs), nowMs);

  const fetcher = snapshotFetch({
    link,
    shared,
    hooks,
    timeoutMs: options.timeoutMs,
    isUsable,
    begin: () => {
      const stamp = stampNow();
      return (snapshot, cached) => takeIn(snapshot, !cached || isWatchable(cached) ? stamp : unwatched);
    },
  });

  /** Word of a wallet comes twice when this process changed it: from the reply, and from the feed. */
  const isNews = ({ key, part }: WalletChange): boolean => {
    const { currencyId } = part.currency;
    const told = recent.of(key)?.wallets.get(currencyId);
    const cached = memory.get(key)?.snapshot.wallets.get(currencyId);
    if (told && compareVersions(told.version, part.version) >= 0) return false;
    // What came with a whole snapshot was not told yet, unless it is of a later state.
    return !cached || compareVersions(cached.version, part.version) <= 0;
  };

  const scopesOf = (key: SnapshotKey): Scope[] => (key.resourceId === null ? [null] : [null, key.resourceId]);
  const held = ({ customerId }: SnapshotKey, scope: Scope) => memory.get({ customerId, resourceId: scope });

  const viewOf = (
    key: SnapshotKey,
    customer: CacheEntry | undefined,
    resource: CacheEntry | undefined,
    source: Source,
    nowMs = monotonic(),
  ): View => {
    const isWhole = customer !== undefined && (key.resourceId === null || resource !== undefined);
    const pair = isWhole ? { customer: customer.snapshot, resource: resource?.snapshot ?? null } : undefined;
    return { snapshots: pair, now: clock.now(nowMs), source: pair ? source : 'fallback' };
  };
  const heldResource = (key: SnapshotKey) => (key.resourceId === null ? undefined : held(key, key.resourceId));

  const freshView = (key: SnapshotKey): View | undefined => {
    const nowMs = monotonic();
    const customer = held(key, null);
    const resource = heldResource(key);
    if (!customer || !isFresh(customer, nowMs)) return undefined;
    if (key.resourceId !== null && (!resource || !isFresh(resource, nowMs))) return undefined;
    return viewOf(key, customer, resource, 'cache', nowMs);
  };

  const staleView = (key: SnapshotKey): View => viewOf(key, held(key, null), heldResource(key), 'stale');

  /** Fetches what is missing or stale, once more when word of newer grants came meanwhile. */
  const refresh = async (key: SnapshotKey, skipsShared: boolean): Promise<View> => {
    const scopes = scopesOf(key);
    const got = new Map<Scope, Landed>();
    for (let round = 0; round < roundsMax; round++) {
      const due = scopes.filter((scope) => {
        const entry = held(key, scope);
        const landed = got.get(scope);
        if (landed) return (entry ?? landed.entry).isOutdated;
        return skipsShared || !entry || !isFresh(entry);
      });
      if (due.length === 0) break;
      const landed = await fetcher.fetch(key.customerId, due, {
        skipsShared: skipsShared || round > 0,
        // Whoever asks for the engine's own word must not get the answer to an earlier question.
        joins: !skipsShared || round > 0,
      });
      due.forEach((scope, index) => {
        const item = landed[index];
        if (item) got.set(scope, item);
      });
    }
    const isLive = [...got.values()].some(({ source }) => source === 'live');
    // Memory may have taken in newer parts since; it has nothing when an entry is larger than all of the cache.
    const entryOf = (scope: Scope) => held(key, scope) ?? got.get(scope)?.entry;
    const resource = key.resourceId === null ? undefined : entryOf(key.resourceId);
    return viewOf(key, entryOf(null), resource, isLive ? 'live' : 'cache');
  };

  const tellLookup = ({ customerId, resourceId }: SnapshotKey, result: CacheEvent['result']): void => {
    const event = result === 'hit' ? 'cacheHit' : 'cacheMiss';
    if (events.has(event)) events.emit(event, { customerId, resourceId });
    hooks.onCache?.({ result, cache: 'memory', customerId, resourceId });
  };

  const viewNow = (key: SnapshotKey): View | undefined => {
    const view = freshView(key);
    if (view) tellLookup(key, 'hit');
    return view;
  };

  return {
    viewNow,
    viewAgain: freshView,
    view: async (key, deadlineMs) => {
      const fresh = viewNow(key);
      if (fresh) return fresh;
      const hasStale = staleView(key).snapshots !== undefined;
      tellLookup(key, hasStale ? 'stale' : 'miss');
      const isAway = link.isUnreachable() && hasStale;
      if (isAway && !shared && monotonic() - probedAtMs < probeEveryMs) return staleView(key);
      probedAtMs = monotonic();
      const refreshed = refresh(key, false);
      refreshed.catch(() => undefined);
      // While the engine is away nobody waits for it who has something to answer with; the fetch goes on as a probe.
      const patienceMs = isAway ? Math.min(deadlineMs, shared ? sharedPatienceMs : 0) : deadlineMs;
      return (await within(refreshed, patienceMs)) ?? staleView(key);
    },
    reload: (key) => refresh(key, true),
    begin: () => {
      const stamp = stampNow();
      const mark = shared?.mark();
      return (arrived) => {
        for (const snapshot of arrived) takeIn(snapshot, stamp);
        if (shared) void shared.write(arrived, mark);
      };
    },
    takeNumbers: (changes, isOwn) => {
      const news = changes.wallets.filter(isNews);
      for (const { key, parts } of numbersByKey(changes)) {
        recent.numbers(key, parts);
        memory.storeNumbers(key, parts);
        if (isOwn && shared) void shared.writeNumbers(key, parts);
      }
      for (const change of news) events.emit('creditBalanceUpdated', creditBalanceOf(change));
    },
    takeNotice: (key, version) => {
      recent.grants(key, version);
      const entry = memory.get(key);
      memory.notice(key, version);
      if (!entry) return 'absent';
      if (compareVersions(entry.snapshot.grants.version, version) >= 0) return 'current';
      const { customerId, resourceId } = key;
      hooks.onCache?.({ result: 'invalidated', cache: 'memory', customerId, resourceId });
      return 'outdated';
    },
    takeKnown: (seen) => {
      const before = known;
      known = before && seen.epoch !== before.epoch ? { ...seen } : higherKnown(before, seen);
      const isPublished = before !== undefined && seen.epoch === before.epoch && seen.catalog > before.catalog;
      if (isPublished) {
        hooks.onCache?.({ result: 'invalidated', cache: 'memory', customerId: null, resourceId: null });
      }
      return isPublished;
    },
    takePosition: recent.readUpTo,
    ages: (key) =>
      scopesOf(key).flatMap((scope) => {
        const entry = held(key, scope);
        if (!entry) return [];
        const ageMs = monotonic() - entry.stamp.monotonicMs;
        const of = scope === null ? 'customer' : 'resource';
        return { of, ageMs: Number.isFinite(ageMs) ? ageMs : null, isFresh: isFresh(entry) };
      }),
    idle: () => fetcher.idle(),
  };
}
