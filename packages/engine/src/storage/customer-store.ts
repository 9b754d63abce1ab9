import { type CreditRows, grantColumns, rechargesText, walletColumns } from './credit-store.js';
import type { Queryable } from './database.js';
import { type HeldRow, heldText } from './hold-store.js';
import { type PromotionRow, promotionColumns } from './promotion-store.js';
import { type SubscriptionRow, subscriptionColumns } from './subscription-store.js';

export interface CustomerRow {
  customerId: string;
  name: string | null;
  email: string | null;
  metadata: Record<string, unknown>;
  createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  /** Ids in other systems, billing, payment method. */
  details: Record<string, unknown>;
}

export interface RevisionRow {
  revision: number;
  lastNow: number;
}

/** What the lock of a customer tells: enough to know whether something else comes first. */
export interface LockedRow extends RevisionRow {
  /** When time will next change the standing; null when nothing is due. */
  nextDue: number | null;
  /** Whether something that was accepted for the customer waits to be applied. */
  hasBacklog: boolean;
}

/** Where one customer stands; `customer` is null for an id that nobody has. Credits are those of all its resources. */
export interface StandingRow extends RevisionRow, CreditRows {
  catalog: number;
  customer: CustomerRow | null;
  /** When time will next change the standing; null when nothing is due. */
  nextDue: number | null;
  /** Those of the resources asked for that the customer has. */
  resourceIds: string[];
  /** What is open for the customer as a whole and for the resources asked for, newest first. */
  subscriptions: SubscriptionRow[];
  /** The promotional grants that hold. */
  promotions: PromotionRow[];
  /** What is held at the instant of the read, or of the customer's last change if that is later. */
  held: HeldRow[];
}

/**
 * Locks the customer until the transaction ends, in a statement of its own: only what is read afterwards is sure to hold
 * what the previous holder of the lock wrote. Null when nobody has this id.
 */
export async function lockCustomer(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  mode: 'wait' | 'skip locked' = 'wait',
): Promise<LockedRow | null> {
  const rows = await tx.query<LockedRow>(
    `select revision, last_now as "lastNow", next_due as "nextDue", exists (select from {schema}.accepted_event e
              where e.environment = $1 and e.customer_id = $2) as "hasBacklog"
       from {schema}.customer_revision
      where environment = $1 and customer_id = $2 for update ${mode === 'wait' ? '' : mode}`,
    [environmentId, customerId],
  );
  return rows[0] ?? null;
}

/** The same for a customer that may be new: two callers that make one at the same time queue up here. */
export async function lockOrAddCustomer(
  tx: Queryable,
  environmentId: string,
  customerId: string,
): Promise<LockedRow | null> {
  await tx.query(
    `insert into {schema}.customer_revision (environment, customer_id, revision, last_now) values ($1, $2, 0, 0)
     on conflict do nothing`,
    [environmentId, customerId],
  );
  return lockCustomer(tx, environmentId, customerId);
}

/** SQL: raises the revision of one customer ($1, $2). */
export const saveRevisionText = (revision: string, lastNow: string): string =>
  `update {schema}.customer_revision set revision = ${revision}, last_now = ${lastNow}
    where environment = $1 and customer_id = $2`;

export async function saveRevision(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  { revision, lastNow }: RevisionRow,
): Promise<void> {
  await tx.query(saveRevisionText('$3', '$4'), [environmentId, customerId, revision, lastNow]);
}

/** Leaves word for the sweeper; written with every change of standing. */
export async function saveNextDue(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  nextDue: number | null,
): Promise<void> {
  await tx.query('update {schema}.customer_revision set next_due = $3 where environment = $1 and customer_id = $2', [
    environmentId,
    customerId,
    nextDue,
  ]);
}

/** The same, where something new will be due and everything else stays as it is. */
export async function lowerNextDue(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  nextDue: number,
): Promise<void> {
  await tx.query(
    `update {schema}.customer_revision set next_due = least(next_due, $3::bigint)
      where environment = $1 and customer_id = $2`,
    [environmentId, customerId, nextDue],
  );
}

/** A customer for whom something is due, and since when. */
export interface DueCustomer {
  environmentId: string;
  customerId: string;
  nextDue: number;
}

/** Customers for whom something is due, the longest overdue first: one environment's, or everybody's where it is null. */
export async function readDue(
  db: Queryable,
  query: { environmentId: string | null; now: number; limit: number; after?: DueCustomer | null },
): Promise<DueCustomer[]> {
  const { environmentId, now, limit, after = null } = query;
  return db.query<DueCustomer>(
    `select environment as "environmentId", customer_id as "customerId", next_due as "nextDue"
       from {schema}.customer_revision
      where next_due <= $1 and ($2::text is null or environment = $2)
        and ($3::bigint is null or (next_due, environment, customer_id) > ($3::bigint, $4::text, $5::text))
      order by next_due, environment, customer_id limit $6`,
    [now, environmentId, after?.nextDue ?? null, after?.environmentId ?? null, after?.customerId ?? null, limit],
  );
}

