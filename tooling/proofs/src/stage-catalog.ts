import type { CatalogDocument } from '@tollgate/contract';

/** What a stage sells: jobs up to a hard limit, and credits that are granted one by one. */
export const stageCatalog: CatalogDocument = {
  products: { 'product-work': { displayName: 'Work' } },
  features: {
    jobs: { displayName: 'Jobs', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    calls: { displayName: 'Calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    tokens: {
      displayName: 'Tokens',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'SUM',
        field: 'tokens',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'prompt' }] }],
      },
    },
  },
  plans: {
    'plan-work': {
      displayName: 'Work',
      productId: 'product-work',
      pricingType: 'FREE',
      entitlements: {
        jobs: { usageLimit: 100 },
        calls: { hasUnlimitedUsage: true },
        tokens: { hasUnlimitedUsage: true },
      },
    },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
};
