import {
  type HotOperationInput,
  type HotOperationResultWire,
  HotOperationsDocument,
  TollgateError,
} from '@tollgate/contract';
import type { MonotonicClock } from './clock.js';
import { customerQueues, type QueuedItem } from './customer-queues.js';
import { timerMaxMs } from './deadline.js';
import type { EngineLink } from './engine-link.js';
import { asTollgateError, itemError } from './thrown.js';

/** The way of operations on numbers to the engine: those that are asked for at about the same time travel together. */
export interface HotLane {
  /**
   * Resolves with the operation's own answer. Rejects with its own error, with that of the way to the engine, or with
   * TIMEOUT: then it may have been done all the same, and repeating it is safe.
   */
  run(operation: HotOperationInput, timeoutMs: number): Promise<HotOperationResultWire>;
}

export interface HotLaneOptions {
  link: Pick<EngineLink, 'execute'>;
  monotonic: MonotonicClock;
  /** Hears of every answer before its caller does, and of those that came too late for one. */
  onAnswer(answer: HotOperationResultWire, operation: HotOperationInput): void;
}

interface Item extends QueuedItem {
  operation: HotOperationInput;
  /** On the monotonic clock. */
  deadlineMs: number;
  timer: NodeJS.Timeout;
  isOver: boolean;
  resolve(answer: HotOperationResultWire): void;
  reject(error: TollgateError): void;
}

/** Operations that were answered as running, to be asked for again. */
interface Group {
  items: Item[];
  /** False at first: those of one reply are asked for together once more, after that each customer's by themselves. */
  isOfOneCustomer: boolean;
}

const requestsMax = 4;
const waitingMax = 10_000;
const operationsMax = 100;
/** Requests that wait for operations that are running, beside the others. */
const waitingRequestsMax = 64;
/** How long a request waits without any of its operations getting done, before those that are done are answered. */
const patienceMs = 200;
const patienceMsMax = 5_000;
/** What a reply needs to travel, within the deadline. */
const travelMs = 100;
/** Errors that no item of a request can be the reason of: all of them fail. */
const wholeCodes: readonly string[] = [
  'UNAVAILABLE',
  'TIMEOUT',
  'RATE_LIMITED',
  'OVERLOADED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CLOSED',
  'OFFLINE',
];

/**
 * A customer's operations are always in one request: what comes while it is under way goes with the next, and while one
 * of them is running the later ones wait behind it. So a slow or poisoned operation delays and spoils no other customer.
 */
