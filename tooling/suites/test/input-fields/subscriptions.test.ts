import type { ProvisionSubscription, SubscriptionEntitlementParams, Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inputFieldCatalog } from '../../src/input-field-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const acme = { customerId: 'acme' };
const pro = { ...acme, planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;

describe.each(storages)('on %s, the input', (storage) => {
  let stack: TestStack;
  let client: Tollgate;

  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-10T00:00:00Z', { catalog: inputFieldCatalog });
    client = stack.client();
    await client.provisionCustomer({ ...acme, subscriptionParams: null });
  });
  afterEach(() => stack.close());

  const start = async (params: Omit<ProvisionSubscription, 'customerId'>) => {
    const { subscription } = await client.provisionSubscription({ ...acme, ...params });
    if (!subscription) throw new Error('no subscription was started');
    return subscription;
  };
  const metered = (featureId: string) => client.getMeteredEntitlement({ ...acme, featureId });
  const has = async (featureId: string) => (await client.getBooleanEntitlement({ ...acme, featureId })).hasAccess;

  test('planId says what is sold', async () => {
    expect(await start(pro)).toMatchObject({ planId: 'plan-pro', pricingType: 'PAID', productId: 'product-app' });
    await expect(client.provisionSubscription({ ...acme, planId: 'plan-none' })).rejects.toMatchObject({
      code: 'PLAN_NOT_FOUND',
      field: 'planId',
    });
  });

  test('resourceId says which resource is entitled', async () => {
    await start({ planId: 'site-pro', resourceId: 'site-1', billingPeriod: 'MONTHLY' });
    const pages = (resourceId: string) =>
      client.getMeteredEntitlement({ ...acme, featureId: 'feature-pages', resourceId });
    expect(await pages('site-1')).toMatchObject({ hasAccess: true, usageLimit: 50 });
    expect(await pages('site-2')).toMatchObject({ hasAccess: false, accessDeniedReason: 'CustomerResourceNotFound' });
    await expect(client.provisionSubscription({ ...acme, planId: 'site-free' })).rejects.toMatchObject({
      field: 'resourceId',
    });
  });

  test('billingPeriod says how long a period is, and may be changed', async () => {
    const { subscriptionId } = await start(pro);
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({
      currentBillingPeriodEnd: new Date('2026-02-10T00:00:00Z'),
    });
    expect(await client.updateSubscription({ subscriptionId, billingPeriod: 'ANNUALLY' })).toMatchObject({
      billingPeriod: 'ANNUALLY',
      currentBillingPeriodEnd: new Date('2027-01-10T00:00:00Z'),
    });
    await expect(start({ planId: 'plan-pro' })).rejects.toMatchObject({ field: 'billingPeriod' });
  });

  test('addons adds so many of each to the plan, and an update replaces the whole list', async () => {
    const { subscriptionId } = await start({ ...pro, addons: [{ addonId: 'addon-seats', quantity: 3 }] });
    expect((await metered('feature-seats')).usageLimit).toBe(11);
    await client.updateSubscription({
      subscriptionId,
      addons: [{ addonId: 'addon-seats' }],
      scheduleStrategy: 'IMMEDIATE',
    });
    expect((await metered('feature-seats')).usageLimit).toBe(7);
    await client.updateSubscription({ subscriptionId, addons: [], scheduleStrategy: 'IMMEDIATE' });
    expect((await metered('feature-seats')).usageLimit).toBe(5);
  });

  test('billableFeatures is a quantity per feature, returned and replaced', async () => {
    const { subscriptionId, billableFeatures } = await start({
      ...pro,
      billableFeatures: [{ featureId: 'feature-seats', quantity: '5.5' }],
    });
    expect(billableFeatures).toEqual([{ featureId: 'feature-seats', quantity: 5.5 }]);
    const more = [{ featureId: 'feature-seats', quantity: 8 }];
    expect((await client.updateSubscription({ subscriptionId, billableFeatures: more })).billableFeatures).toEqual(
      more,
    );
    const unknown = [{ featureId: 'feature-none', quantity: 1 }];
    await expect(client.updateSubscription({ subscriptionId, billableFeatures: unknown })).rejects.toMatchObject({
      field: 'billableFeatures[0].featureId',
    });
  });

  test('unitQuantity is returned as it was given, and does not go with billableFeatures', async () => {
    const { subscriptionId, unitQuantity } = await start({ ...pro, unitQuantity: 4 });
    expect(unitQuantity).toBe(4);
    expect((await client.updateSubscription({ subscriptionId, unitQuantity: '6' })).unitQuantity).toBe(6);
    const both = { ...pro, unitQuantity: 4, billableFeatures: [{ featureId: 'feature-seats', quantity: 4 }] };
    await expect(start(both)).rejects.toMatchObject({ field: 'unitQuantity' });
  });

  test('startDate in the future begins then', async () => {
    expect(await start({ ...pro, startDate: '2026-02-01T00:00:00Z' })).toMatchObject({ status: 'NOT_STARTED' });
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: false });
    await stack.clock.set('2026-02-01T00:00:00Z');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: true, usageLimit: 5 });
  });

  test('scheduleStrategy says when a change of what runs is made', async () => {
    const { subscriptionId } = await start({ ...pro, addons: [{ addonId: 'addon-seats', quantity: 2 }] });
    const addons = [{ addonId: 'addon-seats', quantity: 1 }];
    await client.updateSubscription({ subscriptionId, addons, scheduleStrategy: 'END_OF_BILLING_PERIOD' });
    expect((await metered('feature-seats')).usageLimit).toBe(9);
    await stack.clock.set('2026-02-09T23:59:59Z');
    expect((await metered('feature-seats')).usageLimit).toBe(9);
    await stack.clock.set('2026-02-10T00:00:00Z');
    expect((await metered('feature-seats')).usageLimit).toBe(7);
  });

  test('scheduleStrategy END_OF_BILLING_MONTH ends a month of a year', async () => {
    const { subscriptionId } = await start({
      ...pro,
      billingPeriod: 'ANNUALLY',
      addons: [{ addonId: 'addon-seats', quantity: 2 }],
    });
    await client.updateSubscription({ subscriptionId, addons: [], scheduleStrategy: 'END_OF_BILLING_MONTH' });
    await stack.clock.set('2026-02-09T23:59:59Z');
    expect((await metered('feature-seats')).usageLimit).toBe(9);
    await stack.clock.set('2026-02-10T00:00:00Z');
    expect((await metered('feature-seats')).usageLimit).toBe(5);
  });

  test('status takes back only what waits in that way', async () => {
    const { subscriptionId } = await start({ ...pro, addons: [{ addonId: 'addon-seats', quantity: 2 }] });
    await client.updateSubscription({ subscriptionId, addons: [], scheduleStrategy: 'END_OF_BILLING_PERIOD' });
    const scheduled = async () =>
      (await client.getSubscription({ subscriptionId })).futureUpdates.filter(
        ({ scheduleStatus }) => scheduleStatus === 'SCHEDULED',
      ).length;
    await client.cancelSubscriptionScheduledUpdates({ subscriptionId, status: 'PENDING_PAYMENT' });
    expect(await scheduled()).toBe(1);
    await client.cancelSubscriptionScheduledUpdates({ subscriptionId, status: 'SCHEDULED' });
    expect(await scheduled()).toBe(0);
    await stack.clock.set('2026-02-10T00:00:00Z');
    expect((await metered('feature-seats')).usageLimit).toBe(9);
  });

  test('trialOverrideConfiguration decides whether there is a trial, until when, and what follows', async () => {
    const plan = { planId: 'plan-trial', billingPeriod: 'MONTHLY' as const };
    expect(await start({ ...plan, trialOverrideConfiguration: { isTrial: false } })).toMatchObject({
      status: 'ACTIVE',
    });
    const trialOverrideConfiguration = {
      isTrial: true,
      trialEndDate: '2026-01-20T00:00:00Z',
      trialEndBehavior: 'CONVERT_TO_PAID' as const,
    };
    await client.provisionCustomer({ customerId: 'other', subscriptionParams: null });
    const { subscription } = await client.provisionSubscription({
      ...plan,
      customerId: 'other',
      trialOverrideConfiguration,
    });
    expect(subscription).toMatchObject({ status: 'IN_TRIAL', trialEndDate: new Date('2026-01-20T00:00:00Z') });
    await stack.clock.set('2026-01-20T00:00:00Z');
    expect(await client.getActiveSubscriptions({ customerId: 'other' })).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('skipTrial starts paid at once', async () => {
    const plan = { ...acme, planId: 'plan-trial', billingPeriod: 'MONTHLY' as const };
    const { subscription } = await client.applySubscription({ ...plan, skipTrial: true });
    expect(subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
    await client.provisionCustomer({ customerId: 'other', subscriptionParams: null });
    const tried = await client.applySubscription({ ...plan, customerId: 'other' });
    expect(tried.subscription).toMatchObject({ status: 'IN_TRIAL', trialEndDate: new Date('2026-01-24T00:00:00Z') });
  });

  test('trialEndDate moves the end of a trial that runs', async () => {
    const { subscriptionId } = await start({ planId: 'plan-trial', billingPeriod: 'MONTHLY' });
    await client.updateSubscription({ subscriptionId, trialEndDate: new Date('2026-02-01T00:00:00Z') });
    await stack.clock.set('2026-01-31T23:59:59Z');
    expect(await has('feature-audit')).toBe(true);
    await stack.clock.set('2026-02-01T00:00:00Z');
    expect(await has('feature-audit')).toBe(false);
  });

  const values: SubscriptionEntitlementParams[] = [
    { feature: { featureId: 'feature-upload', isGranted: false } },
    { featureId: 'feature-formats', enumValues: ['pdf'] },
    { featureId: 'feature-seats', usageLimit: '7', hasSoftLimit: true },
    { featureId: 'feature-reports', hasUnlimitedUsage: true },
  ];

  test('entitlements fills in what a custom plan leaves open: revoked, limited, soft, unlimited, listed', async () => {
    await start({ planId: 'plan-custom', entitlements: values });
    expect(await client.getNumericEntitlement({ ...acme, featureId: 'feature-upload' })).toMatchObject({
      hasAccess: false,
      accessDeniedReason: 'Revoked',
    });
    expect(await client.getEnumEntitlement({ ...acme, featureId: 'feature-formats' })).toMatchObject({
      enumValues: ['pdf'],
    });
    expect(await metered('feature-seats')).toMatchObject({ usageLimit: 7, hasSoftLimit: true, isUnlimited: false });
    expect(await metered('feature-reports')).toMatchObject({ isUnlimited: true });
  });

  test('subscriptionEntitlements is the older name of the same', async () => {
    await start({ planId: 'plan-custom', subscriptionEntitlements: values });
    expect(await metered('feature-seats')).toMatchObject({ usageLimit: 7, hasSoftLimit: true });
  });

  test('resetPeriod of a value begins its periods where its configuration says', async () => {
    const reset = (value: object): SubscriptionEntitlementParams[] =>
      values.map((given) =>
        'featureId' in given && given.featureId === 'feature-reports'
          ? { featureId: 'feature-reports', usageLimit: 5, ...value }
          : given,
      );
    const { subscriptionId } = await start({
      planId: 'plan-custom',
      entitlements: reset({
        resetPeriod: 'MONTH',
        monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
      }),
    });
    const end = async () => (await metered('feature-reports')).usagePeriodEnd;
    const change = (value: object) => client.updateSubscription({ subscriptionId, entitlements: reset(value) });
    expect(await end()).toEqual(new Date('2026-02-01T00:00:00Z'));
    // January 10 of 2026 is a Saturday.
    await change({ resetPeriod: 'WEEK', weeklyResetPeriodConfiguration: { accordingTo: 'EveryMonday' } });
    expect(await end()).toEqual(new Date('2026-01-12T00:00:00Z'));
    await change({ resetPeriod: 'YEAR', yearlyResetPeriodConfiguration: { accordingTo: 'SubscriptionStart' } });
    expect(await end()).toEqual(new Date('2027-01-10T00:00:00Z'));
  });

  test('billingInformation and what else is kept for the billing provider is returned as it was given', async () => {
    const billingInformation = {
      taxIds: [{ type: 'eu_vat', value: 'DE123' }],
      taxPercentage: 19,
      taxRateIds: ['txr_1'],
      invoiceDaysUntilDue: 14,
      isInvoicePaid: true,
      integrationId: 'billing-1',
      billingAddress: { country: 'DE' },
      chargeOnBehalfOfAccount: 'acct_1',
      metadata: { region: 'north' },
    };
    const kept = { billingId: 'sub_1', salesforceId: 'sf_1', billingCountryCode: 'DE' };
    const minimumSpend = { amount: 50, currency: 'usd' };
    const started = await start({
      ...pro,
      ...kept,
      minimumSpend,
      billingInformation,
      paymentCollectionMethod: 'INVOICE',
    });
    expect(started).toMatchObject({ ...kept, minimumSpend, paymentCollectionMethod: 'INVOICE' });
    expect(started.billingInformation).toMatchObject(billingInformation);
    const { subscriptionId } = started;
    expect(await client.updateSubscription({ subscriptionId, salesforceId: 'sf_2' })).toMatchObject({
      salesforceId: 'sf_2',
      billingId: 'sub_1',
    });
  });

  test('metadata is returned as it was given, and replaced by an update', async () => {
    const { subscriptionId, metadata } = await start({ ...pro, metadata: { source: 'web' } });
    expect(metadata).toEqual({ source: 'web' });
    const changed = await client.updateSubscription({ subscriptionId, metadata: { source: 'app' } });
    expect(changed.metadata).toMatchObject({ source: 'app' });
  });

  test('budget is returned as a number, replaced by an update, and gone with null', async () => {
    const { subscriptionId, budget } = await start({ ...pro, budget: { limit: '99.5', hasSoftLimit: false } });
    expect(budget).toEqual({ limit: 99.5, hasSoftLimit: false });
    const change = async (to: { limit: number; hasSoftLimit: boolean } | null) =>
      (await client.updateSubscription({ subscriptionId, budget: to })).budget;
    expect(await change({ limit: 10, hasSoftLimit: true })).toEqual({ limit: 10, hasSoftLimit: true });
    expect(await change(null)).toBeNull();
  });

  test('awaitPaymentConfirmation and checkoutOptions change nothing where nothing is collected', async () => {
    const checkoutOptions = {
      successUrl: 'https://app.example/done',
      cancelUrl: 'https://app.example/back',
      allowPromoCodes: true,
      allowTaxIdCollection: true,
      collectBillingAddress: true,
      collectPhoneNumber: true,
      referenceId: 'order-7',
    };
    for (const awaitPaymentConfirmation of [true, false]) {
      const reply = await client.provisionSubscription({ ...pro, awaitPaymentConfirmation, checkoutOptions });
      expect(reply).toMatchObject({ status: 'SUCCESS', checkoutUrl: null, subscription: { status: 'ACTIVE' } });
    }
  });

  test('paymentMethodId attaches the method that pays', async () => {
    await client.applySubscription({ ...pro, paymentMethodId: 'pm_9' });
    expect((await client.getCustomer('acme')).defaultPaymentMethod).toMatchObject({ paymentMethodId: 'pm_9' });
  });

  test('subscriptionId names the new subscription, and says which one a call is about', async () => {
    expect(await start({ ...pro, subscriptionId: 'sub-1' })).toMatchObject({ subscriptionId: 'sub-1' });
    expect(await client.getSubscription({ subscriptionId: 'sub-1' })).toMatchObject({ planId: 'plan-pro' });
    await expect(client.getSubscription({ subscriptionId: 'sub-2' })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_NOT_FOUND',
    });
    await client.provisionCustomer({ customerId: 'other', subscriptionParams: null });
    await expect(
      client.provisionSubscription({ ...pro, customerId: 'other', subscriptionId: 'sub-1' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('subscriptionCancellationTime says when a cancelled subscription ends', async () => {
    const { subscriptionId } = await start(pro);
    const cancelled = await client.cancelSubscription({
      subscriptionId,
      subscriptionCancellationTime: 'END_OF_BILLING_PERIOD',
      prorate: false,
    });
    expect(cancelled).toMatchObject({ status: 'ACTIVE', effectiveEndDate: new Date('2026-02-10T00:00:00Z') });
    await stack.clock.set('2026-02-09T23:59:59Z');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: true });
    await stack.clock.set('2026-02-10T00:00:00Z');
    expect(await metered('feature-seats')).toMatchObject({
      hasAccess: false,
      accessDeniedReason: 'NoActiveSubscription',
    });
  });

  test('endDate is the day of a cancellation on a date, and required there', async () => {
    const { subscriptionId } = await start(pro);
    const onDate = { subscriptionId, subscriptionCancellationTime: 'SPECIFIC_DATE' as const };
    await expect(client.cancelSubscription(onDate)).rejects.toMatchObject({ field: 'endDate' });
    await client.cancelSubscription({ ...onDate, endDate: '2026-01-20T00:00:00Z' });
    await stack.clock.set('2026-01-19T23:59:59Z');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: true });
    await stack.clock.set('2026-01-20T00:00:00Z');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: false });
  });

  test('subscriptionCancellationAction REVOKE_ENTITLEMENTS takes the entitlements at once', async () => {
    const { subscriptionId } = await start(pro);
    const cancelled = await client.cancelSubscription({
      subscriptionId,
      subscriptionCancellationTime: 'END_OF_BILLING_PERIOD',
      subscriptionCancellationAction: 'REVOKE_ENTITLEMENTS',
    });
    expect(cancelled.status).toBe('ACTIVE');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: false });
  });

  test('subscriptionMigrationTime says when the newest version of the plan counts', async () => {
    const { subscriptionId } = await start(pro);
    const plans = { ...inputFieldCatalog.plans };
    const before = plans['plan-pro'];
    if (!before) throw new Error('the catalog has no plan-pro');
    plans['plan-pro'] = { ...before, entitlements: { ...before.entitlements, 'feature-seats': { usageLimit: 20 } } };
    await stack.engine.applyCatalog(
      { ...inputFieldCatalog, plans },
      { dryRun: false, migrationType: 'NEW_CUSTOMERS' },
      stack.clock.now(),
    );
    await client.migrateSubscriptionToLatest({ subscriptionId, subscriptionMigrationTime: 'END_OF_BILLING_PERIOD' });
    expect((await metered('feature-seats')).usageLimit).toBe(5);
    await stack.clock.set('2026-02-10T00:00:00Z');
    expect((await metered('feature-seats')).usageLimit).toBe(20);
  });

  test('the fields of an imported subscription are those of a started one, with its own past', async () => {
    const rows = await client.importSubscriptionBulk({
      subscriptions: [
        {
          ...pro,
          subscriptionId: 'sub-imported',
          addons: [{ addonId: 'addon-seats', quantity: 2 }],
          billableFeatures: [{ featureId: 'feature-seats', quantity: 3 }],
          startDate: '2025-12-25T00:00:00Z',
          endDate: '2026-01-20T00:00:00Z',
          billingId: 'sub_1',
          salesforceId: 'sf_1',
          metadata: { from: 'elsewhere' },
        },
      ],
    });
    expect(rows).toEqual([{ id: 'sub-imported', outcome: 'CREATED', error: null }]);
    expect(await client.getSubscription({ subscriptionId: 'sub-imported' })).toMatchObject({
      planId: 'plan-pro',
      status: 'ACTIVE',
      startDate: new Date('2025-12-25T00:00:00Z'),
      billableFeatures: [{ featureId: 'feature-seats', quantity: 3 }],
      currentBillingPeriodEnd: new Date('2026-01-25T00:00:00Z'),
      billingId: 'sub_1',
      salesforceId: 'sf_1',
      metadata: { from: 'elsewhere' },
    });
    await client.reloadEntitlements('acme');
    expect((await metered('feature-seats')).usageLimit).toBe(9);
    await stack.clock.set('2026-01-20T00:00:00Z');
    expect(await metered('feature-seats')).toMatchObject({ hasAccess: false });
  });
});
