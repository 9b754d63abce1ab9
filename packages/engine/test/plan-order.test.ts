import type { CatalogPlan, CatalogPrice } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { buildCatalog, type CatalogEntry, soldPrices } from '../src/catalog/catalog.js';
import { isUpgrade, startingPrices } from '../src/catalog/plan-order.js';

const monthly = (amount: number, more: Partial<CatalogPrice> = {}): CatalogPrice => {
  return { billingPeriod: 'MONTHLY', currency: 'usd', amount, ...more };
};
const annually = (amount: number, more: Partial<CatalogPrice> = {}): CatalogPrice => {
  return { ...monthly(amount, more), billingPeriod: 'ANNUALLY' };
};

function entry(id: string, fields: Partial<CatalogPlan>, place: Partial<CatalogEntry> = {}): CatalogEntry {
  const content = { displayName: id, productId: 'product', pricingType: 'PAID', entitlements: {}, ...fields };
  return {
    kind: 'plan',
    id,
    version: 1,
    catalog: 1,
    isForAll: true,
    isDraft: false,
    isArchived: false,
    content,
    ...place,
  };
}

const catalog = buildCatalog(2, [
  entry('free', { pricingType: 'FREE' }),
  entry('free-too', { pricingType: 'FREE' }),
  entry('basic', { prices: [monthly(20), annually(200)] }),
  entry('team', { prices: [monthly(30), annually(228)] }),
  entry('yearly', { prices: [annually(228)] }),
  entry('monthly', { prices: [monthly(18)] }),
  entry('yearly-220', { prices: [annually(220)] }),
  entry('yearly-200', { prices: [annually(200)] }),
  entry('euro', { prices: [monthly(5, { currency: 'eur' })] }),
  entry('unpriced', {}),
  entry('cheap-child', { parentPlanId: 'team', prices: [monthly(1)] }),
  entry('custom', { pricingType: 'CUSTOM' }),
  entry('custom-too', { pricingType: 'CUSTOM' }),
  entry('raised', { prices: [monthly(10)] }),
  entry('raised', { prices: [monthly(50)] }, { version: 2, catalog: 2 }),
]);
const move = (from: string, to: string) => isUpgrade(catalog, { planId: from }, { planId: to });

describe('a move between plans', () => {
  test.each([
    ['from free to paid', 'free', 'basic'],
    ['from paid to custom', 'team', 'custom'],
    ['to a higher monthly price, though a year costs less a month', 'basic', 'team'],
    ['to a higher price for a year', 'monthly', 'yearly'],
    ['from 200 a year to 12 times 18', 'yearly-200', 'monthly'],
    ['to a higher price for the period that both have', 'basic', 'yearly-220'],
    ['to a plan that inherits, whatever it costs', 'team', 'cheap-child'],
  ])('%s is an upgrade, and back again a downgrade', (_, lower, higher) => {
    expect([move(lower, higher), move(higher, lower)]).toEqual([true, false]);
  });

  test.each([
    ['to the same plan', 'basic', 'basic'],
    ['between free plans', 'free', 'free-too'],
    ['between custom plans without prices', 'custom', 'custom-too'],
    ['between currencies', 'basic', 'euro'],
    ['to a plan without a price', 'basic', 'unpriced'],
    ['to a plan that is not there', 'basic', 'gone'],
  ])('%s is neither', (_, from, to) => {
    expect(move(from, to)).toBeNull();
  });

  test('compares with the price that was sold', () => {
    // Basic costs 20. Raised was sold for 10 under number 1 and costs 50 since number 2.
    expect(isUpgrade(catalog, { planId: 'raised', soldCatalog: 1 }, { planId: 'basic' })).toBe(true);
    expect(isUpgrade(catalog, { planId: 'raised', soldCatalog: 2 }, { planId: 'basic' })).toBe(false);
  });
});

describe('prices', () => {
  test('stay those of the version that was sold, though the new one was published to all', () => {
    expect(soldPrices(catalog, 'plan', 'raised', 1)).toEqual([monthly(10)]);
    expect(soldPrices(catalog, 'plan', 'raised', 2)).toEqual([monthly(50)]);
    expect(soldPrices(catalog, 'plan', 'gone', 2)).toEqual([]);
  });

  test('begin with the one for everybody, or with the lowest of those for some country', () => {
    const local = buildCatalog(1, [
      entry('a', { prices: [monthly(4, { billingCountryCode: 'IN' }), monthly(9.5)] }),
      entry('b', { prices: [monthly(8, { billingCountryCode: 'DE' }), monthly(7, { billingCountryCode: 'IN' })] }),
    ]);
    const usual = { currency: 'usd', billingPeriod: 'MONTHLY' };
    expect(startingPrices(local, { planId: 'a' })).toEqual([{ ...usual, amount: 9_500_000n }]);
    expect(startingPrices(local, { planId: 'b' })).toEqual([{ ...usual, amount: 7_000_000n }]);
  });
});