export function hotLane({ link, monotonic, onAnswer }: HotLaneOptions): HotLane {
  const queues = customerQueues<Item>(() => schedule());
  const running: Group[] = [];
  let requests = 0;
  let waitingRequests = 0;
  let open = 0;
  let isScheduled = false;

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    // What is asked for in the same turn travels together.
    setImmediate(() => {
      isScheduled = false;
      while (requests < requestsMax) {
        const batch = queues.takeBatch(operationsMax);
        if (batch.length === 0) return;
        void sendBatch(batch);
      }
    });
  };

  const ask = async (items: readonly Item[], patience: number): Promise<HotOperationResultWire[] | TollgateError> => {
    const operations = items.map(({ operation }) => operation);
    const timeoutMs = Math.max(1, remainingMs(items));
    try {
      const reply = await link.execute(HotOperationsDocument, { operations, patienceMs: patience }, timeoutMs);
      return reply.hotOperations;
    } catch (thrown) {
      return asTollgateError(thrown);
    }
  };

  const remainingMs = (items: readonly Item[]): number =>
    Math.ceil(Math.max(...items.map(({ deadlineMs }) => deadlineMs)) - monotonic());

  const sendBatch = async (batch: Item[]): Promise<void> => {
    requests += 1;
    await travel({ items: batch, isOfOneCustomer: false }, patienceMs, (left) => [
      { items: left, isOfOneCustomer: false },
    ]);
    requests -= 1;
    askAgain();
    schedule();
  };

  const askAgain = (): void => {
    while (waitingRequests < waitingRequestsMax) {
      const group = running.shift();
      if (!group) return;
      void waitFor(group);
    }
  };

  /** Asks for what is running, outside the other requests. Later operations of these customers wait behind it. */
  const waitFor = async (group: Group): Promise<void> => {
    const remaining = remainingMs(group.items) - travelMs;
    const patience = group.isOfOneCustomer ? Math.min(patienceMsMax, Math.max(0, remaining)) : patienceMs;
    waitingRequests += 1;
    await travel(group, patience, (left) =>
      [...byCustomer(left).values()].map((items) => ({ items, isOfOneCustomer: true })),
    );
    waitingRequests -= 1;
    askAgain();
    schedule();
  };

  /** One request: afterwards its customers are free again, but for those with something running. */
  const travel = async ({ items }: Group, patience: number, groupsOf: (left: Item[]) => Group[]): Promise<void> => {
    const asked = items.filter(({ isOver }) => !isOver);
    const answers = asked.length === 0 ? [] : await ask(asked, patience);
    const left = take(asked, answers).filter(({ isOver }) => !isOver);
    const isRefused = !Array.isArray(answers);
    const leftByCustomer = byCustomer(left);
    for (const customerId of byCustomer(items).keys()) {
      const own = leftByCustomer.get(customerId) ?? [];
      if (own.length === 0 || isRefused) queues.release(customerId, own);
    }
    if (!isRefused && left.length > 0) running.push(...groupsOf(left));
  };

  /** Hands out answers. Returns the items that have none yet: running, or to go alone after a refusal of all. */
  const take = (items: readonly Item[], answers: HotOperationResultWire[] | TollgateError): Item[] => {
    if (!Array.isArray(answers)) return failWhole(items, answers);
    return items.filter((item, index) => {
      const answer = answers[index];
      if (answer?.isRunning) return true;
      if (answer && !answer.error) onAnswer(answer, item.operation);
      const error = answer ? itemError(answer.error) : new TollgateError('INTERNAL', 'the engine gave no answer');
      finish(item, () => (error || !answer ? item.reject(error as TollgateError) : item.resolve(answer)));
      return false;
    });
  };

  const failWhole = (items: readonly Item[], error: TollgateError): Item[] => {
    if (items.length > 1 && !wholeCodes.includes(error.code)) {
      // One bad item must not take the others with it: each goes alone from now on.
      for (const item of items) item.isAlone = true;
      return [...items];
    }
    for (const item of items) finish(item, () => item.reject(error));
    return [];
  };

  const finish = (item: Item, tell: () => void): void => {
    if (item.isOver) return;
    item.isOver = true;
    open -= 1;
    clearTimeout(item.timer);
    tell();
  };

  return {
    run: (operation, timeoutMs) => {
      const customerId = customerOf(operation);
      return new Promise((resolve, reject) => {
        if (open >= waitingMax) throw new TollgateError('OVERLOADED', `${open} operations wait for the engine`);
        open += 1;
        const timeout = (): void =>
          finish(item, () => reject(new TollgateError('TIMEOUT', `the engine did not answer within ${timeoutMs} ms`)));
        const item: Item = {
          customerId,
          isAlone: false,
          operation,
          deadlineMs: monotonic() + timeoutMs,
          timer: setTimeout(timeout, Math.min(timeoutMs, timerMaxMs)),
          isOver: false,
          resolve,
          reject,
        };
        queues.push(item);
        schedule();
      });
    },
  };
}

function byCustomer(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.customerId) ?? [];
    groups.set(item.customerId, group);
    group.push(item);
  }
  return groups;
}

function customerOf(operation: HotOperationInput): string {
  const { reportUsage, consumeCredits, reserve, settle, release, extend } = operation;
  const item = reportUsage ?? consumeCredits ?? reserve ?? settle ?? release ?? extend;
  if (!item) throw new TollgateError('INTERNAL', 'a hot operation must be one of the known ones');
  return item.customerId;
}
