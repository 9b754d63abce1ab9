import { expect, test } from 'vitest';
import { backoffMs } from '../src/backoff.js';
import { customerQueues } from '../src/customer-queues.js';

const item = (customerId: string, name: string, isAlone = false) => ({ customerId, name, isAlone });
const names = (items: { name: string }[]): string[] => items.map(({ name }) => name);

test('a batch holds several customers, each in the order of arrival', () => {
  const queues = customerQueues<ReturnType<typeof item>>(() => {});
  for (const [customer, name] of ['a1', 'b1', 'a2', 'b2'].map((text) => [text.slice(0, 1), text] as const)) {
    queues.push(item(customer, name));
  }
  expect(names(queues.takeBatch(3))).toEqual(['a1', 'a2', 'b1']);
});

test('a customer with a batch under way waits, and others do not', () => {
  const queues = customerQueues<ReturnType<typeof item>>(() => {});
  queues.push(item('a', 'a1'));
  queues.takeBatch(10);
  queues.push(item('a', 'a2'));
  queues.push(item('b', 'b1'));
  expect(names(queues.takeBatch(10))).toEqual(['b1']);
  queues.release('a', []);
  expect(names(queues.takeBatch(10))).toEqual(['a2']);
});

test('what comes back goes in front of what came meanwhile', () => {
  const queues = customerQueues<ReturnType<typeof item>>(() => {});
  queues.push(item('a', 'a1'));
  const batch = queues.takeBatch(10);
  queues.push(item('a', 'a2'));
  queues.release('a', batch);
  expect(names(queues.takeBatch(10))).toEqual(['a1', 'a2']);
});

test('a customer who was released with a delay waits until woken', () => {
  const queues = customerQueues<ReturnType<typeof item>>(() => {});
  queues.push(item('a', 'a1'));
  queues.release('a', queues.takeBatch(10), 1_000_000);
  expect(queues.takeBatch(10)).toEqual([]);
  queues.wake();
  expect(names(queues.takeBatch(10))).toEqual(['a1']);
});

test('an item that travels alone shares its batch with nobody', () => {
  const queues = customerQueues<ReturnType<typeof item>>(() => {});
  queues.push(item('a', 'a1'));
  queues.push(item('a', 'a2', true));
  queues.push(item('b', 'b1', true));
  queues.push(item('c', 'c1'));
  expect(names(queues.takeBatch(10))).toEqual(['a1', 'c1']);
  queues.release('a', []);
  expect(names(queues.takeBatch(10))).toEqual(['b1']);
  expect(names(queues.takeBatch(10))).toEqual(['a2']);
});

test('a batch is no larger than a request may be, and one item always fits', () => {
  const sized = (customerId: string, name: string, bytes: number) => ({ ...item(customerId, name), bytes });
  const queues = customerQueues<ReturnType<typeof sized>>(() => {});
  for (const [customer, name, bytes] of [
    ['a', 'a1', 60],
    ['a', 'a2', 50],
    ['b', 'b1', 50],
    ['c', 'c1', 40],
    ['d', 'd1', 500],
  ] as const) {
    queues.push(sized(customer, name, bytes));
  }
  // 60 and 40 are all that fits.
  expect(names(queues.takeBatch(10, 100))).toEqual(['a1', 'c1']);
  expect(names(queues.takeBatch(10, 100))).toEqual(['b1']);
  expect(names(queues.takeBatch(10, 100))).toEqual(['d1']);
  queues.release('a', []);
  expect(names(queues.takeBatch(10, 100))).toEqual(['a2']);
});

test('the wait between attempts doubles up to a ceiling, and lies between half of it and all of it', () => {
  const bounds = { initialMs: 100, maxMs: 1_000 };
  const least = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, bounds, () => 0));
  const most = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, bounds, () => 1));
  expect(least).toEqual([50, 100, 200, 400, 500, 500]);
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(100_000, bounds, () => 1)).toBe(1_000);
});
