import type catalog from './tollgate.catalog.js';

// With this the compiler knows the ids of the catalog, and which kind each feature is of, wherever they are used.
declare module '@tollgate/client' {
  interface Register {
    catalog: typeof catalog;
  }
}
