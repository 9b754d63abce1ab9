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

  test('3.95.0 accepts a grant of 100 of which 40 are used: 60 are blocked, and 40 stay consumed', async () => {
    const customerId = await stage.customer();
    const { id: grantId } = await stage.grant(customerId, 100);
    await stage.use(customerId, 40);
    expect(await stage.balance(customerId)).toBe(60);
    const voided = await stage.client.voidCreditGrant({ grantId });
    expect(voided).toMatchObject({ status: 'VOIDED', voidedAt: new Date(jan10), amount: 100, consumedAmount: 40 });
    expect(await stage.balance(customerId)).toBe(0);
    const { data } = await stage.client.getCreditLedger({ customerId, eventType: 'CREDITS_VOIDED' });
    expect(data).toMatchObject([{ amount: 60, creditGrantId: grantId }]);
    expect((await stage.client.getCreditGrants({ customerId })).data).toEqual([voided]);
  });

  test('3.95.0 rejects a grant that is voided already', async () => {
    const customerId = await stage.customer();
    const { id: grantId } = await stage.grant(customerId, 100);
    await stage.client.voidCreditGrant({ grantId });
    const conflict = { code: 'CONFLICT', field: 'grantId', message: expect.stringContaining('voided') };
    await expect(stage.client.voidCreditGrant({ grantId })).rejects.toMatchObject(conflict);
  });

  test('3.95.0 rejects a grant that has expired', async () => {
    const customerId = await stage.customer();
    const { id: grantId } = await stage.grant(customerId, 100, { expireAt: '2026-01-11T00:00:00Z' });
    await stage.stack.clock.set('2026-01-11T00:00:00Z');
    const conflict = { code: 'CONFLICT', field: 'grantId', message: expect.stringContaining('expired') };
    await expect(stage.client.voidCreditGrant({ grantId })).rejects.toMatchObject(conflict);
  });

  test('3.95.0 rejects the grant that holds a debt', async () => {
    const customerId = await stage.customer();
    await stage.use(customerId, 3);
    const [debt] = (await stage.client.getCreditGrants({ customerId })).data;
    expect(debt).toMatchObject({ grantType: 'OVERDRAFT', amount: 0, consumedAmount: 3 });
    const conflict = { code: 'CONFLICT', field: 'grantId', message: expect.stringContaining('debt') };
    await expect(stage.client.voidCreditGrant({ grantId: String(debt?.id) })).rejects.toMatchObject(conflict);
    expect(await stage.balance(customerId)).toBe(-3);
  });

  test('3.95.0 rejects an unknown id, and that of another customer', async () => {
    const unknown = { code: 'CREDIT_GRANT_NOT_FOUND', field: 'grantId' };
    const { id: grantId, customerId } = await stage.grant(await stage.customer(), 100);
    const other = { grantId, customerId: await stage.customer() };
    await expect(stage.client.voidCreditGrant(other)).rejects.toMatchObject(unknown);
    expect(await stage.balance(customerId)).toBe(100);
    await expect(stage.client.voidCreditGrant({ grantId: 'grant-of-nobody' })).rejects.toMatchObject(unknown);
  });
});
