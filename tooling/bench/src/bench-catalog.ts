import type { CatalogDocument } from '@tollgate/contract';

/** What the benchmarks sell: credits, and tokens that raw events count. */
export const benchCatalog: CatalogDocument = {
  products: { 'product-bench': { displayName: 'Bench' } },
  features: {
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
    'plan-bench': {
      displayName: 'Bench',
      productId: 'product-bench',
      pricingType: 'FREE',
      entitlements: { tokens: { hasUnlimitedUsage: true, resetPeriod: 'MONTH' } },
    },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
};
