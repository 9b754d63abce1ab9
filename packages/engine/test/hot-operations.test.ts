import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createEngine } from '../src/engine.js';
import type { Engine, EnvironmentEngine } from '../src/engine-api.js';
import type { Database } from '../src/storage/database.js';
import { migrate } from '../src/storage/migrate.js';
import { openDatabase } from '../src/storage/open-database.js';
import { readConsumptionItem } from '../src/usage/consumption-item.js';
import { dropSchema, implementations, uniqueSchema } from './databases.js';
import { grant, type HotStage, hotCatalog, ledger, now, openHotStage, start } from './hot-stage.js';

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe.each(implementations)('operations of one customer together on $name', (implementation) => {
  let stage: HotStage;
  beforeAll(async () => {
    stage = await openHotStage(implementation);
  });
  afterAll(() => stage.close());

  const revisionOf = async (customerId: string) => (await stage.snapshot(customerId)).grants.version.revision;

  test('those that wait travel in one transaction, in their order, each with its own answer', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const before = await revisionOf(customerId);
    const consume = (amount: string, idempotencyKey: string) =>
      stage.hot({ consumeCredits: { customerId, currencyId: 'credit-ai', amount, idempotencyKey } });
    const credits = [{ currencyId: 'credit-ai', amount: '6' }];
    const answers = await Promise.all([
      stage.hot({ reserve: { customerId, reservationId: 'first', items: credits } }),
      stage.hot({ reserve: { customerId, reservationId: 'second', items: credits } }),
      stage.hot({ release: { customerId, reservationId: 'first' } }),
      stage.hot({ reserve: { customerId, reservationId: 'third', items: credits } }),
      consume('0', 'zero'),
      consume('1', 'one'),
      consume('1', 'one'),
      stage.hot({ reportUsage: { customerId, featureId: 'feature-none', value: '1' } }),
      stage.hot({ reportUsage: { customerId, featureId: 'feature-pages', value: '2' } }),
      stage.hot({ settle: { customerId, reservationId: 'third', amounts: [{ item: 0, amount: '2' }] } }),
    ]);
    const told = answers.map(
      ({ error, reservation, consumption, usage }) =>
        error?.code ??
        reservation?.status ??
        (consumption ? `consumed ${consumption.credit.consumed}` : `reported ${usage?.credit?.consumed}`),
    );
    expect(told).toEqual([
      'HELD',
      'DENIED',
      'RELEASED',
      'HELD',
      'INVALID_ARGUMENT',
      'consumed 1',
      'consumed 0',
      'FEATURE_NOT_FOUND',
      'reported 4',
      'SETTLED',
    ]);
    expect(await revisionOf(customerId)).toBe(before + 1);
    expect(await stage.wallet(customerId)).toBe('3 / 7 / 0');
    const rows = await stage.database.query('select from {schema}.hold where customer_id = $1', [customerId]);
    expect(rows).toEqual([]);
  });

  test('what changes nothing writes nothing', async () => {
    const customerId = await stage.subscribed();
    const before = await revisionOf(customerId);
    await stage.hot({
      reserve: { customerId, reservationId: 'r', items: [{ featureId: 'feature-projects', amount: '4' }] },
    });
    await stage.hot({ reportUsage: { customerId, featureId: 'feature-none', value: '1' } });
    await stage.hot({ settle: { customerId, reservationId: 'r' } });
    expect(await revisionOf(customerId)).toBe(before);
    const rows = await stage.database.query('select from {schema}.reservation where customer_id = $1', [customerId]);
    expect(rows).toEqual([]);
  });

  test('a hundred that come while one runs need few transactions', async () => {
    const customerId = await stage.subscribed();
    const before = await revisionOf(customerId);
    await times(100, (index) =>
      stage.hot({ reportUsage: { customerId, featureId: 'feature-pages', value: '1', idempotencyKey: `${index}` } }),
    );
    expect((await revisionOf(customerId)) - before).toBeLessThanOrEqual(2);
    expect(await stage.usage(customerId, 'feature-pages')).toBe('100 + 0');
  });

  test('one that spoils the transaction fails alone', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    const consume = (idempotencyKey: string, dimensions: Record<string, string>) =>
      stage.hot({ consumeCredits: { customerId, currencyId: 'credit-ai', amount: '1', idempotencyKey, dimensions } });
    // Refused by the database alone: nothing in the process sees anything wrong with it.
    await stage.database.query(
      `alter table {schema}.credit_ledger add constraint spoiled check (dimensions->>'bad' is distinct from 'yes')`,
    );
    const answers = await times(20, (index) => consume(`${index}`, { bad: index === 7 ? 'yes' : 'no' }));
    await stage.database.query('alter table {schema}.credit_ledger drop constraint spoiled');
    expect(answers.filter(({ error }) => error).length).toBe(1);
    expect(answers[7]?.error).toMatchObject({ code: 'INTERNAL', isRetryable: true });
    expect(await stage.wallet(customerId)).toBe('81 / 19 / 0');
    expect(await ledger(stage.database, customerId)).toHaveLength(19);
    expect((await consume('7', { bad: 'no' })).consumption?.isDuplicate).toBe(false);
  });

  test('bulk reports and single ones travel together', async () => {
    const customerId = await stage.subscribed();
    const before = await revisionOf(customerId);
    const report = { customerId, featureId: 'feature-pages', value: '1' };
    const [bulk, single] = await Promise.all([
      stage.environment.reportUsage([report, { ...report, value: 'x' }, report], now),
      stage.hot({ reportUsage: report }),
    ]);
    expect(bulk.map(({ ack, error }) => ack?.currentUsage ?? error?.code)).toEqual(['1', 'INVALID_ARGUMENT', '2']);
    expect(single.usage?.currentUsage).toBe('3');
    expect((await revisionOf(customerId)) - before).toBe(1);
  });
});

