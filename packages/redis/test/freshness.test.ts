import type { SnapshotKey } from '@tollgate/contract';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { type RedisClient, redisCache, redisCacheFeed } from '../src/index.js';
import { cacheBench, snapshotOf, usageOf, versionOf, walletOf } from './redis-fixture.js';

const { prefix, redis, url, settings, cache, customer, readOne, usedOf, renew, keysOf } = cacheBench();

describe('freshness', () => {
  it('needs a feed: without one, entries are there and stale', async () => {
    await redis.del(`{${prefix}}:feed`);
    const key = customer();
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await renew();
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toMatchObject({ isFresh: true });
  });

  it('ends three seconds after the last word of the feed', async () => {
    await renew();
    const left = await redis.pttl(`{${prefix}}:feed`);
    expect(left).toBeGreaterThan(2000);
    expect(left).toBeLessThanOrEqual(3000);
  });

  it('lasts as long as the feed goes on, and does not reach back to before it began', async () => {
    const [before, after] = [customer(), customer()];
    await cache.write([snapshotOf(before.customerId)]);
    const late = redisCacheFeed(settings);
    await renew({}, late);
    await cache.write([snapshotOf(after.customerId)]);
    await renew({}, late);
    expect((await cache.read([before, after])).map((item) => item?.isFresh)).toEqual([false, true]);
    // The feed that has been there all along does not vouch for what the new one may have missed.
    await renew();
    expect((await cache.read([before, after])).map((item) => item?.isFresh)).toEqual([false, true]);
    await late.close();
  });

  it('comes back to an entry that is fetched anew, even when nothing in it changed', async () => {
    const key = customer();
    await renew();
    await cache.write([snapshotOf(key.customerId)]);
    await renew({ isResync: true });
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await cache.write([snapshotOf(key.customerId, { version: versionOf({ revision: 6 }) })]);
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toMatchObject({ isFresh: true });
  });

  it('is gone below the catalog that the feed knows, and in another epoch', async () => {
    const key = customer();
    await renew();
    await cache.write([snapshotOf(key.customerId)]);
    await renew({ catalog: 4 });
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    // A feed that lags behind does not bring the old catalog back.
    await renew({ catalog: 3 });
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await cache.write([snapshotOf(key.customerId, { version: versionOf({ catalog: 4 }) })]);
    expect(await readOne(key)).toMatchObject({ isFresh: true });
    await renew({ epoch: '0190-b', catalog: 1 });
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await redis.del(`{${prefix}}:feed`);
  });

  it('is gone after an invalidation until grants of that version come, and nothing is deleted', async () => {
    const key = customer();
    await renew();
    await cache.write([snapshotOf(key.customerId)]);
    await cache.invalidate(key, versionOf({ revision: 8 }));
    expect(await readOne(key)).toMatchObject({ isFresh: false, snapshot: snapshotOf(key.customerId) });
    await cache.invalidate(key, versionOf({ revision: 6 }));
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await cache.write([snapshotOf(key.customerId, { version: versionOf({ revision: 8 }) })]);
    expect(await readOne(key)).toMatchObject({ isFresh: true });
  });

  it('is gone after an invalidation, however new the counters and wallets are that come before and after it', async () => {
    const key = customer();
    await renew();
    await cache.write([snapshotOf(key.customerId)]);
    const ack = versionOf({ revision: 9 });
    await cache.writeNumbers(key, { usage: [usageOf(2n, ack)], wallets: [walletOf(5n, ack)] });
    expect(await readOne(key)).toMatchObject({ isFresh: true });
    await cache.invalidate(key, versionOf({ revision: 8 }));
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    const next = versionOf({ revision: 10 });
    await cache.writeNumbers(key, { usage: [usageOf(3n, next)], wallets: [walletOf(4n, next)] });
    expect(await readOne(key)).toMatchObject({ isFresh: false });
  });

  it('is refused to a snapshot that was fetched before an invalidation and lands after it', async () => {
    const key = customer();
    await renew();
    await cache.invalidate(key, versionOf({ revision: 8 }));
    expect(await readOne(key)).toBeUndefined();
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toMatchObject({ isFresh: false });
  });

  it('is refused to what was asked for before the feed began anew, however late it lands', async () => {
    const key = customer();
    await renew();
    expect(await readOne(key)).toBeUndefined();
    const early = cache.mark();
    await renew({ isResync: true });
    await cache.write([snapshotOf(key.customerId)], early);
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await cache.write([snapshotOf(key.customerId)], cache.mark());
    expect(await readOne(key)).toMatchObject({ isFresh: true });
    // What lands late has nothing to say about the entry that is there.
    await cache.write([snapshotOf(key.customerId)], early);
    expect(await readOne(key)).toMatchObject({ isFresh: true });
  });

  it('is refused to what was asked for before anything was heard of Redis', async () => {
    const key = customer();
    await renew();
    const own = redisCache(settings);
    await own.write([snapshotOf(key.customerId)], own.mark());
    expect(await readOne(key)).toMatchObject({ isFresh: false });
    await own.write([snapshotOf(key.customerId)], own.mark());
    expect(await readOne(key)).toMatchObject({ isFresh: true });
    await own.close();
  });

  it('tells how far the feed had been read, and never of more than the entry holds', async () => {
    const key = customer();
    await renew({ cursor: '0190-a/5:5:' });
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toMatchObject({ isFresh: true, cursor: '0190-a/5:5:' });

    const client = new Redis(url);
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const isFeedKey = (values: string[]) => values.includes(`{${prefix}}:feed`);
    const slowToTheFeed: RedisClient = {
      get status() {
        return client.status;
      },
      evalsha: async (sha, count, ...values) => {
        if (isFeedKey(values)) await held;
        return client.evalsha(sha, count, ...values);
      },
      eval: (...values) => client.eval(...values),
      ping: () => client.ping(),
      connect: () => client.connect(),
      on: (event, listener) => client.on(event, listener),
      off: (event, listener) => client.off(event, listener),
    };
    const slow = redisCache({ client: slowToTheFeed, environmentPrefix: prefix, commandTimeoutMs: 5000 });
    const reading = readOne(key, slow);
    await client.ping();
    await cache.invalidate(key, versionOf({ revision: 8 }));
    await renew({ cursor: '0190-a/6:6:' });
    letGo();
    expect(await reading).toMatchObject({ isFresh: false, cursor: '0190-a/6:6:' });
    await slow.close();
    client.disconnect();

    await redis.del(`{${prefix}}:feed`);
    expect(await readOne(key)).toMatchObject({ isFresh: false, cursor: null });
  });

  it('does not bury a counter that was announced while its snapshot was being fetched', async () => {
    const key = customer();
    await cache.writeNumbers(key, { usage: [usageOf(9n, versionOf({ revision: 9 }))], wallets: [] });
    expect(await readOne(key)).toBeUndefined();
    await cache.write([snapshotOf(key.customerId)]);
    expect(await usedOf(key)).toBe(9n);
  });
});

