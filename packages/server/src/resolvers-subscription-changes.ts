import {
  type CancelSubscriptionInput,
  type ScheduleStatus,
  type SubscriptionMigrationTime,
  snapshotToWire,
  type UpdateSubscriptionInput,
} from '@tollgate/contract';
import type { ChangedSubscription } from '@tollgate/engine';
import { serverOnly } from './resolver.js';

const changed = ({ subscription, snapshots }: ChangedSubscription) => ({
  subscription,
  snapshots: snapshots.map(snapshotToWire),
});

interface Migration {
  subscriptionId: string;
  subscriptionMigrationTime?: SubscriptionMigrationTime | null;
}

interface OlderTransfer {
  customerId: string;
  sourceResourceId: string;
  destinationResourceId: string;
}

/** Changes of subscriptions that are there. */
export const subscriptionChangeMutations = {
  updateSubscription: serverOnly<{ input: UpdateSubscriptionInput }>(async (_root, { input }, { environment, clock }) =>
    changed(await environment.updateSubscription(input, clock.now())),
  ),
  cancelSubscription: serverOnly<{ input: CancelSubscriptionInput }>(async (_root, { input }, { environment, clock }) =>
    changed(await environment.cancelSubscription(input, clock.now())),
  ),
  cancelSubscriptionScheduledUpdates: serverOnly<{ subscriptionId: string; status?: ScheduleStatus | null }>(
    async (_root, { subscriptionId, status = null }, { environment, clock }) =>
      changed(await environment.cancelSubscriptionScheduledUpdates({ subscriptionId, status }, clock.now())),
  ),
  migrateSubscriptionToLatest: serverOnly<Migration>(
    async (_root, { subscriptionId, subscriptionMigrationTime: time = null }, { environment, clock }) =>
      changed(await environment.migrateSubscriptionToLatest({ subscriptionId, time }, clock.now())),
  ),
  transferSubscription: serverOnly<OlderTransfer>(async (_root, asked, { environment, clock }) =>
    changed(await environment.transferSubscription(asked, clock.now())),
  ),
  transferSubscriptionToResource: serverOnly<{ subscriptionId: string; destinationResourceId: string }>(
    async (_root, asked, { environment, clock }) =>
      changed(await environment.transferSubscriptionToResource(asked, clock.now())),
  ),
  delegateSubscriptionToCustomer: serverOnly<{ subscriptionId: string; destinationCustomerId: string }>(
    async (_root, asked, { environment, clock }) =>
      changed(await environment.delegateSubscriptionToCustomer(asked, clock.now())),
  ),
};
