import type {
  CatalogAddonEntitlement,
  CatalogDocument,
  CatalogEntitlement,
  CatalogEntitlementValue,
  Entitlement,
} from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { buildCatalog } from '../src/catalog/catalog.js';
import { diffCatalog } from '../src/catalog/catalog-diff.js';
import { validateCatalog } from '../src/catalog/validate-catalog.js';
import { entitlementSources } from '../src/entitlement/entitlement-sources.js';
import { subscriptionEntitlements } from '../src/entitlement/package-entitlements.js';
import type { Standing } from '../src/entitlement/standing.js';
import { plainSubscription } from './plain-subscription.js';

const features: CatalogDocument['features'] = {
  flag: { displayName: 'Flag', featureType: 'BOOLEAN' },
  size: { displayName: 'Size', featureType: 'NUMBER' },
  calls: { displayName: 'Calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  formats: {
    displayName: 'Formats',
    featureType: 'ENUM',
    enumConfiguration: ['csv', 'pdf', 'xlsx'].map((value) => ({ value, displayName: value })),
  },
};

interface Packages {
  /** What the parent of the plan gives. */
  parent?: Record<string, CatalogEntitlement>;
  plan?: Record<string, CatalogEntitlement>;
  addons?: { quantity?: number; gives: Record<string, CatalogAddonEntitlement> }[];
  /** What the subscription has of its own. */
  own?: Record<string, CatalogEntitlementValue>;
}

/** A subscription to the plan with its add-ons, and the catalog that it is of. */
function sold({ parent = {}, plan = {}, addons = [], own = {} }: Packages) {
  const of = { displayName: 'x', productId: 'product' };
  const document = validateCatalog({
    products: { product: { displayName: 'x' } },
    features,
    plans: {
      parent: { ...of, pricingType: 'FREE', entitlements: parent },
      plan: { ...of, pricingType: 'FREE', parentPlanId: 'parent', entitlements: plan },
    },
    customCurrencies: { credits: { displayName: 'Credits' } },
    addons: Object.fromEntries(
      addons.map(({ gives }, index) => [`addon-${index}`, { ...of, pricingType: 'PAID', entitlements: gives }]),
    ),
  });
  const nothing = buildCatalog(0, []);
  const entries = diffCatalog(nothing, new Map(), document).map((change) => ({
    ...change,
    catalog: 1,
    isForAll: true,
    isDraft: false,
    isArchived: false,
  }));
  const subscription = plainSubscription('plan', {
    productId: 'product',
    addons: addons.map(({ quantity = 1 }, index) => ({ addonId: `addon-${index}`, quantity, soldCatalog: 1 })),
    entitlements: own,
  });
  return { catalog: buildCatalog(1, entries), subscription };
}

/** What it gives. */
function effective(packages: Packages): Map<string, Entitlement> {
  const { catalog, subscription } = sold(packages);
  return subscriptionEntitlements(catalog, subscription);
}

const rate = (amount: number) => ({ currencyId: 'credits', amount });
const millionths = (value: number) => BigInt(value) * 1_000_000n;

