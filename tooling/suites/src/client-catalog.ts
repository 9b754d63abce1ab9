import type { CatalogDocument } from '@tollgate/contract';

const month = { resetPeriod: 'MONTH', monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' } } as const;

/** What the client's tests sell: every kind of feature, a product for customers and one for their sites. */
export const clientCatalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-site': { displayName: 'Site', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-upload': { displayName: 'Largest upload', featureType: 'NUMBER', units: { singular: 'MB', plural: 'MB' } },
    'feature-formats': {
      displayName: 'Export formats',
      featureType: 'ENUM',
      enumConfiguration: ['csv', 'pdf', 'xlsx'].map((value) => ({ value, displayName: value })),
    },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-projects': { displayName: 'Projects', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-calls': {
      displayName: 'API calls',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'call' }] }],
      },
    },
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-upload': { usageLimit: 5 },
        'feature-formats': { enumValues: ['csv'] },
        'feature-reports': { usageLimit: 3, ...month },
        'feature-projects': { usageLimit: 2 },
        'feature-calls': { usageLimit: 100, hasSoftLimit: true, ...month },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      parentPlanId: 'plan-free',
      entitlements: {
        'feature-sso': true,
        'feature-upload': { hasUnlimitedUsage: true },
        'feature-formats': { enumValues: ['csv', 'pdf'] },
        'feature-reports': { usageLimit: 1_000_000, ...month },
      },
    },
    'plan-site': {
      displayName: 'Site',
      productId: 'product-site',
      pricingType: 'FREE',
      entitlements: { 'feature-pages': { usageLimit: 10 } },
    },
  },
};

/** The same after a publish: single sign-on for everybody. */
export const nextClientCatalog: CatalogDocument = {
  ...clientCatalog,
  plans: {
    ...clientCatalog.plans,
    'plan-free': {
      ...(clientCatalog.plans['plan-free'] as CatalogDocument['plans'][string]),
      entitlements: { ...clientCatalog.plans['plan-free']?.entitlements, 'feature-sso': true },
    },
  },
};
