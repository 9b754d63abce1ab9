import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changingCatalog } from './changing-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const jan5 = at('2026-01-05T00:00:00Z');
const jan20 = at('2026-01-20T00:00:00Z');
const feb5 = at('2026-02-05T00:00:00Z');
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;

describe.each(implementations)('cancelling on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, changingCatalog);
  });
  afterAll(() => stage.close());

  let customers = 0;
  /** A customer of its own for each test, with one subscription from January 5th on. */
  async function subscribed(params: Record<string, unknown> = pro) {
    const customerId = `customer-${++customers}`;
    const { environment } = stage;
    await environment.provisionCustomer({ customerId, subscriptionParams: null }, jan5);
    const { subscription } = await environment.provisionSubscription(
      { customerId, planId: 'plan-pro', ...params },
      jan5,
    );
    const subscriptionId = subscription?.subscriptionId as string;
    const cancel = (input: object, now: number) => environment.cancelSubscription({ subscriptionId, ...input }, now);
    const read = (now: number) => environment.subscription(subscriptionId, now);
    const plans = async (now: number) =>
      (await environment.activeSubscriptions(customerId, null, now)).map(({ planId }) => planId);
    const reports = async (now: number) => {
      const [snapshot] = await environment.snapshots(customerId, [null], now);
      return snapshot?.grants.entitlements.get('feature-reports')?.usageLimit ?? null;
    };
    return { customerId, subscriptionId, cancel, read, plans, reports };
  }

  test('waits for the end of the billing period when neither the call nor the product says otherwise', async () => {
    const { cancel, read, plans, reports } = await subscribed();
    const { subscription } = await cancel({}, jan20);
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      cancellationDate: '2026-02-05T00:00:00.000Z',
      effectiveEndDate: '2026-02-05T00:00:00.000Z',
    });
    expect(await reports(feb5 - 1)).toBe(50_000_000n);
    expect(await read(feb5 - 1)).toMatchObject({ status: 'ACTIVE', endDate: null });
    expect(await read(feb5)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'ScheduledCancellation',
      endDate: '2026-02-05T00:00:00.000Z',
    });
    expect(await plans(feb5)).toEqual(['plan-free']);
    expect(await reports(feb5)).toBe(3_000_000n);
  });

  test('ends at once and starts the free plan of a product that falls back to it', async () => {
    const { cancel, plans, reports } = await subscribed();
    const { subscription, snapshots } = await cancel({ subscriptionCancellationTime: 'IMMEDIATE' }, jan20);
    expect(subscription).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'Immediate',
      endDate: '2026-01-20T00:00:00.000Z',
    });
    expect(snapshots[0]?.grants.entitlements.get('feature-reports')?.usageLimit).toBe(3_000_000n);
    expect(await plans(jan20)).toEqual(['plan-free']);
    expect(await reports(jan20)).toBe(3_000_000n);
  });

  test('ends at once where the product says so, with nothing after it where the product has no free plan', async () => {
    const { cancel, plans } = await subscribed({ planId: 'plan-strict', billingPeriod: 'MONTHLY' });
    expect((await cancel({}, jan20)).subscription).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
    expect(await plans(jan20)).toEqual([]);
  });

  test('ends on a date', async () => {
    const { cancel, read } = await subscribed();
    const feb10 = at('2026-02-10T00:00:00Z');
    const specific = { subscriptionCancellationTime: 'SPECIFIC_DATE', endDate: '2026-02-10T00:00:00.000Z' };
    expect((await cancel(specific, jan20)).subscription.cancellationDate).toBe('2026-02-10T00:00:00.000Z');
    expect(await read(feb10 - 1)).toMatchObject({ status: 'ACTIVE' });
    expect(await read(feb10)).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
  });

  test('takes the entitlements at once when asked to, though the subscription ends later and no free plan follows', async () => {
    const { cancel, read, plans, reports } = await subscribed();
    const { subscription } = await cancel({ subscriptionCancellationAction: 'REVOKE_ENTITLEMENTS' }, jan20);
    expect(subscription).toMatchObject({ status: 'ACTIVE', cancellationDate: '2026-02-05T00:00:00.000Z' });
    expect(await reports(jan20)).toBeNull();
    expect(await read(feb5)).toMatchObject({ status: 'CANCELED' });
    expect(await plans(feb5)).toEqual([]);
  });

  test('gives the entitlements back when the cancellation is taken back', async () => {
    const { cancel, reports, subscriptionId, read } = await subscribed();
    await cancel({ subscriptionCancellationAction: 'REVOKE_ENTITLEMENTS' }, jan20);
    await stage.environment.updateSubscription({ subscriptionId, cancellationDate: null }, jan20 + 1);
    expect(await reports(jan20 + 1)).toBe(50_000_000n);
    expect(await read(feb5)).toMatchObject({ status: 'ACTIVE', cancellationDate: null });
  });

  test('ends a trial at its end, which is never a purchase then', async () => {
    const trialOverrideConfiguration = {
      isTrial: true,
      trialEndDate: '2026-01-25T00:00:00.000Z',
      trialEndBehavior: 'CONVERT_TO_PAID',
    };
    const { cancel, read } = await subscribed({ ...pro, trialOverrideConfiguration });
    const jan25 = at('2026-01-25T00:00:00Z');
    const { subscription } = await cancel({ subscriptionCancellationTime: 'END_OF_BILLING_PERIOD' }, jan20);
    expect(subscription).toMatchObject({ status: 'IN_TRIAL', cancellationDate: '2026-01-25T00:00:00.000Z' });
    expect(await read(jan25 - 1)).toMatchObject({ status: 'IN_TRIAL' });
    expect(await read(jan25)).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
  });

  test('ends a trial on a date after its end, up to which it goes on', async () => {
    const trialOverrideConfiguration = { isTrial: true, trialEndDate: '2026-01-25T00:00:00.000Z' };
    const { cancel, read } = await subscribed({ ...pro, trialOverrideConfiguration });
    const specific = { subscriptionCancellationTime: 'SPECIFIC_DATE', endDate: '2026-02-01T00:00:00.000Z' };
    expect((await cancel(specific, jan20)).subscription.trialEndDate).toBe('2026-02-01T00:00:00.000Z');
    expect(await read(at('2026-01-31T00:00:00Z'))).toMatchObject({ status: 'IN_TRIAL' });
    expect(await read(at('2026-02-01T00:00:00Z'))).toMatchObject({ status: 'CANCELED' });
  });

  test('takes back what has not started, and starts no free plan for it', async () => {
    const { cancel, read, plans } = await subscribed({ ...pro, startDate: '2026-02-01T00:00:00.000Z' });
    expect(await read(jan20)).toMatchObject({ status: 'NOT_STARTED' });
    const { subscription } = await cancel({}, jan20);
    expect(subscription).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
    expect(await plans(feb5)).toEqual([]);
  });

  test('changes nothing the second time, and tells of nothing', async () => {
    const { cancel, customerId } = await subscribed();
    const told = async () => {
      const page = await stage.environment.events({ after: null, limit: 1000 });
      return page.events.filter((event) => event.customerId === customerId).map(({ type }) => type);
    };
    await cancel({ subscriptionCancellationTime: 'IMMEDIATE' }, jan20);
    const before = await told();
    expect(before).toEqual([
      'customer.created',
      'subscription.created',
      'subscription.canceled',
      'subscription.created',
    ]);
    const again = await cancel({ subscriptionCancellationTime: 'IMMEDIATE' }, jan20 + 1000);
    expect(again.subscription).toMatchObject({ status: 'CANCELED', endDate: '2026-01-20T00:00:00.000Z' });
    expect(await told()).toEqual(before);
  });

  test('replaces an earlier plan to end', async () => {
    const { cancel, read } = await subscribed();
    await cancel({}, jan20);
    const specific = { subscriptionCancellationTime: 'SPECIFIC_DATE', endDate: '2026-03-01T00:00:00.000Z' };
    await cancel(specific, jan20 + 1);
    expect(await read(feb5)).toMatchObject({ status: 'ACTIVE', cancellationDate: '2026-03-01T00:00:00.000Z' });
    await cancel({ subscriptionCancellationTime: 'IMMEDIATE' }, feb5);
    expect(await read(feb5)).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
  });

  test('takes back the updates that were to come', async () => {
    const { cancel, subscriptionId, read } = await subscribed();
    const addons = [{ addonId: 'addon-reports', quantity: 1 }];
    await stage.environment.updateSubscription(
      { subscriptionId, addons, scheduleStrategy: 'END_OF_BILLING_PERIOD' },
      jan20,
    );
    await cancel({}, jan20);
    expect(await read(feb5)).toMatchObject({
      status: 'CANCELED',
      addons: [],
      futureUpdates: [{ scheduleStatus: 'CANCELED' }],
    });
  });

  test('refuses dates that are past, dates that nobody asked for, and a date that is missing', async () => {
    const { cancel } = await subscribed();
    const refused = { code: 'INVALID_ARGUMENT', field: 'endDate' };
    const on = (endDate: string) => ({ subscriptionCancellationTime: 'SPECIFIC_DATE', endDate });
    await expect(cancel(on('2026-01-20T00:00:00.000Z'), jan20)).rejects.toMatchObject(refused);
    await expect(cancel(on('2026-01-01T00:00:00.000Z'), jan20)).rejects.toMatchObject(refused);
    await expect(cancel({ subscriptionCancellationTime: 'SPECIFIC_DATE' }, jan20)).rejects.toMatchObject(refused);
    await expect(cancel({ endDate: '2026-03-01T00:00:00.000Z' }, jan20)).rejects.toMatchObject(refused);
  });

  test('refuses a subscription that nobody has', async () => {
    const unknown = stage.environment.cancelSubscription({ subscriptionId: 'nobody' }, jan20);
    await expect(unknown).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND', field: 'subscriptionId' });
  });
});
