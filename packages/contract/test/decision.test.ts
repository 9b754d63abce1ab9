import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Entitlement, type Question, type SnapshotPair, type UsagePart } from '../src/index.js';
import { counter, entitlement, entitlementStage, feature, jan1, pair, snapshot, units } from './builders.js';

const now = jan1 + 1000;
const ask = (over: Partial<Question> = {}): Question => ({ featureId: 'feature-reports', ...over });
const boolean = (over: Partial<Entitlement> = {}) =>
  entitlement({ feature: feature({ featureType: 'BOOLEAN', meterType: 'None' }), usageLimit: null, ...over });
const numeric = (over: Partial<Entitlement> = {}) => entitlement({ feature: feature({ meterType: 'None' }), ...over });
const choice = (enumValues: string[], over: Partial<Entitlement> = {}) =>
  entitlement({ feature: feature({ featureType: 'ENUM', meterType: 'None' }), usageLimit: null, enumValues, ...over });
const metered = (used: number | string, over: Partial<Entitlement> = {}, part: Partial<UsagePart> = {}): SnapshotPair =>
  pair(snapshot([entitlement(over)], [counter(used, part)]));
const verdict = (snapshots: SnapshotPair | undefined, question: Question = ask(), at = now) => {
  const { hasAccess, reason } = decide(snapshots, question, at);
  return hasAccess ? (reason ?? 'yes') : reason;
};

describe('the order in which reasons are given', () => {
  const unknownCustomer = { isCustomerKnown: false, isCustomerArchived: true, hasActiveSubscription: false };

  it('0: without data the reason is Unknown', () => {
    expect(verdict(undefined)).toBe('Unknown');
  });

  it('1: an unknown customer comes before everything else, even an entitlement', () => {
    expect(verdict(pair(snapshot([boolean()], [], unknownCustomer)))).toBe('CustomerNotFound');
  });

  it('2: an archived customer comes before its entitlements', () => {
    expect(verdict(pair(snapshot([boolean()], [], { isCustomerArchived: true })))).toBe('CustomerIsArchived');
  });

  it('3: an entitlement without any subscription still counts, as a promotional grant does', () => {
    expect(verdict(pair(snapshot([boolean()], [], { hasActiveSubscription: false })))).toBe('yes');
  });

  it('4: an unknown resource is the reason when nothing global covers the feature', () => {
    const resource = snapshot([], [], { isResourceKnown: false, hasActiveSubscription: false }, 'workspace-9');
    const noSubscription = { hasActiveSubscription: false };
    expect(verdict(pair(snapshot([], [], noSubscription), resource))).toBe('CustomerResourceNotFound');
    expect(verdict(pair(snapshot([]), resource))).toBe('CustomerResourceNotFound');
    expect(verdict(pair(snapshot([boolean()]), resource))).toBe('yes');
  });

  it('5a: without an active subscription the reason is NoActiveSubscription', () => {
    expect(verdict(pair(snapshot([], [], { hasActiveSubscription: false })))).toBe('NoActiveSubscription');
  });

  it('5b: with a subscription that lacks the feature, the feature is what is missing', () => {
    expect(verdict(pair(snapshot([])))).toBe('NoFeatureEntitlementInSubscription');
  });

  it('5b: a subscription of the resource is enough to be active', () => {
    const inactive = snapshot([], [], { hasActiveSubscription: false });
    expect(verdict(pair(inactive, snapshot([], [], {}, 'workspace-1')))).toBe('NoFeatureEntitlementInSubscription');
  });

  it.each(['constructor', '__proto__', 'toString'])(
    '5b: a feature called %s is missing like any other',
    (featureId) => {
      expect(verdict(pair(snapshot([boolean()])), ask({ featureId }))).toBe('NoFeatureEntitlementInSubscription');
    },
  );

  it('6: the wrong type comes before a revocation', () => {
    const revoked = pair(snapshot([boolean({ isGranted: false })]));
    expect(verdict(revoked, ask({ expectedType: 'METERED' }))).toBe('FeatureTypeMismatch');
    expect(verdict(revoked, ask({ expectedType: 'BOOLEAN' }))).toBe('Revoked');
  });

  it.each([
    ['BOOLEAN', boolean()],
    ['NUMERIC', numeric()],
    ['ENUM', choice(['csv'])],
    ['METERED', entitlement()],
  ] as const)('6: only a %s getter matches a feature of that type', (type, granted) => {
    const data = pair(snapshot([granted], [counter(0)]));
    for (const expectedType of ['BOOLEAN', 'NUMERIC', 'METERED', 'ENUM'] as const) {
      expect(verdict(data, ask({ expectedType }))).toBe(expectedType === type ? 'yes' : 'FeatureTypeMismatch');
    }
  });

  it('7: a revocation comes before values, numbers and usage', () => {
    expect(verdict(pair(snapshot([choice(['csv'], { isGranted: false })])), ask({ requestedValues: ['pdf'] }))).toBe(
      'Revoked',
    );
    expect(verdict(pair(snapshot([numeric({ isGranted: false })])), ask({ atMost: units(100) }))).toBe('Revoked');
    expect(verdict(metered(3, { isGranted: false }))).toBe('Revoked');
  });

  it('9: one requested value that is not granted is enough to deny', () => {
    const data = pair(snapshot([choice(['csv', 'pdf'])]));
    expect(verdict(data, ask({ requestedValues: ['csv', 'xlsx'] }))).toBe('RequestedValuesMismatch');
    expect(verdict(data, ask({ requestedValues: ['pdf', 'csv'] }))).toBe('yes');
    expect(verdict(data, ask({ requestedValues: [] }))).toBe('yes');
    expect(verdict(data)).toBe('yes');
  });

  it('9b: a needed value above the granted one is denied, at or below it allowed', () => {
    const data = pair(snapshot([numeric({ usageLimit: units(50) })]));
    expect(verdict(data, ask({ atMost: units('50.000001') }))).toBe('RequestedUsageExceedingLimit');
    expect(verdict(data, ask({ atMost: units(50) }))).toBe('yes');
    expect(verdict(data)).toBe('yes');
    const unlimited = pair(snapshot([numeric({ usageLimit: null, hasUnlimitedUsage: true })]));
    expect(verdict(unlimited, ask({ atMost: units(9_007_199_254) }))).toBe('yes');
  });

  it('11: a hard limit that is reached denies', () => {
    expect(verdict(metered(3))).toBe('RequestedUsageExceedingLimit');
  });

  it('12: otherwise there is access and no reason', () => {
    expect(decide(pair(snapshot([boolean()])), ask(), now)).toMatchObject({
      hasAccess: true,
      reason: null,
      type: 'BOOLEAN',
    });
  });
});

