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

  const german = { type: 'eu_vat', value: 'DE123' };
  const taxIds = async () => (await client.getCustomer('ada')).billingInfo?.taxIds;

  test('3.61.0 accepts tax ids on update, stores them and returns them', async () => {
    await client.provisionCustomer({ customerId: 'ada', billingInfo: { currency: 'EUR', timezone: 'Europe/Berlin' } });
    const changed = await client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [german] } });
    expect(changed.billingInfo?.taxIds).toEqual([german]);
    expect(await taxIds()).toEqual([german]);
    expect(await client.getCustomer('ada')).toMatchObject({
      billingInfo: { currency: 'eur', timezone: 'Europe/Berlin' },
    });
  });

  test('3.61.0 accepts a new list, which replaces the one before it', async () => {
    const british = { type: 'gb_vat', value: 'GB999' };
    await client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [british] } });
    expect(await taxIds()).toEqual([british]);
    await client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [] } });
    expect(await taxIds()).toEqual([]);
  });

  test('3.61.0 rejects an item without a value, in the client and in the engine', async () => {
    await client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [german] } });
    const withoutValue = { type: 'eu_vat' } as { type: string; value: string };
    const field = 'billingInfo.taxIds[1].value';
    await expect(
      client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [german, withoutValue] } }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    const input = { customerId: 'ada', billingInfo: { taxIds: [german, { type: 'eu_vat', value: '' }] } };
    await expect(client.updateCustomer(input)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    expect(await taxIds()).toEqual([german]);
  });

  test('3.61.0 rejects an item without a type, in the client and in the engine', async () => {
    const withoutType = { value: 'DE123' } as { type: string; value: string };
    const field = 'billingInfo.taxIds[0].type';
    await expect(
      client.updateCustomer({ customerId: 'ada', billingInfo: { taxIds: [withoutType] } }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    const input = { customerId: 'ada', billingInfo: { taxIds: [{ type: '', value: 'DE123' }] } };
    await expect(client.updateCustomer(input)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    expect(await taxIds()).toEqual([german]);
  });
});
