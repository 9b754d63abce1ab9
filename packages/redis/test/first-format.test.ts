import { snapshotToWire, type Version } from '@tollgate/contract';
import { describe, expect, it } from 'vitest';
import { sortable } from '../src/entry.js';
import { cacheBench, snapshotOf, usageOf, versionOf, walletOf } from './redis-fixture.js';

const { prefix, redis, cache, customer, readOne, limitOf, usedOf, balanceOf, renew } = cacheBench();

/** An entry as the version before this one wrote it: no credits, no holds, and no format in the version. */
async function writeFirstFormat(customerId: string, version: Version, used = 1_000_000n): Promise<void> {
  const { grants, usage } = snapshotToWire(snapshotOf(customerId, { version, usage: [usageOf(used, version)] }));
  const [item] = grants.entitlements;
  const [counter] = usage;
  if (!item || !counter) throw new Error('a part is missing');
  const { creditRate: _rate, ...stage } = item;
  const { held: _held, heldUntil: _heldUntil, ...plain } = counter;
  const text = (value: object) => JSON.stringify({ v: 1, value });
  await redis.hset(`{${prefix}:${customerId}}:customer`, {
    'version:grants': sortable(version),
    'part:grants': text({ ...grants, entitlements: [{ ...stage, afterwards: [{ ...stage, afterwards: undefined }] }] }),
    'version:usage:feature-reports': sortable(version),
    'part:usage:feature-reports': text(plain),
    fetchedAt: '9',
  });
}

describe('an entry of the first format', () => {
  it('is read, as what may answer while the engine is away and is stale otherwise', async () => {
    const key = customer();
    await renew();
    await writeFirstFormat(key.customerId, versionOf());
    const snapshot = (await readOne(key))?.snapshot;
    expect(snapshot?.grants.entitlements.get('feature-reports')).toMatchObject({
      usageLimit: 3_000_000n,
      creditRate: null,
      afterwards: [{ creditRate: null }],
    });
    expect(snapshot?.usage.get('feature-reports')).toMatchObject({
      currentUsage: 1_000_000n,
      held: 0n,
      heldUntil: null,
    });
    expect(snapshot?.wallets.size).toBe(0);
    for (const part of [snapshot?.grants, snapshot?.usage.get('feature-reports')]) {
      // Past its own date, and older than whatever has the same revision.
      expect(part).toMatchObject({ validUntil: 0, version: versionOf({ validFrom: 0 }) });
    }
  });

  it('is replaced by what is fetched anew under the same version, and does not come back', async () => {
    const key = customer();
    await writeFirstFormat(key.customerId, versionOf());
    await cache.write([snapshotOf(key.customerId, { limit: 7n, wallets: [walletOf(5n)] })]);
    expect([await limitOf(key), await balanceOf(key)]).toEqual([7n, 5n]);
    expect((await readOne(key))?.snapshot).toEqual(snapshotOf(key.customerId, { limit: 7n, wallets: [walletOf(5n)] }));
  });

  it('replaces nothing that is newer, part by part', async () => {
    const key = customer();
    await writeFirstFormat(key.customerId, versionOf({ revision: 9 }), 4n);
    await cache.write([snapshotOf(key.customerId, { limit: 7n, wallets: [walletOf(5n)] })]);
    expect([await limitOf(key), await usedOf(key), await balanceOf(key)]).toEqual([3_000_000n, 4n, 5n]);
  });
});
