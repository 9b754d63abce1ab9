import {
  type CancelSubscriptionInput,
  type ScheduleStatus,
  type SubscriptionMigrationTime,
  TollgateError,
  type UpdateSubscriptionInput,
} from '@tollgate/contract';
import type { ChangedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { changeOne, type FoundSubscription } from './one-subscription.js';
import { cancelSubscription as cancelled } from './subscription/cancel-subscription.js';
import { hasEnded } from './subscription/move-subscription.js';
import { isOpen } from './subscription/subscription.js';
import { derivedId } from './subscription/timeline.js';
import { readUpdate, type SubscriptionUpdate } from './subscription/update-request.js';
import { cancelScheduledUpdates, updateSubscription as updated } from './subscription/update-subscription.js';

/** Changes a subscription, now or as its schedule says. Rejects with CONFLICT when it has ended. */
export function updateSubscription(
  context: EngineContext,
  environmentId: string,
  input: UpdateSubscriptionInput,
  now: number,
): Promise<ChangedSubscription> {
  const target = { environmentId, subscriptionId: input.subscriptionId };
  return changeOne(context, target, now, (found) =>
    withUpdate(found, readUpdate(assertOpen(found), input, found.moment)),
  );
}

/**
 * Cancels a subscription. Whoever waits for the billing provider (`awaitSubscriptionCancellation`) does so around this
 * call: a command never waits for anything outside its transaction.
 */
export function cancelSubscription(
  context: EngineContext,
  environmentId: string,
  input: CancelSubscriptionInput,
  now: number,
): Promise<ChangedSubscription> {
  const target = { environmentId, subscriptionId: input.subscriptionId };
  return changeOne(context, target, now, ({ subscription, subscriptions, moment }) =>
    cancelled(subscriptions, subscription, input, { ...moment, newId: derivedId }),
  );
}

/** Takes back what is to come, all of it or what has the status. Nothing to take back is no error. */
export function cancelSubscriptionScheduledUpdates(
  context: EngineContext,
  environmentId: string,
  { subscriptionId, status }: { subscriptionId: string; status: ScheduleStatus | null },
  now: number,
): Promise<ChangedSubscription> {
  if (status !== null && status !== 'SCHEDULED' && status !== 'PENDING_PAYMENT') {
    const message = `status must be SCHEDULED or PENDING_PAYMENT: updates that are ${status} are not to come`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field: 'status' });
  }
  return changeOne(context, { environmentId, subscriptionId }, now, ({ subscription, subscriptions, moment }) =>
    cancelScheduledUpdates(subscriptions, subscription, status, moment.now),
  );
}

/** Moves a subscription to the newest published version of its plan and add-ons; at once unless the call says later. */
export function migrateSubscriptionToLatest(
  context: EngineContext,
  environmentId: string,
  { subscriptionId, time }: { subscriptionId: string; time: SubscriptionMigrationTime | null },
  now: number,
): Promise<ChangedSubscription> {
  return changeOne(context, { environmentId, subscriptionId }, now, (found) => {
    assertOpen(found);
    const direct = {};
    return withUpdate(found, { change: { migratesToLatest: true }, direct, strategy: time ?? 'IMMEDIATE' });
  });
}

function withUpdate({ subscription, subscriptions, moment }: FoundSubscription, update: SubscriptionUpdate) {
  const { now, catalog, revisionOf, newId } = moment;
  return updated(subscriptions, subscription, update, {
    at: now,
    catalog,
    revision: revisionOf(subscription.customerId),
    newId: () => newId('subscription'),
    newUpdateId: () => newId('update'),
  });
}

function assertOpen({ subscription }: FoundSubscription) {
  if (!isOpen(subscription)) throw hasEnded(subscription);
  return subscription;
}