describe('metered comparison', () => {
  it.each([
    [2, undefined, 'yes'],
    [3, undefined, 'RequestedUsageExceedingLimit'],
    [4, undefined, 'RequestedUsageExceedingLimit'],
    ['2.999999', undefined, 'yes'],
    [2, 1, 'yes'],
    [2, '1.000001', 'RequestedUsageExceedingLimit'],
    [3, 0, 'yes'],
    [4, 0, 'RequestedUsageExceedingLimit'],
    [0, 3, 'yes'],
    [0, 4, 'RequestedUsageExceedingLimit'],
    [-2, 5, 'yes'],
    [-2, 6, 'RequestedUsageExceedingLimit'],
  ])('used %s of 3, asking for %s: %s', (used, requested, expected) => {
    const requestedUsage = requested === undefined ? undefined : units(requested);
    expect(verdict(metered(used), ask({ requestedUsage }))).toBe(expected);
  });

  it('counts what is pending as used, but does not show it', () => {
    const decision = decide(metered(1), ask({ requestedUsage: units(1), pendingUsage: units(2) }), now);
    expect(decision).toMatchObject({
      hasAccess: false,
      reason: 'RequestedUsageExceedingLimit',
      currentUsage: units(1),
    });
    expect(verdict(metered(1), ask({ requestedUsage: units(1), pendingUsage: units(1) }))).toBe('yes');
    expect(verdict(metered(1), ask({ pendingUsage: units(2) }))).toBe('RequestedUsageExceedingLimit');
  });

  it('reports a soft limit without enforcing it, and an unlimited one has no number', () => {
    const soft = decide(metered(7, { hasSoftLimit: true }), ask({ requestedUsage: units(5) }), now);
    expect(soft).toMatchObject({ hasAccess: true, reason: null, currentUsage: units(7), usageLimit: units(3) });
    const unlimited = decide(metered(7, { hasUnlimitedUsage: true, usageLimit: null }), ask(), now);
    expect(unlimited).toMatchObject({ hasAccess: true, usageLimit: null });
  });

  it('allows nothing where a limit was never filled in', () => {
    expect(verdict(metered(0, { usageLimit: null }))).toBe('RequestedUsageExceedingLimit');
    const value = pair(snapshot([numeric({ usageLimit: null })]));
    expect(verdict(value, ask({ atMost: units(1) }))).toBe('RequestedUsageExceedingLimit');
  });

  it('denies at once with a limit of 0', () => {
    expect(verdict(metered(0, { usageLimit: 0n }))).toBe('RequestedUsageExceedingLimit');
    expect(verdict(metered(0, { usageLimit: 0n }), ask({ requestedUsage: 0n }))).toBe('yes');
  });

  it('shows negative usage as 0', () => {
    expect(decide(metered(-2), ask(), now).currentUsage).toBe(0n);
  });

  it('does not take a missing counter for no usage', () => {
    expect(verdict(pair(snapshot([entitlement()])))).toBe('Unknown');
  });

  it("uses the counter of the resource that is entitled, and the customer's otherwise", () => {
    const customer = snapshot([entitlement()], [counter(3)]);
    const entitled = snapshot([entitlement()], [counter(1)], {}, 'workspace-1');
    expect(decide(pair(customer, entitled), ask(), now)).toMatchObject({ hasAccess: true, currentUsage: units(1) });
    const bare = snapshot([], [], {}, 'workspace-1');
    expect(decide(pair(customer, bare), ask(), now)).toMatchObject({ hasAccess: false, currentUsage: units(3) });
  });
});

