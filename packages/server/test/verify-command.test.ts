import { randomBytes } from 'node:crypto';
import { openDatabase } from '@tollgate/engine';
import { createStack, testClock } from '@tollgate/server/embedded';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { catalog } from './catalog.js';
import { finished } from './command.js';
import { dropSchema } from './server-fixture.js';

const jan1 = Date.UTC(2026, 0, 1);

describe('tollgate verify', { timeout: 120_000 }, () => {
  const schema = `verify_test_${randomBytes(6).toString('hex')}`;
  const target = () => ({ DATABASE_URL: inject('postgresUrl'), TOLLGATE_SCHEMA: schema });
  beforeAll(async () => {
    const clock = testClock(jan1);
    const customCurrencies = { tokens: { displayName: 'Tokens' } };
    const stack = await createStack({
      database: inject('postgresUrl'),
      schema,
      environment: 'production',
      catalog: { ...catalog, customCurrencies },
      clock,
    });
    const { environment } = stack;
    for (const customerId of ['ada', 'bob']) {
      await environment.provisionCustomer({ customerId }, jan1);
      const grant = { customerId, currencyId: 'tokens', amount: '5', displayName: 'Gift', grantId: `of-${customerId}` };
      await environment.grantCredits({ ...grant, grantType: 'PROMOTIONAL' }, jan1);
    }
    await stack.close();
  });
  afterAll(() => dropSchema(inject('postgresUrl'), schema));

  test('ends with 0 where everything follows, and with 1 and what differs where something does not', async () => {
    const right = await finished(['verify'], { env: target() });
    expect([right.code, right.out]).toEqual([0, 'Every balance and counter is what usage and ledger say.\n']);
    const database = await openDatabase(inject('postgresUrl'), { schema });
    await database.query(`update {schema}.credit_grant set consumed = 1 where grant_id = 'of-bob'`);
    await database.close();
    const wrong = await finished(['verify', '--environment', 'production'], { env: target() });
    expect(wrong.out.split('\n')).toEqual([
      'production bob grant of-bob: consumed is 1, and should be 0',
      'production bob wallet tokens: balance is 4, and should be 5',
      '',
    ]);
    expect([wrong.code, wrong.err]).toEqual([1, 'tollgate: 2 numbers differ\n']);
    expect((await finished(['verify', '--customer', 'ada'], { env: target() })).code).toBe(0);
  });

  test('does not take a name that is mistyped for one of which everything is right', async () => {
    const other = await finished(['verify', '--environment', 'other'], { env: target() });
    expect([other.code, other.err]).toEqual([1, 'tollgate: there is no environment "other"\n']);
    const nobody = await finished(['verify', '--customer', 'nobody'], { env: target() });
    expect([nobody.code, nobody.err]).toEqual([1, 'tollgate: there is no customer nobody\n']);
  });
});
