import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

export interface AcceptedEventRow {
  id: number;
  eventName: string;
  resourceId: string | null;
  dimensions: Record<string, unknown>;
  happenedAt: number;
}

export interface NewEventRow extends Omit<AcceptedEventRow, 'id'> {
  customerId: string;
}

/** Which of these customers exist. */
export async function knownCustomers(
  db: Queryable,
  environmentId: string,
  customerIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db.query<{ customer_id: string }>(
    'select customer_id from {schema}.customer where environment = $1 and customer_id = any($2::text[])',
    [environmentId, customerIds],
  );
  return new Set(rows.map((row) => row.customer_id));
}

export async function insertEvents(
  tx: Queryable,
  environmentId: string,
  events: readonly NewEventRow[],
  now: number,
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `insert into {schema}.accepted_event
            (environment, customer_id, event_name, resource_id, dimensions, happened_at, accepted_at)
     select $1, "customerId", "eventName", "resourceId", dimensions, "happenedAt", $3
       from rows from (jsonb_to_recordset($2::jsonb) as
            ("customerId" text, "eventName" text, "resourceId" text, dimensions jsonb, "happenedAt" bigint))
            with ordinality as e ("customerId", "eventName", "resourceId", dimensions, "happenedAt", place)
      order by place`,
    [environmentId, JSON.stringify(events), now],
  );
}

/** The oldest events of one customer that wait. */
export async function readEvents(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  limit: number,
): Promise<AcceptedEventRow[]> {
  return tx.query<AcceptedEventRow>(
    `select id, event_name as "eventName", resource_id as "resourceId", dimensions, happened_at as "happenedAt"
       from {schema}.accepted_event where environment = $1 and customer_id = $2 order by id limit $3`,
    [environmentId, customerId, limit],
  );
}

export async function deleteEvents(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  ids: readonly number[],
): Promise<void> {
  await tx.query(
    'delete from {schema}.accepted_event where environment = $1 and customer_id = $2 and id = any($3::bigint[])',
    [environmentId, customerId, ids],
  );
}

/** Customers whose events wait, in any environment. */
export async function customersWithEvents(db: Queryable, limit: number): Promise<CustomerKey[]> {
  return db.query<CustomerKey & Record<string, unknown>>(
    `select distinct environment as "environmentId", customer_id as "customerId" from {schema}.accepted_event limit $1`,
    [limit],
  );
}
