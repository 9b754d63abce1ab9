import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MeteredEntitlement, Tollgate } from '@tollgate/client';
import { amountToNumber } from '@tollgate/contract';
import { type RedisCache, redisCache } from '@tollgate/redis';
import { type Fresh, type FreshRedis, freshPostgres, freshRedisPrefix } from '@tollgate/services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { gateCatalog } from '../src/gate-catalog.js';
import { until } from '../src/until.js';

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
/** Looks into Redis past every client. */
let probe: RedisCache;
let engine: { url: string; child: ChildProcess };
let feeder: { url: string; child: ChildProcess };
let manager: Tollgate;

beforeAll(async () => {
  database = await freshPostgres(inject('postgresUrl'));
  keys = freshRedisPrefix(inject('redisUrl'));
  redis = new Redis(keys.url);
  probe = redisCache({ client: redis, environmentPrefix: keys.prefix, commandTimeoutMs: 5000 });
  const catalog = join(folder, 'tollgate.catalog.json');
  writeFileSync(catalog, JSON.stringify(gateCatalog));
  engine = await serve(['--catalog', catalog]);
  feeder = await serve(['--redis', keys.url, '--redis-prefix', keys.prefix]);
  manager = Tollgate.initialize({ baseUri: engine.url, apiKey });
  await manager.waitForInitialization();
  await manager.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
  await until(feedKeys, (count) => count === 1, patienceMs);
});

afterAll(async () => {
  await manager?.close({ deadlineMs: 0 });
  await Promise.all(children.map(stop));
  await probe?.close();
  redis?.disconnect();
  await keys?.drop();
  await database?.drop();
  rmSync(folder, { recursive: true });
});

const patienceMs = 15_000;

/** 1 while the feeder renews the freshness, 0 once it has run out. */
const feedKeys = () => redis.exists(`{${keys.prefix}}:feed`);

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

/** What Redis holds, in shown units. */
async function stored() {
  const [cached] = await probe.read([{ customerId: 'customer-1', resourceId: null }]);
  const shown = (amount: bigint | null | undefined) => (amount == null ? amount : amountToNumber(amount));
  return {
    isFresh: cached?.isFresh,
    limit: shown(cached?.snapshot.grants.entitlements.get('feature-reports')?.usageLimit),
    used: shown(cached?.snapshot.usage.get('feature-reports')?.currentUsage),
    version: cached?.snapshot.grants.version,
    cursor: cached?.cursor,
  };
}

type Stored = Awaited<ReturnType<typeof stored>>;
const untilStored = (holds: (seen: Stored) => boolean) => until(stored, holds, patienceMs);

/** Waits until a process answers with a limit; where it never does, the error shows what it and Redis knew. */
async function untilLimit({ read }: ReturnType<typeof reader>, limit: number): Promise<Told> {
  const look = async () => ({ told: await read(), stored: await stored() });
  return (await until(look, ({ told }) => told.value.usageLimit === limit, patienceMs)).told;
}

it('serves what one process fetched to another one, which asks the engine for nothing', async () => {
  const [one, other] = [reader(), reader()];
  const first = await one.read();
  expect(first.value).toMatchObject({ hasAccess: true, usageLimit: 3, currentUsage: 0, isFallback: false });
  expect(fetches(first)).toBe(1);
  // The first process writes what it fetched after it has answered.
  await untilStored(({ isFresh }) => isFresh === true);
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
  await untilLimit(one, 1000);
  await untilLimit(other, 1000);
  // Redis hears of the change when whoever feeds it gets to it, so even this one may read the old plan at first.
  expect((await untilLimit(reader(), 1000)).value).toMatchObject({ isFallback: false });
});

it('shows usage that one process reported to another one, which asks the engine for nothing', async () => {
  const [one, other] = [reader(), reader()];
  await one.read();
  await untilStored(({ isFresh, limit }) => isFresh === true && limit === 1000);
  await one.call('reportUsage', { ...reports, value: 2 });
  await untilStored(({ used }) => used === 2);
  const told = await other.read();
  expect(told.value).toMatchObject({ currentUsage: 2, usageLimit: 1000, isFallback: false });
  expect(fetches(told)).toBe(0);
});

it('asks the engine once nothing feeds the cache any more', async () => {
  await stop(feeder.child);
  await until(feedKeys, (count) => count === 0, patienceMs);
  expect(await stored()).toMatchObject({ isFresh: false, limit: 1000 });
  // Nobody tells Redis of this one: what it holds is out of date.
  await manager.reportUsage({ ...reports, value: 1 });
  const told = await reader().read();
  expect(told.value).toMatchObject({ currentUsage: 3, isFallback: false });
  expect(fetches(told)).toBe(1);
});

it('answers from the stale entry when the engine is gone too, and calls that no fallback', async () => {
  await untilStored(({ used }) => used === 3);
  await stop(engine.child);
  const told = await reader().read();
  expect(told.value).toMatchObject({ hasAccess: true, currentUsage: 3, usageLimit: 1000, isFallback: false });
});
