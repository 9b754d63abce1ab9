import { type ItemErrorWire, TollgateError } from '@tollgate/contract';
import { type BackoffBounds, backoffMs } from './backoff.js';
import type { MonotonicClock } from './clock.js';
import { customerQueues, type QueuedItem } from './customer-queues.js';
import type { Random } from './random.js';
import { asTollgateError, itemError } from './thrown.js';

/** One kind of item on its way to the engine: in batches, in order for each customer, until stored or refused for good. */
export interface Lane<Input> {
  /** Resolves when the item is stored, or refused for good; never rejects. */
  add(input: Input): Promise<void>;
  size(): number;
  /** Resolves when every item that is here now was tried once, or when sending is paused because the engine is away. */
  underWay(): Promise<void>;
  /** Tries again at once what waits for another attempt. */
  wake(): void;
  /** Refuses everything that is left. */
  abandon(error: TollgateError): void;
}

export interface LaneOptions<Input, Result> {
  batchMax: number;
  random: Random;
  monotonic: MonotonicClock;
  /** Called at each attempt, to complete the item: from then on the engine may have it, and it says what it says. */
  prepare(input: Input, enteredAtMs: number): void;
  send(inputs: Input[]): Promise<Result[]>;
  errorOf(result: Result): ItemErrorWire | null;
  onStored(input: Input, result: Result): void;
  onRefused(input: Input, error: TollgateError): void;
}

interface Item<Input> extends QueuedItem {
  input: Input;
  enteredAtMs: number;
  attempts: number;
  settle(): void;
}

const requestsMax = 4;
/** Half of what the engine takes in one request: the other half is for what one item may be larger, and for the rest of it. */
const batchBytesMax = 1_000_000;
/**
 * What enters within so many milliseconds of the last request waits for the next one: under load a request costs more
 * than all that it carries.
 */
