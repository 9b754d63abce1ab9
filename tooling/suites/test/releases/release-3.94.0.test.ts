import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditReaders, creditReaders, promotion, type WatchedClient } from '../../src/credit-readers.js';
import { storages } from '../../src/storages.js';
import { until } from '../../src/until.js';

const currencyId = 'ai-credits';

describe.each(storages)('on %s', (storage) => {
  let stage: CreditReaders;
  beforeAll(async () => {
    stage = await creditReaders(storage);
  });
  afterAll(() => stage.close());

  let spent = 0;
  const spend = (customerId: string, amount: number) =>
    stage.manager.consumeCredits({ customerId, currencyId, amount, idempotencyKey: `key-${++spent}` });
  const balance = async ({ client }: WatchedClient, customerId: string) =>
    (await client.getCreditEntitlement({ customerId, currencyId })).currentBalance;
  /** Whether so many answers, at 3 credits each, could be paid. */
  const pays = async ({ client }: WatchedClient, customerId: string, requestedUsage: number) =>
    (await client.getMeteredEntitlement({ customerId, featureId: 'feature-answers', options: { requestedUsage } }))
      .hasAccess;
  const heard = ({ client }: WatchedClient, customerId: string) => {
    const changes: object[] = [];
    client.addListener('creditBalanceUpdated', (change) => {
      if (change.customerId === customerId) changes.push(change);
    });
    return changes;
  };

  test('3.94.0 accepts a push of a balance: the wallet and the features it pays for change in the cache', async () => {
    const customerId = await stage.customer('plan-hard');
    const reader = await stage.reader();
    expect([await balance(reader, customerId), await pays(reader, customerId, 16)]).toEqual([50, true]);
    const before = reader.calls();
    await spend(customerId, 41);
    await until(
      () => balance(reader, customerId),
      (seen) => seen === 9,
    );
    // 9 credits pay for 3 answers at 3 credits each.
    expect([await pays(reader, customerId, 3), await pays(reader, customerId, 4)]).toEqual([true, false]);
    expect(reader.calls()).toBe(before);
  });

  test('3.94.0 accepts listeners to creditBalanceUpdated: each change is told once, with the numbers', async () => {
    const customerId = await stage.customer('plan-bare');
    await stage.manager.grantCredits({ ...promotion, customerId, amount: 100 });
    const reader = await stage.reader();
    await balance(reader, customerId);
    const changes = heard(reader, customerId);
    await spend(customerId, 30);
    await until(
      () => changes.length,
      (count) => count >= 1,
    );
    // Its own change: told from the reply, and not once more from the feed.
    await reader.client.consumeCredits({ customerId, currencyId, amount: 20, idempotencyKey: 'own' });
    const numbers = { customerId, resourceId: null, currencyId, totalGranted: 100, usagePeriodEnd: null };
    const expected = [
      { ...numbers, currentBalance: 70, totalConsumed: 30 },
      { ...numbers, currentBalance: 50, totalConsumed: 50 },
    ];
    expect(changes).toEqual(expected);
    await until(
      () => reader.batches.flatMap(({ wallets }) => wallets).at(-1)?.part.balance,
      (amount) => amount === 50_000_000n,
    );
    expect(changes).toEqual(expected);
    // What it grants comes with the reply as a whole snapshot, and the feed is what tells of it.
    await reader.client.grantCredits({ ...promotion, customerId, amount: 10 });
    const granted = { ...numbers, currentBalance: 60, totalConsumed: 50, totalGranted: 110 };
    await until(
      () => changes.length,
      (count) => count > 2,
    );
    expect(changes).toEqual([...expected, granted]);
  });

  test('3.94.0 accepts an older push and ignores it, without a word', async () => {
    const customerId = await stage.customer('plan-bare', 100);
    const reader = await stage.reader();
    await balance(reader, customerId);
    const changes = heard(reader, customerId);
    await spend(customerId, 30);
    await until(
      () => balance(reader, customerId),
      (seen) => seen === 70,
    );
    const older = reader.batches.find(({ wallets }) => wallets.some(({ part }) => part.balance === 70_000_000n));
    await spend(customerId, 20);
    await until(
      () => balance(reader, customerId),
      (seen) => seen === 50,
    );
    if (!older) throw new Error('the feed has not told of 70 credits');
    reader.tellAgain(older);
    expect(await balance(reader, customerId)).toBe(50);
    expect([await pays(reader, customerId, 16), await pays(reader, customerId, 17)]).toEqual([true, false]);
    expect(changes).toHaveLength(2);
  });

  test('3.94.0 accepts that validUntil passes: what is cached is fetched again', async () => {
    const customerId = await stage.customer('plan-bare');
    const expireAt = new Date(stage.host.clock.now() + 86_400_000);
    await stage.manager.grantCredits({ ...promotion, customerId, amount: 40, expireAt });
    await stage.manager.grantCredits({ ...promotion, customerId, amount: 5 });
    const reader = await stage.reader();
    const read = () => reader.client.getCreditEntitlement({ customerId, currencyId });
    expect(await read()).toMatchObject({ currentBalance: 45, validUntil: expireAt });
    const before = reader.calls();
    await read();
    expect(reader.calls()).toBe(before);
    stage.host.clock.set(expireAt.getTime());
    await until(read, ({ currentBalance }) => currentBalance === 5);
    expect(reader.calls()).toBeGreaterThan(before);
    const after = reader.calls();
    expect(Object.keys(await read())).not.toContain('validUntil');
    expect(reader.calls()).toBe(after);
  });
});
