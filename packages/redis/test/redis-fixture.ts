import { randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import type {
  ClockReading,
  Entitlement,
  Snapshot,
  SnapshotKey,
  UsagePart,
  Version,
  WalletPart,
} from '@tollgate/contract';
import { Redis } from 'ioredis';
import { afterAll, inject } from 'vitest';
import { type RedisCache, redisCache, redisCacheFeed } from '../src/index.js';

/** A key prefix of a test file's own on the real Redis, a plain connection to look at it, and what removes both. */
export function ownPrefix() {
  const prefix = `tollgate_test_${randomBytes(6).toString('hex')}`;
  const redis = new Redis(inject('redisUrl'));
  const drop = async () => {
    for await (const keys of redis.scanStream({ match: `{${prefix}*`, count: 500 })) {
      if (keys.length > 0) await redis.del(...(keys as string[]));
    }
    redis.disconnect();
  };
  return { prefix, redis, url: inject('redisUrl'), drop };
}

/** A way to the real Redis that can go silent, or be cut. */
export async function proxyTo(url: string) {
  const target = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  let isSilent = false;
  let held: (() => void)[] | undefined;
  let connections = 0;
  let received = 0;
  const pass = (to: Socket, chunk: Buffer): void => {
    if (held) held.push(() => to.write(chunk));
    else if (!isSilent) to.write(chunk);
  };
  const server = createServer((inner) => {
    connections += 1;
    const outer = connect(Number(target.port || 6379), target.hostname);
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    inner.on('data', (chunk) => {
      received += 1;
      pass(outer, chunk);
    });
    outer.on('data', (chunk) => pass(inner, chunk));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = () => {
    for (const [inner] of pairs) inner.destroy();
  };
  return {
    port: address.port,
    url: `redis://127.0.0.1:${address.port}`,
    /** Takes everything and passes nothing on, in both directions; what was under way is lost. */
    goSilent: () => {
      isSilent = true;
    },
    /** Passes on again; connections from before are cut, since bytes of theirs are missing. */
    comeBack: () => {
      isSilent = false;
      cut();
    },
    /** Keeps everything back, and `letGo` delivers it late. */
    hold: () => {
      held = [];
    },
    letGo: () => {
      const late = held ?? [];
      held = undefined;
      for (const deliver of late) deliver();
    },
    cut,
    connections: () => connections,
    /** How many pieces came from the client's side. */
    received: () => received,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks again until `condition` holds; fails after five seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 5000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not happen within 5 s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const jan1 = Date.UTC(2026, 0, 1);
export const clock: ClockReading = { now: jan1, isFrozen: false };

export const versionOf = (over: Partial<Version> = {}): Version => ({
  epoch: '0190-a',
  catalog: 3,
  revision: 7,
  validFrom: jan1,
  ...over,
});

export function usageOf(used: bigint, version = versionOf(), featureId = 'feature-reports'): UsagePart {
  return {
    featureId,
    version,
    validUntil: null,
    currentUsage: used,
    held: 0n,
    heldUntil: null,
    usagePeriodStart: null,
    usagePeriodEnd: null,
  };
}

/** A wallet with this balance, in millionths; `currencyId` may be anything an id may be. */
export function walletOf(balance: bigint, version = versionOf(), currencyId = 'ai-credits'): WalletPart {
  return {
    currency: {
      currencyId,
      displayName: 'AI credits',
      description: 'For models',
      symbol: '◎',
      unit: 'credit',
      units: 'credits',
      metadata: { team: 'ai' },
    },
    version,
    validUntil: jan1 + 1,
    endsAt: jan1 + 2,
    hasSoftLimit: true,
    balance,
    totalGranted: 100_000_000n,
    totalConsumed: 100_000_000n - balance,
    held: 1n,
    heldUntil: jan1 + 1,
    usagePeriodEnd: jan1 + 2,
  };
}

function metered(limit: bigint): Entitlement {
  return {
    feature: {
      featureId: 'feature-reports',
      displayName: 'Reports',
      featureType: 'NUMBER',
      meterType: 'INCREMENTAL',
      featureStatus: 'ACTIVE',
      unit: null,
      units: null,
      unitTransformation: null,
      hasEventMeter: false,
    },
    isGranted: true,
    usageLimit: limit,
    hasUnlimitedUsage: false,
    hasSoftLimit: false,
    enumValues: [],
    reset: null,
    usageCountsFrom: null,
    creditRate: null,
    endsAt: null,
    afterwards: [],
  };
}

/** A customer with a limit, in millionths, on one metered feature, and its counters. */
export function snapshotOf(
  customerId: string,
  {
    limit = 3_000_000n,
    version = versionOf(),
    usage = [usageOf(1_000_000n, version)],
    wallets = [] as WalletPart[],
    resourceId = null as string | null,
  } = {},
): Snapshot {
  return {
    customerId,
    resourceId,
    grants: {
      version,
      validUntil: null,
      isCustomerKnown: true,
      isCustomerArchived: false,
      isResourceKnown: true,
      hasActiveSubscription: true,
      entitlements: new Map([['feature-reports', metered(limit)]]),
    },
    usage: new Map(usage.map((part) => [part.featureId, part])),
    wallets: new Map(wallets.map((part) => [part.currency.currencyId, part])),
  };
}

/** A cache and a feed on a prefix of the file's own, closed and removed after its tests, and ways to look at them. */
export function cacheBench() {
  const { prefix, redis, url, drop } = ownPrefix();
  // A machine that runs many tests at once may be slow; outages have a file of their own.
  const settings = { url, environmentPrefix: prefix, commandTimeoutMs: 5000 };
  const cache = redisCache(settings);
  const feed = redisCacheFeed(settings);
  afterAll(async () => {
    await cache.close();
    await feed.close();
    await drop();
  });
  let count = 0;
  const readOne = async (key: SnapshotKey, from: RedisCache = cache) => (await from.read([key]))[0];
  return {
    prefix,
    redis,
    url,
    settings,
    cache,
    feed,
    /** A customer that no other test uses. */
    customer: (resourceId: string | null = null): SnapshotKey => ({ customerId: `customer-${++count}`, resourceId }),
    readOne,
    limitOf: async (key: SnapshotKey) =>
      (await readOne(key))?.snapshot.grants.entitlements.get('feature-reports')?.usageLimit,
    usedOf: async (key: SnapshotKey, featureId = 'feature-reports') =>
      (await readOne(key))?.snapshot.usage.get(featureId)?.currentUsage,
    balanceOf: async (key: SnapshotKey, currencyId = 'ai-credits') =>
      (await readOne(key))?.snapshot.wallets.get(currencyId)?.balance,
    renew: (over: { cursor?: string; epoch?: string; catalog?: number; isResync?: boolean } = {}, by = feed) =>
      by.renewFreshness({ cursor: '1:1:', epoch: '0190-a', catalog: 3, clock, ...over }),
    keysOf: async (key: SnapshotKey) => (await redis.keys(`{${prefix}:${key.customerId}}*`)).sort(),
  };
}
