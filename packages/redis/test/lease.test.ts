import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { type RedisCache, type RedisClient, redisCache } from '../src/index.js';
import { cacheBench, snapshotOf, until } from './redis-fixture.js';

const { prefix, redis, url, settings, cache, customer, readOne, keysOf } = cacheBench();

describe('leases', () => {
  it('make others wait until they are released, and then read again', async () => {
    const key = customer();
    const client = new Redis(url);
    let sent = 0;
    const counting: RedisClient = {
      get status() {
        return client.status;
      },
      evalsha: (...values) => {
        sent += 1;
        return client.evalsha(...values);
      },
      eval: (...values) => client.eval(...values),
      ping: () => client.ping(),
      connect: () => client.connect(),
      on: (event, listener) => client.on(event, listener),
      off: (event, listener) => client.off(event, listener),
    };
    const other = redisCache({ client: counting, environmentPrefix: prefix, commandTimeoutMs: 5000 });
    const lease = await cache.lease(key);
    let hasAnswer = false;
    const answer = other.lease(key).finally(() => {
      hasAnswer = true;
    });
    await until(() => sent >= 4, 'the other one asked, and looked again a few times');
    expect(hasAnswer).toBe(false);
    await lease?.release();
    expect(await answer).toBeUndefined();
    await other.close();
    client.disconnect();
  });

  it('are never held by two at once, and by everybody in the end', async () => {
    const key = customer();
    const others = Array.from({ length: 8 }, () => redisCache(settings));
    let holders = 0;
    const turn = async (other: RedisCache): Promise<void> => {
      const lease = await other.lease(key);
      if (!lease) return turn(other);
      holders += 1;
      expect(holders).toBe(1);
      await other.read([key]);
      holders -= 1;
      await lease.release();
    };
    await Promise.all(others.map(turn));
    await Promise.all(others.map((other) => other.close()));
  });

  it('are not given for what somebody fetched since it was read', async () => {
    const key = customer();
    expect(await readOne(key)).toBeUndefined();
    await cache.write([snapshotOf(key.customerId)]);
    expect(await cache.lease(key)).toBeUndefined();
  });

  it('of different resources are different', async () => {
    const key = customer();
    const [one, two] = [await cache.lease(key), await cache.lease({ ...key, resourceId: 'workspace-1' })];
    expect(one && two).toBeDefined();
    await Promise.all([one?.release(), two?.release()]);
  });

  it('of a process that died end by themselves, and waiting ends no later', async () => {
    const key = customer();
    const own = redisCache({
      ...settings,
      entitlementsTimeout: 100,
      distributedEntitlementsFetching: { notificationBufferMs: 100 },
    });
    expect(await own.lease(key)).toBeDefined();
    expect(await own.lease(key)).toBeUndefined();
    await until(async () => (await own.lease(key)) !== undefined, 'the lease is free again');
    await own.close();
  });

  it('are given back only by who holds them', async () => {
    const key = customer();
    const lease = await cache.lease(key);
    const name = `{${prefix}:${key.customerId}}:customer:lease`;
    await redis.set(name, 'another holder', 'PX', 5000);
    await lease?.release();
    expect(await redis.get(name)).toBe('another holder');
    await redis.del(name);
  });

  it('are not needed when fetching is not shared', async () => {
    const key = customer();
    const own = redisCache({ ...settings, distributedEntitlementsFetching: { disabled: true } });
    expect(await own.lease(key)).toBeDefined();
    expect(await own.lease(key)).toBeDefined();
    expect(await keysOf(key)).toEqual([]);
    await own.close();
  });
});
