import type { CatalogDocument } from '@tollgate/contract';

/** What the tests of provisioning sell: plans of every pricing type, with and without a trial, and add-ons of all sorts. */
export const provisioningCatalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-trial': { displayName: 'Trial' },
    'product-carry': { displayName: 'Carry', usageResetCutoffRule: { behavior: 'NEVER_RESET' } },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-api': { displayName: 'API', featureType: 'BOOLEAN' },
    'feature-audit': { displayName: 'Audit log', featureType: 'BOOLEAN' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-carried': { displayName: 'Carried', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' } },
    },
    'plan-basic': {
      displayName: 'Basic',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      compatibleAddonIds: ['addon-reports', 'addon-api'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 10 }],
      entitlements: { 'feature-sso': true, 'feature-reports': { usageLimit: 10, resetPeriod: 'MONTH' } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      compatibleAddonIds: ['addon-reports'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 30 }],
      entitlements: { 'feature-sso': true, 'feature-reports': { usageLimit: 50, resetPeriod: 'MONTH' } },
    },
    'plan-custom': {
      displayName: 'Negotiated',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      compatibleAddonIds: ['addon-reports', 'addon-negotiated'],
      entitlements: {
        'feature-sso': true,
        'feature-reports': { isCustom: true, resetPeriod: 'MONTH' },
        'feature-seats': { isCustom: true },
      },
    },
    'plan-carry-free': {
      displayName: 'Carry, free',
      productId: 'product-carry',
      pricingType: 'FREE',
      entitlements: { 'feature-carried': { usageLimit: 3, resetPeriod: 'MONTH' } },
    },
    'plan-carry': {
      displayName: 'Carry',
      productId: 'product-carry',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: { 'feature-carried': { usageLimit: 30, resetPeriod: 'MONTH' } },
    },
    'plan-starter': {
      displayName: 'Starter',
      productId: 'product-trial',
      pricingType: 'FREE',
      entitlements: {},
    },
    'plan-tried': {
      displayName: 'Tried',
      productId: 'product-trial',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      defaultTrialConfig: { duration: 14, units: 'DAY', budget: { limit: 5, hasSoftLimit: false } },
      entitlements: { 'feature-audit': true, 'feature-reports': { usageLimit: 20 } },
    },
    'plan-converting': {
      displayName: 'Converting',
      productId: 'product-trial',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      defaultTrialConfig: { duration: 1, units: 'MONTH', trialEndBehavior: 'CONVERT_TO_PAID' },
      entitlements: { 'feature-audit': true },
    },
  },
  addons: {
    'addon-reports': {
      displayName: 'Ten more reports',
      productId: 'product-app',
      pricingType: 'PAID',
      maxQuantity: 5,
      entitlements: { 'feature-reports': { usageLimit: 10 } },
    },
    'addon-api': {
      displayName: 'API',
      productId: 'product-app',
      pricingType: 'PAID',
      dependencies: ['addon-reports'],
      entitlements: { 'feature-api': true },
    },
    'addon-negotiated': {
      displayName: 'Negotiated',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      entitlements: { 'feature-audit': true },
    },
  },
};
