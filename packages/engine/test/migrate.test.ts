import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Database } from '../src/storage/database.js';
import { readEpoch, renewEpoch } from '../src/storage/meta-store.js';
import { migrate, requireMigrated } from '../src/storage/migrate.js';
import { migrations } from '../src/storage/migrations.generated.js';
import { openDatabase } from '../src/storage/open-database.js';
import { dropSchema, implementations, type TestDatabase, uniqueSchema } from './databases.js';

const schemas: string[] = [];
const open: Database[] = [];

/** A database whose schema does not exist yet. */
async function emptyDatabase(schema = uniqueSchema()): Promise<Database> {
  const database = await openDatabase(inject('postgresUrl'), { schema });
  schemas.push(schema);
  open.push(database);
  return database;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()));
  for (const schema of new Set(schemas.splice(0))) await dropSchema(schema);
});

const applied = (database: Database) => database.query('select number, name from {schema}.migration order by number');
const all = migrations.map(({ number, name }) => ({ number, name }));

test('twenty processes that start at once migrate once, and agree on the epoch', async () => {
  const schema = uniqueSchema();
  const databases = await Promise.all(Array.from({ length: 20 }, () => emptyDatabase(schema)));
  await Promise.all(databases.map((database) => migrate(database)));
  expect(await applied(databases[0] as Database)).toEqual(all);
  const epochs = await Promise.all(databases.slice(0, 3).map((database) => readEpoch(database)));
  expect(new Set(epochs).size).toBe(1);
});

test('a database that is up to date is left as it is', async () => {
  const database = await emptyDatabase();
  await migrate(database);
  const epoch = await readEpoch(database);
  await migrate(database);
  expect(await readEpoch(database)).toBe(epoch);
});

test('a later version applies only what is new', async () => {
  const database = await emptyDatabase();
  const first = {
    number: 1,
    name: 'one',
    sql: 'create table {schema}.one (id int); insert into {schema}.one values (1);',
  };
  const second = { number: 2, name: 'two', sql: 'update {schema}.one set id = id + 1' };
  await migrate(database, [first]);
  await migrate(database, [first, second]);
  expect(await database.query('select id from {schema}.one')).toEqual([{ id: 2 }]);
});

test('customers with something that runs are due for recurring credits from their last change on', async () => {
  const database = await emptyDatabase();
  await migrate(database, migrations.slice(0, 3));
  await database.query("insert into {schema}.environment (id, created_at) values ('e', now())");
  const customers = [
    { id: 'due', status: 'ACTIVE', lastNow: 500, nextDue: 300 },
    { id: 'later', status: 'IN_TRIAL', lastNow: 500, nextDue: 900 },
    { id: 'quiet', status: 'ACTIVE', lastNow: 500, nextDue: null },
    { id: 'gone', status: 'CANCELED', lastNow: 500, nextDue: null },
  ];
  for (const { id, status, lastNow, nextDue } of customers) {
    await database.query(
      "insert into {schema}.customer (environment, customer_id, created_at, updated_at, metadata) values ('e', $1, 0, 0, '{}')",
      [id],
    );
    await database.query(
      `insert into {schema}.customer_revision (environment, customer_id, revision, last_now, next_due)
       values ('e', $1, 1, $2, $3)`,
      [id, lastNow, nextDue],
    );
    await database.query(
      `insert into {schema}.subscription (environment, customer_id, subscription_id, product_id, plan_id, plan_version,
              pricing_type, status, addons, start_date, metadata, created_at, usage_anchor)
       values ('e', $1, $1, 'app', 'plan', 1, 'FREE', $2, '[]', 0, '{}', 0, 0)`,
      [id, status],
    );
  }
  await migrate(database);
  const rows = await database.query<{ id: string; nextDue: number | null }>(
    'select customer_id as id, next_due as "nextDue" from {schema}.customer_revision',
  );
  const due = Object.fromEntries(rows.map(({ id, nextDue }) => [id, nextDue]));
  expect(due).toEqual({ due: 300, later: 500, quiet: 500, gone: null });
});

test('an older version refuses a database that a newer one migrated', async () => {
  const database = await emptyDatabase();
  const next = { number: all.length + 1, name: 'later', sql: 'create table {schema}.later (id int)' };
  await migrate(database, [...migrations, next]);
  const tooNew = { code: 'SCHEMA_TOO_NEW', details: { current: all.length + 1, latest: all.length } };
  await expect(migrate(database)).rejects.toMatchObject(tooNew);
  await expect(requireMigrated(database)).rejects.toMatchObject(tooNew);
});

test('a migration that fails leaves nothing behind', async () => {
  const database = await emptyDatabase();
  const good = { number: 1, name: 'good', sql: 'create table {schema}.good (id int)' };
  const bad = { number: 2, name: 'bad', sql: 'create table {schema}.bad (id int); select 1 / 0;' };
  await expect(migrate(database, [good, bad])).rejects.toMatchObject({ code: '22012' });
  expect(await database.query('select 1 from pg_namespace where nspname = $1', [database.schema])).toEqual([]);
});

test('a process that may not migrate says what is missing', async () => {
  const database = await emptyDatabase();
  await expect(requireMigrated(database)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'migrate' });
  await expect(requireMigrated(database)).rejects.toThrow(
    `schema "${database.schema}" is at migration 0, this version needs ${all.length}: run "tollgate migrate" first`,
  );
  await migrate(database);
  await requireMigrated(database);
});

test('two schemas of one server hold two databases', async () => {
  const [left, right] = [await emptyDatabase(), await emptyDatabase()];
  await migrate(left);
  await migrate(right);
  await left.query("insert into {schema}.environment (id, created_at) values ('only-left', now())");
  expect(await right.query('select id from {schema}.environment')).toEqual([]);
  expect(await readEpoch(left)).not.toBe(await readEpoch(right));
});

test('a role that may not create schemas migrates the one that was made for it', async () => {
  const schema = uniqueSchema();
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  await admin.query(`create role "${schema}" login; create schema "${schema}" authorization "${schema}"`);
  const url = new URL(inject('postgresUrl'));
  url.username = schema;
  const database = await openDatabase(url.href, { schema });
  try {
    await migrate(database);
    expect(await applied(database)).toEqual(all);
  } finally {
    await database.close();
    await dropSchema(schema);
    await admin.query(`drop role "${schema}"`);
    await admin.end();
  }
});

test('the module that carries the migrations is in step with the SQL files', () => {
  const script = join(import.meta.dirname, '..', 'scripts', 'generate.mjs');
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

describe.each(implementations)('the epoch on $name', (implementation) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await implementation.open();
  });
  afterAll(() => opened.drop());

  test('starts with the milliseconds at which the database was made, in hex', async () => {
    const { database } = opened;
    const epoch = await readEpoch(database);
    expect(epoch).toMatch(/^[0-9a-f]{12}-[0-9a-f]{12}$/);
    const [clock] = await database.query<{ now: number }>('select now() as now');
    const age = (clock?.now ?? 0) - Number.parseInt(epoch.slice(0, 12), 16);
    expect(age).toBeGreaterThanOrEqual(-1);
    expect(age).toBeLessThan(3_600_000);
  });

  test('grows with every renewal, even when the clock was ahead before', async () => {
    const { database } = opened;
    await database.query("update {schema}.meta set epoch = 'f00000000000-abc'");
    await renewEpoch(database);
    expect((await readEpoch(database)).slice(0, 13)).toBe('f00000000001-');
  });
});
