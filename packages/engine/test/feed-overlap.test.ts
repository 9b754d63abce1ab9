import { describe, expect, test } from 'vitest';
import { createFeedReader } from '../src/storage/feed-reader.js';
import { pruneFeed } from '../src/storage/feed-store.js';
import { implementations } from './databases.js';
import { append, firstBatch, follow, hour, start, until } from './feed-listening.js';

describe('the change feed on Postgres, where transactions overlap', () => {
  const postgres = implementations.filter(({ name }) => name === 'Postgres');

  test.each(postgres)(
    'a long transaction holds nobody up, and its own change is heard when it ends',
    async ({ open }) => {
      const { database, drop } = await open();
      const reader = createFeedReader(database, { clock: () => 0 });
      let finish = () => {};
      try {
        const follower = follow(reader);
        await firstBatch(follower);
        const finished = new Promise<void>((resolve) => {
          finish = resolve;
        });
        let begun = false;
        const long = database.transaction(async (tx) => {
          await append(tx, 'long');
          begun = true;
          await finished;
        });
        await until(() => expect(begun).toBe(true));
        for (let index = 0; index < 20; index++) await database.transaction((tx) => append(tx, `short-${index}`));
        await until(() => expect(follower.customers()).toHaveLength(20));
        const resumed = follow(reader, follower.cursor());
        await firstBatch(resumed);

        // Long enough for everything that was visible to be pruned; what nobody could see yet must stay.
        await pruneFeed(database, { now: start + 60_000, retentionMs: hour, rowsMax: 100 });
        await database.transaction((tx) => append(tx, 'after the mark'));
        await until(() =>
          expect([follower, resumed].map((each) => each.customers().at(-1))).toEqual(Array(2).fill('after the mark')),
        );
        expect(await pruneFeed(database, { now: start + 2 * hour, retentionMs: hour, rowsMax: 100 })).toBe(20);
        const cursor = follower.cursor();
        finish();
        await long;
        expect(await pruneFeed(database, { now: start + 2 * hour + 1, retentionMs: hour, rowsMax: 100 })).toBe(0);
        await until(() =>
          expect([follower.customers().at(-1), resumed.customers()]).toEqual(['long', ['after the mark', 'long']]),
        );
        const late = follow(reader, cursor);
        await until(() => expect(late.customers()).toEqual(['long']));
        expect([...follower.batches, ...resumed.batches, ...late.batches].some(({ isResync }) => isResync)).toBe(false);
      } finally {
        finish();
        await reader.close();
        await drop();
      }
    },
  );
});
