import type { ReportUsageInput } from '@tollgate/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

/** Entries of which no SET shares its instant with another entry, in two orders of arrival. */
const twoOrders = fc
  .uniqueArray(
    fc.record({
      isSet: fc.boolean(),
      value: fc.integer({ min: -50, max: 50 }),
      minute: fc.integer({ min: 0, max: 40 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
      // DELTAs may share an instant, among themselves.
      comparator: (a, b) => (a.isSet || b.isSet) && a.minute === b.minute,
    },
  )
  .chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));
type Entry = { isSet: boolean; value: number; minute: number };

/** By definition: the last SET, and the DELTAs after it. */
function foldByHand(entries: readonly Entry[]): number {
  const lastSet = entries.filter((entry) => entry.isSet).sort((a, b) => b.minute - a.minute)[0];
  const after = entries.filter((entry) => !entry.isSet && (!lastSet || entry.minute > lastSet.minute));
  return after.reduce((sum, entry) => sum + entry.value, lastSet?.value ?? 0);
}

describe.each(implementations)('stored usage on $name', (implementation) => {
  let stage: Stage;
  let lastCustomer = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  /** Reports in batches of these sizes, again and again in turn; returns the counter and the fold of the stored rows. */
  async function stored(entries: readonly Entry[], sizes: readonly number[], replays: number) {
    const customerId = `customer-${++lastCustomer}`;
    const { environment } = stage;
    await environment.provisionCustomer(
      { customerId, subscriptionParams: { planId: 'plan-free' } },
      at('2026-03-05T00:00:00Z'),
    );
    const items = entries.map(
      ({ isSet, value, minute }, index): ReportUsageInput => ({
        customerId,
        featureId: 'feature-reports',
        value: String(value),
        updateBehavior: isSet ? 'SET' : 'DELTA',
        createdAt: new Date(now - 3_600_000 + minute * 60_000).toISOString(),
        idempotencyKey: `key-${index}`,
      }),
    );
    for (let round = 0; round <= replays; round++) {
      for (let place = 0, turn = 0; place < items.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        await environment.reportUsage(items.slice(place, place + size), now);
        place += size;
      }
    }
    const read = async () => {
      const [snapshot] = await environment.snapshots(customerId, [null], now);
      return Number(snapshot?.usage.get('feature-reports')?.currentUsage) / 1_000_000;
    };
    const counted = await read();
    await stage.database.query('delete from {schema}.usage_counter where customer_id = $1', [customerId]);
    return { counted, folded: await read() };
  }

  test('order, batches and replays change nothing, and the rows say the same as the counter', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        twoOrders,
        sizes,
        fc.integer({ min: 0, max: 1 }),
        async ([entries, shuffled], batches, replays) => {
          const expected = foldByHand(entries);
          expect(await stored(shuffled, batches, replays)).toEqual({ counted: expected, folded: expected });
        },
      ),
      { numRuns: 12 },
    );
  });
});
