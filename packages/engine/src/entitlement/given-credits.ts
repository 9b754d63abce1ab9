import type { Catalog } from '../catalog/catalog.js';
import { type CreditEntitlement, creditEntitlementsOf } from '../credit/credit-entitlements.js';
import type { Subscription } from '../subscription/subscription.js';
import { subscriptionEntitlements } from './package-entitlements.js';

/** The recurring credits of one subscription; a pool by seats has as many as the same subscription gives. */
export function givenCredits(catalog: Catalog, subscription: Subscription): CreditEntitlement[] {
  let entitlements: ReturnType<typeof subscriptionEntitlements> | undefined;
  return creditEntitlementsOf(catalog, subscription, (featureId) => {
    entitlements ??= subscriptionEntitlements(catalog, subscription);
    const entitlement = entitlements.get(featureId);
    return entitlement?.isGranted ? entitlement.usageLimit : null;
  });
}
