import { type CacheFeed, type ChangeBatch, numbersByKey, type Subscription } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { followWithClock, mergeBatches } from './changes.js';
import type { Clock } from './clock.js';
import type { ErrorLog } from './reply-error.js';

const retryMs = 1_000;
/**
 * Nobody waits for these commands, and one that fails costs every entry its trust: a busy machine must not look like a
 * Redis that is gone. It stays well below the time that entries are trusted for.
 */
const commandTimeoutMs = 1_000;

export interface CacheSyncOptions {
  environment: EnvironmentEngine;
  clock: Clock;
  log: ErrorLog;
}

export interface RedisTarget {
  url: string;
  /** The same as in the clients' `redisCache`. */
  environmentPrefix: string;
}

export interface CacheSync {
  close(): Promise<void>;
}

/** Feeds the shared cache on Redis from an environment's change feed. Redis being gone never reaches a request. */
export async function syncRedis(target: RedisTarget, options: CacheSyncOptions): Promise<CacheSync> {
  const { redisCacheFeed } = await import('@tollgate/redis');
  const feed = redisCacheFeed({ ...target, commandTimeoutMs });
  feed.onError = (error) => options.log.error({ err: error }, 'Redis does not take changes: it is tried again');
  const sync = syncCache(feed, options);
  return {
    async close() {
      await sync.close();
      await feed.close();
    },
  };
}

/**
 * Carries every batch of the feed into the cache, in order, and only then says "read up to here". While the cache is
 * slow, what waits is merged. When the feed itself ends, it is resumed from where it was.
 */
export function syncCache(feed: Omit<CacheFeed, 'close'>, options: CacheSyncOptions): CacheSync {
  const { environment, clock, log } = options;
  let waiting: ChangeBatch | undefined;
  let cursor: string | null = null;
  let isClosed = false;
  let isFailing = false;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let following = follow();

  function follow(): Subscription {
    return followWithClock(environment, clock, cursor, {
      onChange(batch) {
        isFailing = false;
        cursor = batch.cursor;
        waiting = waiting ? mergeBatches(waiting, batch) : batch;
        writing ??= writeWaiting();
      },
      onEnd(error) {
        failed(error ?? new Error('the change feed ended'));
        timer = setTimeout(() => {
          if (!isClosed) following = follow();
        }, retryMs);
        timer.unref();
      },
    });
  }

  async function writeWaiting(): Promise<void> {
    while (waiting && !isClosed) {
      const batch = waiting;
      waiting = undefined;
      try {
        await write(feed, batch);
      } catch (error) {
        // A cache does not reject for being slow or gone, so this is a mistake; what came of it nobody knows.
        failed(error);
        await feed.renewFreshness({ ...positionOf(batch), isResync: true }).catch(failed);
      }
    }
    writing = undefined;
  }

  /** Once per outage. */
  function failed(error: unknown): void {
    if (!isFailing && !isClosed) log.error({ err: error }, 'the shared cache is not fed for a moment');
    isFailing = true;
  }

  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      following.close();
      await writing;
    },
  };
}

async function write(feed: Omit<CacheFeed, 'close'>, batch: ChangeBatch): Promise<void> {
  for (const { key, version } of batch.grants) await feed.invalidate(key, version);
  for (const { key, parts } of numbersByKey(batch)) await feed.writeNumbers(key, parts);
  await feed.renewFreshness({ ...positionOf(batch), isResync: batch.isResync });
}

const positionOf = ({ cursor, epoch, catalog, clock }: ChangeBatch) => ({ cursor, epoch, catalog, clock });
