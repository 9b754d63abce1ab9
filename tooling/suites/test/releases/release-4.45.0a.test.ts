import { Tollgate } from '@tollgate/client';
import type { CatalogDocument, Transport } from '@tollgate/contract';
import { createStack, testClock } from '@tollgate/server/embedded';
import { freshPostgres } from '@tollgate/services';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';
import { until } from '../../src/until.js';

const now = '2026-01-10T00:00:00.000Z';
const currencyId = 'credits-ai';
const rate = (amount: number) => ({ hasUnlimitedUsage: true, creditRate: { currencyId, amount } });

/** Answers at 2 credits, images at 1, prompts at 4 by events, and seats that cost nothing. */
const catalog: CatalogDocument = {
  products: { 'product-app': { displayName: 'App' } },
  customCurrencies: { [currencyId]: { displayName: 'AI credits' } },
  features: {
    'feature-answers': { displayName: 'Answers', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-images': { displayName: 'Images', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-prompts': {
      displayName: 'Prompts',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'prompt' }] }],
      },
    },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  plans: {
    'plan-app': {
      displayName: 'App',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-answers': rate(2),
        'feature-images': rate(1),
        'feature-prompts': rate(4),
        'feature-seats': { hasUnlimitedUsage: true },
      },
    },
  },
};

const provision = async (client: Tollgate, customerId: string): Promise<string> => {
  await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-app' } });
  const grantType = 'PROMOTIONAL' as const;
  await client.grantCredits({ customerId, currencyId, amount: 100, displayName: '100 credits', grantType });
  return customerId;
};

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, now, { catalog });
    client = stack.client();
  });
  afterAll(() => stack?.close());

  let last = 0;
  const customer = () => provision(client, `customer-${++last}`);
  const answers = { featureId: 'feature-answers', value: 3 };
  const balanceOf = async (customerId: string) =>
    (await client.getCreditEntitlement({ customerId, currencyId })).currentBalance;

  test('4.45.0a accepts a report of 3 units at 2 credits: the ack says 6 of 100, and the next read sees 94', async () => {
    const customerId = await customer();
    expect(await balanceOf(customerId)).toBe(100);
    const misses: unknown[] = [];
    client.addListener('cacheMiss', (lookup) => misses.push(lookup));
    const { credit } = await client.reportUsage({ customerId, ...answers });
    expect(credit).toEqual({
      currencyId,
      currentUsage: 6,
      usageLimit: 100,
      timestamp: new Date(now),
      consumed: 6,
    });
    expect(await client.getCreditEntitlement({ customerId, currencyId })).toMatchObject({
      currentBalance: 94,
      totalConsumed: 6,
      totalGranted: 100,
    });
    // From memory, without asking the engine.
    expect(misses).toEqual([]);
  });

  test('4.45.0a accepts a second feature on the same currency: what the ack says is of the whole wallet', async () => {
    const customerId = await customer();
    await client.reportUsage({ customerId, ...answers });
    const { credit } = await client.reportUsage({ customerId, featureId: 'feature-images', value: 2 });
    expect(credit).toMatchObject({ currentUsage: 8, usageLimit: 100, consumed: 2 });
    expect(await balanceOf(customerId)).toBe(92);
  });

  test('4.45.0a accepts the same key again: nothing is consumed, and the balance stays', async () => {
    const customerId = await customer();
    const report = { customerId, ...answers, idempotencyKey: 'once' };
    await client.reportUsage(report);
    const { credit } = await client.reportUsage(report);
    expect(credit).toMatchObject({ currentUsage: 6, consumed: 0 });
    expect(await balanceOf(customerId)).toBe(94);
  });

  test('4.45.0a accepts a feature that costs no credits: the ack says nothing of them', async () => {
    const customerId = await customer();
    expect(await client.reportUsage({ customerId, featureId: 'feature-seats', value: 3 })).not.toHaveProperty('credit');
    expect(await balanceOf(customerId)).toBe(100);
  });

  test('4.45.0a accepts an event, answers nothing, and charges it a little later', async () => {
    const customerId = await customer();
    const event = { customerId, eventName: 'prompt', idempotencyKey: 'p1' };
    expect(await client.reportEvent(event)).toBeUndefined();
    await until(
      () => balanceOf(customerId),
      (balance) => balance === 96,
    );
  });

  test('4.45.0a accepts a report of more than there is: the balance falls below zero, and the next check says no', async () => {
    const customerId = await customer();
    const { credit } = await client.reportUsage({ customerId, featureId: 'feature-answers', value: 55 });
    expect(credit).toMatchObject({ currentUsage: 110, consumed: 110 });
    expect(await client.getCreditEntitlement({ customerId, currencyId })).toMatchObject({
      currentBalance: -10,
      hasAccess: false,
      accessDeniedReason: 'InsufficientCredits',
    });
    const feature = await client.getMeteredEntitlement({ customerId, featureId: 'feature-answers' });
    expect(feature).toMatchObject({ hasAccess: false, accessDeniedReason: 'InsufficientCredits' });
  });

  test.each([Number.NaN, 'three', null])('4.45.0a rejects a value of %s, and consumes nothing', async (value) => {
    const customerId = await customer();
    const report = client.reportUsage({ customerId, featureId: 'feature-answers', value: value as never });
    await expect(report).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'value' });
    expect(await balanceOf(customerId)).toBe(100);
  });

  test('consumed credits are told with the wallet, once for each key, and the next read sees them', async () => {
    const customerId = await customer();
    const consumption = { customerId, currencyId, amount: 12.5, idempotencyKey: 'c1', dimensions: { model: 'large' } };
    const consumed = await client.consumeCredits(consumption);
    expect(consumed).toEqual({
      customerId,
      currencyId,
      amount: 12.5,
      timestamp: new Date(now),
      credit: { currencyId, currentUsage: 12.5, usageLimit: 100, timestamp: new Date(now) },
    });
    expect(await balanceOf(customerId)).toBe(87.5);
    expect((await client.consumeCredits(consumption)).credit.currentUsage).toBe(12.5);
    expect(await balanceOf(customerId)).toBe(87.5);
    await expect(client.consumeCredits({ ...consumption, amount: 1 })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    await expect(client.consumeCredits({ ...consumption, amount: 0 })).rejects.toMatchObject({ field: 'amount' });
  });

  test('what is reserved is seen by the next read, settled with what was used, and given back with the rest', async () => {
    const customerId = await customer();
    const canUse = async (credits: number) =>
      (await client.reserve({ customerId, items: [{ currencyId, amount: credits }] })).status;
    const held = await client.reserve({
      customerId,
      reservationId: 'r1',
      items: [
        { featureId: 'feature-answers', amount: 10 },
        { currencyId, amount: 30 },
      ],
      ttlMs: 60_000,
    });
    expect(held).toEqual({
      reservationId: 'r1',
      customerId,
      status: 'HELD',
      expiresAt: new Date(Date.parse(now) + 60_000),
      items: [
        { featureId: 'feature-answers', amount: 10 },
        { currencyId, amount: 30 },
      ],
      denials: [],
    });
    // 10 answers at 2 credits and 30 credits are held: 50 are left, and 51 are too many.
    const denied = await client.reserve({ customerId, items: [{ currencyId, amount: 51 }] });
    expect(denied).toMatchObject({ status: 'DENIED', denials: [{ item: 0, reason: 'InsufficientCredits' }] });
    expect(await client.extendReservation({ customerId, reservationId: 'r1', ttlMs: 90_000 })).toMatchObject({
      status: 'HELD',
      expiresAt: new Date(Date.parse(now) + 90_000),
    });
    const settled = await client.settleReservation({
      customerId,
      reservationId: 'r1',
      amounts: [{ item: 0, amount: 4 }],
    });
    expect(settled.status).toBe('SETTLED');
    expect(settled.items.map((item) => item.settled)).toEqual([4, 30]);
    // 4 answers at 2 credits, and 30.
    expect(await balanceOf(customerId)).toBe(62);
    expect(
      await client.settleReservation({ customerId, reservationId: 'r1', amounts: [{ item: 0, amount: 4 }] }),
    ).toEqual(settled);
    expect(await client.getReservation({ customerId, reservationId: 'r1' })).toEqual(settled);
    expect(await client.getReservation({ customerId, reservationId: 'none' })).toBeNull();
    expect(await balanceOf(customerId)).toBe(62);
    await client.reserve({ customerId, reservationId: 'r2', items: [{ currencyId, amount: 62 }] });
    expect(await canUse(1)).toBe('DENIED');
    expect((await client.releaseReservation({ customerId, reservationId: 'r2' })).status).toBe('RELEASED');
    expect(await canUse(1)).toBe('HELD');
  });
});

