import type { CatalogDocument } from '@tollgate/contract';

/** Plans to change between: in a product that falls back to its free plan, in one that does not, and per workspace. */
export const changingCatalog: CatalogDocument = {
  products: {
    'product-app': {
      displayName: 'App',
      productSettings: { subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-free' },
    },
    'product-strict': {
      displayName: 'Strict',
      productSettings: { subscriptionCancellationTime: 'IMMEDIATE' },
    },
    'product-workspace': { displayName: 'Workspace', multipleSubscriptions: true },
    'product-storage': { displayName: 'Storage', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-files': { displayName: 'Files', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-sends': {
      displayName: 'Messages sent',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'message' }] }],
      },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      parentPlanId: 'plan-free',
      compatibleAddonIds: ['addon-reports', 'addon-sso'],
      entitlements: {
        'feature-reports': { usageLimit: 50, resetPeriod: 'MONTH' },
        'feature-seats': { usageLimit: 5 },
      },
    },
    'plan-team': {
      displayName: 'Team',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: { 'feature-seats': { usageLimit: 9 } },
    },
    'plan-custom': {
      displayName: 'Custom',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      entitlements: { 'feature-seats': { isCustom: true } },
    },
    'plan-strict': {
      displayName: 'Strict',
      productId: 'product-strict',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: { 'feature-sso': true },
    },
    'plan-workspace-free': {
      displayName: 'Free workspace',
      productId: 'product-workspace',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 1, resetPeriod: 'MONTH' } },
    },
    'plan-workspace': {
      displayName: 'Workspace',
      productId: 'product-workspace',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: {
        'feature-sso': true,
        'feature-reports': { usageLimit: 10, resetPeriod: 'MONTH' },
        'feature-seats': { usageLimit: 4 },
        'feature-sends': { usageLimit: 100, resetPeriod: 'MONTH' },
        'feature-files': { usageLimit: 20 },
      },
    },
    'plan-storage': {
      displayName: 'Storage',
      productId: 'product-storage',
      pricingType: 'FREE',
      entitlements: { 'feature-files': { usageLimit: 5 } },
    },
  },
  addons: {
    'addon-reports': {
      displayName: 'Ten more reports',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: { 'feature-reports': { usageLimit: 10 } },
    },
    'addon-sso': {
      displayName: 'Single sign-on',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: { 'feature-sso': true },
    },
  },
};
