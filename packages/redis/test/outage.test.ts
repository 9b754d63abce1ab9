import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type RedisCache, redisCache, redisCacheFeed } from '../src/index.js';
import { clock, ownPrefix, proxyTo, snapshotOf, until, usageOf, versionOf } from './redis-fixture.js';

const { prefix, url, drop } = ownPrefix();
afterAll(drop);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const key = { customerId: 'customer-1', resourceId: null };

/** A cache behind a proxy, warmed with one entry, and what it reported. */
async function warm(kind: 'owned' | 'borrowed') {
  const proxy = await proxyTo(url);
  cleanups.push(proxy.close);
  const errors: unknown[] = [];
  let client: Redis | undefined;
  let cache: RedisCache;
  if (kind === 'owned') {
    cache = redisCache({ url: proxy.url, environmentPrefix: prefix, commandTimeoutMs: 250 });
  } else {
    client = new Redis(proxy.url);
    client.on('error', () => undefined);
    cleanups.push(async () => client?.disconnect());
    cache = redisCache({ client, environmentPrefix: prefix, commandTimeoutMs: 250 });
  }
  cache.onError = (error) => errors.push(error);
  cleanups.push(() => cache.close());
  await cache.write([snapshotOf(key.customerId)]);
  await until(() => isBack(cache), 'the entry is there');
  expect(errors).toEqual([]);
  return { proxy, cache, errors, client };
}

const isBack = async (cache: RedisCache) => (await cache.read([key]))[0] !== undefined;

describe.each(['owned', 'borrowed'] as const)('a Redis on an %s connection that goes silent', (kind) => {
  it('makes reads misses and writes nothing, says so once, sends nothing more, and is used again when it is back', async () => {
    const { proxy, cache, errors } = await warm(kind);
    proxy.goSilent();
    expect(await cache.read([key])).toEqual([undefined]);
    const failed = cache.errorCount;
    expect(failed).toBeGreaterThan(0);
    for (let i = 0; i < 1000; i++) expect(await cache.read([key])).toEqual([undefined]);
    await cache.write([snapshotOf(key.customerId)]);
    await cache.writeNumbers(key, { usage: [], wallets: [] });
    await cache.invalidate(key, versionOf());
    expect(await cache.lease(key)).toBeDefined();
    // None of these was sent, so none could fail.
    expect(cache.errorCount).toBe(failed);
    expect(errors).toEqual([expect.objectContaining({ code: 'TIMEOUT' })]);

    const before = proxy.received();
    await until(() => proxy.received() >= before + 3, 'it was probed a few times');
    expect(errors).toHaveLength(1);

    proxy.comeBack();
    await until(() => isBack(cache), 'entries are read again');
    expect(errors).toHaveLength(1);

    proxy.goSilent();
    expect(await cache.read([key])).toEqual([undefined]);
    expect(errors).toHaveLength(2);
  });
});

it('a Redis that was never there is a miss, reported once', async () => {
  const proxy = await proxyTo(url);
  await proxy.close();
  const errors: unknown[] = [];
  const cache = redisCache({ url: proxy.url, environmentPrefix: prefix });
  cache.onError = (error) => errors.push(error);
  cleanups.push(() => cache.close());
  for (let i = 0; i < 100; i++) expect(await cache.read([key])).toEqual([undefined]);
  expect(errors).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' })]);
});

it('a borrowed client that is not connected is not sent anything that would wait in its queue', async () => {
  const { proxy, cache, client } = await warm('borrowed');
  await proxy.close();
  await until(() => client?.status !== 'ready', 'the client noticed');
  await cache.invalidate(key, versionOf({ revision: 99 }));
  expect(client).toMatchObject({ offlineQueue: expect.objectContaining({ length: 0 }) });
});

