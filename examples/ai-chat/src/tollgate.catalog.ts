import { defineCatalog } from '@tollgate/client';

/** One plan: 100 credits a month, and a token of an answer costs a tenth of a credit. */
const catalog = defineCatalog({
  products: { 'product-chat': { displayName: 'Chat' } },
  customCurrencies: { 'credits-ai': { displayName: 'AI credits' } },
  features: {
    'feature-chat-tokens': {
      displayName: 'Chat',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      units: { singular: 'token', plural: 'tokens' },
    },
  },
  plans: {
    'plan-starter': {
      displayName: 'Starter',
      productId: 'product-chat',
      pricingType: 'FREE',
      creditEntitlements: { 'credits-ai': { amount: 100, cadence: 'MONTH' } },
      entitlements: {
        'feature-chat-tokens': { hasUnlimitedUsage: true, creditRate: { currencyId: 'credits-ai', amount: 0.1 } },
      },
    },
  },
});

export default catalog;
