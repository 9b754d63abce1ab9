import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditCatalog, use } from './credit-stage.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-10T00:00:00Z');
const hour = 3_600_000;

describe.each(implementations)('the check of all numbers on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog);
  });
  afterAll(() => stage.close());

  const wallet = { customerId: 'ada', currencyId: 'tokens' };
  const found = async (customerId?: string) =>
    (await stage.environment.verify(now + 2 * hour, customerId ? { customerId } : {})).map(
      ({ customerId: of, name, stored, computed }) => `${of} ${name}: ${stored}, not ${computed}`,
    );

  /** A customer with a bit of everything: usage, grants in every status, a debt that was paid, used-up grants. */
  beforeAll(async () => {
    const { environment } = stage;
    for (const customerId of ['ada', 'bob']) {
      await environment.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } }, now);
    }
    await environment.reportUsage(
      [
        { customerId: 'ada', featureId: 'feature-calls', value: '3', idempotencyKey: '1' },
        { customerId: 'ada', featureId: 'feature-projects', value: '2', idempotencyKey: '2' },
      ],
      now,
    );
    const grant = (grantId: string, amount: string, more: object = {}) => {
      const input = { ...wallet, displayName: grantId, grantType: 'PROMOTIONAL' as const, grantId, amount, ...more };
      return environment.grantCredits(input, now);
    };
    await use(stage, wallet, '5', now);
    await grant('paid-debt', '10', { priority: 0 });
    await grant('short', '20', { priority: 1, expireAt: '2026-01-10T01:00:00.000Z' });
    await grant('voided', '7', { priority: 99 });
    await grant('later', '9', { effectiveAt: '2026-02-01T00:00:00.000Z' });
    for (let index = 0; index < 45; index++) await grant(`small-${index}`, '1', { priority: 2 });
    await use(stage, wallet, '12', now);
    await environment.voidCreditGrant('voided', now);
    await use(stage, wallet, '45', now + hour);
    await grant('last', '50');
    await use(stage, wallet, '8', now + hour);
    const items = [{ currencyId: 'tokens', amount: '4' }];
    const reserve = { customerId: 'ada', reservationId: 'kept', ttlMs: 2 * hour, items };
    expect((await environment.hot({ reserve }, now + hour)).reservation).toMatchObject({ status: 'HELD' });
  }, 60_000);

  test('finds nothing in a history in which everything happened', async () => {
    expect(await found()).toEqual([]);
    const { data } = await stage.environment.creditLedger({ filter: { customerId: 'ada' }, page: { limit: 100 } }, now);
    const types = [
      'CREDITS_CONSUMED',
      'CREDITS_CONSUMPTION_TRANSFER_SOURCE',
      'CREDITS_CONSUMPTION_TRANSFER_TARGET',
      'CREDITS_EXPIRED',
      'CREDITS_GRANTED',
      'CREDITS_VOIDED',
    ];
    expect([...new Set(data.map(({ eventType }) => eventType))].sort()).toEqual(types);
    const [retired] = await stage.database.query('select retired::text as sum from {schema}.wallet');
    expect(Number(retired?.sum)).toBeGreaterThan(0);
  });

  const spoilt: [string, string, string, string[]][] = [
    [
      'a counter',
      `update {schema}.usage_counter set value = 4 where feature_id = 'feature-calls'`,
      `update {schema}.usage_counter set value = 3 where feature_id = 'feature-calls'`,
      ['ada counter feature-calls from 2026-01-10T00:00:00.000Z: value: 4, not 3'],
    ],
    [
      'a row of usage',
      `update {schema}.usage set value = 5 where feature_id = 'feature-projects'`,
      `update {schema}.usage set value = 2 where feature_id = 'feature-projects'`,
      ['ada counter feature-projects: value: 2, not 5'],
    ],
    [
      'what was consumed of a grant',
      `update {schema}.credit_grant set consumed = 7 where grant_id = 'last'`,
      `update {schema}.credit_grant set consumed = 8 where grant_id = 'last'`,
      ['ada grant last: consumed: 7, not 8', 'ada wallet tokens: balance: 43, not 42'],
    ],
    [
      'how much was granted',
      `update {schema}.credit_grant set amount = 51 where grant_id = 'last'`,
      `update {schema}.credit_grant set amount = 50 where grant_id = 'last'`,
      ['ada grant last: granted: 51, not 50', 'ada wallet tokens: balance: 43, not 42'],
    ],
    [
      'the status of a grant',
      `update {schema}.credit_grant set status = 'ACTIVE' where grant_id = 'voided'`,
      `update {schema}.credit_grant set status = 'VOIDED' where grant_id = 'voided'`,
      [
        'ada grant voided: status: ACTIVE, not VOIDED',
        'ada grant voided: voided: 0, not 7',
        'ada wallet tokens: retired',
        'ada grant voided: open: false, not true',
      ],
    ],
    [
      'what is retired of a wallet',
      `update {schema}.wallet set retired = retired + 1`,
      `update {schema}.wallet set retired = retired - 1`,
      ['ada wallet tokens: retired'],
    ],
    [
      'a grant that is hidden',
      `update {schema}.credit_grant set is_open = false where grant_id = 'last'`,
      `update {schema}.credit_grant set is_open = true where grant_id = 'last'`,
      ['ada wallet tokens: balance: 0, not 42', 'ada wallet tokens: retired', 'ada grant last: open: false, not true'],
    ],
    [
      'a row of the ledger',
      `update {schema}.credit_ledger set grant_id = 'lost' where type = 'CREDITS_EXPIRED'`,
      `update {schema}.credit_ledger set grant_id = 'short' where type = 'CREDITS_EXPIRED'`,
      [
        'ada grant lost: is not there, not has rows in the ledger',
        'ada grant short: status: EXPIRED, not ACTIVE',
        'ada grant short: expired',
      ],
    ],
    [
      'a hold that is gone',
      `delete from {schema}.hold where reservation_id = 'kept'`,
      `insert into {schema}.hold (environment, customer_id, reservation_id, item, kind, held_id, resource_id, amount,
         expires_at) select 'test', 'ada', 'kept', 0, 'credits', 'tokens', '', 4, expires_at from {schema}.reservation
         where reservation_id = 'kept'`,
      ['ada reservation kept: holds: nothing, not 0 credits tokens  4000000'],
    ],
    [
      'how much is held',
      `update {schema}.hold set amount = 5 where reservation_id = 'kept'`,
      `update {schema}.hold set amount = 4 where reservation_id = 'kept'`,
      ['ada reservation kept: holds: 0 credits tokens  5000000'],
    ],
    [
      'a hold without a reservation',
      `insert into {schema}.hold (environment, customer_id, reservation_id, item, kind, held_id, resource_id, amount,
         expires_at) values ('test', 'ada', 'none', 0, 'credits', 'tokens', '', 3, 9000000000000)`,
      `delete from {schema}.hold where reservation_id = 'none'`,
      ['ada reservation none: holds: 0 credits tokens  3000000 9000000000000, not nothing'],
    ],
  ];
  test.each(spoilt)('names %s that was spoilt', async (_, spoil, mend, expected) => {
    await stage.database.query(spoil);
    const differences = await found();
    const ofAda = await found('ada');
    const ofBob = await found('bob');
    await stage.database.query(mend);
    expect(differences).toEqual(expected.map((text) => expect.stringContaining(text)));
    expect(ofAda).toEqual(differences);
    expect(ofBob).toEqual([]);
    expect(await found()).toEqual([]);
  });
});
