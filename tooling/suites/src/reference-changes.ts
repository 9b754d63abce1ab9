import {
  BillingPeriod,
  ScheduleStrategy,
  SubscriptionCancellationTime,
  SubscriptionMigrationTime,
  SubscriptionStatus,
  type Tollgate,
} from '@tollgate/client';

/** What each method answered, by its name. */
export type Did = Record<string, unknown>;

/* The part of the reference program that moves, changes and ends what the rest of it has started. */

export async function sites(client: Tollgate, did: Did): Promise<void> {
  const acme = { customerId: 'acme' };
  const pages = (resourceId: string) =>
    client
      .getMeteredEntitlement({ ...acme, resourceId, featureId: 'feature-pages' })
      .then(({ usageLimit }) => usageLimit);
  const { id } = await client.provisionSubscription({
    ...acme,
    planId: 'site-pro',
    resourceId: 'site-1',
    billingPeriod: BillingPeriod.Monthly,
  });
  did.transferSubscriptionToResource = await client.transferSubscriptionToResource({
    subscriptionId: id ?? '',
    destinationResourceId: 'site-2',
  });
  did.pagesAfterTransfer = [await pages('site-1'), await pages('site-2')];
  await client.provisionSubscription({ ...acme, planId: 'site-free', resourceId: 'site-3' });
  did.transferSubscription = await client.transferSubscription({
    ...acme,
    sourceResourceId: 'site-2',
    destinationResourceId: 'site-3',
  });
  did.importSubscriptionBulk = await client.importSubscriptionBulk({
    subscriptions: [{ ...acme, planId: 'site-pro', resourceId: 'site-4', billingPeriod: BillingPeriod.Monthly }],
  });
  did.importedSites = (await client.getActiveSubscriptions({ ...acme, resourceId: ['site-3', 'site-4'] })).length;
}

export async function changes(client: Tollgate, did: Did, subscriptionId: string): Promise<void> {
  const seats = async (customerId: string): Promise<number | undefined> =>
    (await client.getMeteredEntitlement({ customerId, featureId: 'feature-seats' })).usageLimit;
  const addons = (quantity: number) => [{ addonId: 'addon-seats', quantity }];
  did.updateSubscription = await client.updateSubscription({ subscriptionId, addons: addons(3) });
  did.seatsAfterUpdate = await seats('acme');
  const scheduleStrategy = ScheduleStrategy.EndOfBillingPeriod;
  const scheduled = await client.updateSubscription({ subscriptionId, addons: addons(1), scheduleStrategy });
  did.scheduled = scheduled.futureUpdates.filter(({ scheduleStatus }) => scheduleStatus === 'SCHEDULED').length;
  did.cancelSubscriptionScheduledUpdates = await client.cancelSubscriptionScheduledUpdates({ subscriptionId });
  did.migrateSubscriptionToLatest = await client.migrateSubscriptionToLatest({
    subscriptionId,
    subscriptionMigrationTime: SubscriptionMigrationTime.Immediate,
  });
  did.delegateSubscriptionToCustomer = await client.delegateSubscriptionToCustomer({
    subscriptionId,
    destinationCustomerId: 'delta',
  });
  did.seatsAfterDelegation = [await seats('acme'), await seats('delta')];
  const { data } = await client.getSubscriptions({ customerId: 'beta', status: SubscriptionStatus.Active });
  did.cancelSubscription = await client.cancelSubscription({
    subscriptionId: data[0]?.subscriptionId ?? '',
    subscriptionCancellationTime: SubscriptionCancellationTime.Immediate,
  });
  did.seatsAfterCancellation = await seats('beta');
}