describe('the entitlements of a subscription', () => {
  test('come from the plan and its parent, the child winning', () => {
    const given = effective({
      parent: { flag: true, size: { usageLimit: 5 }, calls: { usageLimit: 9 } },
      plan: { size: { usageLimit: 2 }, calls: { isGranted: false } },
    });
    expect(given.get('flag')?.isGranted).toBe(true);
    expect(given.get('size')?.usageLimit).toBe(millionths(2));
    expect(given.get('calls')?.isGranted).toBe(false);
  });

  test.each<[string, Packages, Partial<Entitlement>]>([
    [
      'an increment adds its value times its quantity',
      { plan: { calls: { usageLimit: 10 } }, addons: [{ quantity: 3, gives: { calls: { usageLimit: 5 } } }] },
      { usageLimit: millionths(25) },
    ],
    [
      'several increments add up',
      {
        plan: { calls: { usageLimit: 10 } },
        addons: [
          { gives: { calls: { usageLimit: 5 } } },
          { quantity: 2, gives: { calls: { usageLimit: 1, behavior: 'Increment' } } },
        ],
      },
      { usageLimit: millionths(17) },
    ],
    [
      'an increment alone gives what the plan does not',
      { addons: [{ quantity: 2, gives: { calls: { usageLimit: 5 } } }] },
      { usageLimit: millionths(10) },
    ],
    [
      'an override replaces, whatever its quantity',
      {
        plan: { calls: { usageLimit: 10 } },
        addons: [{ quantity: 3, gives: { calls: { usageLimit: 4, behavior: 'Override' } } }],
      },
      { usageLimit: millionths(4) },
    ],
    [
      'the largest override wins over smaller ones and increments',
      {
        plan: { calls: { usageLimit: 100 } },
        addons: [
          { gives: { calls: { usageLimit: 4, behavior: 'Override' } } },
          { gives: { calls: { usageLimit: 7, behavior: 'Override' } } },
          { quantity: 9, gives: { calls: { usageLimit: 50 } } },
        ],
      },
      { usageLimit: millionths(7) },
    ],
    [
      'an increment costs what the plan says',
      {
        plan: { calls: { usageLimit: 5, creditRate: rate(2) } },
        addons: [{ gives: { calls: { usageLimit: 5, creditRate: rate(3) } } }],
      },
      { usageLimit: millionths(10), creditRate: { currencyId: 'credits', amount: millionths(2), costFormula: null } },
    ],
    [
      'an increment to what costs nothing makes it cost what the add-on says',
      { plan: { calls: { usageLimit: 5 } }, addons: [{ gives: { calls: { creditRate: rate(3) } } }] },
      {
        usageLimit: null,
        hasUnlimitedUsage: true,
        creditRate: { currencyId: 'credits', amount: millionths(3), costFormula: null },
      },
    ],
    [
      'an override costs what it says itself',
      {
        plan: { calls: { usageLimit: 5, creditRate: rate(2) } },
        addons: [{ gives: { calls: { usageLimit: 4, behavior: 'Override' } } }],
      },
      { usageLimit: millionths(4), creditRate: null },
    ],
    [
      'unlimited plus anything is unlimited',
      { plan: { calls: { hasUnlimitedUsage: true } }, addons: [{ gives: { calls: { usageLimit: 5 } } }] },
      { usageLimit: null, hasUnlimitedUsage: true },
    ],
    [
      'an unlimited increment makes the plan unlimited',
      { plan: { calls: { usageLimit: 5 } }, addons: [{ gives: { calls: { hasUnlimitedUsage: true } } }] },
      { usageLimit: null, hasUnlimitedUsage: true },
    ],
    [
      'a soft plan stays soft under a hard increment',
      { plan: { calls: { usageLimit: 5, hasSoftLimit: true } }, addons: [{ gives: { calls: { usageLimit: 5 } } }] },
      { usageLimit: millionths(10), hasSoftLimit: true },
    ],
    [
      'a revoking add-on beats its plan',
      { plan: { calls: { usageLimit: 5 } }, addons: [{ gives: { calls: { isGranted: false } } }] },
      { isGranted: false },
    ],
    [
      'an override that grants beats one that revokes',
      {
        plan: { calls: { usageLimit: 5 } },
        addons: [
          { gives: { calls: { isGranted: false } } },
          { gives: { calls: { usageLimit: 1, behavior: 'Override' } } },
        ],
      },
      { isGranted: true, usageLimit: millionths(1) },
    ],
    [
      'an add-on grants what its plan revokes',
      {
        parent: { calls: { usageLimit: 5 } },
        plan: { calls: { isGranted: false } },
        addons: [{ gives: { calls: { usageLimit: 3 } } }],
      },
      { isGranted: true, usageLimit: millionths(3) },
    ],
    [
      "the reset is the plan's",
      {
        plan: { calls: { usageLimit: 5, resetPeriod: 'DAY' } },
        addons: [{ gives: { calls: { usageLimit: 3, resetPeriod: 'MONTH' } } }],
      },
      { reset: { period: 'DAY', accordingTo: null, anchor: 1000 } },
    ],
    [
      'a month counts from the start unless told otherwise',
      { plan: { calls: { usageLimit: 5, resetPeriod: 'MONTH' } } },
      { reset: { period: 'MONTH', accordingTo: 'SubscriptionStart', anchor: 1000 } },
    ],
    [
      'a week can begin on a weekday',
      {
        plan: {
          calls: { usageLimit: 5, resetPeriod: 'WEEK', weeklyResetPeriodConfiguration: { accordingTo: 'EveryMonday' } },
        },
      },
      { reset: { period: 'WEEK', accordingTo: 'EveryMonday', anchor: 1000 } },
    ],
  ])('%s', (_, packages, expected) => {
    expect(effective(packages).get('calls')).toMatchObject(expected);
  });

  test('enum values are united by increments and replaced by overrides', () => {
    const plan: Packages['plan'] = { formats: { enumValues: ['csv'] } };
    const values = (gives: Record<string, CatalogAddonEntitlement>) =>
      effective({ plan, addons: [{ gives }] }).get('formats')?.enumValues;
    expect(values({ formats: { enumValues: ['pdf', 'csv'] } })).toEqual(['csv', 'pdf']);
    expect(values({ formats: { enumValues: ['xlsx'], behavior: 'Override' } })).toEqual(['xlsx']);
  });
});

