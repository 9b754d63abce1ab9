/** What `tollgate init` writes as a start. The feature that it denies is the one that the printed lines require. */
export const firstCatalog = `import { defineCatalog } from '@tollgate/client';

// What you sell. \`npx @tollgate/server catalog check <this file>\` checks it; \`catalog apply\` publishes it to a server.
export default defineCatalog({
  products: {
    'product-app': { displayName: 'App' },
  },
  features: {
    // Granted or not.
    'feature-export': { displayName: 'Export', featureType: 'BOOLEAN' },
    // Counted: a route that uses it says \`usage: 1\`.
    'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
  },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-app',
      pricingType: 'FREE',
      entitlements: {
        'feature-reports': { usageLimit: 3, resetPeriod: 'MONTH' },
      },
    },
    // Has what its parent has, and more.
    'plan-pro': {
      displayName: 'Pro',
      productId: 'product-app',
      pricingType: 'PAID',
      billingPeriods: ['MONTHLY'],
      parentPlanId: 'plan-free',
      entitlements: {
        'feature-export': true,
        'feature-reports': { usageLimit: 100, resetPeriod: 'MONTH' },
      },
    },
  },
});
`;

export const firstRegistration = `import type catalog from './tollgate.catalog.js';

// With this the compiler knows the ids of the catalog, and which kind each feature is of, wherever they are used.
declare module '@tollgate/client' {
  interface Register {
    catalog: typeof catalog;
  }
}
`;
