import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CounterBook, openCounterBook } from '../src/counter-book.js';
import type { CounterWindow, RunningWindow } from '../src/entitlement/scope-windows.js';
import type { Database } from '../src/storage/database.js';
import { foldWindows, readWindows } from '../src/storage/usage-store.js';
import type { Aggregation } from '../src/usage/counter.js';
import { wholeTime } from '../src/usage/usage-window.js';
import { implementations } from './databases.js';

const now = 60;

interface Entry {
  isSet: boolean;
  /** In millionths. */
  value: number;
  at: number;
  distinct: string | null;
}

/** One transaction: how periods lie by then, and what is counted under it. */
interface Batch {
  /** Null: all of time is one period. */
  length: number | null;
  /** A plan transition at this instant, made by the transaction before this one. */
  cut: number | null;
  entries: Entry[];
}

const entry = fc.record({
  isSet: fc.boolean(),
  value: fc.integer({ min: -7_000_001, max: 7_000_001 }),
  at: fc.integer({ min: 0, max: now - 1 }),
  distinct: fc.constantFrom('"a"', '"b"', '1', '"1"', 'true', null),
});
const batch = fc.record({
  length: fc.constantFrom(null, 20, 30),
  cut: fc.constantFrom(null, 20, 25, 40, 50),
  entries: fc.array(entry, { minLength: 1, maxLength: 6 }),
});
const histories = fc.record({
  aggregation: fc.constantFrom<Aggregation>('SUM', 'MAX', 'MIN', 'AVG', 'UNIQUE'),
  batches: fc.array(batch, { minLength: 1, maxLength: 5 }),
});

type Counted = Entry & { revision: number };

/** By definition: what a window's rows come to, in millionths. Rows are given in the order of their arrival. */
function foldByHand(aggregation: Aggregation, window: CounterWindow, arrived: readonly Counted[]): bigint {
  const rows = arrived.filter(({ at, revision }) => {
    const isLate = window.afterRevision === null || at > window.windowStart || revision > window.afterRevision;
    return at >= window.windowStart && at < window.windowEnd && isLate;
  });
  const values = rows.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  if (rows.length === 0) return 0n;
  if (aggregation === 'MAX') return BigInt(Math.max(...values));
  if (aggregation === 'MIN') return BigInt(Math.min(...values));
  // `Math.round` rounds the half up too.
  if (aggregation === 'AVG') return BigInt(Math.round(sum / values.length));
  if (aggregation === 'UNIQUE')
    return BigInt(new Set(rows.flatMap(({ distinct }) => distinct ?? [])).size) * 1_000_000n;
  const inOrder = rows.map((row, place) => ({ ...row, place })).sort((a, b) => a.at - b.at || a.place - b.place);
  const lastSet = inOrder.findLastIndex(({ isSet }) => isSet);
  return BigInt(inOrder.slice(Math.max(lastSet, 0)).reduce((total, { value }) => total + value, 0));
}

describe.each(implementations)('the counter book on $name', (implementation) => {
  let database: Database;
  let drop: () => Promise<void>;
  let lastCustomer = 0;
  beforeAll(async () => {
    ({ database, drop } = await implementation.open());
  });
  afterAll(() => drop());

  const newKey = () => ({ environmentId: 'test', customerId: `customer-${++lastCustomer}` });

  const windowOf = (aggregation: Aggregation, { length, cut }: Omit<Batch, 'entries'>, cutRevision: number) => {
    const counted = { featureId: 'feature', resourceId: '', aggregation };
    const at = (instant: number): CounterWindow => {
      if (length === null) return { ...counted, ...wholeTime };
      const start = Math.floor(instant / length) * length;
      const [windowStart, windowEnd] = [start, start + length];
      if (cut === null || cut < start) return { ...counted, windowStart, windowEnd, afterRevision: null };
      if (instant < cut) return { ...counted, windowStart, windowEnd: Math.min(windowEnd, cut), afterRevision: null };
      return { ...counted, windowStart: cut, windowEnd, afterRevision: cutRevision };
    };
    return { ...at(now - 1), at } satisfies RunningWindow;
  };

  const countAll = async (book: CounterBook, window: RunningWindow, entries: readonly Entry[]) => {
    const changes: bigint[] = [];
    for (const { isSet, value, at, distinct } of entries) {
      const measurement = { measurementId: 'm', dimensions: null, createdAt: at, distinctValue: distinct };
      changes.push(
        await book.count(window, { ...measurement, behavior: isSet ? 'SET' : 'DELTA', value: BigInt(value) }),
      );
    }
    return changes;
  };

  // fast-check prints the seed and the path of what fails.
  test('keeps every aggregation up row by row as its rows say, in any order, and tells each change', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ aggregation, batches }) => {
        const key = newKey();
        const arrived: Counted[] = [];
        for (const [index, { length, cut, entries: given }] of batches.entries()) {
          const revision = index + 1;
          // Only features without a meter are set, and those are added up.
          const entries = given.map((each) => ({ ...each, isSet: each.isSet && aggregation === 'SUM' }));
          const window = windowOf(aggregation, { length, cut }, index);
          const since = Math.min(...entries.map(({ at }) => at));
          await database.transaction(async (tx) => {
            // What is looked up at once, and what one by one, is no matter to the result.
            const distinct = entries
              .slice(0, 3)
              .flatMap(({ distinct: distinctValue }) =>
                distinctValue === null ? [] : [{ featureId: 'feature', resourceId: '', distinctValue }],
              );
            const book = await openCounterBook(tx, [window], { key, revision, now, since, distinct });
            const expected = entries.map((each) => {
              const before = foldByHand(aggregation, window.at(each.at), arrived);
              arrived.push({ ...each, revision });
              return foldByHand(aggregation, window.at(each.at), arrived) - before;
            });
            expect(await countAll(book, window, entries)).toEqual(expected);
            expect(book.counter(window).value).toBe(foldByHand(aggregation, window, arrived));
            await book.save();
          });
          const [stored] = await readWindows(database, key, [window]);
          const [folded] = await foldWindows(database, key, [window]);
          expect(stored).toEqual(folded);
          expect(stored?.value).toBe(foldByHand(aggregation, window, arrived));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('folds a window again under another aggregation, and finds nothing in one without rows', async () => {
    const key = newKey();
    const [sum, average] = (['SUM', 'AVG'] as const).map((aggregation) =>
      windowOf(aggregation, { length: 60, cut: null }, 0),
    ) as [RunningWindow, RunningWindow];
    const entries = [2_000_000, 2_000_000, 1_000_000].map((value) => ({ isSet: false, value, at: 5, distinct: null }));
    for (const [revision, window, expected] of [
      [1, sum, 5_000_000n],
      // 10 over 6: 1.6666666… is rounded up.
      [2, average, 1_666_667n],
      [3, sum, 15_000_000n],
    ] as const) {
      await database.transaction(async (tx) => {
        const book = await openCounterBook(tx, [window], { key, revision, now, since: 0 });
        await countAll(book, window, entries);
        await book.save();
        expect(book.counter(window).value).toBe(expected);
      });
    }
    const empty = (['SUM', 'MAX', 'MIN', 'AVG', 'UNIQUE'] as const).map((aggregation) =>
      windowOf(aggregation, { length: 60, cut: null }, 0).at(90),
    );
    const folded = await foldWindows(database, key, empty);
    expect(folded.map(({ value }) => value)).toEqual([0n, 0n, 0n, 0n, 0n]);
  });
});
