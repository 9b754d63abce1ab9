import type { ChangeBatch, Version } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { mergeBatches } from '../src/changes.js';

const version = (revision: number): Version => ({ epoch: 'e1', catalog: 1, revision, validFrom: 0 });
const key = (customerId: string) => ({ customerId, resourceId: null });
const used = (
  customerId: string,
  featureId: string,
  revision: number,
  amount: bigint,
): ChangeBatch['usage'][number] => ({
  key: key(customerId),
  part: {
    featureId,
    version: version(revision),
    validUntil: null,
    currentUsage: amount,
    held: 0n,
    heldUntil: null,
    usagePeriodStart: null,
    usagePeriodEnd: null,
  },
});
const wallet = (customerId: string, currencyId: string, revision: number, balance: bigint) => ({
  key: key(customerId),
  part: {
    currency: {
      currencyId,
      displayName: currencyId,
      description: null,
      symbol: null,
      unit: null,
      units: null,
      metadata: {},
    },
    version: version(revision),
    validUntil: null,
    endsAt: null,
    hasSoftLimit: false,
    balance,
    totalGranted: 100n,
    totalConsumed: 100n - balance,
    held: 0n,
    heldUntil: null,
    usagePeriodEnd: null,
  },
});
const batch = (fields: Partial<ChangeBatch>): ChangeBatch => ({
  cursor: 'c1',
  clock: { now: 1, isFrozen: false },
  epoch: 'e1',
  catalog: 1,
  isResync: false,
  usage: [],
  wallets: [],
  grants: [],
  ...fields,
});

describe('batches that wait for a slow reader', () => {
  test('become one with the newest state per part and the later position', () => {
    const earlier = batch({
      usage: [used('a', 'f', 1, 10n), used('b', 'f', 2, 20n)],
      grants: [{ key: key('a'), version: version(5) }],
    });
    const later = batch({
      cursor: 'c2',
      catalog: 2,
      clock: { now: 9, isFrozen: true },
      usage: [used('a', 'f', 3, 30n), used('a', 'g', 3, 1n)],
      grants: [{ key: key('a'), version: version(6) }],
    });
    expect(mergeBatches(earlier, later)).toEqual({
      cursor: 'c2',
      clock: { now: 9, isFrozen: true },
      epoch: 'e1',
      catalog: 2,
      isResync: false,
      usage: [used('a', 'f', 3, 30n), used('b', 'f', 2, 20n), used('a', 'g', 3, 1n)],
      wallets: [],
      grants: [{ key: key('a'), version: version(6) }],
    });
  });

  test('keep the state with the higher version even when it came first', () => {
    const merged = mergeBatches(batch({ usage: [used('a', 'f', 8, 80n)] }), batch({ usage: [used('a', 'f', 7, 70n)] }));
    expect(merged.usage).toEqual([used('a', 'f', 8, 80n)]);
  });

  test('keep the newest state of each wallet', () => {
    const earlier = batch({ wallets: [wallet('a', 'gold', 8, 80n), wallet('b', 'gold', 2, 20n)] });
    const later = batch({ wallets: [wallet('a', 'gold', 7, 70n), wallet('a', 'silver', 7, 7n)] });
    expect(mergeBatches(earlier, later).wallets).toEqual([
      wallet('a', 'gold', 8, 80n),
      wallet('b', 'gold', 2, 20n),
      wallet('a', 'silver', 7, 7n),
    ]);
  });

  test('do not forget that one of them asked for a resync', () => {
    expect(mergeBatches(batch({ isResync: true }), batch({})).isResync).toBe(true);
  });

  test('become a resync when more parts wait than are worth keeping', () => {
    const many = batch({ usage: [used('a', 'f', 1, 1n)], wallets: [wallet('b', 'gold', 1, 1n)] });
    const merged = mergeBatches(many, batch({ cursor: 'c9', usage: [used('c', 'f', 1, 1n)] }), 2);
    expect(merged).toMatchObject({ cursor: 'c9', isResync: true, usage: [], wallets: [], grants: [] });
  });
});
