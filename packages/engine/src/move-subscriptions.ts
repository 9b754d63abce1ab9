import { assertCustomerId, assertId, entitlementTypeOf, isTollgateError, TollgateError } from '@tollgate/contract';
import { applyCustomerEvents } from './apply-events.js';
import type { Catalog } from './catalog/catalog.js';
import type { CustomerState } from './customer-state.js';
import type { ChangedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { subscriptionEntitlements } from './entitlement/package-entitlements.js';
import { changeOne, type FoundSubscription, placeOf } from './one-subscription.js';
import { readSnapshots } from './read-snapshots.js';
import { readState } from './read-state.js';
import { changeStanding } from './standing-change.js';
import type { Queryable } from './storage/database.js';
import { moveOwner } from './storage/subscription-store.js';
import { type CustomerKey, moveUsage } from './storage/usage-store.js';
import { happened, type Timeline } from './subscription/happened.js';
import {
  assertDelegable,
  delegated,
  findPair,
  moveInPlaceOf,
  moveToResource,
} from './subscription/move-subscription.js';
import { isRunning, type Subscription, subscriptionToWire } from './subscription/subscription.js';

/** Moves a subscription, with the usage that it meters, to another resource of the same customer. */
export async function transferSubscriptionToResource(
  context: EngineContext,
  environmentId: string,
  { subscriptionId, destinationResourceId }: { subscriptionId: string; destinationResourceId: string },
  now: number,
): Promise<ChangedSubscription> {
  assertId(destinationResourceId, 'destinationResourceId');
  const { customerId } = await placeOf(context, environmentId, subscriptionId, now);
  const key = { environmentId, customerId };
  // Events that were accepted for the resource belong to it, so they are counted before anything moves.
  await applyCustomerEvents(context, key, now);
  const target = { environmentId, subscriptionId, otherResourceId: destinationResourceId };
  return changeOne(context, target, now, ({ subscription, subscriptions, moment }: FoundSubscription) =>
    movedWithUsage(environmentId, subscription, moment, () =>
      moveToResource(subscriptions, subscription, destinationResourceId, moment),
    ),
  );
}

/** The older way: a paid subscription moves to a resource that has a free one, which gives way. */
export async function transferSubscription(
  context: EngineContext,
  environmentId: string,
  input: { customerId: string; sourceResourceId: string; destinationResourceId: string },
  now: number,
): Promise<ChangedSubscription> {
  const { customerId, sourceResourceId, destinationResourceId } = input;
  assertCustomerId(customerId);
  assertId(sourceResourceId, 'sourceResourceId');
  assertId(destinationResourceId, 'destinationResourceId');
  const key = { environmentId, customerId };
  await applyCustomerEvents(context, key, now);
  const { state } = await readState(context, key, now);
  const { subscriptionId } = findPair(state.subscriptions, sourceResourceId, destinationResourceId).paid;
  const target = { environmentId, subscriptionId, otherResourceId: destinationResourceId };
  return changeOne(context, target, now, ({ subscriptions, moment }) => {
    // Found anew under the lock: what was read before it may have changed.
    const pair = findPair(subscriptions, sourceResourceId, destinationResourceId);
    return movedWithUsage(environmentId, pair.paid, moment, () => moveInPlaceOf(subscriptions, pair, moment));
  });
}

/**
 * Does a move, and hands over the usage of the features that only the moved subscription meters for its resource. What
 * another subscription of the resource meters too stays: nobody could say which of it came from which.
 */
async function movedWithUsage(
  environmentId: string,
  before: Subscription,
  { catalog, tx }: { catalog: Catalog; tx: Queryable },
  move: () => Timeline,
): Promise<Timeline> {
  const timeline = move();
  const { subscriptionId, customerId, resourceId: from } = before;
  const to = timeline.subscriptions.find((other) => other.subscriptionId === subscriptionId)?.resourceId ?? null;
  if (from === null || to === null || from === to) return timeline;
  const staying = timeline.subscriptions.filter((other) => isRunning(other) && other.resourceId === from);
  const stillMetered = new Set(staying.flatMap((other) => meteredFeatures(catalog, other)));
  const featureIds = meteredFeatures(catalog, before).filter((featureId) => !stillMetered.has(featureId));
  await moveUsage(tx, { environmentId, customerId } satisfies CustomerKey, featureIds, { from, to });
  return timeline;
}

function meteredFeatures(catalog: Catalog, subscription: Subscription): string[] {
  return [...subscriptionEntitlements(catalog, subscription)]
    .filter(([, { feature }]) => entitlementTypeOf(feature) === 'METERED')
    .map(([featureId]) => featureId);
}

/** Hands the management of a subscription to another customer, who gets the entitlements; who paid goes on paying. */
export async function delegateSubscriptionToCustomer(
  context: EngineContext,
  environmentId: string,
  { subscriptionId, destinationCustomerId }: { subscriptionId: string; destinationCustomerId: string },
  now: number,
): Promise<ChangedSubscription> {
  assertCustomerId(destinationCustomerId, 'destinationCustomerId');
  const { customerId, resourceId } = await placeOf(context, environmentId, subscriptionId, now);
  if (customerId === destinationCustomerId) {
    const message = `customer ${customerId} has subscription ${subscriptionId} already`;
    throw new TollgateError('CONFLICT', message, { field: 'destinationCustomerId' });
  }
  const scopes = [null, resourceId];
  const target = { environmentId, customerIds: [destinationCustomerId, customerId], scopes };
  const delegation = changeStanding(context, target, now, async ([to, from], moment) => {
    const [taker, giver] = [to as CustomerState, from as CustomerState];
    const subscription = giver.subscriptions.find((other) => other.subscriptionId === subscriptionId);
    if (!subscription) {
      const message = `subscription ${subscriptionId} was moved to another customer meanwhile`;
      throw new TollgateError('CONFLICT', message, { field: 'subscriptionId' });
    }
    assertDelegable(subscription, taker.subscriptions);
    const moved = delegated(subscription, destinationCustomerId);
    await moveOwner(moment.tx, environmentId, 'subscription', subscriptionId, destinationCustomerId);
    const staying = giver.subscriptions.filter((other) => other !== subscription);
    return {
      states: [
        { ...taker, subscriptions: [moved, ...taker.subscriptions] },
        { ...giver, subscriptions: staying },
      ],
      events: [happened('subscription.updated', moment.now, moved)],
      value: moved,
    };
  });
  const done = await delegation.catch((error: unknown) => {
    throw ofDestination(error);
  });
  // The customer that gave it away has other snapshots now too.
  const given = await readSnapshots(context, { environmentId, customerId }, [...new Set(scopes)], done.now);
  return { subscription: subscriptionToWire(done.value, done.now), snapshots: [...done.snapshots, ...given] };
}

/** Of the two customers only the one that is to take over can be missing or archived: the field is named as it came in. */
function ofDestination(error: unknown): unknown {
  if (!isTollgateError(error) || error.field !== 'customerId') return error;
  return new TollgateError(error.code, error.message, { cause: error, field: 'destinationCustomerId' });
}
