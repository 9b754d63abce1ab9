import { type ChangeBatch, newestNews } from '@tollgate/contract';

/** Without the clock: whoever serves the feed adds its own. */
export type FeedBatch = Omit<ChangeBatch, 'clock'>;

export interface FeedListener {
  onBatch(batch: FeedBatch): void;
  onEnd(error: unknown): void;
}

/** Hands batches to one listener, no faster than it may get them. */
export interface FeedFollower {
  /** Takes what was read, also when that is nothing: it proves that the feed is alive. */
  push(batch: FeedBatch): void;
  /** Ends without a word. */
  stop(): void;
  /** Ends and says so. */
  end(error: unknown): void;
}

export interface FollowerPace {
  /** At most one batch, and so one state of each part, in this time. */
  intervalMs: number;
  /** An empty batch goes out when there was none for this long. */
  quietMs: number;
  onError(error: unknown): void;
}

export function createFollower(listener: FeedListener, pace: FollowerPace): FeedFollower {
  let waiting: FeedBatch | undefined;
  let sent: FeedBatch | undefined;
  let isOver = false;
  let isTooSoon = false;
  let isSignOfLifeDue = true;
  let interval: NodeJS.Timeout | undefined;
  let quiet: NodeJS.Timeout | undefined;

  /** A listener is somebody else's code: whatever it throws must not reach the reader or other followers. */
  function tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      pace.onError(error);
    }
  }

  function send(): void {
    if (isOver || isTooSoon || !waiting || !(isSignOfLifeDue || hasNews(waiting, sent))) return;
    const batch = waiting;
    waiting = undefined;
    sent = batch;
    isTooSoon = true;
    isSignOfLifeDue = false;
    clearTimeout(quiet);
    interval = setTimeout(() => {
      isTooSoon = false;
      send();
    }, pace.intervalMs).unref();
    quiet = setTimeout(() => {
      isSignOfLifeDue = true;
    }, pace.quietMs).unref();
    tell(() => listener.onBatch(batch));
  }

  function stop(): void {
    isOver = true;
    clearTimeout(interval);
    clearTimeout(quiet);
  }

  return {
    push: (batch) => {
      waiting = waiting
        ? mergeBatches(waiting, batch)
        : mergeBatches(batch, { ...batch, usage: [], wallets: [], grants: [] });
      send();
    },
    stop,
    end: (error) => {
      if (isOver) return;
      stop();
      tell(() => listener.onEnd(error));
    },
  };
}

function hasNews(batch: FeedBatch, sent: FeedBatch | undefined): boolean {
  if (batch.isResync || batch.usage.length + batch.wallets.length + batch.grants.length > 0) return true;
  return batch.catalog !== sent?.catalog || batch.epoch !== sent?.epoch;
}

/** One batch with the newest state of each part of both. What a resync makes stale is dropped. */
function mergeBatches(earlier: FeedBatch, later: FeedBatch): FeedBatch {
  const kept = later.isResync ? [] : [earlier];
  return {
    ...later,
    isResync: earlier.isResync || later.isResync,
    ...newestNews([...kept, later]),
  };
}
