import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../src/storage/database.js';
import { createFeedReader, type FeedReader, type FeedReaderOptions } from '../src/storage/feed-reader.js';
import { appendFeed, appendPublish, pruneFeed } from '../src/storage/feed-store.js';
import { renewEpoch } from '../src/storage/meta-store.js';
import { implementations, type TestDatabase } from './databases.js';
import { append, firstBatch, follow, hour, start, until, usage } from './feed-listening.js';

describe.each(implementations)('the change feed on $name', ({ name, open }) => {
  let opened: TestDatabase;
  let database: Database;
  let now: number;
  let errors: unknown[];
  const readers: FeedReader[] = [];

  function newReader(options: Partial<FeedReaderOptions> = {}): FeedReader {
    const reader = createFeedReader(database, { clock: () => now, onError: (error) => errors.push(error), ...options });
    readers.push(reader);
    return reader;
  }
  const write = (customerId: string, revision = 1, environmentId = 'main') =>
    database.transaction((tx) => append(tx, customerId, revision, environmentId));

  beforeAll(async () => {
    opened = await open();
    database = opened.database;
  });
  afterAll(() => opened.drop());
  beforeEach(async () => {
    // As empty as on the first day: a new database takes a second, and there is a test for each line.
    await database.query('truncate {schema}.environment, {schema}.feed, {schema}.feed_mark restart identity cascade');
    await database.query('update {schema}.meta set feed_pruned = null');
    now = start;
    errors = [];
    await database.query(
      "insert into {schema}.environment (id, catalog, created_at) values ('main', 4, now()), ('side', 9, now())",
    );
  });
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  });

  test('a follower from now hears an empty batch at once, then what changes, as it was written', async () => {
    await write('before');
    const follower = follow(newReader());
    await firstBatch(follower);
    expect(follower.batches[0]).toMatchObject({ catalog: 4, isResync: false, usage: [], grants: [] });
    const version = { epoch: 'e', catalog: 4, revision: 8, validFrom: start };
    await database.transaction((tx) =>
      appendFeed(tx, {
        environmentId: 'main',
        customerId: 'c',
        usage: [usage('c', 8)],
        wallets: [],
        grants: [{ key: { customerId: 'c', resourceId: 'r' }, version }],
      }),
    );
    await until(() => expect(follower.customers()).toEqual(['c']));
    expect(follower.batches.at(-1)).toMatchObject({
      usage: [usage('c', 8)],
      grants: [{ key: { customerId: 'c', resourceId: 'r' }, version }],
    });
  });

  test('a change that is rolled back is never heard of', async () => {
    const follower = follow(newReader());
    await firstBatch(follower);
    const failing = database.transaction(async (tx) => {
      await append(tx, 'undone');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await write('done');
    await until(() => expect(follower.customers()).toEqual(['done']));
  });

  test('a publish reaches the followers of its environment as a new catalog number', async () => {
    const reader = newReader();
    const [main, side] = [follow(reader), follow(reader, null, 'side')];
    await firstBatch(main);
    await firstBatch(side);
    await database.transaction(async (tx) => {
      await tx.query("update {schema}.environment set catalog = catalog + 1 where id = 'main'");
      await appendPublish(tx, 'main');
    });
    await until(() => expect(main.batches.at(-1)?.catalog).toBe(5));
    expect(new Set(side.batches.map(({ catalog }) => catalog))).toEqual(new Set([9]));
  });

  test('two environments never hear of each other', async () => {
    const reader = newReader();
    const main = follow(reader);
    await firstBatch(main);
    const side = follow(reader, null, 'side');
    await firstBatch(side);
    for (let index = 0; index < 10; index++) {
      await write(`main-${index}`);
      await write(`side-${index}`, 1, 'side');
    }
    await until(() => {
      expect(main.customers()).toHaveLength(10);
      expect(side.customers()).toHaveLength(10);
    });
    expect(main.customers().filter((id) => !id.startsWith('main-'))).toEqual([]);
    expect(side.customers().filter((id) => !id.startsWith('side-'))).toEqual([]);
    const resumed = follow(reader, main.batches[0]?.cursor ?? null, 'side');
    await until(() => expect(resumed.customers()).toHaveLength(10));
    expect(resumed.customers().every((id) => id.startsWith('side-'))).toBe(true);
  });

  test('a follower that resumes hears what it missed, once', async () => {
    const reader = newReader();
    const first = follow(reader);
    await firstBatch(first);
    await write('heard');
    await until(() => expect(first.customers()).toEqual(['heard']));
    first.close();
    await write('missed-1');
    await write('missed-2');
    const second = follow(reader, first.cursor());
    await write('later');
    await until(() => expect(second.customers().sort()).toEqual(['later', 'missed-1', 'missed-2']));
    expect(second.batches.some(({ isResync }) => isResync)).toBe(false);
    expect(first.customers()).toEqual(['heard']);
  });

  test('many states of one part become few, and the last one heard is the newest', async () => {
    const follower = follow(newReader());
    await firstBatch(follower);
    await Promise.all(Array.from({ length: 200 }, (_, index) => write('busy', index + 1)));
    const lastHeard = () => follower.batches.flatMap((batch) => batch.usage).at(-1)?.part.version.revision;
    await until(() => expect(lastHeard()).toBe(200));
    expect(follower.batches.every((batch) => batch.usage.length <= 1)).toBe(true);
    expect(follower.customers().length).toBeLessThan(200);
  });

  test.each(['no cursor at all', '0/1:1:', 'ffffffffffff-x/99999999:99999999:'])(
    'the cursor "%s" makes the follower start anew',
    async (cursor) => {
      const follower = follow(newReader(), cursor);
      await firstBatch(follower);
      expect(follower.batches[0]).toMatchObject({ isResync: true, usage: [], grants: [] });
      await write('after');
      await until(() => expect(follower.customers()).toEqual(['after']));
      expect(follower.batches.filter(({ isResync }) => isResync)).toHaveLength(1);
    },
  );

  test('a cursor of the same epoch from beyond the present makes the follower start anew', async () => {
    const reader = newReader();
    const first = follow(reader);
    await firstBatch(first);
    const follower = follow(reader, `${first.batches[0]?.epoch}/99999999999:99999999999:`);
    await firstBatch(follower);
    expect(follower.batches[0]?.isResync).toBe(true);
  });

  test('a new epoch makes everybody start anew, those who follow and those who resume', async () => {
    const reader = newReader();
    const follower = follow(reader);
    await firstBatch(follower);
    const cursor = follower.cursor();
    await renewEpoch(database);
    await until(() => expect(follower.batches.some(({ isResync }) => isResync)).toBe(true));
    const epoch = follower.batches.at(-1)?.epoch;
    expect(epoch).not.toBe(follower.batches[0]?.epoch);
    const resumed = follow(reader, cursor);
    await firstBatch(resumed);
    expect(resumed.batches[0]).toMatchObject({ isResync: true, epoch });
  });

  test('a follower that is too many rows behind starts anew', async () => {
    const reader = newReader({ rowsMax: 5 });
    const first = follow(reader);
    await firstBatch(first);
    first.close();
    for (let index = 0; index < 5; index++) await write(`c-${index}`);
    const close = follow(reader, first.cursor());
    await until(() => expect(close.customers()).toHaveLength(5));
    await write('c-5');
    const behind = follow(reader, first.cursor());
    await firstBatch(behind);
    expect(behind.batches[0]).toMatchObject({ isResync: true, usage: [] });
  });

  test('rows are kept for an hour, and whoever was away longer starts anew', async () => {
    // Readers that do not know the time mark and prune nothing themselves.
    const reader = newReader({ clock: () => 0 });
    const first = follow(reader);
    await firstBatch(first);
    first.close();
    await write('old-1');
    await write('old-2');
    await write('old-3');
    const prune = () => pruneFeed(database, { now, retentionMs: hour, rowsMax: 2 });
    now = start + 60_000;
    expect(await prune()).toBe(0);
    await write('young');

    now = start + 60_000 + hour - 1;
    expect(await prune()).toBe(0);
    const inTime = follow(reader, first.cursor());
    await until(() => expect(inTime.customers()).toHaveLength(4));
    now = start + 60_000 + hour;
    expect([await prune(), await prune(), await prune()]).toEqual([2, 1, 0]);
    const resumed = follow(newReader({ clock: () => 0 }), first.cursor());
    await firstBatch(resumed);
    expect(resumed.batches[0]?.isResync).toBe(true);
    const rows = await database.query('select customer from {schema}.feed');
    expect(rows).toEqual([{ customer: 'young' }]);
  });

  test('a reader ages rows by itself once it knows the time', async () => {
    now = 0;
    const follower = follow(newReader());
    await firstBatch(follower);
    await write('c');
    await until(() => expect(follower.customers()).toEqual(['c']));
    expect(await database.query('select 1 from {schema}.feed_mark')).toEqual([]);
    now = start;
    await until(async () =>
      expect(await database.query('select marked_at from {schema}.feed_mark')).toEqual([{ marked_at: start }]),
    );
  });

  test('a listener that throws keeps nobody else from hearing', async () => {
    const reader = newReader();
    reader.follow('main', null, {
      onBatch: () => {
        throw new Error('broken listener');
      },
      onEnd: () => undefined,
    });
    const follower = follow(reader);
    await firstBatch(follower);
    await write('c');
    await until(() => expect(follower.customers()).toEqual(['c']));
    expect(errors.map(String)).toContain('Error: broken listener');
  });

  test('a quiet feed shows that it is alive', async () => {
    const follower = follow(newReader());
    await until(() => expect(follower.batches.length).toBeGreaterThan(2));
    expect(follower.batches.every((batch) => batch.usage.length === 0 && !batch.isResync)).toBe(true);
  });

  test('while the database cannot be read there is silence, and afterwards nothing is missing', async () => {
    const reader = newReader();
    const follower = follow(reader);
    await firstBatch(follower);
    await database.transaction(async (tx) => {
      await append(tx, 'during');
      await tx.query('alter table {schema}.feed rename to feed_away');
    });
    await until(() => expect(errors.length).toBeGreaterThan(1));
    const newcomer = follow(reader, follower.cursor());
    await until(() => expect(errors.length).toBeGreaterThan(3));
    expect([follower.customers(), newcomer.batches]).toEqual([[], []]);
    await database.query('alter table {schema}.feed_away rename to feed');
    await until(() => expect([follower.customers(), newcomer.customers()]).toEqual([['during'], ['during']]));
  });

  test('a newcomer whose first read was overtaken by the common one misses nothing', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = false;
    const held: Database = {
      ...database,
      // Reads of one environment are those for newcomers.
      query: async <R>(text: string, values: readonly unknown[] = []) => {
        const rows = await database.query<R>(text, values);
        if (isHeld && Array.isArray(values[1])) await released;
        return rows;
      },
    };
    const reader = createFeedReader(held, { clock: () => now });
    readers.push(reader);
    const steady = follow(reader);
    await firstBatch(steady);
    isHeld = true;
    const newcomer = follow(reader);
    await until(() => expect(steady.batches.length).toBeGreaterThan(1));
    await write('overtaking');
    await until(() => expect(steady.customers()).toEqual(['overtaking']));
    release();
    await until(() => expect(newcomer.customers()).toEqual(['overtaking']));
  });

  test('closing the reader ends its followers without an error, and those that come later', async () => {
    const reader = newReader();
    const follower = follow(reader);
    await firstBatch(follower);
    await reader.close();
    expect(follower.ends).toEqual([null]);
    expect(follow(reader).ends).toEqual([null]);
  });

  test('of 15 writers, each change is heard exactly once, by those who stay and those who come and go', async () => {
    const reader = newReader();
    const steady = follow(reader);
    await firstBatch(steady);
    const cursor = steady.batches[0]?.cursor ?? null;

    const written: string[] = [];
    let isWriting = true;
    const writers = Array.from({ length: 15 }, async (_, writer) => {
      for (let index = 0; index < 20; index++) {
        const customerId = `c-${writer}-${index}`;
        await database.transaction(async (tx) => {
          await append(tx, customerId);
          // Rows are made in one order and committed in another.
          if (name === 'Postgres')
            await tx.query('select pg_sleep($1::float8)', [((writer * 7 + index * 13) % 23) / 1000]);
        });
        written.push(customerId);
      }
    });
    const heardByVisitor: string[] = [];
    const visitor = (async () => {
      for (let at: string | null = cursor; isWriting || heardByVisitor.length < 300; ) {
        const visit = follow(reader, at);
        await firstBatch(visit);
        visit.close();
        heardByVisitor.push(...visit.customers());
        at = visit.cursor();
      }
    })();
    await Promise.all(writers);
    isWriting = false;
    await visitor;
    await until(() => expect(steady.customers()).toHaveLength(300));
    expect(steady.customers().sort()).toEqual([...written].sort());
    expect(heardByVisitor.sort()).toEqual([...written].sort());
    expect(steady.batches.some(({ isResync }) => isResync)).toBe(false);
  });
});