test('4.45.0a accepts no older news: an ack that comes late does not put back what others have used since', async () => {
  const database = await freshPostgres(inject('postgresUrl'));
  const stack = await createStack({ database: database.url, catalog, clock: testClock(Date.parse(now)) });
  let letAcksGo = (): void => {};
  const acks = new Promise<void>((resolve) => {
    letAcksGo = resolve;
  });
  const slowAcks: Transport = {
    ...stack.transport,
    execute: async (operation, variables, options) => {
      const reply = await stack.transport.execute(operation, variables, options);
      if (String(operation).includes('mutation HotOperations')) await acks;
      return reply;
    },
  };
  const [late, other] = [slowAcks, stack.transport].map((transport) => Tollgate.initialize({ transport }));
  try {
    if (!late || !other) throw new Error('there are two clients');
    const customerId = await provision(other, 'acme');
    const balance = async () => (await late.getCreditEntitlement({ customerId, currencyId })).currentBalance;
    expect(await balance()).toBe(100);
    const report = late.reportUsage({ customerId, featureId: 'feature-answers', value: 3 });
    // The feed tells of the report, and then of another client's, before the ack of the first is there.
    await until(balance, (seen) => seen === 94);
    await other.reportUsage({ customerId, featureId: 'feature-images', value: 2 });
    await until(balance, (seen) => seen === 92);
    letAcksGo();
    expect((await report).credit).toMatchObject({ currentUsage: 6, consumed: 6 });
    expect(await balance()).toBe(92);
  } finally {
    await Promise.all([late?.close(), other?.close()]);
    await stack.close();
    await database.drop();
  }
});
