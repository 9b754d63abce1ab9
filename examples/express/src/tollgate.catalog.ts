import { defineCatalog } from '@tollgate/client';

/** What this product sells: six features, three plans and one add-on. */
const catalog = defineCatalog({
  products: {
    'product-reporting': { displayName: 'Reporting' },
  },
  features: {
    'feature-sso': { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    'feature-max-upload-mb': {
      displayName: 'Largest upload',
      featureType: 'NUMBER',
      units: { singular: 'megabyte', plural: 'megabytes' },
    },
    'feature-export-formats': {
      displayName: 'Export formats',
      featureType: 'ENUM',
      enumConfiguration: [
        { value: 'csv', displayName: 'CSV' },
        { value: 'xlsx', displayName: 'Excel' },
        { value: 'pdf', displayName: 'PDF' },
      ],
    },
    'feature-projects': {
      displayName: 'Projects',
      featureType: 'NUMBER',
      meterType: 'FLUCTUATING',
      units: { singular: 'project', plural: 'projects' },
    },
    'feature-reports': {
      displayName: 'Reports per month',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      units: { singular: 'report', plural: 'reports' },
    },
    'feature-api-calls': {
      displayName: 'API calls per month',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      units: { singular: 'call', plural: 'calls' },
    },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-reporting',
      pricingType: 'FREE',
      entitlements: {
        'feature-max-upload-mb': { usageLimit: 10 },
        'feature-export-formats': { enumValues: ['csv'] },
        'feature-projects': { usageLimit: 2 },
        'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' },
        'feature-api-calls': { usageLimit: 5, hasSoftLimit: true, resetPeriod: 'MONTH' },
      },
    },
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-reporting',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY', 'ANNUALLY'],
      prices: [
        { billingPeriod: 'MONTHLY', currency: 'usd', amount: 29 },
        { billingPeriod: 'ANNUALLY', currency: 'usd', amount: 290 },
      ],
      parentPlanId: 'plan-free',
      compatibleAddonIds: ['addon-more-projects'],
      entitlements: {
        'feature-max-upload-mb': { usageLimit: 100 },
        'feature-export-formats': { enumValues: ['csv', 'xlsx'] },
        'feature-projects': { usageLimit: 10 },
        'feature-reports': { usageLimit: 50, resetPeriod: 'MONTH' },
        'feature-api-calls': { usageLimit: 1000, hasSoftLimit: true, resetPeriod: 'MONTH' },
      },
    },
    'plan-enterprise': {
      displayName: 'Enterprise',
      productId: 'product-reporting',
      pricingType: 'PAID',
      billingPeriods: ['ANNUALLY'],
      prices: [{ billingPeriod: 'ANNUALLY', currency: 'usd', amount: 4900 }],
      parentPlanId: 'plan-pro',
      entitlements: {
        'feature-sso': true,
        'feature-max-upload-mb': { usageLimit: 5000 },
        'feature-export-formats': { enumValues: ['csv', 'xlsx', 'pdf'] },
        'feature-projects': { hasUnlimitedUsage: true },
        'feature-reports': { hasUnlimitedUsage: true },
        'feature-api-calls': { hasUnlimitedUsage: true },
      },
    },
  },
  addons: {
    'addon-more-projects': {
      displayName: 'Ten more projects',
      productId: 'product-reporting',
      pricingType: 'PAID',
      entitlements: { 'feature-projects': { usageLimit: 10, behavior: 'Increment' } },
    },
  },
});

export default catalog;
