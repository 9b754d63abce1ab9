import type { CatalogAddonCreditEntitlement, CatalogCreditEntitlement } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { buildCatalog, type Catalog, type CatalogEntry } from '../src/catalog/catalog.js';
import { burn, endGrant } from '../src/credit/burn.js';
import { type CreditState, noCredits, walletTotals } from '../src/credit/credit-state.js';
import { bringCreditsUpTo, type CreditTimeline, creditsAfterChange } from '../src/credit/timeline.js';
import { givenCredits } from '../src/entitlement/given-credits.js';
import type { Subscription } from '../src/subscription/subscription.js';
import { bringUpTo, type CatalogAt } from '../src/subscription/timeline.js';
import { plainSubscription } from './plain-subscription.js';
import { at } from './stage.js';

interface Packages {
  plan?: CatalogCreditEntitlement;
  addons?: Record<string, CatalogAddonCreditEntitlement>;
}

const million = 1_000_000n;
const jan31 = at('2026-01-31T00:00:00Z');
const entry = { version: 1, catalog: 1, isForAll: true, isDraft: false, isArchived: false };
const monthly = (amount: number, more: Omit<CatalogAddonCreditEntitlement, 'amount' | 'cadence'> = {}) => ({
  amount,
  cadence: 'MONTH' as const,
  ...more,
});

function catalogOf({ plan, addons = {} }: Packages): Catalog {
  const packageEntry = (kind: 'plan' | 'addon', id: string, gives?: CatalogCreditEntitlement): CatalogEntry => ({
    ...entry,
    kind,
    id,
    content: { productId: 'app', entitlements: {}, ...(gives && { creditEntitlements: { credits: gives } }) },
  });
  return buildCatalog(1, [
    { ...entry, kind: 'currency', id: 'credits', content: { displayName: 'Credits' } },
    packageEntry('plan', 'plan', plan),
    ...Object.entries(addons).map(([id, gives]) => packageEntry('addon', id, gives)),
  ]);
}

const thousand = catalogOf({ plan: monthly(1000), addons: { more: monthly(500) } });
const soldFrom = (start: number, over: Partial<Subscription> = {}): Subscription =>
  plainSubscription('plan', { startDate: start, usageAnchor: start, billingCycleAnchor: start, ...over });
const withMore = (subscription: Subscription, quantity: number): Subscription => ({
  ...subscription,
  addons: [{ addonId: 'more', quantity, soldCatalog: 1 }],
});

/** Credits and subscriptions of a customer, changed one after the other as the engine would. */
function play(catalogAt: CatalogAt = () => thousand) {
  let credits: CreditState = noCredits;
  let subscriptions: readonly Subscription[] = [];
  let from = Number.MAX_SAFE_INTEGER;
  const told: string[] = [];
  const take = ({ credits: after, events }: CreditTimeline) => {
    credits = after;
    told.push(...events.map((event) => `${new Date(event.at).toISOString().slice(0, 10)} ${event.type}`));
  };
  const self = {
    told,
    passTo(until: string) {
      const brought = bringUpTo(subscriptions, at(until), catalogAt);
      const time = { customerId: 'ada', subscriptions, moments: brought.moments, from, until: at(until), catalogAt };
      take(bringCreditsUpTo(credits, { ...time, givenBy: givenCredits }));
      subscriptions = brought.subscriptions;
      from = at(until) + 1;
      return self;
    },
    change(now: string, after: readonly Subscription[]) {
      const sources = { customerId: 'ada', at: at(now), catalog: catalogAt(at(now)), givenBy: givenCredits };
      take(creditsAfterChange(credits, { before: subscriptions, after }, sources));
      subscriptions = after;
      from = at(now) + 1;
      return self;
    },
    use(now: string, amount: number, resourceId: string | null = null) {
      const consumption = { at: at(now), featureId: null, consumptionId: 'c', dimensions: null };
      const use = { ...consumption, wallet: { currencyId: 'credits', resourceId }, amount: BigInt(amount) * million };
      credits = burn(credits, use, { now: at(now), newId: (prefix) => `${prefix}-${credits.entries.length}` });
      return self;
    },
    void(now: string) {
      for (const grant of credits.grants) {
        if (grant.status === 'ACTIVE') credits = endGrant(credits, grant, 'VOIDED', at(now));
      }
      return self;
    },
    balance(resourceId: string | null = null): number {
      return Number(walletTotals(credits, { currencyId: 'credits', resourceId }).balance / million);
    },
    ledger: () =>
      credits.entries.map(({ type, amount, at: instant }) => {
        const date = new Date(instant).toISOString().slice(0, 10);
        return `${date} ${type.replace('CREDITS_', '')} ${Number(amount) / 1e6}`;
      }),
    ids: () => credits.grants.map(({ grantId }) => grantId),
    grants: () => credits.grants,
  };
  return self;
}

