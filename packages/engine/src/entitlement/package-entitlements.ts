import {
  addedEntitlement,
  type CatalogAddonEntitlement,
  type CatalogEntitlementValue,
  cappedAmount,
  type Entitlement,
  mostGenerous,
} from '@tollgate/contract';
import { type Catalog, planChain, soldAddon } from '../catalog/catalog.js';
import type { Subscription } from '../subscription/subscription.js';
import { endOfGrants } from '../subscription/timeline.js';
import { entitlementOf as entitlementOfValue, type ValueTerms } from './entitlement-value.js';

/** What was sold to somebody, or would be. */
export type SoldPackage = Pick<Subscription, 'planId' | 'soldCatalog' | 'entitlements' | 'addons'>;

/** What one subscription gives: its plan with everything that the plan inherits, and its add-ons. By feature id. */
export function subscriptionEntitlements(catalog: Catalog, subscription: Subscription): Map<string, Entitlement> {
  return packageEntitlements(catalog, subscription, termsOf(subscription));
}

/** What the values of a subscription's packages need to know of it. */
export function termsOf(subscription: Subscription): ValueTerms {
  const { usageAnchor, usageCountsFrom } = subscription;
  return { anchor: usageAnchor, usageCountsFrom, endsAt: endOfGrants(subscription) };
}

/** The same of what no subscription needs to be there for. */
export function packageEntitlements(catalog: Catalog, sold: SoldPackage, terms: ValueTerms): Map<string, Entitlement> {
  const given = new Map<string, Entitlement>();
  for (const plan of planChain(catalog, sold.planId, sold.soldCatalog)) {
    for (const [featureId, value] of Object.entries(plan.content.entitlements)) {
      const entitlement = entitlementOf(catalog, featureId, value, terms);
      if (entitlement) given.set(featureId, entitlement);
      // A value that is left to be filled in does not fall back to what would have been inherited.
      else given.delete(featureId);
    }
  }
  for (const [featureId, value] of Object.entries(sold.entitlements)) {
    const entitlement = entitlementOf(catalog, featureId, value, terms);
    if (entitlement) given.set(featureId, entitlement);
  }
  const sources = addonSources(catalog, sold, terms);
  for (const [featureId, addons] of sources) given.set(featureId, withAddons(given.get(featureId), addons));
  return given;
}

interface AddonSource {
  entitlement: Entitlement;
  quantity: number;
  replaces: boolean;
}

function addonSources(catalog: Catalog, sold: SoldPackage, terms: ValueTerms): Map<string, AddonSource[]> {
  const sources = new Map<string, AddonSource[]>();
  for (const { addonId, quantity, soldCatalog } of sold.addons) {
    // None of an add-on gives nothing, be it an amount or not.
    if (quantity === 0) continue;
    const addon = soldAddon(catalog, addonId, soldCatalog);
    for (const [featureId, value] of Object.entries(addon?.content.entitlements ?? {})) {
      const entitlement = entitlementOf(catalog, featureId, value, terms);
      if (!entitlement) continue;
      const source = { entitlement, quantity, replaces: isOverride(value) };
      sources.set(featureId, [...(sources.get(featureId) ?? []), source]);
    }
  }
  return sources;
}

/** A revocation always replaces: nothing can be added to a plan by taking away. */
export function isOverride(value: CatalogAddonEntitlement): boolean {
  return value !== true && (value.behavior === 'Override' || value.isGranted === false);
}

/** The largest replacement wins over the plan and every increment; without one, increments add to the plan. */
function withAddons(plan: Entitlement | undefined, addons: readonly AddonSource[]): Entitlement {
  const [first, ...others] = addons.filter((addon) => addon.replaces).map((addon) => addon.entitlement);
  if (first) return others.reduce(mostGenerous, first);
  const parts = addons.map(({ entitlement, quantity }) => times(entitlement, quantity));
  // A plan that revokes the feature has nothing that an add-on could add to: the add-on stands alone.
  return (plan?.isGranted ? [plan, ...parts] : parts).reduce(addedEntitlement);
}

/** What several of an add-on give. */
export function times(entitlement: Entitlement, quantity: number): Entitlement {
  const { usageLimit } = entitlement;
  return { ...entitlement, usageLimit: usageLimit === null ? null : cappedAmount(usageLimit * BigInt(quantity)) };
}

/** `true` grants a boolean feature. */
export function entitlementOf(
  catalog: Catalog,
  featureId: string,
  given: true | CatalogEntitlementValue,
  terms: ValueTerms,
): Entitlement | undefined {
  return entitlementOfValue(catalog, featureId, given === true ? {} : given, terms);
}
