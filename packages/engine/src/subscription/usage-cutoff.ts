import type { BillingPeriod, PricingType, UsageResetCutoffBehavior } from '@tollgate/contract';
import type { Subscription } from './subscription.js';

/** From where a new subscription counts the usage of features that reset. */
export type UsageCutoff = Pick<Subscription, 'usageAnchor' | 'usageCountsFrom' | 'usageCountsFromRevision'>;

interface Terms {
  pricingType: PricingType;
  billingPeriod: BillingPeriod | null;
}

/**
 * A first subscription starts its periods at its own start and lets all usage count. One that takes another's place
 * either starts anew, or carries on with the periods of the one before it, as the product's rule says.
 */
export function usageCutoff(
  replaced: Subscription | null,
  next: Terms,
  behavior: UsageResetCutoffBehavior,
  now: number,
  revision: number | null,
): UsageCutoff {
  if (!replaced) return { usageAnchor: now, usageCountsFrom: null, usageCountsFromRevision: null };
  if (resets(replaced, next, behavior)) {
    return { usageAnchor: now, usageCountsFrom: now, usageCountsFromRevision: revision };
  }
  const { usageAnchor, usageCountsFrom, usageCountsFromRevision } = replaced;
  return { usageAnchor, usageCountsFrom, usageCountsFromRevision };
}

function resets(before: Terms, after: Terms, behavior: UsageResetCutoffBehavior): boolean {
  if (behavior !== 'BILLING_PERIOD_CHANGE') return behavior === 'ALWAYS_RESET';
  // Free and paid have different billing anchors, and so have monthly and annual billing.
  const isFree = (terms: Terms) => terms.pricingType === 'FREE';
  return isFree(before) !== isFree(after) || before.billingPeriod !== after.billingPeriod;
}
