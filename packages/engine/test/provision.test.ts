import { amountToNumber, decide, type Snapshot } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, countingIds, openStage, type Stage } from './stage.js';

const now = at('2026-01-31T10:00:00Z');

/** What a customer may do with a feature, as a number that people read. */
function limitOf(snapshot: Snapshot | undefined, featureId: string): number | null | undefined {
  const entitlement = snapshot?.grants.entitlements.get(featureId);
  if (!entitlement) return undefined;
  return entitlement.usageLimit === null ? null : amountToNumber(entitlement.usageLimit);
}

const usageOf = (snapshot: Snapshot | undefined, featureId: string) => {
  const part = snapshot?.usage.get(featureId);
  return part && amountToNumber(part.currentUsage);
};

describe.each(implementations)('provisioning on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog, { randomId: countingIds() });
  });
  afterAll(() => stage.close());

  const own = async (customerId: string, instant = now): Promise<Snapshot> => {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], instant);
    if (!snapshot) throw new Error('no snapshot came back');
    return snapshot;
  };

  test('a customer that nobody provisioned is known to be unknown', async () => {
    const snapshot = await own('nobody');
    expect(snapshot.grants).toMatchObject({ isCustomerKnown: false, hasActiveSubscription: false });
    expect(snapshot.grants.version).toMatchObject({ epoch: stage.engine.epoch, catalog: 1, revision: 0 });
    expect(decide({ customer: snapshot, resource: null }, { featureId: 'feature-sso' }, now).reason).toBe(
      'CustomerNotFound',
    );
  });

  test('a customer is made with the fields given, and later calls change only the fields they give', async () => {
    const made = await stage.environment.provisionCustomer(
      { customerId: 'ada', name: 'Ada', email: 'ada@example.com', metadata: { tier: 'gold' } },
      now,
    );
    expect(made.customer).toMatchObject({ customerId: 'ada', name: 'Ada', email: 'ada@example.com', archivedAt: null });
    expect(made.customer.createdAt).toBe('2026-01-31T10:00:00.000Z');
    expect(made.subscription).toBeNull();
    expect(made.snapshots[0]?.grants).toMatchObject({ isCustomerKnown: true, hasActiveSubscription: false });
    expect(made.snapshots[0]?.grants.version.revision).toBe(1);

    const later = await stage.environment.provisionCustomer({ customerId: 'ada', email: null }, now + 1000);
    expect(later.customer).toMatchObject({ name: 'Ada', email: null, metadata: { tier: 'gold' } });
    expect(later.customer.createdAt).toBe('2026-01-31T10:00:00.000Z');
    expect(later.customer.updatedAt).toBe('2026-01-31T10:00:01.000Z');
    expect(await stage.environment.customer('ada', now)).toEqual(later.customer);
  });

  test('an id is made for a customer who brings none', async () => {
    const { customer } = await stage.environment.provisionCustomer({ name: 'Nameless' }, now);
    expect(customer.customerId).toMatch(/^customer-\d+$/);
    expect((await stage.environment.customer(customer.customerId, now)).name).toBe('Nameless');
  });

  test('a subscription that comes with the customer gives access at once', async () => {
    const { subscription, snapshots } = await stage.environment.provisionCustomer(
      { customerId: 'bob', subscriptionParams: { planId: 'plan-free' } },
      now,
    );
    expect(subscription).toMatchObject({
      planId: 'plan-free',
      productId: 'product-app',
      planVersion: 1,
      status: 'ACTIVE',
    });
    expect(snapshots).toHaveLength(1);
    expect(limitOf(snapshots[0], 'feature-reports')).toBe(3);
    expect(await own('bob')).toEqual(snapshots[0]);
  });

  test('a child plan inherits and overrides, and add-ons count by their quantity', async () => {
    await stage.environment.provisionCustomer({ customerId: 'carl' }, now);
    const { status, subscription, snapshots } = await stage.environment.provisionSubscription(
      {
        customerId: 'carl',
        planId: 'plan-pro',
        billingPeriod: 'MONTHLY',
        addons: [{ addonId: 'addon-reports', quantity: 3 }],
        metadata: { seller: 'web' },
      },
      now,
    );
    expect(status).toBe('SUCCESS');
    expect(subscription).toMatchObject({
      customerId: 'carl',
      resourceId: null,
      pricingType: 'PAID',
      billingPeriod: 'MONTHLY',
      addons: [{ addonId: 'addon-reports', quantity: 3 }],
      startDate: '2026-01-31T10:00:00.000Z',
      endDate: null,
      metadata: { seller: 'web' },
    });
    expect(limitOf(snapshots[0], 'feature-upload')).toBe(10);
    expect(limitOf(snapshots[0], 'feature-projects')).toBe(20);
    expect(limitOf(snapshots[0], 'feature-reports')).toBe(80);
    const question = { featureId: 'feature-sso' };
    expect(snapshots[0] && decide({ customer: snapshots[0], resource: null }, question, now).hasAccess).toBe(true);
  });

  test('every metered entitlement has its counter, in the period that began on the day of the subscription', async () => {
    const atStart = await own('carl', now);
    expect([...atStart.usage.keys()].sort()).toEqual([
      'feature-calls',
      'feature-projects',
      'feature-reports',
      'feature-sends',
      'feature-tokens',
    ]);
    // Subscribed on January 31: the first period ends on the last day of February, the next on March 31 again.
    expect(atStart.usage.get('feature-reports')).toMatchObject({
      currentUsage: 0n,
      usagePeriodStart: at('2026-01-31T10:00:00Z'),
      usagePeriodEnd: at('2026-02-28T10:00:00Z'),
      validUntil: at('2026-02-28T10:00:00Z'),
    });
    expect((await own('carl', at('2026-02-28T10:00:00Z'))).usage.get('feature-reports')).toMatchObject({
      usagePeriodStart: at('2026-02-28T10:00:00Z'),
      usagePeriodEnd: at('2026-03-31T10:00:00Z'),
    });
    expect(atStart.usage.get('feature-projects')).toMatchObject({ usagePeriodEnd: null, validUntil: null });
    expect(atStart.usage.get('feature-calls')).toMatchObject({
      usagePeriodStart: at('2026-01-31T00:00:00Z'),
      usagePeriodEnd: at('2026-02-01T00:00:00Z'),
    });
  });

  test('provisioning what already runs changes nothing, and new metadata changes only the metadata', async () => {
    const input = { customerId: 'dora', planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await stage.environment.provisionCustomer({ customerId: 'dora' }, now);
    const first = await stage.environment.provisionSubscription(input, now);
    const again = await stage.environment.provisionSubscription({ ...input, addons: [] }, now + 5000);
    expect(again).toEqual(first);
    const noted = await stage.environment.provisionSubscription({ ...input, metadata: { note: 'x' } }, now + 6000);
    expect(noted.subscription).toEqual({ ...first.subscription, metadata: { note: 'x' } });
  });

  test('another plan of the same product takes the place of the one that runs', async () => {
    await stage.environment.provisionCustomer({ customerId: 'emil', subscriptionParams: { planId: 'plan-free' } }, now);
    const { subscription } = await stage.environment.provisionSubscription(
      { customerId: 'emil', planId: 'plan-pro', billingPeriod: 'ANNUALLY' },
      now + 60_000,
    );
    const customer = await stage.environment.customer('emil', now + 60_000);
    expect(customer.subscriptions).toEqual([subscription]);
    const [old] = await stage.database.query(
      `select status, end_date, cancel_reason from {schema}.subscription where environment = 'test'
        and customer_id = 'emil' and plan_id = 'plan-free'`,
    );
    expect(old).toEqual({ status: 'CANCELED', end_date: now + 60_000, cancel_reason: 'UPGRADE_OR_DOWNGRADE' });
  });

  test('a product with multiple subscriptions gives each resource its own, beside the one of the customer', async () => {
    await stage.environment.provisionCustomer({ customerId: 'fred', subscriptionParams: { planId: 'plan-free' } }, now);
    for (const resourceId of ['w1', 'w2']) {
      await stage.environment.provisionSubscription({ customerId: 'fred', planId: 'plan-workspace', resourceId }, now);
    }
    await stage.environment.reportUsage(
      [
        { customerId: 'fred', featureId: 'feature-projects', resourceId: 'w1', value: '2' },
        { customerId: 'fred', featureId: 'feature-reports', resourceId: 'w1', value: '1' },
        { customerId: 'fred', featureId: 'feature-projects', value: '1' },
      ],
      now,
    );
    const [customer, w1, w2, w3] = await stage.environment.snapshots('fred', [null, 'w1', 'w2', 'w3'], now);
    expect([limitOf(customer, 'feature-projects'), usageOf(customer, 'feature-projects')]).toEqual([3, 1]);
    expect([limitOf(w1, 'feature-projects'), usageOf(w1, 'feature-projects')]).toEqual([5, 2]);
    expect([limitOf(w2, 'feature-projects'), usageOf(w2, 'feature-projects')]).toEqual([5, 0]);
    // No subscription of the workspace entitles reports, so the customer's counter took that one.
    expect([usageOf(w1, 'feature-reports'), usageOf(customer, 'feature-reports')]).toEqual([undefined, 1]);
    expect(w3?.grants).toMatchObject({ isResourceKnown: false, hasActiveSubscription: false, isCustomerKnown: true });
  });

  test('an id of a subscription belongs to one customer for ever', async () => {
    await stage.environment.provisionCustomer({ customerId: 'gina' }, now);
    await stage.environment.provisionCustomer({ customerId: 'hugo' }, now);
    const subscriptionId = 'sub-gina';
    await stage.environment.provisionSubscription({ customerId: 'gina', planId: 'plan-free', subscriptionId }, now);
    const conflict = { code: 'CONFLICT', field: 'subscriptionId' };
    await expect(
      stage.environment.provisionSubscription({ customerId: 'hugo', planId: 'plan-free', subscriptionId }, now),
    ).rejects.toMatchObject(conflict);
    const other = { customerId: 'gina', planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, subscriptionId };
    await expect(stage.environment.provisionSubscription(other, now)).rejects.toMatchObject(conflict);
    expect((await own('hugo')).grants.hasActiveSubscription).toBe(false);
  });

  test.each([
    ['an unknown plan', { planId: 'plan-gone' }, 'PLAN_NOT_FOUND', 'planId'],
    ['an empty plan id', { planId: '' }, 'INVALID_ARGUMENT', 'planId'],
    ['a paid plan without a billing period', { planId: 'plan-pro' }, 'INVALID_ARGUMENT', 'billingPeriod'],
    [
      'a free plan with one',
      { planId: 'plan-free', billingPeriod: 'MONTHLY' as const },
      'INVALID_ARGUMENT',
      'billingPeriod',
    ],
    ['a workspace plan without a resource', { planId: 'plan-workspace' }, 'INVALID_ARGUMENT', 'resourceId'],
    [
      'a resource where there is one subscription',
      { planId: 'plan-free', resourceId: 'w1' },
      'INVALID_ARGUMENT',
      'resourceId',
    ],
  ])('%s is refused by name', async (_, input, code, field) => {
    await stage.environment.provisionCustomer({ customerId: 'ines' }, now);
    const refusal = stage.environment.provisionSubscription({ customerId: 'ines', ...input }, now);
    await expect(refusal).rejects.toMatchObject({ code, field });
    const nested = stage.environment.provisionCustomer({ customerId: 'never-made', subscriptionParams: input }, now);
    await expect(nested).rejects.toMatchObject({ code, field: `subscriptionParams.${field}` });
    await expect(stage.environment.customer('never-made', now)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test.each([
    ['unknown', [{ addonId: 'addon-gone', quantity: 1 }], 'ADDON_NOT_FOUND', 'addons[0].addonId'],
    ['not compatible', [{ addonId: 'addon-elsewhere', quantity: 1 }], 'INVALID_ARGUMENT', 'addons[0].addonId'],
    [
      'beyond the largest quantity',
      [{ addonId: 'addon-reports', quantity: 6 }],
      'INVALID_ARGUMENT',
      'addons[0].quantity',
    ],
    ['of less than none', [{ addonId: 'addon-reports', quantity: -1 }], 'INVALID_ARGUMENT', 'addons[0].quantity'],
    [
      'named twice',
      [
        { addonId: 'addon-reports', quantity: 1 },
        { addonId: 'addon-reports', quantity: 2 },
      ],
      'INVALID_ARGUMENT',
      'addons[1].addonId',
    ],
  ])('an add-on that is %s is refused by name', async (_, addons, code, field) => {
    await stage.environment.provisionCustomer({ customerId: 'jana' }, now);
    const input = { customerId: 'jana', planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, addons };
    await expect(stage.environment.provisionSubscription(input, now)).rejects.toMatchObject({ code, field });
  });

  test('bad fields of a customer are refused by name', async () => {
    const refusal = (input: object) => stage.environment.provisionCustomer(input, now);
    await expect(refusal({ customerId: '' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'customerId' });
    await expect(refusal({ customerId: '-a' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'customerId',
    });
    await expect(refusal({ name: 7 })).rejects.toMatchObject({ field: 'name' });
    await expect(refusal({ metadata: 'x' })).rejects.toMatchObject({ field: 'metadata' });
    await expect(refusal({ metadata: { a: 'x\u0000' } })).rejects.toMatchObject({ field: 'metadata' });
    await expect(
      stage.environment.provisionSubscription({ customerId: 'nobody', planId: 'plan-free' }, now),
    ).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test('ten callers who provision one new customer make one customer with one subscription', async () => {
    const input = { customerId: 'kim', subscriptionParams: { planId: 'plan-free' } };
    const made = await Promise.all(Array.from({ length: 10 }, () => stage.environment.provisionCustomer(input, now)));
    expect(new Set(made.map(({ subscription }) => subscription?.subscriptionId)).size).toBe(1);
    expect((await stage.environment.customer('kim', now)).subscriptions).toHaveLength(1);
  });
});
