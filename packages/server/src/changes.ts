import { type ChangeBatch, newestNews, type Subscription } from '@tollgate/contract';
import type { EnvironmentEngine, FeedListener } from '@tollgate/engine';
import { type Clock, readingOf } from './clock.js';

/** A reader so far behind that this many parts wait for it is told to refetch instead of being sent them all. */
const waitingPartsMax = 10_000;

export interface ClockedFeedListener {
  onChange(batch: ChangeBatch): void;
  onEnd(error: unknown): void;
}

/**
 * Follows the feed of an environment and adds the clock to each batch. When a test clock moves, a batch without changes
 * goes out at once, so that every reader knows the new time.
 */
export function followWithClock(
  environment: EnvironmentEngine,
  clock: Clock,
  cursor: string | null,
  listener: ClockedFeedListener,
): Subscription {
  let last: Parameters<FeedListener['onBatch']>[0] | undefined;
  let isOver = false;
  const stopListening = clock.onMove(() => {
    if (last && !isOver) {
      listener.onChange({ ...last, isResync: false, usage: [], wallets: [], grants: [], clock: readingOf(clock) });
    }
  });
  const following = environment.follow(cursor, {
    onBatch(batch) {
      if (isOver) return;
      last = batch;
      listener.onChange({ ...batch, clock: readingOf(clock) });
    },
    onEnd(error) {
      if (isOver) return;
      isOver = true;
      stopListening();
      listener.onEnd(error);
    },
  });
  return {
    close() {
      isOver = true;
      stopListening();
      following.close();
    },
  };
}

/**
 * The feed as something to be pulled from. While a reader is slow, what waits for it is merged into one batch, so the
 * memory that it costs does not grow with time.
 */
export function changesOf(
  environment: EnvironmentEngine,
  clock: Clock,
  cursor: string | null,
): AsyncIterableIterator<ChangeBatch> {
  let waiting: ChangeBatch | undefined;
  let end: { error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const following = followWithClock(environment, clock, cursor, {
    onChange(batch) {
      waiting = waiting ? mergeBatches(waiting, batch) : batch;
      notify();
    },
    onEnd(error) {
      end = { error };
      notify();
    },
  });
  const finish = (): Promise<IteratorReturnResult<undefined>> => {
    following.close();
    end ??= { error: null };
    waiting = undefined;
    notify();
    return Promise.resolve({ done: true, value: undefined });
  };
  return {
    async next() {
      for (;;) {
        if (waiting) {
          const value = waiting;
          waiting = undefined;
          return { done: false, value };
        }
        if (end) {
          const { error } = end;
          end = { error: null };
          if (error) throw error;
          return { done: true, value: undefined };
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    return: finish,
    throw: finish,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Two batches as the one that a reader of both would end up with: the newest state per part, the later position. */
export function mergeBatches(earlier: ChangeBatch, later: ChangeBatch, partsMax = waitingPartsMax): ChangeBatch {
  const news = newestNews([earlier, later]);
  const isTooMuch = news.usage.length + news.wallets.length + news.grants.length > partsMax;
  return {
    ...later,
    isResync: earlier.isResync || later.isResync || isTooMuch,
    ...(isTooMuch ? { usage: [], wallets: [], grants: [] } : news),
  };
}