describe('recurring credits', () => {
  test('begin with the subscription, end with their period and are given anew, without what was left', () => {
    const ada = play().change('2026-01-31T00:00:00Z', [soldFrom(jan31)]);
    expect(ada.grants()).toMatchObject([
      {
        grantType: 'RECURRING',
        sourceType: 'PLAN_ENTITLEMENT',
        status: 'ACTIVE',
        amount: 1000n * million,
        priority: 50,
        effectiveAt: jan31,
        expireAt: at('2026-02-28T00:00:00Z'),
      },
    ]);
    ada.use('2026-02-10T00:00:00Z', 300).passTo('2026-02-27T23:59:59.999Z');
    expect(ada.balance()).toBe(700);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(1000);
    ada.passTo('2026-03-31T00:00:00Z');
    expect(ada.ledger()).toEqual([
      '2026-01-31 GRANTED 1000',
      '2026-02-10 CONSUMED 300',
      '2026-02-28 EXPIRED 700',
      '2026-02-28 GRANTED 1000',
      '2026-03-31 EXPIRED 1000',
      '2026-03-31 GRANTED 1000',
    ]);
    expect(ada.told).toEqual([
      '2026-01-31 credits.granted',
      '2026-02-28 credits.expired',
      '2026-02-28 credits.granted',
      '2026-03-31 credits.expired',
      '2026-03-31 credits.granted',
    ]);
  });

  test('come to the same in one go as day by day', () => {
    const subscription = soldFrom(jan31, { cancellationDate: at('2026-07-04T12:00:00Z') });
    const [once, daily] = [play(), play()];
    for (const each of [once, daily]) each.change('2026-01-31T00:00:00Z', [subscription]);
    for (let day = jan31; day < at('2026-08-01T00:00:00Z'); day += 86_400_000) {
      daily.passTo(new Date(day).toISOString());
    }
    once.passTo('2026-08-01T00:00:00Z');
    expect(daily.ledger()).toEqual(once.ledger());
    expect(daily.told).toEqual(once.told);
    expect(daily.ids()).toEqual(once.ids());
    expect(once.ledger().slice(-2)).toEqual(['2026-06-30 GRANTED 1000', '2026-07-04 EXPIRED 1000']);
    expect(once.told.at(-1)).toBe('2026-07-04 credits.balance.depleted');
    // Jan 31 to Jun 30: one grant for each of the six periods, each with an id of its own.
    expect(new Set(once.ids()).size).toBe(6);
  });

  test('of a year come all at once', () => {
    const yearly = catalogOf({ plan: { amount: 12_000, cadence: 'YEAR' } });
    const ada = play(() => yearly).change('2026-01-31T00:00:00Z', [soldFrom(jan31)]);
    ada.passTo('2027-01-30T00:00:00Z');
    expect(ada.ledger()).toEqual(['2026-01-31 GRANTED 12000']);
    ada.passTo('2027-01-31T00:00:00Z');
    expect(ada.balance()).toBe(12_000);
    expect(ada.ledger().slice(1)).toEqual(['2027-01-31 EXPIRED 12000', '2027-01-31 GRANTED 12000']);
  });

  test('rise at once with what the subscription gives, and do not fall before the period ends', () => {
    const base = soldFrom(jan31);
    const ada = play().change('2026-01-31T00:00:00Z', [base]);
    ada.use('2026-02-01T00:00:00Z', 300);
    ada.change('2026-02-02T00:00:00Z', [withMore(base, 2)]);
    expect(ada.balance()).toBe(1700);
    ada.change('2026-02-03T00:00:00Z', [withMore(base, 1)]);
    expect(ada.balance()).toBe(1700);
    ada.change('2026-02-04T00:00:00Z', [withMore(base, 2)]);
    expect(ada.balance()).toBe(1700);
    ada.change('2026-02-05T00:00:00Z', [withMore(base, 1)]);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(1500);
  });

  test('follow a publish from the next period on', () => {
    const feb10 = at('2026-02-10T00:00:00Z');
    const base = soldFrom(jan31);
    const doubled = catalogOf({ plan: monthly(2000), addons: { more: monthly(500) } });
    const ada = play((instant) => (instant < feb10 ? thousand : doubled)).change('2026-01-31T00:00:00Z', [base]);
    ada.passTo('2026-02-11T00:00:00Z').change('2026-02-12T00:00:00Z', [{ ...base, metadata: { of: 'interest' } }]);
    expect(ada.balance()).toBe(1000);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(2000);
  });

  test('that a publish brings begin with the next month of the subscription', () => {
    const feb10 = at('2026-02-10T00:00:00Z');
    const ada = play((instant) => (instant < feb10 ? catalogOf({}) : thousand));
    ada.change('2026-01-31T00:00:00Z', [soldFrom(jan31)]).passTo('2026-02-27T00:00:00Z');
    expect(ada.ledger()).toEqual([]);
    ada.passTo('2026-06-01T00:00:00Z');
    expect(ada.ledger()[0]).toBe('2026-02-28 GRANTED 1000');
    expect(ada.balance()).toBe(1000);
  });

  test('that a publish takes away last until their period is over', () => {
    const feb10 = at('2026-02-10T00:00:00Z');
    const base = soldFrom(jan31);
    const ada = play((instant) => (instant < feb10 ? thousand : catalogOf({})));
    ada.change('2026-01-31T00:00:00Z', [base]).passTo('2026-02-12T00:00:00Z');
    ada.change('2026-02-12T00:00:00Z', [{ ...base, metadata: { of: 'interest' } }]);
    expect(ada.balance()).toBe(1000);
    const leaver = play((instant) => (instant < feb10 ? thousand : catalogOf({})));
    leaver.change('2026-01-31T00:00:00Z', [base]).passTo('2026-02-12T00:00:00Z');
    leaver.change('2026-02-12T00:00:00Z', [{ ...base, status: 'CANCELED' }]);
    expect(leaver.balance()).toBe(0);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(0);
  });

  test('end with a subscription that ends, is revoked or moves away, and come back less what was consumed', () => {
    const base = soldFrom(jan31);
    const ada = play().change('2026-01-31T00:00:00Z', [base]).use('2026-02-01T00:00:00Z', 300);
    ada.change('2026-02-02T00:00:00Z', [{ ...base, isRevoked: true }]);
    expect(ada.balance()).toBe(0);
    ada.change('2026-02-03T00:00:00Z', [base]);
    expect(ada.balance()).toBe(700);
    ada.change('2026-02-04T00:00:00Z', [{ ...base, resourceId: 'w1' }]);
    expect([ada.balance(), ada.balance('w1')]).toEqual([0, 700]);
    ada.change('2026-02-05T00:00:00Z', []);
    expect([ada.balance(), ada.balance('w1')]).toEqual([0, 0]);
  });

  test('that were voided are not given again before the next period', () => {
    const base = soldFrom(jan31);
    const ada = play().change('2026-01-31T00:00:00Z', [base]).void('2026-02-01T00:00:00Z');
    ada.passTo('2026-02-27T00:00:00Z').change('2026-02-27T00:00:00Z', [withMore(base, 1)]);
    expect(ada.balance()).toBe(500);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(1500);
  });

  test('begin a new period with the anchor', () => {
    const base = soldFrom(jan31);
    const ada = play().change('2026-01-31T00:00:00Z', [base]).use('2026-02-01T00:00:00Z', 300);
    const feb10 = at('2026-02-10T00:00:00Z');
    ada.change('2026-02-10T00:00:00Z', [{ ...base, usageAnchor: feb10 }]);
    expect(ada.balance()).toBe(1000);
    expect(ada.grants().at(-1)).toMatchObject({ expireAt: at('2026-03-10T00:00:00Z') });
    expect(ada.ledger().slice(-2)).toEqual(['2026-02-10 EXPIRED 700', '2026-02-10 GRANTED 1000']);
  });

  test('pay a debt with what comes next', () => {
    const ada = play()
      .change('2026-01-31T00:00:00Z', [soldFrom(jan31)])
      .use('2026-02-01T00:00:00Z', 1200);
    expect(ada.balance()).toBe(-200);
    ada.passTo('2026-02-28T00:00:00Z');
    expect(ada.balance()).toBe(800);
  });

  test('of a trial that becomes a purchase by itself go on, of one that just ends are gone', () => {
    const trial = soldFrom(jan31, { status: 'IN_TRIAL', trialEndDate: at('2026-02-14T00:00:00Z') });
    const converted = play().change('2026-01-31T00:00:00Z', [{ ...trial, trialEndBehavior: 'CONVERT_TO_PAID' }]);
    converted.use('2026-02-01T00:00:00Z', 300).passTo('2026-02-15T00:00:00Z');
    expect(converted.balance()).toBe(700);
    const over = play().change('2026-01-31T00:00:00Z', [trial]).passTo('2026-02-15T00:00:00Z');
    expect(over.ledger()).toEqual(['2026-01-31 GRANTED 1000', '2026-02-14 EXPIRED 1000']);
  });
});
