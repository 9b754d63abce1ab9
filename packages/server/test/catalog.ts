import type { CatalogDocument } from '@tollgate/contract';

/** One product with a feature of each kind that the server's tests ask about. */
export const catalog: CatalogDocument = {
  products: { 'product-reporting': { displayName: 'Reporting' } },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-reports': {
      displayName: 'Reports per month',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      units: { singular: 'report', plural: 'reports' },
    },
    'feature-requests': {
      displayName: 'Requests',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'request' }] }],
      },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-reporting',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-reporting',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      parentPlanId: 'plan-free',
      entitlements: { 'feature-sso': true, 'feature-reports': { usageLimit: 50, resetPeriod: 'MONTH' } },
    },
  },
};
