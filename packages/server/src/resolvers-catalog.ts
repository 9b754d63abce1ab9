import type { ApplyCatalogMutationVariables } from '@tollgate/contract';
import { serverOnly } from './resolver.js';

export const catalogQueries = {
  // Add-ons name every plan that they go with, so this is not for browsers.
  offers: serverOnly((_root, _args, context) => context.environment.offers()),
  publishedCatalog: serverOnly((_root, _args, context) => context.environment.publishedCatalog()),
};

export const catalogMutations = {
  applyCatalog: serverOnly<ApplyCatalogMutationVariables>((_root, { catalog, dryRun, migrationType }, context) =>
    context.environment.applyCatalog(catalog, { dryRun: dryRun ?? false, migrationType }, context.clock.now()),
  ),
};
