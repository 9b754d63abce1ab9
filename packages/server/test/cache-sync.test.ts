import { randomBytes } from 'node:crypto';
import {
  ProvisionCustomerDocument,
  ProvisionSubscriptionDocument,
  ReportUsageDocument,
  SetClockDocument,
} from '@tollgate/contract';
import { redisCache } from '@tollgate/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CacheSync, syncRedis } from '../src/cache-sync.js';
import { createLogger } from '../src/log.js';
import { type Fixture, startFixture } from './server-fixture.js';

const environmentPrefix = `server_test_${randomBytes(6).toString('hex')}`;
const key = { customerId: 'acme', resourceId: null };
let fixture: Fixture;
let sync: CacheSync;
let cache: ReturnType<typeof redisCache>;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.send(ProvisionCustomerDocument, {
    input: { customerId: 'acme', subscriptionParams: { planId: 'plan-free' } },
  });
  const url = inject('redisUrl');
  const logger = createLogger('info', { write: (line: string) => void fixture.logged.push(line) });
  const { environment, clock } = fixture.stack;
  sync = await syncRedis({ url, environmentPrefix }, { environment, clock, log: logger });
  cache = redisCache({ url, environmentPrefix });
});
afterAll(async () => {
  await cache?.close();
  await sync?.close();
  await fixture?.close();
  const redis = new Redis(inject('redisUrl'));
  for await (const keys of redis.scanStream({ match: `*${environmentPrefix}*` })) {
    if (keys.length > 0) await redis.del(...(keys as string[]));
  }
  redis.disconnect();
});

const cached = async () => (await cache.read([key]))[0];

async function until(name: string, look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`${name} did not happen`);
  }
}

describe('a server that feeds the shared cache', () => {
  test('keeps entries trusted, renews counters, and gives word of new grants', async () => {
    await until('freshness', async () => {
      await cache.write(await fixture.stack.environment.snapshots('acme', [null], fixture.clock.now()));
      return (await cached())?.isFresh === true;
    });
    await fixture.send(ReportUsageDocument, {
      usages: [{ customerId: 'acme', featureId: 'feature-reports', value: '2' }],
    });
    await until(
      'the new counter',
      async () => (await cached())?.snapshot.usage.get('feature-reports')?.currentUsage === 2_000_000n,
    );
    expect((await cached())?.isFresh).toBe(true);
    await fixture.send(ProvisionSubscriptionDocument, {
      input: { customerId: 'acme', planId: 'plan-pro', billingPeriod: 'MONTHLY' },
    });
    await until('word of the new plan', async () => (await cached())?.isFresh === false);
  });

  test('carries the test clock', async () => {
    await fixture.send(SetClockDocument, { now: '2026-01-15T00:00:00Z' });
    const redis = new Redis(inject('redisUrl'));
    try {
      await until('the new time', async () => {
        const keys = await redis.keys(`*${environmentPrefix}}:feed`);
        const state = keys[0] === undefined ? {} : await redis.hgetall(keys[0]);
        return JSON.stringify(state).includes(String(Date.parse('2026-01-15T00:00:00Z')));
      });
    } finally {
      redis.disconnect();
    }
  });

  test('answers requests while Redis is gone, and says so once', async () => {
    const logged: string[] = [];
    const logger = createLogger('info', { write: (line: string) => void logged.push(line) });
    const { environment, clock } = fixture.stack;
    const lost = await syncRedis(
      { url: 'redis://127.0.0.1:1', environmentPrefix },
      { environment, clock, log: logger },
    );
    try {
      for (let round = 1; round <= 5; round += 1) {
        const body = await fixture.send(ReportUsageDocument, {
          usages: [{ customerId: 'acme', featureId: 'feature-reports', value: '1' }],
        });
        expect(body.errors).toBeUndefined();
      }
      await until('the log line', async () => logged.length > 0);
    } finally {
      await lost.close();
    }
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('Redis does not take changes');
  });
});
