import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputFieldCatalog } from '../../src/input-field-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

describe.each(storages)('on %s, the input', (storage) => {
  let stack: TestStack;
  let client: Tollgate;

  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-10T00:00:00Z', { catalog: inputFieldCatalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  test('customerId says whom a call is about, and is made when it may be left out', async () => {
    const { customer } = await client.provisionCustomer({ customerId: 'a@b.example', name: 'Given' });
    expect(customer.customerId).toBe('a@b.example');
    const made = await client.provisionCustomer({ name: 'Made' });
    expect((await client.getCustomer(made.customer.customerId)).name).toBe('Made');
    expect(await client.archiveCustomer('a@b.example')).toBe('a@b.example');
    expect((await client.getCustomer(made.customer.customerId)).archivedAt).toBeNull();
    expect((await client.unarchiveCustomer('a@b.example')).archivedAt).toBeNull();
    await expect(client.updateCustomer({ customerId: 'nobody' })).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test('name, email and metadata are stored, stay when they are left out, and go with null', async () => {
    await client.provisionCustomer({
      customerId: 'words',
      name: 'N',
      email: 'n@b.example',
      metadata: { tier: 'gold' },
    });
    expect(await client.updateCustomer({ customerId: 'words', name: 'M' })).toMatchObject({
      name: 'M',
      email: 'n@b.example',
      metadata: { tier: 'gold' },
    });
    expect(await client.updateCustomer({ customerId: 'words', email: null, metadata: { seen: 1 } })).toMatchObject({
      name: 'M',
      email: null,
      metadata: { seen: 1 },
    });
  });

  test('billingInfo is returned as it was given', async () => {
    const billingInfo = {
      billingAddress: { line1: 'Main street 1', country: 'DE' },
      shippingAddress: { line1: 'Side street 2' },
      currency: 'usd',
      language: 'de',
      timezone: 'Europe/Berlin',
      taxIds: [{ type: 'eu_vat', value: 'DE123' }],
      invoiceCustomFields: { order: 'PO 7' },
      metadata: { region: 'north' },
    };
    const { customer } = await client.provisionCustomer({ customerId: 'billed', billingInfo });
    expect(customer.billingInfo).toEqual(billingInfo);
    expect((await client.getCustomer('billed')).billingInfo).toEqual(billingInfo);
  });

  test('paymentMethodId attaches the method that charges go to', async () => {
    await client.provisionCustomer({ customerId: 'paying', billingInfo: { paymentMethodId: 'pm_1' } });
    expect((await client.getCustomer('paying')).defaultPaymentMethod).toMatchObject({ paymentMethodId: 'pm_1' });
    await client.importCustomer({ customerId: 'imported', paymentMethodId: 'pm_2' });
    expect((await client.getCustomer('imported')).defaultPaymentMethod).toMatchObject({ paymentMethodId: 'pm_2' });
  });

  test('couponId, excludeFromExperiment, billingId and salesforceId are returned, and go with null', async () => {
    const given = { couponId: 'coupon-1', billingId: 'cus_1', salesforceId: 'sf_1' };
    const { customer } = await client.provisionCustomer({ customerId: 'known', excludeFromExperiment: true, ...given });
    expect(customer).toMatchObject({ ...given, excludeFromExperiment: true });
    const cleared = { couponId: null, billingId: null, salesforceId: null };
    expect(await client.updateCustomer({ customerId: 'known', ...cleared })).toMatchObject(cleared);
  });

  test('subscriptionParams starts a subscription together with the customer, null none, and nothing what the product says', async () => {
    const plansOf = async (customerId: string) =>
      (await client.getActiveSubscriptions({ customerId })).map(({ planId }) => planId).sort();
    const subscriptionParams = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, subscriptionId: 'sub-own' };
    const { subscription } = await client.provisionCustomer({ customerId: 'with', subscriptionParams });
    expect(subscription).toMatchObject({ subscriptionId: 'sub-own', planId: 'plan-pro', status: 'ACTIVE' });
    await client.provisionCustomer({ customerId: 'without', subscriptionParams: null });
    expect(await plansOf('without')).toEqual([]);
    await client.provisionCustomer({ customerId: 'usual' });
    expect(await plansOf('usual')).toEqual(['plan-begin']);
  });

  test('shouldWaitSync waits for the billing provider, and changes nothing where there is none', async () => {
    await client.provisionCustomer({ customerId: 'synced' });
    const changed = await client.updateCustomer({ customerId: 'synced', name: 'Synced', shouldWaitSync: true });
    expect(changed.name).toBe('Synced');
  });

  test('integrationId of an import names the billing integration, of which there is one', async () => {
    const customers = [{ customerId: 'integrated' }];
    const rows = await client.importCustomerBulk({ customers, integrationId: 'billing-1' });
    expect(rows).toMatchObject([{ id: 'integrated', outcome: 'CREATED' }]);
    const subscriptions = [{ customerId: 'integrated', planId: 'plan-free' }];
    expect(await client.importSubscriptionBulk({ subscriptions, integrationId: 'billing-1' })).toMatchObject([
      { outcome: 'CREATED' },
    ]);
  });
});
