import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const start = at('2026-01-01T00:00:00Z');
const end = '2026-01-11T00:00:00.000Z';
const later = at('2026-01-15T00:00:00Z');
const catalog = changed((copy) => {
  copy.products['product-app'] = {
    displayName: 'App',
    productSettings: { subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-free' },
  };
});

describe.each(implementations)('a subscription that time made on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  /** The id under which a read shows the free plan that took over; nothing is written by it. */
  const freeIdOf = async (customerId: string): Promise<string> => {
    await stage.environment.provisionCustomer({ customerId }, start);
    await stage.environment.provisionSubscription(
      { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY', cancellationDate: end },
      start,
    );
    const { subscriptions } = await stage.environment.customer(customerId, later);
    expect(subscriptions).toMatchObject([{ planId: 'plan-free', status: 'ACTIVE', startDate: end }]);
    return subscriptions[0]?.subscriptionId as string;
  };

  test('can be changed by the id that reads show, before anything was written or swept', async () => {
    const subscriptionId = await freeIdOf('ada');
    const input = { subscriptionId, metadata: { seen: true } };
    const { subscription } = await stage.environment.updateSubscription(input, later);
    expect(subscription).toMatchObject({
      subscriptionId,
      planId: 'plan-free',
      startDate: end,
      metadata: { seen: true },
    });
  });

  test('can be handed to another customer by that id', async () => {
    const subscriptionId = await freeIdOf('bob');
    await stage.environment.provisionCustomer({ customerId: 'eve' }, start);
    const asked = { subscriptionId, destinationCustomerId: 'eve' };
    const { subscription } = await stage.environment.delegateSubscriptionToCustomer(asked, later);
    expect(subscription).toMatchObject({ subscriptionId, customerId: 'eve' });
  });

  test('is shown in its place among the others, newest first, like one that was written', async () => {
    const customerId = 'ann';
    await stage.environment.provisionCustomer({ customerId }, start);
    const site = { customerId, planId: 'plan-workspace', resourceId: 'w1' };
    await stage.environment.provisionSubscription({ ...site, subscriptionId: 'before' }, start);
    const pro = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, cancellationDate: end };
    await stage.environment.provisionSubscription(pro, start);
    const plansAt = async (now: number) =>
      (await stage.environment.customer(customerId, now)).subscriptions.map(({ planId }) => planId);
    expect(await plansAt(later)).toEqual(['plan-free', 'plan-workspace']);
    await stage.environment.sweep(later, 10);
    expect(await plansAt(later)).toEqual(['plan-free', 'plan-workspace']);
  });

  test('leaves its place to the next trial in the very change that stores it', async () => {
    const customerId = 'tim';
    await stage.environment.provisionCustomer({ customerId }, start);
    const trial = (trialEndDate: string, now: number) =>
      stage.environment.provisionSubscription(
        {
          customerId,
          planId: 'plan-pro',
          billingPeriod: 'MONTHLY',
          trialOverrideConfiguration: { isTrial: true, trialEndDate, trialEndBehavior: 'CONVERT_TO_PAID' },
        },
        now,
      );
    const first = await trial(end, start);
    const second = await trial('2026-02-01T00:00:00.000Z', later);
    const { subscriptions } = await stage.environment.customer(customerId, later);
    expect(subscriptions.map(({ subscriptionId, status }) => [subscriptionId, status])).toEqual([
      [second.subscription?.subscriptionId, 'IN_TRIAL'],
      [first.subscription?.subscriptionId, 'ACTIVE'],
    ]);
  });
});
