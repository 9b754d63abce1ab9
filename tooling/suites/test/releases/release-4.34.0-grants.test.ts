import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recurringCreditsCatalog as catalog } from '../../src/recurring-credits-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const customerId = 'customer-1';
const currencyId = 'credits';
const jan31 = new Date('2026-01-31T00:00:00Z');
const feb28 = new Date('2026-02-28T00:00:00Z');

describe.each(storages)('on %s, the grants that a subscription gives', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, jan31.toISOString(), { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId, subscriptionParams: null });
  });
  afterEach(() => stack.close());

  const subscribe = async (planId: string, addons: { addonId: string; quantity: number }[] = []) => {
    const asked = { customerId, planId, addons, billingPeriod: 'MONTHLY' as const };
    const { subscription } = await client.provisionSubscription(asked);
    return subscription?.subscriptionId as string;
  };
  const balance = async () => {
    const { currentBalance, totalGranted, isFallback } = await client.getCreditEntitlement({ customerId, currencyId });
    expect(isFallback).toBe(false);
    return [currentBalance, totalGranted];
  };
  const grants = async () => (await client.getCreditGrants({ customerId })).data;
  const ledger = async () =>
    (await client.getCreditLedger({ customerId })).data.map(({ eventType, amount, timestamp }) => {
      return [timestamp.toISOString().slice(0, 10), eventType, amount];
    });

  test('4.34.0 accepts credits in a plan: a grant with the subscription, and anew without what was left', async () => {
    await subscribe('plan-pro');
    expect(await grants()).toMatchObject([
      {
        grantType: 'RECURRING',
        sourceType: 'PLAN_ENTITLEMENT',
        status: 'ACTIVE',
        amount: 1000,
        consumedAmount: 0,
        effectiveAt: jan31,
        expireAt: feb28,
      },
    ]);
    await stack.clock.set('2026-02-10T00:00:00Z');
    await client.consumeCredits({ customerId, currencyId, amount: 300, idempotencyKey: 'once' });
    expect(await balance()).toEqual([700, 1000]);
    await stack.clock.set(feb28);
    expect(await balance()).toEqual([1000, 1000]);
    expect(await grants()).toMatchObject([
      { status: 'ACTIVE', amount: 1000, consumedAmount: 0, expireAt: new Date('2026-03-31T00:00:00Z') },
      { status: 'EXPIRED', amount: 1000, consumedAmount: 300 },
    ]);
    expect(await ledger()).toEqual([
      ['2026-01-31', 'CREDITS_GRANTED', 1000],
      ['2026-02-10', 'CREDITS_CONSUMED', 300],
      ['2026-02-28', 'CREDITS_EXPIRED', 700],
      ['2026-02-28', 'CREDITS_GRANTED', 1000],
    ]);
  });

  test('4.34.0 accepts credits in an add-on, which add to those of the plan for each of them', async () => {
    await subscribe('plan-pro', [{ addonId: 'addon-more', quantity: 2 }]);
    expect(await balance()).toEqual([2000, 2000]);
  });

  test('4.34.0 accepts an add-on that comes later: the difference is granted at once', async () => {
    const subscriptionId = await subscribe('plan-pro');
    await stack.clock.set('2026-02-10T00:00:00Z');
    await client.updateSubscription({ subscriptionId, addons: [{ addonId: 'addon-more', quantity: 2 }] });
    expect(await balance()).toEqual([2000, 2000]);
    expect(await ledger()).toEqual([
      ['2026-01-31', 'CREDITS_GRANTED', 1000],
      ['2026-02-10', 'CREDITS_GRANTED', 1000],
    ]);
    await stack.clock.set(feb28);
    expect(await balance()).toEqual([2000, 2000]);
  });

  test('4.34.0 accepts an add-on that replaces the credits of the plan', async () => {
    await subscribe('plan-pro', [{ addonId: 'addon-instead', quantity: 1 }]);
    expect(await balance()).toEqual([500, 500]);
    expect(await grants()).toMatchObject([{ sourceType: 'ADDON_ENTITLEMENT', amount: 500 }]);
  });

  test('4.34.0 accepts a promotional grant beside them: together they are what was granted', async () => {
    await subscribe('plan-pro');
    await client.grantCredits({ customerId, currencyId, amount: 50, displayName: 'Welcome', grantType: 'PROMOTIONAL' });
    expect(await balance()).toEqual([1050, 1050]);
    await stack.clock.set(feb28);
    expect(await balance()).toEqual([1050, 1050]);
  });

  test('4.34.0 accepts credits by the year, all of them up front', async () => {
    await subscribe('plan-yearly');
    expect(await balance()).toEqual([1000, 1000]);
    await stack.clock.set('2027-01-30T00:00:00Z');
    expect(await balance()).toEqual([1000, 1000]);
    expect(await ledger()).toEqual([['2026-01-31', 'CREDITS_GRANTED', 1000]]);
    await stack.clock.set('2027-01-31T00:00:00Z');
    expect(await ledger()).toHaveLength(3);
    expect(await grants()).toMatchObject([
      { status: 'ACTIVE' },
      { status: 'EXPIRED', expireAt: new Date('2027-01-31') },
    ]);
  });

  test('4.34.0 accepts a cancellation: what is not used expires when the subscription ends', async () => {
    const subscriptionId = await subscribe('plan-pro');
    await client.consumeCredits({ customerId, currencyId, amount: 300, idempotencyKey: 'once' });
    const endDate = new Date('2026-02-14T00:00:00Z');
    await client.cancelSubscription({ subscriptionId, subscriptionCancellationTime: 'SPECIFIC_DATE', endDate });
    await stack.clock.set('2026-02-13T00:00:00Z');
    expect(await balance()).toEqual([700, 1000]);
    await stack.clock.set(endDate);
    const { hasAccess, currentBalance } = await client.getCreditEntitlement({ customerId, currencyId });
    expect([hasAccess, currentBalance]).toEqual([false, 0]);
    expect((await ledger()).at(-1)).toEqual(['2026-02-14', 'CREDITS_EXPIRED', 700]);
    await stack.clock.set('2026-05-01T00:00:00Z');
    expect(await ledger()).toHaveLength(3);
  });
});
