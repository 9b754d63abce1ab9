import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { type Implementation, implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');
const customers = 10_000;
const raised = changed(({ plans }) =>
  Object.assign(plans['plan-free']?.entitlements ?? {}, { 'feature-projects': { usageLimit: 9 } }),
);

/** As many copies of the one customer that was provisioned, with their subscriptions. */
async function multiply({ database }: Stage): Promise<void> {
  const tables = [
    ['customer', 'customer_id'],
    ['customer_revision', 'customer_id'],
    ['subscription', 'customer_id', 'subscription_id'],
  ] as const;
  for (const [table, ...ids] of tables) {
    const copied = ids.map((id) => `'${id}', row.${id} || '-' || number`).join(', ');
    await database.query(
      `insert into {schema}.${table}
       select (jsonb_populate_record(row, jsonb_build_object(${copied}))).*
         from {schema}.${table} as row, generate_series(2, ${customers}) as number where row.customer_id = 'a'`,
    );
  }
}

/** Every row of every customer with who wrote it and who locked it: any of that would show here. */
const marks = ({ database }: Stage) =>
  database.query(
    `select 'customer' as of, count(*), md5(string_agg(concat(customer_id, xmin, xmax), ' ' order by customer_id))
       from {schema}.customer
     union all
     select 'revision', count(*), md5(string_agg(concat(customer_id, xmin, xmax), ' ' order by customer_id))
       from {schema}.customer_revision
     union all
     select 'subscription', count(*), md5(string_agg(concat(subscription_id, xmin, xmax), ' ' order by subscription_id))
       from {schema}.subscription`,
  );

describe.each(implementations)('publishing to 10,000 customers on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
    await stage.environment.provisionCustomer({ customerId: 'a', subscriptionParams: { planId: 'plan-free' } }, now);
    await multiply(stage);
  });
  afterAll(() => stage.close());

  const projectsOf = async (customerId: string) => {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], now);
    return snapshot?.grants.entitlements.get('feature-projects')?.usageLimit;
  };

  test('writes and locks none of their rows: one number moves, and all of them feel it', async () => {
    const before = await marks(stage);
    expect(before.map(({ count }) => count)).toEqual([customers, customers, customers]);
    const published = await stage.environment.applyCatalog(raised, { dryRun: false }, now);
    expect(published).toMatchObject({ catalog: 2, isApplied: true });
    expect(await marks(stage)).toEqual(before);
    // One row of the feed tells of it, for the environment and not for any customer.
    const told = await stage.database.query(
      'select customer, count(*) from {schema}.feed group by customer order by customer',
    );
    expect(told).toEqual([
      { customer: 'a', count: 1 },
      { customer: null, count: 2 },
    ]);
    expect([await projectsOf('a'), await projectsOf('a-2'), await projectsOf(`a-${customers}`)]).toEqual([
      9_000_000n,
      9_000_000n,
      9_000_000n,
    ]);
  });
});

describe('a publish that is under way on Postgres', () => {
  const postgres = implementations.find(({ name }) => name === 'Postgres') as Implementation;
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(postgres, catalog);
    await stage.environment.provisionCustomer({ customerId: 'a', subscriptionParams: { planId: 'plan-free' } }, now);
  });
  afterAll(() => stage.close());

  test('keeps no report and no read waiting', async () => {
    const { environment, database } = stage;
    // The publish holds everything that it locks, and waits for this client before it can write its entries.
    const entries = `"${database.schema}".catalog_entry`;
    const holder = new pg.Client({ connectionString: inject('postgresUrl') });
    await holder.connect();
    let published: Promise<unknown>;
    try {
      await holder.query(`begin; lock table ${entries} in share mode`);
      published = environment.applyCatalog(raised, { dryRun: false }, now);
      await isWaitedFor(holder, entries);
      const usage = { customerId: 'a', featureId: 'feature-projects', value: '2', idempotencyKey: 'meanwhile' };
      const [report] = await environment.reportUsage([usage], now);
      expect(report?.ack?.currentUsage).toBe('2');
      const [snapshot] = await environment.snapshots('a', [null], now);
      expect(snapshot?.grants.version.catalog).toBe(1);
    } finally {
      await holder.end();
    }
    expect(await published).toMatchObject({ catalog: 2, isApplied: true });
  });
});

/** Waits until somebody waits for a lock on the table. */
async function isWaitedFor(client: pg.Client, table: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { rows } = await client.query(`select 1 from pg_locks where not granted and relation = '${table}'::regclass`);
    if (rows.length > 0) return;
    if (performance.now() > deadline) throw new Error('the publish never came to its entries');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
