import type { EngineContext } from './engine-context.js';
import { type PurgedRows, purgeExpired } from './storage/purge-store.js';
import { requestKeptMs } from './usage/repeated-request.js';

// Clocks of servers differ by less: what is over for one by so much is over for all.
const marginMs = 3_600_000;

/**
 * Deletes what nobody can ask for any more, in any environment: idempotency keys whose time is up, reservations that ran
 * out before the window in which keys are kept, and holds that ran out. At most `limit` rows of each kind, and a
 * transaction for each; returns how many rows that were.
 */
export async function purge(
  { database, idempotencyWindowMs }: EngineContext,
  now: number,
  limit: number,
): Promise<number> {
  const expired: PurgedRows[] = [
    { table: 'idempotency', expiredAt: now - marginMs },
    { table: 'reservation', expiredAt: now - Math.max(idempotencyWindowMs, requestKeptMs) - marginMs },
    { table: 'hold', expiredAt: now - marginMs },
  ];
  let purged = 0;
  for (const rows of expired) purged += await purgeExpired(database, rows, limit);
  return purged;
}