/** Whether something is due for one customer. */
export async function isDue(db: Queryable, environmentId: string, customerId: string, now: number): Promise<boolean> {
  const rows = await db.query(
    'select from {schema}.customer_revision where environment = $1 and customer_id = $2 and next_due <= $3',
    [environmentId, customerId, now],
  );
  return rows.length > 0;
}

/** Every resource that the customer has. */
export async function readResourceIds(db: Queryable, environmentId: string, customerId: string): Promise<string[]> {
  const rows = await db.query<{ resourceId: string }>(
    `select resource_id as "resourceId" from {schema}.customer_resource
      where environment = $1 and customer_id = $2 order by resource_id`,
    [environmentId, customerId],
  );
  return rows.map(({ resourceId }) => resourceId);
}

const customerColumns = `customer_id as "customerId", name, email, metadata, created_at as "createdAt",
  updated_at as "updatedAt", archived_at as "archivedAt", details`;

/** One statement, so that it is one state even outside a transaction. Null when there is no such environment. */
export async function readStanding(
  db: Queryable,
  environmentId: string,
  customerId: string,
  resourceIds: readonly string[],
  now = 0,
): Promise<StandingRow | null> {
  const rows = await db.query<StandingRow>(
    `select environment.catalog,
            coalesce(customer_revision.revision, 0) as revision,
            coalesce(customer_revision.last_now, 0) as "lastNow",
            customer_revision.next_due as "nextDue",
            (select to_jsonb(c) from (select ${customerColumns} from {schema}.customer
              where environment = $1 and customer_id = $2) c) as customer,
            array(select resource_id from {schema}.customer_resource
              where environment = $1 and customer_id = $2 and resource_id = any($3::text[])) as "resourceIds",
            coalesce((select jsonb_agg(to_jsonb(s) order by s."createdAt" desc, s."subscriptionId")
              from (select ${subscriptionColumns} from {schema}.subscription
                where environment = $1 and customer_id = $2
                  and status in ('ACTIVE', 'IN_TRIAL', 'NOT_STARTED', 'PAYMENT_PENDING')
                  and (resource_id is null or resource_id = any($3::text[]))) s), '[]') as subscriptions,
            coalesce((select jsonb_agg(to_jsonb(p) order by p."featureId")
              from (select ${promotionColumns} from {schema}.promotion
                where environment = $1 and customer_id = $2 and ended_at is null) p), '[]') as promotions,
            coalesce((select jsonb_agg(to_jsonb(w)) from (select ${walletColumns} from {schema}.wallet
                where environment = $1 and customer_id = $2) w), '[]') as wallets,
            coalesce((select jsonb_agg(to_jsonb(g) order by g."createdAt", g."grantId")
              from (select ${grantColumns} from {schema}.credit_grant
                where environment = $1 and customer_id = $2 and is_open) g), '[]') as grants,
            ${rechargesText} as recharges,
            coalesce((select jsonb_agg(to_jsonb(h)) from (
              ${heldText('greatest($4::bigint, coalesce(customer_revision.last_now, 0))')}) h), '[]') as held
       from {schema}.environment
       left join {schema}.customer_revision on customer_revision.environment = environment.id and customer_id = $2
      where environment.id = $1`,
    [environmentId, customerId, resourceIds, Math.max(0, now)],
  );
  return rows[0] ?? null;
}

export async function saveCustomer(tx: Queryable, environmentId: string, customer: CustomerRow): Promise<void> {
  await tx.query(
    `insert into {schema}.customer
            (environment, customer_id, name, email, metadata, created_at, updated_at, archived_at, details)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9::jsonb)
     on conflict (environment, customer_id) do update set name = excluded.name, email = excluded.email,
            metadata = excluded.metadata, updated_at = excluded.updated_at, archived_at = excluded.archived_at,
            details = excluded.details`,
    [
      environmentId,
      customer.customerId,
      customer.name,
      customer.email,
      JSON.stringify(customer.metadata),
      customer.createdAt,
      customer.updatedAt,
      customer.archivedAt,
      JSON.stringify(customer.details),
    ],
  );
}

/** A resource exists from its first subscription on. */
export async function addResource(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  resourceId: string,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into {schema}.customer_resource (environment, customer_id, resource_id, created_at)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [environmentId, customerId, resourceId, now],
  );
}
