import type { ChangeBatch } from './change.js';
import type { ClockReading } from './clock-reading.js';
import type { TollgateError } from './errors.js';
import type { NumberParts, Snapshot, SnapshotKey } from './snapshot.js';
import type { Version } from './version.js';

/** A generated operation: its GraphQL text, carrying the types of its result and variables. */
export interface Operation<Result, Variables> {
  toString(): string;
  __apiType?: (variables: Variables) => Result;
}

export interface Reply<Result> {
  data: Result;
  clock: ClockReading;
}

/**
 * The way to the engine: over HTTP, or straight into an executor in this process. Rejects with a `TollgateError`:
 * the engine's own, or `UNAVAILABLE`, `TIMEOUT`, `UNAUTHENTICATED` for what happened on the way.
 */
export interface Transport {
  execute<Result, Variables>(
    operation: Operation<Result, Variables>,
    variables: Variables,
    options?: { timeoutMs?: number },
  ): Promise<Reply<Result>>;
  /**
   * Follows the change feed from `cursor`, or from now when it is null. The first batch comes at once, empty or not.
   * `onEnd` is called once, when the stream is over for any reason but `close()`; resuming is the caller's.
   */
  subscribe(cursor: string | null, listener: ChangeListener): Subscription;
  /** Drops what this transport opened. */
  close?(): Promise<void>;
}

export interface ChangeListener {
  onChange(batch: ChangeBatch): void;
  onEnd(error: TollgateError | null): void;
}

export interface Subscription {
  close(): void;
}

/** What a shared cache answered for one key. */
export interface CachedSnapshot {
  snapshot: Snapshot;
  /** False while nothing feeds the cache, or the entry was invalidated: use it only when the engine cannot be reached. */
  isFresh: boolean;
  /** How far the feed had been read and written into the cache, a moment before this was read; null when nothing feeds it. */
  cursor: string | null;
}

/**
 * A cache that several processes share. Parts are only ever replaced by newer ones. No method rejects because the cache
 * is slow or gone: reads answer "miss", writes do nothing, and `onError` hears of it.
 */
export interface SharedCache {
  read(keys: readonly SnapshotKey[]): Promise<(CachedSnapshot | undefined)[]>;
  /** The latest moment of the cache's own time that this process has heard of; it can be handed to `write` later. */
  mark(): string;
  /**
   * Writes each part that is newer than the stored one, atomically. `fetchedAfter` is a mark from before the snapshots
   * were asked for: what feeds the cache may have begun while they were on their way, and not know of a change that
   * they lack. Without it they count as fetched now.
   */
  write(snapshots: readonly Snapshot[], fetchedAfter?: string): Promise<void>;
  /** Renews counters and wallets, if the snapshot is there. */
  writeNumbers(key: SnapshotKey, parts: NumberParts): Promise<void>;
  /** Leaves word that grants older than `version` are out of date; never deletes. */
  invalidate(key: SnapshotKey, version: Version): Promise<void>;
  /**
   * Asks to be the one process that fetches a cold key. `undefined`: another one had the lease, and the promise came
   * back when that one was done or its time was up, so read again.
   */
  lease(key: SnapshotKey): Promise<Lease | undefined>;
  /** Called with what the cache swallowed; set by the client. */
  onError?: (error: unknown) => void;
  close(): Promise<void>;
}

export interface Lease {
  release(): Promise<void>;
}

/** What the process that feeds a shared cache tells it about the feed. */
export interface CacheFeed extends Pick<SharedCache, 'writeNumbers' | 'invalidate' | 'close'> {
  /**
   * Says "the feed was read up to here, and what it said was written"; entries are trusted for a few seconds after.
   * `isResync`: changes before this cursor may have been missed, so entries from before are not trusted any more.
   */
  renewFreshness(state: {
    cursor: string;
    epoch: string;
    catalog: number;
    clock: ClockReading;
    isResync?: boolean;
  }): Promise<void>;
}

/** The three levels that the reference's loggers have. */
export interface Logger {
  log(message: string, ...details: unknown[]): void;
  debug(message: string, ...details: unknown[]): void;
  error(message: string, ...details: unknown[]): void;
}
