import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MeteredEntitlement, Tollgate } from '@tollgate/client';
import { redisCache } from '@tollgate/redis';
import { type Fresh, type FreshRedis, freshPostgres, freshRedisPrefix } from '@tollgate/services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { gateCatalog } from '../src/gate-catalog.js';

/*
 * Everything here is a process of its own, as it is for users: two servers on one Postgres, of which one feeds Redis,
 * and one process per reader. The processes run what `tsc -b` built.
 */
const apiKey = 'tg_shared_cache_test_key_0123456789';
const reports = { customerId: 'customer-1', featureId: 'feature-reports' };
const folder = mkdtempSync(join(tmpdir(), 'tollgate-shared-cache-'));
const children: ChildProcess[] = [];

let database: Fresh;
let keys: FreshRedis;
let redis: Redis;
let engine: { url: string; child: ChildProcess };
let feeder: { url: string; child: ChildProcess };
let manager: Tollgate;

beforeAll(async () => {
  database = await freshPostgres(inject('postgresUrl'));
  keys = freshRedisPrefix(inject('redisUrl'));
  redis = new Redis(keys.url);
  const catalog = join(folder, 'tollgate.catalog.json');
  writeFileSync(catalog, JSON.stringify(gateCatalog));
  engine = await serve(['--catalog', catalog]);
  feeder = await serve(['--redis', keys.url, '--redis-prefix', keys.prefix]);
  manager = Tollgate.initialize({ baseUri: engine.url, apiKey });
  await manager.waitForInitialization();
  await manager.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
  await until(isFed, 'the feeder renews the freshness');
});

afterAll(async () => {
  await manager?.close({ deadlineMs: 0 });
  await Promise.all(children.map(stop));
  redis?.disconnect();
  await keys?.drop();
  await database?.drop();
  rmSync(folder, { recursive: true });
});

const isFed = async () => (await redis.exists(`{${keys.prefix}}:feed`)) === 1;

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not happen within 15 s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** Starts `tollgate serve` on a free port and waits until it says where it listens. */
function serve(more: string[]): Promise<{ url: string; child: ChildProcess }> {
  const bin = join(import.meta.dirname, '../../../packages/server/bin/tollgate.js');
  const args = ['serve', '--database', database.url, '--environment', 'shared', '--api-key', apiKey];
  const { REDIS_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [bin, ...args, '--host', '127.0.0.1', '--port', '0', ...more], {
    cwd: folder,
    env,
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += String(chunk);
      const url = /at (http:\S+)\/graphql/.exec(output)?.[1];
      if (url) resolve({ url, child });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`tollgate serve ended: ${output}`)));
  });
}

interface Told {
  value: MeteredEntitlement;
  operations: string[];
}

/** A reader in a process of its own, with nothing in its memory. */
function reader() {
  const options = { baseUri: engine.url, apiKey, redisUrl: keys.url, environmentPrefix: keys.prefix };
  const child = fork(join(import.meta.dirname, 'cache-reader.mjs'), [JSON.stringify(options)]);
  children.push(child);
  const call = (method: string, params: unknown = {}): Promise<Told> =>
    new Promise((resolve, reject) => {
      child.once('message', (told: Told & { error?: string }) =>
        told.error === undefined ? resolve(told) : reject(new Error(told.error)),
      );
      child.send({ method, params });
    });
  return { call, read: () => call('getMeteredEntitlement', reports) };
}

const fetches = ({ operations }: Told) => operations.filter((name) => name === 'Snapshots').length;

/** What Redis holds, read past every client. */
async function stored() {
  const cache = redisCache({ url: keys.url, environmentPrefix: keys.prefix, commandTimeoutMs: 5000 });
  const [cached] = await cache.read([{ customerId: 'customer-1', resourceId: null }]);
  await cache.close();
  return {
    isFresh: cached?.isFresh,
    limit: cached?.snapshot.grants.entitlements.get('feature-reports')?.usageLimit,
    used: cached?.snapshot.usage.get('feature-reports')?.currentUsage,
  };
}

it('serves what one process fetched to another one, which asks the engine for nothing', async () => {
  const [one, other] = [reader(), reader()];
  const first = await one.read();
  expect(first.value).toMatchObject({ hasAccess: true, usageLimit: 3, currentUsage: 0, isFallback: false });
  expect(fetches(first)).toBe(1);
  await until(async () => (await stored()).isFresh === true, 'the first process wrote what it fetched');
  const second = await other.read();
  expect(second.value).toEqual(first.value);
  expect(fetches(second)).toBe(0);
});

it('fetches what is cold once, however many processes ask at the same moment', async () => {
  await manager.provisionCustomer({ customerId: 'customer-2', subscriptionParams: { planId: 'plan-free' } });
  const readers = [reader(), reader(), reader(), reader()];
  await Promise.all(readers.map(({ call }) => call('waitForInitialization')));
  const params = { ...reports, customerId: 'customer-2' };
  const told = await Promise.all(readers.map(({ call }) => call('getMeteredEntitlement', params)));
  expect(told.map(({ value }) => value.usageLimit)).toEqual([3, 3, 3, 3]);
  expect(told.map(fetches).reduce((sum, count) => sum + count)).toBe(1);
});

it('lets a plan change through to processes that hold the old plan, and to one that starts after it', async () => {
  const [one, other] = [reader(), reader()];
  expect([(await one.read()).value.usageLimit, (await other.read()).value.usageLimit]).toEqual([3, 3]);
  await manager.provisionSubscription({ customerId: 'customer-1', planId: 'plan-pro' });
  await until(async () => (await one.read()).value.usageLimit === 1000, 'one process sees the new plan');
  await until(async () => (await other.read()).value.usageLimit === 1000, 'the other process sees the new plan');
  expect((await reader().read()).value).toMatchObject({ usageLimit: 1000, isFallback: false });
});

it('shows usage that one process reported to another one, which asks the engine for nothing', async () => {
  const [one, other] = [reader(), reader()];
  await one.read();
  await until(async () => (await stored()).isFresh === true, 'the new plan is in Redis');
  await one.call('reportUsage', { ...reports, value: 2 });
  await until(async () => (await stored()).used === 2_000_000n, 'the usage is in Redis');
  const told = await other.read();
  expect(told.value).toMatchObject({ currentUsage: 2, usageLimit: 1000, isFallback: false });
  expect(fetches(told)).toBe(0);
});

it('asks the engine once nothing feeds the cache any more', async () => {
  await stop(feeder.child);
  await until(async () => !(await isFed()), 'the freshness ran out');
  expect(await stored()).toMatchObject({ isFresh: false, limit: 1_000_000_000n });
  // Nobody tells Redis of this one: what it holds is out of date.
  await manager.reportUsage({ ...reports, value: 1 });
  const told = await reader().read();
  expect(told.value).toMatchObject({ currentUsage: 3, isFallback: false });
  expect(fetches(told)).toBe(1);
});

it('answers from the stale entry when the engine is gone too, and calls that no fallback', async () => {
  await until(async () => (await stored()).used === 3_000_000n, 'the last read is in Redis');
  await stop(engine.child);
  const told = await reader().read();
  expect(told.value).toMatchObject({ hasAccess: true, currentUsage: 3, usageLimit: 1000, isFallback: false });
});
