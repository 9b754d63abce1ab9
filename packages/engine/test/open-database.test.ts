import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readEpoch } from '../src/storage/meta-store.js';
import { migrate } from '../src/storage/migrate.js';
import { openDatabase } from '../src/storage/open-database.js';
import { dropSchema, uniqueSchema } from './databases.js';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tollgate-open-')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a folder keeps its data over a restart, and is held by one at a time', async () => {
  const folder = join(root, 'made', 'on the way');
  const template = inject('pgliteTemplate');
  const first = await openDatabase(folder, { template });
  await migrate(first);
  await first.query("insert into {schema}.environment (id, created_at) values ('kept', now())");
  const epoch = await readEpoch(first);
  await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'DATABASE_IN_USE', details: { folder } });
  await first.close();

  const second = await openDatabase(folder, { template });
  expect(await second.query('select id from {schema}.environment')).toEqual([{ id: 'kept' }]);
  expect(await readEpoch(second)).toBe(epoch);
  await second.close();
});

test('a database that was never finished is made anew', async () => {
  const folder = join(root, 'unfinished');
  mkdirSync(join(folder, 'data.unfinished'), { recursive: true });
  writeFileSync(join(folder, 'data.unfinished', 'PG_VERSION'), '18');
  const database = await openDatabase(folder, { template: inject('pgliteTemplate') });
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(folder, 'data.unfinished'))).toBe(false);
  await database.close();
});

test('a database is made from nothing when there is no template', async () => {
  const database = await openDatabase('memory');
  await migrate(database);
  expect(await database.query('select id from {schema}.environment')).toEqual([]);
  await database.close();
});

test('two copies of one template are two databases', async () => {
  const template = inject('pgliteTemplate');
  const [left, right] = [await openDatabase('memory', { template }), await openDatabase('memory', { template })];
  expect(await readEpoch(left)).not.toBe(await readEpoch(right));
  await left.close();
  await right.close();
});

test('a pool that was handed over stays as it was: open, with its own parsers and settings', async () => {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  const schema = uniqueSchema();
  try {
    const database = await openDatabase(pool, { schema });
    await migrate(database);
    const [ours] = await database.query('select 5::int8 as big');
    expect(ours).toEqual({ big: 5 });
    await database.close();
    const { rows } = await pool.query("select 5::int8 as big, current_setting('search_path') as path");
    expect(rows).toEqual([{ big: '5', path: '"$user", public' }]);
    expect(pool.listenerCount('error')).toBe(0);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  } finally {
    await pool.end();
    await dropSchema(schema);
  }
});

test('a connection of our own plans each statement once; one of a pool that was handed over keeps nothing', async () => {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  const [own, borrowed] = [await openDatabase(inject('postgresUrl')), await openDatabase(pool)];
  const prepared = (database: typeof own) =>
    database.transaction(async (tx) => {
      await tx.query('select $1::int as one', [1]);
      return tx.query('select statement from pg_prepared_statements order by statement');
    });
  expect(await prepared(own)).toContainEqual({ statement: 'select $1::int as one' });
  expect(await prepared(borrowed)).toEqual([]);
  await own.close();
  await borrowed.close();
  await pool.end();
});

test('parsers that the application registered for itself do not reach the engine', async () => {
  const original = pg.types.getTypeParser(23);
  pg.types.setTypeParser(23, () => 'theirs');
  const database = await openDatabase(inject('postgresUrl'));
  try {
    expect(await database.query('select 7 as number')).toEqual([{ number: 7 }]);
  } finally {
    pg.types.setTypeParser(23, original);
    await database.close();
  }
});

test('a connection that breaks inside a transaction is an error of that transaction only', async () => {
  const database = await openDatabase(inject('postgresUrl'));
  const broken = database.transaction(async (tx) => {
    await tx.query('select pg_terminate_backend(pg_backend_pid())');
  });
  await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE', isRetryable: true });
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  await database.close();
});

test('a server that does not answer is an error that may be retried', async () => {
  const database = await openDatabase('postgres://postgres@127.0.0.1:1/nowhere');
  await expect(database.query('select 1')).rejects.toMatchObject({ code: 'UNAVAILABLE', isRetryable: true });
  await expect(database.transaction(async () => 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await database.close();
});

test.each([
  ['an empty text', '', 'database must not be empty'],
  ['another kind of URL', 'mysql://localhost/x', 'database has the scheme "mysql"'],
  ['something that is no pool', {} as pg.Pool, 'database must be "memory", a folder, a Postgres URL or a pg pool'],
])('%s is refused with the rule', async (_name, source, rule) => {
  await expect(openDatabase(source)).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'database' });
  await expect(openDatabase(source)).rejects.toThrow(rule);
});

test.each(['', 'pg_mine', 'quo"te', '1st', 'x'.repeat(64)])('the schema name "%s" is refused', async (schema) => {
  const opening = openDatabase(inject('postgresUrl'), { schema });
  await expect(opening).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'schema' });
});
