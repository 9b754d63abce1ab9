import type { CreditUsage, GetCreditUsage } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditStage, creditStage } from '../../src/credit-stage.js';
import { storages } from '../../src/storages.js';
import { until } from '../../src/until.js';

const jan10 = '2026-01-10T12:00:00.000Z';

describe.each(storages)('on %s, with events by two models and two users,', (storage) => {
  let stage: CreditStage;
  let customerId: string;
  beforeAll(async () => {
    stage = await creditStage(storage, jan10);
    customerId = await stage.customer();
    await stage.grant(customerId, 100);
    const events = [
      { model: 'a', user: 1, price: 5 },
      { model: 'a', user: 2, price: 3 },
      { model: 'b', user: 1, price: 2 },
    ];
    await stage.client.reportEvent(
      events.map((dimensions, index) => ({
        customerId,
        eventName: 'answer',
        idempotencyKey: `answer-${index}`,
        dimensions,
      })),
    );
    await until(
      () => stage.balance(customerId),
      (balance) => balance === 90,
    );
  });
  afterAll(() => stage.stack.close());

  const read = (asked: Partial<GetCreditUsage>) =>
    stage.client.getCreditUsage({ customerId, currencyId: 'tokens', ...asked });
  const sums = ({ series }: CreditUsage) =>
    series.map(({ tags, totalCredits }) => [tags.map(({ key, value }) => `${key}=${value}`).join(' '), totalCredits]);

  test('4.43.0 accepts one dimension: a series per value, of no feature', async () => {
    const usage = await read({ groupBy: ['model'] });
    expect(sums(usage)).toEqual([
      ['model=a', 8],
      ['model=b', 2],
    ]);
    expect(usage.series.map(({ featureId, eventCount }) => [featureId, eventCount])).toEqual([
      [null, 2],
      [null, 1],
    ]);
    expect(sums(await read({}))).toEqual([['', 10]]);
  });

  test('4.43.0 accepts two dimensions: a series per combination', async () => {
    expect(sums(await read({ groupBy: ['model', 'user'] }))).toEqual([
      ['model=a user=1', 5],
      ['model=a user=2', 3],
      ['model=b user=1', 2],
    ]);
  });

  test('4.43.0 accepts what has no such dimension: its value is empty', async () => {
    expect(sums(await read({ groupBy: ['region'] }))).toEqual([['region=', 10]]);
    const other = await stage.customer();
    await stage.use(other, 4, { dimensions: { model: 'a' } });
    await stage.use(other, 1);
    const usage = await stage.client.getCreditUsage({ customerId: other, groupBy: ['model'] });
    expect(sums(usage)).toEqual([
      ['model=', 1],
      ['model=a', 4],
    ]);
  });

  test('4.43.0 accepts a limit of 1: the first series and where to go on, and the pages sum up to the total', async () => {
    const groupBy = ['model', 'user'];
    const pages: CreditUsage[] = [];
    let after: string | null = null;
    do {
      const page: CreditUsage = await read({ groupBy, limit: 1, after });
      pages.push(page);
      after = page.pagination.next;
    } while (after !== null);
    expect(pages.flatMap(sums)).toEqual(sums(await read({ groupBy })));
    expect(pages.map(({ series }) => series.length)).toEqual([1, 1, 1]);
    expect(pages.flatMap(({ series }) => series).reduce((sum, { totalCredits }) => sum + totalCredits, 0)).toBe(10);
    const back = await read({ groupBy, limit: 1, before: pages[1]?.pagination.prev ?? null });
    expect(back.series).toEqual(pages[0]?.series);
  });

  test('4.43.0 rejects more than three dimensions', async () => {
    const asked = read({ groupBy: ['a', 'b', 'c', 'd'] });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'groupBy' });
    const long = read({ groupBy: ['a'.repeat(200), 'b'.repeat(60)] });
    await expect(long).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'groupBy' });
  });

  test('4.43.0 rejects a dimension with a space in its name', async () => {
    const asked = read({ groupBy: ['model', 'user name'] });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'groupBy[1]' });
  });

  test('4.43.0 rejects a limit of 0, and of 101', async () => {
    await expect(read({ limit: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'limit' });
    await expect(read({ limit: 101 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.limit' });
    expect((await read({ limit: 100 })).series).toHaveLength(1);
  });

  test('4.43.0 rejects the cursor of another question', async () => {
    const { pagination } = await read({ groupBy: ['model'], limit: 1 });
    const asked = read({ groupBy: ['user'], limit: 1, after: pagination.next });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'page.after' });
  });
});
