import { decide } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-31T10:00:00Z');
const hour = 60 * 60 * 1000;

describe.each(implementations)('payments in the sandbox on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog, { billing: 'sandbox' });
  });
  afterAll(() => stage.close());

  const customer = async (customerId: string, paymentMethodId?: string) => {
    const billingInfo = paymentMethodId === undefined ? undefined : { paymentMethodId };
    await stage.environment.provisionCustomer({ customerId, billingInfo }, now);
  };
  const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
  const hasAccess = async (customerId: string, instant = now) => {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], instant);
    return snapshot && decide({ customer: snapshot, resource: null }, { featureId: 'feature-sso' }, instant).hasAccess;
  };
  const read = async (subscriptionId: string, instant = now) => stage.environment.subscription(subscriptionId, instant);
  const eventsOf = async (customerId: string) => {
    const { events } = await stage.environment.events({ after: null, limit: 1000 });
    return events.filter((event) => event.customerId === customerId).map(({ type }) => type);
  };

  test('a customer without a payment method is sent to a checkout, and has nothing until it is paid', async () => {
    await customer('ada');
    const asked = { customerId: 'ada', subscriptionId: 'ada-pro', ...pro };
    const done = await stage.environment.provisionSubscription(asked, now);
    expect(done).toMatchObject({ status: 'PAYMENT_REQUIRED', isScheduled: false });
    expect(done.checkoutUrl).toBe(`/sandbox/checkout/${done.checkoutBillingId}`);
    expect(done.subscription).toMatchObject({
      status: 'PAYMENT_PENDING',
      paymentCollection: 'ACTION_REQUIRED',
      latestInvoice: { billingId: done.checkoutBillingId, status: 'OPEN', attemptCount: 0 },
    });
    expect(await hasAccess('ada')).toBe(false);

    const again = await stage.environment.provisionSubscription({ customerId: 'ada', ...pro }, now + hour);
    expect(again.checkoutUrl).toBe(done.checkoutUrl);
    expect(again.subscription?.subscriptionId).toBe('ada-pro');

    const intentId = String(done.checkoutBillingId);
    expect(await stage.environment.settleSandboxBilling({ intentId, outcome: 'SUCCEED' }, now + 2 * hour)).toBe(true);
    expect(await read('ada-pro', now + 2 * hour)).toMatchObject({
      status: 'ACTIVE',
      startDate: '2026-01-31T12:00:00.000Z',
      billingCycleAnchor: '2026-01-31T12:00:00.000Z',
      paymentCollection: 'NOT_REQUIRED',
      latestInvoice: { status: 'PAID', attemptCount: 0 },
    });
    expect(await hasAccess('ada', now + 2 * hour)).toBe(true);
    expect(await eventsOf('ada')).toEqual([
      'customer.created',
      'subscription.created',
      'subscription.updated',
      'subscription.updated',
    ]);
    const late = stage.environment.settleSandboxBilling({ intentId, outcome: 'FAIL' }, now + 3 * hour);
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', field: 'intentId' });
  });

  test('a checkout that is given up cancels the subscription, and says so', async () => {
    await customer('bob');
    const asked = { customerId: 'bob', subscriptionId: 'bob-pro', ...pro };
    const { checkoutBillingId } = await stage.environment.provisionSubscription(asked, now);
    await stage.environment.settleSandboxBilling({ intentId: String(checkoutBillingId), outcome: 'FAIL' }, now);
    expect(await read('bob-pro')).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'CANCELLED_BY_BILLING',
      paymentCollection: 'FAILED',
      latestInvoice: { attemptCount: 1 },
    });
    expect((await eventsOf('bob')).slice(-2)).toEqual(['customer.payment_failed', 'subscription.creation_failed']);
    expect(await hasAccess('bob')).toBe(false);
  });

  test('a checkout that nobody completes is given up after 24 hours, and cannot be paid later', async () => {
    await customer('carl');
    const asked = { customerId: 'carl', subscriptionId: 'carl-pro', ...pro };
    const { checkoutBillingId } = await stage.environment.provisionSubscription(asked, now);
    expect(await read('carl-pro', now + 24 * hour - 1)).toMatchObject({ status: 'PAYMENT_PENDING' });
    expect(await read('carl-pro', now + 24 * hour)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'PENDING_PAYMENT_EXPIRED',
      endDate: '2026-02-01T10:00:00.000Z',
    });
    await stage.environment.sweep(now + 25 * hour, 100);
    expect((await eventsOf('carl')).at(-1)).toBe('subscription.creation_failed');
    const open = await stage.database.query(
      `select intent_id from {schema}.billing_intent
        where customer_id = 'carl' and kind = 'collect' and status in ('OPEN', 'WAITING')`,
    );
    expect(open).toEqual([]);
    await expect
      .poll(() => stage.engine.sandbox?.item(String(checkoutBillingId)), { timeout: 10_000 })
      .toMatchObject({ status: 'FAILED' });
    const late = stage.environment.settleSandboxBilling(
      { intentId: String(checkoutBillingId), outcome: 'SUCCEED' },
      now + 26 * hour,
    );
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await read('carl-pro', now + 26 * hour)).toMatchObject({ status: 'CANCELED' });
  });

  test('with a payment method the subscription is charged at once', async () => {
    await customer('dora', 'pm_visa');
    const done = await stage.environment.provisionSubscription({ customerId: 'dora', ...pro }, now);
    expect(done).toMatchObject({ status: 'SUCCESS', checkoutUrl: null });
    expect(done.subscription).toMatchObject({
      status: 'ACTIVE',
      paymentCollection: 'NOT_REQUIRED',
      latestInvoice: { status: 'PAID', attemptCount: 0 },
    });
    expect(done.snapshots[0]?.grants.hasActiveSubscription).toBe(true);
    expect(await hasAccess('dora')).toBe(true);
  });

  test('a method that is refused is tried again every six hours, and counted each time', async () => {
    await customer('emil', 'pm_declined');
    const asked = { customerId: 'emil', subscriptionId: 'emil-pro', ...pro };
    const done = await stage.environment.provisionSubscription(asked, now);
    expect(done).toMatchObject({ status: 'PAYMENT_REQUIRED', checkoutUrl: null });
    expect(done.subscription).toMatchObject({
      status: 'PAYMENT_PENDING',
      paymentCollection: 'FAILED',
      latestInvoice: { status: 'OPEN', attemptCount: 1 },
    });
    await stage.engine.resumeBilling(now + 5 * hour);
    expect((await read('emil-pro', now + 5 * hour)).latestInvoice?.attemptCount).toBe(1);
    await stage.engine.resumeBilling(now + 6 * hour);
    expect((await read('emil-pro', now + 6 * hour)).latestInvoice?.attemptCount).toBe(2);
    await stage.engine.resumeBilling(now + 12 * hour);
    expect((await read('emil-pro', now + 12 * hour)).latestInvoice?.attemptCount).toBe(3);
    const customerFailures = (await eventsOf('emil')).filter((type) => type === 'customer.payment_failed');
    expect(customerFailures).toHaveLength(3);
    await stage.engine.resumeBilling(now + 18 * hour);
    expect(await read('emil-pro', now + 18 * hour)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'CANCELLED_BY_BILLING',
      latestInvoice: { attemptCount: 4 },
    });
  });

  test('a better payment method pays what the one before it could not', async () => {
    await customer('fred', 'pm_declined');
    const asked = { customerId: 'fred', subscriptionId: 'fred-pro', ...pro };
    await stage.environment.provisionSubscription(asked, now);
    const billingInfo = { paymentMethodId: 'pm_visa' };
    const updated = await stage.environment.updateCustomer(
      { customerId: 'fred', billingInfo, shouldWaitSync: true },
      now,
    );
    expect(updated.defaultPaymentMethod).toMatchObject({ paymentMethodId: 'pm_visa', type: 'CARD' });
    expect(updated.defaultPaymentMethod?.last4).toMatch(/^\d{4}$/);
    await expect.poll(() => read('fred-pro'), { timeout: 10_000 }).toMatchObject({ status: 'ACTIVE' });
  });

  test('who does not wait for the payment is answered while it is under way', async () => {
    await customer('gina', 'pm_delayed');
    const asked = { customerId: 'gina', subscriptionId: 'gina-pro', awaitPaymentConfirmation: false, ...pro };
    const done = await stage.environment.provisionSubscription(asked, now);
    expect(done).toMatchObject({ status: 'SUCCESS' });
    expect(done.subscription).toMatchObject({ status: 'PAYMENT_PENDING', paymentCollection: 'PROCESSING' });
    await expect.poll(async () => (await openItems('gina-pro')).length, { timeout: 10_000 }).toBe(1);
    const [item] = await openItems('gina-pro');
    await stage.environment.settleSandboxBilling({ intentId: String(item?.intentId), outcome: 'SUCCEED' }, now);
    expect(await read('gina-pro')).toMatchObject({ status: 'ACTIVE', paymentCollection: 'NOT_REQUIRED' });
  });

  const openItems = async (subscriptionId: string) =>
    ((await stage.engine.sandbox?.open('test')) ?? []).filter((item) => item.subscriptionId === subscriptionId);

  test('who waits for the payment is answered once it is confirmed', async () => {
    await customer('hans', 'pm_delayed');
    const asked = { customerId: 'hans', subscriptionId: 'hans-pro', ...pro };
    let isAnswered = false;
    const waiting = stage.environment.provisionSubscription(asked, now).finally(() => {
      isAnswered = true;
    });
    await expect.poll(async () => (await openItems('hans-pro')).length, { timeout: 10_000 }).toBe(1);
    expect(isAnswered).toBe(false);
    expect(await read('hans-pro')).toMatchObject({ status: 'PAYMENT_PENDING' });
    const [item] = await openItems('hans-pro');
    await stage.environment.settleSandboxBilling({ intentId: String(item?.intentId), outcome: 'SUCCEED' }, now);
    expect((await waiting).subscription).toMatchObject({ status: 'ACTIVE' });
  });

  test('nothing is collected for a free plan, a backdated start, or where the call says so', async () => {
    await customer('ida');
    const free = await stage.environment.provisionSubscription({ customerId: 'ida', planId: 'plan-free' }, now);
    expect(free).toMatchObject({
      status: 'SUCCESS',
      subscription: { status: 'ACTIVE', paymentCollection: 'NOT_REQUIRED' },
    });
    const none = await stage.environment.provisionSubscription(
      { customerId: 'ida', ...pro, paymentCollectionMethod: 'NONE' },
      now,
    );
    expect(none).toMatchObject({ status: 'SUCCESS', subscription: { status: 'ACTIVE', latestInvoice: null } });
    await customer('jane');
    const backdated = await stage.environment.provisionSubscription(
      {
        customerId: 'jane',
        ...pro,
        startDate: '2025-12-15T00:00:00.000Z',
        billingInformation: { isBackdated: true },
      },
      now,
    );
    expect(backdated).toMatchObject({ status: 'SUCCESS', checkoutUrl: null, subscription: { status: 'ACTIVE' } });
  });

  test('the free plan goes on until the paid one is paid', async () => {
    await customer('kurt');
    const free = await stage.environment.provisionSubscription({ customerId: 'kurt', planId: 'plan-free' }, now);
    const paid = await stage.environment.provisionSubscription(
      { customerId: 'kurt', subscriptionId: 'kurt-pro', ...pro },
      now,
    );
    expect(await read(String(free.subscription?.subscriptionId))).toMatchObject({ status: 'ACTIVE' });
    await stage.environment.settleSandboxBilling(
      { intentId: String(paid.checkoutBillingId), outcome: 'SUCCEED' },
      now + hour,
    );
    expect(await read(String(free.subscription?.subscriptionId), now + hour)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'UPGRADE_OR_DOWNGRADE',
      endDate: '2026-01-31T11:00:00.000Z',
    });
    expect(await read('kurt-pro', now + hour)).toMatchObject({ status: 'ACTIVE' });
  });

  test('another plan that is asked for takes the place of a checkout that is open', async () => {
    await customer('lena');
    const first = await stage.environment.provisionSubscription(
      { customerId: 'lena', subscriptionId: 'lena-1', ...pro },
      now,
    );
    const yearly = { ...pro, billingPeriod: 'ANNUALLY' as const };
    const second = await stage.environment.provisionSubscription(
      { customerId: 'lena', subscriptionId: 'lena-2', ...yearly },
      now,
    );
    expect(second.checkoutBillingId).not.toBe(first.checkoutBillingId);
    expect(await read('lena-1')).toMatchObject({ status: 'CANCELED', cancelReason: 'UPGRADE_OR_DOWNGRADE' });
    await expect
      .poll(() => stage.engine.sandbox?.item(String(first.checkoutBillingId)), { timeout: 10_000 })
      .toMatchObject({ status: 'FAILED' });
  });

  test('more of what is paid for is charged, and the subscription runs on meanwhile', async () => {
    await customer('mona', 'pm_visa');
    await stage.environment.provisionSubscription({ customerId: 'mona', subscriptionId: 'mona-pro', ...pro }, now);
    const addons = [{ addonId: 'addon-reports', quantity: 2 }];
    const asked = { subscriptionId: 'mona-pro', addons, awaitPaymentConfirmation: true };
    const { subscription } = await stage.environment.updateSubscription(asked, now + hour);
    expect(subscription).toMatchObject({ status: 'ACTIVE', paymentCollection: 'NOT_REQUIRED', addons });
    expect(subscription.latestInvoice?.billingId).toMatch(/^sandbox_collect_/);

    await stage.environment.updateCustomer(
      { customerId: 'mona', billingInfo: { paymentMethodId: 'pm_declined' } },
      now,
    );
    const more = { subscriptionId: 'mona-pro', addons: [{ addonId: 'addon-reports', quantity: 3 }] };
    const failed = await stage.environment.updateSubscription(more, now + 2 * hour);
    expect(failed.subscription).toMatchObject({
      status: 'ACTIVE',
      paymentCollection: 'FAILED',
      latestInvoice: { status: 'OPEN', attemptCount: 1 },
    });
  });
});
