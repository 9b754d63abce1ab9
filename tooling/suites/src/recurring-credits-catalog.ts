import type { CatalogDocument } from '@tollgate/contract';

type RecurringCreditsCatalog = Required<Omit<CatalogDocument, '$schema' | 'featureGroups'>>;

/** A plan with 1,000 credits a month and add-ons to it, and a custom plan that leaves open how many it gives. */
export const recurringCreditsCatalog: RecurringCreditsCatalog = {
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-answers': { displayName: 'Answers', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      compatibleAddonIds: ['addon-more', 'addon-instead'],
      entitlements: { 'feature-answers': { creditRate: { currencyId: 'credits', amount: 1 } } },
      creditEntitlements: { credits: { amount: 1000, cadence: 'MONTH' } },
    },
    'plan-yearly': {
      displayName: 'A year at once',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      entitlements: {},
      creditEntitlements: { credits: { amount: 1000, cadence: 'YEAR' } },
    },
    'plan-contract': {
      displayName: 'By contract',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      entitlements: { 'feature-answers': { creditRate: { currencyId: 'credits', amount: 1 } } },
      creditEntitlements: { credits: { isCustom: true }, points: { isCustom: true, hasSoftLimit: true } },
    },
  },
  addons: {
    'addon-more': {
      displayName: '500 more',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { credits: { amount: 500, cadence: 'MONTH' } },
    },
    'addon-instead': {
      displayName: '500 instead',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { credits: { amount: 500, cadence: 'MONTH', behavior: 'Override' } },
    },
  },
  customCurrencies: {
    credits: { displayName: 'Credits', units: { singular: 'credit', plural: 'credits' } },
    points: { displayName: 'Points' },
  },
};

/** The catalog with other credits in one of its plans, whether they are right or not. */
export function withPlanCredits(planId: string, credits: object): CatalogDocument {
  const copy = structuredClone(recurringCreditsCatalog);
  Object.assign(copy.plans[planId] as object, { creditEntitlements: { credits } });
  return copy;
}
