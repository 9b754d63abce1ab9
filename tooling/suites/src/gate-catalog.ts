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
    'feature-chat': { displayName: 'Chat', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-suite',
      pricingType: 'FREE',
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
        'feature-reports': {
          usageLimit: 1,
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
    'plan-locked': {
      displayName: 'Locked',
      productId: 'product-suite',
      pricingType: 'FREE',
      parentPlanId: 'plan-pro',
      entitlements: { 'feature-sso': { isGranted: false } },
    },
  },
};
