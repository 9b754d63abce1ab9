import {
  type CatalogEntitlement,
  type CatalogEntitlementValue,
  decide,
  type Entitlement,
  entitlementAt,
  type Snapshot,
} from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { buildCatalog, type CatalogEntry } from '../src/catalog/catalog.js';
import { noCredits } from '../src/credit/credit-state.js';
import { scopeGrants } from '../src/entitlement/grants.js';
import type { Promotion } from '../src/entitlement/promotion.js';
import type { Standing } from '../src/entitlement/standing.js';
import type { Subscription } from '../src/subscription/subscription.js';
import { plainSubscription } from './plain-subscription.js';

/* Expectations are worked out by hand from the rules: inherit, add, take the most generous, revoke. */

const units = (value: number): bigint => BigInt(value) * 1_000_000n;
const monthly = { resetPeriod: 'MONTH' } as const;

interface PlanVersion {
  gives: Record<string, CatalogEntitlement>;
  catalog?: number;
  isForAll?: boolean;
  parentPlanId?: string;
}

const entry = (kind: CatalogEntry['kind'], id: string, content: unknown, over: Partial<CatalogEntry> = {}) => ({
  ...{ kind, id, version: 1, catalog: 1, isForAll: true, isDraft: false, isArchived: false },
  content,
  ...over,
});

/** A catalog of one flag, one counter, and plans in the versions given. */
function catalogOf(plans: Record<string, PlanVersion[]>) {
  return buildCatalog(9, [
    entry('product', 'app', { displayName: 'App' }),
    entry('feature', 'flag', { displayName: 'Flag', featureType: 'BOOLEAN' }),
    entry('feature', 'calls', { displayName: 'Calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' }),
    ...Object.entries(plans).flatMap(([id, versions]) =>
      versions.map(({ gives: entitlements, catalog = 1, isForAll = true, parentPlanId }, index) =>
        entry(
          'plan',
          id,
          { displayName: id, productId: 'app', pricingType: 'FREE', entitlements, parentPlanId },
          { version: index + 1, catalog, isForAll },
        ),
      ),
    ),
  ]);
}

const promotion = (featureId: string, value: CatalogEntitlementValue, over: Partial<Promotion> = {}): Promotion => ({
  ...{ promotionId: `promotion-of-${featureId}`, customerId: 'ada', featureId, period: 'LIFETIME' },
  ...{ startDate: 2000, endDate: null, endedAt: null, value, isVisible: true, featureGroupIds: [], isOwn: true },
  ...over,
});

interface Sources {
  plans: Record<string, PlanVersion[]>;
  subscriptions?: Subscription[];
  promotions?: Promotion[];
  resourceId?: string | null;
}

function grantsOf({ plans, subscriptions = [], promotions = [], resourceId = null }: Sources) {
  const standing: Standing = {
    customerId: 'ada',
    customer: { customerId: 'ada', archivedAt: null } as Standing['customer'],
    resourceIds: new Set(['w1']),
    subscriptions,
    promotions,
    credits: noCredits,
    held: [],
    nextDue: null,
    catalog: catalogOf(plans),
    epoch: 'e',
    revision: 1,
    lastNow: 0,
    instant: 0,
  };
  return scopeGrants(standing, resourceId).grants;
}

const calls = (sources: Sources): Entitlement | undefined => grantsOf(sources).entitlements.get('calls');

/** What a customer is told of a feature, with no usage so far, perhaps together with a resource's own scope. */
function verdict(sources: Sources, featureId: string, now = 3000): string {
  const scope = (resourceId: string | null): Snapshot => {
    const grants = grantsOf({ ...sources, resourceId });
    return { customerId: 'ada', resourceId, grants, usage: new Map(), wallets: new Map() };
  };
  const pair = { customer: scope(null), resource: sources.resourceId ? scope(sources.resourceId) : null };
  const decision = decide(pair, { featureId }, now);
  return decision.hasAccess ? 'yes' : String(decision.reason);
}

