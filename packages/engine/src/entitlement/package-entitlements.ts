import {
  type Amount,
  amountMax,
  type CatalogAddonEntitlement,
  type CatalogEntitlementValue,
  type Entitlement,
  mostGenerous,
} from '@tollgate/contract';
import { type Catalog, planChain, soldAddon } from '../catalog/catalog.js';
import type { Subscription } from '../subscription/subscription.js';
import { endOfGrants } from '../subscription/timeline.js';
import { entitlementOf as entitlementOfValue } from './entitlement-value.js';

/** What one subscription gives: its plan with everything that the plan inherits, and its add-ons. By feature id. */
export function subscriptionEntitlements(catalog: Catalog, subscription: Subscription): Map<string, Entitlement> {
  const given = new Map<string, Entitlement>();
  for (const plan of planChain(catalog, subscription.planId, subscription.soldCatalog)) {
    for (const [featureId, value] of Object.entries(plan.content.entitlements)) {
      const entitlement = entitlementOf(catalog, featureId, value, subscription);
      if (entitlement) given.set(featureId, entitlement);
      // A value that is left to be filled in does not fall back to what would have been inherited.
      else given.delete(featureId);
    }
  }
  for (const [featureId, value] of Object.entries(subscription.entitlements)) {
    const entitlement = entitlementOf(catalog, featureId, value, subscription);
    if (entitlement) given.set(featureId, entitlement);
  }
  const sources = addonSources(catalog, subscription);
  for (const [featureId, addons] of sources) given.set(featureId, withAddons(given.get(featureId), addons));
  return given;
}

interface AddonSource {
  entitlement: Entitlement;
  quantity: number;
  replaces: boolean;
}

function addonSources(catalog: Catalog, subscription: Subscription): Map<string, AddonSource[]> {
  const sources = new Map<string, AddonSource[]>();
  for (const { addonId, quantity, soldCatalog } of subscription.addons) {
    // None of an add-on gives nothing, be it an amount or not.
    if (quantity === 0) continue;
    const addon = soldAddon(catalog, addonId, soldCatalog);
    for (const [featureId, value] of Object.entries(addon?.content.entitlements ?? {})) {
      const entitlement = entitlementOf(catalog, featureId, value, subscription);
      if (!entitlement) continue;
      const source = { entitlement, quantity, replaces: isOverride(value) };
      sources.set(featureId, [...(sources.get(featureId) ?? []), source]);
    }
  }
  return sources;
}

/** A revocation always replaces: nothing can be added to a plan by taking away. */
function isOverride(value: CatalogAddonEntitlement): boolean {
  return value !== true && (value.behavior === 'Override' || value.isGranted === false);
}

/** The largest replacement wins over the plan and every increment; without one, increments add to the plan. */
function withAddons(plan: Entitlement | undefined, addons: readonly AddonSource[]): Entitlement {
  const [first, ...others] = addons.filter((addon) => addon.replaces).map((addon) => addon.entitlement);
  if (first) return others.reduce(mostGenerous, first);
  const parts = addons.map(({ entitlement, quantity }) => times(entitlement, quantity));
  // A plan that revokes the feature has nothing that an add-on could add to: the add-on stands alone.
  return (plan?.isGranted ? [plan, ...parts] : parts).reduce(sum);
}

function times(entitlement: Entitlement, quantity: number): Entitlement {
  const { usageLimit } = entitlement;
  return { ...entitlement, usageLimit: usageLimit === null ? null : capped(usageLimit * BigInt(quantity)) };
}

/**
 * The reset rule stays that of the plan, or of the first add-on where the plan has none of the feature. So does what usage
 * costs in credits, or it is what the first add-on that costs any says.
 */
function sum(a: Entitlement, b: Entitlement): Entitlement {
  const hasUnlimitedUsage = a.hasUnlimitedUsage || b.hasUnlimitedUsage;
  return {
    ...a,
    usageLimit:
      hasUnlimitedUsage || a.usageLimit === null || b.usageLimit === null ? null : capped(a.usageLimit + b.usageLimit),
    hasUnlimitedUsage,
    hasSoftLimit: a.hasSoftLimit || b.hasSoftLimit,
    enumValues: [...new Set([...a.enumValues, ...b.enumValues])],
    creditRate: a.creditRate ?? b.creditRate,
  };
}

/** No counter can pass the largest amount, so a limit beyond it says the same as one at it. */
function capped(limit: Amount): Amount {
  return limit > amountMax ? amountMax : limit;
}

function entitlementOf(
  catalog: Catalog,
  featureId: string,
  given: true | CatalogEntitlementValue,
  subscription: Subscription,
): Entitlement | undefined {
  return entitlementOfValue(catalog, featureId, given === true ? {} : given, {
    anchor: subscription.usageAnchor,
    usageCountsFrom: subscription.usageCountsFrom,
    endsAt: endOfGrants(subscription),
  });
}