describe('two engines on one Postgres', () => {
  const schema = uniqueSchema();
  const databases: Database[] = [];
  const engines: Engine[] = [];
  const environments: EnvironmentEngine[] = [];
  beforeAll(async () => {
    for (let process = 0; process < 2; process++) {
      const database = await openDatabase(inject('postgresUrl'), { schema });
      databases.push(database);
      await migrate(database);
      const engine = await createEngine({ database });
      engines.push(engine);
      await engine.ensureEnvironment('test', start);
      environments.push(await engine.environment('test'));
    }
    await environments[0]?.applyCatalog(hotCatalog, { dryRun: false }, start);
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await Promise.all(databases.map((database) => database.close()));
    await dropSchema(schema);
  });

  const environment = (index: number) => environments[index % 2] as EnvironmentEngine;
  const subscribed = (customerId: string) =>
    environment(0).provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-credits' } }, start);
  const snapshotOf = async (customerId: string) => (await environment(1).snapshots(customerId, [null], now))[0];

  test('of 300 holds of one against a limit of 100 exactly 100 pass', async () => {
    await subscribed('ada');
    const items = [{ featureId: 'feature-reports', amount: '1' }];
    const answers = await times(300, (index) =>
      environment(index).hot({ reserve: { customerId: 'ada', reservationId: `r${index}`, items } }, now),
    );
    const count = (status: string) => answers.filter(({ reservation }) => reservation?.status === status).length;
    expect([count('HELD'), count('DENIED')]).toEqual([100, 200]);
    expect((await snapshotOf('ada'))?.usage.get('feature-reports')?.held).toBe(100_000_000n);
  });

  test('holds of mixed amounts never pass the balance, and leave no credit unusable', async () => {
    await subscribed('bob');
    await grant({ environment: environment(0) }, 'bob', 100);
    const amounts = Array.from({ length: 120 }, (_, index) => 1 + ((index * 7) % 5));
    const answers = await times(120, (index) => {
      const items = [{ currencyId: 'credit-ai', amount: String(amounts[index]) }];
      return environment(index).hot({ reserve: { customerId: 'bob', reservationId: `r${index}`, items } }, now);
    });
    const heldAmounts = amounts.filter((_, index) => answers[index]?.reservation?.status === 'HELD');
    const deniedAmounts = amounts.filter((_, index) => answers[index]?.reservation?.status === 'DENIED');
    const held = heldAmounts.reduce((sum, amount) => sum + amount, 0);
    expect(heldAmounts.length + deniedAmounts.length).toBe(120);
    // 360 are asked for, with enough ones among them to fill every gap that the others leave.
    expect(held).toBe(100);
    const settled = await times(120, (index) =>
      environment(index + 1).hot({ settle: { customerId: 'bob', reservationId: `r${index}` } }, now),
    );
    expect(settled.filter(({ reservation }) => reservation?.status === 'SETTLED')).toHaveLength(heldAmounts.length);
    expect((await snapshotOf('bob'))?.wallets.get('credit-ai')).toMatchObject({ balance: 0n, held: 0n });
  });

  test('ten callers with one key or one reservation in two processes count once', async () => {
    await subscribed('carl');
    await grant({ environment: environment(0) }, 'carl', 100);
    const consumed = await times(10, (index) => {
      const item = { customerId: 'carl', currencyId: 'credit-ai', amount: '3', idempotencyKey: 'once' };
      return environment(index).hot({ consumeCredits: item }, now);
    });
    expect(consumed.filter(({ consumption }) => consumption?.isDuplicate === false)).toHaveLength(1);
    const items = [{ currencyId: 'credit-ai', amount: '7' }];
    await times(10, (index) =>
      environment(index).hot({ reserve: { customerId: 'carl', reservationId: 'once', items } }, now),
    );
    await times(10, (index) => environment(index).hot({ settle: { customerId: 'carl', reservationId: 'once' } }, now));
    expect((await snapshotOf('carl'))?.wallets.get('credit-ai')).toMatchObject({ balance: 90_000_000n, held: 0n });
  });

  test('one consumption that comes in both ways at the same moment counts once', async () => {
    await subscribed('fred');
    await grant({ environment: environment(0) }, 'fred', 10);
    const item = { customerId: 'fred', currencyId: 'credit-ai', amount: '3', idempotencyKey: 'both' };
    const { contentHash } = readConsumptionItem(item);
    let answer: ReturnType<EnvironmentEngine['hot']> | undefined;
    await databases[1]?.transaction(async (tx) => {
      // As accepting does it, seen by nobody until it is committed.
      await tx.query(
        `insert into {schema}.idempotency (environment, customer_id, operation, key, content_hash, expires_at)
         values ('test', 'fred', 'consumeCredits', 'both', $1, $2)`,
        [contentHash, now + 86_400_000],
      );
      answer = environment(0).hot({ consumeCredits: item }, now);
      const waiting = 'select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid';
      await vi.waitFor(async () => expect(await tx.query(waiting)).toHaveLength(1), { timeout: 10_000, interval: 5 });
    });
    expect((await answer)?.consumption).toMatchObject({ isDuplicate: true, credit: { consumed: '0' } });
    expect((await snapshotOf('fred'))?.wallets.get('credit-ai')?.balance).toBe(10_000_000n);
  });

  test('a customer whose lock somebody holds delays no other', async () => {
    await subscribed('dora');
    await subscribed('emil');
    const report = (customerId: string) =>
      environment(0).hot({ reportUsage: { customerId, featureId: 'feature-reports', value: '1' } }, now);
    let waits: ReturnType<typeof report> | undefined;
    await databases[1]?.transaction(async (tx) => {
      await tx.query(`select from {schema}.customer_revision where customer_id = 'dora' for update`);
      // Were anything to wait for the lock for ever, this ends it: the lock is freed only after it.
      await tx.query(`set local idle_in_transaction_session_timeout = '10s'`);
      waits = report('dora');
      const others = await times(5, () => report('emil'));
      expect(others.map(({ usage }) => usage?.currentUsage)).toEqual(['1', '2', '3', '4', '5']);
      const [seen] = await tx.query<{ revision: number }>(
        `select revision from {schema}.customer_revision where customer_id = 'dora'`,
      );
      expect(seen?.revision).toBe(1);
    });
    expect((await waits)?.usage?.currentUsage).toBe('1');
  });
});
