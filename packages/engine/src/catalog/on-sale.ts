import type { Amount, CatalogAddon, CatalogPlan } from '@tollgate/contract';
import { type Catalog, compatibleAddonIds, type Published } from './catalog.js';
import { lowestPrices, type StartingPrice } from './plan-order.js';

/** A plan or an add-on that customers can see and buy by themselves. */
export type OnSale =
  | { type: 'PLAN'; entry: Published<CatalogPlan> }
  | { type: 'ADDON'; entry: Published<CatalogAddon>; planIds: string[] };

/** What is published, not hidden and has no custom pricing; the cheapest first. */
export function onSale(catalog: Catalog): OnSale[] {
  const isSold = ({ isArchived, content }: Published<CatalogPlan | CatalogAddon>): boolean =>
    !isArchived && content.pricingType !== 'CUSTOM' && catalog.products.get(content.productId)?.isArchived === false;
  const planIdsOf = plansByAddon(catalog);
  return inOrderOfPrice([
    ...[...catalog.plans.values()]
      .filter((entry) => isSold(entry) && !entry.content.hidden)
      .map((entry) => ({ type: 'PLAN' as const, entry })),
    ...[...catalog.addons.values()]
      .filter(isSold)
      .map((entry) => ({ type: 'ADDON' as const, entry, planIds: planIdsOf.get(entry.id) ?? [] })),
  ]);
}

/** Every plan counts, also those that are sold no more: somebody may have one. */
function plansByAddon(catalog: Catalog): Map<string, string[]> {
  const plans = new Map<string, string[]>();
  for (const planId of catalog.plans.keys()) {
    for (const addonId of compatibleAddonIds(catalog, planId)) {
      plans.set(addonId, [...(plans.get(addonId) ?? []), planId]);
    }
  }
  return plans;
}

const perYear: Readonly<Record<StartingPrice['billingPeriod'], bigint>> = { MONTHLY: 12n, ANNUALLY: 1n };

/**
 * By what a year costs when paid by the month, or by the year where there is no other way; free comes first. Prices are
 * compared in the one currency that the most of them have. What has none in it comes last: what it costs is not known.
 */
function inOrderOfPrice(items: readonly OnSale[]): OnSale[] {
  const prices = new Map(items.map((item) => [item, lowestPrices(item.entry.content.prices ?? [])]));
  const currency = commonest([...prices.values()].flatMap((list) => [...new Set(list.map((price) => price.currency))]));
  const costOf = (item: OnSale): Amount | undefined => {
    if (item.entry.content.pricingType === 'FREE') return 0n;
    const price = prices.get(item)?.find((one) => one.currency === currency);
    return price && price.amount * perYear[price.billingPeriod];
  };
  return [...items].sort((a, b) => {
    const [left, right] = [costOf(a), costOf(b)];
    if (left !== right) return left === undefined || (right !== undefined && left > right) ? 1 : -1;
    if (a.type !== b.type) return a.type === 'PLAN' ? -1 : 1;
    return a.entry.id < b.entry.id ? -1 : 1;
  });
}

/** The first in the alphabet of those that come most often. */
function commonest(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of [...words].sort()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
