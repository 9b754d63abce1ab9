import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, mergeSnapshots, newerPart, type Version, withNumbers } from '../src/index.js';
import { counter, entitlement, feature, snapshot, units, wallet } from './builders.js';

const base: Version = { epoch: 'b', catalog: 5, revision: 5, validFrom: 5 };

describe('compareVersions', () => {
  it.each([
    ['a later epoch beats everything after it', { epoch: 'c', catalog: 0, revision: 0, validFrom: 0 }],
    ['a higher catalog beats revision and instant', { epoch: 'b', catalog: 6, revision: 0, validFrom: 0 }],
    ['a higher revision beats the instant', { epoch: 'b', catalog: 5, revision: 6, validFrom: 0 }],
    ['a later instant wins among equals', { epoch: 'b', catalog: 5, revision: 5, validFrom: 6 }],
  ])('%s', (_, newer) => {
    expect(compareVersions(newer, base)).toBeGreaterThan(0);
    expect(compareVersions(base, newer)).toBeLessThan(0);
  });

  it('calls equal versions equal', () => {
    expect(compareVersions(base, { ...base })).toBe(0);
  });

  it('compares numbers as numbers: 10 is newer than 9', () => {
    expect(compareVersions({ ...base, revision: 10 }, { ...base, revision: 9 })).toBeGreaterThan(0);
  });
});

it('keeps the part that is there when both are equally new', () => {
  const [current, incoming] = [{ version: base }, { version: { ...base } }];
  expect(newerPart(current, incoming)).toBe(current);
  expect(newerPart(undefined, incoming)).toBe(incoming);
});

describe('mergeSnapshots', () => {
  const old = { ...base, revision: 4 };

  it('takes each part from whichever side has it newer, and keeps parts that one side lacks', () => {
    const seats = { featureId: 'feature-seats', version: base };
    const current = snapshot([entitlement()], [counter(2, { version: base }), counter(1, seats)], { version: old });
    const incoming = snapshot([], [counter(1, { version: old })], { version: base });
    const merged = mergeSnapshots(current, incoming);
    expect(merged.grants).toBe(incoming.grants);
    expect(merged.usage.get('feature-reports')?.currentUsage).toBe(units(2));
    expect(merged.usage.get('feature-seats')?.currentUsage).toBe(units(1));
  });

  it('changes neither argument', () => {
    const current = snapshot([], [], { version: old });
    const incoming = snapshot([entitlement()], [counter(1, { version: base })], { version: base });
    mergeSnapshots(current, incoming);
    expect(current.usage.size).toBe(0);
    expect(current.grants.version).toBe(old);
  });

  it('holds features named like members of every object', () => {
    const named = entitlement({ feature: feature({ featureId: 'constructor' }) });
    const merged = mergeSnapshots(
      snapshot([]),
      snapshot([named], [counter(1, { featureId: 'toString' })], { version: { ...base, epoch: 'z' } }),
    );
    expect([...merged.grants.entitlements.keys()]).toEqual(['constructor']);
    expect([...merged.usage.keys()]).toEqual(['toString']);
  });

  it('comes to the same end in whatever order snapshots arrive', () => {
    const versionArbitrary = fc.record({
      epoch: fc.constantFrom('a', 'b'),
      catalog: fc.nat(2),
      revision: fc.nat(3),
      validFrom: fc.nat(2),
    });
    // One version has one content, as it does when the engine makes it.
    const contentOf = (v: Version) => `${v.catalog}${v.revision}${v.validFrom}.${v.epoch === 'a' ? 1 : 2}`;
    const arrival = fc
      .tuple(versionArbitrary, versionArbitrary, versionArbitrary)
      .map(([grants, usage, credits]) =>
        snapshot(
          [entitlement({ usageLimit: units(contentOf(grants)) })],
          [counter(contentOf(usage), { version: usage })],
          { version: grants },
          null,
          [wallet(contentOf(credits), { version: credits })],
        ),
      );
    const cases = fc
      .array(arrival, { minLength: 1, maxLength: 6 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
      );
    fc.assert(
      fc.property(cases, ([list, shuffled]) => {
        const end = (items: typeof list) => items.slice(1).reduce(mergeSnapshots, items[0] as (typeof list)[0]);
        expect(end(shuffled)).toEqual(end(list));
      }),
    );
  });
});

describe('withNumbers', () => {
  const old = { ...base, revision: 4 };
  const newer = { ...base, revision: 6 };
  const current = snapshot([], [counter(2, { version: base })], {}, null, [wallet(50, { version: base })]);

  it('answers the same object where no part is newer', () => {
    expect(withNumbers(current, { usage: [], wallets: [] })).toBe(current);
    const parts = { usage: [counter(1, { version: old })], wallets: [wallet(60, { version: { ...base } })] };
    expect(withNumbers(current, parts)).toBe(current);
  });

  it.each([
    ['a counter', { usage: [counter(3, { version: newer })], wallets: [] }, 3, 50],
    ['a wallet', { usage: [], wallets: [wallet(40, { version: newer })] }, 2, 40],
    [
      'one of several, the first',
      { usage: [counter(3, { version: newer })], wallets: [wallet(60, { version: old })] },
      3,
      50,
    ],
  ])('answers another one where %s is newer, and leaves the first as it was', (_, parts, used, balance) => {
    const result = withNumbers(current, parts);
    expect(result).not.toBe(current);
    expect(result.usage.get('feature-reports')?.currentUsage).toBe(units(used));
    expect(result.wallets.get('ai-credits')?.balance).toBe(units(balance));
    expect(result.grants).toBe(current.grants);
    expect(current.usage.get('feature-reports')?.currentUsage).toBe(units(2));
    expect(current.wallets.get('ai-credits')?.balance).toBe(units(50));
  });

  it('answers another one where a part was not there', () => {
    const seats = counter(1, { featureId: 'feature-seats', version: old });
    const result = withNumbers(current, { usage: [seats], wallets: [] });
    expect([...result.usage.keys()]).toEqual(['feature-reports', 'feature-seats']);
    expect([...current.usage.keys()]).toEqual(['feature-reports']);
  });
});
