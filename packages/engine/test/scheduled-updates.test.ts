import type { ProvisionSubscriptionInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changingCatalog } from './changing-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const jan5 = at('2026-01-05T00:00:00Z');
const jan20 = at('2026-01-20T00:00:00Z');
const feb5 = at('2026-02-05T00:00:00Z');
const feb5Iso = '2026-02-05T00:00:00.000Z';
const later = { scheduleStrategy: 'END_OF_BILLING_PERIOD' } as const;
const reports = (quantity: number) => [{ addonId: 'addon-reports', quantity }];
type Asked = Partial<ProvisionSubscriptionInput>;
const seats = (quantity: string) => [{ featureId: 'feature-seats', quantity }];

describe.each(implementations)('updates that are to come on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, changingCatalog);
  });
  afterAll(() => stage.close());

  let customers = 0;
  async function subscribed(params: object = {}, { environment } = stage) {
    const customerId = `customer-${++customers}`;
    await environment.provisionCustomer({ customerId, subscriptionParams: null }, jan5);
    const asked = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY', ...params } as const;
    const { subscription } = await environment.provisionSubscription(asked, jan5);
    const subscriptionId = subscription?.subscriptionId as string;
    return {
      customerId,
      subscriptionId,
      update: async (input: object, now = jan20) =>
        (await environment.updateSubscription({ subscriptionId, ...input }, now)).subscription,
      migrate: async (time: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' | null, now = jan20) =>
        (await environment.migrateSubscriptionToLatest({ subscriptionId, time }, now)).subscription,
      read: (now: number) => environment.subscription(subscriptionId, now),
      limit: async (featureId: string, now: number) => {
        const [snapshot] = await environment.snapshots(customerId, [null], now);
        return Number(snapshot?.grants.entitlements.get(featureId)?.usageLimit ?? 0n) / 1_000_000;
      },
    };
  }

  test('wait for the end of the billing period and happen then, not before', async () => {
    const { update, read, limit } = await subscribed();
    const scheduled = await update({ addons: reports(2), ...later });
    expect(scheduled).toMatchObject({
      addons: [],
      futureUpdates: [
        {
          type: 'ADDON',
          scheduleStatus: 'SCHEDULED',
          scheduledExecutionTime: feb5Iso,
          targetPackage: 'addon-reports',
          change: { addons: reports(2) },
        },
      ],
    });
    expect(await limit('feature-reports', feb5 - 1)).toBe(50);
    expect(await limit('feature-reports', feb5)).toBe(70);
    expect(await read(feb5)).toMatchObject({ addons: reports(2), futureUpdates: [{ scheduleStatus: 'DONE' }] });
  });

  test('wait for the next monthly recurrence of the start when annual billing is to wait for the end of its month', async () => {
    const { update, read } = await subscribed({ billingPeriod: 'ANNUALLY' });
    const endOfMonth = await update({ addons: reports(1), scheduleStrategy: 'END_OF_BILLING_MONTH' });
    expect(endOfMonth.futureUpdates).toMatchObject([{ scheduledExecutionTime: feb5Iso }]);
    const endOfPeriod = await update({ addons: reports(1), ...later });
    expect(endOfPeriod.futureUpdates.at(-1)).toMatchObject({ scheduledExecutionTime: '2027-01-05T00:00:00.000Z' });
    expect(await read(feb5)).toMatchObject({ addons: [] });
  });

  test('name the type of everything that changes, and leave at once what never waits', async () => {
    const { update } = await subscribed({ billableFeatures: seats('5') });
    const { futureUpdates, budget, salesforceId, metadata } = await update({
      ...later,
      addons: [...reports(1), { addonId: 'addon-sso', quantity: 1 }],
      billableFeatures: seats('3'),
      billingPeriod: 'ANNUALLY',
      metadata: { note: 'smaller' },
      billingInformation: { taxPercentage: '19' },
      priceOverrides: [{ baseCharge: true, amount: 40 }],
      appliedCoupon: { couponId: 'coupon-1' },
      budget: { limit: '100', hasSoftLimit: true },
      salesforceId: 'sf-1',
    });
    expect(futureUpdates.map(({ type, targetPackage }) => [type, targetPackage])).toEqual([
      ['ADDON', 'plan-pro'],
      ['UNIT_AMOUNT', 'plan-pro'],
      ['BILLING_PERIOD', 'plan-pro'],
      ['ADDITIONAL_META_DATA', 'plan-pro'],
      ['COUPON', 'plan-pro'],
      ['PRICE_OVERRIDE', 'plan-pro'],
      ['BILLING_INFO_METADATA', 'plan-pro'],
    ]);
    expect({ budget, salesforceId, metadata }).toEqual({
      budget: { limit: '100', hasSoftLimit: true },
      salesforceId: 'sf-1',
      metadata: {},
    });
  });

  test('all hold from their instant on, the new billing period from there too', async () => {
    const { update, read } = await subscribed({ billableFeatures: seats('5') });
    await update({ ...later, billableFeatures: seats('3'), billingPeriod: 'ANNUALLY', metadata: { note: 'smaller' } });
    expect(await read(feb5)).toMatchObject({
      billableFeatures: seats('3'),
      billingPeriod: 'ANNUALLY',
      metadata: { note: 'smaller' },
      currentBillingPeriodStart: feb5Iso,
      currentBillingPeriodEnd: '2027-02-05T00:00:00.000Z',
    });
  });

  test('move the billing anchor when they run, not when they are asked for', async () => {
    const { update, read } = await subscribed({ billingPeriod: 'ANNUALLY' });
    const asked = { billingCycleAnchor: 'NOW', scheduleStrategy: 'END_OF_BILLING_MONTH' };
    expect(await update(asked)).toMatchObject({ billingCycleAnchor: '2026-01-05T00:00:00.000Z' });
    expect(await read(feb5)).toMatchObject({
      billingCycleAnchor: feb5Iso,
      currentBillingPeriodEnd: '2027-02-05T00:00:00.000Z',
    });
  });

  test('keep the 31st for an anchor where the new billing period begins at their instant anyway', async () => {
    const jan31 = '2026-01-31T00:00:00.000Z';
    const start = { billingPeriod: 'ANNUALLY', startDate: jan31 } as const;
    const { update, read } = await subscribed(start);
    const monthly = { billingPeriod: 'MONTHLY', scheduleStrategy: 'END_OF_BILLING_MONTH' };
    await update(monthly, at('2026-02-10T00:00:00Z'));
    expect(await read(at('2026-03-01T00:00:00Z'))).toMatchObject({
      billingPeriod: 'MONTHLY',
      billingCycleAnchor: jan31,
      currentBillingPeriodStart: '2026-02-28T00:00:00.000Z',
      currentBillingPeriodEnd: '2026-03-31T00:00:00.000Z',
    });
  });

  test('keep the anchor of another billing period when the call says so', async () => {
    const { update } = await subscribed();
    expect(await update({ billingPeriod: 'ANNUALLY', billingCycleAnchor: 'UNCHANGED' })).toMatchObject({
      currentBillingPeriodStart: '2026-01-05T00:00:00.000Z',
      currentBillingPeriodEnd: '2027-01-05T00:00:00.000Z',
    });
  });

  test('give way to a new update, which applies now', async () => {
    const { update, read } = await subscribed();
    await update({ addons: reports(1), ...later });
    const replaced = await update({ billingPeriod: 'ANNUALLY' }, jan20 + 1);
    expect(replaced).toMatchObject({ billingPeriod: 'ANNUALLY', futureUpdates: [{ scheduleStatus: 'CANCELED' }] });
    expect(await read(feb5)).toMatchObject({ addons: [], billingPeriod: 'ANNUALLY' });
  });

  test('give way to a new one that waits: there is no queue', async () => {
    const { update, read } = await subscribed();
    await update({ addons: reports(1), ...later });
    const { futureUpdates } = await update({ billingPeriod: 'ANNUALLY', ...later }, jan20 + 1);
    expect(futureUpdates.map(({ type, scheduleStatus }) => [type, scheduleStatus])).toEqual([
      ['ADDON', 'CANCELED'],
      ['BILLING_PERIOD', 'SCHEDULED'],
    ]);
    expect(await read(feb5)).toMatchObject({ addons: [], billingPeriod: 'ANNUALLY' });
  });

  test('stay when something else of the subscription is noted or priced', async () => {
    const { update, read } = await subscribed();
    await update({ addons: reports(1), ...later });
    await update({ metadata: { note: 'unrelated' }, priceOverrides: [{ baseCharge: true, amount: 40 }] });
    expect(await read(feb5)).toMatchObject({ addons: reports(1), metadata: { note: 'unrelated' } });
  });

  test('take a smaller quantity in place of the one to come', async () => {
    const { update, read } = await subscribed({ billableFeatures: seats('10') });
    await update({ billableFeatures: seats('6'), ...later });
    const smaller = await update({ billableFeatures: seats('4') }, jan20 + 1);
    expect(smaller.billableFeatures).toEqual(seats('10'));
    expect(smaller.futureUpdates.map(({ change, scheduleStatus }) => [change, scheduleStatus])).toEqual([
      [{ billableFeatures: seats('6') }, 'CANCELED'],
      [{ billableFeatures: seats('4') }, 'SCHEDULED'],
    ]);
    expect(await read(feb5)).toMatchObject({ billableFeatures: seats('4') });
  });

  test('are taken back by asking for the quantity that holds', async () => {
    const { update, read } = await subscribed({ billableFeatures: seats('10') });
    await update({ unitQuantity: '6', ...later });
    const same = await update({ unitQuantity: '10' }, jan20 + 1);
    expect(same.futureUpdates).toMatchObject([{ type: 'UNIT_AMOUNT', scheduleStatus: 'CANCELED' }]);
    expect(await read(feb5)).toMatchObject({ billableFeatures: seats('10') });
  });

  test('hold for the older unit quantity too, which is kept where there is no billable feature that it could be of', async () => {
    const { update, read } = await subscribed();
    await update({ unitQuantity: '10' });
    await update({ unitQuantity: '6', ...later });
    const smaller = await update({ unitQuantity: '4' }, jan20 + 1);
    expect(smaller.futureUpdates.map(({ type, change, scheduleStatus }) => [type, change, scheduleStatus])).toEqual([
      ['UNIT_AMOUNT', { kept: { unitQuantity: '6' } }, 'CANCELED'],
      ['UNIT_AMOUNT', { kept: { unitQuantity: '4' } }, 'SCHEDULED'],
    ]);
    expect(await read(feb5)).toMatchObject({
      futureUpdates: [{ scheduleStatus: 'CANCELED' }, { scheduleStatus: 'DONE' }],
    });
  });

  test('are taken back by a larger quantity, which applies now even where it was to wait', async () => {
    const { update, read } = await subscribed({ addons: reports(3) });
    await update({ addons: reports(1), ...later });
    const larger = await update({ addons: reports(5), ...later }, jan20 + 1);
    expect(larger).toMatchObject({ addons: reports(5), futureUpdates: [{ scheduleStatus: 'CANCELED' }] });
    expect(await read(feb5)).toMatchObject({ addons: reports(5) });
  });

  test('are taken back by a call of their own, all of them or by status, as often as it comes', async () => {
    const { update, read, subscriptionId } = await subscribed();
    await update({ addons: reports(1), ...later });
    const cancel = async (status: 'SCHEDULED' | 'PENDING_PAYMENT' | 'DONE' | null) =>
      stage.environment.cancelSubscriptionScheduledUpdates({ subscriptionId, status }, jan20 + 1);
    const other = await cancel('PENDING_PAYMENT');
    expect(other.subscription.futureUpdates).toMatchObject([{ scheduleStatus: 'SCHEDULED' }]);
    expect((await cancel('SCHEDULED')).subscription.futureUpdates).toMatchObject([{ scheduleStatus: 'CANCELED' }]);
    expect((await cancel(null)).subscription.futureUpdates).toMatchObject([{ scheduleStatus: 'CANCELED' }]);
    expect(await read(feb5)).toMatchObject({ addons: [] });
    await expect(cancel('DONE')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'status' });
  });

  test('apply at once where nothing is billed in periods, and at the end of a trial that runs', async () => {
    const free = await subscribed({ planId: 'plan-free', billingPeriod: undefined });
    expect(await free.update({ metadata: { note: 'now' }, ...later })).toMatchObject({ metadata: { note: 'now' } });
    const trial = { isTrial: true, trialEndDate: '2026-01-25T00:00:00.000Z', trialEndBehavior: 'CONVERT_TO_PAID' };
    const trying = await subscribed({ trialOverrideConfiguration: trial });
    const { futureUpdates } = await trying.update({ addons: reports(1), ...later });
    expect(futureUpdates).toMatchObject([{ scheduledExecutionTime: '2026-01-25T00:00:00.000Z' }]);
    expect(await trying.read(at('2026-01-25T00:00:00Z'))).toMatchObject({ status: 'ACTIVE', addons: reports(1) });
  });

  /** The catalog with 80 reports in Pro and 15 in the add-on, which neither moves a subscription that runs. */
  const newer = structuredClone(changingCatalog) as Required<typeof changingCatalog>;
  Object.assign(newer.plans['plan-pro']?.entitlements ?? {}, {
    'feature-reports': { usageLimit: 80, resetPeriod: 'MONTH' },
  });
  Object.assign(newer.addons['addon-reports']?.entitlements ?? {}, { 'feature-reports': { usageLimit: 15 } });
  async function published(environmentId: string) {
    const environment = await stage.another(environmentId);
    const publish = () =>
      environment.applyCatalog(newer, { dryRun: false, migrationType: 'NEW_CUSTOMERS' }, at('2026-01-22T00:00:00Z'));
    return { environment, publish };
  }

  test('take the version that is newest when they run', async () => {
    const { environment, publish } = await published('newest');
    const { update, limit, read } = await subscribed({}, { ...stage, environment });
    await update({ addons: reports(2), ...later });
    await publish();
    expect(await limit('feature-reports', feb5 - 1)).toBe(50);
    expect(await limit('feature-reports', feb5)).toBe(110);
    expect(await read(feb5)).toMatchObject({ planVersion: 2 });
  });

  test('bring a subscription to the newest version at once, or at the end of its period', async () => {
    const { environment, publish } = await published('migration');
    const one = await subscribed({ addons: reports(1) }, { ...stage, environment });
    const other = await subscribed({ addons: reports(1) }, { ...stage, environment });
    await publish();
    const jan23 = at('2026-01-23T00:00:00Z');
    expect(await one.limit('feature-reports', jan23)).toBe(60);
    expect(await one.migrate(null, jan23)).toMatchObject({ planVersion: 2, futureUpdates: [] });
    expect(await one.limit('feature-reports', jan23)).toBe(95);
    const scheduled = await other.migrate('END_OF_BILLING_PERIOD', jan23);
    expect(scheduled).toMatchObject({
      planVersion: 1,
      futureUpdates: [{ type: 'MIGRATE_TO_LATEST', scheduledExecutionTime: feb5Iso, targetPackage: 'plan-pro' }],
    });
    expect(await other.limit('feature-reports', feb5 - 1)).toBe(60);
    expect(await other.limit('feature-reports', feb5)).toBe(95);
  });

  const custom: Asked = {
    planId: 'plan-custom',
    billingPeriod: 'MONTHLY',
    entitlements: [{ featureId: 'feature-seats', usageLimit: '7' }],
  };

  test('move a paid subscription to a free or a custom plan, and a custom one to a free plan, in place', async () => {
    const free: Asked = { planId: 'plan-free', billingPeriod: undefined };
    const paid: Asked = { addons: reports(2) };
    const moves: [Asked, Asked][] = [
      [paid, free],
      [paid, custom],
      [custom, free],
    ];
    for (const [from, to] of moves) {
      const { customerId, subscriptionId, read } = await subscribed(from);
      const asked = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY', ...to, ...later } as const;
      await stage.environment.provisionSubscription(asked, jan20);
      expect(await read(feb5 - 1)).toMatchObject({ planId: from.planId ?? 'plan-pro' });
      const moved = await read(feb5);
      const startDate = '2026-01-05T00:00:00.000Z';
      expect(moved).toMatchObject({ subscriptionId, planId: to.planId, status: 'ACTIVE', addons: [], startDate });
      const { data } = await stage.environment.subscriptions({ filter: { customerId }, page: null }, feb5);
      expect(data.length).toBe(1);
    }
  });

  test('move a custom subscription to a paid plan, and a paid one to another paid plan, as a new subscription', async () => {
    const moves: [Asked, Asked][] = [
      [custom, { planId: 'plan-pro' }],
      [{}, { planId: 'plan-team' }],
    ];
    for (const [from, to] of moves) {
      const { customerId, read } = await subscribed(from);
      const asked = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY', ...to, ...later } as const;
      await stage.environment.provisionSubscription(asked, jan20);
      expect(await read(feb5)).toMatchObject({
        status: 'CANCELED',
        cancelReason: 'UPGRADE_OR_DOWNGRADE',
        endDate: feb5Iso,
      });
      const active = await stage.environment.activeSubscriptions(customerId, null, feb5);
      expect(active).toMatchObject([{ planId: to.planId, startDate: feb5Iso, status: 'ACTIVE' }]);
    }
  });

  test('are stored by the next change as a read computed them', async () => {
    const { update, read } = await subscribed();
    await update({ addons: reports(2), ...later });
    const computed = await read(feb5 + 1);
    const stored = await update({ salesforceId: 'sf-2' }, feb5 + 1);
    expect(stored).toEqual({ ...computed, salesforceId: 'sf-2' });
  });
});
