import type { CatalogAddonEntitlement, CatalogEntitlementValue, Entitlement } from '@tollgate/contract';
import { planChain, soldAddon } from '../catalog/catalog.js';
import { isRunning, newestFirst, type Subscription } from '../subscription/subscription.js';
import { entitlementOf } from './entitlement-value.js';
import { isOverride, entitlementOf as packageEntitlement, termsOf, times } from './package-entitlements.js';
import type { Standing } from './standing.js';

/** What one source gives of a feature, before it is put together with the others. */
export interface EntitlementSource {
  kind: 'PLAN' | 'ADDON' | 'SUBSCRIPTION' | 'PROMOTION';
  id: string;
  subscriptionId: string | null;
  resourceId: string | null;
  entitlement: Entitlement;
}

/**
 * Every source of one feature that counts in one scope, by the rules of `scopeGrants`: of a subscription its own value or
 * that of the nearest plan, and the add-ons; where an add-on replaces, only those that do; then the promotions.
 */
export function entitlementSources(
  standing: Standing,
  resourceId: string | null,
  featureId: string,
): EntitlementSource[] {
  const subscriptions = standing.subscriptions
    .filter((other) => isRunning(other) && !other.isRevoked && other.resourceId === resourceId)
    .sort(newestFirst);
  const sources = subscriptions.flatMap((subscription) => ofSubscription(standing, subscription, featureId));
  // Promotions hold for the customer as a whole, and for nobody who is archived.
  if (resourceId !== null || standing.customer?.archivedAt != null) return sources;
  for (const { promotionId: id, featureId: promoted, value, startDate, endDate } of standing.promotions) {
    if (promoted !== featureId) continue;
    const terms = { anchor: startDate, usageCountsFrom: null, endsAt: endDate };
    const entitlement = entitlementOf(standing.catalog, featureId, value, terms);
    if (entitlement) sources.push({ kind: 'PROMOTION', id, subscriptionId: null, resourceId, entitlement });
  }
  return sources;
}

function ofSubscription({ catalog }: Standing, subscription: Subscription, featureId: string): EntitlementSource[] {
  const { subscriptionId, resourceId, planId, soldCatalog } = subscription;
  const terms = termsOf(subscription);
  const source = (kind: EntitlementSource['kind'], id: string, entitlement: Entitlement): EntitlementSource => ({
    kind,
    id,
    subscriptionId,
    resourceId,
    entitlement,
  });
  const given = (value: true | CatalogEntitlementValue | undefined): Entitlement | undefined =>
    value && packageEntitlement(catalog, featureId, value, terms);

  const plan = planChain(catalog, planId, soldCatalog).findLast(({ content }) => featureId in content.entitlements);
  const ofPlan = given(plan?.content.entitlements[featureId]);
  const ofItself = given(subscription.entitlements[featureId]);
  const base = ofItself ? [source('SUBSCRIPTION', subscriptionId, ofItself)] : [];
  if (plan && ofPlan && !ofItself) base.push(source('PLAN', plan.id, ofPlan));

  const addons = subscription.addons.flatMap(({ addonId, quantity, soldCatalog: sold }) => {
    const value: CatalogAddonEntitlement | undefined = soldAddon(catalog, addonId, sold)?.content.entitlements?.[
      featureId
    ];
    const entitlement = quantity === 0 ? undefined : given(value);
    if (!value || !entitlement) return [];
    const replaces = isOverride(value);
    return [{ replaces, source: source('ADDON', addonId, replaces ? entitlement : times(entitlement, quantity)) }];
  });
  const replacing = addons.filter(({ replaces }) => replaces);
  if (replacing.length > 0) return replacing.map((addon) => addon.source);
  // An add-on has nothing to add to where the plan revokes, so it stands alone then.
  const granting = addons.length > 0 ? base.filter(({ entitlement }) => entitlement.isGranted) : base;
  return [...granting, ...addons.map((addon) => addon.source)];
}
