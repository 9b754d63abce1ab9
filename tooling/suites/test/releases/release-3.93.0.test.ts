import type { Tollgate } from '@tollgate/client';
import type { CatalogDocument } from '@tollgate/contract';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';
import { until } from '../../src/until.js';

const currencyId = 'credits';
const counter = { featureType: 'NUMBER' as const, meterType: 'INCREMENTAL' as const };

/** Pages at 3 credits each, answers by a formula over what they were made of, and prompts by a quotient. */
const catalog: CatalogDocument = {
  products: { 'product-app': { displayName: 'App' } },
  customCurrencies: { [currencyId]: { displayName: 'Credits' } },
  features: {
    'feature-pages': { displayName: 'Pages', ...counter },
    'feature-answers': { displayName: 'Answers', ...counter },
    'feature-prompts': {
      displayName: 'Prompts',
      ...counter,
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'prompt' }] }],
      },
    },
  },
  plans: {
    'plan-app': {
      displayName: 'App',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-pages': { creditRate: { currencyId, amount: 3 } },
        'feature-answers': { creditRate: { currencyId, costFormula: '1.1 * a + 5 * b' } },
        'feature-prompts': { creditRate: { currencyId, costFormula: 'a / b' } },
      },
    },
  },
};

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  let last = 0;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-10T00:00:00Z', { catalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** A customer with so many credits. */
  const customer = async (amount: number) => {
    const customerId = `customer-${++last}`;
    await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-app' } });
    await client.grantCredits({ customerId, currencyId, amount, displayName: 'Credits', grantType: 'PROMOTIONAL' });
    return customerId;
  };
  const pages = async (customerId: string, requestedUsage: number) => {
    const options = { requestedUsage };
    const answer = await client.getMeteredEntitlement({ customerId, featureId: 'feature-pages', options });
    return [answer.hasAccess, answer.accessDeniedReason];
  };
  const balanceOf = async (customerId: string) =>
    (await client.getCreditEntitlement({ customerId, currencyId })).currentBalance;

  test('3.93.0 accepts as many units as the balance pays: of 10 credits 3 pages at 3 credits, and not 4', async () => {
    const customerId = await customer(10);
    const entitlement = await client.getMeteredEntitlement({ customerId, featureId: 'feature-pages' });
    expect(entitlement.creditRate).toEqual({ currencyId, amount: 3 });
    expect(await pages(customerId, 3)).toEqual([true, null]);
    expect(await pages(customerId, 4)).toEqual([false, 'InsufficientCredits']);
    // One page for 3 credits leaves 7, which pay two more.
    await client.reportUsage({ customerId, featureId: 'feature-pages', value: 1 });
    expect(await pages(customerId, 2)).toEqual([true, null]);
    expect(await pages(customerId, 3)).toEqual([false, 'InsufficientCredits']);
  });

  test('3.93.0 accepts a formula 1.1·a + 5·b, worked out from the dimensions; one that is missing counts as 0', async () => {
    const customerId = await customer(100);
    const answer = async (dimensions: Record<string, number>) =>
      (await client.reportUsage({ customerId, featureId: 'feature-answers', value: 1, dimensions })).credit?.consumed;
    expect(await answer({ a: 10, b: 2 })).toBe(21);
    expect(await answer({ a: 3, b: 0.5 })).toBe(5.8);
    expect(await answer({ b: 1 })).toBe(5);
    expect(await balanceOf(customerId)).toBe(68.2);
  });

  test('3.93.0 rejects an event whose formula has no finite result: it counts nothing, and stops no other', async () => {
    const customerId = await customer(100);
    const prompt = (idempotencyKey: string, a: number, b: number) => ({
      customerId,
      eventName: 'prompt',
      idempotencyKey,
      dimensions: { a, b },
    });
    await client.reportEvent([prompt('one', 6, 3), prompt('two', 1, 0), prompt('three', 9, 2)]);
    await until(
      () => balanceOf(customerId),
      (balance) => balance === 93.5,
    );
    const { currentUsage } = await client.getMeteredEntitlement({ customerId, featureId: 'feature-prompts' });
    expect(currentUsage).toBe(2);
  });

  test('3.93.0 rejects a report whose dimensions the formula cannot take, and charges nothing', async () => {
    const customerId = await customer(100);
    const report = (dimensions: Record<string, string | number>) =>
      client.reportUsage({ customerId, featureId: 'feature-answers', value: 1, dimensions });
    await expect(report({ a: 'ten', b: 1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'dimensions.a' });
    expect(await balanceOf(customerId)).toBe(100);
    const { currentUsage } = await client.getMeteredEntitlement({ customerId, featureId: 'feature-answers' });
    expect(currentUsage).toBe(0);
  });
});
