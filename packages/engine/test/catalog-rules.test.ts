import type {
  CatalogAddon,
  CatalogCurrency,
  CatalogFeatureGroup,
  CatalogPlan,
  CatalogProduct,
} from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import type { CatalogIssue } from '../src/catalog/catalog-issue.js';
import { validateCatalog } from '../src/catalog/validate-catalog.js';
import { wideCatalog, wideChanged } from './wide-catalog.js';

function issuesOf(document: unknown): CatalogIssue[] {
  try {
    validateCatalog(document);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'CATALOG_INVALID' });
    return (error as { details: { issues: CatalogIssue[] } }).details.issues;
  }
}

const product = (fields: Partial<CatalogProduct>) =>
  wideChanged(({ products }) => Object.assign(products['product-app'] ?? {}, fields));
const journey = (productSettings: object) => product({ productSettings });
const plan = (id: string, fields: object) => wideChanged(({ plans }) => Object.assign(plans[id] ?? {}, fields));
const addon = (id: string, fields: Partial<CatalogAddon>) =>
  wideChanged(({ addons }) => Object.assign(addons[id] ?? {}, fields));
const group = (fields: Partial<CatalogFeatureGroup>) =>
  wideChanged(({ featureGroups }) => Object.assign(featureGroups['group-data'] ?? {}, fields));
const currency = (fields: object) =>
  wideChanged(({ customCurrencies }) =>
    Object.assign(customCurrencies.credits ?? {}, fields as Partial<CatalogCurrency>),
  );
const price = (fields: object): Pick<CatalogPlan, 'prices'> => {
  return { prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 20, ...fields }] };
};
const trial = (fields: object) => ({ defaultTrialConfig: { duration: 14, units: 'DAY', ...fields } });
const settings = 'products.product-app.productSettings';
const [pro, free, custom] = ['plans.plan-pro', 'plans.plan-free', 'plans.plan-custom'];

