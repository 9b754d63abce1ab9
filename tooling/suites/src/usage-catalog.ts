import type { CatalogDocument } from '@tollgate/contract';

const eventOf = (eventName: string) => [
  { conditions: [{ field: 'eventName', operation: 'EQUALS' as const, value: eventName }] },
];

/** What the tests of usage over time sell: reports that begin anew every month, pages that never do, meters, and credits. */
export const usageCatalog: CatalogDocument = {
  customCurrencies: { credits: { displayName: 'Credits' } },
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-largest': {
      displayName: 'Largest upload',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      meter: { aggregation: 'MAX', field: 'size', filters: eventOf('upload') },
    },
    'feature-smallest': {
      displayName: 'Smallest upload',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      meter: { aggregation: 'MIN', field: 'size', filters: eventOf('upload') },
    },
    'feature-typical': {
      displayName: 'Average upload',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      meter: { aggregation: 'AVG', field: 'size', filters: eventOf('upload') },
    },
    'feature-uploaders': {
      displayName: 'Who uploaded',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: { aggregation: 'UNIQUE', field: 'user', filters: eventOf('upload') },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-reports': {
          usageLimit: 100,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'SubscriptionStart' },
        },
        'feature-pages': { usageLimit: 10 },
        'feature-largest': { usageLimit: 1000, resetPeriod: 'MONTH' },
        'feature-smallest': { usageLimit: 1000, resetPeriod: 'MONTH' },
        'feature-typical': { usageLimit: 1000, resetPeriod: 'MONTH' },
        'feature-uploaders': { usageLimit: 1000, resetPeriod: 'MONTH' },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      parentPlanId: 'plan-free',
      entitlements: {},
    },
    'plan-credits': {
      displayName: 'Credits',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      parentPlanId: 'plan-free',
      entitlements: {
        'feature-reports': { usageLimit: 100, resetPeriod: 'MONTH', creditRate: { currencyId: 'credits', amount: 2 } },
        'feature-uploaders': {
          usageLimit: 1000,
          resetPeriod: 'MONTH',
          creditRate: { currencyId: 'credits', costFormula: '0.5 * size' },
        },
      },
      creditEntitlements: { credits: { amount: 100, cadence: 'MONTH' } },
    },
  },
};
