import type { CatalogDocument } from '@tollgate/contract';

const answers = { 'feature-answers': { creditRate: { currencyId: 'ai-credits', amount: 3 } } };

/** Answers at 3 credits a piece; plans that give 50 credits a month, hard and soft, and one that gives none. */
export const creditCatalog: CatalogDocument = {
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-answers': { displayName: 'Answers', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-hard': {
      displayName: 'Hard',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      compatibleAddonIds: ['addon-soft'],
      entitlements: answers,
      creditEntitlements: { 'ai-credits': { amount: 50, cadence: 'MONTH', hasSoftLimit: false } },
    },
    'plan-soft': {
      displayName: 'Soft',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: answers,
      creditEntitlements: { 'ai-credits': { amount: 50, cadence: 'MONTH', hasSoftLimit: true } },
    },
    'plan-unsaid': {
      displayName: 'Hard, because nothing is said',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: answers,
      creditEntitlements: { 'ai-credits': { amount: 50, cadence: 'MONTH' } },
    },
    'plan-bare': {
      displayName: 'Without credits of its own',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: answers,
    },
  },
  addons: {
    'addon-soft': {
      displayName: '10 more, soft',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { 'ai-credits': { amount: 10, cadence: 'MONTH', hasSoftLimit: true } },
    },
  },
  customCurrencies: {
    'ai-credits': {
      displayName: 'AI credits',
      description: 'Pay for answers',
      symbol: '◎',
      units: { singular: 'credit', plural: 'credits' },
      metadata: { team: 'ai' },
    },
    gold: { displayName: 'Gold' },
  },
};