describe('the effective entitlement', () => {
  const free = { free: [{ gives: { calls: { usageLimit: 3, ...monthly } } }] };
  const both = { ...free, pro: [{ gives: { calls: { usageLimit: 10, resetPeriod: 'DAY' as const } } }] };

  test('is the more generous one of a trial and the subscription beside it, with the reset of the winner', () => {
    const trial = plainSubscription('pro', { status: 'IN_TRIAL', trialEndDate: 5000, usageAnchor: 7 });
    const given = calls({ plans: both, subscriptions: [plainSubscription('free'), trial] });
    expect(given).toMatchObject({ usageLimit: units(10), reset: { period: 'DAY', anchor: 7 }, endsAt: 5000 });
    expect(given && entitlementAt(given, 5000)).toMatchObject({
      usageLimit: units(3),
      reset: { period: 'MONTH', anchor: 1000 },
      endsAt: null,
    });
  });

  test('is soft where an equally high limit is, whichever comes first', () => {
    const plans = {
      hard: [{ gives: { calls: { usageLimit: 5 } } }],
      soft: [{ gives: { calls: { usageLimit: 5, hasSoftLimit: true } } }],
    };
    for (const order of [
      ['hard', 'soft'],
      ['soft', 'hard'],
    ]) {
      const subscriptions = order.map((planId, index) => plainSubscription(planId, { createdAt: 1000 - index }));
      expect(calls({ plans, subscriptions })?.hasSoftLimit).toBe(true);
    }
  });

  test('does not depend on the order in which equally generous sources are read', () => {
    const a = plainSubscription('free', { subscriptionId: 'a', usageAnchor: 1, createdAt: 5 });
    const b = plainSubscription('free', { subscriptionId: 'b', usageAnchor: 2, createdAt: 6 });
    expect(calls({ plans: free, subscriptions: [a, b] })?.reset?.anchor).toBe(2);
    expect(calls({ plans: free, subscriptions: [b, a] })?.reset?.anchor).toBe(2);
  });

  test('takes a promotional grant for one more source, and leaves the rest when it ends', () => {
    const sources = { plans: both, subscriptions: [plainSubscription('free')] };
    const given = calls({ ...sources, promotions: [promotion('calls', { usageLimit: 8 }, { endDate: 9000 })] });
    expect(given).toMatchObject({ usageLimit: units(8), reset: null, endsAt: 9000 });
    expect(given?.afterwards).toMatchObject([{ usageLimit: units(3), endsAt: null }]);
    expect(calls({ ...sources, promotions: [promotion('calls', { usageLimit: 2 })] })?.usageLimit).toBe(units(3));
  });

  test('comes from the version of the plan that was sold, and that of its parent', () => {
    const plans: Sources['plans'] = {
      base: [
        { gives: { flag: true, calls: { usageLimit: 1 } } },
        { gives: { calls: { usageLimit: 2 } }, catalog: 5, isForAll: false },
      ],
      child: [{ gives: {}, parentPlanId: 'base' }],
    };
    const sold = (soldCatalog: number) =>
      grantsOf({ plans, subscriptions: [plainSubscription('child', { soldCatalog })] });
    expect(sold(4).entitlements.get('calls')?.usageLimit).toBe(units(1));
    expect(sold(4).entitlements.has('flag')).toBe(true);
    expect(sold(5).entitlements.get('calls')?.usageLimit).toBe(units(2));
    expect(sold(5).entitlements.has('flag')).toBe(false);
    plans.base = [...(plans.base as PlanVersion[]), { gives: { calls: { usageLimit: 7 } }, catalog: 6 }];
    expect(sold(4).entitlements.get('calls')?.usageLimit).toBe(units(7));
  });

  test('of a value that is left to be filled in is what the subscription fills in, and nothing inherited', () => {
    const plans: Sources['plans'] = {
      ...free,
      custom: [{ gives: { calls: { isCustom: true } }, parentPlanId: 'free' }],
    };
    expect(calls({ plans, subscriptions: [plainSubscription('custom')] })).toBeUndefined();
    const filled = plainSubscription('custom', { entitlements: { calls: { usageLimit: 70 } } });
    expect(calls({ plans, subscriptions: [filled] })?.usageLimit).toBe(units(70));
  });
});

