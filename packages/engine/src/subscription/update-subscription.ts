import { equalJson } from '../catalog/json.js';
import { withCancellationDate } from './cancellation-date.js';
import { type ChangeMoment, changeSubscription } from './change-subscription.js';
import { happened, type Timeline } from './happened.js';
import { endOfTerm, isPending, withoutPending, withScheduled } from './schedule.js';
import { quantityMove, scheduledParts, takesPlaceOf } from './scheduled-change.js';
import type { Subscription, SubscriptionChange } from './subscription.js';
import type { ScheduleStrategy, SubscriptionUpdate } from './update-request.js';

export interface UpdatingMoment extends ChangeMoment {
  /** An id for an update that is scheduled. */
  newUpdateId(): string;
}

/**
 * Updates a subscription, now or as its schedule says. An update takes the place of those to come that are about the
 * same, and one of what is sold that of all others of what is sold: there is no queue. An update that changes nothing tells nothing.
 */
export function updateSubscription(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  { change, direct, strategy }: SubscriptionUpdate,
  moment: UpdatingMoment,
): Timeline {
  const updated = withUpdate(withDirect(subscription, direct), change, strategy, moment);
  if (equalJson(updated, subscription)) return { subscriptions, events: [] };
  const after = subscriptions.map((other) => (other.subscriptionId === updated.subscriptionId ? updated : other));
  return { subscriptions: after, events: [happened('subscription.updated', moment.at, updated)] };
}

function withDirect(subscription: Subscription, direct: SubscriptionUpdate['direct']): Subscription {
  const { budget, cancellationDate, trialEndDate, kept } = direct;
  let updated = subscription;
  if (budget !== undefined) updated = { ...updated, budget };
  if (kept) updated = { ...updated, kept: { ...updated.kept, ...kept } };
  if (trialEndDate !== undefined) {
    // A trial that is to be cancelled is cancelled at its end, wherever that moves.
    const isEnding = updated.cancellationDate !== null;
    updated = { ...updated, trialEndDate, ...(isEnding && { cancellationDate: trialEndDate }) };
  }
  if (cancellationDate === undefined) return updated;
  return withCancellationDate(updated, isTrial(updated), cancellationDate);
}

/** Of a trial that has not begun too, the end is the cancellation. */
const isTrial = ({ status, trialEndDate, startDate }: Subscription): boolean =>
  status === 'IN_TRIAL' || (status === 'NOT_STARTED' && trialEndDate !== null && trialEndDate > startDate);

function withUpdate(
  subscription: Subscription,
  change: SubscriptionChange,
  strategy: ScheduleStrategy | null,
  moment: UpdatingMoment,
): Subscription {
  if (Object.keys(change).length === 0) return subscription;
  const dueAt = dueDate(subscription, strategy, moment.at);
  const move = strategy === 'IMMEDIATE' ? null : quantityMove(subscription, change, dueAt !== null);
  if (move) {
    const rest = withoutPending(subscription, ({ id }) => id === move.pending.id);
    // Back to what is paid for: there is nothing to come any more, and nothing to do now.
    if (move.direction === 'same') return rest;
    if (move.direction === 'higher') return applied(rest, change, moment);
    return withParts(rest, change, dueAt ?? move.pending.scheduledExecutionTime, moment);
  }
  const rest = withoutPending(subscription, takesPlaceOf(subscription, change));
  return dueAt === null ? applied(rest, change, moment) : withParts(rest, change, dueAt, moment);
}

/** Null for now: a caller that does not say when means now, and where nothing is billed in periods nothing is awaited. */
function dueDate(subscription: Subscription, strategy: ScheduleStrategy | null, at: number): number | null {
  if (strategy === 'END_OF_BILLING_PERIOD') return endOfTerm(subscription, 'period', at);
  return strategy === 'END_OF_BILLING_MONTH' ? endOfTerm(subscription, 'month', at) : null;
}

function withParts(
  subscription: Subscription,
  change: SubscriptionChange,
  dueAt: number,
  { newUpdateId }: UpdatingMoment,
): Subscription {
  return withScheduled(subscription, scheduledParts(subscription, change), dueAt, newUpdateId);
}

function applied(subscription: Subscription, change: SubscriptionChange, moment: UpdatingMoment): Subscription {
  const { subscriptions } = changeSubscription([subscription], subscription, change, moment);
  return subscriptions[0] as Subscription;
}

/** Takes back what is to come, all of it or what has the given status. */
export function cancelScheduledUpdates(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  status: string | null,
  now: number,
): Timeline {
  const updated = withoutPending(
    subscription,
    (update) => isPending(update) && (status === null || update.scheduleStatus === status),
  );
  if (updated === subscription) return { subscriptions, events: [] };
  const after = subscriptions.map((other) => (other.subscriptionId === updated.subscriptionId ? updated : other));
  return { subscriptions: after, events: [happened('subscription.updated', now, updated)] };
}
