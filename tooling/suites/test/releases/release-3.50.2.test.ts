import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesCatalog as catalog } from '../../src/changes-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    for (const customerId of ['a', 'b']) await client.provisionCustomer({ customerId });
  });
  afterEach(() => stack.close());

  const subscribe = async (params: { planId: string; resourceId?: string; billingPeriod?: 'MONTHLY' }) => {
    const { subscription } = await client.provisionSubscription({ customerId: 'a', ...params });
    return subscription?.subscriptionId as string;
  };
  const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;
  const workspace = (resourceId: string) =>
    ({ planId: 'plan-workspace', billingPeriod: 'MONTHLY', resourceId }) as const;
  const mayUse = async (customerId: string, resourceId?: string) => {
    const asked = { customerId, featureId: 'feature-sso', ...(resourceId !== undefined && { resourceId }) };
    const { hasAccess, isFallback } = await client.getBooleanEntitlement(asked);
    expect(isFallback).toBe(false);
    return hasAccess;
  };
  const listed = async (customerId: string, resourceId?: string) => {
    const found = await client.getActiveSubscriptions({ customerId, ...(resourceId !== undefined && { resourceId }) });
    return found.map(({ subscriptionId }) => subscriptionId);
  };

  describe('delegateSubscriptionToCustomer', () => {
    test('3.50.2 accepts a delegation: B has access and the subscription, A has neither and pays', async () => {
      const subscriptionId = await subscribe(pro);
      expect([await mayUse('a'), await mayUse('b')]).toEqual([true, false]);
      const delegated = await client.delegateSubscriptionToCustomer({ subscriptionId, destinationCustomerId: 'b' });
      expect(delegated).toMatchObject({ subscriptionId, customerId: 'b', payingCustomer: { id: 'a' } });
      expect([await mayUse('a'), await mayUse('b')]).toEqual([false, true]);
      expect(await client.getActiveSubscriptions({ customerId: 'b' })).toMatchObject([
        { subscriptionId, payingCustomer: { id: 'a' } },
      ]);
      expect(await listed('a')).toEqual([]);
      expect(await client.getActiveSubscriptionsList({ customerId: 'b' })).toMatchObject([{ subscriptionId }]);
    });

    test('3.50.2 accepts that B then changes and cancels it', async () => {
      const subscriptionId = await subscribe(pro);
      await client.delegateSubscriptionToCustomer({ subscriptionId, destinationCustomerId: 'b' });
      await client.cancelSubscription({ subscriptionId, subscriptionCancellationTime: 'IMMEDIATE' });
      expect([await mayUse('a'), await mayUse('b')]).toEqual([false, false]);
    });

    test('3.50.2 rejects a delegation to a customer that nobody has', async () => {
      const subscriptionId = await subscribe(pro);
      await expect(
        client.delegateSubscriptionToCustomer({ subscriptionId, destinationCustomerId: 'nobody' }),
      ).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND', field: 'destinationCustomerId' });
      expect(await mayUse('a')).toBe(true);
      expect(await listed('a')).toEqual([subscriptionId]);
    });
  });

  describe('transferSubscriptionToResource', () => {
    test('3.50.2 accepts a transfer from w1 to w2, with the period and the usage', async () => {
      const subscriptionId = await subscribe(workspace('w1'));
      await stack.clock.set(day('2026-01-20'));
      await client.reportUsage({ customerId: 'a', resourceId: 'w1', featureId: 'feature-reports', value: 7 });
      await client.reportUsage({ customerId: 'a', resourceId: 'w1', featureId: 'feature-pages', value: 3 });
      expect([await mayUse('a', 'w1'), await mayUse('a', 'w2')]).toEqual([true, false]);
      const moved = await client.transferSubscriptionToResource({ subscriptionId, destinationResourceId: 'w2' });
      expect(moved).toMatchObject({
        subscriptionId,
        resourceId: 'w2',
        currentBillingPeriodStart: day('2026-01-05'),
        currentBillingPeriodEnd: day('2026-02-05'),
      });
      expect([await mayUse('a', 'w1'), await mayUse('a', 'w2')]).toEqual([false, true]);
      const onW2 = { customerId: 'a', resourceId: 'w2' };
      expect(await client.getMeteredEntitlement({ ...onW2, featureId: 'feature-reports' })).toMatchObject({
        currentUsage: 7,
        usagePeriodStart: day('2026-01-05'),
        usagePeriodEnd: day('2026-02-05'),
      });
      expect(await client.getMeteredEntitlement({ ...onW2, featureId: 'feature-pages' })).toMatchObject({
        currentUsage: 3,
      });
      expect([await listed('a', 'w1'), await listed('a', 'w2')]).toEqual([[], [subscriptionId]]);
    });

    test('3.50.2 rejects a destination that has an active subscription of the product', async () => {
      const subscriptionId = await subscribe(workspace('w1'));
      await subscribe(workspace('w2'));
      await expect(
        client.transferSubscriptionToResource({ subscriptionId, destinationResourceId: 'w2' }),
      ).rejects.toMatchObject({ code: 'CONFLICT', field: 'destinationResourceId' });
      expect(await listed('a', 'w1')).toEqual([subscriptionId]);
    });

    test('3.50.2 rejects a product without multiple subscriptions', async () => {
      const subscriptionId = await subscribe(pro);
      await expect(
        client.transferSubscriptionToResource({ subscriptionId, destinationResourceId: 'w2' }),
      ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'destinationResourceId' });
    });

    test('3.50.2 rejects a subscription that nobody has', async () => {
      const asked = { subscriptionId: 'nobody', destinationResourceId: 'w2' };
      await expect(client.transferSubscriptionToResource(asked)).rejects.toMatchObject({
        code: 'SUBSCRIPTION_NOT_FOUND',
        field: 'subscriptionId',
      });
    });
  });

  describe('transferSubscription', () => {
    const older = () =>
      client.transferSubscription({ customerId: 'a', sourceResourceId: 'w1', destinationResourceId: 'w2' });

    test('3.50.2 accepts the older transfer of a paid subscription to where a free one is', async () => {
      const subscriptionId = await subscribe(workspace('w1'));
      await subscribe({ planId: 'plan-workspace-free', resourceId: 'w2' });
      expect(await older()).toMatchObject({ subscriptionId, resourceId: 'w2' });
      expect([await mayUse('a', 'w1'), await mayUse('a', 'w2')]).toEqual([false, true]);
      expect([await listed('a', 'w1'), await listed('a', 'w2')]).toEqual([[], [subscriptionId]]);
    });

    test('3.50.2 rejects the older transfer of a free subscription', async () => {
      await subscribe({ planId: 'plan-workspace-free', resourceId: 'w1' });
      await subscribe({ planId: 'plan-workspace-free', resourceId: 'w2' });
      await expect(older()).rejects.toMatchObject({ code: 'CONFLICT', field: 'sourceResourceId' });
    });

    test('3.50.2 rejects the older transfer to where nothing free is', async () => {
      await subscribe(workspace('w1'));
      await expect(older()).rejects.toMatchObject({ code: 'CONFLICT', field: 'destinationResourceId' });
    });
  });
});
