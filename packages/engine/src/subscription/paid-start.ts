import type { Catalog } from '../catalog/catalog.js';
import type { Timeline } from './happened.js';
import { isRunning, type Subscription } from './subscription.js';
import { isSamePlace, startNow } from './timeline.js';
import { usageCutoff } from './usage-cutoff.js';

export interface PaidMoment {
  at: number;
  catalog: Catalog;
  /** The customer's revision that the change makes. */
  revision: number;
}

/**
 * Starts a subscription whose payment has come: from now on, not from when it was asked for, because nothing was given
 * in between. It takes the place of the one that ran until now.
 */
export function startPaid(
  subscriptions: readonly Subscription[],
  pending: Subscription,
  { at, catalog, revision }: PaidMoment,
): Timeline {
  const here = subscriptions.filter((other) => isSamePlace(other, pending) && isRunning(other));
  const replaced = here.find(({ status }) => status === 'IN_TRIAL') ?? here[0] ?? null;
  const behavior = catalog.products.get(pending.productId)?.content.usageResetCutoffRule?.behavior ?? 'ALWAYS_RESET';
  const keepsAnchor = pending.billingCycleAnchor !== pending.startDate;
  const paid: Subscription = {
    ...pending,
    startDate: at,
    billingCycleAnchor: keepsAnchor ? pending.billingCycleAnchor : at,
    paymentCollection: 'NOT_REQUIRED',
    paymentDueDate: null,
    ...usageCutoff(replaced, pending, behavior, at, revision),
  };
  const others = subscriptions.map((other) => (other.subscriptionId === paid.subscriptionId ? paid : other));
  return startNow(others, paid, at);
}