it('a Redis that takes its time to connect is waited for once, and is no outage', async () => {
  const proxy = await proxyTo(url);
  cleanups.push(proxy.close);
  proxy.goSilent();
  const errors: unknown[] = [];
  const cache = redisCache({
    url: proxy.url,
    environmentPrefix: prefix,
    commandTimeoutMs: 250,
    connectTimeout: 20_000,
  });
  cache.onError = (error) => errors.push(error);
  cleanups.push(() => cache.close());
  expect(await cache.read([key])).toEqual([undefined]);
  for (let i = 0; i < 1000; i++) expect(await cache.read([key])).toEqual([undefined]);
  expect(errors).toEqual([]);
  expect(cache.errorCount).toBe(0);
});

it('an error listener that throws breaks nothing', async () => {
  const { proxy, cache } = await warm('owned');
  cache.onError = () => {
    throw new Error('from the listener');
  };
  proxy.goSilent();
  expect(await cache.read([key])).toEqual([undefined]);
});

it('an entry that is not what it should be fails alone, is reported, and Redis stays in use', async () => {
  const { cache, errors } = await warm('owned');
  const redis = new Redis(url);
  await redis.set(`{${prefix}:customer-2}:customer`, 'a string');
  for (let i = 0; i < 3; i++) {
    expect((await cache.read([{ customerId: 'customer-2', resourceId: null }, key])).map(Boolean)).toEqual([
      false,
      true,
    ]);
  }
  expect(cache.errorCount).toBe(3);
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') })]);
  redis.disconnect();
});

describe('a feed takes the trust from everything cached before', () => {
  const renewal = { cursor: '1:1:', epoch: '0190-a', catalog: 3, clock };

  /** A feed behind a proxy of its own, and a cache with an entry that it made fresh. */
  async function fed() {
    const { cache } = await warm('owned');
    const proxy = await proxyTo(url);
    cleanups.push(proxy.close);
    const feed = redisCacheFeed({ url: proxy.url, environmentPrefix: prefix, commandTimeoutMs: 250 });
    cleanups.push(() => feed.close());
    const isFresh = async () => (await cache.read([key]))[0]?.isFresh;
    await until(async () => {
      await feed.renewFreshness(renewal);
      await cache.write([snapshotOf(key.customerId)]);
      return (await isFresh()) === true;
    }, 'the entry is trusted');
    const renewed = async () => {
      const before = feed.errorCount;
      await feed.renewFreshness(renewal);
      return feed.errorCount === before && (await isFresh()) === false;
    };
    return { proxy, feed, isFresh, renewed };
  }

  it('when a change did not arrive', async () => {
    const { proxy, feed, renewed } = await fed();
    proxy.goSilent();
    await feed.invalidate(key, versionOf({ revision: 8 }));
    proxy.comeBack();
    await until(renewed, 'the entry is no longer trusted');
  });

  it('when a change may not have arrived, though the connection stayed', async () => {
    const { proxy, feed, renewed } = await fed();
    proxy.hold();
    await feed.writeNumbers(key, { usage: [usageOf(2n, versionOf({ revision: 8 }))], wallets: [] });
    proxy.letGo();
    await until(renewed, 'the entry is no longer trusted');
    expect(proxy.connections()).toBe(1);
  });

  it('when the connection was lost in between, though nothing was being sent', async () => {
    const { proxy, feed, renewed } = await fed();
    proxy.cut();
    await until(() => proxy.connections() === 2, 'the feed connects again');
    await until(renewed, 'the entry is no longer trusted');
    expect(feed.errorCount).toBe(0);
  });

  it('when a change was refused while a renewal was under way', async () => {
    const { feed, isFresh } = await fed();
    const redis = new Redis(url);
    await redis.set(`{${prefix}:customer-3}:customer`, 'a string');
    const refused = feed.writeNumbers(
      { customerId: 'customer-3', resourceId: null },
      { usage: [usageOf(2n)], wallets: [] },
    );
    await Promise.all([refused, feed.renewFreshness(renewal)]);
    await feed.renewFreshness(renewal);
    expect(feed.errorCount).toBe(1);
    expect(await isFresh()).toBe(false);
    redis.disconnect();
  });
});
