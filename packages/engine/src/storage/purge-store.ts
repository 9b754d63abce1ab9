import type { Queryable } from './database.js';

/** What is taken away: rows of a table whose time was up at an instant. */
export interface PurgedRows {
  table: 'idempotency' | 'reservation' | 'hold';
  expiredAt: number;
}

/**
 * Deletes rows whose time is up, the longest ago first and at most `limit`, and returns how many those were. Rows that
 * somebody is using are left for the next time, so that nobody waits. Rows are found by their place in the table: a list
 * of keys would let the planner read all of it.
 */
export async function purgeExpired(db: Queryable, { table, expiredAt }: PurgedRows, limit: number): Promise<number> {
  const rows = await db.query<{ purged: number }>(
    `with purged as (
       delete from {schema}.${table} where ctid = any(array(
         select ctid from {schema}.${table} where expires_at <= $1 order by expires_at limit $2 for update skip locked))
       returning 1)
     select count(*) as purged from purged`,
    [expiredAt, limit],
  );
  return rows[0]?.purged ?? 0;
}
