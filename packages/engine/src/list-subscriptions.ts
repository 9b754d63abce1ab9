import {
  assertCustomerId,
  assertId,
  type GetSubscriptionsQuery,
  invalidArgument,
  type PageInput,
  type SubscriptionFilter,
  SubscriptionStatus,
  type SubscriptionWire,
  TollgateError,
} from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import { pageFrom, type ReadRows, readPage } from './list-page.js';
import { loadState } from './read-state.js';
import { isDue } from './storage/customer-store.js';
import { type ListedSubscriptions, type ListPlace, listSubscriptions } from './storage/subscription-list.js';
import { readOwner, type SubscriptionRow } from './storage/subscription-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { type StoredSubscription, subscriptionFromStored } from './subscription/stored-subscription.js';
import { isRunning, subscriptionToWire } from './subscription/subscription.js';
import { bringUp, sweep } from './sweep.js';

export type SubscriptionPage = GetSubscriptionsQuery['subscriptions'];

const resourcesMax = 100;
/** A list of everybody's subscriptions brings at most so many customers up first. */
const broughtUpMax = 1000;
const readOnly = { isolation: 'repeatable read', readOnly: true } as const;

/** A subscription as it stands at `now`. Rejects with SUBSCRIPTION_NOT_FOUND. */
export async function readSubscription(
  context: EngineContext,
  environmentId: string,
  subscriptionId: string,
  now: number,
): Promise<SubscriptionWire> {
  assertId(subscriptionId, 'subscriptionId');
  const found = await find(context, environmentId, subscriptionId, now);
  if (found) return found;
  // It may be one that time has made and nobody has stored yet.
  const broughtUp = await sweep(context, { environmentId, now, limit: broughtUpMax });
  const late = broughtUp > 0 ? await find(context, environmentId, subscriptionId, now) : null;
  if (late) return late;
  const message = `there is no subscription ${subscriptionId}`;
  throw new TollgateError('SUBSCRIPTION_NOT_FOUND', message, { field: 'subscriptionId' });
}

function find(
  context: EngineContext,
  environmentId: string,
  subscriptionId: string,
  now: number,
): Promise<SubscriptionWire | null> {
  return context.database.transaction(async (tx) => {
    const customerId = await readOwner(tx, environmentId, 'subscription', subscriptionId);
    if (customerId === null) return null;
    const { current, instant } = await loadState(context, tx, { environmentId, customerId }, now);
    const found = current.subscriptions.find((subscription) => subscription.subscriptionId === subscriptionId);
    return found ? subscriptionToWire(found, instant) : null;
  }, readOnly);
}

/** What is active or in trial: the customer's own where `resourceIds` is left out, else that of those resources. */
export async function readActiveSubscriptions(
  context: EngineContext,
  key: CustomerKey,
  resourceIds: readonly string[] | null,
  now: number,
): Promise<SubscriptionWire[]> {
  assertCustomerId(key.customerId);
  if (resourceIds) checkList(resourceIds, 'resourceIds', resourcesMax, assertId);
  return context.database.transaction(async (tx) => {
    const { current, instant } = await loadState(context, tx, key, now);
    return current.subscriptions
      .filter(isRunning)
      .filter(({ resourceId }) => (resourceIds ? resourceId !== null && resourceIds.includes(resourceId) : !resourceId))
      .map((subscription) => subscriptionToWire(subscription, instant));
  }, readOnly);
}

/**
 * A page of subscriptions in every status, newest first. The customers that it is about are brought up to `now` first,
 * so that what time has done is stored where the filter looks.
 */
export async function readSubscriptionPage(
  context: EngineContext,
  environmentId: string,
  asked: { filter: SubscriptionFilter | null; page: PageInput | null },
  now: number,
): Promise<SubscriptionPage> {
  const list = readFilter(environmentId, asked.filter ?? {});
  const page = readPage(list, asked.page ?? {});
  if (list.customerId === null) await sweep(context, { environmentId, now, limit: broughtUpMax });
  else if (await isDue(context.database, environmentId, list.customerId, now)) {
    await bringUp(context, { environmentId, customerId: list.customerId }, now);
  }
  return context.database.transaction(async (tx) => {
    const read: ReadRows<SubscriptionRow> = ({ place, direction }, limit) => {
      const at = place && { createdAt: place.at, subscriptionId: place.id };
      return listSubscriptions(tx, list, { place: at, direction }, limit);
    };
    const { data, pagination } = await pageFrom(list, page, read, placeOf);
    const shown = data.map((row) => subscriptionToWire(subscriptionFromStored(row as StoredSubscription), now));
    return { data: shown, pagination };
  }, readOnly);
}

const placeOf = ({ createdAt, subscriptionId }: ListPlace) => ({ at: createdAt, id: subscriptionId });

function readFilter(environmentId: string, filter: SubscriptionFilter): ListedSubscriptions {
  const { customerId = null, resourceIds = null, statuses = null, productId = null } = filter;
  if (customerId !== null) assertCustomerId(customerId, 'filter.customerId');
  if (productId !== null) assertId(productId, 'filter.productId');
  if (resourceIds) checkList(resourceIds, 'filter.resourceIds', resourcesMax, assertId);
  const known: readonly string[] = Object.values(SubscriptionStatus);
  if (statuses) {
    checkList(statuses, 'filter.statuses', known.length, (status, field) => {
      if (!known.includes(status)) throw invalidArgument(field, `must be one of ${known.join(', ')}`);
    });
  }
  const sorted = <T extends string>(ids: readonly T[] | null) => ids && [...new Set(ids)].sort();
  return { environmentId, customerId, resourceIds: sorted(resourceIds), statuses: sorted(statuses), productId };
}

function checkList<T>(items: readonly T[], field: string, most: number, check: (item: T, field: string) => void): void {
  if (items.length < 1 || items.length > most)
    throw invalidArgument(field, `must have 1–${most} items, and has ${items.length}`);
  items.forEach((item, index) => {
    check(item, `${field}[${index}]`);
  });
}
