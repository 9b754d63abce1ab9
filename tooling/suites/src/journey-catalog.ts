import type { CatalogDocument } from '@tollgate/contract';

/** What the tests of customers and lists sell: a free, a paid and a trial plan, and sites with subscriptions of their own. */
export const journeyCatalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-extra': { displayName: 'Extra' },
    'product-site': { displayName: 'Site', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-audit': { displayName: 'Audit log', featureType: 'BOOLEAN' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 3 } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      parentPlanId: 'plan-free',
      entitlements: { 'feature-sso': true, 'feature-reports': { usageLimit: 50 } },
    },
    'plan-extra': {
      displayName: 'Extra',
      productId: 'product-extra',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      defaultTrialConfig: { duration: 14, units: 'DAY' },
      entitlements: { 'feature-audit': true },
    },
    'plan-site': {
      displayName: 'Site',
      productId: 'product-site',
      pricingType: 'FREE',
      entitlements: { 'feature-pages': { usageLimit: 10 } },
    },
  },
};
