import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Tollgate } from '@tollgate/client';
import { embedded } from '@tollgate/server/embedded';
import { type Fresh, freshPostgres } from '@tollgate/services';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

/** The programs of the guide, by the word behind `ts`. */
const guide = readFileSync(join(import.meta.dirname, '../../../docs/MIGRATING.md'), 'utf8');
const program = (name: string): string =>
  new RegExp(`\`\`\`ts ${name}\n(.*?)\`\`\``, 's').exec(guide)?.[1] ?? expect.fail(`no program called ${name}`);

let folder: string;
let database: Fresh;
let db: Pool;
let client: Tollgate;
const servers: Server[] = [];

beforeAll(async () => {
  // Beside this file, so that imports resolve as they do for a user who installed the packages.
  folder = mkdtempSync(join(import.meta.dirname, '.migrating-'));
  for (const name of ['before', 'move', 'after']) writeFileSync(join(folder, `${name}.ts`), program(name));
  writeFileSync(join(folder, 'tollgate.catalog.ts'), program('catalog'));
  database = await freshPostgres(inject('postgresUrl'));
  db = new Pool({ connectionString: database.url, max: 11 });
  await db.query('create table accounts (id text primary key, plan text not null)');
  await db.query('create table reports (account text not null, made timestamptz not null default now())');
  await db.query(`insert into accounts values ('ada', 'free'), ('bob', 'pro'), ('eve', 'free')`);
  await db.query(`insert into reports values ('eve'), ('eve')`);
});

afterAll(async () => {
  for (const server of servers) server.close();
  await client?.close();
  await db.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(app: RequestListener): Promise<string> {
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const statusOf = async (url: string, method: string, path: string, account: string): Promise<number> =>
  (await fetch(url + path, { method, headers: { 'x-account': account } })).status;

const tenReports = async (url: string, account: string): Promise<number> => {
  const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf(url, 'POST', '/reports', account)));
  return statuses.filter((status) => status === 201).length;
};

test('the application before: right one after the other, and wrong at the same time', async () => {
  const url = await listen((await import(join(folder, 'before.ts'))).createApp(db));
  expect([await statusOf(url, 'GET', '/sso', 'ada'), await statusOf(url, 'GET', '/sso', 'bob')]).toEqual([403, 200]);
  // Two of Eve's three are used: one more fits. Nobody writes before everybody has read.
  const holder = await db.connect();
  await holder.query('begin');
  await holder.query('lock table reports in share mode');
  const passing = tenReports(url, 'eve');
  const waiting = `select 1 from pg_locks where relation = 'reports'::regclass and not granted`;
  await expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 20_000 }).toBe(10);
  await holder.query('commit');
  holder.release();
  expect(await passing).toBe(10);
  expect(await statusOf(url, 'POST', '/reports', 'eve')).toBe(403);
  await db.query(`delete from reports where account = 'eve'`);
  await db.query(`insert into reports values ('eve'), ('eve')`);
});

test('the move takes customers, plans and usage along, and may be repeated', async () => {
  const { move } = await import(join(folder, 'move.ts'));
  await move(db);
  await move(db);
  const { default: catalog } = await import(join(folder, 'tollgate.catalog.ts'));
  client = Tollgate.initialize({ transport: embedded({ database: db, catalog }) });
  await client.waitForInitialization();
  const eve = await client.getMeteredEntitlement({ customerId: 'eve', featureId: 'feature-reports' });
  expect([eve.currentUsage, eve.usageLimit]).toEqual([2, 3]);
  expect(await client.getActiveSubscriptions({ customerId: 'bob' })).toMatchObject([{ planId: 'plan-pro' }]);
});

test('the application after: the same answers, and the limit holds at the same time too', async () => {
  const url = await listen((await import(join(folder, 'after.ts'))).createApp(client));
  expect([await statusOf(url, 'GET', '/sso', 'ada'), await statusOf(url, 'GET', '/sso', 'bob')]).toEqual([403, 200]);
  expect(await tenReports(url, 'eve')).toBe(1);
  expect(await statusOf(url, 'POST', '/reports', 'eve')).toBe(429);
  expect(await statusOf(url, 'GET', '/sso', '')).toBe(401);
});
