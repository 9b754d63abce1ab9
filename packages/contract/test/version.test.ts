import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, mergeSnapshots, newerPart, type Version } from '../src/index.js';
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