describe('a catalog document', () => {
  test('with a journey, trials, prices, variable values, groups and currencies is taken as it is', () => {
    expect(validateCatalog(wideCatalog)).toEqual(wideCatalog);
  });

  test.each<[string, object]>([
    ['a free plan to start on', journey({ subscriptionStartSetup: 'FREE_PLAN', subscriptionStartPlanId: 'plan-free' })],
    ['nothing that starts by itself', journey({ subscriptionStartSetup: 'PLAN_SELECTION' })],
    ['a price of nothing', plan('plan-pro', price({ amount: 0 }))],
    ['a price of six places', plan('plan-pro', price({ amount: 0.000001 }))],
    ['a spend that ends a trial', plan('plan-pro', trial({ budget: { limit: 10, hasSoftLimit: false } }))],
    ['a hidden draft', plan('plan-custom', { hidden: true, draft: true })],
    [
      'a way of counting what is variable',
      variable('plan-custom', { isCustom: true, resetPeriod: 'MONTH', hasSoftLimit: true }),
    ],
  ])('may have %s', (_, document) => {
    expect(issuesOf(document)).toEqual([]);
  });

  test.each<[string, unknown, string, string]>([
    [
      'a start on no plan',
      journey({ subscriptionStartSetup: 'FREE_PLAN' }),
      `${settings}.subscriptionStartPlanId`,
      'is required by subscriptionStartSetup TRIAL_PERIOD or FREE_PLAN',
    ],
    [
      'a start plan without a start',
      journey({ subscriptionStartPlanId: 'plan-free' }),
      `${settings}.subscriptionStartPlanId`,
      'must be left out: only subscriptionStartSetup TRIAL_PERIOD or FREE_PLAN needs it',
    ],
    [
      'a start on an unknown plan',
      journey({ subscriptionStartSetup: 'FREE_PLAN', subscriptionStartPlanId: 'x' }),
      `${settings}.subscriptionStartPlanId`,
      'names x, which is no plan of this catalog',
    ],
    [
      'a free start that costs',
      journey({ subscriptionStartSetup: 'FREE_PLAN', subscriptionStartPlanId: 'plan-pro' }),
      `${settings}.subscriptionStartPlanId`,
      'names plan-pro, which is not free: FREE_PLAN starts a free plan',
    ],
    [
      'a trial of a plan without one',
      journey({ subscriptionStartSetup: 'TRIAL_PERIOD', subscriptionStartPlanId: 'plan-free' }),
      `${settings}.subscriptionStartPlanId`,
      'names plan-free, which has no defaultTrialConfig',
    ],
    [
      'a start on the plan of another product',
      journey({ subscriptionStartSetup: 'FREE_PLAN', subscriptionStartPlanId: 'plan-workspace' }),
      `${settings}.subscriptionStartPlanId`,
      'names plan-workspace of another product',
    ],
    [
      'a downgrade to no plan',
      journey({ subscriptionEndSetup: 'DOWNGRADE_TO_FREE' }),
      `${settings}.downgradePlanId`,
      'is required by subscriptionEndSetup DOWNGRADE_TO_FREE',
    ],
    [
      'a downgrade plan without a downgrade',
      journey({ subscriptionEndSetup: 'CANCEL_SUBSCRIPTION', downgradePlanId: 'plan-free' }),
      `${settings}.downgradePlanId`,
      'must be left out: only subscriptionEndSetup DOWNGRADE_TO_FREE needs it',
    ],
    [
      'a downgrade to a plan that costs',
      journey({ subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-pro' }),
      `${settings}.downgradePlanId`,
      'names plan-pro, which is not free',
    ],
    [
      'a cancellation at an unknown time',
      journey({ subscriptionCancellationTime: 'SOON' }),
      `${settings}.subscriptionCancellationTime`,
      'must be one of END_OF_BILLING_PERIOD, IMMEDIATE, SPECIFIC_DATE',
    ],
    [
      'a trial of no time',
      plan('plan-pro', trial({ duration: 0 })),
      `${pro}.defaultTrialConfig.duration`,
      'must be 1 or more',
    ],
    [
      'a trial of half a day',
      plan('plan-pro', trial({ duration: 0.5 })),
      `${pro}.defaultTrialConfig.duration`,
      'must be a whole number',
    ],
    [
      'a trial until the end of time',
      plan('plan-pro', trial({ duration: 10_001 })),
      `${pro}.defaultTrialConfig.duration`,
      'must be at most 10,000',
    ],
    [
      'a trial of weeks',
      plan('plan-pro', trial({ units: 'WEEK' })),
      `${pro}.defaultTrialConfig.units`,
      'must be one of DAY, MONTH',
    ],
    [
      'a trial of what is free',
      plan('plan-free', trial({})),
      `${free}.defaultTrialConfig`,
      'must be left out: a free plan has none',
    ],
    [
      'a spend that ends a trial of a custom plan',
      plan('plan-custom', trial({ budget: { limit: 1, hasSoftLimit: true } })),
      `${custom}.defaultTrialConfig.budget`,
      'applies to a paid plan only',
    ],
    ['a price below nothing', plan('plan-pro', price({ amount: -1 })), `${pro}.prices.0.amount`, 'must be 0 or more'],
    [
      'a price of seven places',
      plan('plan-pro', price({ amount: 0.0000001 })),
      `${pro}.prices.0.amount`,
      'must have at most 6 decimal places',
    ],
    [
      'a price in capitals',
      plan('plan-pro', price({ currency: 'USD' })),
      `${pro}.prices.0.currency`,
      'must be three lower-case letters, such as usd',
    ],
    [
      'a price for a country by name',
      plan('plan-pro', price({ billingCountryCode: 'Germany' })),
      `${pro}.prices.0.billingCountryCode`,
      'must be two upper-case letters, such as DE',
    ],
    [
      'a price for a period that is not on offer',
      plan('plan-pro', { billingPeriods: ['MONTHLY'], ...price({ billingPeriod: 'ANNUALLY' }) }),
      `${pro}.prices.0.billingPeriod`,
      "is ANNUALLY, which is not among the plan's billingPeriods",
    ],
    [
      'a price of a custom plan without periods',
      plan('plan-custom', price({})),
      `${custom}.prices.0.billingPeriod`,
      "is MONTHLY, which is not among the plan's billingPeriods",
    ],
    [
      'a price of what is free',
      plan('plan-free', price({})),
      `${free}.prices`,
      'must be left out: a free plan has none',
    ],
    [
      'two prices for the same',
      plan('plan-pro', { prices: [...(price({}).prices ?? []), ...(price({ amount: 30 }).prices ?? [])] }),
      `${pro}.prices.1`,
      'is a second price for MONTHLY in usd in every country',
    ],
    [
      'two prices of an add-on for one country',
      addon('addon-storage', {
        prices: [
          { billingPeriod: 'MONTHLY', currency: 'eur', amount: 1, billingCountryCode: 'DE' },
          { billingPeriod: 'MONTHLY', currency: 'eur', amount: 2, billingCountryCode: 'DE' },
        ],
      }),
      'addons.addon-storage.prices.1',
      'is a second price for MONTHLY in eur in DE',
    ],
    [
      'a variable value on a plan with a price list',
      variable('plan-pro', { isCustom: true }),
      `${pro}.entitlements.feature-seats.isCustom`,
      'applies to custom plans only',
    ],
    [
      'a variable value on an add-on',
      addon('addon-storage', { entitlements: { 'feature-seats': { isCustom: true } } }),
      'addons.addon-storage.entitlements.feature-seats.isCustom',
      'applies to custom plans only',
    ],
    [
      'a variable value that is given',
      variable('plan-custom', { isCustom: true, usageLimit: 5 }),
      `${custom}.entitlements.feature-seats.usageLimit`,
      'must be left out where isCustom is true: provisioning gives the value',
    ],
    [
      'a variable value of a boolean',
      plan('plan-custom', { entitlements: { 'feature-sso': { isCustom: true } } }),
      `${custom}.entitlements.feature-sso.isCustom`,
      'does not apply to a boolean feature',
    ],
    [
      'a variable value that a paid plan inherits',
      plan('plan-pro', { parentPlanId: 'plan-custom', entitlements: {} }),
      `${pro}.parentPlanId`,
      'brings along feature-storage with a variable value, which only a custom plan can have',
    ],
    [
      'a custom add-on with a paid plan',
      plan('plan-pro', { compatibleAddonIds: ['addon-support'] }),
      `${pro}.compatibleAddonIds`,
      'names addon-support, a custom add-on, which only a custom plan can have',
    ],
    [
      'a custom add-on that a paid plan inherits',
      plan('plan-pro', { parentPlanId: 'plan-custom' }),
      `${pro}.parentPlanId`,
      'brings along addon-support, a custom add-on, which only a custom plan can have',
    ],
    [
      'a dependency on nothing',
      addon('addon-backup', { dependencies: ['x'] }),
      'addons.addon-backup.dependencies',
      'names x, which is no add-on of this catalog',
    ],
    [
      'a dependency across products',
      addon('addon-storage', { productId: 'product-workspace' }),
      'addons.addon-backup.dependencies',
      'names addon-storage of another product',
    ],
    [
      'add-ons that need each other',
      addon('addon-storage', { dependencies: ['addon-backup'] }),
      'addons.addon-storage.dependencies',
      'lead back to this add-on',
    ],
    [
      'an add-on that needs itself',
      addon('addon-storage', { dependencies: ['addon-storage'] }),
      'addons.addon-storage.dependencies',
      'lead back to this add-on',
    ],
    [
      'a group of an unknown feature',
      group({ featureIds: ['feature-seats', 'x'] }),
      'featureGroups.group-data.featureIds.1',
      'names x, which is no feature of this catalog',
    ],
    [
      'a group with a feature twice',
      group({ featureIds: ['feature-seats', 'feature-seats'] }),
      'featureGroups.group-data.featureIds.1',
      'names feature-seats a second time',
    ],
    [
      'a group of nothing',
      group({ featureIds: [] }),
      'featureGroups.group-data.featureIds',
      'must list at least one feature',
    ],
    [
      'one of two names of a credit',
      currency({ units: { singular: 'credit' } }),
      'customCurrencies.credits.units.plural',
      'is required',
    ],
    [
      'credits for nothing',
      currency({ unitPrice: { amount: 0, currency: 'usd' } }),
      'customCurrencies.credits.unitPrice.amount',
      'must be above 0',
    ],
    ['hiding by a word', plan('plan-pro', { hidden: 'yes' }), `${pro}.hidden`, 'must be a boolean'],
    [
      'a draft by a word',
      addon('addon-storage', { draft: 'yes' } as object),
      'addons.addon-storage.draft',
      'must be a boolean',
    ],
    [
      'a unit of half',
      wideChanged(({ features }) =>
        Object.assign(features['feature-storage'] ?? {}, { unitTransformation: { divide: 1.5, round: 'UP' } }),
      ),
      'features.feature-storage.unitTransformation.divide',
      'must be a whole number',
    ],
    [
      'a unit of nothing',
      wideChanged(({ features }) =>
        Object.assign(features['feature-storage'] ?? {}, { unitTransformation: { divide: 0, round: 'UP' } }),
      ),
      'features.feature-storage.unitTransformation.divide',
      'must be 1 or more',
    ],
    [
      'a NUL',
      product({ description: 'a\0b' }),
      'products.product-app.description',
      'must not hold NUL characters or halves of characters',
    ],
    [
      'half a character',
      product({ metadata: { note: '\ud83d' } }),
      'products.product-app.metadata.note',
      'must not hold NUL characters or halves of characters',
    ],
    [
      'a NUL in a key',
      product({ metadata: { 'a\0b': 'x' } }),
      'products.product-app.metadata.a\0b',
      'has a key that must not hold NUL characters or halves of characters',
    ],
  ])('is refused for %s, by path and rule', (_, document, path, rule) => {
    expect(issuesOf(document)).toContainEqual({ path, rule });
  });

  test.each(['SUM', 'MAX', 'MIN', 'AVG', 'UNIQUE'])(
    'is told that %s needs a field, and is fine with one',
    (aggregation) => {
      const withMeter = (field?: string) =>
        wideChanged(({ features }) => {
          const filters = [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'x' }] }];
          Object.assign(features['feature-seats'] ?? {}, { meter: { aggregation, filters, field } });
        });
      const path = 'features.feature-seats.meter.field';
      expect(issuesOf(withMeter())).toEqual([{ path, rule: `is required by ${aggregation}` }]);
      expect(issuesOf(withMeter('seats'))).toEqual([]);
    },
  );

  test('with whole characters of every kind is fine', () => {
    expect(issuesOf(product({ displayName: 'Æ 😀', metadata: { ключ: '值' } }))).toEqual([]);
  });

  test('is refused for everything at once, through all its sections', () => {
    const document = wideChanged(({ products, plans, addons, featureGroups, customCurrencies }) => {
      Object.assign(products['product-app'] ?? {}, { productSettings: { downgradePlanId: 'x' } });
      Object.assign(plans['plan-pro'] ?? {}, price({ amount: -1 }));
      Object.assign(addons['addon-backup'] ?? {}, { dependencies: ['x'] });
      Object.assign(featureGroups['group-data'] ?? {}, { featureIds: ['x'] });
      Object.assign(customCurrencies.credits ?? {}, { symbol: '' });
    });
    expect(issuesOf(document).map(({ path }) => path)).toEqual([
      'plans.plan-pro.prices.0.amount',
      'customCurrencies.credits.symbol',
      `${settings}.downgradePlanId`,
      'addons.addon-backup.dependencies',
      'featureGroups.group-data.featureIds.0',
    ]);
  });
});

function variable(planId: string, value: object) {
  return wideChanged(({ plans }) => Object.assign(plans[planId]?.entitlements ?? {}, { 'feature-seats': value }));
}
