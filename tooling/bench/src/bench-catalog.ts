import type { CatalogDocument } from '@tollgate/contract';

/** What the benchmarks sell: credits, tokens that raw events count, and what a route may ask for. */
export const benchCatalog: CatalogDocument = {
  products: { 'product-bench': { displayName: 'Bench' } },
  features: {
    reports: { displayName: 'Reports', featureType: 'BOOLEAN' },
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
    'plan-bench': {
      displayName: 'Bench',
      productId: 'product-bench',
      pricingType: 'FREE',
      entitlements: {
        tokens: { hasUnlimitedUsage: true, resetPeriod: 'MONTH' },
        reports: true,
        calls: { usageLimit: 1_000_000_000, hasSoftLimit: true, resetPeriod: 'MONTH' },
      },
    },
  },
  customCurrencies: { credits: { displayName: 'Credits' } },
};
