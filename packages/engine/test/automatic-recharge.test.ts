import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../src/engine.js';
import { creditCatalog, use } from './credit-stage.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-10T00:00:00Z');
const month = at('2026-02-10T00:00:00Z');
const wallet = (customerId: string) => ({ customerId, currencyId: 'coins' });

describe.each(implementations)('automatic recharge on $name', (implementation) => {
  let manual: Stage;
  let sandbox: Stage;
  beforeAll(async () => {
    manual = await openStage(implementation, creditCatalog);
    sandbox = await openStage(implementation, creditCatalog, { billing: 'sandbox' });
  });
  afterAll(async () => {
    await manual.close();
    await sandbox.close();
  });

  /** Without a subscription, so that nothing but credits is ever due. */
  const recharging = async ({ environment }: Stage, customerId: string) => {
    await environment.provisionCustomer({ customerId, billingInfo: { paymentMethodId: 'pm_card' } }, now);
    const gift = { ...wallet(customerId), amount: '20', displayName: 'Gift', grantType: 'PROMOTIONAL' as const };
    await environment.grantCredits(gift, now);
    const settings = { isEnabled: true, thresholdValue: '20', targetBalance: '50' };
    await environment.saveAutomaticRecharge({ ...wallet(customerId), ...settings }, now);
  };
  const balance = async ({ environment }: Stage, customerId: string, instant = now) =>
    (await environment.creditBalance({ ...wallet(customerId), resourceId: null }, instant)).currentBalance;
  const settingsOf = ({ environment }: Stage, customerId: string) =>
    environment.automaticRecharge(wallet(customerId), now);

  test('gives credits that end by themselves, for lists and for the sweeper too', async () => {
    await recharging(manual, 'ada');
    await use(manual, wallet('ada'), '1', now);
    expect(await balance(manual, 'ada', month - 1)).toBe('50');
    expect(await balance(manual, 'ada', month)).toBe('19');
    expect(await manual.environment.sweep(month - 1, 10)).toBe(0);
    expect(await manual.environment.sweep(month, 10)).toBe(1);
    const { data } = await manual.environment.creditLedger({ filter: { customerId: 'ada' }, page: {} }, month);
    expect(data.at(-1)).toMatchObject({ eventType: 'CREDITS_EXPIRED', amount: '31' });
    expect(await manual.environment.verify(month)).toEqual([]);
  });

  test("follows from the use of the customer's own wallet alone", async () => {
    await recharging(manual, 'bob');
    const { environment } = manual;
    const gift = { ...wallet('bob'), amount: '5', displayName: 'Gift', grantType: 'PROMOTIONAL' as const };
    await environment.grantCredits({ ...gift, resourceId: 'site-1' }, now);
    const { data } = await environment.creditGrants({ filter: { customerId: 'bob' }, page: {} }, now);
    await environment.voidCreditGrant(String(data[0]?.grantId), now);
    expect(await balance(manual, 'bob')).toBe('0');
    const consumption = { ...wallet('bob'), resourceId: 'site-1', amount: '4', idempotencyKey: 'of the site' };
    await environment.hot({ consumeCredits: consumption }, now);
    expect(await balance(manual, 'bob')).toBe('0');
    await use(manual, wallet('bob'), '1', now);
    expect(await balance(manual, 'bob')).toBe('50');
  });

  test('stops where the payment method has gone meanwhile: nobody stands by for a checkout', async () => {
    await recharging(sandbox, 'carol');
    await sandbox.environment.detachCustomerPaymentMethod('carol', now);
    await use(sandbox, wallet('carol'), '1', now);
    const isEnabled = async () => (await settingsOf(sandbox, 'carol')).isEnabled;
    await expect.poll(isEnabled, { timeout: 10_000 }).toBe(false);
    const { data } = await sandbox.environment.creditGrants({ filter: { customerId: 'carol' }, page: {} }, now);
    expect(data.find(({ grantType }) => grantType === 'PAID')).toMatchObject({ status: 'VOIDED' });
    expect(await balance(sandbox, 'carol')).toBe('19');
    expect(await sandbox.environment.resumeBilling(month)).toBe(0);
  });

  test('is carried through by another server where the one that asked has died', async () => {
    // A server whose provider never hears anything: what it committed is all that it leaves.
    const dead = await createEngine({ database: sandbox.database, billing: { name: 'dead', collectGrant: never } });
    const environment = await dead.environment(sandbox.environment.environmentId);
    await recharging({ ...sandbox, environment }, 'dora');
    await use({ ...sandbox, environment }, wallet('dora'), '1', now);
    await dead.close();
    expect(await balance(sandbox, 'dora')).toBe('19');
    expect(await sandbox.environment.resumeBilling(now)).toBe(1);
    expect(await balance(sandbox, 'dora')).toBe('50');
  });

  test('whose payment nobody waits for any more is not spent: the cap has room for another one', async () => {
    const { environment } = sandbox;
    await recharging(sandbox, 'emil');
    const ask = (more: object) =>
      environment.saveAutomaticRecharge({ ...wallet('emil'), isEnabled: true, ...more }, now);
    await environment.updateCustomer({ customerId: 'emil', billingInfo: { paymentMethodId: 'pm_delayed' } }, now);
    // 31 coins at half a dollar are 15.50: the cap has room for one recharge.
    await ask({ maxSpendLimit: '20' });
    await use(sandbox, wallet('emil'), '1', now);
    const pending = async () => {
      const { data } = await environment.creditGrants({ filter: { customerId: 'emil' }, page: {} }, now);
      return data.filter(({ status }) => status === 'PAYMENT_PENDING');
    };
    const [first] = await pending();
    await environment.voidCreditGrant(String(first?.grantId), now);
    await use(sandbox, wallet('emil'), '1', now);
    expect(await pending()).toHaveLength(1);
    expect((await settingsOf(sandbox, 'emil')).isEnabled).toBe(true);
  });
});

const never = (): Promise<never> => Promise.reject(new Error('the connection is gone'));
