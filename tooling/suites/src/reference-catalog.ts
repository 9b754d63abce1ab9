import type { CatalogDocument } from '@tollgate/client';

/** What the reference program sells: an app with one subscription per customer, and sites with one each. */
export const referenceCatalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-sites': { displayName: 'Sites', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-audit': { displayName: 'Audit log', featureType: 'BOOLEAN' },
    'feature-upload': { displayName: 'Largest upload', featureType: 'NUMBER' },
    'feature-formats': {
      displayName: 'Formats',
      featureType: 'ENUM',
      enumConfiguration: [
        { value: 'csv', displayName: 'CSV' },
        { value: 'pdf', displayName: 'PDF' },
      ],
    },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-calls': {
      displayName: 'Calls',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'call' }] }],
      },
    },
    'feature-answers': { displayName: 'Answers', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  customCurrencies: { 'ai-credits': { displayName: 'AI credits' } },
  featureGroups: { 'group-security': { displayName: 'Security', featureIds: ['feature-sso', 'feature-audit'] } },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-upload': { usageLimit: 10 },
        'feature-formats': { enumValues: ['csv'] },
        'feature-seats': { usageLimit: 1 },
        'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' },
        'feature-calls': { usageLimit: 100 },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      parentPlanId: 'plan-free',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      prices: [
        { billingPeriod: 'MONTHLY', currency: 'usd', amount: 30 },
        { billingPeriod: 'ANNUALLY', currency: 'usd', amount: 300 },
      ],
      compatibleAddonIds: ['addon-seats'],
      entitlements: {
        'feature-upload': { usageLimit: 100 },
        'feature-formats': { enumValues: ['csv', 'pdf'] },
        'feature-seats': { usageLimit: 5 },
        'feature-answers': { creditRate: { currencyId: 'ai-credits', amount: 2 } },
      },
    },
    'site-free': {
      displayName: 'Free site',
      productId: 'product-sites',
      pricingType: 'FREE',
      entitlements: { 'feature-pages': { usageLimit: 1 } },
    },
    'site-pro': {
      displayName: 'Pro site',
      productId: 'product-sites',
      pricingType: 'PAID',
      parentPlanId: 'site-free',
      billingPeriods: ['MONTHLY'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 10 }],
      entitlements: { 'feature-pages': { usageLimit: 50 } },
    },
  },
  addons: {
    'addon-seats': {
      displayName: 'Two more seats',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: { 'feature-seats': { usageLimit: 2, behavior: 'Increment' } },
    },
  },
};
