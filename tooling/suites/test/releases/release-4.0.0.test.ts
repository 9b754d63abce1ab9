import type { Tollgate } from '@tollgate/client';
import type { SharedCache } from '@tollgate/contract';
import { redisCache } from '@tollgate/redis';
import { freshPostgres, freshRedisPrefix } from '@tollgate/services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ClientHost, clientHost } from '../../src/client-host.js';
import { feedRedis } from '../../src/redis-feed.js';
import { until } from '../../src/until.js';

/** By customer, why there is no single sign-on: the free plan does not have it. */
const causes = [
  ['unknown', 'CustomerNotFound'],
  ['idle', 'NoActiveSubscription'],
  ['active', 'NoFeatureEntitlementInSubscription'],
] as const;

describe.each(['PGlite', 'Postgres'] as const)('on %s', (storage) => {
  let host: ClientHost;
  let redis: Redis;
  /** Looks into Redis from outside. */
  let probe: SharedCache;
  let stopFeed = () => {};
  let dropDatabase = async () => {};
  const keys = freshRedisPrefix(inject('redisUrl'));
  const cache = () => redisCache({ client: redis, environmentPrefix: keys.prefix, commandTimeoutMs: 2_000 });

  beforeAll(async () => {
    const database = storage === 'Postgres' ? await freshPostgres(inject('postgresUrl')) : undefined;
    dropDatabase = async () => database?.drop();
    host = await clientHost('embedded', database?.url);
    redis = new Redis(keys.url);
    // Each test's cache listens on this one connection.
    redis.setMaxListeners(50);
    probe = cache();
    stopFeed = await feedRedis(host.stack.environment, host.clock, { redis, prefix: keys.prefix });
    const client = await host.client();
    await client.provisionCustomer({ customerId: 'idle' });
    await client.provisionCustomer({ customerId: 'active', subscriptionParams: { planId: 'plan-free' } });
  });
  afterAll(async () => {
    stopFeed();
    await host.close();
    await dropDatabase();
    redis.disconnect();
    await keys.drop();
  });

  const ask = (client: Tollgate, customerId: string) =>
    client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });

  /** A client with a memory of its own that finds everybody in Redis, because another one has asked. */
  const behindRedis = async (): Promise<Tollgate> => {
    const first = await host.client({ cache: cache() });
    for (const [customerId] of causes) {
      await ask(first, customerId);
      const own = { customerId, resourceId: null };
      await until(
        () => probe.read([own]),
        ([found]) => found !== undefined,
      );
    }
    return host.client({ cache: cache() });
  };
  const engineReads = () => causes.map(([customerId]) => host.snapshotReads(customerId));

  test('4.0.0 accepts an unknown customer and says CustomerNotFound', async () => {
    const refused = { hasAccess: false, accessDeniedReason: 'CustomerNotFound', isFallback: false };
    expect(await ask(await host.client(), 'unknown')).toMatchObject(refused);
  });

  test('4.0.0 accepts a customer with nothing active and says NoActiveSubscription', async () => {
    const refused = { hasAccess: false, accessDeniedReason: 'NoActiveSubscription', isFallback: false };
    expect(await ask(await host.client(), 'idle')).toMatchObject(refused);
  });

  test('4.0.0 accepts an active customer without the feature and says NoFeatureEntitlementInSubscription', async () => {
    const accessDeniedReason = 'NoFeatureEntitlementInSubscription';
    const refused = { hasAccess: false, accessDeniedReason, isFallback: false };
    expect(await ask(await host.client(), 'active')).toMatchObject(refused);
  });

  test('4.0.0 accepts all three from Redis too, without asking the engine', async () => {
    const client = await behindRedis();
    const before = engineReads();
    for (const [customerId, accessDeniedReason] of causes) {
      expect(await ask(client, customerId)).toMatchObject({ hasAccess: false, accessDeniedReason, isFallback: false });
    }
    expect(engineReads()).toEqual(before);
  });

  test('4.0.0 accepts the state call, which gives the reason once, beside an empty list', async () => {
    for (const client of [await host.client(), await behindRedis()]) {
      expect(await client.getEntitlementsState('unknown')).toEqual({
        entitlements: [],
        accessDeniedReason: 'CustomerNotFound',
      });
      expect(await client.getEntitlementsState('idle')).toEqual({
        entitlements: [],
        accessDeniedReason: 'NoActiveSubscription',
      });
      const active = await client.getEntitlementsState('active');
      expect(active.accessDeniedReason).toBeNull();
      expect(active.entitlements.length).toBeGreaterThan(0);
    }
  });

  test('4.0.0 rejects one cause for all three', async () => {
    const client = await host.client();
    const given = await Promise.all(causes.map(([customerId]) => ask(client, customerId)));
    expect(given.map(({ accessDeniedReason }) => accessDeniedReason)).toEqual(causes.map(([, reason]) => reason));
  });

  test('4.0.0 rejects a fallback where the cause is known', async () => {
    const client = await host.client({ entitlementsFallback: { 'feature-sso': { hasAccess: true } } });
    for (const [customerId, accessDeniedReason] of causes) {
      const options = { fallback: { hasAccess: true } };
      const answer = await client.getBooleanEntitlement({ customerId, featureId: 'feature-sso', options });
      expect(answer).toMatchObject({ hasAccess: false, isFallback: false, accessDeniedReason });
    }
  });
});
