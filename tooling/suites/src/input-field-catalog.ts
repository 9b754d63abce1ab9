import type { CatalogDocument } from '@tollgate/contract';
import { referenceCatalog } from './reference-catalog.js';

/** The reference catalog, with a custom plan that leaves values open and a plan that begins with a trial. */
export const inputFieldCatalog: CatalogDocument = {
  ...referenceCatalog,
  products: {
    ...referenceCatalog.products,
    'product-begins': {
      displayName: 'Begins free',
      productSettings: { subscriptionStartSetup: 'FREE_PLAN', subscriptionStartPlanId: 'plan-begin' },
    },
    'product-trials': { displayName: 'Trials' },
  },
  plans: {
    ...referenceCatalog.plans,
    'plan-begin': { displayName: 'Begin', productId: 'product-begins', pricingType: 'FREE', entitlements: {} },
    'plan-trial': {
      displayName: 'With a trial',
      productId: 'product-trials',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 20 }],
      defaultTrialConfig: { duration: 14, units: 'DAY' },
      entitlements: { 'feature-audit': true },
    },
    'plan-custom': {
      displayName: 'Custom',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      compatibleAddonIds: ['addon-seats'],
      entitlements: {
        'feature-upload': { isCustom: true },
        'feature-formats': { isCustom: true },
        'feature-seats': { isCustom: true },
        'feature-reports': { isCustom: true },
      },
    },
  },
};
