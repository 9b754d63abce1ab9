import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditReaders, creditReaders } from '../../src/credit-readers.js';
import { storages } from '../../src/storages.js';

describe.each(storages)('on %s', (storage) => {
  let stage: CreditReaders;
  beforeAll(async () => {
    stage = await creditReaders(storage);
  });
  afterAll(() => stage.close());

  const currency = {
    currencyId: 'ai-credits',
    displayName: 'AI credits',
    description: 'Pay for answers',
    symbol: '◎',
    units: { singular: 'credit', plural: 'credits' },
    unitSingular: 'credit',
    unitPlural: 'credits',
    metadata: { team: 'ai' },
  };

  test('4.19.0 accepts the currency in the answer, from the engine and then from memory', async () => {
    const customerId = await stage.customer('plan-hard');
    const { client, calls } = await stage.reader();
    const read = async () => (await client.getCreditEntitlement({ customerId, currencyId: 'ai-credits' })).currency;
    expect(await read()).toEqual(currency);
    const before = calls();
    expect(await read()).toEqual(currency);
    expect(calls()).toBe(before);
  });

  test('4.19.0 accepts the currency in the answer, from Redis', async () => {
    const customerId = await stage.customer('plan-hard');
    const { client, calls } = await stage.behindRedis(customerId);
    const before = calls();
    const answer = await client.getCreditEntitlement({ customerId, currencyId: 'ai-credits' });
    expect(answer.currency).toEqual(currency);
    expect(calls()).toBe(before);
  });
});
