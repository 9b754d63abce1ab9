import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesCatalog as catalog } from '../src/changes-catalog.js';
import { stackOn, storages } from '../src/storages.js';

const customerId = 'customer-1';
const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const more = [{ addonId: 'addon-reports', quantity: 1 }];

describe.each(storages)('a client that changes subscriptions on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId });
  });
  afterEach(() => stack.close());

  const pro = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;
  async function subscribe(params: Partial<Parameters<Tollgate['provisionSubscription']>[0]> = {}) {
    const { subscription } = await client.provisionSubscription({ ...pro, ...params });
    return subscription?.subscriptionId as string;
  }
  const read = (subscriptionId: string) => client.getSubscription({ subscriptionId });
  const limit = async () => {
    const entitlement = await client.getMeteredEntitlement({ customerId, featureId: 'feature-reports' });
    return entitlement.isFallback ? 'unknown' : entitlement.usageLimit;
  };

  test('replaces the whole list of add-ons, and sees what they give at once', async () => {
    const subscriptionId = await subscribe();
    expect(await limit()).toBe(50);
    await client.updateSubscription({ subscriptionId, addons: more });
    expect(await limit()).toBe(60);
    await client.updateSubscription({ subscriptionId, addons: [{ addonId: 'addon-reports', quantity: 3 }] });
    expect(await limit()).toBe(80);
    await client.updateSubscription({ subscriptionId, metadata: { note: 'no list' } });
    expect(await limit()).toBe(80);
    await client.updateSubscription({ subscriptionId, addons: [] });
    expect(await limit()).toBe(50);
  });

  test('sets quantities of billable features, all of them or the only one by its older name', async () => {
    const subscriptionId = await subscribe({ billableFeatures: [{ featureId: 'feature-pages', quantity: 5 }] });
    const set = await client.updateSubscription({
      subscriptionId,
      billableFeatures: [{ featureId: 'feature-pages', quantity: 0 }],
    });
    expect(set.billableFeatures).toEqual([{ featureId: 'feature-pages', quantity: 0 }]);
    const older = await client.updateSubscription({ subscriptionId, unitQuantity: 12 });
    expect(older.billableFeatures).toEqual([{ featureId: 'feature-pages', quantity: 12 }]);
  });

  test('changes the billing period, which begins a new cycle', async () => {
    const subscriptionId = await subscribe();
    await stack.clock.set(day('2026-01-20'));
    const updated = await client.updateSubscription({ subscriptionId, billingPeriod: 'ANNUALLY' });
    expect(updated).toMatchObject({
      billingPeriod: 'ANNUALLY',
      currentBillingPeriodStart: day('2026-01-20'),
      currentBillingPeriodEnd: day('2027-01-20'),
    });
  });

  test('sets and clears the budget, the minimum spend, ids of other systems, metadata and billing information', async () => {
    const subscriptionId = await subscribe();
    const given = {
      budget: { limit: 100, hasSoftLimit: true },
      minimumSpend: { amount: 20, currency: 'usd' },
      salesforceId: 'sf-1',
      metadata: { note: 'ours' },
      billingInformation: { taxPercentage: 19, prorationBehavior: 'NONE' },
      priceOverrides: [{ baseCharge: true, amount: 40 }],
      appliedCoupon: { couponId: 'coupon-1' },
      promotionCode: 'SPRING',
    } as const;
    await client.updateSubscription({ subscriptionId, ...given, priceOverrides: [...given.priceOverrides] });
    expect(await read(subscriptionId)).toMatchObject(given);
    const cleared = {
      budget: null,
      minimumSpend: null,
      salesforceId: null,
      billingInformation: null,
      priceOverrides: null,
      appliedCoupon: null,
      promotionCode: null,
    };
    await client.updateSubscription({ subscriptionId, ...cleared });
    expect(await read(subscriptionId)).toMatchObject({ ...cleared, metadata: { note: 'ours' } });
  });

  test('never changes the plan, and names a field that an update does not have', async () => {
    const subscriptionId = await subscribe();
    const update = client.updateSubscription({ subscriptionId, planId: 'plan-never-reset' } as never);
    await expect(update).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(update).rejects.toThrow(/planId/);
    expect((await read(subscriptionId)).planId).toBe('plan-pro');
  });

  test('changes nothing of a subscription that has ended', async () => {
    const subscriptionId = await subscribe();
    await client.cancelSubscription({ subscriptionId, subscriptionCancellationTime: 'IMMEDIATE' });
    const ended = { code: 'CONFLICT', field: 'subscriptionId' };
    await expect(client.updateSubscription({ subscriptionId, addons: more })).rejects.toMatchObject(ended);
    await expect(client.migrateSubscriptionToLatest({ subscriptionId })).rejects.toMatchObject(ended);
  });

  test('cancels at the end of the period, and has access up to then', async () => {
    const subscriptionId = await subscribe();
    const cancelled = await client.cancelSubscription({ subscriptionId });
    expect(cancelled).toMatchObject({ status: 'ACTIVE', cancellationDate: day('2026-02-05') });
    await stack.clock.set(new Date(day('2026-02-05').getTime() - 1));
    expect(await limit()).toBe(50);
    await stack.clock.set(day('2026-02-05'));
    expect(await read(subscriptionId)).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
    expect(await limit()).not.toBe(50);
  });

  test('schedules an update, takes it back, and nothing happens', async () => {
    const subscriptionId = await subscribe();
    await client.updateSubscription({ subscriptionId, addons: more, scheduleStrategy: 'END_OF_BILLING_PERIOD' });
    expect((await read(subscriptionId)).futureUpdates).toMatchObject([
      { type: 'ADDON', scheduleStatus: 'SCHEDULED', scheduledExecutionTime: day('2026-02-05') },
    ]);
    expect(await client.cancelSubscriptionScheduledUpdates({ subscriptionId })).toEqual({ subscriptionId });
    await stack.clock.set(day('2026-02-05'));
    expect(await limit()).toBe(50);
    expect((await read(subscriptionId)).futureUpdates).toMatchObject([{ scheduleStatus: 'CANCELED' }]);
  });

  test('moves to the newest version of the plan when asked to, not before', async () => {
    const subscriptionId = await subscribe();
    const newer = structuredClone(catalog);
    Object.assign(newer.plans['plan-pro']?.entitlements ?? {}, {
      'feature-reports': { usageLimit: 80, resetPeriod: 'MONTH' },
    });
    const options = { dryRun: false, migrationType: 'NEW_CUSTOMERS' } as const;
    await stack.engine.applyCatalog(newer, options, stack.clock.now());
    await client.reloadEntitlements(customerId);
    expect(await limit()).toBe(50);
    expect(await client.migrateSubscriptionToLatest({ subscriptionId })).toEqual({ subscriptionId });
    expect(await limit()).toBe(80);
    expect((await read(subscriptionId)).planVersion).toBe(2);
  });
});
