import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisioningCatalog as catalog } from '../../src/provisioning-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-01T00:00:00Z', { catalog });
    client = stack.client();
    for (const customerId of ['managing', 'other', 'third', 'poor', 'gone']) {
      await client.provisionCustomer({ customerId });
    }
    await client.provisionCustomer({ customerId: 'paying', billingInfo: { paymentMethodId: 'pm-1' } });
    await client.archiveCustomer('gone');
  });
  afterAll(() => stack.close());

  const provision = (customerId: string, payingCustomerId: string, params: object = {}) =>
    client.provisionSubscription({
      customerId,
      payingCustomerId,
      planId: 'plan-basic',
      billingPeriod: 'MONTHLY',
      ...params,
    });

  test('3.45.0 accepts a paying customer: the managing one has access and usage, the payer has none', async () => {
    const { subscription } = await provision('managing', 'paying', { subscriptionId: 'sub' });
    expect(subscription).toMatchObject({ customerId: 'managing', payingCustomer: { id: 'paying' } });
    await client.reportUsage({ customerId: 'managing', featureId: 'feature-reports', value: 4 });
    const reports = { featureId: 'feature-reports' };
    expect(await client.getMeteredEntitlement({ customerId: 'managing', ...reports })).toMatchObject({
      hasAccess: true,
      currentUsage: 4,
      usageLimit: 10,
    });
    expect(await client.getMeteredEntitlement({ customerId: 'paying', ...reports })).toMatchObject({
      hasAccess: false,
      accessDeniedReason: 'NoActiveSubscription',
    });
    expect(await client.getActiveSubscriptions({ customerId: 'paying' })).toEqual([]);
  });

  test('3.45.0 accepts reads of it, which name the payer', async () => {
    const payingCustomer = { id: 'paying' };
    expect(await client.getSubscription({ subscriptionId: 'sub' })).toMatchObject({ payingCustomer });
    expect(await client.getActiveSubscriptions({ customerId: 'managing' })).toMatchObject([{ payingCustomer }]);
    expect(await client.getActiveSubscriptionsList({ customerId: 'managing' })).toMatchObject([{ payingCustomer }]);
  });

  test('3.45.0 accepts a payer without a payment method while no payment is due', async () => {
    const free = await provision('other', 'poor', { planId: 'plan-free', billingPeriod: undefined });
    expect(free.subscription).toMatchObject({ status: 'ACTIVE', payingCustomer: { id: 'poor' } });
    const trial = await provision('other', 'poor', { planId: 'plan-tried' });
    expect(trial.subscription).toMatchObject({ status: 'IN_TRIAL', payingCustomer: { id: 'poor' } });
  });

  test('3.45.0 rejects a payer who does not exist', async () => {
    await expect(provision('third', 'nobody')).rejects.toMatchObject({
      code: 'CUSTOMER_NOT_FOUND',
      field: 'payingCustomerId',
    });
  });

  test('3.45.0 rejects a payer who needs to pay and has no payment method', async () => {
    const refusal = { code: 'INVALID_ARGUMENT', field: 'payingCustomerId' };
    await expect(provision('third', 'poor')).rejects.toMatchObject(refusal);
    expect(await client.getActiveSubscriptions({ customerId: 'third' })).toEqual([]);
  });

  test('3.45.0 rejects a payer who is archived', async () => {
    const refusal = { code: 'INVALID_ARGUMENT', field: 'payingCustomerId' };
    await expect(provision('third', 'gone')).rejects.toMatchObject(refusal);
  });
});