describe('how long entries live', () => {
  it.each([
    ['604800 seconds unless said otherwise', undefined, 604_800],
    ['60 seconds when ttl is 60', 60, 60],
    ['for ever when ttl is negative', -1, -1],
  ])('%s', async (_, ttl, expected) => {
    const key = customer();
    const own = redisCache({ ...settings, ...(ttl === undefined ? {} : { ttl }) });
    const check = async () => {
      const left = await Promise.all((await keysOf(key)).map((name) => redis.ttl(name)));
      expect(left).toHaveLength(1);
      for (const seconds of left) {
        expect(seconds).toBeLessThanOrEqual(expected);
        expect(seconds).toBeGreaterThanOrEqual(expected < 0 ? expected : expected - 10);
      }
    };
    await own.invalidate(key, versionOf({ revision: 1 }));
    await own.write([snapshotOf(key.customerId)]);
    await check();
    await own.writeNumbers(key, { usage: [usageOf(9n, versionOf({ revision: 9 }))], wallets: [] });
    await check();
    await own.invalidate(key, versionOf({ revision: 9 }));
    await check();
    await own.close();
  });

  it('shortly for word of a change to an entry that is not there, whatever ttl is', async () => {
    const own = redisCache({ ...settings, ttl: -1 });
    for (const leave of [
      (key: SnapshotKey) => own.invalidate(key, versionOf()),
      (key: SnapshotKey) => own.writeNumbers(key, { usage: [usageOf(1n)], wallets: [] }),
    ]) {
      const key = customer();
      await leave(key);
      const [name] = await keysOf(key);
      const left = await redis.ttl(name ?? '');
      expect(left).toBeGreaterThan(50);
      expect(left).toBeLessThanOrEqual(60);
    }
    await own.close();
  });
});
