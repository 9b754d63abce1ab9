import type { SubscriptionCancelReason } from '@tollgate/contract';
import { type Happened, happened, type Timeline } from './happened.js';
import type { Subscription } from './subscription.js';

/** How long a subscription waits for its first payment before it is given up: as long as hosted checkouts usually live. */
export const paymentWindowMs = 24 * 60 * 60 * 1000;

type Terms = Pick<Subscription, 'pricingType' | 'paymentCollectionMethod' | 'isBackdated' | 'kept'>;

/**
 * Whether a paid subscription is charged when it begins. A backdated one is billed from its next period on, an invoice is
 * paid later, and what is marked as paid was paid elsewhere.
 */
export function isChargedAtStart({ pricingType, paymentCollectionMethod, isBackdated, kept }: Terms): boolean {
  const information = kept.billingInformation as { isInvoicePaid?: unknown } | null | undefined;
  if (pricingType !== 'PAID' || isBackdated || information?.isInvoicePaid === true) return false;
  return paymentCollectionMethod === null || paymentCollectionMethod === 'CHARGE';
}

/** Gives up a subscription that was never paid. It never ran, so nothing takes its place. */
export function giveUpPayment(
  subscriptions: readonly Subscription[],
  pending: Subscription,
  at: number,
  reason: SubscriptionCancelReason,
): Timeline {
  const ended: Subscription = {
    ...pending,
    status: 'CANCELED',
    cancelReason: reason,
    endDate: at,
    paymentDueDate: null,
    paymentCollection: reason === 'CANCELLED_BY_BILLING' ? 'FAILED' : 'NOT_REQUIRED',
  };
  const after = subscriptions.map((other) => (other.subscriptionId === ended.subscriptionId ? ended : other));
  const type = reason === 'UPGRADE_OR_DOWNGRADE' ? 'subscription.canceled' : 'subscription.creation_failed';
  const events: Happened[] = [happened(type, at, ended)];
  return { subscriptions: after, events };
}
