import type { HotOperationInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { grant, type HotStage, ledger, now, openHotStage, start } from './hot-stage.js';
import { at } from './stage.js';

describe.each(implementations)('burning credits on $name', (implementation) => {
  let stage: HotStage;
  const errors: unknown[] = [];
  beforeAll(async () => {
    stage = await openHotStage(implementation, { onError: (error) => errors.push(error) });
  });
  afterAll(() => stage.close());

  const report = (
    customerId: string,
    featureId: string,
    value: string,
    more: Partial<HotOperationInput['reportUsage']> = {},
  ) => stage.hot({ reportUsage: { customerId, featureId, value, ...more } });

  test('a report burns its rate per unit, and the ack tells of the whole wallet', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    const first = await report(customerId, 'feature-pages', '3', { idempotencyKey: 'once' });
    expect(first.usage).toMatchObject({ currentUsage: '3', isDuplicate: false });
    expect(first.usage?.credit).toMatchObject({
      currencyId: 'credit-ai',
      currentUsage: '6',
      usageLimit: '100',
      timestamp: '2026-03-10T12:00:00.000Z',
      consumed: '6',
      usagePeriodEnd: null,
      wallet: { customerId, resourceId: null, wallet: { balance: '94', totalConsumed: '6' } },
    });
    const second = await report(customerId, 'feature-images', '2');
    expect(second.usage?.credit).toMatchObject({ currentUsage: '8', usageLimit: '100', consumed: '2' });
    const again = await report(customerId, 'feature-pages', '3', { idempotencyKey: 'once' });
    expect(again.usage).toMatchObject({ isDuplicate: true, credit: { currentUsage: '8', consumed: '0' } });
    expect(again.usage?.credit?.wallet.wallet.version).toEqual(second.usage?.credit?.wallet.wallet.version);
    expect(await stage.wallet(customerId)).toBe('92 / 8 / 0');
    expect(await ledger(stage.database, customerId)).toEqual([
      'CREDITS_CONSUMED 6 grant feature-pages',
      'CREDITS_CONSUMED 2 grant feature-images',
    ]);
  });

  test('a feature without a rate burns nothing, nor does one without a subscription that maps it', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    expect((await report(customerId, 'feature-reports', '3')).usage).toMatchObject({ currentUsage: '3', credit: null });
    const other = await stage.subscribed('plan-free');
    await grant(stage, other, 10);
    expect((await report(other, 'feature-pages', '3')).usage).toMatchObject({ currentUsage: '3', credit: null });
    expect(await stage.wallet(other)).toBe('10 / 0 / 0');
  });

  test('more than there is goes to the overdraft, and the balance below zero', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 5, { name: 'first', priority: 0 });
    await grant(stage, customerId, 4, { name: 'second' });
    const { usage } = await report(customerId, 'feature-pages', '6');
    expect(usage?.credit).toMatchObject({ currentUsage: '12', usageLimit: '9', wallet: { wallet: { balance: '-3' } } });
    expect(await ledger(stage.database, customerId)).toEqual([
      'CREDITS_CONSUMED 5 first feature-pages',
      'CREDITS_CONSUMED 4 second feature-pages',
      'CREDITS_CONSUMED 3 Overdraft feature-pages',
    ]);
  });

  test('usage that is taken back gives credits back, to the debt first', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 5);
    await report(customerId, 'feature-pages', '4');
    expect(await stage.wallet(customerId)).toBe('-3 / 8 / 0');
    const { usage } = await report(customerId, 'feature-pages', '-2');
    expect(usage?.credit).toMatchObject({ consumed: '-4', currentUsage: '4' });
    expect(await stage.wallet(customerId)).toBe('1 / 4 / 0');
  });

  test('SET is charged by what it changes, and what a newer SET replaced costs nothing', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    await report(customerId, 'feature-pages', '3', { createdAt: '2026-03-10T08:00:00Z' });
    const set = { updateBehavior: 'SET' as const, createdAt: '2026-03-10T09:00:00Z' };
    expect((await report(customerId, 'feature-pages', '10', set)).usage?.credit).toMatchObject({ consumed: '14' });
    const late = await report(customerId, 'feature-pages', '5', { createdAt: '2026-03-10T08:30:00Z' });
    expect(late.usage).toMatchObject({ currentUsage: '10', credit: { consumed: '0', currentUsage: '20' } });
  });

  test('a formula is worked out from the dimensions; what it cannot take is refused and counts nothing', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    const answer = (dimensions: Record<string, unknown>) => report(customerId, 'feature-answers', '1', { dimensions });
    expect((await answer({ a: 10, b: 2 })).usage?.credit).toMatchObject({ consumed: '21' });
    errors.length = 0;
    expect((await answer({ a: 10 })).usage?.credit).toMatchObject({ consumed: '11' });
    expect(String(errors)).toContain('b');
    const before = (await stage.snapshot(customerId)).grants.version.revision;
    const refused = await answer({ a: 'many', b: 2 });
    expect(refused.error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'dimensions.a' });
    expect((await stage.snapshot(customerId)).grants.version.revision).toBe(before);
    // Nor does it leave a trace among others in one transaction.
    await Promise.all([answer({ a: 'many', b: 2 }), report(customerId, 'feature-reports', '1')]);
    expect(await stage.usage(customerId, 'feature-answers')).toBe('2 + 0');
    expect(await stage.wallet(customerId)).toBe('68 / 32 / 0');
  });

  test('a resource pays with its own wallet if it has one, else with that of the customer', async () => {
    const customerId = await stage.subscribed('plan-free');
    for (const resourceId of ['own', 'without']) {
      await stage.environment.provisionSubscription({ customerId, planId: 'plan-workspace', resourceId }, start);
    }
    await grant(stage, customerId, 100);
    await grant(stage, customerId, 50, { name: 'of-resource', resourceId: 'own' });
    const own = await report(customerId, 'feature-pages', '1', { resourceId: 'own' });
    expect(own.usage).toMatchObject({ resourceId: 'own', credit: { usageLimit: '50', wallet: { resourceId: 'own' } } });
    const without = await report(customerId, 'feature-pages', '2', { resourceId: 'without' });
    expect(without.usage).toMatchObject({ resourceId: 'without', credit: { usageLimit: '100', currentUsage: '4' } });
    expect(await stage.wallet(customerId, 'own')).toBe('48 / 2 / 0');
    expect(await stage.wallet(customerId)).toBe('96 / 4 / 0');
  });

  test('a grant that has ended by now pays nothing: it expires first, at its own date', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10, { name: 'ends', expireAt: '2026-03-10T00:00:00Z', priority: 0 });
    await grant(stage, customerId, 10, { name: 'stays' });
    await report(customerId, 'feature-pages', '2');
    await report(customerId, 'feature-pages', '1');
    expect(await ledger(stage.database, customerId)).toEqual([
      'CREDITS_EXPIRED 10 ends -',
      'CREDITS_CONSUMED 4 stays feature-pages',
      'CREDITS_CONSUMED 2 stays feature-pages',
    ]);
    expect(await stage.wallet(customerId)).toBe('4 / 6 / 0');
    const [expired] = await stage.database.query<{ happened_at: number; revision: number }>(
      `select happened_at, revision from {schema}.credit_ledger where customer_id = $1 and type = 'CREDITS_EXPIRED'`,
      [customerId],
    );
    expect(expired?.happened_at).toBe(at('2026-03-10T00:00:00Z'));
    // In a transaction of its own, before the two that followed.
    expect((await stage.snapshot(customerId)).grants.version.revision).toBe((expired?.revision ?? 0) + 2);
  });

  test('events burn too, dated when they happened, and one that says nothing of the feature burns nothing', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    const event = (idempotencyKey: string, words: unknown, timestamp: string) => ({
      customerId,
      eventName: 'written',
      idempotencyKey,
      timestamp,
      dimensions: { words } as Record<string, number>,
    });
    await stage.environment.reportEvents(
      [
        event('a', 10, '2026-03-09T01:00:00Z'),
        event('b', 'x', '2026-03-09T02:00:00Z'),
        event('c', 4, '2026-03-08T00:00:00Z'),
      ],
      now,
    );
    expect(await stage.wallet(customerId)).toBe('93 / 7 / 0');
    const rows = await stage.database.query<{ happened_at: number; amount: string; dimensions: unknown }>(
      `select happened_at, trim_scale(amount) as amount, dimensions from {schema}.credit_ledger where customer_id = $1 and type = 'CREDITS_CONSUMED' order by ordinal`,
      [customerId],
    );
    expect(rows).toEqual([
      { happened_at: at('2026-03-09T01:00:00Z'), amount: '5', dimensions: { words: 10 } },
      { happened_at: at('2026-03-08T00:00:00Z'), amount: '2', dimensions: { words: 4 } },
    ]);
  });

  test('a soft wallet of a resource is held and charged past zero, and every answer says that it is soft', async () => {
    const customerId = await stage.subscribed();
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-soft', resourceId: 'site' }, start);
    // The customer counts the pages, and the resource pays for them: 2 credits each, of 5.
    const items = [{ featureId: 'feature-pages', amount: '4', resourceId: 'site' }];
    const reference = { customerId, reservationId: 'soft' };
    const { reservation } = await stage.hot({ reserve: { ...reference, items } });
    const soft = { hasSoftLimit: true, usagePeriodEnd: '2026-04-05T00:00:00.000Z' };
    expect(reservation).toMatchObject({
      status: 'HELD',
      usage: [{ resourceId: null, counter: { held: '4' } }],
      wallets: [{ resourceId: 'site', wallet: { ...soft, balance: '5', held: '8' } }],
    });
    const told = await stage.environment.reservation(reference, now);
    expect(told).toEqual(reservation);
    const settled = await stage.hot({ settle: reference });
    expect(settled.reservation?.wallets).toMatchObject([{ wallet: { ...soft, balance: '-3', held: '0' } }]);
    expect(await stage.wallet(customerId, 'site')).toBe('-3 / 8 / 0');
  });

  describe('consumeCredits', () => {
    const consume = (customerId: string, amount: string, more: Partial<HotOperationInput['consumeCredits']> = {}) =>
      stage.hot({
        consumeCredits: { customerId, currencyId: 'credit-ai', amount, idempotencyKey: 'key', ...more },
      });

    test('needs no subscription, and dates nothing but its row', async () => {
      await stage.environment.createCustomer({ customerId: 'ada' }, start);
      await grant(stage, 'ada', 10);
      const { consumption } = await consume('ada', '2.5', { createdAt: '2026-03-07T00:00:00Z' });
      expect(consumption).toMatchObject({
        customerId: 'ada',
        currencyId: 'credit-ai',
        amount: '2.5',
        resourceId: null,
        timestamp: '2026-03-10T12:00:00.000Z',
        isDuplicate: false,
        credit: { currentUsage: '2.5', usageLimit: '10', consumed: '2.5' },
      });
      const [row] = await stage.database.query<{ happened_at: number }>(
        `select happened_at from {schema}.credit_ledger where customer_id = 'ada' and type = 'CREDITS_CONSUMED'`,
      );
      expect(row?.happened_at).toBe(at('2026-03-07T00:00:00Z'));
    });

    test('the same key counts once; other content is a conflict; a report has keys of its own', async () => {
      const customerId = await stage.subscribed();
      await grant(stage, customerId, 10);
      await consume(customerId, '3');
      const again = await consume(customerId, '3');
      expect(again.consumption).toMatchObject({ isDuplicate: true, credit: { consumed: '0', currentUsage: '3' } });
      expect((await consume(customerId, '4')).error).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
      await report(customerId, 'feature-pages', '1', { idempotencyKey: 'key' });
      expect(await stage.wallet(customerId)).toBe('5 / 5 / 0');
    });

    test('refuses by name what cannot be consumed', async () => {
      const customerId = await stage.subscribed();
      const field = async (amount: string, more = {}) => (await consume(customerId, amount, more)).error;
      expect(await field('0')).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'amount' });
      expect(await field('-1')).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'amount' });
      expect(await field('0.0000001')).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'amount' });
      expect(await field('1', { currencyId: 'credit-none' })).toMatchObject({ code: 'CURRENCY_NOT_FOUND' });
      expect(await field('1', { customerId: 'nobody' })).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
      expect(await field('1', { createdAt: '2026-03-11T00:00:00Z' })).toMatchObject({ field: 'createdAt' });
      expect(await field('1', { idempotencyKey: '' })).toMatchObject({ field: 'idempotencyKey' });
    });

    test('first applies what was accepted before', async () => {
      const customerId = await stage.subscribed();
      await grant(stage, customerId, 10);
      await stage.database.query(
        `insert into {schema}.accepted_event (environment, customer_id, event_name, dimensions, happened_at, accepted_at)
         values ('test', $1, 'written', '{"words": 6}', $2, $2)`,
        [customerId, now],
      );
      const { consumption } = await consume(customerId, '1');
      expect(consumption?.credit).toMatchObject({ currentUsage: '4' });
    });
  });
});
