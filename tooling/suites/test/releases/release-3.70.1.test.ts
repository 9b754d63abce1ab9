import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';

/** Each at an instant of its own, so that the list has an order that a test can know. */
const tick = 1000;

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-01T00:00:00Z');
    client = stack.client();
  });
  afterAll(() => stack.close());

  const listed = async (query: Parameters<Tollgate['getSubscriptions']>[0]) =>
    (await client.getSubscriptions(query)).data.map(({ planId, status }) => `${planId} ${status}`);

  test('3.70.1 accepts a customer, and lists subscriptions in every status, newest first', async () => {
    const customerId = 'ada';
    await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } });
    await stack.clock.advance(tick);
    await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    await stack.clock.advance(tick);
    await client.provisionSubscription({ customerId, planId: 'plan-extra', billingPeriod: 'MONTHLY' });
    await stack.clock.advance(tick);
    const north = { customerId, planId: 'plan-site', resourceId: 'north' };
    await client.provisionSubscription({ ...north, startDate: new Date('2026-06-01T00:00:00Z') });
    expect(await listed({ customerId })).toEqual([
      'plan-site NOT_STARTED',
      'plan-extra IN_TRIAL',
      'plan-pro ACTIVE',
      'plan-free CANCELED',
    ]);
    await stack.clock.set('2026-01-20T00:00:00Z');
    expect(await listed({ customerId })).toEqual([
      'plan-site NOT_STARTED',
      'plan-extra EXPIRED',
      'plan-pro ACTIVE',
      'plan-free CANCELED',
    ]);
  });

  test('3.70.1 accepts a filter by status, by resource, by product, and by several at once', async () => {
    expect(await listed({ status: 'EXPIRED' })).toEqual(['plan-extra EXPIRED']);
    expect(await listed({ status: ['ACTIVE', 'CANCELED'] })).toEqual(['plan-pro ACTIVE', 'plan-free CANCELED']);
    expect(await listed({ resourceId: 'north' })).toEqual(['plan-site NOT_STARTED']);
    expect(await listed({ resourceId: ['north', 'south'] })).toEqual(['plan-site NOT_STARTED']);
    expect(await listed({ productId: 'product-app' })).toEqual(['plan-pro ACTIVE', 'plan-free CANCELED']);
    expect(await listed({ customerId: 'ada', productId: 'product-app', status: 'ACTIVE' })).toEqual([
      'plan-pro ACTIVE',
    ]);
    expect(await listed({ productId: 'product-app', resourceId: 'north' })).toEqual([]);
  });

  test('3.70.1 accepts a page size and cursors, which stay where they are while the list grows', async () => {
    const customerId = 'grace';
    await client.provisionCustomer({ customerId });
    const begin = async (resourceId: string) => {
      await stack.clock.advance(tick);
      await client.provisionSubscription({ customerId, planId: 'plan-site', resourceId });
    };
    for (const resourceId of ['r1', 'r2', 'r3', 'r4', 'r5']) await begin(resourceId);
    const page = async (cursors: { startingAfter?: string | null; endingBefore?: string | null }) => {
      const { data, pagination } = await client.getSubscriptions({ customerId, limit: 2, ...cursors });
      return { resources: data.map((subscription) => subscription.resourceId), ...pagination };
    };
    const first = await page({});
    expect(first).toMatchObject({ resources: ['r5', 'r4'], prev: null, next: expect.any(String) });
    await begin('r6');
    const second = await page({ startingAfter: first.next });
    expect(second.resources).toEqual(['r3', 'r2']);
    const third = await page({ startingAfter: second.next });
    expect(third).toMatchObject({ resources: ['r1'], next: null });
    expect((await page({ endingBefore: third.prev })).resources).toEqual(['r3', 'r2']);
    const back = await page({ endingBefore: second.prev });
    expect(back).toMatchObject({ resources: ['r5', 'r4'], prev: expect.any(String), next: expect.any(String) });
    expect(await page({ endingBefore: back.prev })).toMatchObject({ resources: ['r6'], prev: null });
  });

  test('3.70.1 accepts an unknown customer, who has none', async () => {
    expect(await client.getSubscriptions({ customerId: 'nobody' })).toEqual({
      data: [],
      pagination: { next: null, prev: null },
    });
  });

  test('3.70.1 rejects what is no cursor, and a cursor of another list', async () => {
    const refused = { code: 'INVALID_ARGUMENT', field: 'page.after' };
    await expect(client.getSubscriptions({ startingAfter: 'nonsense' })).rejects.toMatchObject(refused);
    const { pagination } = await client.getSubscriptions({ customerId: 'grace', limit: 1 });
    const foreign = client.getSubscriptions({ customerId: 'ada', limit: 1, startingAfter: pagination.next });
    await expect(foreign).rejects.toMatchObject(refused);
  });

  test('3.70.1 rejects a limit of 0 or 101', async () => {
    const limited = (limit: number) => stack.engine.subscriptions({ filter: null, page: { limit } }, stack.clock.now());
    await expect(limited(0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.limit' });
    await expect(limited(101)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.limit' });
    await expect(client.getSubscriptions({ limit: 101 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((await limited(100)).data.length).toBeGreaterThan(0);
  });
});
