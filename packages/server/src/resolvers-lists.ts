import type { PageInput, SubscriptionFilter } from '@tollgate/contract';
import { serverOnly } from './resolver.js';

interface ListArguments {
  filter?: SubscriptionFilter | null;
  page?: PageInput | null;
}

/** Subscriptions, by id and in lists, what they give of a feature, and what happened. */
export const listQueries = {
  subscription: serverOnly<{ subscriptionId: string }>((_root, { subscriptionId }, { environment, clock }) =>
    environment.subscription(subscriptionId, clock.now()),
  ),
  subscriptions: serverOnly<ListArguments>((_root, { filter = null, page = null }, { environment, clock }) =>
    environment.subscriptions({ filter, page }, clock.now()),
  ),
  activeSubscriptions: serverOnly<{ customerId: string; resourceIds?: string[] | null }>(
    (_root, { customerId, resourceIds = null }, { environment, clock }) =>
      environment.activeSubscriptions(customerId, resourceIds, clock.now()),
  ),
  entitlementSources: serverOnly<{ customerId: string; featureId: string; resourceId?: string | null }>(
    (_root, { customerId, featureId, resourceId = null }, { environment, clock }) =>
      environment.entitlementSources(customerId, { featureId, resourceId }, clock.now()),
  ),
  events: serverOnly<{ after?: string | null; limit?: number | null }>((_root, { after, limit }, { environment }) =>
    environment.events({ after: after ?? null, limit: limit ?? 100 }),
  ),
};
