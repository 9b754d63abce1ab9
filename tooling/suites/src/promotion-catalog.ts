import type { CatalogDocument } from '@tollgate/contract';

/** One feature of every type, a plan that gives them all, and groups for promotional grants. */
export const promotionCatalog: CatalogDocument = {
  products: { app: { displayName: 'App' } },
  features: {
    f1: { displayName: 'One', featureType: 'BOOLEAN' },
    f2: { displayName: 'Two', featureType: 'NUMBER' },
    f3: { displayName: 'Three', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
    f4: {
      displayName: 'Four',
      featureType: 'ENUM',
      enumConfiguration: [
        { value: 'csv', displayName: 'CSV' },
        { value: 'pdf', displayName: 'PDF' },
      ],
    },
  },
  featureGroups: {
    a: { displayName: 'A', featureIds: ['f1', 'f2', 'f3'] },
    b: { displayName: 'B', featureIds: ['f3'] },
  },
  plans: {
    basic: {
      displayName: 'Basic',
      productId: 'app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      compatibleAddonIds: ['without-f1'],
      entitlements: {
        f1: true,
        f2: { usageLimit: 8 },
        f3: { usageLimit: 5, resetPeriod: 'MONTH' },
        f4: { enumValues: ['csv'] },
      },
    },
  },
  addons: {
    'without-f1': {
      displayName: 'Without one',
      productId: 'app',
      pricingType: 'PAID',
      entitlements: { f1: { isGranted: false, behavior: 'Override' } },
    },
  },
};
