import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { grant, type HotStage, now, openHotStage } from './hot-stage.js';

const minute = 60_000;
const hour = 60 * minute;

describe.each(implementations)('requests that come again, on $name', (implementation) => {
  let stage: HotStage;
  beforeAll(async () => {
    stage = await openHotStage(implementation);
  });
  afterAll(() => stage.close());

  let last = 0;
  /** One more try of the request `r` of a customer, for 1 of 3 projects. */
  async function attempt(customerId: string, { instant = now, key = 'r', fingerprint = 'same', id = '' } = {}) {
    const reservationId = id || `attempt-${++last}`;
    const items = [{ featureId: 'feature-projects', amount: '1' }];
    const request = { key, fingerprint };
    const { reservation, error } = await stage.hot({ reserve: { customerId, reservationId, items, request } }, instant);
    return { id: reservationId, answered: reservation?.reservationId, status: reservation?.status, error };
  }
  const settle = (customerId: string, reservationId: string, instant = now) =>
    stage.hot({ settle: { customerId, reservationId } }, instant);
  const release = (customerId: string, reservationId: string) => stage.hot({ release: { customerId, reservationId } });
  const usage = (customerId: string, instant = now) => stage.usage(customerId, 'feature-projects', instant);

  test('one that runs answers with its own reservation, and holds nothing more', async () => {
    const customerId = await stage.subscribed();
    const first = await attempt(customerId);
    const second = await attempt(customerId);
    expect([first.status, first.answered]).toEqual(['HELD', first.id]);
    expect([second.status, second.answered]).toEqual(['HELD', first.id]);
    // The same call again, because its answer was lost, is told from another request.
    expect((await attempt(customerId, { id: first.id })).answered).toBe(first.id);
    expect(await usage(customerId)).toBe('0 + 1');
  });

  test('of those that come at the same moment one holds', async () => {
    const customerId = await stage.subscribed();
    const answers = await Promise.all(Array.from({ length: 5 }, () => attempt(customerId)));
    expect(new Set(answers.map(({ answered }) => answered)).size).toBe(1);
    expect(answers.filter(({ id, answered }) => id === answered)).toHaveLength(1);
    expect(await usage(customerId)).toBe('0 + 1');
  });

  test('one that was charged is not charged again for 24 hours, not even past the limit', async () => {
    const customerId = await stage.subscribed();
    const first = await attempt(customerId);
    await settle(customerId, first.id);
    for (const key of ['other', 'another']) await settle(customerId, (await attempt(customerId, { key })).id);
    const again = await attempt(customerId, { instant: now + 24 * hour - 1 });
    expect([again.status, again.answered]).toEqual(['SETTLED', first.id]);
    expect(await usage(customerId, now + 24 * hour)).toBe('3 + 0');
    expect((await attempt(customerId, { instant: now + 24 * hour })).status).toBe('DENIED');
  });

  test('after 24 hours it is a new one, and charged', async () => {
    const customerId = await stage.subscribed();
    await settle(customerId, (await attempt(customerId)).id);
    const instant = now + 24 * hour;
    const next = await attempt(customerId, { instant });
    expect([next.status, next.answered]).toEqual(['HELD', next.id]);
    await settle(customerId, next.id, instant);
    expect(await usage(customerId, instant)).toBe('2 + 0');
    expect((await attempt(customerId, { instant: instant + hour })).answered).toBe(next.id);
  });

  test('one that runs for longer than a day is in use', async () => {
    const customerId = await stage.subscribed();
    const { id } = await attempt(customerId);
    for (let day = 0; day < 3; day += 1) {
      const instant = now + day * 23 * hour;
      await stage.hot({ extend: { customerId, reservationId: id, ttlMs: 24 * hour } }, instant);
    }
    expect((await attempt(customerId, { instant: now + 48 * hour })).answered).toBe(id);
  });

  test('one that was let go of, ran out or was denied holds anew', async () => {
    const customerId = await stage.subscribed();
    const failed = await attempt(customerId);
    await release(customerId, failed.id);
    const dead = await attempt(customerId);
    expect([dead.status, dead.answered]).toEqual(['HELD', dead.id]);
    const instant = now + minute;
    const third = await attempt(customerId, { instant });
    expect([third.status, third.answered]).toEqual(['HELD', third.id]);
    await settle(customerId, third.id, instant);
    expect(await usage(customerId, instant)).toBe('1 + 0');

    const poor = await stage.subscribed('plan-credits');
    const items = [{ currencyId: 'credit-ai', amount: '1' }];
    const buy = (reservationId: string) =>
      stage.hot({ reserve: { customerId: poor, reservationId, items, request: { key: 'r', fingerprint: 'same' } } });
    expect((await buy('without')).reservation?.status).toBe('DENIED');
    await grant(stage, poor, 1);
    expect((await buy('with')).reservation).toMatchObject({ status: 'HELD', reservationId: 'with' });
  });

  test('another request under the same key is refused, whatever became of the first', async () => {
    const customerId = await stage.subscribed();
    const running = await attempt(customerId);
    const conflict = { code: 'IDEMPOTENCY_CONFLICT', field: 'request.fingerprint', isRetryable: false };
    expect((await attempt(customerId, { fingerprint: 'other' })).error).toMatchObject(conflict);
    await release(customerId, running.id);
    expect((await attempt(customerId, { fingerprint: 'other' })).error).toMatchObject(conflict);
    await settle(customerId, (await attempt(customerId)).id);
    expect((await attempt(customerId, { fingerprint: 'other' })).error).toMatchObject(conflict);
    const instant = now + 24 * hour;
    expect((await attempt(customerId, { fingerprint: 'other', instant })).status).toBe('HELD');
    expect(await usage(customerId)).toBe('1 + 1');
  });

  test('keys are of one customer', async () => {
    const [one, other] = [await stage.subscribed(), await stage.subscribed()];
    await attempt(one);
    expect((await attempt(other)).status).toBe('HELD');
    expect(await usage(other)).toBe('0 + 1');
  });

  test('one that was thought dead and comes to its end after all is not charged beside the one that followed it', async () => {
    for (const order of ['late last', 'late first']) {
      const customerId = await stage.subscribed();
      const late = await attempt(customerId);
      const instant = now + hour;
      const next = await attempt(customerId, { instant });
      expect(next.answered).toBe(next.id);
      const ends = order === 'late last' ? [next.id, late.id] : [late.id, next.id];
      // Each end twice: what is sent again changes nothing.
      for (const id of [...ends, ...ends]) {
        expect((await settle(customerId, id, instant)).reservation).toMatchObject({
          status: 'SETTLED',
          reservationId: ends[0],
        });
      }
      expect(await usage(customerId, instant)).toBe('1 + 0');
    }
  });

  test('names of requests have their limits', async () => {
    const customerId = await stage.subscribed();
    for (const [part, wrong] of [
      ['key', ''],
      ['key', 'k'.repeat(256)],
      ['fingerprint', 'f'.repeat(256)],
      ['fingerprint', 'a\u0000b'],
    ]) {
      const { error } = await attempt(customerId, { [part as string]: wrong });
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: `request.${part}` });
    }
  });
});
