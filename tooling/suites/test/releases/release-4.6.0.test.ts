import type { SaveAutomaticRecharge } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreditStage, creditStage } from '../../src/credit-stage.js';
import { storages } from '../../src/storages.js';

const jan10 = '2026-01-10T00:00:00.000Z';
const currencyId = 'coins';

describe.each(storages)('on %s', (storage) => {
  let stage: CreditStage;
  beforeAll(async () => {
    stage = await creditStage(storage, jan10);
  });
  afterAll(() => stage.stack.close());

  /** What the row saves; a coin costs 2 dollars, so 31 of them cost 62. */
  const save = (customerId: string, more: Partial<SaveAutomaticRecharge> = {}) =>
    stage.client.saveAutomaticRechargeConfiguration({
      customerId,
      currencyId,
      isEnabled: true,
      thresholdType: 'CREDIT_AMOUNT',
      thresholdValue: 20,
      targetBalance: 50,
      maxSpendLimit: 500,
      ...more,
    });
  const recharging = async (balance: number, more: Partial<SaveAutomaticRecharge> = {}): Promise<string> => {
    const customerId = await stage.customer();
    await stage.grant(customerId, balance, { currencyId });
    await save(customerId, more);
    return customerId;
  };
  const use = (customerId: string, amount: number) => stage.use(customerId, amount, { currencyId });
  const paid = async (customerId: string) => {
    const { data } = await stage.client.getCreditGrants({ customerId, limit: 100 });
    return data.filter(({ grantType }) => grantType === 'PAID');
  };
  const settings = (customerId: string) => stage.client.getAutomaticRechargeConfiguration({ customerId, currencyId });
  const notices = async (customerId: string) =>
    (await stage.told(customerId))
      .filter(({ type }) => type === 'credits.automatic_recharge_limit_exceeded')
      .map(({ entity }) => entity.percent);

  test('4.6.0 accepts a balance that falls from 21 to 19: one paid grant of 31, which makes 50', async () => {
    const customerId = await recharging(21);
    await use(customerId, 2);
    expect(await stage.balance(customerId, currencyId)).toBe(50);
    expect(await paid(customerId)).toMatchObject([
      {
        status: 'ACTIVE',
        amount: 31,
        consumedAmount: 0,
        cost: { amount: 62, currency: 'usd' },
        effectiveAt: new Date(jan10),
        expireAt: new Date('2026-02-10T00:00:00Z'),
      },
    ]);
    expect((await stage.told(customerId)).map(({ type }) => type)).toEqual([
      'payment_method.attached',
      'credits.granted',
      'automatic_recharge.configuration.changed',
      'credits.granted',
      'automatic_recharge.operation.attempted',
    ]);
    expect(await stage.stack.engine.verify(stage.stack.clock.now())).toEqual([]);
  });

  test('4.6.0 accepts a balance of exactly the threshold: nothing is recharged', async () => {
    const customerId = await recharging(21);
    await use(customerId, 1);
    expect(await stage.balance(customerId, currencyId)).toBe(20);
    expect(await paid(customerId)).toEqual([]);
    await use(customerId, 0.000001);
    expect(await stage.balance(customerId, currencyId)).toBe(50);
  });

  test('4.6.0 accepts a year as the life of what is recharged', async () => {
    const customerId = await recharging(20, { grantExpirationPeriod: '1_YEAR' });
    await use(customerId, 1);
    expect(await paid(customerId)).toMatchObject([{ expireAt: new Date('2027-01-10T00:00:00Z') }]);
    expect(await settings(customerId)).toMatchObject({ grantExpirationPeriod: '1_YEAR' });
  });

  test('4.6.0 accepts a threshold in money: at 2 dollars a coin, 40 and 100 dollars are 20 and 50 coins', async () => {
    const customerId = await recharging(21, { thresholdType: 'DOLLAR_AMOUNT', thresholdValue: 40, targetBalance: 100 });
    await use(customerId, 1);
    expect(await paid(customerId)).toEqual([]);
    await use(customerId, 1);
    expect(await paid(customerId)).toMatchObject([{ amount: 31 }]);
  });

  test('4.6.0 accepts a debt: the recharge pays it and fills up to the target', async () => {
    const customerId = await recharging(21);
    await use(customerId, 121);
    expect(await stage.balance(customerId, currencyId)).toBe(50);
    expect(await paid(customerId)).toMatchObject([{ amount: 150, consumedAmount: 100 }]);
  });

  test('4.6.0 accepts a cap: what would pass it is not granted, recharging is switched off, and there are notices', async () => {
    const customerId = await recharging(50);
    for (let count = 1; count <= 8; count++) {
      await use(customerId, 31);
      // 62 dollars each: the seventh makes 434 of 500, the eighth 496.
      expect(await notices(customerId)).toEqual([[], [80], [80, 90]][Math.max(0, count - 6)]);
    }
    expect(await stage.balance(customerId, currencyId)).toBe(50);
    await use(customerId, 31);
    expect(await stage.balance(customerId, currencyId)).toBe(19);
    expect(await paid(customerId)).toHaveLength(8);
    expect(await settings(customerId)).toMatchObject({ isEnabled: false, maxSpendLimit: 500 });
    expect(await notices(customerId)).toEqual([80, 90, 100]);
    const changes = (await stage.told(customerId)).filter(({ type }) => /configuration/.test(type));
    expect(changes.map(({ entity }) => entity.isEnabled)).toEqual([true, false]);
    await use(customerId, 1);
    expect(await paid(customerId)).toHaveLength(8);
  });

  test('4.6.0 accepts the next month: what was spent in the one before does not count', async () => {
    const own = await creditStage(storage, '2026-01-31T23:00:00.000Z');
    try {
      const customerId = await own.customer();
      await own.grant(customerId, 20, { currencyId });
      const asked = {
        customerId,
        currencyId,
        isEnabled: true,
        thresholdValue: 20,
        targetBalance: 50,
        maxSpendLimit: 70,
      };
      await own.client.saveAutomaticRechargeConfiguration(asked);
      await own.use(customerId, 1, { currencyId });
      await own.stack.clock.set('2026-02-01T00:00:00.000Z');
      await own.use(customerId, 31, { currencyId });
      expect(await own.balance(customerId, currencyId)).toBe(50);
      // A month on, what was recharged has expired: of the gift 19 are left.
      await own.stack.clock.set('2026-03-01T00:00:00.000Z');
      expect(await own.balance(customerId, currencyId)).toBe(19);
    } finally {
      await own.stack.close();
    }
  });

  test('4.6.0 accepts settings that nobody saved: the defaults', async () => {
    const customerId = await stage.customer(null);
    expect(await settings(customerId)).toEqual({
      customerId,
      currencyId,
      isEnabled: false,
      thresholdType: 'CREDIT_AMOUNT',
      thresholdValue: 0,
      targetBalance: 0,
      maxSpendLimit: null,
      grantExpirationPeriod: '1_MONTH',
    });
    await stage.grant(customerId, 5, { currencyId });
    await use(customerId, 9);
    expect(await paid(customerId)).toEqual([]);
  });

  test('4.6.0 accepts usage at the same time: it is recharged once', async () => {
    const customerId = await recharging(35);
    await Promise.all(Array.from({ length: 20 }, () => use(customerId, 1)));
    expect(await paid(customerId)).toHaveLength(1);
    const [grant] = await paid(customerId);
    const [balance, amount] = [await stage.balance(customerId, currencyId), Number(grant?.amount)];
    expect(balance).toBe(35 - 20 + amount);
    expect(amount).toBeGreaterThanOrEqual(31);
  });

  const refused = async (more: Partial<SaveAutomaticRecharge>, paymentMethodId: string | null = 'pm_card') =>
    save(await stage.customer(paymentMethodId), more).then(
      () => 'nothing',
      ({ code, field }: { code: string; field: string }) => `${code} ${field}`,
    );

  test('4.6.0 rejects a target that is not above the threshold', async () => {
    expect(await refused({ targetBalance: 20 })).toBe('INVALID_ARGUMENT targetBalance');
    expect(await refused({ targetBalance: 19, isEnabled: false })).toBe('INVALID_ARGUMENT targetBalance');
  });

  test('4.6.0 rejects negative numbers', async () => {
    expect(await refused({ thresholdValue: -1 })).toBe('INVALID_ARGUMENT thresholdValue');
    expect(await refused({ targetBalance: -1 })).toBe('INVALID_ARGUMENT targetBalance');
    expect(await refused({ maxSpendLimit: -1 })).toBe('INVALID_ARGUMENT maxSpendLimit');
  });

  test('4.6.0 rejects recharging without a payment method', async () => {
    expect(await refused({}, null)).toBe('CONFLICT isEnabled');
    expect(await refused({ isEnabled: false }, null)).toBe('nothing');
  });

  test('4.6.0 rejects a life that is not in the enum', async () => {
    const other = { grantExpirationPeriod: '1_WEEK' as '1_MONTH' };
    expect(await refused(other)).toBe('INVALID_ARGUMENT grantExpirationPeriod');
    const type = { thresholdType: 'POINTS' as 'CREDIT_AMOUNT' };
    expect(await refused(type)).toBe('INVALID_ARGUMENT thresholdType');
  });
});

