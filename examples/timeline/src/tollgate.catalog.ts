import { defineCatalog } from '@tollgate/client';

/** Two paid plans, the larger one with a trial of two weeks, and an add-on that only the larger one takes. */
const catalog = defineCatalog({
  products: {
    'product-reporting': { displayName: 'Reporting' },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-projects': {
      displayName: 'Projects',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      units: { singular: 'project', plural: 'projects' },
    },
  },
  plans: {
    'plan-starter': {
      displayName: 'Starter',
      productId: 'product-reporting',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 10 }],
      entitlements: { 'feature-projects': { usageLimit: 3 } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-reporting',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 40 }],
      parentPlanId: 'plan-starter',
      compatibleAddonIds: ['addon-more-projects'],
      defaultTrialConfig: { duration: 14, units: 'DAY', trialEndBehavior: 'CONVERT_TO_PAID' },
      entitlements: {
        'feature-sso': true,
        'feature-projects': { usageLimit: 10 },
      },
    },
  },
  addons: {
    'addon-more-projects': {
      displayName: 'Ten more projects',
      productId: 'product-reporting',
      pricingType: 'PAID',
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 15 }],
      entitlements: { 'feature-projects': { usageLimit: 10, behavior: 'Increment' } },
    },
  },
});

export default catalog;
