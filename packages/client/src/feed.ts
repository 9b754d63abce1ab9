import type { ChangeBatch, Subscription, TollgateError, Transport } from '@tollgate/contract';
import { backoffMs } from './backoff.js';
import type { MonotonicClock } from './clock.js';
import type { Random } from './random.js';
import type { FeedState } from './staleness.js';

/** Following the engine's change feed, for as long as the client lives. */
export interface Feed {
  /** `monotonicMs`: the monotonic clock, where it was just read. */
  state(monotonicMs?: number): FeedState;
  start(): void;
  /** Resolves with the first batch, or with the first attempt that failed. */
  attempted: Promise<void>;
  close(): void;
}

export interface FeedOptions {
  transport: Transport;
  monotonic: MonotonicClock;
  random: Random;
  /**
   * Called before the feed's state tells of the batch, so that nobody trusts what it makes stale. `startsAnew`: this
   * batch does not go on where the one before it ended.
   */
  onBatch(batch: ChangeBatch, startsAnew: boolean): void;
  onLost(error: TollgateError | null): void;
}

/** The engine gives a sign of life every second: after this long without one, changes may be missing. */
const silentAfterMs = 3_000;
/** After this long the connection is taken for dead, and another one is made. */
const deadAfterMs = 8_000;
/** A new connection may take longer to its first message: an embedded engine may still be making its database. */
const connectAllowanceMs = 20_000;
const retry = { initialMs: 100, maxMs: 10_000 };
const finalCodes: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'CLOSED'];

/**
 * Subscribes, and resumes from the last cursor after a loss. A feed that resumed has carried every change, so what was
 * cached stays good; one that had to start anew raises the generation, and everything cached before it is stale.
 */
export function feed({ transport, monotonic, random, onBatch, onLost }: FeedOptions): Feed {
  let cursor: string | null = null;
  let epoch: string | undefined;
  let generation = 0;
  let heardAtMs = 0;
  let isConnected = false;
  let isClosed = false;
  let losses = 0;
  let current: Subscription | undefined;
  let timer: NodeJS.Timeout | undefined;
  let settleAttempt: () => void = () => {};
  const attempted = new Promise<void>((resolve) => {
    settleAttempt = resolve;
  });

  const later = (task: () => void, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(task, ms).unref();
  };

  const take = (batch: ChangeBatch): void => {
    const startsAnew = cursor === null || batch.isResync || batch.epoch !== epoch;
    onBatch(batch, startsAnew);
    if (startsAnew) generation += 1;
    ({ cursor, epoch } = batch);
    heardAtMs = monotonic();
    isConnected = true;
    losses = 0;
    settleAttempt();
  };

  const lose = (error: TollgateError | null): void => {
    isConnected = false;
    current = undefined;
    losses += 1;
    // A cursor that the engine cannot read is of no more use than none.
    if (error?.code === 'INVALID_ARGUMENT') cursor = null;
    onLost(error);
    settleAttempt();
    if (error && finalCodes.includes(error.code)) clearTimeout(timer);
    else later(connect, backoffMs(losses, retry, random));
  };

  const watch = (): void => {
    if (monotonic() - heardAtMs > (isConnected ? deadAfterMs : connectAllowanceMs)) {
      current?.close();
      lose(null);
    } else {
      later(watch, silentAfterMs);
    }
  };

  const connect = (): void => {
    if (isClosed) return;
    let isOver = false;
    heardAtMs = monotonic();
    const whileCurrent = (task: () => void): void => {
      if (!isOver && !isClosed) task();
    };
    const subscription = transport.subscribe(cursor, {
      onChange: (batch) => whileCurrent(() => take(batch)),
      onEnd: (error) =>
        whileCurrent(() => {
          isOver = true;
          lose(error);
        }),
    });
    current = {
      close: () => {
        isOver = true;
        subscription.close();
      },
    };
    if (!isOver) later(watch, silentAfterMs);
  };

  return {
    state: (monotonicMs = monotonic()) => ({
      generation,
      isLive: isConnected && monotonicMs - heardAtMs < silentAfterMs,
    }),
    start: connect,
    attempted,
    close: () => {
      isClosed = true;
      isConnected = false;
      clearTimeout(timer);
      current?.close();
      settleAttempt();
    },
  };
}