describe.each(storages)('on %s, where somebody collects', (storage) => {
  let stage: CreditStage;
  beforeAll(async () => {
    stage = await creditStage(storage, jan10, { billing: 'sandbox' });
  });
  afterAll(() => stage.stack.close());

  const recharging = async (paymentMethodId: string): Promise<string> => {
    const customerId = await stage.customer(paymentMethodId);
    await stage.grant(customerId, 21, { currencyId });
    const asked = { customerId, currencyId, isEnabled: true, thresholdValue: 20, targetBalance: 50 };
    await stage.client.saveAutomaticRechargeConfiguration(asked);
    return customerId;
  };
  const use = (customerId: string, amount: number) => stage.use(customerId, amount, { currencyId });
  const statuses = async (customerId: string) => {
    const { data } = await stage.client.getCreditGrants({ customerId });
    return data.filter(({ grantType }) => grantType === 'PAID').map(({ status }) => status);
  };
  const eventually = (customerId: string, expected: string[]) =>
    expect.poll(() => statuses(customerId), { timeout: 10_000 }).toEqual(expected);

  test('4.6.0 accepts a recharge that is paid: the credits come with the payment, once however much is used meanwhile', async () => {
    const customerId = await recharging('pm_delayed');
    await use(customerId, 2);
    await use(customerId, 2);
    await eventually(customerId, ['PAYMENT_PENDING']);
    expect(await stage.balance(customerId, currencyId)).toBe(17);
    const find = async () => (await stage.stack.engine.openSandboxBilling()).find(({ kind }) => kind === 'grant');
    await expect.poll(find, { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    const intentId = String((await find())?.intentId);
    await stage.stack.engine.settleSandboxBilling({ intentId, outcome: 'SUCCEED' }, stage.stack.clock.now());
    expect(await statuses(customerId)).toEqual(['ACTIVE']);
    expect((await stage.client.getCreditBalance({ customerId, currencyId })).currentBalance).toBe(48);
    const attempts = (await stage.told(customerId)).filter(({ type }) => /attempted/.test(type));
    expect(attempts).toMatchObject([{ entity: { status: 'SUCCEEDED' } }]);
  });

  test('4.6.0 accepts a payment that fails: recharging is switched off', async () => {
    const customerId = await recharging('pm_declined');
    await use(customerId, 2);
    const read = async () =>
      (await stage.client.getAutomaticRechargeConfiguration({ customerId, currencyId })).isEnabled;
    await expect.poll(read, { timeout: 10_000 }).toBe(false);
    expect(await statuses(customerId)).toEqual(['PAYMENT_PENDING']);
    // The provider gives up after four tries.
    for (let hours = 7; hours <= 35; hours += 7) {
      await stage.stack.clock.set(Date.parse(jan10) + hours * 3_600_000);
    }
    expect(await statuses(customerId)).toEqual(['VOIDED']);
    expect(await stage.balance(customerId, currencyId)).toBe(19);
    const attempts = (await stage.told(customerId)).filter(({ type }) => /attempted/.test(type));
    expect(attempts).toMatchObject([{ entity: { status: 'FAILED' } }]);
  });
});
