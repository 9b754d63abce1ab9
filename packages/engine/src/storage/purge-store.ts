import type { Queryable } from './database.js';

/** What is taken away: rows of a table whose time was up at an instant. */
export interface PurgedRows {
  table: 'idempotency' | 'reservation' | 'hold';
  expiredAt: number;
}

const keyOf: Readonly<Record<PurgedRows['table'], string>> = {
  idempotency: 'environment, customer_id, operation, key',
  reservation: 'environment, customer_id, reservation_id',
  hold: 'environment, customer_id, reservation_id, item, kind',
};

/**
 * Deletes rows whose time is up, the longest ago first and at most `limit`, and returns how many those were. Rows that
 * somebody is using are left for the next time, so that nobody waits.
 */
export async function purgeExpired(db: Queryable, { table, expiredAt }: PurgedRows, limit: number): Promise<number> {
  const key = keyOf[table];
  const rows = await db.query<{ purged: number }>(
    `with expired as (
       select ${key} from {schema}.${table} where expires_at <= $1 order by expires_at limit $2 for update skip locked),
     purged as (delete from {schema}.${table} where (${key}) in (select ${key} from expired) returning 1)
     select count(*) as purged from purged`,
    [expiredAt, limit],
  );
  return rows[0]?.purged ?? 0;
}
