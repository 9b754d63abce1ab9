import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { type HotStage, now, openHotStage } from './hot-stage.js';

const hour = 3_600_000;
const day = 24 * hour;
/** Keys are kept for 35 days and the 5 minutes that an item may be dated ahead; a purge leaves an hour on top. */
const kept = 35 * day + 5 * 60_000 + hour;

describe.each(implementations)('the purge on $name', (implementation) => {
  let stage: HotStage;
  beforeAll(async () => {
    stage = await openHotStage(implementation);
  });
  afterAll(() => stage.close());

  const rowsOf = async (table: string, customerId: string) =>
    (await stage.database.query(`select from {schema}.${table} where customer_id = $1`, [customerId])).length;

  test('takes away keys whose time is up, some at a time, and no others', async () => {
    const customerId = await stage.subscribed();
    const report = (idempotencyKey: string, instant: number) =>
      stage.environment.reportUsage(
        [{ customerId, featureId: 'feature-projects', value: '1', idempotencyKey }],
        instant,
      );
    for (const key of ['a', 'b', 'c', 'd', 'e']) await report(key, now);
    await report('late', now + day);
    expect(await stage.engine.purge(now + kept - 1, 2)).toBe(0);
    const purged = [];
    for (let step = 0; step < 4; step++) purged.push(await stage.engine.purge(now + kept, 2));
    expect(purged).toEqual([2, 2, 1, 0]);
    expect(await rowsOf('idempotency', customerId)).toBe(1);
    // What the keys stood for is still there.
    expect(await rowsOf('usage', customerId)).toBe(6);
  });

  test('takes away holds that ran out, and reservations once their window is over', async () => {
    const customerId = await stage.subscribed();
    const item = { featureId: 'feature-projects', amount: '1' };
    for (const reservationId of ['settled', 'left']) {
      await stage.hot({ reserve: { customerId, reservationId, items: [item], ttlMs: 60_000 } }, now);
    }
    const settle = { settle: { customerId, reservationId: 'settled', amounts: null } };
    await stage.hot(settle, now);
    expect(await rowsOf('hold', customerId)).toBe(1);

    const expired = now + 60_000;
    expect(await stage.engine.purge(expired + hour - 1, 100)).toBe(0);
    expect(await stage.engine.purge(expired + hour, 100)).toBe(1);
    expect([await rowsOf('hold', customerId), await rowsOf('reservation', customerId)]).toEqual([0, 2]);
    // What ran out is charged all the same, and what was settled is answered again.
    const late = { settle: { customerId, reservationId: 'left', amounts: null } };
    for (const operation of [late, settle]) {
      expect((await stage.hot(operation, expired + hour)).reservation?.status).toBe('SETTLED');
    }

    await stage.engine.purge(expired + 35 * day + hour - 1, 100);
    expect(await rowsOf('reservation', customerId)).toBe(2);
    await stage.engine.purge(expired + 35 * day + hour, 100);
    expect(await rowsOf('reservation', customerId)).toBe(0);
    const gone = await stage.hot(settle, expired + 35 * day + hour);
    expect(gone.error?.code).toBe('RESERVATION_NOT_FOUND');
  });

  test('leaves for a day what tells a request that comes again, however short the window of keys is', async () => {
    const short = await openHotStage(implementation, { idempotencyWindowDays: 1 / 24 });
    const customerId = await short.subscribed();
    const attempt = (reservationId: string, instant: number) => {
      const items = [{ featureId: 'feature-projects', amount: '1' }];
      const request = { key: 'r', fingerprint: 'same' };
      return short.hot({ reserve: { customerId, reservationId, items, ttlMs: 60_000, request } }, instant);
    };
    await attempt('first', now);
    await short.hot({ settle: { customerId, reservationId: 'first', amounts: null } }, now);
    await short.engine.purge(now + day - 1, 100);
    const { reservation } = await attempt('second', now + day - 1);
    expect([reservation?.status, reservation?.reservationId]).toEqual(['SETTLED', 'first']);
    await short.close();
  });
});
