import type { CatalogDocument } from '@tollgate/contract';

type CreditCatalog = Required<Omit<CatalogDocument, '$schema' | 'featureGroups'>>;

/** Plans and add-ons that give credits, and features that cost some. */
export const creditCatalog: CreditCatalog = {
  products: { 'product-app': { displayName: 'App' } },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-size': { displayName: 'Largest file', featureType: 'NUMBER' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
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
      entitlements: { 'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      compatibleAddonIds: ['addon-more', 'addon-instead'],
      entitlements: {
        'feature-seats': { usageLimit: 5 },
        'feature-reports': { usageLimit: 50, creditRate: { currencyId: 'credits', amount: 2 } },
        'feature-answers': {
          creditRate: { currencyId: 'credits', costFormula: '1.1 * inputTokens + 5 * outputTokens' },
        },
      },
      creditEntitlements: { credits: { amount: 1000, cadence: 'MONTH' } },
    },
    'plan-custom': {
      displayName: 'Custom',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      parentPlanId: 'plan-pro',
      entitlements: {
        'feature-reports': { isCustom: true, creditRate: { currencyId: 'credits', amount: 1 } },
      },
      creditEntitlements: {
        credits: { isCustom: true, hasSoftLimit: true },
        points: { amount: 10, cadence: 'YEAR', dependencyFeatureId: 'feature-seats' },
      },
    },
  },
  addons: {
    'addon-more': {
      displayName: 'More credits',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { credits: { amount: 500, cadence: 'MONTH' } },
    },
    'addon-instead': {
      displayName: 'Other credits',
      productId: 'product-app',
      pricingType: 'PAID',
      entitlements: {},
      creditEntitlements: { credits: { amount: 500, cadence: 'MONTH', behavior: 'Override' } },
    },
  },
  customCurrencies: {
    credits: { displayName: 'Credits' },
    points: { displayName: 'Points' },
  },
};

/** The catalog with something replaced; the original stays as it is. */
export function creditsChanged(change: (copy: CreditCatalog) => void): CreditCatalog {
  const copy = structuredClone(creditCatalog);
  change(copy);
  return copy;
}
