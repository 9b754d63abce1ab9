import { TollgateError } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { happened, type Timeline } from './happened.js';
import { refusal } from './refusal.js';
import { withoutPending } from './schedule.js';
import { isOpen, isRunning, type Subscription } from './subscription.js';

/** Moves a subscription to another resource of its customer; everything else of it is kept. */
export function moveToResource(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  destinationResourceId: string,
  { now, catalog }: { now: number; catalog: Catalog },
): Timeline {
  const { productId, resourceId, subscriptionId } = subscription;
  if (!isOpen(subscription)) throw hasEnded(subscription);
  if (!(catalog.products.get(productId)?.content.multipleSubscriptions ?? false)) {
    const rule = `needs a product with multiple subscriptions, and ${productId} has one subscription per customer`;
    throw refusal('destinationResourceId', rule);
  }
  if (resourceId === destinationResourceId) return { subscriptions, events: [] };
  const isTaken = subscriptions.some((other) => isRunningAt(other, productId, destinationResourceId));
  if (isTaken) {
    const message = `resource ${destinationResourceId} has a subscription of ${productId} already`;
    throw new TollgateError('CONFLICT', message, { field: 'destinationResourceId' });
  }
  const moved: Subscription = { ...subscription, resourceId: destinationResourceId };
  const after = subscriptions.map((other) => (other.subscriptionId === subscriptionId ? moved : other));
  return { subscriptions: after, events: [happened('subscription.updated', now, moved)] };
}

/** The paid subscription that moves, and the free one that gives way to it. */
export interface ResourcePair {
  paid: Subscription;
  free: Subscription;
}

/** Finds what the older transfer is about; rejects when the source has no paid or the destination no free subscription. */
export function findPair(
  subscriptions: readonly Subscription[],
  sourceResourceId: string,
  destinationResourceId: string,
): ResourcePair {
  const active = subscriptions.filter(({ status }) => status === 'ACTIVE');
  const sources = active.filter((one) => one.resourceId === sourceResourceId && one.pricingType === 'PAID');
  if (sources.length === 0) {
    throw conflict('sourceResourceId', `resource ${sourceResourceId} has no active paid subscription`);
  }
  const pairs = sources.flatMap((paid) =>
    active
      .filter((one) => isRunningAt(one, paid.productId, destinationResourceId) && one.pricingType === 'FREE')
      .map((free) => ({ paid, free })),
  );
  if (pairs.length !== 1) {
    const found = pairs.length === 0 ? 'no active free subscription' : 'several free subscriptions';
    throw conflict('destinationResourceId', `resource ${destinationResourceId} has ${found} of the same product`);
  }
  return pairs[0] as ResourcePair;
}

/** The free subscription ends, and the paid one takes its place. */
export function moveInPlaceOf(
  subscriptions: readonly Subscription[],
  { paid, free }: ResourcePair,
  moment: { now: number; catalog: Catalog },
): Timeline {
  const { now } = moment;
  const ended: Subscription = {
    ...withoutPending(free),
    status: 'CANCELED',
    endDate: now,
    cancelReason: 'UPGRADE_OR_DOWNGRADE',
  };
  const others = subscriptions.map((other) => (other.subscriptionId === ended.subscriptionId ? ended : other));
  const moved = moveToResource(others, paid, free.resourceId as string, moment);
  return { ...moved, events: [happened('subscription.canceled', now, ended), ...moved.events] };
}

/**
 * The subscription under another customer's management. Who paid goes on paying. Usage stays with the customer who used:
 * the periods go on as they were, and what the new customer itself has used counts in them.
 */
export function delegated(subscription: Subscription, destinationCustomerId: string): Subscription {
  const payer = subscription.payingCustomerId ?? subscription.customerId;
  return {
    ...subscription,
    customerId: destinationCustomerId,
    payingCustomerId: payer === destinationCustomerId ? null : payer,
    usageCountsFrom: null,
    usageCountsFromRevision: null,
    pastCutoffs: [],
  };
}

/** Rejects what stands in the way of a delegation; `others` are the subscriptions of the customer that takes over. */
export function assertDelegable(subscription: Subscription, others: readonly Subscription[]): void {
  if (!isOpen(subscription)) throw hasEnded(subscription);
  const { productId, resourceId } = subscription;
  const taken = others.find((other) => isRunningAt(other, productId, resourceId));
  if (!taken) return;
  const place = resourceId === null ? '' : ` for resource ${resourceId}`;
  throw conflict(
    'destinationCustomerId',
    `customer ${taken.customerId} has a subscription of ${productId}${place} already`,
  );
}

export function hasEnded({ subscriptionId, status }: Subscription): TollgateError {
  return conflict('subscriptionId', `subscription ${subscriptionId} has ended: it is ${status}`);
}

function isRunningAt(subscription: Subscription, productId: string, resourceId: string | null): boolean {
  return isRunning(subscription) && subscription.productId === productId && subscription.resourceId === resourceId;
}

function conflict(field: string, message: string): TollgateError {
  return new TollgateError('CONFLICT', message, { field });
}
