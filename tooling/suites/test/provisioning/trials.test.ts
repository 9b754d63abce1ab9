import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

const jan1 = '2026-01-01T00:00:00.000Z';
const jan15 = '2026-01-15T00:00:00.000Z';
const feb1 = '2026-02-01T00:00:00.000Z';
const feb15 = '2026-02-15T00:00:00.000Z';

describe.each(storages)('trials on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeEach(async () => {
    stage = await provisioningStage(storage, jan1);
  });
  afterEach(() => stage.stack.close());

  const tried = { planId: 'plan-tried' };
  const converting = { planId: 'plan-converting' };
  const override = (trialOverrideConfiguration: object) => ({ trialOverrideConfiguration });
  const hasAudit = async () => {
    const asked = { customerId: 'ada', featureId: 'feature-audit' };
    return (await stage.client.getBooleanEntitlement(asked)).hasAccess;
  };

  test('a plan with a trial begins with it, and ends with it unless it was bought', async () => {
    const { status, subscription } = await stage.provision('ada', tried);
    expect(status).toBe('SUCCESS');
    expect(subscription).toMatchObject({
      status: 'IN_TRIAL',
      trialEndDate: new Date(jan15),
      trialEndBehavior: 'CANCEL_SUBSCRIPTION',
      budget: { limit: 5, hasSoftLimit: false },
    });
    await stage.stack.clock.set('2026-01-14T23:59:59Z');
    expect(await hasAudit()).toBe(true);
    await stage.stack.clock.set(jan15);
    expect(await hasAudit()).toBe(false);
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-tried', status: 'EXPIRED', cancelReason: 'TRIAL_ENDED' },
    ]);
  });

  test('a customer has one trial per product, whatever became of it', async () => {
    const { subscription } = await stage.provision('ada', tried);
    await stage.client.cancelSubscription({
      subscriptionId: subscription?.subscriptionId ?? '',
      subscriptionCancellationTime: 'IMMEDIATE',
    });
    const again = await stage.provision('ada', converting);
    expect(again.subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
  });

  test('a customer who has paid for the product is not eligible for a trial of it', async () => {
    const bought = await stage.provision('ada', { ...tried, ...override({ isTrial: false }) });
    expect(bought.subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
    const other = await stage.provision('ada', converting);
    expect(other.subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
  });

  test('a customer of the free plan, and one of another product, are eligible', async () => {
    await stage.provision('ada', { planId: 'plan-starter', billingPeriod: undefined });
    await stage.provision('ada', { planId: 'plan-basic' });
    expect((await stage.provision('ada', tried)).subscription).toMatchObject({ status: 'IN_TRIAL' });
    // The trial is beside the free plan, which goes on.
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-starter', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-tried', status: 'IN_TRIAL', cancelReason: null },
    ]);
  });

  test('an override gives a further trial, with its own end and what comes then', async () => {
    await stage.provision('ada', tried);
    const { subscription } = await stage.provision('ada', {
      ...tried,
      ...override({ isTrial: true, trialEndDate: feb15, trialEndBehavior: 'CONVERT_TO_PAID' }),
    });
    expect(subscription).toMatchObject({
      status: 'IN_TRIAL',
      trialEndDate: new Date(feb15),
      trialEndBehavior: 'CONVERT_TO_PAID',
    });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-tried', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
      { planId: 'plan-tried', status: 'IN_TRIAL', cancelReason: null },
    ]);
  });

  test('a trial that converts is bought at its end, and its bills count from there', async () => {
    const { subscription } = await stage.provision('ada', converting);
    expect(subscription).toMatchObject({ status: 'IN_TRIAL', trialEndDate: new Date(feb1) });
    await stage.stack.clock.set(feb15);
    const subscriptionId = subscription?.subscriptionId ?? '';
    expect(await stage.client.getSubscription({ subscriptionId })).toMatchObject({
      status: 'ACTIVE',
      billingCycleAnchor: new Date(feb1),
      currentBillingPeriodStart: new Date(feb1),
      currentBillingPeriodEnd: new Date('2026-03-01T00:00:00Z'),
    });
    expect(await hasAudit()).toBe(true);
  });

  test('a trial becomes a purchase at once when a paid plan is provisioned', async () => {
    await stage.provision('ada', tried);
    await stage.stack.clock.set('2026-01-05T00:00:00Z');
    const { subscription } = await stage.provision('ada', converting);
    expect(subscription).toMatchObject({
      planId: 'plan-converting',
      status: 'ACTIVE',
      billingCycleAnchor: new Date('2026-01-05T00:00:00Z'),
    });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-converting', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-tried', status: 'CANCELED', cancelReason: 'TRIAL_CONVERTED' },
    ]);
  });

  test('provisioning the very plan of a trial buys it, and naming the trial repeats the call', async () => {
    const first = await stage.provision('ada', { ...tried, subscriptionId: 'trial' });
    const again = await stage.provision('ada', { ...tried, subscriptionId: 'trial' });
    expect(again.subscription).toEqual(first.subscription);
    const bought = await stage.provision('ada', tried);
    expect(bought.subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
    expect(await stage.client.getSubscription({ subscriptionId: 'trial' })).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'TRIAL_CONVERTED',
    });
  });

  test('a customer who signs up twice keeps the trial', async () => {
    const signUp = () =>
      stage.client.provisionCustomer({
        customerId: 'ada',
        subscriptionParams: { planId: 'plan-tried', billingPeriod: 'MONTHLY' },
      });
    const { subscription } = await signUp();
    expect(subscription).toMatchObject({ status: 'IN_TRIAL' });
    expect((await signUp()).subscription).toEqual(subscription);
  });

  test('a free plan that begins leaves the trial alone', async () => {
    await stage.provision('ada', tried);
    await stage.provision('ada', { planId: 'plan-starter', billingPeriod: undefined });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-starter', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-tried', status: 'IN_TRIAL', cancelReason: null },
    ]);
  });

  test('a trial of a start in the future counts from that start', async () => {
    const { subscription, isScheduled } = await stage.provision('ada', { ...tried, startDate: feb1 });
    expect(isScheduled).toBe(true);
    expect(subscription).toMatchObject({ status: 'NOT_STARTED', trialEndDate: new Date(feb15) });
    await stage.stack.clock.set(feb1);
    expect(await stage.history('ada')).toEqual([{ planId: 'plan-tried', status: 'IN_TRIAL', cancelReason: null }]);
    await stage.stack.clock.set(feb15);
    expect(await stage.history('ada')).toMatchObject([{ status: 'EXPIRED' }]);
  });

  test.each([
    ['of a free plan', { planId: 'plan-free', billingPeriod: undefined, ...override({ isTrial: true }) }, 'isTrial'],
    ['without an end, where the plan has none', override({ isTrial: true }), 'trialEndDate'],
    ['that ends in the past', override({ isTrial: true, trialEndDate: '2025-12-31T00:00:00Z' }), 'trialEndDate'],
    ['that ends now', override({ isTrial: true, trialEndDate: jan1 }), 'trialEndDate'],
    [
      'that ends before it starts',
      { startDate: feb1, ...override({ isTrial: true, trialEndDate: jan15 }) },
      'trialEndDate',
    ],
  ])('a trial %s is refused by name', async (_, params, field) => {
    await expect(stage.provision('ada', params)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: `trialOverrideConfiguration.${field}`,
    });
  });
});
