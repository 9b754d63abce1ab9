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

/** SQL: the sums of what is held for one customer ($1, $2) at an instant. */
export const heldText = (now: string): string => `select kind, held_id as "heldId", resource_id as "resourceId",
  window_start as "windowStart", trunc(sum(amount) * 1000000)::text as amount, min(expires_at) as "firstExpiry",
  max(expires_at) as "lastExpiry" from {schema}.hold
  where environment = $1 and customer_id = $2 and expires_at > ${now}
  group by kind, held_id, resource_id, window_start`;

export async function readHeld(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  now: number,
): Promise<HeldRow[]> {
  return db.query<HeldRow & Record<string, unknown>>(heldText('$3'), [environmentId, customerId, now]);
}
