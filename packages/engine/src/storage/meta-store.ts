import { TollgateError } from '@tollgate/contract';
import type { Queryable } from './database.js';

/**
 * A time-ordered id: milliseconds in hex, then chance. The database's own clock is right here: the id must grow with
 * every restore, whatever clock the engine was given. `$1` is the id that it must come after.
 */
const nextEpoch = `
  lpad(to_hex(greatest(
    floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
    ('x' || lpad(split_part($1::text, '-', 1), 16, '0'))::bit(64)::bigint + 1
  )), 12, '0') || '-' || left(replace(gen_random_uuid()::text, '-', ''), 12)`;

export async function readEpoch(db: Queryable): Promise<string> {
  const [row] = await db.query<{ epoch: string }>('select epoch from {schema}.meta');
  if (!row) throw new TollgateError('INTERNAL', 'the database has no epoch: its migrations did not run to the end');
  return row.epoch;
}

export async function ensureEpoch(db: Queryable): Promise<void> {
  const text = `insert into {schema}.meta (epoch) select ${nextEpoch} on conflict (is_only) do nothing`;
  await db.query(text, ['0']);
}

/** For a database that was copied or restored: everything cached from it before is older from now on. */
export async function renewEpoch(db: Queryable): Promise<void> {
  if (!(await hasTable(db, 'meta'))) return;
  const [row] = await db.query<{ epoch: string }>('select epoch from {schema}.meta');
  // Positions in the old feed mean nothing here: transactions are counted anew.
  if (row) await db.query(`update {schema}.meta set epoch = ${nextEpoch}, feed_pruned = null`, [row.epoch]);
  // The events stay readable: to every snapshot they are as old as can be.
  if (await hasTable(db, 'event')) await db.query("update {schema}.event set xid = '3' where xid <> '3'");
}

export async function hasTable(db: Queryable, name: string): Promise<boolean> {
  const [row] = await db.query<{ is_there: boolean }>(`select to_regclass('{schema}.${name}') is not null as is_there`);
  return row?.is_there ?? false;
}
