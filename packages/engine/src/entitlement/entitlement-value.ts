import {
  type CatalogEntitlementValue,
  type CreditRate,
  type Entitlement,
  parseAmount,
  type ResetRule,
} from '@tollgate/contract';
import { type Catalog, describeFeature } from '../catalog/catalog.js';

/** What a value needs to know of where it stands. */
export interface ValueTerms {
  /** The instant that periods counted from a start are counted from. */
  anchor: number;
  usageCountsFrom: number | null;
  endsAt: number | null;
}

/** The entitlement that a value of a plan, an add-on, a subscription or a promotion gives; undefined for none. */
export function entitlementOf(
  catalog: Catalog,
  featureId: string,
  value: CatalogEntitlementValue,
  { anchor, usageCountsFrom, endsAt }: ValueTerms,
): Entitlement | undefined {
  const feature = catalog.features.get(featureId);
  // What a custom plan leaves open and the subscription does not fill in grants nothing.
  if (!feature || feature.isArchived || value.isCustom) return undefined;
  const reset = resetRuleOf(value, anchor);
  const creditRate = creditRateOf(value);
  return {
    feature: describeFeature(feature),
    isGranted: value.isGranted ?? true,
    usageLimit: value.usageLimit === undefined ? null : parseAmount(value.usageLimit, 'usageLimit'),
    // Without a limit of its own, what is paid by credits is limited by them alone.
    hasUnlimitedUsage: value.hasUnlimitedUsage || (creditRate !== null && value.usageLimit === undefined),
    hasSoftLimit: value.hasSoftLimit ?? false,
    enumValues: [...(value.enumValues ?? [])],
    reset,
    usageCountsFrom: reset && usageCountsFrom,
    creditRate,
    endsAt,
    afterwards: [],
  };
}

function creditRateOf({ creditRate }: CatalogEntitlementValue): CreditRate | null {
  if (!creditRate) return null;
  const { currencyId, amount, costFormula = null } = creditRate;
  return { currencyId, amount: amount === undefined ? null : parseAmount(amount, 'creditRate.amount'), costFormula };
}

/** Years, months and weeks count from the subscription's start unless the catalog says otherwise; days and hours follow UTC. */
function resetRuleOf(value: CatalogEntitlementValue, anchor: number): ResetRule | null {
  switch (value.resetPeriod) {
    case undefined:
      return null;
    case 'YEAR':
      return {
        period: 'YEAR',
        accordingTo: value.yearlyResetPeriodConfiguration?.accordingTo ?? 'SubscriptionStart',
        anchor,
      };
    case 'MONTH':
      return {
        period: 'MONTH',
        accordingTo: value.monthlyResetPeriodConfiguration?.accordingTo ?? 'SubscriptionStart',
        anchor,
      };
    case 'WEEK':
      return {
        period: 'WEEK',
        accordingTo: value.weeklyResetPeriodConfiguration?.accordingTo ?? 'SubscriptionStart',
        anchor,
      };
    default:
      return { period: value.resetPeriod, accordingTo: null, anchor };
  }
}
