import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditStage, creditStage } from '../../src/credit-stage.js';
import { storages } from '../../src/storages.js';

const jan10 = '2026-01-10T00:00:00.000Z';

describe.each(storages)('on %s', (storage) => {
  let stage: CreditStage;
  beforeAll(async () => {
    stage = await creditStage(storage, jan10);
  });
  afterAll(() => stage.stack.close());

  const typesOf = (rows: readonly { eventType: string; amount: number }[]) =>
    rows.map(({ eventType, amount }) => [eventType.replace('CREDITS_', ''), amount]);

  /** 100 granted in two, 30 of them used over both, 5 voided, and what is left of the second expired a day later. */
  const history = async (): Promise<string> => {
    const customerId = await stage.customer();
    const expireAt = new Date(stage.stack.clock.now() + 86_400_000);
    await stage.grant(customerId, 20, { priority: 0 });
    await stage.grant(customerId, 80, { expireAt });
    const { id: grantId } = await stage.grant(customerId, 5, { priority: 100 });
    await stage.client.reportUsage({ customerId, featureId: 'feature-pages', value: 15 });
    await stage.client.voidCreditGrant({ grantId });
    await stage.stack.clock.set(expireAt);
    return customerId;
  };
  const all = [
    ['GRANTED', 20],
    ['GRANTED', 80],
    ['GRANTED', 5],
    ['CONSUMED', 20],
    ['CONSUMED', 10],
    ['VOIDED', 5],
    ['EXPIRED', 70],
  ];

  test('3.96.0 accepts a history: one row per grant and thing that happened, in the order of time', async () => {
    const customerId = await history();
    const { data, pagination } = await stage.client.getCreditLedger({ customerId });
    expect(typesOf(data)).toEqual(all);
    expect(pagination).toEqual({ next: null, prev: null });
    const times = data.map(({ timestamp }) => timestamp.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(data[3]).toMatchObject({
      customerId,
      creditCurrencyId: 'tokens',
      featureId: 'feature-pages',
      resourceId: null,
    });
    expect(new Set(data.slice(3, 5).map(({ creditGrantId }) => creditGrantId)).size).toBe(2);
    expect(new Set(data.map(({ eventId }) => eventId)).size).toBe(7);
  });

  test('3.96.0 accepts event types: one, several, and several in one text', async () => {
    const customerId = await history();
    const read = async (eventType: Parameters<typeof stage.client.getCreditLedger>[0]['eventType']) =>
      typesOf((await stage.client.getCreditLedger({ customerId, eventType })).data);
    expect(await read('CREDITS_CONSUMED')).toEqual([all[3], all[4]]);
    expect(await read(['CREDITS_VOIDED', 'CREDITS_EXPIRED'])).toEqual([all[5], all[6]]);
    expect(await read('CREDITS_EXPIRED, CREDITS_VOIDED')).toEqual([all[5], all[6]]);
    const other = await stage.client.getCreditLedger({ customerId, currencyId: 'coins' });
    expect(other.data).toEqual([]);
  });

  test('3.96.0 accepts a page size and cursors, which stay where they are while rows are added', async () => {
    const customerId = await history();
    const first = await stage.client.getCreditLedger({ customerId, limit: 3 });
    await stage.grant(customerId, 9);
    const second = await stage.client.getCreditLedger({ customerId, limit: 3, after: first.pagination.next });
    const third = await stage.client.getCreditLedger({ customerId, limit: 3, after: second.pagination.next });
    const read = [...first.data, ...second.data, ...third.data];
    expect(typesOf(read)).toEqual([...all, ['GRANTED', 9]]);
    expect(third.pagination.next).toBeNull();
    const back = await stage.client.getCreditLedger({ customerId, limit: 3, before: third.pagination.prev });
    expect(back.data).toEqual(second.data);
    expect((await stage.client.getCreditLedger({ customerId, limit: 3, before: back.pagination.prev })).data).toEqual(
      first.data,
    );
  });

  test('3.96.0 accepts the question what credits were used for: a series per feature, and one for none', async () => {
    const customerId = await history();
    await stage.use(customerId, 4);
    const usage = await stage.client.getCreditUsage({ customerId, currencyId: 'tokens' });
    expect(usage).toMatchObject({
      series: [
        {
          featureId: 'feature-pages',
          tags: [],
          totalCredits: 30,
          eventCount: 1,
          points: [{ value: 30, eventCount: 1 }],
        },
        { featureId: null, tags: [], totalCredits: 4, eventCount: 1, points: [{ value: 4, eventCount: 1 }] },
      ],
      currency: { currencyId: 'tokens', displayName: 'Tokens' },
      pagination: { next: null, prev: null },
    });
  });

  test('3.96.0 rejects a ledger of nobody', async () => {
    const missing = { code: 'INVALID_ARGUMENT', field: 'customerId' };
    await expect(stage.client.getCreditLedger({} as { customerId: string })).rejects.toMatchObject(missing);
    await expect(stage.client.getCreditUsage({} as { customerId: string })).rejects.toMatchObject(missing);
  });

  test('3.96.0 rejects a cursor that no list gave, and one of another list', async () => {
    const customerId = await history();
    const bad = { code: 'INVALID_ARGUMENT', field: 'page.after' };
    await expect(stage.client.getCreditLedger({ customerId, after: 'nonsense' })).rejects.toMatchObject(bad);
    const { pagination } = await stage.client.getCreditLedger({ customerId, limit: 1 });
    const foreign = { customerId, eventType: 'CREDITS_VOIDED', after: pagination.next };
    await expect(stage.client.getCreditLedger(foreign)).rejects.toMatchObject(bad);
    const ofAnother = { customerId: await stage.customer(), after: pagination.next };
    await expect(stage.client.getCreditLedger(ofAnother)).rejects.toMatchObject(bad);
  });
});
