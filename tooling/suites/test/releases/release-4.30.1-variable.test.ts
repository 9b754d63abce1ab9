import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recurringCreditsCatalog } from '../../src/recurring-credits-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

describe.each(storages)('on %s, credits that a custom plan leaves open', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  let customers = 0;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-31T00:00:00Z', { catalog: recurringCreditsCatalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** A customer with 2,500 credits a month and 12 points a year, and the way to ask for either. */
  const subscribe = async () => {
    const customerId = `customer-${++customers}`;
    await client.provisionCustomer({ customerId, subscriptionParams: null });
    await client.provisionSubscription({
      customerId,
      planId: 'plan-contract',
      entitlements: [
        { credit: { customCurrencyId: 'credits', amount: 2500, cadence: 'MONTH' } },
        { credit: { customCurrencyId: 'points', amount: 12, cadence: 'YEAR' } },
      ],
    });
    const read = (currencyId: string) => client.getCreditEntitlement({ customerId, currencyId });
    return { customerId, read };
  };

  test('4.30.1 accepts variable credits: each subscription has its own, with the end of its period', async () => {
    const { read } = await subscribe();
    expect(await read('credits')).toMatchObject({
      hasAccess: true,
      isFallback: false,
      currentBalance: 2500,
      totalGranted: 2500,
      totalConsumed: 0,
      hasSoftLimit: false,
      // The 31st of January and a month.
      usagePeriodEnd: new Date('2026-02-28T00:00:00Z'),
    });
    // What the plan says of a value that it leaves open holds for the value too.
    expect(await read('points')).toMatchObject({
      currentBalance: 12,
      hasSoftLimit: true,
      usagePeriodEnd: new Date('2027-01-31T00:00:00Z'),
    });
  });

  test('4.30.1 rejects access to a currency that the subscription does not give', async () => {
    const { read } = await subscribe();
    expect(await read('gold')).toMatchObject({
      hasAccess: false,
      isFallback: false,
      accessDeniedReason: 'EntitlementNotFound',
    });
  });

  test('4.30.1 accepts variable credits anew in the next period, as many as the subscription says', async () => {
    const { customerId, read } = await subscribe();
    await client.consumeCredits({ customerId, currencyId: 'credits', amount: 300, idempotencyKey: 'once' });
    expect(await read('credits')).toMatchObject({ currentBalance: 2200 });
    await stack.clock.set('2026-02-28T00:00:00Z');
    expect(await read('credits')).toMatchObject({
      currentBalance: 2500,
      usagePeriodEnd: new Date('2026-03-31T00:00:00Z'),
    });
    expect(await read('points')).toMatchObject({ currentBalance: 12 });
  });
});
