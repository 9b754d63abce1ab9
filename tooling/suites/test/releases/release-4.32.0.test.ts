import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditReaders, creditReaders } from '../../src/credit-readers.js';
import { storages } from '../../src/storages.js';

const currencyId = 'ai-credits';
/** Of this whole process: the notice is given once in it, whatever the storage. */
const notices: string[] = [];
const logger = { log: (message: string) => notices.push(message), debug: () => {}, error: () => {} };

describe.each(storages)('on %s', (storage) => {
  let stage: CreditReaders;
  beforeAll(async () => {
    stage = await creditReaders(storage);
  });
  afterAll(() => stage.close());

  const reader = () => stage.reader({ logConfiguration: { logger, logLevel: 'LOG' } });
  const spender = async (): Promise<string> => {
    const customerId = await stage.customer('plan-hard', 100);
    const used = { customerId, currencyId, amount: 30, idempotencyKey: 'once' };
    await stage.manager.consumeCredits(used);
    return customerId;
  };

  test('4.32.0 accepts getCreditBalance, with the numbers of getCreditEntitlement', async () => {
    const customerId = await spender();
    const { client } = await reader();
    const { currency, currentBalance, totalConsumed, totalGranted } = await client.getCreditEntitlement({
      customerId,
      currencyId,
    });
    expect([currentBalance, totalConsumed, totalGranted]).toEqual([120, 30, 150]);
    const balance = await client.getCreditBalance({ customerId, currencyId });
    expect(balance).toEqual({ currency, currentBalance, totalConsumed, totalGranted });
  });

  test('4.32.0 accepts a notice that getCreditBalance is deprecated, once in a process', async () => {
    const customerId = await spender();
    const { client } = await reader();
    await client.getCreditBalance({ customerId, currencyId });
    await client.getCreditBalance({ customerId, currencyId });
    const said = notices.filter((message) => message.includes('getCreditBalance'));
    expect(said).toEqual(['getCreditBalance is deprecated: use getCreditEntitlement']);
  });

  test('4.32.0 accepts getCreditEntitlement from a warm cache without a call, where getCreditBalance makes one each time', async () => {
    const customerId = await spender();
    const { client, calls } = await reader();
    await client.getCreditEntitlement({ customerId, currencyId });
    const before = calls();
    await client.getCreditEntitlement({ customerId, currencyId });
    expect(calls() - before).toBe(0);
    await client.getCreditBalance({ customerId, currencyId });
    await client.getCreditBalance({ customerId, currencyId });
    expect(calls() - before).toBe(2);
  });

  test('4.32.0 rejects getCreditBalance of an unknown customer, whom the getter only calls CustomerNotFound', async () => {
    const unknown = { customerId: 'nobody', currencyId };
    const { client } = await reader();
    await expect(client.getCreditBalance(unknown)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    expect(await client.getCreditEntitlement(unknown)).toMatchObject({
      hasAccess: false,
      isFallback: false,
      accessDeniedReason: 'CustomerNotFound',
    });
  });
});
