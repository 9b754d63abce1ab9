import type { CacheEvent } from '@tollgate/client';
import type { SharedCache } from '@tollgate/contract';
import type { FeedListener } from '@tollgate/engine';
import { redisCache, redisCacheFeed } from '@tollgate/redis';
import { freshRedisPrefix } from '@tollgate/services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClientHost, usageHeard } from './client-host.js';
import { feedRedis } from './redis-feed.js';
import { until } from './until.js';

type FeedBatch = Parameters<FeedListener['onBatch']>[0];

/** How a client uses a shared cache between its memory and the engine; a real Redis, with nothing that feeds it. */
export function clientSharedCacheSuite(open: () => Promise<ClientHost>, redisUrl: string): void {
  let host: ClientHost;
  let redis: Redis;
  /** Looks into the cache from outside. */
  let probe: SharedCache;
  const keys = freshRedisPrefix(redisUrl);
  beforeAll(async () => {
    host = await open();
    redis = new Redis(keys.url);
    // Each test's cache listens on this one connection.
    redis.setMaxListeners(50);
    probe = cache();
  });
  afterAll(async () => {
    await host.close();
    redis.disconnect();
    await keys.drop();
  });

  const cache = (): SharedCache =>
    redisCache({ client: redis, environmentPrefix: keys.prefix, commandTimeoutMs: 2_000 });
  const ownKey = (customerId: string) => ({ customerId, resourceId: null });
  const upload = { featureId: 'feature-upload' };

  const feedPrefix = () => feedRedis(host.stack.environment, host.clock, { redis, prefix: keys.prefix });

  test('what the engine answered is written to the shared cache', async () => {
    const client = await host.client({ cache: cache() });
    const customerId = await host.customer();
    await client.getNumericEntitlement({ customerId, ...upload });
    const [stored] = await until(
      () => probe.read([ownKey(customerId)]),
      ([found]) => found !== undefined,
    );
    expect(stored?.snapshot.grants.entitlements.get('feature-upload')?.usageLimit).toBe(5_000_000n);
  });

  test("a client's own report renews the counter in the shared cache", async () => {
    const client = await host.client({ cache: cache() });
    const customerId = await host.customer();
    const usage = { customerId, featureId: 'feature-projects', value: 2 };
    await client.getMeteredEntitlement({ customerId, featureId: 'feature-projects' });
    await until(
      () => probe.read([ownKey(customerId)]),
      ([found]) => found !== undefined,
    );
    await client.reportUsage(usage);
    const used = async () => (await probe.read([ownKey(customerId)]))[0]?.snapshot.usage.get('feature-projects');
    expect(await until(used, (part) => part?.currentUsage === 2_000_000n)).toBeDefined();
  });

  test('an entry that nothing keeps fresh answers only while the engine is away', async () => {
    const customerId = await host.customer();
    const writer = await host.client({ cache: cache() });
    await writer.getNumericEntitlement({ customerId, ...upload });
    await until(
      () => probe.read([ownKey(customerId)]),
      ([found]) => found !== undefined,
    );
    const before = host.snapshotReads(customerId);
    const reader = await host.client({ cache: cache() });
    await reader.getNumericEntitlement({ customerId, ...upload });
    expect(host.snapshotReads(customerId) - before).toBe(1);
    await host.proxy.refuse();
    const blind = host.connect({ cache: cache(), entitlementsTimeout: 2_000 });
    expect(await blind.getNumericEntitlement({ customerId, ...upload })).toMatchObject({ value: 5, isFallback: false });
    await host.proxy.open();
  });

  // Before any other test feeds the cache: what was fed stays fresh for a few seconds.
  test('hooks hear of each look into it: a miss, an entry that nothing keeps fresh, a hit', async () => {
    const looksOf = async (customerId: string): Promise<string[]> => {
      const looks: string[] = [];
      const onCache = ({ cache: where, result }: CacheEvent) => looks.push(`${result} ${where}`);
      const client = await host.client({ cache: cache(), hooks: { onCache } });
      await client.getNumericEntitlement({ customerId, ...upload });
      return looks;
    };
    const isStored = (customerId: string) =>
      until(
        () => probe.read([ownKey(customerId)]),
        ([found]) => found !== undefined,
      );
    const unfed = await host.customer();
    expect(await looksOf(unfed)).toEqual(['miss memory', 'miss shared']);
    await isStored(unfed);
    expect(await looksOf(unfed)).toEqual(['miss memory', 'stale shared']);
    const stop = await feedPrefix();
    const fed = await host.customer();
    await looksOf(fed);
    await isStored(fed);
    expect(await looksOf(fed)).toEqual(['miss memory', 'hit shared']);
    stop();
  });

  test('clients that ask for a cold customer at the same time ask the engine once', async () => {
    const customerId = await host.customer();
    const clients = await Promise.all(Array.from({ length: 4 }, () => host.client({ cache: cache() })));
    const before = host.snapshotReads(customerId);
    const stop = await feedPrefix();
    const answers = await Promise.all(clients.map((client) => client.getNumericEntitlement({ customerId, ...upload })));
    expect(answers.map(({ value }) => value)).toEqual([5, 5, 5, 5]);
    expect(host.snapshotReads(customerId) - before).toBe(1);
    stop();
  });

  /** The first batch of the feed after a cursor that holds what is looked for. */
  const batchFrom = (cursor: string | null, holds: (batch: FeedBatch) => boolean): Promise<FeedBatch> =>
    new Promise((resolve, reject) => {
      const following = host.stack.environment.follow(cursor, {
        onBatch: (batch) => {
          if (!holds(batch)) return;
          resolve(batch);
          following.close();
        },
        onEnd: reject,
      });
    });

  test('a change that the shared cache has not heard of yet reaches a client whose feed begins after it', async () => {
    const reports = { featureId: 'feature-reports' };
    const customerId = await host.customer();
    const clock = { now: host.clock.now(), isFrozen: true };
    const feed = redisCacheFeed({ client: redis, environmentPrefix: keys.prefix, commandTimeoutMs: 2_000 });
    /** Says how far the cache has heard of the feed, and that this is fresh, however long it lasts. */
    const renew = async ({ cursor, epoch, catalog }: FeedBatch) => {
      await feed.renewFreshness({ cursor, epoch, catalog, clock });
      await redis.persist(`{${keys.prefix}}:feed`);
    };
    const before = await batchFrom(null, () => true);
    await renew(before);
    const writer = await host.client({ cache: cache() });
    await writer.getMeteredEntitlement({ customerId, ...reports });
    await until(
      () => probe.read([ownKey(customerId)]),
      ([found]) => found?.isFresh === true,
    );
    // Gone before the change, or it would renew the entry itself.
    await writer.close();
    const manager = await host.client();
    await manager.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });

    const reader = await host.client({ cache: cache() });
    let hits = 0;
    reader.addListener('cacheHit', () => {
      hits += 1;
    });
    const limit = async () => (await reader.getMeteredEntitlement({ customerId, ...reports })).usageLimit;
    expect([await limit(), await limit()]).toEqual([3, 3]);

    const news = await batchFrom(before.cursor, ({ grants }) =>
      grants.some(({ key }) => key.customerId === customerId),
    );
    for (const { key, version } of news.grants) await feed.invalidate(key, version);
    await renew(news);
    await until(limit, (seen) => seen === 1_000_000);
    // From here on the feed watches over what is in memory, and the shared cache is asked no more.
    await until(limit, () => hits > 0);
    await redis.del(`{${keys.prefix}}:feed`);
    await feed.close();
  });

  test('a Redis that is gone is reported, and changes no answer', async () => {
    const gone = new Redis({ port: 1, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
    gone.on('error', () => {});
    const client = await host.client({
      cache: redisCache({ client: gone, environmentPrefix: keys.prefix }),
      clientName: 'reader',
    });
    const customerId = await host.customer();
    const heard = new Promise((resolve) => client.addListener('redisClientError', resolve));
    expect(await client.getNumericEntitlement({ customerId, ...upload })).toMatchObject({
      value: 5,
      isFallback: false,
    });
    expect(await heard).toMatchObject({ clientName: 'reader' });
    const other = await host.client();
    const changed = usageHeard(client, customerId);
    await other.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
    await changed;
    gone.disconnect();
  });
}
