import {
  type Amount,
  type CatalogAddonCreditEntitlement,
  type CatalogCreditEntitlement,
  parseAmount,
} from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { buildCatalog, type CatalogEntry } from '../src/catalog/catalog.js';
import { creditEntitlementsOf, type LimitOf } from '../src/credit/credit-entitlements.js';
import type { CustomCredits } from '../src/subscription/subscription.js';
import { plainSubscription } from './plain-subscription.js';

interface Packages {
  /** What the parent of the plan gives of the currency `credits`. */
  parent?: CatalogCreditEntitlement;
  plan?: CatalogCreditEntitlement;
  /** What the subscription says itself. */
  own?: CustomCredits;
  addons?: { quantity?: number; gives: CatalogAddonCreditEntitlement }[];
}

const entry = { version: 1, catalog: 1, isForAll: true, isDraft: false, isArchived: false };
const currency: CatalogEntry = { ...entry, kind: 'currency', id: 'credits', content: { displayName: 'Credits' } };
const noLimit: LimitOf = () => null;

/** What a subscription to the plan with its add-ons gives: `<amount>/<cadence> <source>`, with `~` where it is soft. */
function given(packages: Packages, limitOf = noLimit, currencies: CatalogEntry[] = [currency]): string[] {
  const { parent, plan, own, addons = [] } = packages;
  const packageEntry = (kind: 'plan' | 'addon', id: string, gives?: CatalogCreditEntitlement, more = {}) => ({
    ...entry,
    kind,
    id,
    content: { productId: 'app', entitlements: {}, ...(gives && { creditEntitlements: { credits: gives } }), ...more },
  });
  const catalog = buildCatalog(1, [
    ...currencies,
    packageEntry('plan', 'parent', parent),
    packageEntry('plan', 'plan', plan, { parentPlanId: 'parent' }),
    ...addons.map(({ gives }, index) => packageEntry('addon', `addon-${index}`, gives)),
  ]);
  const subscription = plainSubscription('plan', {
    creditEntitlements: own ? { credits: own } : {},
    addons: addons.map(({ quantity = 1 }, index) => ({ addonId: `addon-${index}`, quantity, soldCatalog: 1 })),
  });
  return creditEntitlementsOf(catalog, subscription, limitOf).map(({ amount, cadence, hasSoftLimit, sourceType }) => {
    return `${Number(amount) / 1e6}/${cadence}${hasSoftLimit ? '~' : ''} ${sourceType}`;
  });
}

const monthly = (amount: number, more: Omit<CatalogAddonCreditEntitlement, 'amount' | 'cadence'> = {}) => ({
  amount,
  cadence: 'MONTH' as const,
  ...more,
});
const plan = monthly(1000);
const seats =
  (limits: Record<string, Amount>): LimitOf =>
  (featureId) =>
    limits[featureId] ?? null;

describe('the recurring credits of a subscription', () => {
  test.each<[string, Packages, string[]]>([
    ['are those of the plan', { plan }, ['1000/MONTH PLAN_ENTITLEMENT']],
    ['are inherited', { parent: plan }, ['1000/MONTH PLAN_ENTITLEMENT']],
    [
      'are those of the child where both say some',
      { parent: plan, plan: { amount: 7, cadence: 'YEAR' } },
      ['7/YEAR PLAN_ENTITLEMENT'],
    ],
    ['are none where nothing gives any', {}, []],
    ['are none where the plan leaves them open', { parent: plan, plan: { isCustom: true } }, []],
    [
      'are what the subscription says where the plan leaves them open',
      { plan: { isCustom: true, hasSoftLimit: true }, own: { amount: '2500.5', cadence: 'YEAR' } },
      ['2500.5/YEAR~ PLAN_ENTITLEMENT'],
    ],
    [
      'are as hard as the subscription says',
      { plan: { isCustom: true, hasSoftLimit: true }, own: { amount: '5', cadence: 'MONTH', hasSoftLimit: false } },
      ['5/MONTH PLAN_ENTITLEMENT'],
    ],
    [
      'grow by an increment times its quantity',
      { plan, addons: [{ quantity: 2, gives: monthly(500) }] },
      ['2000/MONTH PLAN_ENTITLEMENT'],
    ],
    [
      'are those of an override',
      { plan, addons: [{ quantity: 3, gives: monthly(500, { behavior: 'Override' }) }] },
      ['500/MONTH ADDON_ENTITLEMENT'],
    ],
    [
      'are those of the largest override, whatever the increments',
      {
        plan,
        addons: [
          { gives: monthly(300, { behavior: 'Override' }) },
          // 100 a month are 1,200 a year: fewer than 1,201.
          { gives: { amount: 1201, cadence: 'YEAR', behavior: 'Override' } },
          { gives: monthly(9000) },
        ],
      },
      ['300/MONTH ADDON_ENTITLEMENT'],
    ],
    [
      'compare overrides by what a year brings',
      {
        addons: [
          { gives: monthly(100, { behavior: 'Override' }) },
          { gives: { amount: 1201, cadence: 'YEAR', behavior: 'Override' } },
        ],
      },
      ['1201/YEAR ADDON_ENTITLEMENT'],
    ],
    [
      'of an add-on alone are the add-on’s',
      { addons: [{ quantity: 4, gives: monthly(5) }] },
      ['20/MONTH ADDON_ENTITLEMENT'],
    ],
    ['of none of an add-on are none', { addons: [{ quantity: 0, gives: monthly(5) }] }, []],
    [
      'are not replaced by none of an override',
      { plan, addons: [{ quantity: 0, gives: monthly(5, { behavior: 'Override' }) }] },
      ['1000/MONTH PLAN_ENTITLEMENT'],
    ],
    [
      'come by month and by year beside each other',
      { plan, addons: [{ gives: { amount: 50, cadence: 'YEAR' } }] },
      ['1000/MONTH PLAN_ENTITLEMENT', '50/YEAR ADDON_ENTITLEMENT'],
    ],
    [
      'are soft where one source is',
      { plan, addons: [{ gives: monthly(1, { hasSoftLimit: true }) }] },
      ['1001/MONTH~ PLAN_ENTITLEMENT'],
    ],
  ])('%s', (_name, packages, expected) => {
    expect(given(packages)).toEqual(expected);
  });

  test('count per unit of the feature that they depend on', () => {
    const limitOf = seats({ seats: parseAmount('12.5', 'seats'), none: 0n });
    const perSeat = (featureId: string) => monthly(10, { dependencyFeatureId: featureId });
    expect(given({ plan: perSeat('seats') }, limitOf)).toEqual(['125/MONTH PLAN_ENTITLEMENT']);
    expect(given({ plan: perSeat('none') }, limitOf)).toEqual([]);
    expect(given({ plan: perSeat('unlimited') }, limitOf)).toEqual([]);
    const open = { isCustom: true, dependencyFeatureId: 'seats' };
    expect(given({ plan: open, own: { amount: '3', cadence: 'MONTH' } }, limitOf)).toEqual([
      '37.5/MONTH PLAN_ENTITLEMENT',
    ]);
  });

  test('are none of a currency that is archived', () => {
    expect(given({ plan }, noLimit, [{ ...currency, isArchived: true }])).toEqual([]);
  });
});
