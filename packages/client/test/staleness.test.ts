import { describe, expect, test } from 'vitest';
import { higherKnown, isCurrent, isOutdated, isWatched, limitsOf } from '../src/staleness.js';
import {
  counter,
  entitlement,
  feature,
  grants,
  jan1,
  snapshot,
  version,
  wallet,
  wallets,
} from './snapshot-builders.js';

const known = { epoch: 'epoch-1', catalog: 3 };
const endless = { ...known, validUntil: Number.POSITIVE_INFINITY, isComplete: true };

describe('the limits of a snapshot', () => {
  test('are those of the part that ends first and was made under the lowest catalog number', () => {
    const parts = snapshot({ grants: grants(undefined, { validUntil: jan1 + 2_000 }) }, [
      counter(1n, { validUntil: jan1 + 1_000, version: version({ catalog: 2 }) }),
    ]);
    expect(limitsOf(parts)).toEqual({ epoch: 'epoch-1', catalog: 2, validUntil: jan1 + 1_000, isComplete: true });
  });

  test('are those of a wallet that ends first or was made under a lower catalog number', () => {
    const parts = snapshot({
      grants: grants(undefined, { validUntil: jan1 + 2_000 }),
      wallets: wallets(wallet(5n, { validUntil: jan1 + 500, version: version({ catalog: 1 }) })),
    });
    expect(limitsOf(parts)).toEqual({ epoch: 'epoch-1', catalog: 1, validUntil: jan1 + 500, isComplete: true });
    const earlier = wallet(5n, { version: version({ epoch: 'epoch-0' }) });
    expect(limitsOf(snapshot({ wallets: wallets(earlier) })).epoch).toBe('epoch-0');
  });

  test('leave out counters of features that are not granted any more', () => {
    const forgotten = counter(1n, { featureId: 'feature-old', validUntil: jan1 });
    expect(limitsOf(snapshot({}, [counter(1n), forgotten])).validUntil).toBe(Number.POSITIVE_INFINITY);
  });

  test('say that a metered entitlement without its counter is incomplete', () => {
    expect(limitsOf(snapshot({}, [])).isComplete).toBe(false);
  });

  test('ask no counter of an entitlement that is not metered', () => {
    const sso = entitlement({ feature: feature({ featureId: 'feature-sso', featureType: 'BOOLEAN' }) });
    expect(limitsOf(snapshot({ grants: grants([sso]) }, [])).isComplete).toBe(true);
  });
});

describe('a snapshot is current', () => {
  test('up to its last valid instant and not at it', () => {
    const limits = { ...endless, validUntil: jan1 };
    expect(isCurrent(limits, known, jan1 - 1)).toBe(true);
    expect(isCurrent(limits, known, jan1)).toBe(false);
  });

  test('at the known catalog number or above, and below it no more', () => {
    expect(isCurrent(endless, { ...known, catalog: 3 }, jan1)).toBe(true);
    expect(isCurrent(endless, { ...known, catalog: 2 }, jan1)).toBe(true);
    expect(isCurrent(endless, { ...known, catalog: 4 }, jan1)).toBe(false);
  });

  test('only in the epoch of the database that is there now', () => {
    expect(isCurrent(endless, { epoch: 'epoch-2', catalog: 1 }, jan1)).toBe(false);
  });

  test('never while it is incomplete', () => {
    expect(isCurrent({ ...endless, isComplete: false }, known, jan1)).toBe(false);
  });
});

describe('a snapshot is watched', () => {
  test('by the live feed under whose generation it was fetched', () => {
    const stamp = { generation: 2, monotonicMs: 0 };
    expect(isWatched(stamp, { generation: 2, isLive: true }, 1e9)).toBe(true);
    expect(isWatched(stamp, { generation: 2, isLive: false }, 1)).toBe(false);
    expect(isWatched(stamp, { generation: 3, isLive: true }, 1)).toBe(false);
  });

  test('by no feed when it was fetched while none was live', () => {
    expect(isWatched({ generation: null, monotonicMs: 0 }, { generation: 1, isLive: true }, 1)).toBe(false);
  });

  test('for 30 seconds without realtime updates', () => {
    const stamp = { generation: null, monotonicMs: 1_000 };
    expect(isWatched(stamp, null, 30_999)).toBe(true);
    expect(isWatched(stamp, null, 31_000)).toBe(false);
  });
});

test('grants are out of date below the version of a notice, and not at it', () => {
  expect(isOutdated(snapshot(), version({ revision: 8 }))).toBe(true);
  expect(isOutdated(snapshot(), version())).toBe(false);
  expect(isOutdated(snapshot(), undefined)).toBe(false);
});

test('the known catalog number rises within an epoch and starts again in a later one', () => {
  expect(higherKnown(known, { epoch: 'epoch-1', catalog: 4 })).toEqual({ epoch: 'epoch-1', catalog: 4 });
  expect(higherKnown(known, { epoch: 'epoch-1', catalog: 2 })).toEqual(known);
  expect(higherKnown(known, { epoch: 'epoch-2', catalog: 1 })).toEqual({ epoch: 'epoch-2', catalog: 1 });
  expect(higherKnown(known, { epoch: 'epoch-0', catalog: 9 })).toEqual(known);
});
