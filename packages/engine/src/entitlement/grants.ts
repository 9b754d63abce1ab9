import {
  type Entitlement,
  firstThen,
  type GrantsPart,
  mostGenerous,
  type Sold,
  type Version,
} from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { isRunning, newestFirst, type Subscription } from '../subscription/subscription.js';
import { entitlementOf } from './entitlement-value.js';
import { subscriptionEntitlements } from './package-entitlements.js';
import type { Standing } from './standing.js';

/** One scope's entitlements: the customer's own where `resourceId` is null, else those of one resource. */
export interface ScopeGrants {
  resourceId: string | null;
  grants: GrantsPart;
  /** By the instant of a cut in usage, the customer's revision that made it. */
  cutRevisions: ReadonlyMap<number, number>;
  /** What the grants follow from: it says how usage is counted. */
  catalog: Catalog;
}

/**
 * Grants carry the customer's revision as of the read, not that of their own last change. A read sees every change up to
 * its revision, so it is never older than a notice about one of them; and usage alone sends no notice, so a revision that
 * only usage raised makes no cached grants stale.
 */
export function standingVersion({ epoch, catalog, revision, lastNow }: Standing): Version {
  return { epoch, catalog: catalog.number, revision, validFrom: lastNow };
}

/** The several subscriptions of one scope give the best of each feature. */
export function scopeGrants(standing: Standing, resourceId: string | null): ScopeGrants {
  const subscriptions = standing.subscriptions
    .filter((other) => isRunning(other) && other.resourceId === resourceId)
    // Where two sources are equally generous the first one counts: which that is must not depend on who computed them.
    .sort(newestFirst);
  const entitlements = new Map<string, Entitlement>();
  const cutRevisions = new Map<number, number>();
  for (const subscription of subscriptions) {
    if (subscription.isRevoked) continue;
    for (const [featureId, entitlement] of subscriptionEntitlements(standing.catalog, subscription)) {
      const other = entitlements.get(featureId);
      entitlements.set(featureId, other ? mostGenerous(other, entitlement) : entitlement);
    }
    const { usageCountsFrom, usageCountsFromRevision } = subscription;
    if (usageCountsFrom !== null && usageCountsFromRevision !== null) {
      const known = cutRevisions.get(usageCountsFrom) ?? 0;
      cutRevisions.set(usageCountsFrom, Math.max(known, usageCountsFromRevision));
    }
  }
  const hasPromotion = addPromotions(entitlements, standing, resourceId);
  const grants: GrantsPart = {
    version: standingVersion(standing),
    // What is asked for sends a notice; what time brings has its instant here.
    validUntil: standing.nextDue,
    isCustomerKnown: standing.customer !== null,
    isCustomerArchived: standing.customer !== null && standing.customer.archivedAt !== null,
    isResourceKnown: resourceId === null || standing.resourceIds.has(resourceId),
    hasActiveSubscription: hasPromotion || subscriptions.some(({ isRevoked }) => !isRevoked),
    entitlements,
    sold: soldIn(standing, subscriptions),
  };
  return { resourceId, grants, cutRevisions, catalog: standing.catalog };
}

function soldIn({ promotions }: Standing, subscriptions: readonly Subscription[]): Sold {
  return {
    subscriptions: subscriptions
      .filter(({ isRevoked }) => !isRevoked)
      .map(({ planId, addons }) => ({
        planId,
        addons: addons.map(({ addonId, quantity }) => ({ addonId, quantity })),
      })),
    revokedFeatureIds: promotions.flatMap(({ featureId, value }) => (value.isGranted === false ? featureId : [])),
  };
}

/**
 * Promotions hold for the customer as a whole: a grant is one more source of the customer's own scope, a revocation beats
 * every source in every scope. Returns whether any grants something.
 */
function addPromotions(entitlements: Map<string, Entitlement>, standing: Standing, resourceId: string | null): boolean {
  let grants = false;
  // Nothing is granted or revoked of an archived customer; what was promoted counts again when the customer is back.
  if (standing.customer?.archivedAt != null) return grants;
  for (const { featureId, value, startDate, endDate } of standing.promotions) {
    const terms = { anchor: startDate, usageCountsFrom: null, endsAt: endDate };
    const promoted = entitlementOf(standing.catalog, featureId, value, terms);
    if (!promoted) continue;
    if (!promoted.isGranted) {
      // In a resource only over what the resource has: the customer's own scope says it for the rest, and goes on
      // counting what it counted.
      const other = entitlements.get(featureId);
      if (other) entitlements.set(featureId, firstThen(promoted, other));
      else if (resourceId === null) entitlements.set(featureId, promoted);
    } else if (resourceId === null) {
      const other = entitlements.get(featureId);
      entitlements.set(featureId, other ? mostGenerous(other, promoted) : promoted);
      grants = true;
    }
  }
  return grants;
}
