import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditsChanged } from './credit-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

const catalog = creditsChanged(({ products, features, plans }) => {
  products['product-site'] = { displayName: 'Site', multipleSubscriptions: true };
  plans['plan-site'] = { displayName: 'Site', productId: 'product-site', pricingType: 'FREE', entitlements: {} };
  const filters = [{ conditions: [{ field: 'eventName', operation: 'EQUALS' as const, value: 'upload' }] }];
  features['feature-largest'] = {
    displayName: 'Largest upload',
    featureType: 'NUMBER',
    meterType: 'FLUCTUATING',
    meter: { aggregation: 'MAX', field: 'size', filters },
  };
  const rate = { currencyId: 'credits', amount: 3 };
  Object.assign(plans['plan-pro']?.entitlements ?? {}, { 'feature-largest': { creditRate: rate } });
});

describe.each(implementations)('what usage would cost on $name', (implementation) => {
  let stage: Stage;
  let lastCustomer = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  /** A fresh customer with 1,000 credits: reports cost 2 each, answers by their tokens. */
  async function subscribed(): Promise<string> {
    const customerId = `customer-${++lastCustomer}`;
    const subscriptionParams = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await stage.environment.provisionCustomer({ customerId, subscriptionParams }, now);
    return customerId;
  }
  const usage = (customerId: string, value: string, more: object = {}) =>
    stage.environment.estimateUsageCost({ customerId, featureId: 'feature-reports', value, ...more }, now);
  const event = (customerId: string, eventName: string, dimensions: object = {}) =>
    stage.environment.estimateEventCost({ customerId, eventName, dimensions }, now);

  test('is told with the balance before and after, and recorded nowhere', async () => {
    const customerId = await subscribed();
    const before = await stage.environment.snapshots(customerId, [null], now);
    expect(await usage(customerId, '3')).toEqual({
      estimates: [
        {
          currencyId: 'credits',
          estimatedCost: '6',
          currentBalance: '1000',
          balanceAfterEstimate: '994',
          wouldOverdraft: false,
          breakdown: [{ featureId: 'feature-reports', cost: '6', warningCode: null }],
        },
      ],
      warnings: [],
    });
    const answered = await event(customerId, 'answer', { inputTokens: 100, outputTokens: 20 });
    // 1.1 · 100 + 5 · 20
    expect(answered.estimates).toMatchObject([{ estimatedCost: '210', balanceAfterEstimate: '790' }]);
    expect(await stage.environment.snapshots(customerId, [null], now)).toEqual(before);
    const rows = await stage.database.query('select 1 from {schema}.usage where customer_id = $1', [customerId]);
    expect(rows).toEqual([]);
  });

  test('says when it would go into the overdraft: below zero, not at it', async () => {
    const customerId = await subscribed();
    const [all] = (await usage(customerId, '500')).estimates;
    expect(all).toMatchObject({ balanceAfterEstimate: '0', wouldOverdraft: false });
    const [more] = (await usage(customerId, '500.5')).estimates;
    expect(more).toMatchObject({ balanceAfterEstimate: '-1', wouldOverdraft: true });
  });

  test('is what the counter would change by: of a SET the difference, of a maximum what passes it', async () => {
    const customerId = await subscribed();
    await stage.environment.reportUsage([{ customerId, featureId: 'feature-reports', value: '5' }], now);
    const [set] = (await usage(customerId, '8', { updateBehavior: 'SET' })).estimates;
    expect(set).toMatchObject({ estimatedCost: '6', currentBalance: '990' });
    const upload = { customerId, eventName: 'upload', dimensions: { size: 10 }, idempotencyKey: 'k' };
    await stage.environment.reportEvents([{ ...upload, isTimestampFilledIn: false }], now);
    const costs = [];
    for (const size of [4, 15]) {
      costs.push((await event(customerId, 'upload', { size })).estimates.map((each) => each.estimatedCost));
    }
    // 3 credits for each of the 5 above the largest so far.
    expect(costs).toEqual([['0'], ['15']]);
  });

  test('warns of features that are not there or cost nothing, and of subscriptions of resources', async () => {
    const customerId = await subscribed();
    const nothing = (warning: string) => ({ estimates: [], warnings: [warning] });
    expect(await usage(customerId, '1', { featureId: 'feature-none' })).toEqual(nothing('FEATURE_NOT_FOUND'));
    expect(await event(customerId, 'nothing-counts-it')).toEqual(nothing('FEATURE_NOT_FOUND'));
    const seats = await usage(customerId, '1', { featureId: 'feature-seats' });
    expect(seats).toEqual(nothing('FEATURE_NOT_CREDIT_BASED'));
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-site', resourceId: 'site-1' }, now);
    expect((await usage(customerId, '1')).warnings).toEqual(['RESOURCE_SCOPED_SUBSCRIPTION_EXISTS']);
    expect((await usage(customerId, '1', { resourceId: 'site-1' })).warnings).toEqual([]);
  });

  test('is refused for an unknown customer, and where a formula cannot be worked out', async () => {
    await expect(usage('nobody', '1')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    const customerId = await subscribed();
    const wrong = event(customerId, 'answer', { inputTokens: 'many' });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'dimensions.inputTokens' });
  });
});
