import type { CatalogDocument } from '@tollgate/contract';

type WideCatalog = Required<Omit<CatalogDocument, '$schema'>>;

/** A catalog that uses every kind of entry and every field that a publish treats in a way of its own. */
export const wideCatalog: WideCatalog = {
  products: {
    'product-app': {
      displayName: 'App',
      productSettings: {
        subscriptionStartSetup: 'TRIAL_PERIOD',
        subscriptionStartPlanId: 'plan-pro',
        subscriptionEndSetup: 'DOWNGRADE_TO_FREE',
        downgradePlanId: 'plan-free',
        subscriptionCancellationTime: 'END_OF_BILLING_PERIOD',
        prorateAtEndOfBillingPeriod: false,
      },
    },
    'product-workspace': { displayName: 'Workspace', multipleSubscriptions: true },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-seats': { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
    'feature-storage': {
      displayName: 'Storage',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      units: { singular: 'GB', plural: 'GB' },
      unitTransformation: { divide: 1024, round: 'UP' },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: { 'feature-seats': { usageLimit: 1 } },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      compatibleAddonIds: ['addon-storage', 'addon-backup'],
      defaultTrialConfig: { duration: 14, units: 'DAY', trialEndBehavior: 'CONVERT_TO_PAID' },
      prices: [
        { billingPeriod: 'MONTHLY', currency: 'usd', amount: 20 },
        { billingPeriod: 'ANNUALLY', currency: 'usd', amount: 200 },
        { billingPeriod: 'MONTHLY', currency: 'usd', amount: 10, billingCountryCode: 'IN' },
        { billingPeriod: 'MONTHLY', currency: 'eur', amount: 19.5 },
      ],
      entitlements: { 'feature-seats': { usageLimit: 5 }, 'feature-storage': { usageLimit: 10 } },
    },
    'plan-custom': {
      displayName: 'Custom',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      compatibleAddonIds: ['addon-storage', 'addon-support'],
      hidden: true,
      entitlements: {
        'feature-sso': true,
        'feature-storage': { isCustom: true, hasSoftLimit: true },
      },
    },
    'plan-workspace': {
      displayName: 'Workspace',
      productId: 'product-workspace',
      pricingType: 'FREE',
      entitlements: {},
    },
  },
  addons: {
    'addon-storage': {
      displayName: 'More storage',
      productId: 'product-app',
      pricingType: 'PAID',
      prices: [{ billingPeriod: 'MONTHLY', currency: 'usd', amount: 5 }],
      entitlements: { 'feature-storage': { usageLimit: 10 } },
    },
    'addon-backup': {
      displayName: 'Backup of the storage',
      productId: 'product-app',
      pricingType: 'PAID',
      dependencies: ['addon-storage'],
      entitlements: {},
    },
    'addon-support': {
      displayName: 'A person to call',
      productId: 'product-app',
      pricingType: 'CUSTOM',
      entitlements: {},
    },
  },
  featureGroups: {
    'group-data': { displayName: 'Data', featureIds: ['feature-seats', 'feature-storage'] },
  },
  customCurrencies: {
    credits: {
      displayName: 'Credits',
      symbol: '¢',
      units: { singular: 'credit', plural: 'credits' },
      unitPrice: { amount: 0.01, currency: 'usd' },
    },
  },
};

/** The catalog with something replaced; the original stays as it is. */
export function wideChanged(change: (copy: WideCatalog) => void): WideCatalog {
  const copy = structuredClone(wideCatalog);
  change(copy);
  return copy;
}
