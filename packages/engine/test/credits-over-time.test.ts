import type { CatalogDocument, CatalogPlan, WalletPart } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const start = '2026-01-31T00:00:00Z';
const feb28 = '2026-02-28T00:00:00Z';
const credits = 'credits';
const paid = { pricingType: 'PAID' as const, billingPeriods: ['MONTHLY' as const], entitlements: {} };
const thousand = { credits: { amount: 1000, cadence: 'MONTH' as const } };

/** One product per customer and one per site, with a plan that gives credits and one that gives none. */
const catalog: CatalogDocument = {
  products: {
    app: { displayName: 'App' },
    site: { displayName: 'Site', multipleSubscriptions: true },
  },
  features: {},
  plans: {
    'plan-plain': { displayName: 'Plain', productId: 'app', pricingType: 'FREE', entitlements: {} },
    'plan-pro': {
      ...paid,
      displayName: 'Pro',
      productId: 'app',
      compatibleAddonIds: ['addon-soft'],
      creditEntitlements: thousand,
    },
    'plan-site': { ...paid, displayName: 'Site', productId: 'site', creditEntitlements: thousand },
  },
  addons: {
    'addon-soft': {
      displayName: 'Soft credits',
      productId: 'app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { credits: { amount: 500, cadence: 'MONTH', hasSoftLimit: true } },
    },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
};

describe.each(implementations)('credits over time on $name', (implementation) => {
  let stage: Stage;
  let customers = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  async function subscribed(planId: string, more: { resourceId?: string; cancellationDate?: string } = {}) {
    const customerId = `customer-${++customers}`;
    const subscriptionId = `subscription-${customers}`;
    await stage.environment.provisionCustomer({ customerId }, at(start));
    const billingPeriod = planId === 'plan-plain' ? null : ('MONTHLY' as const);
    const { snapshots } = await stage.environment.provisionSubscription(
      { customerId, planId, subscriptionId, billingPeriod, ...more },
      at(start),
    );
    return { customerId, subscriptionId, snapshots };
  }
  async function walletOf(customerId: string, now: string, resourceId: string | null = null) {
    const [snapshot] = await stage.environment.snapshots(customerId, [resourceId], at(now));
    return snapshot?.wallets.get(credits);
  }
  const shown = (wallet: WalletPart | undefined) =>
    wallet && [wallet.balance, wallet.totalGranted, wallet.totalConsumed].map((amount) => Number(amount) / 1e6);
  const use = async (customerId: string, amount: string, now: string, resourceId: string | null = null) => {
    const consumeCredits = {
      customerId,
      currencyId: credits,
      amount,
      resourceId,
      idempotencyKey: `${customerId} ${now}`,
      isCreatedAtFilledIn: false,
    };
    expect((await stage.environment.hot({ consumeCredits }, at(now))).error).toBeNull();
  };
  /** As it is stored: nothing is brought up for it. */
  const ledgerOf = async (customerId: string) =>
    (
      await stage.database.query<{ type: string; amount: number; at: number }>(
        `select type, amount::float as amount, happened_at as at from {schema}.credit_ledger
          where environment = 'test' and customer_id = $1 order by revision, ordinal`,
        [customerId],
      )
    ).map((row) => `${new Date(row.at).toISOString().slice(0, 10)} ${row.type.replace('CREDITS_', '')} ${row.amount}`);
  const eventsOf = async (customerId: string) =>
    (await stage.environment.events({ after: null, limit: 1000 })).events
      .filter((event) => event.customerId === customerId && event.type.startsWith('credits.'))
      .map(({ type, timestamp }) => `${timestamp.slice(0, 10)} ${type}`);

  test('are in the answer that starts the subscription, with the dates of their period', async () => {
    const { customerId, snapshots } = await subscribed('plan-pro');
    const wallet = snapshots[0]?.wallets.get(credits);
    expect(shown(wallet)).toEqual([1000, 1000, 0]);
    expect(wallet).toMatchObject({
      hasSoftLimit: false,
      usagePeriodEnd: at(feb28),
      endsAt: at(feb28),
      validUntil: at(feb28),
    });
    expect(await ledgerOf(customerId)).toEqual(['2026-01-31 GRANTED 1000']);
    expect(await eventsOf(customerId)).toEqual(['2026-01-31 credits.granted']);
  });

  test('are computed by a read, stored by the sweeper, and come to the same', async () => {
    const { customerId } = await subscribed('plan-pro');
    await use(customerId, '300', '2026-02-10T00:00:00Z');
    const before = await ledgerOf(customerId);
    const read = await walletOf(customerId, '2026-04-02T00:00:00Z');
    expect(shown(read)).toEqual([1000, 1000, 0]);
    expect(read?.usagePeriodEnd).toBe(at('2026-04-30T00:00:00Z'));
    expect(await ledgerOf(customerId)).toEqual(before);

    await stage.environment.sweep(at('2026-04-02T00:00:00Z'), 100);
    expect(await ledgerOf(customerId)).toEqual([
      '2026-01-31 GRANTED 1000',
      '2026-02-10 CONSUMED 300',
      '2026-02-28 EXPIRED 700',
      '2026-02-28 GRANTED 1000',
      '2026-03-31 EXPIRED 1000',
      '2026-03-31 GRANTED 1000',
    ]);
    expect(await eventsOf(customerId)).toEqual([
      '2026-01-31 credits.granted',
      '2026-02-28 credits.expired',
      '2026-02-28 credits.granted',
      '2026-03-31 credits.expired',
      '2026-03-31 credits.granted',
    ]);
    const { version: _, ...stored } = (await walletOf(customerId, '2026-04-02T00:00:00Z')) as WalletPart;
    expect(read).toMatchObject(stored);
    expect(await stage.environment.sweep(at('2026-04-02T00:00:00Z'), 100)).toBe(0);
  });

  test('are given anew before anything is used in the new period', async () => {
    const { customerId } = await subscribed('plan-pro');
    await use(customerId, '300', '2026-02-10T00:00:00Z');
    await use(customerId, '50', '2026-03-01T00:00:00Z');
    expect(shown(await walletOf(customerId, '2026-03-01T00:00:00Z'))).toEqual([950, 1000, 50]);
  });

  test('are soft where one of their sources is, and say until when they hold', async () => {
    const { customerId, subscriptionId } = await subscribed('plan-pro', { cancellationDate: '2026-02-20T00:00:00Z' });
    expect(await walletOf(customerId, start)).toMatchObject({
      hasSoftLimit: false,
      // It ends before it would be renewed.
      usagePeriodEnd: null,
      endsAt: at('2026-02-20T00:00:00Z'),
    });
    const addons = [{ addonId: 'addon-soft', quantity: 1 }];
    const { snapshots } = await stage.environment.updateSubscription({ subscriptionId, addons }, at(start));
    expect(snapshots[0]?.wallets.get(credits)).toMatchObject({ hasSoftLimit: true, balance: 1_500_000_000n });
    expect(shown(await walletOf(customerId, '2026-02-20T00:00:00Z'))).toEqual([0, 0, 0]);
    await stage.environment.sweep(at('2026-02-20T00:00:00Z'), 100);
    expect((await eventsOf(customerId)).slice(-3)).toEqual([
      '2026-02-20 credits.expired',
      '2026-02-20 credits.expired',
      '2026-02-20 credits.balance.depleted',
    ]);
  });

  test('change when an update is due', async () => {
    const { customerId, subscriptionId } = await subscribed('plan-pro');
    const asked = { subscriptionId, addons: [{ addonId: 'addon-soft', quantity: 1 }] };
    await stage.environment.updateSubscription(asked, at('2026-02-01T00:00:00Z'));
    const none = { subscriptionId, addons: [], scheduleStrategy: 'END_OF_BILLING_PERIOD' as const };
    await stage.environment.updateSubscription(none, at('2026-02-02T00:00:00Z'));
    expect(shown(await walletOf(customerId, '2026-02-27T00:00:00Z'))).toEqual([1500, 1500, 0]);
    expect(shown(await walletOf(customerId, feb28))).toEqual([1000, 1000, 0]);
  });

  test('begin a month after a publish gives them to who has the plan already, though nothing was due before', async () => {
    const environment = await stage.another('published', catalog);
    await environment.provisionCustomer({ customerId: 'ada' }, at(start));
    await environment.provisionSubscription({ customerId: 'ada', planId: 'plan-plain' }, at(start));
    const copy = structuredClone(catalog);
    Object.assign(copy.plans['plan-plain'] as object, { creditEntitlements: thousand });
    const publish = at('2026-03-10T00:00:00Z');
    await environment.applyCatalog(copy, { dryRun: false }, publish);
    const seen = async (now: number) => {
      const [snapshot] = await environment.snapshots('ada', [null], now);
      return [snapshot?.grants.validUntil, shown(snapshot?.wallets.get(credits))];
    };
    const mar31 = at('2026-03-31T00:00:00Z');
    expect(await seen(publish)).toEqual([mar31, undefined]);
    expect(await seen(mar31 - 1)).toEqual([mar31, undefined]);
    expect(await seen(mar31)).toEqual([at('2026-04-30T00:00:00Z'), [1000, 1000, 0]]);
    expect(await environment.sweep(mar31, 10)).toBe(1);
    expect(await seen(mar31)).toEqual([at('2026-04-30T00:00:00Z'), [1000, 1000, 0]]);
    expect(await environment.sweep(at('2026-04-01T00:00:00Z'), 10)).toBe(0);
  });

  test('are said to be stale when more may come, beside credits that do not end', async () => {
    const environment = await stage.another('stale', catalog);
    const ends = async (customerId: string, now: string) => {
      const [snapshot] = await environment.snapshots(customerId, [null], at(now));
      const wallet = snapshot?.wallets.get(credits);
      return [wallet?.validUntil && new Date(wallet.validUntil).toISOString().slice(0, 10), wallet?.endsAt];
    };
    for (const customerId of ['ada', 'bob']) {
      await environment.provisionCustomer({ customerId }, at(start));
      const gift = { customerId, currencyId: credits, amount: '50', displayName: 'Gift' };
      await environment.grantCredits({ ...gift, grantType: 'PROMOTIONAL' }, at(start));
    }
    expect(await ends('ada', start)).toEqual([null, null]);
    const later = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, startDate: '2026-02-10T00:00:00Z' };
    await environment.provisionSubscription({ customerId: 'ada', ...later }, at(start));
    expect(await ends('ada', start)).toEqual(['2026-02-10', null]);

    await environment.provisionSubscription({ customerId: 'bob', planId: 'plan-plain' }, at(start));
    expect(await ends('bob', start)).toEqual([null, null]);
    const copy = structuredClone(catalog);
    Object.assign(copy.plans['plan-plain'] as object, { creditEntitlements: thousand });
    await environment.applyCatalog(copy, { dryRun: false }, at(start));
    expect(await ends('bob', '2026-02-01T00:00:00Z')).toEqual(['2026-02-28', null]);
  });

  test('move with their subscription to another resource, less what was used', async () => {
    const { customerId, subscriptionId } = await subscribed('plan-site', { resourceId: 'w1' });
    const feb2 = '2026-02-02T00:00:00Z';
    await use(customerId, '300', feb2, 'w1');
    const move = { subscriptionId, destinationResourceId: 'w2' };
    await stage.environment.transferSubscriptionToResource(move, at(feb2));
    expect(shown(await walletOf(customerId, feb2, 'w1'))).toEqual([0, 0, 0]);
    expect(shown(await walletOf(customerId, feb2, 'w2'))).toEqual([700, 700, 0]);
    expect(shown(await walletOf(customerId, feb28, 'w2'))).toEqual([1000, 1000, 0]);
  });

  test('are given anew to the customer that takes a subscription over', async () => {
    const { customerId, subscriptionId } = await subscribed('plan-pro');
    const feb2 = '2026-02-02T00:00:00Z';
    await use(customerId, '300', feb2);
    await stage.environment.provisionCustomer({ customerId: 'heir' }, at(start));
    const [there, back] = [
      { subscriptionId, destinationCustomerId: 'heir' },
      { subscriptionId, destinationCustomerId: customerId },
    ];
    await stage.environment.delegateSubscriptionToCustomer(there, at(feb2));
    expect(shown(await walletOf(customerId, feb2))).toEqual([0, 0, 0]);
    expect(shown(await walletOf('heir', feb2))).toEqual([1000, 1000, 0]);
    await stage.environment.delegateSubscriptionToCustomer(back, at(feb2));
    expect(shown(await walletOf(customerId, feb2))).toEqual([700, 700, 0]);
  });

  test('that were voided stay so until their period ends, and are let go of then', async () => {
    const { customerId, subscriptionId } = await subscribed('plan-pro');
    const openGrants = async () =>
      stage.database.query<{ status: string }>(
        `select status from {schema}.credit_grant where environment = 'test' and customer_id = $1 and is_open
          order by created_at, grant_id`,
        [customerId],
      );
    const { data } = await stage.environment.creditGrants({ filter: { customerId }, page: {} }, at(start));
    await stage.environment.voidCreditGrant(data[0]?.grantId as string, at('2026-02-01T00:00:00Z'));
    const addons = [{ addonId: 'addon-soft', quantity: 1 }];
    await stage.environment.updateSubscription({ subscriptionId, addons }, at('2026-02-02T00:00:00Z'));
    expect(shown(await walletOf(customerId, '2026-02-02T00:00:00Z'))).toEqual([500, 500, 0]);
    expect(await openGrants()).toEqual([{ status: 'VOIDED' }, { status: 'ACTIVE' }]);
    await stage.environment.sweep(at(feb28), 100);
    expect(shown(await walletOf(customerId, feb28))).toEqual([1500, 1500, 0]);
    expect(await openGrants()).toEqual([{ status: 'ACTIVE' }]);
  });

  test('of an archived customer end with what ran, and what was granted stays', async () => {
    const environment = await stage.another('archived', {
      ...catalog,
      plans: {
        ...catalog.plans,
        'plan-plain': { ...(catalog.plans['plan-plain'] as CatalogPlan), creditEntitlements: thousand },
      },
    });
    await environment.provisionCustomer({ customerId: 'ada' }, at(start));
    await environment.provisionSubscription({ customerId: 'ada', planId: 'plan-plain' }, at(start));
    const gift = { customerId: 'ada', currencyId: credits, amount: '50', displayName: 'Gift' };
    await environment.grantCredits({ ...gift, grantType: 'PROMOTIONAL' }, at(start));
    await environment.archiveCustomer('ada', at('2026-02-01T00:00:00Z'));
    const [snapshot] = await environment.snapshots('ada', [null], at('2026-05-01T00:00:00Z'));
    expect(shown(snapshot?.wallets.get(credits))).toEqual([50, 50, 0]);
  });
});
