import type { HotOperationInput, SettleInput, TollgateError } from '@tollgate/contract';
import { type BackoffBounds, backoffMs } from './backoff.js';
import { within } from './deadline.js';
import type { HotLane } from './hot-lane.js';
import type { Random } from './random.js';
import { asTollgateError } from './thrown.js';

/** The ends of reservations on their way to the engine: tried until it has them. Held in memory: a crash loses them. */
export interface Settlements {
  /** Resolves when the engine has it, or refused it for good; never rejects. Late is in time: it is charged once. */
  settle(input: SettleInput): Promise<void>;
  /** The same for a while, about as long as a hold lasts: what is lost costs no more than the time it still has. */
  release(input: { customerId: string; reservationId: string }): Promise<void>;
  /** How many settlements and releases wait. */
  waiting(): number;
  /** How many settlements were refused for good. */
  refused(): number;
  /** Tries again at once: the engine was heard of. */
  wake(): void;
  /** Resolves when those that wait now are over. */
  settled(): Promise<void>;
  /** Goes on until the deadline, then gives up what is left. */
  close(deadlineMs: number): Promise<void>;
}

export interface SettlementsOptions {
  lane: HotLane;
  random: Random;
  timeoutMs: number;
  onRefused(input: SettleInput, error: TollgateError): void;
}

/** About a minute. */
const releaseAttemptsMax = 8;
/** So that an outage cannot fill the memory with what time will do anyway. */
const releasesMax = 10_000;
const retry: BackoffBounds = { initialMs: 200, maxMs: 30_000 };

export function settlements({ lane, random, timeoutMs, onRefused }: SettlementsOptions): Settlements {
  const underWay = new Set<Promise<void>>();
  const pauses = new Set<() => void>();
  let isGivenUp = false;
  let refused = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      pauses.add(end);
    });
  const wake = (): void => {
    for (const end of [...pauses]) end();
  };

  const deliver = async (operation: HotOperationInput, attemptsMax: number): Promise<TollgateError | null> => {
    for (let attempt = 1; ; attempt++) {
      const error = await lane.run(operation, timeoutMs).then(() => null, asTollgateError);
      if (!error?.isRetryable || isGivenUp || attempt >= attemptsMax) return error;
      await pause(backoffMs(attempt, retry, random));
      if (isGivenUp) return error;
    }
  };

  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  };

  const settled = async (): Promise<void> => {
    await Promise.all(underWay);
  };

  return {
    settle: (input) =>
      track(
        deliver({ settle: input }, Number.POSITIVE_INFINITY).then((error) => {
          if (!error) return;
          refused += 1;
          onRefused(input, error);
        }),
      ),
    release: async (input) => {
      if (underWay.size < releasesMax)
        await track(deliver({ release: input }, releaseAttemptsMax).then(() => undefined));
    },
    waiting: () => underWay.size,
    refused: () => refused,
    wake,
    settled,
    close: async (deadlineMs) => {
      wake();
      await within(settled(), deadlineMs);
      isGivenUp = true;
      wake();
    },
  };
}
