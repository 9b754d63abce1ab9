import type { CatalogDocument } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');
const app = { displayName: 'x', productId: 'app' };
const free = { ...app, pricingType: 'FREE' as const, entitlements: {} };
const paid = { ...app, pricingType: 'PAID' as const, entitlements: {} };
const monthly = (amount: number, currency = 'usd') => ({ billingPeriod: 'MONTHLY' as const, currency, amount });
const annually = (amount: number, currency = 'usd') => ({ billingPeriod: 'ANNUALLY' as const, currency, amount });

const selling: CatalogDocument = {
  products: { app: { displayName: 'App' }, sites: { displayName: 'Sites', multipleSubscriptions: true } },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-chat': { displayName: 'Chat', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
  plans: {
    // By name the dearest would come first.
    'plan-a': { ...paid, billingPeriods: ['MONTHLY', 'ANNUALLY'], prices: [monthly(30), annually(1)] },
    'plan-b': { ...paid, billingPeriods: ['ANNUALLY'], prices: [annually(240)] },
    'plan-c': { ...paid, billingPeriods: ['MONTHLY'], prices: [monthly(10), monthly(1, 'eur')] },
    'plan-d': { ...paid, billingPeriods: ['MONTHLY'], prices: [monthly(1, 'eur')] },
    'plan-e': { ...paid, billingPeriods: ['MONTHLY'] },
    'plan-free-2': free,
    'plan-free-1': {
      ...free,
      compatibleAddonIds: ['addon-seats', 'addon-pool'],
      entitlements: { 'feature-sso': true, 'feature-seats': { usageLimit: 2 } },
      creditEntitlements: { credits: { amount: 10, cadence: 'MONTH', dependencyFeatureId: 'feature-seats' } },
    },
    'plan-child': {
      ...free,
      parentPlanId: 'plan-free-1',
      entitlements: {
        'feature-sso': { isGranted: false },
        'feature-chat': { usageLimit: 5, resetPeriod: 'MONTH', creditRate: { currencyId: 'credits', amount: 0.5 } },
      },
    },
    'plan-site': { ...free, productId: 'sites' },
    'plan-hidden': { ...free, hidden: true, compatibleAddonIds: ['addon-seats'] },
    'plan-draft': { ...free, draft: true },
    'plan-custom': {
      ...app,
      pricingType: 'CUSTOM',
      entitlements: { 'feature-sso': true },
      compatibleAddonIds: ['addon-custom'],
    },
  },
  addons: {
    'addon-seats': {
      ...paid,
      maxQuantity: 3,
      dependencies: ['addon-pool'],
      prices: [monthly(10)],
      entitlements: { 'feature-seats': { usageLimit: 5, behavior: 'Override' } },
    },
    'addon-pool': {
      ...paid,
      prices: [monthly(5)],
      creditEntitlements: { credits: { amount: 2.5, cadence: 'YEAR', hasSoftLimit: true } },
    },
    'addon-custom': { ...app, pricingType: 'CUSTOM', entitlements: { 'feature-sso': true } },
    'addon-draft': { ...paid, draft: true },
  },
};

describe.each(implementations)('what is on sale on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, selling);
  });
  afterAll(() => stage.close());

  const offer = async (id: string) => (await stage.environment.offers()).offers.find((one) => one.id === id);

  test('is published, not hidden and not custom, the cheapest first [http.5]', async () => {
    const { catalog, offers } = await stage.environment.offers();
    expect(catalog).toBe(1);
    // Free; 5 and 10 a month, of equals the plan first; 240 a year are 20 a month; 30 a month whatever the year costs;
    // and what has no price in dollars, which most are sold for.
    expect(offers.map(({ id }) => id)).toEqual([
      'plan-child',
      'plan-free-1',
      'plan-free-2',
      'plan-site',
      'addon-pool',
      'plan-c',
      'addon-seats',
      'plan-b',
      'plan-a',
      'plan-d',
      'plan-e',
    ]);
  });

  test('says what a plan gives with all that it inherits, and nothing of what it revokes', async () => {
    expect((await offer('plan-child'))?.entitlements).toEqual([
      {
        featureId: 'feature-seats',
        usageLimit: '2',
        hasUnlimitedUsage: false,
        hasSoftLimit: false,
        enumValues: [],
        creditRate: null,
        replaces: false,
      },
      {
        featureId: 'feature-chat',
        usageLimit: '5',
        hasUnlimitedUsage: false,
        hasSoftLimit: false,
        enumValues: [],
        creditRate: { currencyId: 'credits', amount: '0.5', costFormula: null },
        replaces: false,
      },
    ]);
    expect((await offer('plan-child'))?.credits).toEqual([
      { currencyId: 'credits', amount: '20', hasSoftLimit: false, replaces: false },
    ]);
    const { features } = await stage.environment.offers();
    expect(features.map(({ featureId }) => featureId).sort()).toEqual(['feature-chat', 'feature-seats', 'feature-sso']);
    expect([(await offer('plan-site'))?.isForResource, (await offer('plan-child'))?.isForResource]).toEqual([
      true,
      false,
    ]);
  });

  test('says with which plans an add-on goes, hidden ones and heirs included', async () => {
    expect(await offer('addon-seats')).toMatchObject({
      type: 'ADDON',
      planIds: expect.arrayContaining(['plan-free-1', 'plan-child', 'plan-hidden']),
      dependencies: ['addon-pool'],
      maxQuantity: 3,
      entitlements: [{ featureId: 'feature-seats', usageLimit: '5', replaces: true }],
      credits: [],
    });
    expect((await offer('addon-pool'))?.credits).toEqual([
      { currencyId: 'credits', amount: '2.5', hasSoftLimit: true, replaces: false },
    ]);
  });

  test('is what is published now, without what was archived', async () => {
    const environment = await stage.another('republished', selling);
    const { 'plan-a': _, ...plans } = selling.plans;
    const { draft: __, ...published } = { ...free, draft: true };
    const next = { ...selling, plans: { ...plans, 'plan-draft': published } };
    await environment.applyCatalog(next, { dryRun: false }, now);
    const { catalog, offers } = await environment.offers();
    const ids = offers.map(({ id }) => id);
    expect([catalog, ids.includes('plan-a'), ids.includes('plan-draft')]).toEqual([2, false, true]);
  });

  test('is told apart from what a customer has, and from what a promotion takes away', async () => {
    const { environment } = stage;
    await environment.provisionCustomer(
      {
        customerId: 'ada',
        subscriptionParams: {
          planId: 'plan-free-1',
          addons: [{ addonId: 'addon-pool' }, { addonId: 'addon-seats', quantity: 2 }],
        },
      },
      now,
    );
    await environment.provisionSubscription({ customerId: 'ada', planId: 'plan-site', resourceId: 'site-1' }, now);
    await environment.grantPromotionalEntitlements(
      'ada',
      [{ featureId: 'feature-sso', isGranted: false, period: 'LIFETIME' }],
      now,
    );
    const [own, site, none] = await environment.snapshots('ada', [null, 'site-1', 'site-2'], now);
    expect(own?.grants.sold).toEqual({
      subscriptions: [
        {
          planId: 'plan-free-1',
          addons: [
            { addonId: 'addon-pool', quantity: 1 },
            { addonId: 'addon-seats', quantity: 2 },
          ],
        },
      ],
      revokedFeatureIds: ['feature-sso'],
    });
    expect(site?.grants.sold?.subscriptions).toEqual([{ planId: 'plan-site', addons: [] }]);
    expect(none?.grants.sold?.subscriptions).toEqual([]);
  });
});
