import type { CatalogDocument } from '@tollgate/contract';

/** One product of every kind of feature, and one whose subscriptions belong to workspaces. */
export const catalog: CatalogDocument = {
  products: {
    'product-app': { displayName: 'App' },
    'product-workspace': { displayName: 'Workspace', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-upload': { displayName: 'Largest upload', featureType: 'NUMBER', units: { singular: 'MB', plural: 'MB' } },
    'feature-formats': {
      displayName: 'Formats',
      featureType: 'ENUM',
      enumConfiguration: [
        { value: 'csv', displayName: 'CSV' },
        { value: 'pdf', displayName: 'PDF' },
        { value: 'xlsx', displayName: 'Excel' },
      ],
    },
    'feature-projects': { displayName: 'Projects', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-calls': { displayName: 'API calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-tokens': {
      displayName: 'Tokens',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'SUM',
        field: 'tokens',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'completion' }] }],
      },
    },
    'feature-sends': {
      displayName: 'Messages sent',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [
          {
            conditions: [
              { field: 'eventName', operation: 'EQUALS', value: 'message' },
              { field: 'channel', operation: 'IN', values: ['mail', 'sms'] },
            ],
          },
          { conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'broadcast' }] },
        ],
      },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-upload': { usageLimit: 10 },
        'feature-formats': { enumValues: ['csv'] },
        'feature-projects': { usageLimit: 3 },
        'feature-reports': {
          usageLimit: 3,
          resetPeriod: 'MONTH',
          monthlyResetPeriodConfiguration: { accordingTo: 'SubscriptionStart' },
        },
        'feature-calls': { usageLimit: 100, hasSoftLimit: true, resetPeriod: 'DAY' },
        'feature-tokens': { usageLimit: 1000, resetPeriod: 'MONTH' },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      parentPlanId: 'plan-free',
      compatibleAddonIds: ['addon-reports', 'addon-no-sso'],
      entitlements: {
        'feature-sso': true,
        'feature-projects': { usageLimit: 20 },
        'feature-reports': { usageLimit: 50, resetPeriod: 'MONTH' },
        'feature-sends': { usageLimit: 5, resetPeriod: 'MONTH' },
      },
    },
    'plan-custom': {
      displayName: 'Custom',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      entitlements: {},
    },
    'plan-workspace': {
      displayName: 'Workspace',
      productId: 'product-workspace',
      pricingType: 'FREE',
      entitlements: { 'feature-projects': { usageLimit: 5 } },
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
    'addon-no-sso': {
      displayName: 'Without single sign-on',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: { 'feature-sso': { isGranted: false, behavior: 'Override' } },
    },
    'addon-elsewhere': {
      displayName: 'Compatible with nothing',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
    },
  },
};

/** The catalog with something replaced; the original stays as it is. */
export function changed(change: (copy: Required<CatalogDocument>) => void): CatalogDocument {
  const copy = structuredClone(catalog) as Required<CatalogDocument>;
  change(copy);
  return copy;
}
