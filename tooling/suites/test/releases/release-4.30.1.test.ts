import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditReaders, creditReaders, promotion, type WatchedClient } from '../../src/credit-readers.js';
import { storages } from '../../src/storages.js';

const currencyId = 'ai-credits';

describe.each(storages)('on %s', (storage) => {
  let stage: CreditReaders;
  beforeAll(async () => {
    stage = await creditReaders(storage);
  });
  afterAll(() => stage.close());

  /** What a client answers, and how often it asks the engine for that. */
  const counted = async <T>({ calls }: WatchedClient, read: () => Promise<T>): Promise<[T, number]> => {
    const before = calls();
    return [await read(), calls() - before];
  };

  test('4.30.1 accepts a warm read of credits without any call to the engine', async () => {
    const customerId = await stage.customer('plan-hard');
    const reader = await stage.reader();
    const { client } = reader;
    expect((await counted(reader, () => client.getCreditEntitlement({ customerId, currencyId })))[1]).toBe(1);
    const answers = [
      () => client.getCreditEntitlement({ customerId, currencyId }),
      () => client.getEntitlementV2({ customerId, currencyId }),
      () => client.getEntitlementV2({ customerId, featureId: 'feature-answers' }),
      () => client.getEntitlementsStateV2(customerId).then(({ entitlements }) => entitlements.at(-1)),
    ];
    for (const read of answers) {
      const [answer, calls] = await counted<object | undefined>(reader, read);
      expect(answer).toMatchObject({ hasAccess: true, isFallback: false, hasSoftLimit: false });
      expect(calls).toBe(0);
    }
  });

  test('4.30.1 accepts a read from Redis without any call to the engine, in a process that knows nothing yet', async () => {
    const customerId = await stage.customer('plan-hard');
    const reader = await stage.behindRedis(customerId);
    const read = () => reader.client.getCreditEntitlement({ customerId, currencyId });
    const [answer, calls] = await counted(reader, read);
    expect(answer).toMatchObject({ hasAccess: true, isFallback: false, currentBalance: 50, totalGranted: 50 });
    expect(calls).toBe(0);
  });

  test('4.30.1 accepts credits that come anew each month, and says when they next do', async () => {
    const customerId = await stage.customer('plan-hard', 5);
    const { client } = await stage.reader();
    expect(await client.getCreditEntitlement({ customerId, currencyId })).toMatchObject({
      currentBalance: 55,
      // Subscribed on January 10.
      usagePeriodEnd: new Date('2026-02-10T00:00:00.000Z'),
    });
  });

  test('4.30.1 accepts credits that were granted once, without a subscription and without a reset', async () => {
    const customerId = await stage.customer();
    await stage.manager.grantCredits({ ...promotion, customerId, amount: 7 });
    const { client } = await stage.reader();
    const answer = await client.getCreditEntitlement({ customerId, currencyId });
    expect(answer).toMatchObject({ hasAccess: true, currentBalance: 7, totalConsumed: 0, usageLimit: 7 });
    expect(Object.keys(answer)).not.toContain('usagePeriodEnd');
  });

  test('4.30.1 rejects an unknown currency with EntitlementNotFound, from Redis too, and is no fallback', async () => {
    const customerId = await stage.customer('plan-hard');
    for (const reader of [await stage.reader(), await stage.behindRedis(customerId)]) {
      for (const unknown of ['gold', 'no-such-currency']) {
        expect(await reader.client.getCreditEntitlement({ customerId, currencyId: unknown })).toEqual({
          type: 'CREDIT',
          hasAccess: false,
          isFallback: false,
          accessDeniedReason: 'EntitlementNotFound',
          currentBalance: 0,
          totalGranted: 0,
          totalConsumed: 0,
          usageLimit: 0,
          currentUsage: 0,
          hasSoftLimit: false,
        });
      }
    }
  });
});
