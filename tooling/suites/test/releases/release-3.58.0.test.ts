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

  test('3.58.0 accepts a salesforceId in provisionCustomer and returns it', async () => {
    const { customer } = await client.provisionCustomer({ customerId: 'ada', salesforceId: 'sf-1' });
    expect(customer.salesforceId).toBe('sf-1');
    expect(await client.getCustomer('ada')).toMatchObject({ salesforceId: 'sf-1' });
  });

  test('3.58.0 accepts a salesforceId in updateCustomer and returns it; null clears it', async () => {
    expect(await client.updateCustomer({ customerId: 'ada', salesforceId: 'sf-2' })).toMatchObject({
      salesforceId: 'sf-2',
    });
    expect(await client.getCustomer('ada')).toMatchObject({ salesforceId: 'sf-2' });
    expect(await client.updateCustomer({ customerId: 'ada', salesforceId: null })).toMatchObject({
      salesforceId: null,
    });
    expect(await client.getCustomer('ada')).toMatchObject({ salesforceId: null });
  });

  test('3.58.0 accepts a salesforceId in importCustomerBulk and returns it', async () => {
    await client.importCustomerBulk({ customers: [{ customerId: 'grace', salesforceId: 'sf-3' }] });
    expect(await client.getCustomer('grace')).toMatchObject({ salesforceId: 'sf-3' });
  });

  test('3.58.0 accepts a salesforceId in provisionSubscription, another in updateSubscription, and returns it', async () => {
    await client.provisionCustomer({ customerId: 'alan' });
    const plan = { customerId: 'alan', planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;
    const { subscription } = await client.provisionSubscription({ ...plan, salesforceId: 'sf-4' });
    expect(subscription?.salesforceId).toBe('sf-4');
    const { subscriptionId } = subscription as { subscriptionId: string };
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({ salesforceId: 'sf-4' });
    expect(await client.updateSubscription({ subscriptionId, salesforceId: 'sf-5' })).toMatchObject({
      salesforceId: 'sf-5',
    });
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({ salesforceId: 'sf-5' });
    const cleared = await client.updateSubscription({ subscriptionId, salesforceId: null });
    expect(cleared.salesforceId).toBeNull();
  });

  test('3.58.0 accepts a salesforceId in importSubscriptionBulk and returns it', async () => {
    await client.provisionCustomer({ customerId: 'mary' });
    const row = { customerId: 'mary', planId: 'plan-free', subscriptionId: 'imported-1', salesforceId: 'sf-6' };
    expect(await client.importSubscriptionBulk({ subscriptions: [row] })).toMatchObject([{ outcome: 'CREATED' }]);
    expect(await client.getSubscription({ subscriptionId: 'imported-1' })).toMatchObject({ salesforceId: 'sf-6' });
  });
});
