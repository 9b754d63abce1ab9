import { TollgateError } from '@tollgate/contract';
import type { Database, Queryable } from './database.js';
import { ensureEpoch, hasTable } from './meta-store.js';
import { type Migration, migrations as ownMigrations } from './migrations.generated.js';

const oldestServer = 15;

/**
 * Brings the tables up to this version, in one transaction under a lock: any number of processes may start at once.
 * Rejects with SCHEMA_TOO_NEW when a newer version was here before.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = ownMigrations): Promise<void> {
  if ((await pendingMigrations(database, migrations)).length === 0) return;
  await database.transaction(async (tx) => {
    await assertServer(tx);
    // In a statement of its own: what follows must see what the previous holder of the lock committed.
    await tx.query("select pg_advisory_xact_lock(hashtext('tollgate migrate'), hashtext($1))", [database.schema]);
    await createLedger(tx, database.schema);
    for (const { number, name, sql } of await pendingMigrations(tx, migrations)) {
      await database.script(tx, sql);
      await tx.query('insert into {schema}.migration (number, name) values ($1, $2)', [number, name]);
    }
    if (await hasTable(tx, 'meta')) await ensureEpoch(tx);
  });
}

/** For a process that may not change tables: rejects unless `migrate` has nothing left to do. */
export async function requireMigrated(
  database: Database,
  migrations: readonly Migration[] = ownMigrations,
): Promise<void> {
  const [next] = await pendingMigrations(database, migrations);
  if (!next) return;
  const latest = migrations.at(-1)?.number ?? 0;
  const state = `schema "${database.schema}" is at migration ${next.number - 1}, this version needs ${latest}`;
  throw new TollgateError('CONFIGURATION', `${state}: run "tollgate migrate" first`, { field: 'migrate' });
}

async function pendingMigrations(db: Queryable, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const current = await currentMigration(db);
  const latest = migrations.at(-1)?.number ?? 0;
  if (current > latest) {
    const message = `the database is at migration ${current}, this version knows only ${latest}: use a newer version`;
    throw new TollgateError('SCHEMA_TOO_NEW', message, { details: { current, latest } });
  }
  return migrations.filter(({ number }) => number > current);
}

async function currentMigration(db: Queryable): Promise<number> {
  if (!(await hasTable(db, 'migration'))) return 0;
  const [row] = await db.query<{ number: number | null }>('select max(number) as number from {schema}.migration');
  return row?.number ?? 0;
}

/** A role that may not create schemas can still use one that was made for it. */
async function createLedger(tx: Queryable, schema: string): Promise<void> {
  const found = await tx.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (found.length === 0) await tx.query('create schema {schema}');
  await tx.query(`create table if not exists {schema}.migration (
    number integer primary key, name text not null, applied_at timestamptz not null default clock_timestamp())`);
}

async function assertServer(tx: Queryable): Promise<void> {
  const [row] = await tx.query<{ major: number }>("select current_setting('server_version_num')::int / 10000 as major");
  if (row && row.major >= oldestServer) return;
  const message = `the server is PostgreSQL ${row?.major}; ${oldestServer} is the oldest that works`;
  throw new TollgateError('CONFIGURATION', message, { field: 'database' });
}
