import { setImmediate as otherWork } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/storage/database.js';
import { afterCommit } from '../src/storage/guarded-database.js';
import { implementations, type TestDatabase } from './databases.js';

describe.each(implementations)('a database on $name', ({ open }) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await open();
    database = opened.database;
    await database.query('create table {schema}.sample (id int8 primary key, name text)');
  });
  afterAll(() => opened.drop());

  const names = async () =>
    (await database.query<{ name: string }>('select name from {schema}.sample order by id')).map((row) => row.name);

  test('gives int8 as a number, numeric as a string, a timestamp as epoch milliseconds', async () => {
    const [row] = await database.query(`select 9007199254740991::int8 as big, 1.500000::numeric as amount,
      timestamptz '2026-01-31 13:00:00.123456+01' as instant, true as flag, 7::int4 as small, 0.5::float8 as half,
      '{"a": [1]}'::jsonb as json, null::int8 as nothing, 'text' as name, '5'::xid8 as xid`);
    expect(row).toEqual({
      big: 9007199254740991,
      amount: '1.500000',
      instant: Date.UTC(2026, 0, 31, 12, 0, 0, 123),
      flag: true,
      small: 7,
      half: 0.5,
      json: { a: [1] },
      nothing: null,
      name: 'text',
      xid: '5',
    });
  });

  test('gives arrays with the same elements', async () => {
    const [row] = await database.query(`select array[1, 2]::int8[] as big, array[1.50, null]::numeric[] as amounts,
      array['a', 'b c', 'quote " and \\ backslash', 'NULL', '', null, '{x,y}']::text[] as names, '{}'::text[] as none,
      array[timestamptz '1970-01-01 00:00:01Z'] as instants, array['{"a": "b,c"}'::jsonb] as objects`);
    expect(row).toEqual({
      big: [1, 2],
      amounts: ['1.50', null],
      names: ['a', 'b c', 'quote " and \\ backslash', 'NULL', '', null, '{x,y}'],
      none: [],
      instants: [1000],
      objects: [{ a: 'b,c' }],
    });
  });

  test('takes the values that JavaScript has', async () => {
    const values = [5, 12345678901234567890n, true, null, ['x', 'y "z"', '\\'], { k: [1] }, new Date(1000), 'plain'];
    const [row] = await database.query(
      `select $1::int4 as number, $2::numeric as bigint, $3::bool as flag, $4::text as nothing, $5::text[] as list,
        $6::jsonb as json, $7::timestamptz as instant, $8::text as text`,
      values,
    );
    expect(row).toEqual({
      number: 5,
      bigint: '12345678901234567890',
      flag: true,
      nothing: null,
      list: ['x', 'y "z"', '\\'],
      json: { k: [1] },
      instant: 1000,
      text: 'plain',
    });
  });

  test('keeps what a transaction wrote when it succeeds, and nothing of it when it fails', async () => {
    await database.transaction((tx) => tx.query('insert into {schema}.sample values (1, $1)', ['kept']));
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into {schema}.sample values (2, $1)', ['lost']);
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    expect(await names()).toEqual(['kept']);
  });

  test('rolls back after a failed statement and goes on working', async () => {
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into {schema}.sample values (3, $1)', ['lost']);
      await tx.query('insert into {schema}.sample values (1, $1)', ['twice']);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual(['kept']);
  });

  test('commits nothing when the error of a failed statement is caught inside the transaction', async () => {
    const swallowing = database.transaction(async (tx) => {
      await tx.query('insert into {schema}.sample values (4, $1)', ['lost']);
      await tx.query('select 1 / 0').catch(() => []);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'INTERNAL', cause: { code: '22012' } });
    expect(await names()).toEqual(['kept']);
  });

  test('refuses query and transaction inside a transaction of the same database', async () => {
    const query = database.transaction(() => database.query('select 1'));
    await expect(query).rejects.toThrow('query() was called inside a transaction');
    const nested = database.transaction(() => database.transaction(async () => undefined));
    await expect(nested).rejects.toThrow('transaction() was called inside a transaction');
  });

  test('lets work that a transaction started go on after its end', async () => {
    let later: Promise<unknown> | undefined;
    let release = () => {};
    const ended = new Promise<void>((resolve) => {
      release = resolve;
    });
    await database.transaction(async () => {
      later = ended.then(() => database.query('select 1 as one'));
    });
    release();
    expect(await later).toEqual([{ one: 1 }]);
  });

  test('refuses a statement on a transaction that is over', async () => {
    const tx = await database.transaction(async (running) => running);
    await expect(tx.query('select 1')).rejects.toThrow('the transaction is over');
  });

  test('runs several statements in one script, inside the transaction', async () => {
    const failing = database.transaction(async (tx) => {
      await database.script(
        tx,
        "insert into {schema}.sample values (5, 'a'); insert into {schema}.sample values (5, 'b')",
      );
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    await database.transaction((tx) =>
      database.script(tx, "insert into {schema}.sample values (6, 'a'); delete from {schema}.sample where id = 6"),
    );
    expect(await names()).toEqual(['kept']);
  });

  test('reads one instant throughout a repeatable read transaction, and writes nothing in a read only one', async () => {
    const options = { isolation: 'repeatable read', readOnly: true } as const;
    const [settings] = await database.transaction(
      (tx) =>
        tx.query(`select current_setting('transaction_isolation') as isolation,
          current_setting('transaction_read_only') as "readOnly"`),
      options,
    );
    expect(settings).toEqual({ isolation: 'repeatable read', readOnly: 'on' });
    const writing = database.transaction((tx) => tx.query('delete from {schema}.sample'), options);
    await expect(writing).rejects.toMatchObject({ code: '25006' });
  });

  test('calls back after a commit and not after a rollback', async () => {
    const heard: string[] = [];
    await database.transaction(async (tx) => {
      afterCommit(tx, () => heard.push('committed'));
      await tx.query('select 1');
      expect(heard).toEqual([]);
    });
    const failing = database.transaction(async (tx) => {
      afterCommit(tx, () => heard.push('rolled back'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(heard).toEqual(['committed']);
  });

  test('answers statements that run side by side', async () => {
    const rows = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 === 0
          ? database.query('select $1::int4 as index', [index])
          : database.transaction(async (tx) => {
              await otherWork();
              return tx.query('select $1::int4 as index', [index]);
            }),
      ),
    );
    expect(rows.flat()).toEqual(Array.from({ length: 30 }, (_, index) => ({ index })));
  });

  test('finishes what is running before it closes, and refuses what comes after', async () => {
    const own = await open();
    let finished = false;
    const running = own.database.transaction(async (tx) => {
      await otherWork();
      await tx.query('select 1');
      finished = true;
    });
    await own.database.close();
    expect(finished).toBe(true);
    await running;
    await expect(own.database.query('select 1')).rejects.toMatchObject({ code: 'CLOSED' });
    await own.drop();
  });
});
