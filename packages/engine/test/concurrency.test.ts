import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createEngine } from '../src/engine.js';
import type { Engine, EnvironmentEngine } from '../src/engine-api.js';
import type { Database } from '../src/storage/database.js';
import { migrate } from '../src/storage/migrate.js';
import { openDatabase } from '../src/storage/open-database.js';
import { catalog } from './catalogs.js';
import { dropSchema, uniqueSchema } from './databases.js';
import { at } from './stage.js';

const now = at('2026-03-10T12:00:00Z');
const schema = uniqueSchema();
const databases: Database[] = [];
const engines: Engine[] = [];
const environments: EnvironmentEngine[] = [];

// Three engines with connections of their own on one Postgres, as three server processes would be.
beforeAll(async () => {
  for (let process = 0; process < 3; process++) {
    const database = await openDatabase(inject('postgresUrl'), { schema });
    databases.push(database);
    await migrate(database);
    const engine = await createEngine({ database });
    engines.push(engine);
    await engine.ensureEnvironment('test', now);
    environments.push(await engine.environment('test'));
  }
  await environments[0]?.applyCatalog(catalog, { dryRun: false }, now);
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await Promise.all(databases.map((database) => database.close()));
  await dropSchema(schema);
});

const times = <T>(count: number, make: (environment: EnvironmentEngine, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(environments[index % 3] as EnvironmentEngine, index)));

const subscribed = (customerId: string) =>
  environments[0]?.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } }, now);

async function projects(environment: EnvironmentEngine | undefined, customerId: string): Promise<bigint | undefined> {
  const [snapshot] = (await environment?.snapshots(customerId, [null], now)) ?? [];
  return snapshot?.usage.get('feature-projects')?.currentUsage;
}

test('300 concurrent reports through three processes sum exactly, and all of them agree', async () => {
  await subscribed('ada');
  const results = await times(300, (environment, index) =>
    environment.reportUsage(
      [{ customerId: 'ada', featureId: 'feature-projects', value: '1', idempotencyKey: `n${index}` }],
      now,
    ),
  );
  expect(results.filter(([result]) => result?.ack?.isDuplicate === false)).toHaveLength(300);
  for (const environment of environments) expect(await projects(environment, 'ada')).toBe(300_000_000n);
});

test('ten callers with one key through three processes count once', async () => {
  await subscribed('bob');
  const item = { customerId: 'bob', featureId: 'feature-projects', value: '1', idempotencyKey: 'once' };
  const results = await times(10, (environment) => environment.reportUsage([item], now));
  expect(results.filter(([result]) => result?.ack?.isDuplicate === false)).toHaveLength(1);
  expect(new Set(results.map(([result]) => result?.ack?.measurementId)).size).toBe(1);
  expect(await projects(environments[1], 'bob')).toBe(1_000_000n);
});

test('thirty callers with the same events through three processes store each event once, and apply it once', async () => {
  await subscribed('carl');
  const events = Array.from({ length: 20 }, (_, index) => ({
    customerId: 'carl',
    eventName: 'completion',
    idempotencyKey: `event-${index}`,
    dimensions: { tokens: 2 },
  }));
  const reversed = [...events].reverse();
  const results = await times(30, (environment, index) => environment.reportEvents(index % 2 ? events : reversed, now));
  const stored = results.flat().filter(({ isStored, isDuplicate }) => isStored && !isDuplicate);
  expect(stored).toHaveLength(20);
  expect(results.flat().every(({ isStored }) => isStored)).toBe(true);
  const [snapshot] = (await environments[2]?.snapshots('carl', [null], now)) ?? [];
  expect(snapshot?.usage.get('feature-tokens')?.currentUsage).toBe(40_000_000n);
});

test('thirty callers who move one customer between plans leave one subscription that runs', async () => {
  await subscribed('dora');
  await times(30, (environment, index) =>
    environment.provisionSubscription(
      index % 2
        ? { customerId: 'dora', planId: 'plan-free' }
        : { customerId: 'dora', planId: 'plan-pro', billingPeriod: 'MONTHLY' },
      now,
    ),
  );
  expect((await environments[0]?.customer('dora', now))?.subscriptions).toHaveLength(1);
});

test('concurrent publishes come one after the other: the same document publishes once', async () => {
  const before = (await environments[0]?.catalogNumber()) ?? 0;
  const document = structuredClone(catalog);
  Object.assign(document.products['product-app'] ?? {}, { displayName: 'Renamed' });
  const diffs = await times(12, (environment) => environment.applyCatalog(document, { dryRun: false }, now));
  expect(diffs.filter(({ isApplied }) => isApplied)).toHaveLength(1);
  expect(await environments[1]?.catalogNumber()).toBe(before + 1);
});

test('a backlog of a customer that another process works on is left to that process', async () => {
  await subscribed('emil');
  const tokens = async () => {
    const [snapshot] = (await environments[0]?.snapshots('emil', [null], now)) ?? [];
    return snapshot?.usage.get('feature-tokens')?.currentUsage;
  };
  await databases[0]?.query(
    `insert into {schema}.accepted_event (environment, customer_id, event_name, dimensions, happened_at, accepted_at)
     values ('test', 'emil', 'completion', '{"tokens": 1}', $1, $1)`,
    [now],
  );
  await databases[0]?.transaction(async (tx) => {
    await tx.query(
      `select from {schema}.customer_revision where environment = 'test' and customer_id = 'emil' for update`,
    );
    // Were it to wait for the lock, this would wait for ever: the lock is freed only after it.
    await tx.query(`set local idle_in_transaction_session_timeout = '5s'`);
    expect(await engines[1]?.applyBacklog(now)).toBe(0);
  });
  expect(await tokens()).toBe(0n);
  expect(await engines[1]?.applyBacklog(now)).toBe(1);
  expect(await tokens()).toBe(1_000_000n);
});
