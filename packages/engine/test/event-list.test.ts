import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendEvents } from '../src/storage/domain-event-store.js';
import { renewEpoch } from '../src/storage/meta-store.js';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-01T00:00:00Z');

/** Every event from a cursor to the end, a page at a time. */
async function readAll({ environment }: Pick<Stage, 'environment'>, after: string | null, limit: number) {
  const read = [];
  for (let cursor = after; ; ) {
    const { events, next } = await environment.events({ after: cursor, limit });
    read.push(...events);
    if (events.length === 0) return { events: read, next };
    cursor = next;
  }
}

const customersOf = ({ events }: { events: { customerId: string | null }[] }) =>
  events.map(({ customerId }) => customerId);

describe.each(implementations)('the list of events on $name', (implementation) => {
  let stage: Stage;
  let start: string | null;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
    start = (await readAll(stage, null, 1000)).next;
    for (const customerId of ['a', 'b', 'c', 'd', 'e']) await stage.environment.provisionCustomer({ customerId }, now);
  });
  afterAll(() => stage.close());

  test('has every event once and in order, whatever the size of the pages', async () => {
    for (const limit of [1, 2, 3, 1000]) {
      expect(customersOf(await readAll(stage, start, limit))).toEqual(['a', 'b', 'c', 'd', 'e']);
    }
  });

  test('goes on after any of its events, and stays where it is when nothing follows', async () => {
    const { events } = await stage.environment.events({ after: start, limit: 5 });
    const afterThird = await readAll(stage, events[2]?.cursor as string, 1);
    expect(customersOf(afterThird)).toEqual(['d', 'e']);
    const last = events[4]?.cursor as string;
    expect(await stage.environment.events({ after: last, limit: 5 })).toEqual({ events: [], next: last });
  });

  test('shows what an event is about as the API shows it', async () => {
    const { events } = await stage.environment.events({ after: start, limit: 1 });
    expect(events[0]).toEqual({
      cursor: expect.any(String),
      messageId: expect.stringContaining('a/'),
      type: 'customer.created',
      timestamp: '2026-01-01T00:00:00.000Z',
      customerId: 'a',
      entity: {
        customerId: 'a',
        name: null,
        email: null,
        metadata: {},
        billingId: null,
        salesforceId: null,
        awsMarketplaceCustomerId: null,
        couponId: null,
        billingInfo: null,
        defaultPaymentMethod: null,
        excludeFromExperiment: null,
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
        archivedAt: null,
      },
    });
  });

  test('takes 1 to 1,000 at a time', async () => {
    for (const limit of [0, 1001, 1.5]) {
      const refused = { code: 'INVALID_ARGUMENT', field: 'limit' };
      await expect(stage.environment.events({ after: null, limit })).rejects.toMatchObject(refused);
    }
  });

  test('refuses what is no cursor, and one of another environment', async () => {
    const refused = { code: 'INVALID_ARGUMENT', field: 'after' };
    for (const after of ['', 'nonsense', Buffer.from('["a","b",null,"1:1:",5]').toString('base64url')]) {
      await expect(stage.environment.events({ after, limit: 10 })).rejects.toMatchObject(refused);
    }
    const other = await stage.another('other');
    await other.provisionCustomer({ customerId: 'z' }, now);
    const { next } = await other.events({ after: null, limit: 1000 });
    await expect(stage.environment.events({ after: next, limit: 10 })).rejects.toMatchObject(refused);
  });

  test('keeps its events through a restore, and refuses cursors from before it', async () => {
    const restored = await openStage(implementation, catalog);
    try {
      await restored.environment.provisionCustomer({ customerId: 'a' }, now);
      const { next } = await readAll(restored, null, 1000);
      await restored.database.query("update {schema}.event set xid = '900000000000'");
      await renewEpoch(restored.database);
      await expect(restored.environment.events({ after: next, limit: 10 })).rejects.toMatchObject({ field: 'after' });
      expect(customersOf(await readAll(restored, null, 1000)).filter((id) => id !== null)).toEqual(['a']);
    } finally {
      await restored.close();
    }
  });
});

describe('the list of events on Postgres, where transactions overlap', () => {
  const postgres = implementations.filter(({ name }) => name === 'Postgres');

  test.each(postgres)('has an event that was written early and committed late', async (implementation) => {
    const stage = await openStage(implementation, catalog);
    let commit = () => {};
    try {
      const start = (await readAll(stage, null, 1000)).next;
      const committed = new Promise<void>((resolve) => {
        commit = resolve;
      });
      let long = Promise.resolve();
      await new Promise<void>((written) => {
        long = stage.database.transaction(async (tx) => {
          const late = { type: 'customer.updated', at: now, customerId: 'late', entity: {} };
          await appendEvents(tx, 'test', [
            { ...late, messageId: 'late/1' },
            { ...late, messageId: 'late/2' },
          ]);
          written();
          await committed;
        });
      });
      await stage.environment.provisionCustomer({ customerId: 'early' }, now);
      await stage.environment.provisionCustomer({ customerId: 'early-2' }, now);
      const before = await stage.environment.events({ after: start, limit: 1 });
      expect(customersOf(before)).toEqual(['early']);
      commit();
      await long;
      // The window that was begun is read to its end first, then what came to light since.
      const rest = await readAll(stage, before.next, 1);
      expect(customersOf(rest)).toEqual(['early-2', 'late', 'late']);
    } finally {
      commit();
      await stage.close();
    }
  });
});
