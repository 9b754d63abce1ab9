import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';

const [jan1, jan2, jan3, jan5] = [1, 2, 3, 5].map((day) => new Date(Date.UTC(2026, 0, day)));

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-02T00:00:00Z');
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** A customer who was last changed on 2 January. */
  const existing = (customerId: string) =>
    client.importCustomerBulk({ customers: [{ customerId, name: 'Old', updatedAt: jan2 }] });
  const outcomes = async (customers: Parameters<Tollgate['importCustomerBulk']>[0]['customers']) =>
    (await client.importCustomerBulk({ customers })).map(({ outcome }) => outcome);

  test('3.23.0 accepts a customer updated on 3 January over one of 2 January, and skips one of 1 January', async () => {
    await existing('ada');
    expect(await outcomes([{ customerId: 'ada', name: 'Older', updatedAt: jan1 }])).toEqual(['SKIPPED']);
    expect(await client.getCustomer('ada')).toMatchObject({ name: 'Old', updatedAt: jan2 });
    expect(await outcomes([{ customerId: 'ada', name: 'New', updatedAt: jan3 }])).toEqual(['UPDATED']);
    expect(await client.getCustomer('ada')).toMatchObject({ name: 'New', updatedAt: jan3 });
  });

  test('3.23.0 accepts a customer without updatedAt always', async () => {
    await client.importCustomerBulk({ customers: [{ customerId: 'grace', name: 'Old', updatedAt: jan5 }] });
    expect(await outcomes([{ customerId: 'grace', name: 'New' }])).toEqual(['UPDATED']);
    expect(await client.getCustomer('grace')).toMatchObject({ name: 'New', updatedAt: jan2 });
  });

  test('3.23.0 accepts an equal updatedAt, and skips that customer', async () => {
    await existing('alan');
    expect(await outcomes([{ customerId: 'alan', name: 'Same day', updatedAt: jan2 }])).toEqual(['SKIPPED']);
    expect(await client.getCustomer('alan')).toMatchObject({ name: 'Old', updatedAt: jan2 });
  });

  test('3.23.0 accepts customers around a bad one, which stops none of them', async () => {
    const rows = await client.importCustomerBulk({
      customers: [
        { customerId: 'before', name: 'Before', billingId: 'billing-1', salesforceId: 'sf-1' },
        { customerId: 'bad', name: '' },
        { customerId: 'after', name: 'After', paymentMethodId: 'pm-1', metadata: { tier: 'gold' } },
      ],
    });
    expect(rows.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['before', 'CREATED'],
      ['bad', 'FAILED'],
      ['after', 'CREATED'],
    ]);
    expect(rows[1]?.error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'name' });
    expect(await client.getCustomer('before')).toMatchObject({ billingId: 'billing-1', salesforceId: 'sf-1' });
    expect(await client.getCustomer('after')).toMatchObject({
      metadata: { tier: 'gold' },
      defaultPaymentMethod: { paymentMethodId: 'pm-1' },
    });
    await expect(client.getCustomer('bad')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test('3.23.0 rejects more than 1,000 customers, in the client and in the engine', async () => {
    const customers = Array.from({ length: 1001 }, (_, index) => ({ customerId: `many-${index}` }));
    const refused = { code: 'INVALID_ARGUMENT', field: 'customers' };
    await expect(client.importCustomerBulk({ customers })).rejects.toMatchObject(refused);
    await expect(stack.engine.importCustomers(customers, stack.clock.now())).rejects.toMatchObject(refused);
    await expect(client.getCustomer('many-0')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });
});
