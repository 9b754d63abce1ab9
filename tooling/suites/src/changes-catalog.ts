import type { CatalogDocument, CatalogPlan, UsageResetCutoffBehavior } from '@tollgate/contract';

type Entitlements = CatalogPlan['entitlements'];

const pro = (productId: string, entitlements: Entitlements): CatalogPlan => ({
  displayName: 'Pro',
  productId,
  pricingType: 'PAID',
  billingPeriods: ['MONTHLY', 'ANNUALLY'],
  entitlements,
});

const resetting = (behavior: UsageResetCutoffBehavior) => ({
  displayName: behavior,
  usageResetCutoffRule: { behavior },
});

const reports: Entitlements = {
  'feature-reports': {
    usageLimit: 50,
    resetPeriod: 'MONTH',
    monthlyResetPeriodConfiguration: { accordingTo: 'SubscriptionStart' },
  },
};

/** What the tests of changed subscriptions sell: a product per reset rule, a custom plan, and workspaces. */
export const changesCatalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-reset-on-anchor': resetting('BILLING_PERIOD_CHANGE'),
    'product-never-reset': resetting('NEVER_RESET'),
    'product-contract': { displayName: 'Contract' },
    'product-workspace': { displayName: 'Workspace', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-a': { displayName: 'A', featureType: 'NUMBER' },
    'feature-b': { displayName: 'B', featureType: 'NUMBER' },
    'feature-c': { displayName: 'C', featureType: 'NUMBER' },
    'feature-d': { displayName: 'D', featureType: 'NUMBER' },
  },
  plans: {
    'plan-pro': { ...pro('product-app', { 'feature-sso': true, ...reports }), compatibleAddonIds: ['addon-reports'] },
    'plan-reset-on-anchor': pro('product-reset-on-anchor', reports),
    'plan-never-reset': pro('product-never-reset', reports),
    'plan-contract': {
      displayName: 'Contract',
      productId: 'product-contract',
      pricingType: 'CUSTOM',
      entitlements: {
        'feature-a': { isCustom: true },
        'feature-b': { isCustom: true },
        'feature-c': { isCustom: true },
        'feature-d': { usageLimit: 1 },
      },
    },
    'plan-workspace': pro('product-workspace', {
      'feature-sso': true,
      'feature-pages': { usageLimit: 10 },
      ...reports,
    }),
    'plan-workspace-free': {
      displayName: 'Free workspace',
      productId: 'product-workspace',
      pricingType: 'FREE',
      entitlements: { 'feature-pages': { usageLimit: 1 } },
    },
  },
  addons: {
    'addon-reports': {
      displayName: 'Ten more reports',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: { 'feature-reports': { usageLimit: 10 } },
    },
  },
};
