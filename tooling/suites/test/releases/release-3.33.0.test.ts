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

  /** An app, a trial of the extra that runs, and a site each for north and south. */
  const subscribe = async (customerId: string): Promise<void> => {
    await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } });
    await client.provisionSubscription({ customerId, planId: 'plan-extra', billingPeriod: 'MONTHLY' });
    await client.provisionSubscription({ customerId, planId: 'plan-site', resourceId: 'north' });
    await client.provisionSubscription({ customerId, planId: 'plan-site', resourceId: 'south' });
  };
  const plans = (list: { planId: string; status: string }[]) =>
    list.map(({ planId, status }) => `${planId} ${status}`).sort();

  test('3.33.0 accepts a customer without resources named, and lists what is customer-wide', async () => {
    await subscribe('ada');
    const listed = await client.getActiveSubscriptionsList({ customerId: 'ada' });
    expect(plans(listed)).toEqual(['plan-extra IN_TRIAL', 'plan-free ACTIVE']);
    expect(listed[0]).toHaveProperty('payingCustomer', null);
    expect(plans(await client.getActiveSubscriptions({ customerId: 'ada' }))).toEqual(plans(listed));
  });

  test('3.33.0 accepts one resource or a list of them, and lists what is theirs', async () => {
    await subscribe('grace');
    const ofResource = async (resourceId: string | string[]) =>
      (await client.getActiveSubscriptionsList({ customerId: 'grace', resourceId }))
        .map((slim) => slim.resourceId)
        .sort();
    expect(await ofResource('north')).toEqual(['north']);
    expect(await ofResource(['north', 'south', 'west'])).toEqual(['north', 'south']);
  });

  test('3.33.0 rejects from the list whatever is neither active nor in trial', async () => {
    await client.provisionCustomer({ customerId: 'alan', subscriptionParams: { planId: 'plan-free' } });
    await client.provisionSubscription({ customerId: 'alan', planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    await client.provisionSubscription({
      customerId: 'alan',
      planId: 'plan-extra',
      billingPeriod: 'MONTHLY',
      startDate: new Date('2026-01-20T00:00:00Z'),
    });
    // The free plan was replaced, the extra has not begun.
    expect(plans(await client.getActiveSubscriptionsList({ customerId: 'alan' }))).toEqual(['plan-pro ACTIVE']);
  });

  test('3.33.0 rejects a trial from the list from the instant on at which it ends', async () => {
    await subscribe('mary');
    await stack.clock.set('2026-01-14T23:59:59.999Z');
    const before = await client.getActiveSubscriptionsList({ customerId: 'mary' });
    expect(plans(before)).toEqual(['plan-extra IN_TRIAL', 'plan-free ACTIVE']);
    await stack.clock.set('2026-01-15T00:00:00Z');
    expect(plans(await client.getActiveSubscriptionsList({ customerId: 'mary' }))).toEqual(['plan-free ACTIVE']);
  });
});
