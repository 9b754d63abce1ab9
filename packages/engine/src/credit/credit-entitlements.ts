import {
  type Amount,
  type CatalogAddonCreditEntitlement,
  type CatalogCreditEntitlement,
  type CreditCadence,
  cappedAmount,
  creditCost,
  parseAmount,
} from '@tollgate/contract';
import { type Catalog, planChain, soldAddon } from '../catalog/catalog.js';
import type { Subscription } from '../subscription/subscription.js';

/** Credits that a subscription gives anew in every period. */
export interface CreditEntitlement {
  currencyId: string;
  /** For one whole period; above 0. */
  amount: Amount;
  cadence: CreditCadence;
  hasSoftLimit: boolean;
  /** The plan where it gives any of it, else the add-ons. */
  sourceType: 'PLAN_ENTITLEMENT' | 'ADDON_ENTITLEMENT';
}

/** What one source gives of a currency; what is to be filled in is not there. */
interface CreditSource extends CreditEntitlement {
  /** True for an add-on that stands in place of the plan and of other add-ons. */
  replaces: boolean;
}

/** What a package or a subscription says of a currency; a subscription's amount is an exact decimal text. */
type CreditValue = Omit<CatalogCreditEntitlement, 'amount'> & { amount?: number | string };

/** What was sold to somebody, or would be. */
export type SoldCredits = Pick<Subscription, 'planId' | 'soldCatalog' | 'creditEntitlements' | 'addons'>;

/** The limit of a feature in shown units; null where there is none, or no end to it: such a pool holds nothing. */
export type LimitOf = (featureId: string) => Amount | null;

/**
 * What one subscription gives: its plan with what that inherits, its own values, its add-ons. At most one entry per
 * currency and cadence, in the order of the currencies: monthly and yearly credits cannot be added up. Whether the
 * subscription runs is for the caller to ask.
 */
export function creditEntitlementsOf(catalog: Catalog, sold: SoldCredits, limitOf: LimitOf): CreditEntitlement[] {
  const sources = [...planSources(catalog, sold, limitOf), ...addonSources(catalog, sold, limitOf)];
  const currencyIds = [...new Set(sources.map(({ currencyId }) => currencyId))].sort();
  return currencyIds
    .filter((currencyId) => catalog.currencies.get(currencyId)?.isArchived === false)
    .flatMap((currencyId) => combined(sources.filter((source) => source.currencyId === currencyId)));
}

function planSources(catalog: Catalog, sold: SoldCredits, limitOf: LimitOf): CreditSource[] {
  const values = new Map<string, CreditValue>();
  for (const plan of planChain(catalog, sold.planId, sold.soldCatalog)) {
    for (const [currencyId, value] of Object.entries(plan.content.creditEntitlements ?? {})) {
      values.set(currencyId, value);
    }
  }
  // What the plan says of a value that it leaves open, such as that it is per seat, holds for the value too.
  for (const [currencyId, own] of Object.entries(sold.creditEntitlements)) {
    values.set(currencyId, { ...values.get(currencyId), ...own });
  }
  return [...values].flatMap(([currencyId, value]) => {
    const given = givenBy(value, 1, limitOf);
    return given ? [{ ...given, currencyId, sourceType: 'PLAN_ENTITLEMENT' as const, replaces: false }] : [];
  });
}

function addonSources(catalog: Catalog, sold: SoldCredits, limitOf: LimitOf): CreditSource[] {
  return sold.addons.flatMap(({ addonId, quantity, soldCatalog }) => {
    if (quantity === 0) return [];
    const values = soldAddon(catalog, addonId, soldCatalog)?.content.creditEntitlements ?? {};
    return Object.entries(values).flatMap(([currencyId, value]: [string, CatalogAddonCreditEntitlement]) => {
      const replaces = value.behavior === 'Override';
      const given = givenBy(value, replaces ? 1 : quantity, limitOf);
      return given ? [{ ...given, currencyId, sourceType: 'ADDON_ENTITLEMENT' as const, replaces }] : [];
    });
  });
}

/** Undefined for nothing: what provisioning was to fill in, or a pool by the seats of a feature that has none. */
function givenBy(
  { amount, cadence, hasSoftLimit = false, dependencyFeatureId }: CreditValue,
  quantity: number,
  limitOf: LimitOf,
): Pick<CreditEntitlement, 'amount' | 'cadence' | 'hasSoftLimit'> | undefined {
  if (amount === undefined || cadence === undefined) return undefined;
  const each = parseAmount(amount, 'amount') * BigInt(quantity);
  const total = dependencyFeatureId === undefined ? each : creditCost(each, limitOf(dependencyFeatureId) ?? 0n);
  return total > 0n ? { amount: cappedAmount(total), cadence, hasSoftLimit } : undefined;
}

const perYear: Readonly<Record<CreditCadence, bigint>> = { MONTH: 12n, YEAR: 1n };
const inOneYear = ({ amount, cadence }: CreditSource): bigint => amount * perYear[cadence];

/** The largest replacement wins over the plan and every increment; without one, increments add to the plan. */
function combined(sources: readonly CreditSource[]): CreditEntitlement[] {
  const replacing = sources.filter(({ replaces }) => replaces).sort((a, b) => (inOneYear(a) < inOneYear(b) ? 1 : -1));
  const hasSoftLimit = (replacing.length > 0 ? replacing : sources).some((source) => source.hasSoftLimit);
  const counted = replacing.length > 0 ? replacing.slice(0, 1) : sources;
  const byCadence = new Map<CreditCadence, CreditEntitlement>();
  for (const { replaces: _, ...source } of counted) {
    const first = byCadence.get(source.cadence);
    const amount = cappedAmount((first?.amount ?? 0n) + source.amount);
    byCadence.set(source.cadence, { ...(first ?? source), amount, hasSoftLimit });
  }
  return [...byCadence.values()];
}
