import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../src/storages.js';

const jan1 = new Date('2026-01-01T00:00:00Z');

describe.each(storages)('methods about customers, on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, jan1.toISOString());
    client = stack.client();
  });
  afterAll(() => stack.close());
  const sso = (customerId: string) => client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });

  test('provision a customer with every field, and again with some of them', async () => {
    const given = {
      customerId: 'ada',
      name: 'Ada',
      email: 'ada@example.com',
      metadata: { tier: 'gold' },
      billingId: 'billing-1',
      couponId: 'coupon-1',
      excludeFromExperiment: true,
    };
    const billingInfo = { billingAddress: { city: 'London' }, currency: 'gbp', language: 'en-GB' };
    await client.provisionCustomer({ ...given, billingInfo });
    expect(await client.getCustomer('ada')).toMatchObject({ ...given, billingInfo, createdAt: jan1, archivedAt: null });
    const { customer } = await client.provisionCustomer({ customerId: 'ada', email: null });
    expect(customer).toMatchObject({ ...given, email: null, billingInfo });
  });

  test('create a customer whose id is free, and refuse one whose id is taken', async () => {
    const created = await client.createCustomer({ customerId: 'grace', name: 'Grace' });
    expect(created).toMatchObject({ customerId: 'grace', name: 'Grace', subscriptions: [] });
    const again = client.createCustomer({ customerId: 'grace', name: 'Another' });
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT', field: 'customerId' });
    expect(await client.getCustomer('grace')).toMatchObject({ name: 'Grace' });
    const { customerId } = await client.createCustomer({ name: 'Nameless' });
    expect(await client.getCustomer(customerId)).toMatchObject({ name: 'Nameless' });
  });

  test('archive a customer without anything paid, and bring the customer back without a name', async () => {
    await client.provisionCustomer({
      customerId: 'alan',
      name: 'Alan',
      email: 'alan@example.com',
      subscriptionParams: { planId: 'plan-free' },
    });
    expect(await client.archiveCustomer('alan')).toBe('alan');
    await expect(client.getCustomer('alan')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    const refused = { hasAccess: false, accessDeniedReason: 'CustomerIsArchived', isFallback: false };
    expect(await sso('alan')).toMatchObject(refused);
    expect(await client.getEntitlementsState('alan')).toEqual({
      entitlements: [],
      accessDeniedReason: 'CustomerIsArchived',
    });
    const [ended] = (await client.getSubscriptions({ customerId: 'alan' })).data;
    expect(ended).toMatchObject({ status: 'CANCELED', cancelReason: 'CustomerArchived', endDate: jan1 });

    const back = await client.unarchiveCustomer('alan');
    expect(back).toMatchObject({ customerId: 'alan', name: null, email: null, archivedAt: null, subscriptions: [] });
    expect(await sso('alan')).toMatchObject({ accessDeniedReason: 'NoActiveSubscription' });
  });

  test('refuse to archive a customer who pays, and name the subscription', async () => {
    const { subscription } = await client.provisionCustomer({
      customerId: 'mary',
      subscriptionParams: { planId: 'plan-pro', billingPeriod: 'MONTHLY' },
    });
    const { subscriptionId } = subscription as { subscriptionId: string };
    await expect(client.archiveCustomer('mary')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(subscriptionId),
    });
    expect(await sso('mary')).toMatchObject({ hasAccess: true });
    await client.cancelSubscription({ subscriptionId, subscriptionCancellationTime: 'IMMEDIATE' });
    expect(await client.archiveCustomer('mary')).toBe('mary');
  });

  test('refuse to archive a customer who pays for another one', async () => {
    await client.provisionCustomer({ customerId: 'payer', billingInfo: { paymentMethodId: 'pm-1' } });
    await client.provisionCustomer({ customerId: 'paid-for' });
    const { id } = await client.provisionSubscription({
      customerId: 'paid-for',
      planId: 'plan-pro',
      billingPeriod: 'MONTHLY',
      payingCustomerId: 'payer',
    });
    await expect(client.archiveCustomer('payer')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(id as string),
    });
  });

  test('import one customer, whether there is one already or not', async () => {
    const made = await client.importCustomer({ customerId: 'john', name: 'John', billingId: 'billing-2' });
    expect(made).toMatchObject({ customerId: 'john', name: 'John', billingId: 'billing-2' });
    expect(await client.importCustomer({ customerId: 'john', name: 'Johnny' })).toMatchObject({
      name: 'Johnny',
      billingId: 'billing-2',
    });
    await expect(client.importCustomer({ customerId: 'john', name: '' })).rejects.toMatchObject({ field: 'name' });
  });

  test('count what runs, by pricing type and in trial', async () => {
    await client.provisionCustomer({ customerId: 'edsger', subscriptionParams: { planId: 'plan-free' } });
    await client.provisionSubscription({ customerId: 'edsger', planId: 'plan-site', resourceId: 'north' });
    await client.provisionSubscription({ customerId: 'edsger', planId: 'plan-extra', billingPeriod: 'MONTHLY' });
    expect(await client.getCustomerStatistics('edsger')).toEqual({
      activeSubscriptionsByPricingType: [
        { pricingType: 'FREE', count: 2 },
        { pricingType: 'PAID', count: 0 },
        { pricingType: 'CUSTOM', count: 0 },
      ],
      trialSubscriptions: 1,
    });
    await expect(client.getCustomerStatistics('nobody')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });
});
