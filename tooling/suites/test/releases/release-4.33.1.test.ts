import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesCatalog as catalog } from '../../src/changes-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const customerId = 'customer-1';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId });
  });
  afterEach(() => stack.close());

  /** A subscription that is anchored on January 5th, with 7 reports made by January 20th. */
  async function onJanuary20(planId: string, billingPeriod: 'MONTHLY' | 'ANNUALLY' = 'MONTHLY'): Promise<string> {
    const { subscription } = await client.provisionSubscription({ customerId, planId, billingPeriod });
    await stack.clock.set(day('2026-01-20'));
    await client.reportUsage({ customerId, featureId: 'feature-reports', value: 7, createdAt: day('2026-01-19') });
    return subscription?.subscriptionId as string;
  }
  const period = async (subscriptionId: string) => {
    const subscription = await client.getSubscription({ subscriptionId });
    return [subscription.currentBillingPeriodStart, subscription.currentBillingPeriodEnd];
  };
  const usage = async () => {
    const { currentUsage, usagePeriodStart, usagePeriodEnd, isFallback } = await client.getMeteredEntitlement({
      customerId,
      featureId: 'feature-reports',
    });
    expect(isFallback).toBe(false);
    return [currentUsage, usagePeriodStart, usagePeriodEnd];
  };

  test('4.33.1 accepts UNCHANGED, which keeps the period from January 5th to February 5th', async () => {
    const subscriptionId = await onJanuary20('plan-pro');
    await client.updateSubscription({
      subscriptionId,
      billingCycleAnchor: 'UNCHANGED',
      addons: [{ addonId: 'addon-reports', quantity: 1 }],
    });
    expect(await period(subscriptionId)).toEqual([day('2026-01-05'), day('2026-02-05')]);
    expect(await usage()).toEqual([7, day('2026-01-05'), day('2026-02-05')]);
  });

  test('4.33.1 accepts an update that does not name the anchor, which keeps the period as well', async () => {
    const subscriptionId = await onJanuary20('plan-pro');
    await client.updateSubscription({ subscriptionId, addons: [{ addonId: 'addon-reports', quantity: 1 }] });
    expect(await period(subscriptionId)).toEqual([day('2026-01-05'), day('2026-02-05')]);
    expect(await usage()).toEqual([7, day('2026-01-05'), day('2026-02-05')]);
  });

  test('4.33.1 accepts NOW, which begins a period on January 20th that the reset of usage follows', async () => {
    const subscriptionId = await onJanuary20('plan-pro');
    const updated = await client.updateSubscription({ subscriptionId, billingCycleAnchor: 'NOW' });
    expect(updated.billingCycleAnchor).toEqual(day('2026-01-20'));
    expect(await period(subscriptionId)).toEqual([day('2026-01-20'), day('2026-02-20')]);
    expect(await usage()).toEqual([0, day('2026-01-20'), day('2026-02-20')]);
    await stack.clock.set(day('2026-02-20'));
    expect(await period(subscriptionId)).toEqual([day('2026-02-20'), day('2026-03-20')]);
  });

  test('4.33.1 accepts NOW as a change of the anchor where usage is reset only by such a change', async () => {
    const subscriptionId = await onJanuary20('plan-reset-on-anchor');
    await client.updateSubscription({ subscriptionId, billingCycleAnchor: 'NOW' });
    expect(await usage()).toEqual([0, day('2026-01-20'), day('2026-02-20')]);
  });

  test('4.33.1 accepts NOW without touching usage where usage is never reset by a change', async () => {
    const subscriptionId = await onJanuary20('plan-never-reset');
    await client.updateSubscription({ subscriptionId, billingCycleAnchor: 'NOW' });
    expect(await period(subscriptionId)).toEqual([day('2026-01-20'), day('2026-02-20')]);
    expect(await usage()).toEqual([7, day('2026-01-05'), day('2026-02-05')]);
  });

  test('4.33.1 accepts both for a first subscription, whose anchor is its start', async () => {
    const anchorOf = async (planId: string, billingCycleAnchor: 'NOW' | 'UNCHANGED') => {
      const asked = { customerId, planId, billingPeriod: 'MONTHLY', billingCycleAnchor } as const;
      const { subscription } = await client.provisionSubscription(asked);
      return subscription?.billingCycleAnchor;
    };
    expect(await anchorOf('plan-pro', 'NOW')).toEqual(day('2026-01-05'));
    expect(await anchorOf('plan-never-reset', 'UNCHANGED')).toEqual(day('2026-01-05'));
  });

  test('4.33.1 accepts NOW with a scheduled change, and moves the anchor when the change runs', async () => {
    const subscriptionId = await onJanuary20('plan-pro', 'ANNUALLY');
    await client.updateSubscription({
      subscriptionId,
      billingCycleAnchor: 'NOW',
      addons: [{ addonId: 'addon-reports', quantity: 1 }],
      scheduleStrategy: 'END_OF_BILLING_MONTH',
    });
    expect(await period(subscriptionId)).toEqual([day('2026-01-05'), day('2027-01-05')]);
    await stack.clock.set(new Date(day('2026-02-05').getTime() - 1));
    expect(await period(subscriptionId)).toEqual([day('2026-01-05'), day('2027-01-05')]);
    await stack.clock.set(day('2026-02-05'));
    expect(await period(subscriptionId)).toEqual([day('2026-02-05'), day('2027-02-05')]);
    expect((await client.getSubscription({ subscriptionId })).addons).toEqual([
      { addonId: 'addon-reports', quantity: 1 },
    ]);
  });

  test('4.33.1 rejects any other value', async () => {
    const subscriptionId = await onJanuary20('plan-pro');
    const update = client.updateSubscription({ subscriptionId, billingCycleAnchor: 'LATER' as never });
    await expect(update).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(update).rejects.toThrow(/billingCycleAnchor/);
    expect(await period(subscriptionId)).toEqual([day('2026-01-05'), day('2026-02-05')]);
  });
});
