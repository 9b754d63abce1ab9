import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

const jan5 = '2026-01-05T00:00:00.000Z';
const jan20 = '2026-01-20T00:00:00.000Z';
const feb1 = '2026-02-01T00:00:00.000Z';
const feb5 = '2026-02-05T00:00:00.000Z';

describe.each(storages)('moves between plans on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeEach(async () => {
    stage = await provisioningStage(storage, jan5);
  });
  afterEach(() => stage.stack.close());

  const free = { planId: 'plan-free', billingPeriod: undefined };
  const pro = { planId: 'plan-pro' };
  const atPeriodEnd = { scheduleStrategy: 'END_OF_BILLING_PERIOD' };
  const limit = async () => {
    const asked = { customerId: 'ada', featureId: 'feature-reports' };
    return (await stage.client.getMeteredEntitlement(asked)).usageLimit;
  };

  test('happen at once when nobody says when, upgrades and downgrades alike', async () => {
    await stage.provision('ada', pro);
    await stage.stack.clock.set(jan20);
    const { isScheduled, subscription } = await stage.provision('ada', { planId: 'plan-basic' });
    expect(isScheduled).toBe(false);
    expect(subscription).toMatchObject({ planId: 'plan-basic', status: 'ACTIVE', startDate: new Date(jan20) });
    expect(await limit()).toBe(10);
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-pro', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
    ]);
  });

  test('to a cheaper plan at the end of the period wait as a downgrade of what runs', async () => {
    const running = await stage.provision('ada', pro);
    await stage.stack.clock.set(jan20);
    const { isScheduled, subscription } = await stage.provision('ada', { planId: 'plan-basic', ...atPeriodEnd });
    expect(isScheduled).toBe(true);
    expect(subscription).toMatchObject({
      subscriptionId: running.subscription?.subscriptionId,
      planId: 'plan-pro',
      status: 'ACTIVE',
      futureUpdates: [
        {
          type: 'DOWNGRADE',
          scheduleStatus: 'SCHEDULED',
          scheduledExecutionTime: new Date(feb5),
          targetPackage: 'plan-basic',
        },
      ],
    });
    expect(await limit()).toBe(50);
    await stage.stack.clock.set(feb5);
    expect(await limit()).toBe(10);
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'ACTIVE', cancelReason: null },
      { planId: 'plan-pro', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
    ]);
  });

  test('to a dearer plan wait as a move when the call wants them to', async () => {
    await stage.provision('ada');
    const { isScheduled, subscription } = await stage.provision('ada', { ...pro, ...atPeriodEnd });
    expect(isScheduled).toBe(true);
    expect(subscription?.futureUpdates).toMatchObject([{ type: 'PLAN', targetPackage: 'plan-pro' }]);
  });

  test('to the free plan at the end of the period end what was paid for', async () => {
    await stage.provision('ada', pro);
    const { subscription } = await stage.provision('ada', { ...free, ...atPeriodEnd });
    expect(subscription?.futureUpdates).toMatchObject([{ type: 'DOWNGRADE', targetPackage: 'plan-free' }]);
    await stage.stack.clock.set(feb5);
    expect(await limit()).toBe(3);
    const [active, ...others] = await stage.client.getActiveSubscriptions({ customerId: 'ada' });
    expect(active).toMatchObject({ planId: 'plan-free', pricingType: 'FREE', billingPeriod: null });
    expect(others).toEqual([]);
  });

  test('at the end of a billing month wait, on an annual plan, for the next recurrence of the day', async () => {
    await stage.provision('ada', { ...pro, billingPeriod: 'ANNUALLY' });
    await stage.stack.clock.set(jan20);
    const strategy = { scheduleStrategy: 'END_OF_BILLING_MONTH' };
    const { subscription } = await stage.provision('ada', { planId: 'plan-basic', ...strategy });
    expect(subscription?.futureUpdates).toMatchObject([{ scheduledExecutionTime: new Date(feb5) }]);
    const atEnd = await stage.provision('ada', { planId: 'plan-basic', ...atPeriodEnd });
    // The new request takes the place of the one that waited.
    expect(atEnd.subscription?.futureUpdates).toMatchObject([
      { scheduleStatus: 'CANCELED' },
      { scheduleStatus: 'SCHEDULED', scheduledExecutionTime: new Date('2027-01-05T00:00:00Z') },
    ]);
  });

  test('from a plan without billing periods have nothing to wait for', async () => {
    await stage.provision('ada', free);
    const { isScheduled, subscription } = await stage.provision('ada', { ...pro, ...atPeriodEnd });
    expect(isScheduled).toBe(false);
    expect(subscription).toMatchObject({ planId: 'plan-pro', status: 'ACTIVE' });
  });

  test('that wait are asked for twice without effect, and taken back by asking for what runs', async () => {
    await stage.provision('ada', pro);
    const first = await stage.provision('ada', { planId: 'plan-basic', ...atPeriodEnd });
    const again = await stage.provision('ada', { planId: 'plan-basic', ...atPeriodEnd });
    expect(again.subscription).toEqual(first.subscription);
    const kept = await stage.provision('ada', pro);
    expect(kept.subscription).toMatchObject({ planId: 'plan-pro', futureUpdates: [{ scheduleStatus: 'CANCELED' }] });
    await stage.stack.clock.set(feb5);
    expect(await limit()).toBe(50);
  });

  test('between paid plans keep the dates of the bills, unless they are to begin anew', async () => {
    await stage.provision('ada');
    await stage.provision('grace');
    await stage.stack.clock.set(jan20);
    const unchanged = await stage.provision('ada', { ...pro, billingCycleAnchor: 'UNCHANGED' });
    expect(unchanged.subscription).toMatchObject({
      billingCycleAnchor: new Date(jan5),
      currentBillingPeriodEnd: new Date(feb5),
    });
    const anew = await stage.provision('grace', { ...pro, billingCycleAnchor: 'NOW' });
    expect(anew.subscription).toMatchObject({
      billingCycleAnchor: new Date(jan20),
      currentBillingPeriodEnd: new Date('2026-02-20T00:00:00Z'),
    });
  });

  test('to another start wait for it, and the one before goes on until then', async () => {
    await stage.provision('ada', free);
    const { isScheduled, subscription } = await stage.provision('ada', { ...pro, startDate: feb1 });
    expect(isScheduled).toBe(true);
    expect(subscription).toMatchObject({
      status: 'NOT_STARTED',
      startDate: new Date(feb1),
      currentBillingPeriodStart: null,
    });
    await stage.client.reportUsage({ customerId: 'ada', featureId: 'feature-reports', value: 2 });
    expect(await limit()).toBe(3);
    await stage.stack.clock.set(feb1);
    expect(await stage.client.getMeteredEntitlement({ customerId: 'ada', featureId: 'feature-reports' })).toMatchObject(
      {
        usageLimit: 50,
        currentUsage: 0,
      },
    );
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-free', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
      { planId: 'plan-pro', status: 'ACTIVE', cancelReason: null },
    ]);
  });

  test('that wait for their start carry on with the usage of what runs then, not of what ran when they were asked for', async () => {
    const periodStart = async () =>
      (await stage.client.getMeteredEntitlement({ customerId: 'ada', featureId: 'feature-carried' })).usagePeriodStart;
    const before = await stage.provision('ada', { planId: 'plan-carry-free', billingPeriod: undefined });
    await stage.provision('ada', { planId: 'plan-carry', startDate: feb1 });
    expect(await periodStart()).toEqual(new Date(jan5));
    await stage.client.cancelSubscription({
      subscriptionId: before.subscription?.subscriptionId ?? '',
      subscriptionCancellationTime: 'IMMEDIATE',
    });
    await stage.stack.clock.set(feb1);
    expect(await periodStart()).toEqual(new Date(feb1));
  });

  test('that were to start later give way to what is asked for since', async () => {
    await stage.provision('ada', { ...pro, startDate: feb1 });
    await stage.provision('ada', { planId: 'plan-basic', startDate: feb5 });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'NOT_STARTED', cancelReason: null },
      { planId: 'plan-pro', status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' },
    ]);
    await stage.stack.clock.set(feb5);
    expect(await limit()).toBe(10);
  });

  test('with a start of their own and a strategy contradict themselves', async () => {
    await stage.provision('ada');
    await expect(stage.provision('ada', { ...pro, startDate: feb1, ...atPeriodEnd })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'scheduleStrategy',
    });
  });
});
