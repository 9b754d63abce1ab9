import { describe, expect, test } from 'vitest';
import { approximateBytes, memoryCache } from '../src/memory-cache.js';
import { recentChanges } from '../src/recent-changes.js';
import { counter, grants, snapshot, version, wallet, wallets } from './snapshot-builders.js';

const acme = { customerId: 'acme', resourceId: null };
const stamp = { generation: 1, monotonicMs: 0 };
const roomy = 1_000_000;

describe('the memory cache', () => {
  test('keeps a customer apart from each of the resources', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot({ resourceId: 'site-1' }), stamp, undefined);
    expect(cache.get({ customerId: 'acme', resourceId: 'site-1' })).toBeDefined();
    expect(cache.get(acme)).toBeUndefined();
  });

  test('stays within its bytes, and lets go of what was not used for longest', () => {
    const size = approximateBytes(snapshot());
    const cache = memoryCache(Math.floor(size * 2.5));
    for (const customerId of ['first', 'second']) cache.store(snapshot({ customerId }), stamp, undefined);
    cache.get({ customerId: 'first', resourceId: null });
    cache.store(snapshot({ customerId: 'third' }), stamp, undefined);
    const isKept = (customerId: string) => cache.get({ customerId, resourceId: null }) !== undefined;
    expect({ first: isKept('first'), second: isKept('second'), third: isKept('third') }).toEqual({
      first: true,
      second: false,
      third: true,
    });
  });

  test('answers with a snapshot that is larger than all of it, and does not keep it', () => {
    const cache = memoryCache(10);
    expect(cache.store(snapshot(), stamp, undefined).snapshot.customerId).toBe('acme');
    expect(cache.get(acme)).toBeUndefined();
  });

  test('counts the texts of a snapshot', () => {
    const plain = approximateBytes(snapshot());
    const wordy = snapshot();
    const [item] = wordy.grants.entitlements.values();
    if (!item) throw new Error('no entitlement');
    const enumValues = ['x'.repeat(1_000)];
    expect(approximateBytes({ ...wordy, grants: grants([{ ...item, enumValues }]) }) - plain).toBe(2_000);
  });

  test('keeps the newer of each part', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot({}, [counter(5n, { version: version({ revision: 9 }) })]), stamp, undefined);
    const newer = grants(undefined, { version: version({ revision: 8 }) });
    const { snapshot: merged } = cache.store(snapshot({ grants: newer }, [counter(2n)]), stamp, undefined);
    expect(merged.usage.get('feature-reports')?.currentUsage).toBe(5_000_000n);
    expect(merged.grants.version.revision).toBe(8);
  });

  test('renews a counter of a cached customer only, and never by an older one', () => {
    const cache = memoryCache(roomy);
    cache.storeNumbers(acme, { usage: [counter(4n)], wallets: [] });
    expect(cache.get(acme)).toBeUndefined();
    cache.store(snapshot(), stamp, undefined);
    cache.storeNumbers(acme, { usage: [counter(4n, { version: version({ revision: 8 }) })], wallets: [] });
    cache.storeNumbers(acme, { usage: [counter(2n, { version: version({ revision: 6 }) })], wallets: [] });
    expect(cache.get(acme)?.snapshot.usage.get('feature-reports')?.currentUsage).toBe(4_000_000n);
  });

  test('renews a wallet like a counter, each by its own version', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot({ wallets: wallets(wallet(50n)) }), stamp, undefined);
    const older = counter(9n, { version: version({ revision: 6 }) });
    cache.storeNumbers(acme, { usage: [older], wallets: [wallet(40n, { version: version({ revision: 8 }) })] });
    cache.storeNumbers(acme, { usage: [], wallets: [wallet(45n)] });
    cache.store(snapshot({ wallets: wallets(wallet(50n)) }), stamp, undefined);
    const cached = cache.get(acme)?.snapshot;
    expect(cached?.wallets.get('ai-credits')?.balance).toBe(40_000_000n);
    expect(cached?.usage.get('feature-reports')?.currentUsage).toBe(1_000_000n);
  });

  test('counts wallets, and their texts', () => {
    const [bare, plain] = [snapshot(), snapshot({ wallets: wallets(wallet(1n)) })];
    const { currency } = wallet(1n);
    const wordy = wallet(1n, { currency: { ...currency, metadata: { ...currency.metadata, note: 'x'.repeat(996) } } });
    expect(approximateBytes(plain)).toBeGreaterThan(approximateBytes(bare) + 500);
    expect(approximateBytes(snapshot({ wallets: wallets(wordy) })) - approximateBytes(plain)).toBe(2_000);
  });

  test('keeps a notice when newer numbers come: they say nothing of grants', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot({ wallets: wallets(wallet(50n)) }), stamp, undefined);
    cache.notice(acme, version({ revision: 8 }));
    const ack = version({ revision: 9 });
    cache.storeNumbers(acme, { usage: [counter(2n, { version: ack })], wallets: [wallet(40n, { version: ack })] });
    expect(cache.get(acme)?.isOutdated).toBe(true);
    cache.notice(acme, version({ revision: 10 }));
    expect(cache.get(acme)?.isOutdated).toBe(true);
  });

  test('takes a notice that is older than numbers which have come already', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot({ wallets: wallets(wallet(50n)) }), stamp, undefined);
    const ack = version({ revision: 9 });
    cache.storeNumbers(acme, { usage: [counter(2n, { version: ack })], wallets: [wallet(40n, { version: ack })] });
    cache.notice(acme, version({ revision: 8 }));
    expect(cache.get(acme)?.isOutdated).toBe(true);
  });

  test('keeps a notice until newer grants have come', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot(), stamp, undefined);
    expect(cache.notice(acme, version({ revision: 8 }))).toBe(true);
    expect(cache.store(snapshot(), stamp, undefined).isOutdated).toBe(true);
    const newer = grants(undefined, { version: version({ revision: 8 }) });
    expect(cache.store(snapshot({ grants: newer }), stamp, undefined).isOutdated).toBe(false);
  });

  test('keeps a notice when newer grants come that are older than it', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot(), stamp, undefined);
    cache.notice(acme, version({ revision: 9 }));
    cache.notice(acme, version({ revision: 6 }));
    const between = grants(undefined, { version: version({ revision: 8 }) });
    expect(cache.store(snapshot({ grants: between }), stamp, undefined).isOutdated).toBe(true);
    const newest = grants(undefined, { version: version({ revision: 9 }) });
    expect(cache.store(snapshot({ grants: newest }), stamp, undefined).isOutdated).toBe(false);
  });

  test('takes no trust away from an entry when a copy comes that nobody watched', () => {
    const cache = memoryCache(roomy);
    cache.store(snapshot(), stamp, undefined);
    expect(cache.store(snapshot(), { generation: null, monotonicMs: 9 }, undefined).stamp).toEqual(stamp);
  });
});

