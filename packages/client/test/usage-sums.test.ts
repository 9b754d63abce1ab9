import type { ReportUsageInput } from '@tollgate/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UsageEvent } from '../src/hook-events.js';
import { usageSums } from '../src/usage-sums.js';

const calls = { customerId: 'acme', resourceId: null, featureId: 'calls', name: 'acme calls' };
const exports = { ...calls, featureId: 'exports', name: 'acme exports' };

function newSums() {
  const items: ReportUsageInput[] = [];
  const told: UsageEvent[] = [];
  const state = { isClosed: false };
  const sums = usageSums({
    addItem: (input) => {
      items.push(input);
      return new Promise(() => {});
    },
    newId: () => `key-${items.length + 1}`,
    isClosed: () => state.isClosed,
    hooks: { onUsage: (event) => told.push(event) },
  });
  const values = () => items.map(({ value }) => value);
  return { sums, items, told, state, values };
}

describe('amounts of one counter', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are one item, with the key and the promise of the first', () => {
    const { sums, items, values } = newSums();
    const first = sums.add(calls, 1_000_000n);
    expect(sums.add(calls, 500_000n)).toBe(first);
    expect(sums.add(exports, 4_000_000n)).not.toBe(first);
    expect(values()).toEqual(['1.5', '4']);
    expect(items[0]).toMatchObject({ customerId: 'acme', featureId: 'calls', idempotencyKey: 'key-1' });
  });

  test('are another one 100 ms after the first of them', () => {
    const { sums, values } = newSums();
    sums.add(calls, 1_000_000n);
    vi.advanceTimersByTime(99);
    sums.add(calls, 2_000_000n);
    vi.advanceTimersByTime(1);
    sums.add(calls, 4_000_000n);
    vi.advanceTimersByTime(99);
    sums.add(calls, 8_000_000n);
    expect(values()).toEqual(['3', '12']);
  });

  test('are another one when the item has left', () => {
    const { sums, items, values } = newSums();
    sums.add(calls, 1_000_000n);
    sums.end({ ...(items[0] as ReportUsageInput) });
    sums.add(calls, 2_000_000n);
    expect(values()).toEqual(['3']);
    sums.end(items[0] as ReportUsageInput);
    sums.add(calls, 4_000_000n);
    expect(values()).toEqual(['3', '4']);
  });

  test('are another one where the sum would be nothing, or more than the engine takes', () => {
    const { sums, values } = newSums();
    sums.add(calls, 1_000_000n);
    sums.add(calls, -1_000_000n);
    expect(values()).toEqual(['1', '-1']);
    vi.advanceTimersByTime(50);
    sums.add(calls, -9_007_199_254_000_000n);
    // The one before must not end this one when its own time is up.
    vi.advanceTimersByTime(60);
    sums.add(calls, 2_000_000n);
    expect(values()).toEqual(['1', '-1', '-9007199252']);
    vi.advanceTimersByTime(40);
    sums.add(calls, 1_000_000n);
    expect(values()).toEqual(['1', '-1', '-9007199252', '1']);
  });

  test('are items of their own once the client is closed: whoever takes them refuses them', () => {
    const { sums, items, state } = newSums();
    sums.add(calls, 1_000_000n);
    state.isClosed = true;
    sums.add(calls, 1_000_000n);
    expect(items).toHaveLength(2);
  });

  test('are told one by one, with the key of the whole', () => {
    const { sums, told } = newSums();
    sums.add(calls, 1_000_000n);
    sums.add(calls, 500_000n);
    // The first is told by whoever takes the item.
    expect(told).toEqual([
      expect.objectContaining({ kind: 'accepted', idempotencyKey: 'key-1', featureId: 'calls', amount: 0.5 }),
    ]);
  });
});
