import { type Amount, formatAmount } from '@tollgate/contract';
import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** What was accepted and is not applied yet: an event, or a consumption of credits. */
export type AcceptedRow = AcceptedEventRow | AcceptedConsumptionRow;

interface Accepted {
  id: number;
  resourceId: string | null;
  dimensions: Record<string, unknown>;
  happenedAt: number;
}

export interface AcceptedEventRow extends Accepted {
  eventName: string;
}

export interface AcceptedConsumptionRow extends Accepted {
  currencyId: string;
  amount: Amount;
}

export type NewAcceptedRow = (Omit<AcceptedEventRow, 'id'> | Omit<AcceptedConsumptionRow, 'id'>) & {
  customerId: string;
};

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

export async function insertAccepted(
  tx: Queryable,
  environmentId: string,
  accepted: readonly NewAcceptedRow[],
  now: number,
): Promise<void> {
  if (accepted.length === 0) return;
  const rows = accepted.map((row) => ('amount' in row ? { ...row, amount: formatAmount(row.amount) } : row));
  await tx.query(
    `insert into {schema}.accepted_event
            (environment, customer_id, event_name, currency_id, amount, resource_id, dimensions, happened_at, accepted_at)
     select $1, "customerId", "eventName", "currencyId", amount, "resourceId", dimensions, "happenedAt", $3
       from rows from (jsonb_to_recordset($2::jsonb) as
            ("customerId" text, "eventName" text, "currencyId" text, amount numeric, "resourceId" text, dimensions jsonb,
             "happenedAt" bigint))
            with ordinality as e ("customerId", "eventName", "currencyId", amount, "resourceId", dimensions,
             "happenedAt", place)
      order by place`,
    [environmentId, JSON.stringify(rows), now],
  );
}

/** What waits for one customer, the oldest first. */
export async function readAccepted(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  limit: number,
): Promise<AcceptedRow[]> {
  const rows = await tx.query<Accepted & { eventName: string | null; currencyId: string; millionths: string }>(
    `select id, event_name as "eventName", currency_id as "currencyId", trunc(amount * 1000000)::text as millionths,
            resource_id as "resourceId", dimensions, happened_at as "happenedAt"
       from {schema}.accepted_event where environment = $1 and customer_id = $2 order by id limit $3`,
    [environmentId, customerId, limit],
  );
  return rows.map(({ eventName, currencyId, millionths, ...row }) =>
    eventName === null ? { ...row, currencyId, amount: BigInt(millionths) } : { ...row, eventName },
  );
}

export async function deleteAccepted(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  ids: readonly number[],
): Promise<void> {
  await tx.query(
    'delete from {schema}.accepted_event where environment = $1 and customer_id = $2 and id = any($3::bigint[])',
    [environmentId, customerId, ids],
  );
}

/** Customers for whom something waits, in any environment. */
export async function customersWithAccepted(db: Queryable, limit: number): Promise<CustomerKey[]> {
  return db.query<CustomerKey & Record<string, unknown>>(
    `select distinct environment as "environmentId", customer_id as "customerId" from {schema}.accepted_event limit $1`,
    [limit],
  );
}
