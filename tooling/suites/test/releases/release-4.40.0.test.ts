import type { CreditUsage, GetCreditUsage } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditStage, creditStage } from '../../src/credit-stage.js';
import { storages } from '../../src/storages.js';

const jan10 = '2026-01-10T12:00:00.000Z';
const feb10 = '2026-02-10T12:00:00.000Z';

describe.each(storages)('on %s, with 5 credits used on January 10 and 7 on February 10,', (storage) => {
  let stage: CreditStage;
  let customerId: string;
  beforeAll(async () => {
    stage = await creditStage(storage, jan10);
    customerId = await stage.customer();
    await stage.use(customerId, 5);
    await stage.stack.clock.set(feb10);
    await stage.use(customerId, 7);
  });
  afterAll(() => stage.stack.close());

  const read = (asked: Partial<GetCreditUsage>) => stage.client.getCreditUsage({ customerId, ...asked });
  const total = ({ series }: CreditUsage) => series.reduce((sum, { totalCredits }) => sum + totalCredits, 0);
  const used = async (asked: Partial<GetCreditUsage>) => total(await read(asked));

  test('4.40.0 accepts February alone: only what was used in February', async () => {
    const usage = await read({ startDate: '2026-02-01T00:00:00Z', endDate: '2026-02-28T00:00:00Z' });
    expect(usage.series).toEqual([
      {
        featureId: null,
        tags: [],
        totalCredits: 7,
        eventCount: 1,
        points: [{ timestamp: new Date('2026-02-10T00:00:00Z'), value: 7, eventCount: 1 }],
      },
    ]);
    expect(await used({ startDate: new Date('2026-01-01'), endDate: new Date('2026-02-01') })).toBe(5);
  });

  test('4.40.0 accepts a start alone: up to now', async () => {
    expect(await used({ startDate: '2026-01-01T00:00:00Z' })).toBe(12);
    expect(await used({ startDate: '2026-01-11T00:00:00Z' })).toBe(7);
  });

  test('4.40.0 accepts a start together with a range: the start comes first', async () => {
    expect(await used({ startDate: '2026-01-01T00:00:00Z', timeRange: 'LAST_DAY' })).toBe(12);
  });

  test('4.40.0 accepts a range alone, and nothing at all: the last month', async () => {
    expect(await used({})).toBe(12);
    expect(await used({ timeRange: 'LAST_MONTH' })).toBe(12);
    expect(await used({ timeRange: 'LAST_WEEK' })).toBe(7);
    const day = await read({ timeRange: 'LAST_DAY' });
    expect(day.series[0]?.points).toEqual([{ timestamp: new Date(feb10), value: 7, eventCount: 1 }]);
    expect(await used({ timeRange: 'LAST_YEAR' })).toBe(12);
  });

  test('4.40.0 accepts bounds: the start is part of it, the end is not', async () => {
    expect(await used({ startDate: jan10, endDate: feb10 })).toBe(5);
    expect(await used({ startDate: new Date(Date.parse(jan10) + 1), endDate: '2026-02-10T12:00:00.001Z' })).toBe(7);
    expect((await read({ startDate: jan10, endDate: jan10 })).series).toEqual([]);
  });

  test('4.40.0 rejects an end before the start', async () => {
    const asked = { startDate: '2026-02-01T00:00:00Z', endDate: '2026-01-31T23:59:59.999Z' };
    await expect(read(asked)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'endDate' });
  });

  test('4.40.0 rejects an end without a start', async () => {
    const asked = { endDate: '2026-02-01T00:00:00Z' };
    await expect(read(asked)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'endDate' });
    await expect(read({ ...asked, timeRange: 'LAST_DAY' })).rejects.toMatchObject({ field: 'endDate' });
  });

  test('4.40.0 rejects what is no date', async () => {
    const noDate = { code: 'INVALID_ARGUMENT', field: 'startDate' };
    await expect(read({ startDate: 'yesterday' })).rejects.toMatchObject(noDate);
    await expect(read({ startDate: '2026-02-30T00:00:00Z' })).rejects.toMatchObject(noDate);
    await expect(read({ timeRange: 'LAST_DECADE' as 'LAST_DAY' })).rejects.toMatchObject({ field: 'timeRange' });
  });
});
