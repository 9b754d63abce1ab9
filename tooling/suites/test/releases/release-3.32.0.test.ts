import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-01T00:00:00Z');
    client = stack.client();
  });
  afterAll(() => stack.close());

  test('3.32.0 accepts the id of a subscription and returns all of it', async () => {
    const { id } = await client.provisionSubscription({
      customerId: (await client.provisionCustomer({ customerId: 'ada' })).customer.customerId,
      planId: 'plan-pro',
      billingPeriod: 'MONTHLY',
      metadata: { seller: 'grace' },
    });
    expect(await client.getSubscription({ subscriptionId: id as string })).toMatchObject({
      subscriptionId: id,
      customerId: 'ada',
      payingCustomer: null,
      resourceId: null,
      productId: 'product-app',
      planId: 'plan-pro',
      planVersion: 1,
      pricingType: 'PAID',
      status: 'ACTIVE',
      billingPeriod: 'MONTHLY',
      addons: [],
      entitlements: [],
      startDate: new Date('2026-01-01T00:00:00Z'),
      endDate: null,
      effectiveEndDate: null,
      trialEndDate: null,
      cancellationDate: null,
      cancelReason: null,
      currentBillingPeriodStart: new Date('2026-01-01T00:00:00Z'),
      currentBillingPeriodEnd: new Date('2026-02-01T00:00:00Z'),
      futureUpdates: [],
      latestInvoice: null,
      metadata: { seller: 'grace' },
    });
  });

  test('3.32.0 accepts the id of one that ended long ago', async () => {
    const first = await client.provisionCustomer({
      customerId: 'grace',
      subscriptionParams: { planId: 'plan-free' },
    });
    await client.provisionSubscription({ customerId: 'grace', planId: 'plan-pro', billingPeriod: 'ANNUALLY' });
    const { subscriptionId } = first.subscription as { subscriptionId: string };
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'UPGRADE_OR_DOWNGRADE',
      endDate: new Date('2026-01-01T00:00:00Z'),
    });
  });

  test('3.32.0 rejects an unknown id', async () => {
    await expect(client.getSubscription({ subscriptionId: 'nothing' })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_NOT_FOUND',
      field: 'subscriptionId',
    });
  });
});
