import { describe, expect, it } from 'vitest';
import { effectiveEntitlement, entitlementAt, firstThen, mostGenerous, type ResetRule, scopeOf } from '../src/index.js';
import { entitlement, entitlementStage, feature, jan1, pair, snapshot, units } from './builders.js';

const monthly: ResetRule = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: jan1 };
const daily: ResetRule = { period: 'DAY', accordingTo: null, anchor: jan1 };

describe.each(['first', 'second'])('the better source given as the %s of two', (place) => {
  const merge = (better: ReturnType<typeof entitlement>, worse: ReturnType<typeof entitlement>) =>
    place === 'first' ? mostGenerous(better, worse) : mostGenerous(worse, better);

  it('wins with the higher limit and brings its reset rule', () => {
    const merged = merge(
      entitlement({ usageLimit: units(10), reset: daily }),
      entitlement({ usageLimit: units(9.999999), reset: monthly }),
    );
    expect(merged).toMatchObject({ usageLimit: units(10), reset: daily });
  });

  it('wins with unlimited usage over any number', () => {
    const merged = merge(
      entitlement({ usageLimit: null, hasUnlimitedUsage: true }),
      entitlement({ usageLimit: units(9_007_199_254) }),
    );
    expect(merged.hasUnlimitedUsage).toBe(true);
  });

  it('wins with a soft limit at an equal number', () => {
    expect(merge(entitlement({ hasSoftLimit: true }), entitlement()).hasSoftLimit).toBe(true);
  });

  it('loses nothing to a lower soft limit: the number counts first', () => {
    const merged = merge(
      entitlement({ usageLimit: units(5) }),
      entitlement({ usageLimit: units(4), hasSoftLimit: true }),
    );
    expect(merged).toMatchObject({ usageLimit: units(5), hasSoftLimit: false });
  });

  it('wins at an equal number when it costs no credits, and costs what the winner costs', () => {
    const creditRate = { currencyId: 'credits', amount: units(2), costFormula: null };
    const unlimited = { usageLimit: null, hasUnlimitedUsage: true };
    expect(merge(entitlement(unlimited), entitlement({ ...unlimited, creditRate })).creditRate).toBeNull();
    expect(merge(entitlement(), entitlement({ hasSoftLimit: true, creditRate })).creditRate).toBeNull();
    const merged = merge(entitlement({ ...unlimited, creditRate }), entitlement({ usageLimit: units(9) }));
    expect(merged.creditRate).toEqual(creditRate);
  });

  it('wins with a grant over a revocation, even one with the higher number', () => {
    const merged = merge(
      entitlement({ usageLimit: units(1) }),
      entitlement({ isGranted: false, usageLimit: units(100) }),
    );
    expect(merged).toMatchObject({ isGranted: true, usageLimit: units(1) });
  });

  it('gives all values that either source grants, once each', () => {
    const merged = merge(entitlement({ enumValues: ['csv', 'pdf'] }), entitlement({ enumValues: ['pdf', 'xlsx'] }));
    expect([...merged.enumValues].sort()).toEqual(['csv', 'pdf', 'xlsx']);
  });

  it('ends as soon as either source ends, and the other one goes on', () => {
    const lasting = entitlement({ usageLimit: units(1) });
    const ending = entitlement({ usageLimit: units(5), endsAt: jan1 });
    expect(merge(ending, lasting)).toEqual({ ...ending, afterwards: [entitlementStage({ usageLimit: units(1) })] });
    const longer = entitlement({ usageLimit: units(1), endsAt: jan1 + 1 });
    const merged = merge(ending, longer);
    expect(merged).toMatchObject({ usageLimit: units(5), endsAt: jan1, afterwards: [{ endsAt: jan1 + 1 }] });
    expect(entitlementAt(merged, jan1 - 1)).toEqual(merged);
    expect(entitlementAt(merged, jan1)).toEqual(longer);
    expect(entitlementAt(merged, jan1 + 1)).toBeUndefined();
  });

  it('leaves nothing behind when both sources end together', () => {
    const both = merge(entitlement({ usageLimit: units(5), endsAt: jan1 }), entitlement({ endsAt: jan1 }));
    expect(both).toEqual(entitlement({ usageLimit: units(5), endsAt: jan1 }));
  });

  it('is found again at each end, whatever else has been put together before', () => {
    const three = [units(9), units(7), units(5)].map((usageLimit, index) =>
      entitlement({ usageLimit, endsAt: index === 2 ? null : jan1 + index }),
    );
    const [first, second, third] = three as [(typeof three)[0], (typeof three)[0], (typeof three)[0]];
    const merged = merge(merge(third as never, first as never), second as never);
    expect(merged.usageLimit).toBe(units(9));
    expect(merged.afterwards.map(({ usageLimit, endsAt }) => [usageLimit, endsAt])).toEqual([
      [units(7), jan1 + 1],
      [units(5), null],
    ]);
  });
});

it('beats everything as long as it lasts, and then gives way to what is left', () => {
  const revoked = entitlement({ isGranted: false, usageLimit: null, endsAt: jan1 + 5 });
  const trial = entitlement({ usageLimit: units(9), endsAt: jan1 });
  const plan = entitlement({ usageLimit: units(4) });
  expect(firstThen(revoked, mostGenerous(trial, plan))).toEqual({
    ...revoked,
    afterwards: [entitlementStage({ usageLimit: units(4) })],
  });
  expect(firstThen(revoked, trial)).toEqual(revoked);
  const forEver = { ...revoked, endsAt: null };
  expect(firstThen(forEver, plan)).toEqual(forEver);
});

describe('a customer together with a resource', () => {
  const ofResource = entitlement({ usageLimit: units(5) });
  const ofCustomer = entitlement({ usageLimit: units(8) });
  const empty = snapshot([], [], {}, 'workspace-1');

  it('gives the best of both, and counts on the resource that is entitled', () => {
    const both = pair(snapshot([ofCustomer]), snapshot([ofResource], [], {}, 'workspace-1'));
    expect(effectiveEntitlement(both, 'feature-reports')?.usageLimit).toBe(units(8));
    expect(scopeOf(both, 'feature-reports')).toBe('resource');
  });

  it('falls back to the customer where the resource has none', () => {
    const one = pair(snapshot([ofCustomer]), empty);
    expect(effectiveEntitlement(one, 'feature-reports')?.usageLimit).toBe(units(8));
    expect(scopeOf(one, 'feature-reports')).toBe('customer');
  });

  it('knows nothing of a feature that neither has, whatever it is called', () => {
    for (const id of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(effectiveEntitlement(pair(snapshot([]), empty), id)).toBeUndefined();
    }
  });

  it('finds a feature called constructor', () => {
    const named = entitlement({ feature: feature({ featureId: 'constructor' }) });
    expect(effectiveEntitlement(pair(snapshot([named])), 'constructor')).toEqual(named);
  });
});
