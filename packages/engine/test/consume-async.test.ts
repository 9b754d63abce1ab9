import { amountToNumber, type ConsumeCreditsInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditCatalog } from './credit-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

describe.each(implementations)('consumptions that are taken in two steps on $name', (implementation) => {
  let stage: Stage;
  let lastCustomer = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog);
  });
  afterAll(() => stage.close());

  /** A fresh customer with 100 points. */
  async function withPoints(): Promise<string> {
    const customerId = `customer-${++lastCustomer}`;
    await stage.environment.provisionCustomer({ customerId }, now);
    const grant = { currencyId: 'points', amount: '100', displayName: 'Start', grantType: 'PROMOTIONAL' as const };
    await stage.environment.grantCredits({ customerId, ...grant }, now);
    return customerId;
  }
  const consumption = (customerId: string, idempotencyKey: string, amount: string): ConsumeCreditsInput => ({
    customerId,
    currencyId: 'points',
    amount,
    idempotencyKey,
    isCreatedAtFilledIn: false,
  });
  async function balance(customerId: string, currencyId = 'points') {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], now);
    const wallet = snapshot?.wallets.get(currencyId);
    return wallet && amountToNumber(wallet.balance);
  }

  test('are stored, known already, in conflict or refused one by one, and burn once', async () => {
    const customerId = await withPoints();
    const good = consumption(customerId, 'k', '10');
    const cases: [Partial<Record<keyof ConsumeCreditsInput, unknown>>, string][] = [
      [{}, 'stored'],
      [{}, 'known'],
      [{ amount: '11' }, 'IDEMPOTENCY_CONFLICT idempotencyKey'],
      [{ amount: '0' }, 'INVALID_ARGUMENT amount'],
      [{ customerId: 'nobody' }, 'CUSTOMER_NOT_FOUND customerId'],
      [{ currencyId: 'francs' }, 'CURRENCY_NOT_FOUND currencyId'],
      [{ idempotencyKey: '' }, 'INVALID_ARGUMENT idempotencyKey'],
      [{ createdAt: '2026-03-10T12:06:00Z' }, 'INVALID_ARGUMENT createdAt'],
      [{ createdAt: '2026-02-01T00:00:00Z' }, 'TOO_OLD createdAt'],
      [{ idempotencyKey: 'other', amount: '0.5' }, 'stored'],
    ];
    const results = await stage.environment.consumeCreditsAsync(
      cases.map(([fields]) => ({ ...good, ...fields }) as ConsumeCreditsInput),
      now,
    );
    const told = results.map(({ isDuplicate, error }) =>
      error ? `${error.code} ${error.field}` : isDuplicate ? 'known' : 'stored',
    );
    expect(told).toEqual(cases.map(([, outcome]) => outcome));
    expect(await balance(customerId)).toBe(89.5);
    for (const count of [0, 1_001]) {
      const batch = stage.environment.consumeCreditsAsync(
        Array.from({ length: count }, () => good),
        now,
      );
      await expect(batch).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'consumptions' });
    }
  });

  test('burn once however often and however late they are sent again, by the other way too', async () => {
    const customerId = await withPoints();
    const batch = [consumption(customerId, 'a', '10'), consumption(customerId, 'b', '20')];
    await Promise.all(Array.from({ length: 5 }, () => stage.environment.consumeCreditsAsync(batch, now)));
    await stage.environment.consumeCreditsAsync(
      batch.map((each) => ({ ...each, createdAt: '2026-03-10T11:00:00Z', isCreatedAtFilledIn: true })),
      now,
    );
    const [first] = batch;
    const again = await stage.environment.hot({ consumeCredits: first }, now);
    expect(again.consumption).toMatchObject({ isDuplicate: true, credit: { consumed: '0', currentUsage: '30' } });
    expect(await balance(customerId)).toBe(70);
  });

  test('go to the overdraft with what is missing', async () => {
    const customerId = await withPoints();
    await stage.environment.consumeCreditsAsync([consumption(customerId, 'a', '130')], now);
    expect(await balance(customerId)).toBe(-30);
  });

  test('are applied in one order with events, also those that a process left behind', async () => {
    const customerId = `customer-${++lastCustomer}`;
    const subscriptionParams = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await stage.environment.provisionCustomer({ customerId, subscriptionParams }, now);
    // As if the process had died between accepting and applying.
    await stage.database.query(
      `insert into {schema}.accepted_event
              (environment, customer_id, event_name, currency_id, amount, dimensions, happened_at, accepted_at)
       values ('test', $1, 'answer', null, null, '{"inputTokens": 10, "outputTokens": 1}', $2, $2),
              ('test', $1, null, 'credits', 7, '{}', $2, $2),
              ('test', $1, 'answer', null, null, '{"inputTokens": 20, "outputTokens": 2}', $2, $2)`,
      [customerId, now],
    );
    expect(await stage.engine.applyBacklog(now)).toBe(3);
    expect(await stage.engine.applyBacklog(now)).toBe(0);
    const filter = { customerId, eventTypes: ['CREDITS_CONSUMED' as const] };
    const { data } = await stage.environment.creditLedger({ filter, page: {} }, now);
    // 1.1 · 10 + 5 · 1, then the consumption, then 1.1 · 20 + 5 · 2.
    expect(data.map(({ amount, featureId }) => [amount, featureId])).toEqual([
      ['16', 'feature-answers'],
      ['7', null],
      ['32', 'feature-answers'],
    ]);
    expect(await balance(customerId, 'credits')).toBe(945);
  });
});