describe('recent changes', () => {
  const newerCounter = counter(3n, { version: version({ revision: 8 }) });

  test('are applied to a snapshot that was on its way while they came', () => {
    const recent = recentChanges(10_000, () => 0);
    recent.numbers(acme, { usage: [newerCounter], wallets: [] });
    recent.numbers(acme, { usage: [counter(2n)], wallets: [] });
    recent.grants(acme, version({ revision: 8 }));
    recent.grants(acme, version({ revision: 6 }));
    const entry = memoryCache(roomy).store(snapshot(), stamp, recent.of(acme));
    expect(entry.snapshot.usage.get('feature-reports')?.currentUsage).toBe(3_000_000n);
    expect(entry.isOutdated).toBe(true);
  });

  test('are applied to wallets too, and a change of grants does not forget them', () => {
    const recent = recentChanges(10_000, () => 0);
    const newer = wallet(30n, { version: version({ revision: 9 }) });
    recent.numbers(acme, { usage: [newerCounter], wallets: [newer] });
    recent.numbers(acme, { usage: [], wallets: [wallet(60n, { version: version({ revision: 8 }) })] });
    recent.grants(acme, version({ revision: 8 }));
    const fetched = snapshot({ wallets: wallets(wallet(50n)) });
    const entry = memoryCache(roomy).store(fetched, stamp, recent.of(acme));
    expect(entry.snapshot.wallets.get('ai-credits')?.balance).toBe(30_000_000n);
    expect(entry.snapshot.usage.get('feature-reports')?.currentUsage).toBe(3_000_000n);
    expect(entry.isOutdated).toBe(true);
  });

  test('are those of the key alone', () => {
    const recent = recentChanges(10_000, () => 0);
    recent.numbers({ customerId: 'acme', resourceId: 'site-1' }, { usage: [newerCounter], wallets: [] });
    expect(recent.of(acme)).toBeUndefined();
  });

  test('are forgotten after their window', () => {
    const time = { now: 1 };
    const recent = recentChanges(10_000, () => time.now);
    recent.numbers(acme, { usage: [newerCounter], wallets: [] });
    time.now = 10_000;
    expect(recent.of(acme)).toBeDefined();
    time.now = 10_002;
    expect(recent.of(acme)).toBeUndefined();
  });

  test('are complete since the feed began, then since a window ago', () => {
    const time = { now: 1 };
    const recent = recentChanges(10_000, () => time.now);
    expect(recent.completeSince()).toBeUndefined();
    recent.readUpTo('start', true);
    for (; time.now < 9_000; time.now += 500) recent.readUpTo(`at ${time.now}`, false);
    expect(recent.completeSince()).toBe('start');
    time.now = 10_002;
    expect(recent.completeSince()).toBe('at 501');
    recent.readUpTo('anew', true);
    expect(recent.completeSince()).toBe('anew');
    time.now = 30_000;
    expect(recent.completeSince()).toBeUndefined();
  });

  test('are complete since after the last one that there was no more room for', () => {
    const time = { now: 1 };
    const recent = recentChanges(10_000, () => time.now);
    const tell = (from: number, to: number) => {
      for (let count = from; count < to; count++) {
        recent.grants({ customerId: `customer-${count}`, resourceId: null }, version());
      }
    };
    recent.readUpTo('start', true);
    tell(0, 10);
    time.now = 1_001;
    recent.readUpTo('after ten', false);
    tell(10, 10_000);
    expect(recent.completeSince()).toBe('start');
    tell(10_000, 10_010);
    expect(recent.completeSince()).toBe('after ten');
    tell(10_010, 10_011);
    expect(recent.completeSince()).toBeUndefined();
    time.now = 2_001;
    recent.readUpTo('later', false);
    expect(recent.completeSince()).toBe('later');
    // What was forgotten in its time makes nothing incomplete.
    time.now = 20_000;
    recent.readUpTo('much later', false);
    tell(20_000, 25_000);
    expect(recent.completeSince()).toBe('much later');
  });
});