describe('unit transformation', () => {
  // 1,000 tokens make one shown unit; the limit is 3 shown units.
  const per1000 = (round: 'UP' | 'DOWN') => ({ feature: feature({ unitTransformation: { divide: 1000, round } }) });

  it.each([
    ['UP', 0, 0],
    ['UP', 1, 1],
    ['UP', '0.000001', 1],
    ['UP', 1000, 1],
    ['UP', 1001, 2],
    ['DOWN', 999, 0],
    ['DOWN', 1000, 1],
    ['DOWN', '1999.999999', 1],
    ['UP', -500, 0],
  ] as const)('rounded %s, %s tokens show as %s', (round, used, shown) => {
    expect(decide(metered(used, per1000(round)), ask(), now).currentUsage).toBe(units(shown));
  });

  it.each([
    ['UP', 2000, undefined, 'yes'],
    ['UP', 2001, undefined, 'RequestedUsageExceedingLimit'],
    ['UP', 2500, 500, 'yes'],
    ['UP', 2500, 501, 'RequestedUsageExceedingLimit'],
    ['DOWN', 2999, undefined, 'yes'],
    ['DOWN', 3000, undefined, 'RequestedUsageExceedingLimit'],
    ['DOWN', 3000, 999, 'yes'],
    ['DOWN', 3000, 1000, 'RequestedUsageExceedingLimit'],
  ] as const)('rounded %s, %s tokens and %s more: %s', (round, used, requested, expected) => {
    const requestedUsage = requested === undefined ? undefined : units(requested);
    expect(verdict(metered(used, per1000(round)), ask({ requestedUsage }))).toBe(expected);
  });
});

describe('time', () => {
  const end = Date.UTC(2026, 1, 1);
  const reset = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: jan1 } as const;
  const used3 = metered(3, { reset }, { usagePeriodStart: jan1, usagePeriodEnd: end });

  it('counts a finished period as 0 in the next, from the very instant of its end', () => {
    expect(verdict(used3, ask(), end - 1)).toBe('RequestedUsageExceedingLimit');
    expect(decide(used3, ask(), end)).toMatchObject({
      hasAccess: true,
      currentUsage: 0n,
      usagePeriod: { start: end, end: Date.UTC(2026, 2, 1) },
    });
  });

  it('keeps the level of a feature without a reset, and shows no period', () => {
    expect(decide(metered(2), ask(), Date.UTC(2030, 0, 1))).toMatchObject({
      currentUsage: units(2),
      usagePeriod: null,
    });
  });

  it('starts the shown period where a plan transition began to count anew', () => {
    const moved = metered(1, { reset, usageCountsFrom: Date.UTC(2026, 0, 20) }, { usagePeriodEnd: end });
    expect(decide(moved, ask(), Date.UTC(2026, 0, 25)).usagePeriod).toEqual({ start: Date.UTC(2026, 0, 20), end });
    expect(decide(moved, ask(), Date.UTC(2026, 1, 5)).usagePeriod?.start).toBe(end);
  });

  it('knows nothing past the end of an entitlement', () => {
    const trial = pair(snapshot([boolean({ endsAt: now })]));
    expect(verdict(trial, ask(), now - 1)).toBe('yes');
    expect(verdict(trial, ask(), now)).toBe('Unknown');
  });

  it('goes on with what lasts longer, up to the last end', () => {
    const lasting = entitlementStage({ usageLimit: units(2), endsAt: now + 5 });
    const trial = metered(3, { usageLimit: units(10), endsAt: now, afterwards: [lasting] });
    expect(verdict(trial, ask(), now - 1)).toBe('yes');
    expect(verdict(trial, ask(), now)).toBe('RequestedUsageExceedingLimit');
    expect(verdict(trial, ask(), now + 5)).toBe('Unknown');
  });

  it('keeps what was counted when another rule of periods takes over in the middle of one', () => {
    const jan20 = Date.UTC(2026, 0, 20);
    const fromJan10 = { period: 'MONTH' as const, accordingTo: 'SubscriptionStart', anchor: Date.UTC(2026, 0, 10) };
    const lasting = entitlementStage({ reset: fromJan10 });
    const over = { usagePeriodStart: jan1, usagePeriodEnd: end };
    const trial = metered(3, { reset, usageLimit: units(10), endsAt: jan20, afterwards: [lasting] }, over);
    expect(verdict(trial, ask(), jan20)).toBe('RequestedUsageExceedingLimit');
    expect(verdict(trial, ask(), Date.UTC(2026, 1, 5))).toBe('RequestedUsageExceedingLimit');
    expect(verdict(trial, ask(), Date.UTC(2026, 1, 10))).toBe('yes');
  });
});

