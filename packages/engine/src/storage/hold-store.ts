import { type Amount, formatAmount } from '@tollgate/contract';
import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** What is held of one counter's period, or of one wallet, over all reservations whose time is not up. */
export interface HeldRow {
  kind: 'usage' | 'credits';
  /** A feature id or a currency id. */
  heldId: string;
  /** '' for the customer's own. */
  resourceId: string;
  windowStart: number | null;
  /** In whole millionths, as text. */
  amount: string;
  /** When the first and the last of them run out. */
  firstExpiry: number;
  lastExpiry: number;
}

const heldSums = `kind, held_id as "heldId", resource_id as "resourceId", window_start as "windowStart",
  trunc(sum(amount) * 1000000)::text as amount, min(expires_at) as "firstExpiry", max(expires_at) as "lastExpiry"`;

/** SQL: the sums of what is held for one customer ($1, $2) at an instant. */
export const heldText = (now: string): string => `select ${heldSums} from {schema}.hold
  where environment = $1 and customer_id = $2 and expires_at > ${now}
  group by kind, held_id, resource_id, window_start`;

/** A reservation as it is stored; its items as JSON, which no statement looks into. */
export interface ReservationRow {
  reservationId: string;
  status: 'HELD' | 'SETTLED' | 'RELEASED';
  createdAt: number;
  expiresAt: number;
  contentHash: string;
  /** Null where it is for no request of a client; then so is `fingerprint`. */
  requestKey: string | null;
  fingerprint: string | null;
  items: unknown;
}

const reservationColumns = `reservation_id as "reservationId", status, created_at as "createdAt",
  expires_at as "expiresAt", content_hash as "contentHash", request_key as "requestKey", fingerprint, items`;

/** One number that a reservation holds. */
export interface HoldRow {
  reservationId: string;
  item: number;
  kind: 'usage' | 'credits';
  heldId: string;
  resourceId: string;
  windowStart: number | null;
  amount: Amount;
  expiresAt: number;
}

export async function readReservations(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  reservationIds: readonly string[],
): Promise<ReservationRow[]> {
  if (reservationIds.length === 0) return [];
  return db.query<ReservationRow>(
    `select ${reservationColumns}
       from {schema}.reservation where environment = $1 and customer_id = $2 and reservation_id = any($3::text[])`,
    [environmentId, customerId, reservationIds],
  );
}

/** Of the reservations of each request key, the newest of each status: others say nothing about a request. */
export async function readReservationsOfRequests(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  requestKeys: readonly string[],
): Promise<ReservationRow[]> {
  if (requestKeys.length === 0) return [];
  return db.query<ReservationRow & Record<string, unknown>>(
    `select distinct on (request_key, status) ${reservationColumns}
       from {schema}.reservation where environment = $1 and customer_id = $2 and request_key = any($3::text[])
      order by request_key, status, created_at desc`,
    [environmentId, customerId, requestKeys],
  );
}

/**
 * Writes reservations, and what they hold in place of what they held before. Returns what is then held at `now` of all
 * the customer's counters and wallets: a statement does not see what it writes, so it adds that by itself.
 */
export async function saveReservations(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  { reservations, holds, now }: { reservations: readonly ReservationRow[]; holds: readonly HoldRow[]; now: number },
): Promise<HeldRow[]> {
  return tx.query<HeldRow & Record<string, unknown>>(
    `with saved as (
       insert into {schema}.reservation
              (environment, customer_id, reservation_id, status, created_at, expires_at, content_hash, request_key,
              fingerprint, items)
       select $1, $2, "reservationId", status, "createdAt", "expiresAt", "contentHash", "requestKey", fingerprint, items
         from jsonb_to_recordset($3::jsonb) as r ("reservationId" text, status text, "createdAt" bigint,
              "expiresAt" bigint, "contentHash" text, "requestKey" text, fingerprint text, items jsonb)
       on conflict (environment, customer_id, reservation_id) do update set status = excluded.status,
              created_at = excluded.created_at, expires_at = excluded.expires_at,
              content_hash = excluded.content_hash, items = excluded.items),
     given as (
       select "reservationId" as reservation_id, item, kind, "heldId" as held_id, "resourceId" as resource_id,
              "windowStart" as window_start, amount, "expiresAt" as expires_at
         from jsonb_to_recordset($4::jsonb) as h ("reservationId" text, item int, kind text, "heldId" text,
              "resourceId" text, "windowStart" bigint, amount numeric, "expiresAt" bigint)),
     gone as (
       delete from {schema}.hold where environment = $1 and customer_id = $2 and reservation_id = any($5::text[])
          and (reservation_id, item, kind) not in (select reservation_id, item, kind from given)),
     held as (
       insert into {schema}.hold (environment, customer_id, reservation_id, item, kind, held_id, resource_id,
              window_start, amount, expires_at)
       select $1, $2, * from given
       on conflict (environment, customer_id, reservation_id, item, kind) do update set held_id = excluded.held_id,
              resource_id = excluded.resource_id, window_start = excluded.window_start, amount = excluded.amount,
              expires_at = excluded.expires_at)
     select ${heldSums} from (
       select kind, held_id, resource_id, window_start, amount, expires_at from {schema}.hold
        where environment = $1 and customer_id = $2 and expires_at > $6 and reservation_id <> all($5::text[])
       union all
       select kind, held_id, resource_id, window_start, amount, expires_at from given where expires_at > $6) as now_held
      group by kind, held_id, resource_id, window_start`,
    [
      environmentId,
      customerId,
      JSON.stringify(reservations),
      JSON.stringify(holds.map((hold) => ({ ...hold, amount: formatAmount(hold.amount) }))),
      reservations.map(({ reservationId }) => reservationId),
      now,
    ],
  );
}
