import type { GrantsChange, UsageChange } from '@tollgate/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFollower, type FeedBatch, type FeedFollower } from '../src/storage/feed-follower.js';

let batches: FeedBatch[];
let errors: unknown[];
let follower: FeedFollower;

beforeEach(() => {
  vi.useFakeTimers();
  batches = [];
  errors = [];
  const listener = { onBatch: (batch: FeedBatch) => void batches.push(batch), onEnd: () => undefined };
  follower = createFollower(listener, { intervalMs: 50, quietMs: 800, onError: (error) => errors.push(error) });
});
afterEach(() => {
  follower.stop();
  vi.useRealTimers();
});

const version = (revision: number) => ({ epoch: 'e1', catalog: 1, revision, validFrom: 0 });

const usage = (customerId: string, featureId: string, revision: number): UsageChange => ({
  key: { customerId, resourceId: null },
  part: {
    featureId,
    version: version(revision),
    validUntil: null,
    currentUsage: BigInt(revision),
    held: 0n,
    heldUntil: null,
    usagePeriodStart: null,
    usagePeriodEnd: null,
  },
});

const grants = (customerId: string, resourceId: string | null, revision: number): GrantsChange => ({
  key: { customerId, resourceId },
  version: version(revision),
});

const batch = (cursor: string, content: Partial<FeedBatch> = {}): FeedBatch => ({
  cursor,
  epoch: 'e1',
  catalog: 1,
  isResync: false,
  wallets: [],
  usage: [],
  grants: [],
  ...content,
});

test('the first batch goes out at once, also when it is empty', () => {
  follower.push(batch('a'));
  expect(batches).toEqual([batch('a')]);
});

test('what comes within 50 ms of a batch goes out together after it, each part in its newest state', () => {
  follower.push(batch('a', { usage: [usage('c', 'f', 1)] }));
  follower.push(batch('b', { usage: [usage('c', 'f', 3), usage('d', 'f', 1)], grants: [grants('c', null, 2)] }));
  follower.push(batch('c', { usage: [usage('c', 'f', 2), usage('c', 'g', 1)], grants: [grants('c', null, 3)] }));
  follower.push(batch('d', { grants: [grants('c', 'r', 1)] }));
  vi.advanceTimersByTime(49);
  expect(batches).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(batches.slice(1)).toEqual([
    batch('d', {
      usage: [usage('c', 'f', 3), usage('d', 'f', 1), usage('c', 'g', 1)],
      grants: [grants('c', null, 3), grants('c', 'r', 1)],
    }),
  ]);
});

test('one batch never holds two states of a part, however they were read', () => {
  follower.push(batch('a', { usage: [usage('c', 'f', 2), usage('c', 'f', 1)] }));
  expect(batches).toEqual([batch('a', { usage: [usage('c', 'f', 2)] })]);
});

test('nothing new sends nothing until it has been quiet too long, then one empty batch with the newest cursor', () => {
  follower.push(batch('a'));
  vi.advanceTimersByTime(799);
  follower.push(batch('b'));
  expect(batches).toHaveLength(1);
  vi.advanceTimersByTime(1);
  follower.push(batch('c'));
  expect(batches).toEqual([batch('a'), batch('c')]);
  follower.push(batch('d'));
  expect(batches).toHaveLength(2);
});

test('no sign of life goes out while nothing is read', () => {
  follower.push(batch('a'));
  vi.advanceTimersByTime(60_000);
  expect(batches).toHaveLength(1);
});

test('a raised catalog number and another epoch are news', () => {
  follower.push(batch('a'));
  vi.advanceTimersByTime(50);
  follower.push(batch('b', { catalog: 2 }));
  vi.advanceTimersByTime(50);
  follower.push(batch('c', { catalog: 2, epoch: 'e2' }));
  expect(batches.map(({ cursor }) => cursor)).toEqual(['a', 'b', 'c']);
});

test('a resync drops what it makes stale, and is not lost when more follows', () => {
  follower.push(batch('a'));
  follower.push(batch('b', { usage: [usage('c', 'f', 1)] }));
  follower.push(batch('c', { isResync: true }));
  follower.push(batch('d', { usage: [usage('d', 'f', 1)] }));
  vi.advanceTimersByTime(50);
  expect(batches.slice(1)).toEqual([batch('d', { isResync: true, usage: [usage('d', 'f', 1)] })]);
});

test('after it was stopped nothing goes out', () => {
  follower.push(batch('a'));
  follower.push(batch('b', { usage: [usage('c', 'f', 1)] }));
  follower.stop();
  vi.advanceTimersByTime(1000);
  follower.push(batch('c', { usage: [usage('c', 'f', 2)] }));
  expect(batches).toHaveLength(1);
});

test('a listener that throws is reported and still gets the next batch', () => {
  const heard: string[] = [];
  const listener = {
    onBatch: ({ cursor }: FeedBatch) => {
      heard.push(cursor);
      throw new Error('broken listener');
    },
    onEnd: () => {
      throw new Error('broken end');
    },
  };
  const broken = createFollower(listener, { intervalMs: 50, quietMs: 800, onError: (error) => errors.push(error) });
  broken.push(batch('a'));
  vi.advanceTimersByTime(50);
  broken.push(batch('b', { catalog: 2 }));
  broken.end(null);
  expect(heard).toEqual(['a', 'b']);
  expect(errors.map(String)).toEqual(['Error: broken listener', 'Error: broken listener', 'Error: broken end']);
});
