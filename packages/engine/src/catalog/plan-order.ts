import { type Amount, type BillingPeriod, type CatalogPrice, type PricingType, parseAmount } from '@tollgate/contract';
import { type Catalog, planChain, soldPlan, soldPrices } from './catalog.js';

/** A plan as somebody has it, or, without `soldCatalog`, as it is sold now. A subscription is one. */
export interface PlanTerms {
  planId: string;
  soldCatalog?: number;
}

export interface StartingPrice {
  currency: string;
  billingPeriod: BillingPeriod;
  amount: Amount;
}

const periods: readonly BillingPeriod[] = ['MONTHLY', 'ANNUALLY'];
const perYear: Record<BillingPeriod, bigint> = { MONTHLY: 12n, ANNUALLY: 1n };
const rank: Record<PricingType, number> = { FREE: 0, PAID: 1, CUSTOM: 2 };

/**
 * Whether a move from one plan to another is an upgrade, false for a downgrade. Null when it is neither or cannot be told:
 * the same plan, two free ones, or plans without prices that compare.
 */
export function isUpgrade(catalog: Catalog, from: PlanTerms, to: PlanTerms): boolean | null {
  if (from.planId === to.planId) return null;
  if (inheritsFrom(catalog, to, from)) return true;
  if (inheritsFrom(catalog, from, to)) return false;
  const [before, after] = [pricingTypeOf(catalog, from), pricingTypeOf(catalog, to)];
  if (before === null || after === null) return null;
  if (before !== after) return rank[after] > rank[before];
  return before === 'FREE' ? null : isDearer(startingPrices(catalog, from), startingPrices(catalog, to));
}

/**
 * What a plan costs to begin with, by currency and billing period: the price for everybody, or, where each price is for
 * some country, the lowest of those.
 */
export function startingPrices(catalog: Catalog, { planId, soldCatalog = catalog.number }: PlanTerms): StartingPrice[] {
  return lowestPrices(soldPrices(catalog, 'plan', planId, soldCatalog));
}

/** Of a list of prices, one for each currency and billing period. */
export function lowestPrices(prices: readonly CatalogPrice[]): StartingPrice[] {
  const currencies = [...new Set(prices.map(({ currency }) => currency))];
  return currencies.flatMap((currency) =>
    periods.flatMap((billingPeriod) => {
      const offered = prices.filter((price) => price.currency === currency && price.billingPeriod === billingPeriod);
      const [amount] = lowestFirst(offered);
      return amount === undefined ? [] : [{ currency, billingPeriod, amount }];
    }),
  );
}

function lowestFirst(offered: readonly CatalogPrice[]): Amount[] {
  const general = offered.filter(({ billingCountryCode }) => billingCountryCode === undefined);
  const counted = general.length > 0 ? general : offered;
  return counted.map(({ amount }) => parseAmount(amount, 'amount')).sort((a, b) => (a < b ? -1 : 1));
}

/** Like is compared with like where there is like; else what a year costs, in the first currency that both have. */
function isDearer(before: readonly StartingPrice[], after: readonly StartingPrice[]): boolean | null {
  const currency = before.find((price) => after.some((other) => other.currency === price.currency))?.currency;
  const [old, now] = [before, after].map((prices) => prices.filter((price) => price.currency === currency));
  if (currency === undefined || !old || !now) return null;
  for (const period of periods) {
    const [a, b] = [old, now].map((prices) => prices.find(({ billingPeriod }) => billingPeriod === period)?.amount);
    if (a !== undefined && b !== undefined && a !== b) return b > a;
  }
  const [a, b] = [old, now].map((prices) => prices.map((price) => price.amount * perYear[price.billingPeriod])[0]);
  return a === undefined || b === undefined || a === b ? null : b > a;
}

function inheritsFrom(catalog: Catalog, child: PlanTerms, ancestor: PlanTerms): boolean {
  return planChain(catalog, child.planId, child.soldCatalog).some(({ id }) => id === ancestor.planId);
}

function pricingTypeOf(catalog: Catalog, { planId, soldCatalog = catalog.number }: PlanTerms): PricingType | null {
  return soldPlan(catalog, planId, soldCatalog)?.content.pricingType ?? null;
}
