import type { BillingPeriod, PricingType, SubscriptionStatus } from '@tollgate/contract';
import type { Queryable } from './database.js';

/** What statements look for has columns of its own; everything else is in `terms`. */
export interface SubscriptionRow {
  subscriptionId: string;
  customerId: string;
  payingCustomerId: string | null;
  resourceId: string | null;
  productId: string;
  planId: string;
  planVersion: number;
  pricingType: PricingType;
  status: SubscriptionStatus;
  billingPeriod: BillingPeriod | null;
  addons: unknown;
  startDate: number;
  endDate: number | null;
  cancelReason: string | null;
  metadata: Record<string, unknown>;
  createdAt: number;
  usageAnchor: number;
  usageCountsFrom: number | null;
  usageCountsFromRevision: number | null;
  terms: Record<string, unknown>;
}

export const subscriptionColumns = `subscription_id as "subscriptionId", customer_id as "customerId",
  paying_customer_id as "payingCustomerId", resource_id as "resourceId", product_id as "productId",
  plan_id as "planId", plan_version as "planVersion", pricing_type as "pricingType", status,
  billing_period as "billingPeriod", addons, start_date as "startDate", end_date as "endDate",
  cancel_reason as "cancelReason", metadata, created_at as "createdAt", usage_anchor as "usageAnchor",
  usage_counts_from as "usageCountsFrom", usage_counts_from_revision as "usageCountsFromRevision", terms`;

/** All of the customer's, of every resource and in every status, newest first. */
export async function readSubscriptions(
  db: Queryable,
  environmentId: string,
  customerId: string,
): Promise<SubscriptionRow[]> {
  return db.query<SubscriptionRow>(
    `select ${subscriptionColumns} from {schema}.subscription
      where environment = $1 and customer_id = $2 order by created_at desc, subscription_id`,
    [environmentId, customerId],
  );
}

/** The subscriptions that run, of other customers, for which this one pays. */
export async function readPaidFor(db: Queryable, environmentId: string, customerId: string): Promise<string[]> {
  const rows = await db.query<{ subscriptionId: string }>(
    `select subscription_id as "subscriptionId" from {schema}.subscription
      where environment = $1 and paying_customer_id = $2 and customer_id <> $2 and status in ('ACTIVE', 'IN_TRIAL')
      order by subscription_id`,
    [environmentId, customerId],
  );
  return rows.map(({ subscriptionId }) => subscriptionId);
}

/** False when another subscription of the environment, of this customer or of another one, has the id. */
export async function claimId(
  tx: Queryable,
  environmentId: string,
  kind: string,
  id: string,
  customerId: string,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into {schema}.owner (environment, kind, id, customer_id) values ($1, $2, $3, $4)
     on conflict do nothing returning id`,
    [environmentId, kind, id, customerId],
  );
  return rows.length > 0;
}

/** The customer that an id belongs to; null when nobody has it. */
export async function readOwner(
  db: Queryable,
  environmentId: string,
  kind: string,
  id: string,
): Promise<string | null> {
  const rows = await db.query<{ customerId: string }>(
    `select customer_id as "customerId" from {schema}.owner where environment = $1 and kind = $2 and id = $3`,
    [environmentId, kind, id],
  );
  return rows[0]?.customerId ?? null;
}

/** Where a subscription is to be found. */
export interface SubscriptionPlace {
  customerId: string;
  resourceId: string | null;
}

/** Null when nobody has the subscription. */
export async function readSubscriptionPlace(
  db: Queryable,
  environmentId: string,
  subscriptionId: string,
): Promise<SubscriptionPlace | null> {
  const rows = await db.query<SubscriptionPlace & Record<string, unknown>>(
    `select s.customer_id as "customerId", s.resource_id as "resourceId"
       from {schema}.owner o join {schema}.subscription s
         on s.environment = o.environment and s.customer_id = o.customer_id and s.subscription_id = o.id
      where o.environment = $1 and o.kind = 'subscription' and o.id = $2`,
    [environmentId, subscriptionId],
  );
  return rows[0] ?? null;
}

/** Hands an id over to another customer. */
export async function moveOwner(
  tx: Queryable,
  environmentId: string,
  kind: string,
  id: string,
  customerId: string,
): Promise<void> {
  await tx.query('update {schema}.owner set customer_id = $4 where environment = $1 and kind = $2 and id = $3', [
    environmentId,
    kind,
    id,
    customerId,
  ]);
}

export async function deleteSubscription(
  tx: Queryable,
  environmentId: string,
  { customerId, subscriptionId }: { customerId: string; subscriptionId: string },
): Promise<void> {
  await tx.query(
    'delete from {schema}.subscription where environment = $1 and customer_id = $2 and subscription_id = $3',
    [environmentId, customerId, subscriptionId],
  );
}

/** Writes a subscription as it stands now, new or changed. */
export async function saveSubscription(tx: Queryable, environmentId: string, row: SubscriptionRow): Promise<void> {
  await tx.query(
    `insert into {schema}.subscription (environment, customer_id, subscription_id, paying_customer_id, resource_id,
            product_id, plan_id, plan_version, pricing_type, status, billing_period, addons, start_date, end_date,
            cancel_reason, metadata, created_at, usage_anchor, usage_counts_from, usage_counts_from_revision, terms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16::jsonb, $17, $18, $19, $20,
            $21::jsonb)
     on conflict (environment, customer_id, subscription_id) do update set
            paying_customer_id = excluded.paying_customer_id, resource_id = excluded.resource_id,
            plan_id = excluded.plan_id, plan_version = excluded.plan_version, pricing_type = excluded.pricing_type,
            status = excluded.status, billing_period = excluded.billing_period, addons = excluded.addons,
            start_date = excluded.start_date, end_date = excluded.end_date, cancel_reason = excluded.cancel_reason,
            metadata = excluded.metadata, usage_anchor = excluded.usage_anchor,
            usage_counts_from = excluded.usage_counts_from,
            usage_counts_from_revision = excluded.usage_counts_from_revision, terms = excluded.terms`,
    [
      environmentId,
      row.customerId,
      row.subscriptionId,
      row.payingCustomerId,
      row.resourceId,
      row.productId,
      row.planId,
      row.planVersion,
      row.pricingType,
      row.status,
      row.billingPeriod,
      JSON.stringify(row.addons),
      row.startDate,
      row.endDate,
      row.cancelReason,
      JSON.stringify(row.metadata),
      row.createdAt,
      row.usageAnchor,
      row.usageCountsFrom,
      row.usageCountsFromRevision,
      JSON.stringify(row.terms),
    ],
  );
}
