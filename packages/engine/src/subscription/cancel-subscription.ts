import type { CancelSubscriptionInput } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { equalJson } from '../catalog/json.js';
import { withCancellationDate } from './cancellation-date.js';
import { endSubscription } from './end-subscription.js';
import { happened, type Timeline } from './happened.js';
import { refusal } from './refusal.js';
import { readCancellationDate } from './requested-dates.js';
import { endOfTerm } from './schedule.js';
import { isOpen, isRunning, type Subscription } from './subscription.js';

export interface CancelMoment {
  now: number;
  catalog: Catalog;
  /** The id of the free subscription that takes the place, where the product says so. */
  newId(subscriptionId: string, at: number): string;
}

/**
 * Cancels a subscription as the call says, and as its product says where the call does not. What has ended already stays
 * as it is: cancelling twice is no error. Cancelling again what is to end later replaces how and when it ends.
 */
export function cancelSubscription(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  input: CancelSubscriptionInput,
  moment: CancelMoment,
): Timeline {
  const { now, catalog, newId } = moment;
  const endsAt = endOf(subscription, input, moment);
  if (!isOpen(subscription)) return { subscriptions, events: [] };
  const isRevoked = input.subscriptionCancellationAction === 'REVOKE_ENTITLEMENTS';
  const settings = catalog.products.get(subscription.productId)?.content.productSettings;
  const prorate = input.prorate ?? settings?.prorateAtEndOfBillingPeriod;
  const kept = prorate === undefined ? subscription.kept : { ...subscription.kept, prorate };
  const cancelled: Subscription = { ...subscription, isRevoked, kept };
  if (endsAt === null) {
    return endSubscription(subscriptions, cancelled, {
      status: 'CANCELED',
      reason: 'Immediate',
      at: now,
      catalog,
      newId,
    });
  }
  const isTrial = subscription.status === 'IN_TRIAL';
  const scheduled = withCancellationDate(cancelled, isTrial, endsAt);
  if (equalJson(scheduled, subscription)) return { subscriptions, events: [] };
  const after = subscriptions.map((other) => (other.subscriptionId === scheduled.subscriptionId ? scheduled : other));
  return { subscriptions: after, events: [happened('subscription.updated', now, scheduled)] };
}

/** The instant at which it ends; null for now. Where nothing is billed in periods there is no end to wait for. */
function endOf(
  subscription: Subscription,
  input: CancelSubscriptionInput,
  { now, catalog }: CancelMoment,
): number | null {
  const { subscriptionCancellationTime: asked, endDate } = input;
  const settings = catalog.products.get(subscription.productId)?.content.productSettings;
  const time = asked ?? settings?.subscriptionCancellationTime ?? 'END_OF_BILLING_PERIOD';
  if (time === 'SPECIFIC_DATE') {
    if (!endDate) throw refusal('endDate', 'is required by the cancellation time SPECIFIC_DATE');
    // A date that was right when the subscription still ran is no error once it has ended.
    return isOpen(subscription) ? readCancellationDate(endDate, subscription.startDate, now, 'endDate') : null;
  }
  if (endDate) throw refusal('endDate', `needs the cancellation time SPECIFIC_DATE, and the time is ${time}`);
  return time === 'IMMEDIATE' || !isRunning(subscription) ? null : endOfTerm(subscription, 'period', now);
}
