import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

const now = '2026-01-01T00:00:00.000Z';

describe.each(storages)('the terms of a subscription on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeAll(async () => {
    stage = await provisioningStage(storage, now);
  });
  afterAll(() => stage.stack.close());

  const information = (billingInformation: object) => ({ billingInformation });

  test('are kept, and returned by the call and by every read', async () => {
    const terms = {
      charges: [{ type: 'MINIMUM', amount: 5 }],
      appliedCoupon: { couponId: 'coupon-1' },
      priceOverrides: [{ baseCharge: true, amount: 8, currency: 'usd' }],
      salesforceId: 'sf-1',
      billingId: 'billing-1',
      billingCountryCode: 'DE',
      budget: { limit: 100.5, hasSoftLimit: true },
      minimumSpend: { amount: 20, currency: 'usd' },
      paymentCollectionMethod: 'INVOICE',
      billableFeatures: [
        { featureId: 'feature-reports', quantity: 0 },
        { featureId: 'feature-seats', quantity: 2.5 },
      ],
      metadata: { tier: 'gold' },
      billingInformation: {
        prorationBehavior: 'NONE',
        taxIds: [{ type: 'eu_vat', value: 'DE123' }],
        taxPercentage: 19,
        taxRateIds: ['rate-1'],
        invoiceDaysUntilDue: 0,
        isInvoicePaid: false,
        integrationId: 'integration-1',
        billingAddress: { city: 'Berlin' },
        chargeOnBehalfOfAccount: 'account-1',
        metadata: { order: 7 },
      },
    };
    const { subscription } = await stage.provision('ada', { ...terms, subscriptionId: 'sub-ada' });
    expect(subscription).toMatchObject(terms);
    expect(await stage.client.getSubscription({ subscriptionId: 'sub-ada' })).toEqual(subscription);
    expect(await stage.client.getActiveSubscriptions({ customerId: 'ada' })).toEqual([subscription]);
  });

  test('take the older name of a single quantity', async () => {
    const { subscription } = await stage.provision('barbara', { unitQuantity: 3 });
    expect(subscription).toMatchObject({ unitQuantity: 3, billableFeatures: [] });
  });

  test('that are given again with the same package change it in place', async () => {
    const first = await stage.provision('grace');
    const { subscription } = await stage.provision('grace', {
      salesforceId: 'sf-2',
      budget: { limit: 7, hasSoftLimit: false },
      cancellationDate: '2026-03-01T00:00:00Z',
    });
    expect(subscription).toEqual({
      ...first.subscription,
      salesforceId: 'sf-2',
      budget: { limit: 7, hasSoftLimit: false },
      cancellationDate: new Date('2026-03-01T00:00:00Z'),
      effectiveEndDate: new Date('2026-03-01T00:00:00Z'),
    });
  });

  test('begin the bills at the start, whatever a first subscription says of the anchor', async () => {
    for (const [customerId, billingCycleAnchor] of [
      ['first-now', 'NOW'],
      ['first-unchanged', 'UNCHANGED'],
    ] as const) {
      const { subscription } = await stage.provision(customerId, { billingCycleAnchor });
      expect(subscription).toMatchObject({
        billingCycleAnchor: new Date(now),
        currentBillingPeriodStart: new Date(now),
        currentBillingPeriodEnd: new Date('2026-02-01T00:00:00Z'),
      });
    }
  });

  test('let a free plan start in the past', async () => {
    const startDate = '2025-10-01T00:00:00.000Z';
    const { subscription } = await stage.provision('alan', {
      planId: 'plan-free',
      billingPeriod: undefined,
      startDate,
    });
    expect(subscription).toMatchObject({ status: 'ACTIVE', startDate: new Date(startDate) });
  });

  test('count add-ons by their quantity, and none of one as nothing', async () => {
    const reports = (quantity: number) => ({ addons: [{ addonId: 'addon-reports', quantity }] });
    const limit = async (customerId: string) =>
      (await stage.client.getMeteredEntitlement({ customerId, featureId: 'feature-reports' })).usageLimit;
    await stage.provision('many', reports(2));
    expect(await limit('many')).toBe(30);
    const none = await stage.provision('none', reports(0));
    expect(none.subscription?.addons).toEqual([{ addonId: 'addon-reports', quantity: 0 }]);
    expect(await limit('none')).toBe(10);
    await stage.provision('no-api', { addons: [{ addonId: 'addon-api', quantity: 0 }] });
    const api = { customerId: 'no-api', featureId: 'feature-api' };
    expect((await stage.client.getBooleanEntitlement(api)).hasAccess).toBe(false);
  });

  test.each([
    ['taxPercentage above 100', information({ taxPercentage: 100.5 }), 'billingInformation.taxPercentage'],
    ['taxPercentage below 0', information({ taxPercentage: -1 }), 'billingInformation.taxPercentage'],
    ['another proration', information({ prorationBehavior: 'SOME' }), 'billingInformation.prorationBehavior'],
    ['a tax id without a value', information({ taxIds: [{ type: 'eu_vat' }] }), 'billingInformation.taxIds[0].value'],
    [
      'an empty type of a tax id',
      information({ taxIds: [{ type: '', value: 'x' }] }),
      'billingInformation.taxIds[0].type',
    ],
    ['days below 0', information({ invoiceDaysUntilDue: -1 }), 'billingInformation.invoiceDaysUntilDue'],
    ['an unknown field of billing', information({ color: 'red' }), 'billingInformation.color'],
    ['a negative budget', { budget: { limit: -1, hasSoftLimit: false } }, 'budget.limit'],
    ['a negative minimum spend', { minimumSpend: { amount: -1, currency: 'usd' } }, 'minimumSpend.amount'],
    ['a minimum spend without a currency', { minimumSpend: { amount: 1 } }, 'minimumSpend.currency'],
    ['an unknown field of it', { minimumSpend: { amount: 1, currency: 'usd', color: 1 } }, 'minimumSpend.color'],
    ['a country that is none', { billingCountryCode: 'Germany' }, 'billingCountryCode'],
    ['another anchor', { billingCycleAnchor: 'LATER' }, 'billingCycleAnchor'],
    ['another strategy', { scheduleStrategy: 'SOMETIME' }, 'scheduleStrategy'],
    ['an empty id in another system', { salesforceId: '' }, 'salesforceId'],
    [
      'a negative quantity',
      { billableFeatures: [{ featureId: 'feature-seats', quantity: -1 }] },
      'billableFeatures[0].quantity',
    ],
    [
      'a feature twice',
      {
        billableFeatures: [
          { featureId: 'feature-seats', quantity: 1 },
          { featureId: 'feature-seats', quantity: 2 },
        ],
      },
      'billableFeatures[1].featureId',
    ],
    ['a negative unitQuantity', { unitQuantity: -1 }, 'unitQuantity'],
    [
      'both names of a quantity',
      { unitQuantity: 1, billableFeatures: [{ featureId: 'feature-seats', quantity: 1 }] },
      'unitQuantity',
    ],
    ['a negative number of add-ons', { addons: [{ addonId: 'addon-reports', quantity: -1 }] }, 'addons[0].quantity'],
    ['too many add-ons', { addons: [{ addonId: 'addon-reports', quantity: 6 }] }, 'addons[0].quantity'],
    ['an add-on without the one it needs', { addons: [{ addonId: 'addon-api' }] }, 'addons[0].addonId'],
    [
      'an add-on with none of the one it needs',
      { addons: [{ addonId: 'addon-reports', quantity: 0 }, { addonId: 'addon-api' }] },
      'addons[1].addonId',
    ],
    ['an add-on of another plan', { addons: [{ addonId: 'addon-negotiated' }] }, 'addons[0].addonId'],
    ['a start that is no date', { startDate: 'tomorrow' }, 'startDate'],
    ['a payer who is no id', { payingCustomerId: '-' }, 'payingCustomerId'],
    ['an id that is none', { subscriptionId: '@' }, 'subscriptionId'],
  ])('refuse %s by name', async (_, params, field) => {
    await expect(stage.provision('refused', params)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    expect(await stage.history('refused')).toEqual([]);
  });

  test('refuse a feature that nobody knows by name', async () => {
    const billableFeatures = [{ featureId: 'feature-gone', quantity: 1 }];
    await expect(stage.provision('refused', { billableFeatures })).rejects.toMatchObject({
      code: 'FEATURE_NOT_FOUND',
      field: 'billableFeatures[0].featureId',
    });
  });
});