describe('a revocation', () => {
  const plans: Sources['plans'] = {
    with: [{ gives: { flag: true } }],
    without: [{ gives: { flag: { isGranted: false } } }],
  };
  const of = (...planIds: string[]) => planIds.map((planId) => plainSubscription(planId));
  const never = promotion('flag', { isGranted: false });

  test.each<[string, Omit<Sources, 'plans'>, string]>([
    ['in the only plan revokes', { subscriptions: of('without') }, 'Revoked'],
    ['in one plan loses to another subscription that grants', { subscriptions: of('without', 'with') }, 'yes'],
    [
      'in a plan loses to a promotional grant',
      { subscriptions: of('without'), promotions: [promotion('flag', {})] },
      'yes',
    ],
    ['by promotion beats every subscription', { subscriptions: of('with', 'with'), promotions: [never] }, 'Revoked'],
    ['by promotion revokes without any subscription', { promotions: [never] }, 'Revoked'],
    [
      'by promotion beats the subscription of a resource',
      { subscriptions: [plainSubscription('with', { resourceId: 'w1' })], promotions: [never], resourceId: 'w1' },
      'Revoked',
    ],
    [
      'in the plan of a resource loses to what the customer has',
      { subscriptions: [plainSubscription('without', { resourceId: 'w1' }), ...of('with')], resourceId: 'w1' },
      'yes',
    ],
    [
      'in the plan of a resource revokes in that resource',
      { subscriptions: [plainSubscription('without', { resourceId: 'w1' })], resourceId: 'w1' },
      'Revoked',
    ],
  ])('%s', (_title, sources, expected) => {
    expect(verdict({ plans, ...sources }, 'flag')).toBe(expected);
  });

  test('by promotion gives way to what is left when it ends, engine or no engine', () => {
    const sources = { plans, subscriptions: of('with'), promotions: [{ ...never, endDate: 4000 }] };
    expect(verdict(sources, 'flag', 3999)).toBe('Revoked');
    expect(verdict(sources, 'flag', 4000)).toBe('yes');
    expect(verdict({ ...sources, subscriptions: [] }, 'flag', 4000)).toBe('Unknown');
  });
});

describe('the reason where there is no entitlement', () => {
  const plans: Sources['plans'] = { plain: [{ gives: {} }] };
  test.each<[string, Omit<Sources, 'plans'>, string]>([
    ['without a subscription', {}, 'NoActiveSubscription'],
    [
      'with one that has not started',
      { subscriptions: [plainSubscription('plain', { status: 'NOT_STARTED' })] },
      'NoActiveSubscription',
    ],
    [
      'with one that waits for a payment',
      { subscriptions: [plainSubscription('plain', { status: 'PAYMENT_PENDING' })] },
      'NoActiveSubscription',
    ],
    [
      'with one that lacks the feature',
      { subscriptions: [plainSubscription('plain')] },
      'NoFeatureEntitlementInSubscription',
    ],
    [
      'with a trial that lacks the feature',
      { subscriptions: [plainSubscription('plain', { status: 'IN_TRIAL' })] },
      'NoFeatureEntitlementInSubscription',
    ],
    [
      'with a promotional grant of another feature',
      { promotions: [promotion('calls', { usageLimit: 1 })] },
      'NoFeatureEntitlementInSubscription',
    ],
    [
      'with nothing but a revocation of another feature',
      { promotions: [promotion('calls', { isGranted: false })] },
      'NoActiveSubscription',
    ],
    [
      'for a resource that the customer lacks',
      { subscriptions: [plainSubscription('plain')], resourceId: 'w2' },
      'CustomerResourceNotFound',
    ],
    [
      'for a resource whose subscription lacks it',
      { subscriptions: [plainSubscription('plain', { resourceId: 'w1' })], resourceId: 'w1' },
      'NoFeatureEntitlementInSubscription',
    ],
  ])('%s', (_title, sources, expected) => {
    expect(verdict({ plans, ...sources }, 'flag')).toBe(expected);
  });

  test('of a subscription whose entitlements were revoked on cancelling is that none is active', () => {
    const gone = plainSubscription('with', { isRevoked: true, cancellationDate: 9000 });
    expect(verdict({ plans: { with: [{ gives: { flag: true } }] }, subscriptions: [gone] }, 'flag')).toBe(
      'NoActiveSubscription',
    );
  });
});
