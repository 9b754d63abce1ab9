import type { CatalogDocument } from '@tollgate/contract';

/** Two kinds of credits, one of them with a price; a feature that costs credits a piece, and one that costs what it says. */
export const ledgerCatalog: CatalogDocument = {
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-pages': { displayName: 'Pages', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    'feature-answers': {
      displayName: 'Answers',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      meter: {
        aggregation: 'COUNT',
        filters: [{ conditions: [{ field: 'eventName', operation: 'EQUALS', value: 'answer' }] }],
      },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-pages': { creditRate: { currencyId: 'tokens', amount: 2 } },
        'feature-answers': { creditRate: { currencyId: 'tokens', costFormula: 'price' } },
      },
    },
  },
  customCurrencies: {
    tokens: { displayName: 'Tokens', units: { singular: 'token', plural: 'tokens' } },
    coins: { displayName: 'Coins', unitPrice: { amount: 2, currency: 'usd' } },
  },
};
