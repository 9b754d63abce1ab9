import type { CatalogDocument } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import type { CatalogIssue } from '../src/catalog/catalog-issue.js';
import { validateCatalog } from '../src/catalog/validate-catalog.js';
import { catalog, changed } from './catalogs.js';

function issuesOf(document: unknown): CatalogIssue[] {
  try {
    validateCatalog(document);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'CATALOG_INVALID' });
    return (error as { details: { issues: CatalogIssue[] } }).details.issues;
  }
}

/** A plan entitlement in place of the one that is there. */
const given = (featureId: string, value: unknown): CatalogDocument =>
  changed(({ plans }) => {
    Object.assign(plans['plan-pro']?.entitlements ?? {}, { [featureId]: value });
  });

const feature = (fields: object): CatalogDocument =>
  changed(({ features }) => {
    Object.assign(features, { 'feature-new': { displayName: 'New', ...fields } });
  });

const metered = { featureType: 'NUMBER', meterType: 'INCREMENTAL' };
const filters = [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'x' }] }];
const condition = (fields: object) =>
  feature({ ...metered, meter: { aggregation: 'COUNT', filters: [{ conditions: [{ field: 'a', ...fields }] }] } });

describe('a catalog document', () => {
  test('that keeps every rule is taken as it is', () => {
    expect(validateCatalog({ $schema: 'x', ...catalog })).toEqual({
      ...catalog,
      featureGroups: {},
      customCurrencies: {},
    });
    expect(validateCatalog({ products: {}, features: {}, plans: {} })).toEqual({
      products: {},
      features: {},
      plans: {},
      addons: {},
      featureGroups: {},
      customCurrencies: {},
    });
  });

  test.each([
    ['null', null, 'catalog', 'must be an object'],
    ['a list', [], 'catalog', 'must be an object'],
    ['a section as a list', { ...catalog, plans: [] }, 'plans', 'must be an object keyed by id'],
  ])('is not %s', (_, document, path, rule) => {
    expect(issuesOf(document)).toContainEqual({ path, rule });
  });

  const at = (change: Parameters<typeof changed>[0]) => changed(change);
  const pro = 'plans.plan-pro';
  test.each<[string, unknown, string, RegExp]>([
    ['a missing section', { products: {}, features: {} }, 'plans', /^is required$/],
    ['an unknown section', { ...catalog, coupons: {} }, 'coupons', /^is not a known field$/],
    [
      'an unknown field',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { prise: 1 })),
      `${pro}.prise`,
      /not a known field/,
    ],
    [
      'a bad id',
      at(({ plans }) => Object.assign(plans, { 'plan pro': plans['plan-free'] })),
      'plans.plan pro',
      /must start with a letter or digit and hold only/,
    ],
    [
      'a missing name',
      at(({ products }) => Object.assign(products, { p: {} })),
      'products.p.displayName',
      /^is required$/,
    ],
    [
      'a wrong type',
      at(({ products }) => Object.assign(products, { p: { displayName: 5 } })),
      'products.p.displayName',
      /^must be a string$/,
    ],
    [
      'an unknown enum value',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { pricingType: 'GRATIS' })),
      `${pro}.pricingType`,
      /^must be one of FREE, PAID, CUSTOM$/,
    ],
    [
      'an unknown product',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { productId: 'p' })),
      `${pro}.productId`,
      /names p, which is no product/,
    ],
    [
      'an unknown parent',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { parentPlanId: 'x' })),
      `${pro}.parentPlanId`,
      /names x, which is no plan/,
    ],
    [
      'a parent of another product',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { parentPlanId: 'plan-workspace' })),
      `${pro}.parentPlanId`,
      /of another product/,
    ],
    [
      'a circle of parents',
      at(({ plans }) => Object.assign(plans['plan-free'] ?? {}, { parentPlanId: 'plan-pro' })),
      `${pro}.parentPlanId`,
      /leads back to this plan/,
    ],
    [
      'an unknown add-on',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { compatibleAddonIds: ['x'] })),
      `${pro}.compatibleAddonIds`,
      /names x, which is no add-on/,
    ],
    [
      'a paid plan without periods',
      at(({ plans }) => Object.assign(plans['plan-pro'] ?? {}, { billingPeriods: undefined })),
      `${pro}.billingPeriods`,
      /is required for a paid plan/,
    ],
    [
      'a free add-on',
      at(({ addons }) => Object.assign(addons['addon-reports'] ?? {}, { pricingType: 'FREE' })),
      'addons.addon-reports.pricingType',
      /must be PAID or CUSTOM/,
    ],
    ['an entitlement to nothing', given('feature-gone', true), `${pro}.entitlements.feature-gone`, /names no feature/],
    [
      'true for a number',
      given('feature-upload', true),
      `${pro}.entitlements.feature-upload`,
      /true grants a boolean feature/,
    ],
    [
      'a limit on a boolean',
      given('feature-sso', { usageLimit: 1 }),
      `${pro}.entitlements.feature-sso.usageLimit`,
      /does not apply to a boolean feature/,
    ],
    [
      'a reset on a configuration',
      given('feature-upload', { usageLimit: 1, resetPeriod: 'DAY' }),
      `${pro}.entitlements.feature-upload.resetPeriod`,
      /does not apply to a numeric feature/,
    ],
    [
      'no limit at all',
      given('feature-reports', {}),
      `${pro}.entitlements.feature-reports.usageLimit`,
      /is required unless/,
    ],
    [
      'a limit and none',
      given('feature-reports', { usageLimit: 1, hasUnlimitedUsage: true }),
      `${pro}.entitlements.feature-reports.usageLimit`,
      /must be left out where/,
    ],
    [
      'a negative limit',
      given('feature-reports', { usageLimit: -1 }),
      `${pro}.entitlements.feature-reports.usageLimit`,
      /must be 0 or more/,
    ],
    [
      'seven decimals',
      given('feature-reports', { usageLimit: 0.0000001 }),
      `${pro}.entitlements.feature-reports.usageLimit`,
      /at most 6 decimal places/,
    ],
    [
      'an unknown reset',
      given('feature-reports', { usageLimit: 1, resetPeriod: 'DECADE' }),
      `${pro}.entitlements.feature-reports.resetPeriod`,
      /must be one of YEAR, MONTH/,
    ],
    [
      'a week on a month',
      given('feature-reports', {
        usageLimit: 1,
        resetPeriod: 'MONTH',
        weeklyResetPeriodConfiguration: { accordingTo: 'EveryMonday' },
      }),
      `${pro}.entitlements.feature-reports.weeklyResetPeriodConfiguration`,
      /needs resetPeriod WEEK/,
    ],
    [
      'an enum value that is none',
      given('feature-formats', { enumValues: ['csv', 'doc'] }),
      `${pro}.entitlements.feature-formats.enumValues`,
      /names doc, which the feature's/,
    ],
    [
      'an enum without values',
      given('feature-formats', {}),
      `${pro}.entitlements.feature-formats.enumValues`,
      /is required/,
    ],
    [
      'a value beside a revocation',
      given('feature-reports', { isGranted: false, usageLimit: 3 }),
      `${pro}.entitlements.feature-reports.usageLimit`,
      /says nothing where isGranted is false/,
    ],
    [
      'a behavior on a plan',
      given('feature-reports', { usageLimit: 3, behavior: 'Override' }),
      `${pro}.entitlements.feature-reports.behavior`,
      /not a known field/,
    ],
    [
      'an enum without configuration',
      feature({ featureType: 'ENUM' }),
      'features.feature-new.enumConfiguration',
      /is required for an enum/,
    ],
    [
      'a meter without a meter type',
      feature({ featureType: 'NUMBER', meter: { aggregation: 'COUNT', filters } }),
      'features.feature-new.meter',
      /needs a meterType/,
    ],
    [
      'a sum of nothing',
      feature({ ...metered, meter: { aggregation: 'SUM', filters } }),
      'features.feature-new.meter.field',
      /is required by SUM/,
    ],
    [
      'IN without a list',
      condition({ operation: 'IN', value: 'x' }),
      'features.feature-new.meter.filters.0.conditions.0',
      /needs values/,
    ],
    [
      'a comparison of texts',
      condition({ operation: 'LESS_THAN', value: 'x' }),
      'features.feature-new.meter.filters.0.conditions.0',
      /needs a number/,
    ],
    [
      'EQUALS with nothing',
      condition({ operation: 'EQUALS' }),
      'features.feature-new.meter.filters.0.conditions.0',
      /needs value/,
    ],
  ])('is refused for %s, by path and rule', (_, document, path, rule) => {
    const found = issuesOf(document);
    expect(found.map((issue) => issue.path)).toContain(path);
    expect(found.find((issue) => issue.path === path)?.rule).toMatch(rule);
  });

  test('is refused for everything at once', () => {
    const document = changed(({ plans, features, products }) => {
      Object.assign(products['product-app'] ?? {}, { displayName: '' });
      Object.assign(features['feature-sso'] ?? {}, { featureType: 'BOOL' });
      Object.assign(plans['plan-pro'] ?? {}, { productId: 'x' });
    });
    expect(issuesOf(document).map(({ path }) => path)).toEqual([
      'products.product-app.displayName',
      'features.feature-sso.featureType',
      'plans.plan-pro.productId',
    ]);
  });

  test('with bad entries is not also refused for pointing at them', () => {
    const document = changed(({ features }) => {
      Object.assign(features['feature-reports'] ?? {}, { colour: 'red' });
    });
    expect(issuesOf(document)).toEqual([{ path: 'features.feature-reports.colour', rule: 'is not a known field' }]);
  });
});
