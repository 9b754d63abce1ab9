import { TollgateError } from '@tollgate/contract';

/** Writes of one customer that wait for each other: those that come while one runs travel together in the next. */
export interface CustomerQueue<Job, Result> {
  /** Rejects with OVERLOADED while too much waits. */
  add(key: string, job: Job): Promise<Result>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

export interface CustomerQueueOptions<Job, Result> {
  /** Does several jobs of one customer in one transaction; one result per job. */
  runTogether(key: string, jobs: readonly Job[]): Promise<Result[]>;
  togetherMax: number;
  waitingMax: number;
}

interface Waiting<Job, Result> {
  job: Job;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Different customers do not wait for each other. */
export function createCustomerQueue<Job, Result>({
  runTogether,
  togetherMax,
  waitingMax,
}: CustomerQueueOptions<Job, Result>): CustomerQueue<Job, Result> {
  const queues = new Map<string, Waiting<Job, Result>[]>();
  const running = new Set<Promise<void>>();

  async function drain(key: string, queue: Waiting<Job, Result>[]): Promise<void> {
    do {
      // Callers who were just answered ask again before this turn of the event loop is over: they travel together.
      await endOfTurn();
      await runBatch(key, queue.splice(0, togetherMax));
    } while (queue.length > 0);
    queues.delete(key);
  }

  async function runBatch(key: string, batch: readonly Waiting<Job, Result>[]): Promise<void> {
    try {
      const jobs = batch.map(({ job }) => job);
      const results = await runTogether(key, jobs);
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      if (batch.length === 1 || isOutOfReach(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One of them spoils the transaction for all, so each gets one of its own.
      for (const waiting of batch) await runBatch(key, [waiting]);
    }
  }

  return {
    add: (key, job) => {
      const queue = queues.get(key) ?? [];
      if (queue.length >= waitingMax) {
        return Promise.reject(new TollgateError('OVERLOADED', `${waitingMax} writes of this customer wait already`));
      }
      return new Promise<Result>((resolve, reject) => {
        queue.push({ job, resolve, reject });
        if (queues.has(key)) return;
        queues.set(key, queue);
        const drained = drain(key, queue);
        running.add(drained);
        void drained.then(() => running.delete(drained));
      });
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Then a second try would only wait for the same thing again. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof TollgateError && (error.code === 'UNAVAILABLE' || error.code === 'CLOSED');
}