export const reportGapMs = 100;
const retry: BackoffBounds = { initialMs: 200, maxMs: 30_000 };
/** Errors of the way to the engine, or of all of it: nothing is sent for a while. */
const awayCodes: readonly string[] = ['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'OVERLOADED'];
const noResult = new TollgateError('INTERNAL', 'the engine gave no answer for this item');

export function outboxLane<Input extends { customerId: string }, Result>(
  options: LaneOptions<Input, Result>,
): Lane<Input> {
  const queues = customerQueues<Item<Input>>(() => schedule());
  /** Items in a request are not in the queues. */
  const inRequests = new Set<Item<Input>>();
  const waiters = new Set<{ untried: Set<Item<Input>>; resolve: () => void }>();
  let size = 0;
  let requests = 0;
  let failures = 0;
  let pause: NodeJS.Timeout | undefined;
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  let gap: NodeJS.Timeout | undefined;
  let isAbandoned = false;

  const schedule = (): void => {
    if (isScheduled || pause || gap) return;
    const restMs = sentAtMs + reportGapMs - options.monotonic();
    if (restMs > 0 && waiters.size === 0 && size < options.batchMax) {
      gap = setTimeout(endGap, restMs);
      return;
    }
    isScheduled = true;
    // Items that enter in the same turn travel together.
    setImmediate(() => {
      isScheduled = false;
      while (requests < requestsMax && !pause) {
        const batch = queues.takeBatch(options.batchMax, batchBytesMax);
        if (batch.length === 0) return;
        void sendBatch(batch);
      }
    });
  };

  /** Somebody waits, or the gap is over. */
  const endGap = (): void => {
    clearTimeout(gap);
    gap = undefined;
    sentAtMs = Number.NEGATIVE_INFINITY;
    schedule();
  };

  const sendBatch = async (batch: Item<Input>[]): Promise<void> => {
    requests += 1;
    sentAtMs = options.monotonic();
    for (const item of batch) {
      inRequests.add(item);
      item.attempts += 1;
      options.prepare(item.input, item.enteredAtMs);
    }
    const results = await options.send(batch.map((item) => item.input)).catch(asTollgateError);
    if (Array.isArray(results)) settleBatch(batch, results);
    else failBatch(batch, results);
    requests -= 1;
    for (const item of batch) inRequests.delete(item);
    tried(batch);
    schedule();
  };

  /** Each item by its own outcome; what may be accepted later goes back to the head of its customer's queue. */
  const settleBatch = (batch: Item<Input>[], results: Result[]): void => {
    failures = 0;
    const again = new Set<Item<Input>>();
    batch.forEach((item, index) => {
      const result = results[index];
      const error = result === undefined ? noResult : itemError(options.errorOf(result));
      if (error?.isRetryable) again.add(item);
      else if (error) refuse(item, error);
      else if (result !== undefined) finish(item, () => options.onStored(item.input, result));
    });
    releaseCustomers(batch, again, delayed);
  };

  const failBatch = (batch: Item<Input>[], error: TollgateError): void => {
    if (isAbandoned || (!error.isRetryable && batch.length === 1)) {
      for (const item of batch) refuse(item, error);
      releaseCustomers(batch, new Set(), atOnce);
    } else if (awayCodes.includes(error.code)) {
      pauseAll();
      releaseCustomers(batch, new Set(batch), atOnce);
    } else {
      // Refused as a whole: one bad item must not take the others with it, so each goes alone from now on.
      for (const item of batch) item.isAlone = true;
      releaseCustomers(batch, new Set(batch), batch.length === 1 ? delayed : atOnce);
    }
  };

  const atOnce = (): undefined => undefined;
  const delayed = ({ attempts }: Item<Input>): number => backoffMs(attempts, retry, options.random);

  const releaseCustomers = (
    batch: Item<Input>[],
    again: ReadonlySet<Item<Input>>,
    delayOf: (head: Item<Input>) => number | undefined,
  ): void => {
    const byCustomer = new Map(batch.map(({ customerId }): [string, Item<Input>[]] => [customerId, []]));
    for (const item of again) byCustomer.get(item.customerId)?.push(item);
    for (const [customerId, items] of byCustomer) queues.release(customerId, items, items[0] && delayOf(items[0]));
  };

  const pauseAll = (): void => {
    failures += 1;
    clearTimeout(pause);
    pause = setTimeout(resume, backoffMs(failures, retry, options.random)).unref();
    for (const waiter of waiters) waiter.resolve();
    waiters.clear();
  };

  const resume = (): void => {
    clearTimeout(pause);
    pause = undefined;
    schedule();
  };

  const refuse = (item: Item<Input>, error: TollgateError): void =>
    finish(item, () => options.onRefused(item.input, error));

  const finish = (item: Item<Input>, tell: () => void): void => {
    size -= 1;
    tell();
    item.settle();
  };

  const tried = (batch: Item<Input>[]): void => {
    for (const waiter of waiters) {
      for (const item of batch) waiter.untried.delete(item);
      if (waiter.untried.size > 0) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  };

  return {
    add: (input) => {
      const { customerId } = input;
      const bytes = Buffer.byteLength(JSON.stringify(input));
      let settle = (): void => undefined;
      const settled = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const enteredAtMs = options.monotonic();
      const item = { customerId, input, bytes, enteredAtMs, attempts: 0, isAlone: false, settle };
      queues.push(item);
      size += 1;
      if (size >= options.batchMax) endGap();
      else schedule();
      return settled;
    },
    size: () => size,
    underWay: () => {
      const untried = new Set([...inRequests, ...queues.all()]);
      if (untried.size === 0 || pause) return Promise.resolve();
      return new Promise((resolve) => {
        waiters.add({ untried, resolve });
        endGap();
      });
    },
    wake: () => {
      queues.wake();
      resume();
      endGap();
    },
    abandon: (error) => {
      isAbandoned = true;
      clearTimeout(pause);
      for (const item of queues.all()) refuse(item, error);
      queues.clear();
    },
  };
}
