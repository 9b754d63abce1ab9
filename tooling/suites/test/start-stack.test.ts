import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tollgate } from '@tollgate/client';
import { SetClockDocument } from '@tollgate/contract';
import { createStack, systemClock } from '@tollgate/server/embedded';
import { startStack, type TestStack } from '@tollgate/testing';
import { Client } from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { gateCatalog } from '../src/gate-catalog.js';

const template = inject('pgliteTemplate');
const postgresUrl = inject('postgresUrl');
const jan15 = Date.UTC(2026, 0, 15, 12);
const reports = { customerId: 'customer-1', featureId: 'feature-reports' };

const stacks: TestStack[] = [];
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
});

async function start(options: Parameters<typeof startStack>[0]) {
  const stack = await startStack({ template, now: jan15, ...options });
  stacks.push(stack);
  return stack;
}

describe.each([
  ['PGlite, embedded', 'pglite', 'embedded'],
  ['PGlite, over HTTP', 'pglite', 'http'],
  ['Postgres, embedded', postgresUrl, 'embedded'],
  ['Postgres, over HTTP', postgresUrl, 'http'],
] as const)('a stack on %s', (_, storage, transport) => {
  it('runs a customer through a month, with a clock that every client follows', async () => {
    const stack = await start({ catalog: gateCatalog, storage, transport });
    const [one, other] = [stack.client(), stack.client({ realtimeUpdatesEnabled: false })];
    await one.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
    await one.reportUsage({ ...reports, value: 3 });
    const full = {
      hasAccess: false,
      accessDeniedReason: 'RequestedUsageExceedingLimit',
      currentUsage: 3,
      isFallback: false,
    };
    expect(await one.getMeteredEntitlement(reports)).toMatchObject(full);
    expect(await other.getMeteredEntitlement(reports)).toMatchObject(full);

    const endOfMonth = Date.UTC(2026, 1, 1);
    await stack.clock.set(new Date(endOfMonth - 1));
    expect(await one.getMeteredEntitlement(reports)).toMatchObject(full);
    await stack.clock.advance(1);
    expect(stack.clock.now()).toBe(endOfMonth);
    const empty = { hasAccess: true, currentUsage: 0, isFallback: false };
    expect(await one.getMeteredEntitlement(reports)).toMatchObject(empty);
    expect(await other.getMeteredEntitlement(reports)).toMatchObject(empty);
    await expect(stack.clock.set('2026-01-31T00:00:00Z')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(stack.clock.set('soon')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'instant' });
  });

  it('closes what it opened, clients of its own first, and may be told twice', async () => {
    const stack = await start({ catalog: gateCatalog, storage, transport });
    const client = stack.client();
    await client.waitForInitialization();
    await Promise.all([stack.close(), stack.close()]);
    await expect(client.getCustomer('customer-1')).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

it('keeps stacks apart: neither customers nor clocks of one are seen in the other', async () => {
  const [one, other] = [await start({ catalog: gateCatalog }), await start({ catalog: gateCatalog })];
  await one.client().provisionCustomer({ customerId: 'customer-1' });
  await expect(other.client().getCustomer('customer-1')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  await one.clock.advance(1000);
  expect(other.clock.now()).toBe(jan15);
});

it('lets a test look past every cache', async () => {
  const stack = await start({ catalog: gateCatalog });
  const client = stack.client();
  await client.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
  await client.reportUsage({ ...reports, value: 2 });
  const [snapshot] = await stack.engine.snapshots('customer-1', [null], stack.clock.now());
  expect(snapshot?.usage.get('feature-reports')?.currentUsage).toBe(2_000_000n);
});

it('serves a client that it does not know, over a real port', async () => {
  const stack = await startStack({ template, catalog: gateCatalog, transport: 'http' });
  stacks.push(stack);
  const { url, apiKey } = stack;
  const client = Tollgate.initialize({ apiKey, baseUri: url });
  await client.waitForInitialization();
  const customer = await client.provisionCustomer({ customerId: 'customer-1' });
  expect(customer.customer.customerId).toBe('customer-1');
  await client.close();
});

it('takes the path of a catalog file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-stack-'));
  const file = join(folder, 'tollgate.catalog.json');
  writeFileSync(file, JSON.stringify(gateCatalog));
  const stack = await start({ catalog: file });
  const types = await stack.engine.featureTypes(['feature-sso']);
  expect(types[0]?.featureType).toBe('BOOLEAN');
  rmSync(folder, { recursive: true });
});

it('leaves no schema behind on Postgres', async () => {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  const schemasOf = async (environmentId: string) => {
    const { rows } = await client.query("select nspname from pg_namespace where nspname like 'tollgate\\_test\\_%'");
    const found: string[] = [];
    for (const { nspname } of rows) {
      // Other test files come and go beside this one.
      const own = await client
        .query(`select 1 from "${nspname}".environment where id = $1`, [environmentId])
        .catch(() => null);
      if (own?.rowCount) found.push(nspname);
    }
    return found;
  };
  // Stacks of one address share a schema while any of them is open; another test file may have one open there.
  const alone = new URL(postgresUrl);
  alone.searchParams.set('application_name', 'alone');
  const stack = await startStack({ catalog: gateCatalog, storage: alone.href });
  const second = await startStack({ catalog: gateCatalog, storage: alone.href });
  const { environmentId } = stack.engine;
  const [schema] = await schemasOf(environmentId);
  expect([schema]).toEqual(await schemasOf(second.engine.environmentId));
  await stack.close();
  expect(await schemasOf(second.engine.environmentId)).toEqual([schema]);
  await second.close();
  expect(await schemasOf(environmentId)).toEqual([]);
  await client.end();
});

it('moves no clock but a test clock', async () => {
  const stack = await createStack({ database: 'memory', template, clock: systemClock() });
  const now = new Date(stack.clock.now() + 60_000).toISOString();
  await expect(stack.transport.execute(SetClockDocument, { now })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await stack.close();
});

it.each([
  ['storage', { storage: 'mysql://localhost' }, 'CONFIGURATION', 'storage'],
  ['transport', { transport: 'pigeon' }, 'CONFIGURATION', 'transport'],
  ['now', { now: 'some day' }, 'INVALID_ARGUMENT', 'now'],
])('refuses a wrong %s by name', async (_, options, code, field) => {
  await expect(startStack({ catalog: gateCatalog, ...options } as never)).rejects.toMatchObject({ code, field });
});

it('refuses a catalog that is none', async () => {
  const broken = { ...gateCatalog, plans: { 'plan-free': { displayName: 'Free' } } } as never;
  await expect(startStack({ template, catalog: broken })).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
});