it('never throws, gives a reason exactly when it denies, and changes nothing', () => {
  const amount = fc.bigInt({ min: -9_007_199_254_000_000n, max: 9_007_199_254_000_000n });
  const anyEntitlement = fc.record({
    feature: fc
      .record({
        featureType: fc.constantFrom('BOOLEAN', 'NUMBER', 'ENUM'),
        meterType: fc.constantFrom('None', 'FLUCTUATING', 'INCREMENTAL'),
        unitTransformation: fc.option(
          fc.record({ divide: fc.integer({ min: 1, max: 5000 }), round: fc.constantFrom('UP', 'DOWN') }),
        ),
      })
      .map((over) => feature(over)),
    isGranted: fc.boolean(),
    usageLimit: fc.option(amount),
    hasUnlimitedUsage: fc.boolean(),
    hasSoftLimit: fc.boolean(),
    enumValues: fc.subarray(['csv', 'pdf']),
    reset: fc.option(
      fc.constantFrom(
        { period: 'DAY' as const, accordingTo: null, anchor: 0 },
        { period: 'MONTH' as const, accordingTo: 'SubscriptionStart', anchor: jan1 },
      ),
    ),
    usageCountsFrom: fc.option(fc.nat()),
    creditRate: fc.constant(null),
    endsAt: fc.option(fc.nat()),
    afterwards: fc.array(
      fc.option(fc.nat()).map((endsAt) => entitlementStage({ endsAt })),
      { maxLength: 2 },
    ),
  });
  const anySnapshot = fc
    .tuple(
      fc.option(anyEntitlement),
      fc.option(amount),
      fc.record({
        isCustomerKnown: fc.boolean(),
        isCustomerArchived: fc.boolean(),
        isResourceKnown: fc.boolean(),
        hasActiveSubscription: fc.boolean(),
      }),
    )
    .map(([entitled, used, grants]) =>
      snapshot(entitled ? [entitled] : [], used === null ? [] : [{ ...counter(0), currentUsage: used }], grants),
    );
  const anyQuestion = fc.record({
    featureId: fc.constantFrom('feature-reports', 'constructor'),
    expectedType: fc.option(fc.constantFrom('BOOLEAN', 'NUMERIC', 'METERED', 'ENUM'), { nil: undefined }),
    requestedUsage: fc.option(amount, { nil: undefined }),
    requestedValues: fc.option(fc.subarray(['csv', 'xlsx']), { nil: undefined }),
    atMost: fc.option(amount, { nil: undefined }),
    pendingUsage: fc.option(amount, { nil: undefined }),
  });
  fc.assert(
    fc.property(anySnapshot, fc.option(anySnapshot), anyQuestion, fc.nat(), (customer, resource, question, at) => {
      const before = structuredClone(customer);
      const decision = decide({ customer, resource }, question, at);
      expect(decision.hasAccess).toBe(decision.reason === null);
      expect(decision.currentUsage).toBeGreaterThanOrEqual(0n);
      expect(customer).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
