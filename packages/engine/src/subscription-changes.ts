import {
  cancelSubscription,
  cancelSubscriptionScheduledUpdates,
  migrateSubscriptionToLatest,
  updateSubscription,
} from './change-subscriptions.js';
import type { SubscriptionChanges } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import {
  delegateSubscriptionToCustomer,
  transferSubscription,
  transferSubscriptionToResource,
} from './move-subscriptions.js';

/** The changes of subscriptions, for one environment. */
export function subscriptionChanges(context: EngineContext, environmentId: string): SubscriptionChanges {
  const inEnvironment =
    <Asked, Result>(
      operation: (context: EngineContext, environmentId: string, asked: Asked, now: number) => Promise<Result>,
    ) =>
    (asked: Asked, now: number): Promise<Result> =>
      operation(context, environmentId, asked, now);
  return {
    updateSubscription: inEnvironment(updateSubscription),
    cancelSubscription: inEnvironment(cancelSubscription),
    cancelSubscriptionScheduledUpdates: inEnvironment(cancelSubscriptionScheduledUpdates),
    migrateSubscriptionToLatest: inEnvironment(migrateSubscriptionToLatest),
    transferSubscription: inEnvironment(transferSubscription),
    transferSubscriptionToResource: inEnvironment(transferSubscriptionToResource),
    delegateSubscriptionToCustomer: inEnvironment(delegateSubscriptionToCustomer),
  };
}
