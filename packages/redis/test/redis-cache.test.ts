import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisCache } from '../src/index.js';
import { cacheBench, snapshotOf, until, usageOf, versionOf, walletOf } from './redis-fixture.js';

const { settings, prefix, redis, url, cache, customer, readOne, limitOf, usedOf, balanceOf, keysOf } = cacheBench();

describe('what is written', () => {
  it('comes back whole, in the order asked, with a miss for what is not there', async () => {
    const [one, other] = [customer(), customer('workspace-1')];
    const snapshots = [
      snapshotOf(one.customerId),
      snapshotOf(other.customerId, { resourceId: 'workspace-1', limit: 1n, wallets: [walletOf(-5n)] }),
    ];
    await cache.write(snapshots);
    const read = await cache.read([other, customer(), one, { ...other, resourceId: null }]);
    expect(read.map((item) => item?.snapshot)).toEqual([snapshots[1], undefined, snapshots[0], undefined]);
  });

  it('keeps amounts and versions that a double in between would have rounded', async () => {
    const key = customer();
    const version = versionOf({ revision: Number.MAX_SAFE_INTEGER - 1 });
    await cache.write([
      snapshotOf(key.customerId, { version, usage: [usageOf(9_007_199_254_999_999_999_999n, version)] }),
    ]);
    const next = versionOf({ revision: Number.MAX_SAFE_INTEGER });
    await cache.writeNumbers(key, { usage: [usageOf(9_007_199_255_000_000_000_001n, next)], wallets: [] });
    await cache.writeNumbers(key, { usage: [usageOf(1n, version)], wallets: [] });
    expect(await usedOf(key)).toBe(9_007_199_255_000_000_000_001n);
    expect((await readOne(key))?.snapshot.usage.get('feature-reports')?.version).toEqual(next);
  });

  it('holds features and currencies named like members of every object', async () => {
    const key = customer();
    const usage = [usageOf(5n, versionOf(), 'constructor')];
    await cache.write([snapshotOf(key.customerId, { usage, wallets: [walletOf(6n, versionOf(), 'constructor')] })]);
    expect([await usedOf(key, 'constructor'), await balanceOf(key, 'constructor')]).toEqual([5n, 6n]);
    expect([await usedOf(key, 'toString'), await balanceOf(key, 'toString')]).toEqual([undefined, undefined]);
  });

  it('lies in one slot of a cluster for a customer and all its resources', async () => {
    const key = customer();
    await cache.write([snapshotOf(key.customerId), snapshotOf(key.customerId, { resourceId: 'workspace-1' })]);
    const lease = await cache.lease({ ...key, resourceId: 'workspace-2' });
    const keys = await keysOf(key);
    expect(keys).toHaveLength(3);
    const tags = keys.map((name) => /^\{([^{}]+)\}/.exec(name)?.[1]);
    expect(new Set(tags)).toEqual(new Set([`${prefix}:${key.customerId}`]));
    await lease?.release();
  });

  it('is invisible under another prefix', async () => {
    const key = customer();
    const stranger = redisCache({ ...settings, environmentPrefix: `${prefix}-other` });
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key, stranger)).toBeUndefined();
    await stranger.close();
  });
});

