import type { SubscriptionStatus } from '@tollgate/contract';
import type { Queryable } from './database.js';
import { type SubscriptionRow, subscriptionColumns } from './subscription-store.js';

/** What a subscription in the list must be; null leaves it open. */
export interface ListedSubscriptions {
  environmentId: string;
  customerId: string | null;
  resourceIds: readonly string[] | null;
  statuses: readonly SubscriptionStatus[] | null;
  productId: string | null;
}

/** A subscription's place in the list, which is the same for ever: neither field changes. */
export interface ListPlace {
  createdAt: number;
  subscriptionId: string;
}

/** Subscriptions next to a place in the list, or from its beginning; the nearest first. */
export async function listSubscriptions(
  db: Queryable,
  list: ListedSubscriptions,
  from: { place: ListPlace | null; direction: 'after' | 'before' },
  limit: number,
): Promise<SubscriptionRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  // Only what was asked for is in the statement, so that it is planned for that.
  const conditions = [`environment = ${bind(list.environmentId)}`];
  if (list.customerId !== null) conditions.push(`customer_id = ${bind(list.customerId)}`);
  if (list.resourceIds) conditions.push(`resource_id = any(${bind(list.resourceIds)}::text[])`);
  if (list.statuses) conditions.push(`status = any(${bind(list.statuses)}::text[])`);
  if (list.productId !== null) conditions.push(`product_id = ${bind(list.productId)}`);
  const isAfter = from.direction === 'after';
  if (from.place) {
    const [createdAt, id] = [bind(from.place.createdAt), bind(from.place.subscriptionId)];
    conditions.push(
      isAfter
        ? `created_at <= ${createdAt} and (created_at < ${createdAt} or subscription_id > ${id})`
        : `created_at >= ${createdAt} and (created_at > ${createdAt} or subscription_id < ${id})`,
    );
  }
  const order = isAfter ? 'created_at desc, subscription_id' : 'created_at, subscription_id desc';
  return db.query<SubscriptionRow>(
    `select ${subscriptionColumns} from {schema}.subscription where ${conditions.join(' and ')}
      order by ${order} limit ${bind(limit)}`,
    values,
  );
}
