import type { CatalogDocument } from '@tollgate/contract';

/** What the gate suite sells: every kind of feature, on two plans, one that sells credits, and one that takes something back. */
export const gateCatalog: CatalogDocument = {
  products: {
    'product-suite': { displayName: 'Suite' },
    'product-workspace': { displayName: 'Workspace', multipleSubscriptions: true },
  },
  customCurrencies: { 'credits-ai': { displayName: 'AI credits' } },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-upload': { displayName: 'Largest upload', featureType: 'NUMBER' },
    'feature-export': {
      displayName: 'Export formats',
      featureType: 'ENUM',
      enumConfiguration: [
        { value: 'pdf', displayName: 'PDF' },
        { value: 'xlsx', displayName: 'Excel' },
      ],
    },
    'feature-projects': { displayName: 'Projects', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-calls': { displayName: 'API calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-searches': { displayName: 'Searches', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-chat': { displayName: 'Chat', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-suite',
      pricingType: 'FREE',
      compatibleAddonIds: ['addon-sso'],
      entitlements: {
        'feature-upload': { usageLimit: 10 },
        'feature-export': { enumValues: ['pdf'] },
        'feature-projects': { usageLimit: 2 },
        'feature-reports': {
          usageLimit: 3,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        },
        'feature-calls': {
          usageLimit: 2,
          hasSoftLimit: true,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-suite',
      pricingType: 'FREE',
      parentPlanId: 'plan-free',
      entitlements: {
        'feature-sso': true,
        'feature-reports': {
          usageLimit: 1_000,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        },
      },
    },
    'plan-credits': {
      displayName: 'Credits',
      productId: 'product-suite',
      pricingType: 'FREE',
      compatibleAddonIds: ['addon-credits'],
      creditEntitlements: { 'credits-ai': { amount: 10, cadence: 'MONTH' } },
      entitlements: {
        'feature-chat': { hasUnlimitedUsage: true, creditRate: { currencyId: 'credits-ai', amount: 2 } },
      },
    },
    'plan-mixed': {
      displayName: 'Mixed',
      productId: 'product-suite',
      pricingType: 'FREE',
      creditEntitlements: { 'credits-ai': { amount: 10, cadence: 'MONTH' } },
      entitlements: {
        'feature-searches': { usageLimit: 1, resetPeriod: 'HOUR' },
        'feature-reports': {
          usageLimit: 1,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        },
      },
    },
    // Room to count in, where nothing is ever refused.
    'plan-calls': {
      displayName: 'Calls',
      productId: 'product-suite',
      pricingType: 'FREE',
      hidden: true,
      parentPlanId: 'plan-pro',
      entitlements: {
        'feature-calls': {
          usageLimit: 10,
          hasSoftLimit: true,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
        },
      },
    },
    'plan-workspace': {
      displayName: 'Workspace',
      productId: 'product-workspace',
      pricingType: 'FREE',
      hidden: true,
      entitlements: { 'feature-upload': { usageLimit: 50 } },
    },
    // What customers may be told of: the plan that costs something; what must never be named: the three after it.
    'plan-team': {
      displayName: 'Team',
      productId: 'product-suite',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 20 }],
      entitlements: { 'feature-sso': true, 'feature-reports': { usageLimit: 5 } },
    },
    'plan-secret': {
      displayName: 'Secret',
      productId: 'product-suite',
      pricingType: 'FREE',
      hidden: true,
      parentPlanId: 'plan-pro',
      entitlements: {},
    },
    'plan-negotiated': {
      displayName: 'Negotiated',
      productId: 'product-suite',
      pricingType: 'CUSTOM',
      parentPlanId: 'plan-pro',
      entitlements: {},
    },
    'plan-next': {
      displayName: 'Next',
      productId: 'product-suite',
      pricingType: 'FREE',
      draft: true,
      entitlements: { 'feature-sso': true },
    },
    'plan-locked': {
      displayName: 'Locked',
      productId: 'product-suite',
      pricingType: 'FREE',
      parentPlanId: 'plan-pro',
      entitlements: { 'feature-sso': { isGranted: false } },
    },
  },
  addons: {
    'addon-sso': {
      displayName: 'Single sign-on',
      productId: 'product-suite',
      pricingType: 'PAID',
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 5 }],
      entitlements: { 'feature-sso': true },
    },
    'addon-credits': {
      displayName: 'More credits',
      productId: 'product-suite',
      pricingType: 'PAID',
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 9 }],
      creditEntitlements: { 'credits-ai': { amount: 5, cadence: 'MONTH' } },
      entitlements: {},
    },
  },
};
