import { TollgateError } from '@tollgate/contract';
import { expect, test } from 'vitest';
import { createCustomerQueue } from '../src/customer-queue.js';

/** A queue that doubles numbers, notes its batches, and fails as a whole for every batch that holds a 13. */
function doubling(options: { togetherMax?: number; waitingMax?: number; failure?: Error } = {}) {
  const { togetherMax = 100, waitingMax = 100, failure = new Error('spoiled') } = options;
  const batches: string[] = [];
  const queue = createCustomerQueue<number, number>({
    togetherMax,
    waitingMax,
    runTogether: async (key, jobs) => {
      batches.push(`${key}: ${jobs.join(' ')}`);
      if (jobs.includes(13)) throw failure;
      return jobs.map((job) => 2 * job);
    },
  });
  return { queue, batches };
}

test('what is asked for at once travels together, customer by customer, in order and within the size', async () => {
  const { queue, batches } = doubling({ togetherMax: 2 });
  const results = await Promise.all([queue.add('a', 1), queue.add('b', 2), queue.add('a', 3), queue.add('a', 4)]);
  expect(results).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual(['a: 1 3', 'b: 2', 'a: 4']);
});

test('whoever asks within the same turn of the event loop travels along, however deep in promises', async () => {
  const { queue, batches } = doubling();
  const deep = async (depth: number, job: number): Promise<number> =>
    depth === 0 ? queue.add('a', job) : Promise.resolve().then(() => deep(depth - 1, job));
  await Promise.all([deep(0, 1), deep(3, 2), deep(20, 3)]);
  expect(batches).toEqual(['a: 1 2 3']);
});

test('when a batch fails, its jobs run again one by one and only the bad one fails', async () => {
  const { queue, batches } = doubling();
  const results = await Promise.allSettled([queue.add('a', 1), queue.add('a', 13), queue.add('a', 2)]);
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.message))).toEqual([
    2,
    'spoiled',
    4,
  ]);
  expect(batches).toEqual(['a: 1 13 2', 'a: 1', 'a: 13', 'a: 2']);
});

test('when the database is out of reach nothing is tried again', async () => {
  const { queue, batches } = doubling({ failure: new TollgateError('UNAVAILABLE', 'gone') });
  const results = await Promise.allSettled([queue.add('a', 1), queue.add('a', 13)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(batches).toHaveLength(1);
});

test('a queue that is full says so at once, and takes more when it has run', async () => {
  const { queue } = doubling({ waitingMax: 2 });
  const waiting = [queue.add('a', 1), queue.add('a', 2)];
  await expect(queue.add('a', 3)).rejects.toMatchObject({ code: 'OVERLOADED', isRetryable: true });
  await expect(queue.add('b', 3)).resolves.toBe(6);
  await Promise.all(waiting);
  await expect(queue.add('a', 3)).resolves.toBe(6);
  await queue.idle();
});
