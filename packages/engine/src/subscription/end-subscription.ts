import type { SubscriptionCancelReason } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { type Happened, happened, type Timeline } from './happened.js';
import { newSubscription } from './new-subscription.js';
import { withoutPending } from './schedule.js';
import { isRunning, type Subscription } from './subscription.js';

export interface Ending {
  status: 'CANCELED' | 'EXPIRED';
  reason: SubscriptionCancelReason;
  at: number;
  catalog: Catalog;
  /** The id of the free subscription that takes its place, where the product says so. */
  newId(subscriptionId: string, at: number): string;
}

/**
 * Ends a subscription, and with it what was still to come. Where the product says so and nothing else of it runs, its free
 * plan takes the place of what ran, unless the cancellation was to take the entitlements.
 */
export function endSubscription(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  ending: Ending,
): Timeline {
  const { status, reason, at } = ending;
  const ended: Subscription = { ...withoutPending(subscription), status, cancelReason: reason, endDate: at };
  const after = subscriptions.map((other) => (other.subscriptionId === ended.subscriptionId ? ended : other));
  const events: Happened[] = [happened('subscription.canceled', at, ended)];
  const free = isRunning(subscription) && !ended.isRevoked ? freeSuccessor(after, ended, ending) : undefined;
  if (!free) return { subscriptions: after, events };
  return { subscriptions: [...after, free], events: [...events, happened('subscription.created', at, free)] };
}

function freeSuccessor(
  subscriptions: readonly Subscription[],
  ended: Subscription,
  { at, catalog, newId }: Ending,
): Subscription | undefined {
  const settings = catalog.products.get(ended.productId)?.content.productSettings;
  if (settings?.subscriptionEndSetup !== 'DOWNGRADE_TO_FREE' || settings.downgradePlanId === undefined)
    return undefined;
  if (ended.planId === settings.downgradePlanId) return undefined;
  const isOccupied = subscriptions.some(
    (other) => isRunning(other) && other.productId === ended.productId && other.resourceId === ended.resourceId,
  );
  const plan = catalog.plans.get(settings.downgradePlanId);
  if (isOccupied || !plan || plan.isArchived) return undefined;
  const { customerId, resourceId } = ended;
  const request = { plan, resourceId, billingPeriod: null, addons: [], metadata: {} };
  const moment = { at, catalog, revision: null, subscriptionId: newId(ended.subscriptionId, at) };
  return newSubscription(customerId, request, moment, ended);
}
