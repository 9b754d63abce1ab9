import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

const jan1 = '2026-01-01T00:00:00.000Z';
const jan10 = '2026-01-10T00:00:00.000Z';
const feb1 = '2026-02-01T00:00:00.000Z';

describe.each(storages)('applySubscription on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeEach(async () => {
    stage = await provisioningStage(storage, jan1);
    await stage.client.provisionCustomer({ customerId: 'ada' });
  });
  afterEach(() => stage.stack.close());

  const apply = (params: object) =>
    stage.client.applySubscription({
      customerId: 'ada',
      planId: 'plan-basic',
      billingPeriod: 'MONTHLY',
      ...params,
    });
  const tried = { planId: 'plan-tried' };
  const limit = async () => {
    const asked = { customerId: 'ada', featureId: 'feature-reports' };
    return (await stage.client.getMeteredEntitlement(asked)).usageLimit;
  };

  test('starts what is not there yet, and hands over what it gives', async () => {
    const { subscription, entitlements } = await apply({});
    expect(subscription).toMatchObject({ planId: 'plan-basic', status: 'ACTIVE' });
    expect(entitlements.map(({ feature }) => feature?.id).sort()).toEqual(['feature-reports', 'feature-sso']);
    expect(await limit()).toBe(10);
  });

  test('changes what runs on the plan, and keeps what it does not name', async () => {
    const first = await apply({ addons: [{ addonId: 'addon-reports', quantity: 1 }], metadata: { tier: 'gold' } });
    await stage.stack.clock.set(jan10);
    const { subscription } = await apply({ addons: [{ addonId: 'addon-reports', quantity: 3 }], billingId: 'b-1' });
    expect(subscription).toEqual({
      ...first.subscription,
      addons: [{ addonId: 'addon-reports', quantity: 3 }],
      billingId: 'b-1',
    });
    expect(await limit()).toBe(40);
    const again = await apply({});
    expect(again.subscription).toEqual(subscription);
  });

  test('moves to another plan as provisioning does, now or at the end of the period', async () => {
    const first = await apply({});
    const later = await apply({ planId: 'plan-pro', scheduleStrategy: 'END_OF_BILLING_PERIOD' });
    expect(later).toMatchObject({
      isScheduled: true,
      subscription: {
        subscriptionId: first.subscription?.subscriptionId,
        futureUpdates: [{ type: 'PLAN', scheduledExecutionTime: new Date(feb1) }],
      },
    });
    const now = await apply({ planId: 'plan-pro' });
    expect(now).toMatchObject({ isScheduled: false, subscription: { planId: 'plan-pro', status: 'ACTIVE' } });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
      { planId: 'plan-pro', status: 'ACTIVE', cancelReason: null },
    ]);
  });

  test('schedules a change within the plan when it is told to', async () => {
    await apply({ addons: [{ addonId: 'addon-reports', quantity: 2 }] });
    const { isScheduled, subscription } = await apply({
      addons: [{ addonId: 'addon-reports', quantity: 1 }],
      scheduleStrategy: 'END_OF_BILLING_PERIOD',
    });
    expect(isScheduled).toBe(true);
    expect(subscription).toMatchObject({
      addons: [{ addonId: 'addon-reports', quantity: 2 }],
      futureUpdates: [{ type: 'ADDON', scheduleStatus: 'SCHEDULED' }],
    });
    await stage.stack.clock.set(feb1);
    expect(await limit()).toBe(20);
  });

  test('leaves a trial that runs a trial', async () => {
    const first = await apply(tried);
    expect(first.subscription).toMatchObject({ status: 'IN_TRIAL' });
    const again = await apply({ ...tried, metadata: { tier: 'gold' } });
    expect(again.subscription).toEqual({ ...first.subscription, metadata: { tier: 'gold' } });
  });

  test('skips the trial of a plan', async () => {
    const { subscription } = await apply({ ...tried, skipTrial: true });
    expect(subscription).toMatchObject({ status: 'ACTIVE', trialEndDate: null });
  });

  test('skips what is left of a trial that runs: it is bought, with what it has', async () => {
    await apply({ ...tried, metadata: { tier: 'gold' } });
    await stage.stack.clock.set(jan10);
    const { subscription } = await apply({ ...tried, skipTrial: true });
    expect(subscription).toMatchObject({ status: 'ACTIVE', startDate: new Date(jan10), metadata: { tier: 'gold' } });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-tried', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-tried', status: 'CANCELED', cancelReason: 'TRIAL_CONVERTED' },
    ]);
  });

  test('moves the end of a trial that runs', async () => {
    const first = await apply(tried);
    const trialOverrideConfiguration = { isTrial: true, trialEndDate: feb1 };
    const { subscription } = await apply({ ...tried, trialOverrideConfiguration });
    expect(subscription).toMatchObject({
      subscriptionId: first.subscription?.subscriptionId,
      status: 'IN_TRIAL',
      trialEndDate: new Date(feb1),
    });
  });

  test('attaches the method of payment to the customer', async () => {
    await apply({ paymentMethodId: 'pm-1' });
    expect(await stage.client.getCustomer('ada')).toMatchObject({
      paymentMethodDetails: { paymentMethodId: 'pm-1' },
    });
  });

  test('names another payer on what runs', async () => {
    await stage.client.provisionCustomer({ customerId: 'payer', billingInfo: { paymentMethodId: 'pm-2' } });
    await apply({});
    const { subscription } = await apply({ payingCustomerId: 'payer' });
    expect(subscription).toMatchObject({ payingCustomer: { id: 'payer' } });
    await expect(apply({ payingCustomerId: 'nobody' })).rejects.toMatchObject({
      code: 'CUSTOMER_NOT_FOUND',
      field: 'payingCustomerId',
    });
  });

  test('refuses to skip a trial that it asks for', async () => {
    const trialOverrideConfiguration = { isTrial: true, trialEndDate: feb1 };
    await expect(apply({ ...tried, skipTrial: true, trialOverrideConfiguration })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'skipTrial',
    });
  });
});
