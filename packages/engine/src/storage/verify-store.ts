import type { Queryable } from './database.js';
import type { ReservationRow } from './hold-store.js';
import type { CounterRow, CustomerKey } from './usage-store.js';

/** Customers in the order of their keys, after one of them; null leaves the environment or the id open. */
export async function listCustomers(
  db: Queryable,
  scope: { environmentId: string | null; customerId: string | null },
  { after, limit }: { after: CustomerKey | null; limit: number },
): Promise<CustomerKey[]> {
  return db.query<CustomerKey & Record<string, unknown>>(
    `select environment as "environmentId", customer_id as "customerId" from {schema}.customer_revision
      where ($1::text is null or environment = $1)
        and ($2::text is null or customer_id = $2)
        and ($3::text is null or (environment, customer_id) > ($3, $4::text))
      order by environment, customer_id limit $5`,
    [scope.environmentId, scope.customerId, after?.environmentId ?? null, after?.customerId ?? null, limit],
  );
}

/** Every counter of a customer, some at a time, in the order of their keys. */
export async function listCounters(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  after: CounterRow | null,
  limit: number,
): Promise<CounterRow[]> {
  const rows = await db.query<Omit<CounterRow, 'value' | 'total'> & { value: string; total: string }>(
    `select feature_id as "featureId", resource_id as "resourceId", window_start as "windowStart",
            window_end as "windowEnd", after_revision as "afterRevision", aggregation,
            trunc(value * 1000000)::text as value, trunc(total * 1000000)::text as total, measured,
            latest_at as "latestAt", set_at as "setAt"
       from {schema}.usage_counter
      where environment = $1 and customer_id = $2
        and ($3::text is null or (feature_id, resource_id, window_start) > ($3, $4::text, $5::bigint))
      order by feature_id, resource_id, window_start limit $6`,
    [environmentId, customerId, after?.featureId ?? null, after?.resourceId ?? null, after?.windowStart ?? null, limit],
  );
  return rows.map((row) => ({ ...row, value: BigInt(row.value), total: BigInt(row.total) }));
}

/** What the ledger says of one grant, beside the row of the grant itself; amounts in whole millionths as text. */
export interface LedgerSums {
  grantId: string;
  currencyId: string;
  resourceId: string;
  /** Null where there is no such grant. */
  status: string | null;
  grantType: string | null;
  amount: string;
  consumed: string;
  isOpen: boolean | null;
  hasEnd: boolean;
  /** How often it was granted; at most once. */
  grantings: number;
  granted: string;
  used: string;
  moved: string;
  expired: string;
  voided: string;
}

const sum = (types: string, name: string): string =>
  `trunc(coalesce(sum(l.amount) filter (where l.type ${types}), 0) * 1000000)::text as "${name}"`;

/** Every grant of a customer with the sums of its ledger rows, and what the ledger knows of grants that are not there. */
export async function sumLedger(db: Queryable, { environmentId, customerId }: CustomerKey): Promise<LedgerSums[]> {
  return db.query<LedgerSums & Record<string, unknown>>(
    `with l as (
       select * from {schema}.credit_ledger where environment = $1 and customer_id = $2),
     g as (
       select * from {schema}.credit_grant where environment = $1 and customer_id = $2)
     select coalesce(g.grant_id, l.grant_id) as "grantId", coalesce(g.currency_id, l.currency_id) as "currencyId",
            coalesce(g.resource_id, l.resource_id) as "resourceId", g.status, g.grant_type as "grantType",
            trunc(coalesce(g.amount, 0) * 1000000)::text as amount,
            trunc(coalesce(g.consumed, 0) * 1000000)::text as consumed,
            g.is_open as "isOpen", g.expire_at is not null as "hasEnd",
            count(*) filter (where l.type = 'CREDITS_GRANTED') as grantings,
            ${sum(`= 'CREDITS_GRANTED'`, 'granted')}, ${sum(`= 'CREDITS_CONSUMED'`, 'used')},
            trunc((coalesce(sum(l.amount) filter (where l.type = 'CREDITS_CONSUMPTION_TRANSFER_TARGET'), 0)
              - coalesce(sum(l.amount) filter (where l.type = 'CREDITS_CONSUMPTION_TRANSFER_SOURCE'), 0))
              * 1000000)::text as moved,
            ${sum(`= 'CREDITS_EXPIRED'`, 'expired')}, ${sum(`= 'CREDITS_VOIDED'`, 'voided')}
       from g full join l on l.grant_id = g.grant_id and l.currency_id = g.currency_id and l.resource_id = g.resource_id
      group by coalesce(g.grant_id, l.grant_id), coalesce(g.currency_id, l.currency_id),
            coalesce(g.resource_id, l.resource_id), g.grant_id, g.status, g.grant_type, g.amount, g.consumed, g.is_open,
            g.expire_at
      order by 2, 3, 1`,
    [environmentId, customerId],
  );
}

/** A reservation with what is held for it as it is stored; holds as texts that say all of them. */
export interface HeldReservation extends ReservationRow {
  holds: string[];
}

/** Reservations that hold something at `now`, or that something is held for. */
export async function listHeld(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  now: number,
): Promise<HeldReservation[]> {
  return db.query<HeldReservation & Record<string, unknown>>(
    `with h as (
       select reservation_id, jsonb_agg(concat_ws(' ', item, kind, held_id, resource_id, window_start,
                trunc(amount * 1000000)::text, expires_at) order by item, kind) as holds
         from {schema}.hold where environment = $1 and customer_id = $2 and expires_at > $3 group by reservation_id),
     r as (
       select * from {schema}.reservation where environment = $1 and customer_id = $2)
     select coalesce(r.reservation_id, h.reservation_id) as "reservationId", coalesce(r.status, 'RELEASED') as status,
            coalesce(r.created_at, 0) as "createdAt", coalesce(r.expires_at, 0) as "expiresAt",
            coalesce(r.content_hash, '') as "contentHash", r.request_key as "requestKey", r.fingerprint,
            coalesce(r.items, '[]') as items,
            coalesce(h.holds, '[]') as holds
       from r full join h on h.reservation_id = r.reservation_id
      where h.reservation_id is not null or (r.status = 'HELD' and r.expires_at > $3)
      order by 1`,
    [environmentId, customerId, now],
  );
}
