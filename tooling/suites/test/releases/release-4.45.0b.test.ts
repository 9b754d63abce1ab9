import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditCatalog as catalog } from '../../src/credit-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const currencyId = 'ai-credits';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-10T00:00:00.000Z', { catalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  let last = 0;
  /** A customer who has used so many of the plan's credits. */
  const spender = async (planId: string, amount: number, addonId?: string): Promise<string> => {
    const customerId = `customer-${++last}`;
    const addons = addonId === undefined ? [] : [{ addonId, quantity: 1 }];
    await client.provisionCustomer({
      customerId,
      subscriptionParams: { planId, billingPeriod: 'MONTHLY', addons },
    });
    if (amount > 0) await client.consumeCredits({ customerId, currencyId, amount, idempotencyKey: 'all' });
    return customerId;
  };
  /** The wallet by both getters, and the feature that it pays for. */
  const answers = (customerId: string) =>
    Promise.all([
      client.getEntitlementV2({ customerId, currencyId }),
      client.getCreditEntitlement({ customerId, currencyId }),
      client.getEntitlement({ customerId, featureId: 'feature-answers' }),
    ]);
  const soft = { hasAccess: true, hasSoftLimit: true, accessDeniedReason: null, isFallback: false };
  const empty = {
    hasAccess: false,
    hasSoftLimit: false,
    accessDeniedReason: 'InsufficientCredits',
    isFallback: false,
  };

  test('4.45.0b accepts a soft wallet at a balance of 50: access, and the flag, in all three answers', async () => {
    const customerId = await spender('plan-soft', 0);
    expect((await client.getCreditEntitlement({ customerId, currencyId })).currentBalance).toBe(50);
    for (const answer of await answers(customerId)) expect(answer).toMatchObject(soft);
  });

  test('4.45.0b accepts a soft wallet at a balance of 0: access, and the flag, in all three answers', async () => {
    const customerId = await spender('plan-soft', 50);
    expect((await client.getCreditEntitlement({ customerId, currencyId })).currentBalance).toBe(0);
    for (const answer of await answers(customerId)) expect(answer).toMatchObject(soft);
  });

  test('4.45.0b accepts a soft add-on to a hard plan: soft wins', async () => {
    const customerId = await spender('plan-hard', 60, 'addon-soft');
    expect((await client.getCreditEntitlement({ customerId, currencyId })).currentBalance).toBe(0);
    for (const answer of await answers(customerId)) expect(answer).toMatchObject(soft);
  });

  test('4.45.0b rejects use of a hard wallet at a balance of 0, in all three answers', async () => {
    const customerId = await spender('plan-hard', 50);
    for (const answer of await answers(customerId)) expect(answer).toMatchObject(empty);
  });

  test('4.45.0b rejects use of a wallet at a balance of 0 whose plan does not say that it is soft', async () => {
    const customerId = await spender('plan-unsaid', 50);
    for (const answer of await answers(customerId)) expect(answer).toMatchObject(empty);
  });
});
