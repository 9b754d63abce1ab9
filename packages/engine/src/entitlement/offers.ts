import {
  type CatalogAddon,
  type CatalogPlan,
  type Entitlement,
  featureToWire,
  formatAmount,
  type OffersWire,
  parseAmount,
} from '@tollgate/contract';
import type { Catalog, Published } from '../catalog/catalog.js';
import { type OnSale, onSale } from '../catalog/on-sale.js';
import { creditEntitlementsOf } from '../credit/credit-entitlements.js';
import { entitlementOf, isOverride, packageEntitlements } from './package-entitlements.js';

type OfferWire = OffersWire['offers'][number];
type Given = { entitlement: Entitlement; replaces: boolean };
type GivenCredits = OfferWire['credits'];

/** What is on sale, with what each plan and each add-on gives by itself. */
export function offersOf(catalog: Catalog): OffersWire {
  const features = new Map<string, Entitlement['feature']>();
  const offers = onSale(catalog).map((item): OfferWire => {
    const given = item.type === 'PLAN' ? planGives(catalog, item.entry) : addonGives(catalog, item.entry);
    for (const { entitlement } of given.entitlements) features.set(entitlement.feature.featureId, entitlement.feature);
    return {
      type: item.type,
      id: item.entry.id,
      displayName: item.entry.content.displayName,
      isForResource: catalog.products.get(item.entry.content.productId)?.content.multipleSubscriptions ?? false,
      entitlements: given.entitlements.map(entitlementWire),
      credits: given.credits,
      ...addonTerms(item),
    };
  });
  return { catalog: catalog.number, features: [...features.values()].map(featureToWire), offers };
}

function addonTerms(item: OnSale): Pick<OfferWire, 'planIds' | 'dependencies' | 'maxQuantity'> {
  if (item.type === 'PLAN') return { planIds: [], dependencies: [], maxQuantity: null };
  const { dependencies = [], maxQuantity = null } = item.entry.content;
  return { planIds: item.planIds, dependencies, maxQuantity };
}

/** No subscription is there yet, so nothing is counted from an instant. */
const terms = { anchor: 0, usageCountsFrom: null, endsAt: null };

function planGives(catalog: Catalog, { id }: Published<CatalogPlan>) {
  const sold = { planId: id, soldCatalog: catalog.number, entitlements: {}, creditEntitlements: {}, addons: [] };
  const entitlements = packageEntitlements(catalog, sold, terms);
  const credits: GivenCredits = [];
  const limitOf = (featureId: string) => entitlements.get(featureId)?.usageLimit ?? null;
  for (const { currencyId, amount, hasSoftLimit } of creditEntitlementsOf(catalog, sold, limitOf)) {
    // Monthly and yearly credits of one currency both begin with the subscription.
    const other = credits.find((one) => one.currencyId === currencyId);
    if (other) other.amount = formatAmount(parseAmount(other.amount, 'amount') + amount);
    else credits.push({ currencyId, amount: formatAmount(amount), hasSoftLimit, replaces: false });
  }
  return {
    entitlements: granted([...entitlements.values()].map((entitlement) => ({ entitlement, replaces: false }))),
    credits,
  };
}

function addonGives(catalog: Catalog, { content }: Published<CatalogAddon>) {
  const entitlements = Object.entries(content.entitlements).flatMap(([featureId, value]): Given[] => {
    const entitlement = entitlementOf(catalog, featureId, value, terms);
    return entitlement ? [{ entitlement, replaces: isOverride(value) }] : [];
  });
  const credits = Object.entries(content.creditEntitlements ?? {}).flatMap(([currencyId, value]): GivenCredits => {
    const { amount, hasSoftLimit = false, behavior, dependencyFeatureId } = value;
    const isSold = catalog.currencies.get(currencyId)?.isArchived === false;
    // How many credits a pool by seats holds is the customer's own matter, so nothing is promised of it.
    if (!isSold || amount === undefined || dependencyFeatureId !== undefined) return [];
    return [
      {
        currencyId,
        amount: formatAmount(parseAmount(amount, 'amount')),
        hasSoftLimit,
        replaces: behavior === 'Override',
      },
    ];
  });
  return { entitlements: granted(entitlements), credits };
}

const granted = (given: readonly Given[]): Given[] => given.filter(({ entitlement }) => entitlement.isGranted);

function entitlementWire({ entitlement, replaces }: Given): OfferWire['entitlements'][number] {
  const { feature, usageLimit, hasUnlimitedUsage, hasSoftLimit, enumValues, creditRate } = entitlement;
  return {
    featureId: feature.featureId,
    usageLimit: usageLimit === null ? null : formatAmount(usageLimit),
    hasUnlimitedUsage,
    hasSoftLimit,
    enumValues,
    creditRate: creditRate && {
      ...creditRate,
      amount: creditRate.amount === null ? null : formatAmount(creditRate.amount),
    },
    replaces,
  };
}