describe('versions', () => {
  it.each([
    ['epoch', { epoch: '0190-b', catalog: 1, revision: 1, validFrom: 0 }],
    ['catalog', { catalog: 10, revision: 1, validFrom: 0 }],
    ['revision', { revision: 10, validFrom: 0 }],
    ['validFrom', { validFrom: Date.UTC(2026, 0, 2) }],
  ])('a higher %s replaces the part, and the older one arriving later does not', async (_, over) => {
    const key = customer();
    const [older, newer] = [versionOf({ catalog: 9, revision: 9 }), versionOf({ catalog: 9, revision: 9, ...over })];
    await cache.write([snapshotOf(key.customerId, { version: older, limit: 1n, usage: [usageOf(1n, older)] })]);
    await cache.write([snapshotOf(key.customerId, { version: newer, limit: 2n, usage: [usageOf(2n, newer)] })]);
    await cache.write([snapshotOf(key.customerId, { version: older, limit: 1n, usage: [usageOf(1n, older)] })]);
    expect([await limitOf(key), await usedOf(key)]).toEqual([2n, 2n]);
  });

  it('compares epochs byte by byte, not by the rules of a language', async () => {
    const key = customer();
    // In most languages' order "a" comes before "B"; in bytes it comes after.
    const [lower, higher] = [versionOf({ epoch: 'B' }), versionOf({ epoch: 'a' })];
    await cache.write([snapshotOf(key.customerId, { version: higher, limit: 2n, usage: [] })]);
    await cache.write([snapshotOf(key.customerId, { version: lower, limit: 1n, usage: [] })]);
    expect(await limitOf(key)).toBe(2n);
  });

  it('take each part for itself: newer usage stays when newer grants come with older usage', async () => {
    const key = customer();
    await cache.write([snapshotOf(key.customerId, { usage: [usageOf(5n, versionOf({ revision: 9 }))] })]);
    const version = versionOf({ revision: 8 });
    await cache.write([snapshotOf(key.customerId, { version, limit: 7n, usage: [usageOf(4n, version)] })]);
    expect([await limitOf(key), await usedOf(key)]).toEqual([7n, 5n]);
  });

  it('take a wallet for itself: newer grants and counters leave a newer balance, and older news of it changes nothing', async () => {
    const key = customer();
    const [older, newer] = [versionOf({ revision: 8 }), versionOf({ revision: 9 })];
    await cache.write([snapshotOf(key.customerId, { wallets: [walletOf(50n)] })]);
    await cache.writeNumbers(key, { usage: [], wallets: [walletOf(40n, newer)] });
    await cache.writeNumbers(key, { usage: [usageOf(2n, older)], wallets: [walletOf(45n, older)] });
    const late = { version: older, limit: 7n, usage: [usageOf(3n, older)], wallets: [walletOf(45n, older)] };
    await cache.write([snapshotOf(key.customerId, late)]);
    expect([await limitOf(key), await usedOf(key), await balanceOf(key)]).toEqual([7n, 2n, 40n]);
  });

  it('converge to the newest of each part, whatever the order of the writes', async () => {
    const anyVersion = fc.record({
      epoch: fc.constantFrom('0190-a', '0190-b'),
      catalog: fc.integer({ min: 1, max: 11 }),
      revision: fc.integer({ min: 8, max: 11 }),
      validFrom: fc.constantFrom(0, 5, 1_767_225_600_000),
    });
    const write = fc.record({
      kind: fc.constantFrom('snapshot', 'usage', 'wallet', 'invalidate'),
      version: anyVersion,
    });
    const anyOrder = fc
      .array(write, { minLength: 2, maxLength: 7 })
      .chain((list) =>
        fc
          .shuffledSubarray(list, { minLength: list.length, maxLength: list.length })
          .map((shuffled) => ({ list, shuffled })),
      );
    // One version has one content.
    type Write = { kind: string; version: ReturnType<typeof versionOf> };
    const content = ({ version: { epoch, catalog, revision, validFrom } }: Write) =>
      BigInt(`${epoch.endsWith('b') ? 2 : 1}${catalog}0${revision}0${validFrom}`);
    const isNewer = (a: Write, b: Write) => {
      const [x, y] = [a.version, b.version];
      if (x.epoch !== y.epoch) return x.epoch > y.epoch;
      if (x.catalog !== y.catalog) return x.catalog > y.catalog;
      return x.revision === y.revision ? x.validFrom > y.validFrom : x.revision > y.revision;
    };
    const newest = (list: Write[]) =>
      list.reduce<Write | undefined>((best, item) => (best && !isNewer(item, best) ? best : item), undefined);
    await fc.assert(
      fc.asyncProperty(anyOrder, async ({ list, shuffled }) => {
        const key = customer();
        for (const item of shuffled) {
          const part = usageOf(content(item), item.version);
          const paid = walletOf(content(item), item.version);
          if (item.kind === 'wallet') await cache.writeNumbers(key, { usage: [], wallets: [paid] });
          else if (item.kind === 'usage') await cache.writeNumbers(key, { usage: [part], wallets: [] });
          else if (item.kind === 'invalidate') await cache.invalidate(key, item.version);
          else
            await cache.write([
              snapshotOf(key.customerId, {
                version: item.version,
                limit: content(item),
                usage: [part],
                wallets: [paid],
              }),
            ]);
        }
        const grants = newest(list.filter(({ kind }) => kind === 'snapshot'));
        const usage = newest(list.filter(({ kind }) => kind === 'snapshot' || kind === 'usage'));
        const wallet = newest(list.filter(({ kind }) => kind === 'snapshot' || kind === 'wallet'));
        expect(await limitOf(key)).toBe(grants && content(grants));
        if (grants) expect(await usedOf(key)).toBe(usage && content(usage));
        if (grants) expect(await balanceOf(key)).toBe(wallet && content(wallet));
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

describe('format numbers', () => {
  it('are in every payload', async () => {
    const key = customer();
    await cache.write([snapshotOf(key.customerId, { wallets: [walletOf(1n)] })]);
    const fields = await redis.hgetall(`{${prefix}:${key.customerId}}:customer`);
    const payloads = Object.entries(fields).filter(([field]) => field.startsWith('part:'));
    expect(payloads.map(([field]) => field).sort()).toEqual([
      'part:grants',
      'part:usage:feature-reports',
      'part:wallet:ai-credits',
    ]);
    for (const [, payload] of payloads) expect(JSON.parse(payload)).toMatchObject({ v: 2 });
  });

  it.each([
    ['a later format', JSON.stringify({ v: 3, value: {} })],
    ['no format', '{}'],
    ['no JSON', 'not json'],
    ['the right format and the wrong content', JSON.stringify({ v: 2, value: { entitlements: 7 } })],
  ])('that are %s make a miss, not an error, for grants, counters and wallets', async (_, payload) => {
    for (const field of ['part:grants', 'part:usage:feature-reports', 'part:wallet:ai-credits']) {
      const key = customer();
      await cache.write([snapshotOf(key.customerId, { wallets: [walletOf(1n)] })]);
      await redis.hset(`{${prefix}:${key.customerId}}:customer`, field, payload);
      expect(await readOne(key)).toBeUndefined();
    }
    expect(cache.errorCount).toBe(0);
  });
});

describe('the connection', () => {
  it('is left open when it was borrowed, and unchanged', async () => {
    const key = customer();
    const client = new Redis(url);
    await client.ping();
    const members = Object.keys(client).sort();
    const own = redisCache({ client, environmentPrefix: prefix, commandTimeoutMs: 5000 });
    await own.write([snapshotOf(key.customerId)]);
    expect(await readOne(key, own)).toBeDefined();
    expect(Object.keys(client).sort()).toEqual(members);
    await own.close();
    expect(await client.ping()).toBe('PONG');
    expect(client.listenerCount('close')).toBe(0);
    client.disconnect();
  });

  it('is closed when it was opened here, and what is asked afterwards is a miss', async () => {
    const own = redisCache({ ...settings, connectionName: `${prefix}-owned` });
    await own.read([customer()]);
    const names = async () => String(await redis.client('LIST'));
    expect(await names()).toContain(`${prefix}-owned`);
    await own.close();
    await own.close();
    await until(async () => !(await names()).includes(`${prefix}-owned`), 'the connection is gone');
    expect(await readOne(customer(), own)).toBeUndefined();
  });

  it('takes ioredis options as they are', async () => {
    const { hostname, port } = new URL(url);
    const key = customer();
    const own = redisCache({
      host: hostname,
      port: Number(port || 6379),
      db: 0,
      keyPrefix: 'x:',
      environmentPrefix: prefix,
      commandTimeoutMs: 5000,
    });
    await own.write([snapshotOf(key.customerId)]);
    expect(await readOne(key, own)).toBeDefined();
    const name = `x:{${prefix}:${key.customerId}}:customer`;
    expect(await redis.del(name)).toBe(1);
    await own.close();
  });

  it('sends a script again after Redis forgot it', async () => {
    const key = customer();
    await redis.script('FLUSH', 'SYNC');
    await cache.write([snapshotOf(key.customerId)]);
    expect(await readOne(key)).toBeDefined();
    expect(cache.errorCount).toBe(0);
  });
});
