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

  const told = async () => {
    const { events } = await stack.engine.events({ after: null, limit: 1000 });
    return events.filter(({ customerId }) => customerId === 'ada');
  };

  test('3.3.0 accepts a customer with a payment method: it is gone, and an event says so', async () => {
    const { customer } = await client.provisionCustomer({
      customerId: 'ada',
      billingInfo: { paymentMethodId: 'pm-1' },
    });
    expect(customer.paymentMethodDetails).toMatchObject({ paymentMethodId: 'pm-1', type: 'CARD' });
    const detached = await client.detachCustomerPaymentMethod('ada');
    expect(detached).toMatchObject({ customerId: 'ada', defaultPaymentMethod: null, paymentMethodDetails: null });
    expect(await client.getCustomer('ada')).toMatchObject({ defaultPaymentMethod: null, paymentMethodDetails: null });
    expect((await told()).map(({ type }) => type)).toEqual([
      'customer.created',
      'payment_method.attached',
      'customer.updated',
      'payment_method.detached',
    ]);
    expect((await told()).at(-1)).toMatchObject({
      timestamp: '2026-01-01T00:00:00.000Z',
      customerId: 'ada',
      entity: { customerId: 'ada', paymentMethodId: 'pm-1', type: 'CARD', detachedAt: '2026-01-01T00:00:00.000Z' },
    });
  });

  test('3.3.0 accepts a second call, which changes nothing and tells nothing', async () => {
    const messageIds = async () => (await told()).map(({ messageId }) => messageId);
    const earlier = await messageIds();
    const before = await client.getCustomer('ada');
    expect(await client.detachCustomerPaymentMethod('ada')).toEqual(before);
    expect(await messageIds()).toEqual(earlier);
  });

  test('3.3.0 rejects an unknown customer', async () => {
    await expect(client.detachCustomerPaymentMethod('nobody')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });
});
