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

  test('3.92.0 accepts an awsMarketplaceCustomerId on provision, another on update, and reads it back', async () => {
    const { customer } = await client.provisionCustomer({ customerId: 'ada', awsMarketplaceCustomerId: 'aws-1' });
    expect(customer.awsMarketplaceCustomerId).toBe('aws-1');
    const changed = await client.updateCustomer({ customerId: 'ada', awsMarketplaceCustomerId: 'aws-2' });
    expect(changed.awsMarketplaceCustomerId).toBe('aws-2');
    expect(await client.getCustomer('ada')).toMatchObject({ awsMarketplaceCustomerId: 'aws-2' });
  });

  test('3.92.0 accepts null, which clears it, and leaves it alone when it is left out', async () => {
    await client.provisionCustomer({ customerId: 'grace', awsMarketplaceCustomerId: 'aws-3' });
    await client.updateCustomer({ customerId: 'grace', name: 'Grace' });
    expect(await client.getCustomer('grace')).toMatchObject({ name: 'Grace', awsMarketplaceCustomerId: 'aws-3' });
    const cleared = await client.updateCustomer({ customerId: 'grace', awsMarketplaceCustomerId: null });
    expect(cleared.awsMarketplaceCustomerId).toBeNull();
    expect(await client.getCustomer('grace')).toMatchObject({ name: 'Grace', awsMarketplaceCustomerId: null });
  });

  test('3.92.0 rejects an empty string, on provision and on update', async () => {
    const refused = { code: 'INVALID_ARGUMENT', field: 'awsMarketplaceCustomerId' };
    const made = client.provisionCustomer({ customerId: 'alan', awsMarketplaceCustomerId: '' });
    await expect(made).rejects.toMatchObject(refused);
    await expect(client.getCustomer('alan')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    const changed = client.updateCustomer({ customerId: 'ada', awsMarketplaceCustomerId: '' });
    await expect(changed).rejects.toMatchObject(refused);
  });
});
