import { TollgateError } from '@tollgate/contract';
import type { CustomerChange } from './customer-change.js';
import type { CustomerState } from './customer-state.js';
import { promotionToStored } from './standing.js';
import { addResource, saveCustomer } from './storage/customer-store.js';
import { savePromotion } from './storage/promotion-store.js';
import { claimId, deleteSubscription, readOwner, saveSubscription } from './storage/subscription-store.js';
import { subscriptionToStored } from './subscription/stored-subscription.js';
import type { Subscription } from './subscription/subscription.js';

/**
 * Writes what differs between two states of a customer. Returns the scopes whose grants may have changed (null is the
 * customer's own), or null when nothing differs.
 */
export async function saveState(
  change: CustomerChange,
  before: CustomerState,
  after: CustomerState,
): Promise<(string | null)[] | null> {
  const { tx, key, now } = change;
  const { environmentId, customerId } = key;
  const isCustomerChanged = after.customer !== before.customer && after.customer !== null;
  if (isCustomerChanged && after.customer) {
    const { details, ...customer } = after.customer;
    await saveCustomer(tx, environmentId, { ...customer, details: { ...details } });
  }

  const changed = after.subscriptions.filter((subscription) => !before.subscriptions.includes(subscription));
  const gone = before.subscriptions.filter(
    ({ subscriptionId }) => !after.subscriptions.some((other) => other.subscriptionId === subscriptionId),
  );
  for (const subscription of gone) await deleteSubscription(tx, environmentId, subscription);
  // Each makes room for the next: what ends for what becomes active, and a trial that becomes active for a new trial.
  for (const subscription of [...changed].sort((a, b) => roomOf(a) - roomOf(b))) {
    await saveOne(change, before, subscription);
  }

  const promotions = after.promotions.filter((promotion) => !before.promotions.includes(promotion));
  for (const promotion of [...promotions].sort((a, b) => Number(a.endedAt === null) - Number(b.endedAt === null))) {
    await savePromotion(tx, environmentId, promotionToStored(promotion));
  }

  const newResources = after.resourceIds.filter((resourceId) => !before.resourceIds.includes(resourceId));
  for (const resourceId of newResources) await addResource(tx, environmentId, customerId, resourceId, now);

  if (!isCustomerChanged && changed.length + gone.length + promotions.length + newResources.length === 0) return null;
  const isWide = promotions.length > 0 || isStandingOf(before) !== isStandingOf(after);
  const scopes = [
    ...(isWide ? [null, ...after.resourceIds] : []),
    ...[...changed, ...gone].map(({ resourceId }) => resourceId),
    ...newResources,
    ...before.subscriptions.filter((old) => hasMoved(old, changed)).map(({ resourceId }) => resourceId),
  ];
  return [...new Set(scopes)];
}

const roomOf = ({ status }: Subscription): number => ['ACTIVE', 'IN_TRIAL'].indexOf(status);

async function saveOne(
  { tx, key, now }: CustomerChange,
  before: CustomerState,
  subscription: Subscription,
): Promise<void> {
  const { environmentId, customerId } = key;
  const { subscriptionId, resourceId } = subscription;
  const isNew = !before.subscriptions.some((other) => other.subscriptionId === subscriptionId);
  // All of the customer's are loaded: an id that is the customer's and was not among them came over with a move.
  const isFree = !isNew || (await claimId(tx, environmentId, 'subscription', subscriptionId, customerId));
  if (!isFree && (await readOwner(tx, environmentId, 'subscription', subscriptionId)) !== customerId) {
    const message = `there is a subscription ${subscriptionId} already, of this customer or of another one`;
    throw new TollgateError('CONFLICT', message, { field: 'subscriptionId' });
  }
  if (resourceId !== null) await addResource(tx, environmentId, customerId, resourceId, now);
  await saveSubscription(tx, environmentId, subscriptionToStored(subscription));
}

const isStandingOf = ({ customer }: CustomerState): string => `${customer !== null} ${customer?.archivedAt ?? ''}`;

function hasMoved(old: Subscription, changed: readonly Subscription[]): boolean {
  return changed.some((other) => other.subscriptionId === old.subscriptionId && other.resourceId !== old.resourceId);
}