describe('the sources of a feature', () => {
  const promotion = { promotionId: 'gift', featureId: 'calls', value: { usageLimit: 7 }, startDate: 0, endDate: 9_000 };

  /** What each source gives of calls, the customer having a promotional grant besides. */
  const sources = (packages: Packages, resourceId: string | null = null) => {
    const { catalog, subscription } = sold(packages);
    const standing = { catalog, subscriptions: [subscription], promotions: [promotion], customer: null };
    return entitlementSources(standing as unknown as Standing, resourceId, 'calls').map(
      ({ kind, id, entitlement: { isGranted, usageLimit, endsAt } }) =>
        `${kind} ${id} ${isGranted ? usageLimit : 'revokes'} ${endsAt}`,
    );
  };
  const gift = 'PROMOTION gift 7000000 9000';

  test.each<[string, Packages, string[]]>([
    ['the plan', { plan: { calls: { usageLimit: 10 } } }, ['PLAN plan 10000000 null']],
    ['what the plan inherits', { parent: { calls: { usageLimit: 4 } } }, ['PLAN parent 4000000 null']],
    [
      'the nearest plan alone',
      { parent: { calls: { usageLimit: 4 } }, plan: { calls: { isGranted: false } } },
      ['PLAN plan revokes null'],
    ],
    [
      'add-ons beside the plan, times their quantity',
      {
        plan: { calls: { usageLimit: 10 } },
        addons: [
          { quantity: 3, gives: { calls: { usageLimit: 5 } } },
          { quantity: 0, gives: { calls: { usageLimit: 1 } } },
        ],
      },
      ['PLAN plan 10000000 null', 'ADDON addon-0 15000000 null'],
    ],
    [
      'an add-on that replaces, and nothing beside it',
      {
        plan: { calls: { usageLimit: 10 } },
        addons: [
          { gives: { calls: { usageLimit: 5 } } },
          { gives: { calls: { usageLimit: 2, behavior: 'Override' } } },
        ],
      },
      ['ADDON addon-1 2000000 null'],
    ],
    [
      'an add-on alone where the plan revokes',
      { plan: { calls: { isGranted: false } }, addons: [{ gives: { calls: { usageLimit: 5 } } }] },
      ['ADDON addon-0 5000000 null'],
    ],
    [
      'what the subscription has of its own, in place of the plan',
      { plan: { calls: { usageLimit: 10 } }, own: { calls: { usageLimit: 99 } } },
      ['SUBSCRIPTION of-plan 99000000 null'],
    ],
  ])('are %s, and what was promoted', (_, packages, expected) => {
    expect(sources(packages)).toEqual([...expected, gift]);
  });

  test('of a resource are those of its own subscriptions', () => {
    expect(sources({ plan: { calls: { usageLimit: 10 } } }, 'site-1')).toEqual([]);
  });
});
