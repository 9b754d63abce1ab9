import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  availableCredits,
  type CreditQuestion,
  creditCost,
  decide,
  type Entitlement,
  type FeatureQuestion,
  heldUsageAt,
  type Question,
  type SnapshotPair,
  type UsagePart,
  type WalletPart,
} from '../src/index.js';
import { counter, entitlement, feature, jan1, pair, snapshot, units, wallet } from './builders.js';

const now = jan1 + 1000;
const day = 86_400_000;
const inactive = { hasActiveSubscription: false };
const credits = (over: Partial<CreditQuestion> = {}): CreditQuestion => ({ currencyId: 'ai-credits', ...over });
const reports = (over: Partial<FeatureQuestion> = {}): FeatureQuestion => ({ featureId: 'feature-reports', ...over });
const verdict = (snapshots: SnapshotPair | undefined, question: Question, at = now) => {
  const { hasAccess, reason } = decide(snapshots, question, at);
  return hasAccess ? (reason ?? 'yes') : reason;
};
const owning = (...wallets: WalletPart[]): SnapshotPair => pair(snapshot([], [], inactive, null, wallets));

/** A feature without a limit of its own that is paid at 3 credits a piece. */
const paid = (over: Partial<Entitlement> = {}) =>
  entitlement({
    usageLimit: null,
    hasUnlimitedUsage: true,
    creditRate: { currencyId: 'ai-credits', amount: units(3), costFormula: null },
    ...over,
  });
const paying = (balance: number | string, over: Partial<WalletPart> = {}, own: Partial<Entitlement> = {}) =>
  pair(snapshot([paid(own)], [counter(0)], {}, null, [wallet(balance, over)]));

describe('a question about credits', () => {
  it.each([
    ['unknown', { isCustomerKnown: false }, 'CustomerNotFound'],
    ['archived', { isCustomerArchived: true }, 'CustomerIsArchived'],
  ])('1, 2: a customer who is %s comes before the wallet', (_, grants, reason) => {
    expect(verdict(pair(snapshot([], [], grants, null, [wallet(50)])), credits())).toBe(reason);
  });

  it('0: is Unknown without data', () => {
    expect(verdict(undefined, credits())).toBe('Unknown');
  });

  it('3: a currency that was granted is an entitlement, even without a subscription', () => {
    expect(decide(owning(wallet(50)), credits(), now)).toMatchObject({
      hasAccess: true,
      reason: null,
      type: 'CREDIT',
      hasSoftLimit: false,
      wallet: wallet(50),
    });
  });

  it('4: a currency that neither the unknown resource nor the customer has', () => {
    const resource = snapshot([], [], { isResourceKnown: false, ...inactive }, 'workspace-9');
    expect(verdict(pair(snapshot([]), resource), credits())).toBe('CustomerResourceNotFound');
    expect(verdict(pair(snapshot([], [], {}, null, [wallet(5)]), resource), credits())).toBe('yes');
  });

  it('5: a currency that was never granted', () => {
    expect(verdict(owning(), credits())).toBe('NoActiveSubscription');
    expect(verdict(pair(snapshot([])), credits())).toBe('EntitlementNotFound');
    const resource = snapshot([], [], {}, 'workspace-1');
    expect(verdict(pair(snapshot([], [], inactive), resource), credits())).toBe('EntitlementNotFound');
    expect(verdict(owning(wallet(5)), credits({ currencyId: 'toString' }))).toBe('NoActiveSubscription');
  });

  it.each([
    ['50', undefined, 'yes'],
    ['0.000001', undefined, 'yes'],
    ['0', undefined, 'InsufficientCredits'],
    ['-3', undefined, 'InsufficientCredits'],
    ['50', '50', 'yes'],
    ['50', '50.000001', 'InsufficientCredits'],
    ['0', '0', 'yes'],
    ['-1', '0', 'InsufficientCredits'],
  ])('10: a balance of %s, asked for %s: %s', (balance, requested, expected) => {
    const requestedCredits = requested === undefined ? undefined : units(requested);
    expect(verdict(owning(wallet(balance)), credits({ requestedCredits }))).toBe(expected);
  });

  it('10: what is pending in this process counts as spent', () => {
    const question = credits({ requestedCredits: units(4), pendingCredits: units(6) });
    expect(verdict(owning(wallet(10)), question)).toBe('yes');
    expect(verdict(owning(wallet('9.999999')), question)).toBe('InsufficientCredits');
    expect(verdict(owning(wallet(6)), credits({ pendingCredits: units(6) }))).toBe('InsufficientCredits');
  });

  it('10: what is held is not there to spend, until the hold runs out', () => {
    const held = owning(wallet(10, { held: units(7), heldUntil: now + 60_000 }));
    expect(verdict(held, credits({ requestedCredits: units(3) }))).toBe('yes');
    expect(verdict(held, credits({ requestedCredits: units(4) }))).toBe('InsufficientCredits');
    expect(verdict(held, credits({ requestedCredits: units(4) }), now + 59_999)).toBe('InsufficientCredits');
    expect(verdict(held, credits({ requestedCredits: units(10) }), now + 60_000)).toBe('yes');
    expect(availableCredits(wallet(10, { held: units(7), heldUntil: null }), now)).toBe(units(10));
  });

  it.each(['50', '0', '-20'])('12: a soft wallet says yes at a balance of %s, and says that it is soft', (balance) => {
    const decision = decide(
      owning(wallet(balance, { hasSoftLimit: true })),
      credits({ requestedCredits: units(999) }),
      now,
    );
    expect(decision).toMatchObject({ hasAccess: true, reason: null, hasSoftLimit: true });
  });

  it('is Unknown from the instant at which a grant begins or ends, hard or soft', () => {
    for (const hasSoftLimit of [false, true]) {
      const ending = owning(wallet(50, { endsAt: now, hasSoftLimit }));
      expect(verdict(ending, credits(), now - 1)).toBe('yes');
      expect(verdict(ending, credits(), now)).toBe('Unknown');
    }
  });

  it('rests on stale numbers as long as they have not ended', () => {
    expect(verdict(owning(wallet(50, { validUntil: now - day })), credits())).toBe('yes');
  });

  it("rests on the resource's wallet if it has one, else on the customer's", () => {
    const customer = snapshot([], [], {}, null, [wallet(50)]);
    const empty = snapshot([], [], {}, 'workspace-1', [wallet(0)]);
    const without = snapshot([], [], {}, 'workspace-2');
    expect(decide(pair(customer, empty), credits(), now)).toMatchObject({
      reason: 'InsufficientCredits',
      wallet: { balance: 0n },
    });
    expect(decide(pair(customer, without), credits(), now)).toMatchObject({
      reason: null,
      wallet: { balance: units(50) },
    });
    expect(
      verdict(pair(snapshot([], [], {}, null, [wallet(0)]), snapshot([], [], {}, 'w', [wallet(1)])), credits()),
    ).toBe('yes');
  });
});

describe('a feature that is paid by credits', () => {
  it.each([
    // 3 credits a piece: of 10 credits 3 pieces can be paid, of 12 four.
    [10, 3, 'yes'],
    [10, 4, 'InsufficientCredits'],
    [12, 4, 'yes'],
    [0, 0, 'yes'],
    [-1, 0, 'InsufficientCredits'],
  ])('10: a balance of %s and %s asked for: %s', (balance, requested, expected) => {
    expect(verdict(paying(balance), reports({ requestedUsage: units(requested) }))).toBe(expected);
  });

  it('10: without an amount asked for, anything above zero is enough', () => {
    expect(verdict(paying('0.000001'), reports())).toBe('yes');
    expect(verdict(paying(0), reports())).toBe('InsufficientCredits');
  });

  it('10: has nothing to pay with where there is no wallet', () => {
    const walletless = pair(snapshot([paid()], [counter(0)]));
    expect(decide(walletless, reports(), now)).toMatchObject({ reason: 'InsufficientCredits', wallet: null });
    expect(verdict(walletless, reports({ requestedUsage: units(1) }))).toBe('InsufficientCredits');
    expect(verdict(walletless, reports({ requestedUsage: 0n }))).toBe('yes');
  });

  it('10: what is pending is paid at the same rate', () => {
    const question = reports({ requestedUsage: units(2), pendingUsage: units(2) });
    expect(verdict(paying(12), question)).toBe('yes');
    expect(verdict(paying('11.999999'), question)).toBe('InsufficientCredits');
  });

  it('10: held credits pay for nothing else', () => {
    const held = paying(12, { held: units(6), heldUntil: now + 1 });
    expect(verdict(held, reports({ requestedUsage: units(2) }))).toBe('yes');
    expect(verdict(held, reports({ requestedUsage: units(3) }))).toBe('InsufficientCredits');
    expect(verdict(held, reports({ requestedUsage: units(3) }), now + 1)).toBe('yes');
  });

  it('10: with a formula for a rate, only an empty wallet stops', () => {
    const creditRate = { currencyId: 'ai-credits', amount: null, costFormula: '1.1 * a + 5 * b' };
    expect(verdict(paying('0.5', {}, { creditRate }), reports({ requestedUsage: units(1000) }))).toBe('yes');
    expect(verdict(paying(0, {}, { creditRate }), reports({ requestedUsage: units(1) }))).toBe('InsufficientCredits');
  });

  it.each([50, 0, -20])('12: copies the flag of a soft wallet, at a balance of %s', (balance) => {
    expect(decide(paying(balance, { hasSoftLimit: true }), reports({ requestedUsage: units(99) }), now)).toMatchObject({
      hasAccess: true,
      hasSoftLimit: true,
      reason: null,
    });
  });

  it('12: is hard where the wallet is hard, whatever flag the feature has', () => {
    expect(decide(paying(0, {}, { hasSoftLimit: true }), reports(), now)).toMatchObject({
      hasAccess: false,
      hasSoftLimit: false,
      reason: 'InsufficientCredits',
    });
  });

  it('10 before 11: credits that are missing are named before a limit of its own that is reached', () => {
    const own = { usageLimit: units(3), hasUnlimitedUsage: false };
    const used = (balance: number, over: Partial<WalletPart> = {}) =>
      pair(snapshot([paid(own)], [counter(3)], {}, null, [wallet(balance, over)]));
    const one = reports({ requestedUsage: units(1) });
    expect(verdict(used(0), one)).toBe('InsufficientCredits');
    expect(verdict(used(50), one)).toBe('RequestedUsageExceedingLimit');
    // The wallet may be overdrawn; the limit may not be passed, so the answer does not call itself soft.
    expect(decide(used(0, { hasSoftLimit: true }), one, now)).toMatchObject({
      reason: 'RequestedUsageExceedingLimit',
      hasSoftLimit: false,
    });
  });

  it('6, 7: the wrong type and a revocation come before credits', () => {
    expect(verdict(paying(0), reports({ expectedType: 'BOOLEAN' }))).toBe('FeatureTypeMismatch');
    expect(verdict(paying(0, {}, { isGranted: false }), reports())).toBe('Revoked');
  });

  it('is Unknown without its counter, and when the wallet has ended', () => {
    expect(verdict(pair(snapshot([paid()], [], {}, null, [wallet(50)])), reports())).toBe('Unknown');
    expect(verdict(paying(50, { endsAt: now }), reports())).toBe('Unknown');
  });

  it("is paid by the resource's wallet if it has one, else by the customer's", () => {
    const customer = snapshot([paid()], [counter(0)], {}, null, [wallet(50)]);
    const own = (balance: number) => snapshot([paid()], [counter(0)], {}, 'workspace-1', [wallet(balance)]);
    const none = snapshot([paid()], [counter(0)], {}, 'workspace-2');
    expect(verdict(pair(customer, own(0)), reports())).toBe('InsufficientCredits');
    expect(verdict(pair(customer, none), reports())).toBe('yes');
  });
});

describe('what usage costs', () => {
  it.each([
    ['3', '4', '12'],
    ['0.25', '0.000002', '0.000001'],
    ['0.25', '0.000001', '0'],
    ['0.000001', '0.5', '0.000001'],
    ['3', '-4', '-12'],
    // Half up is towards positive infinity.
    ['0.5', '-0.000001', '0'],
    ['0.5', '-0.000003', '-0.000001'],
  ])('%s a unit times %s is %s', (rate, usage, cost) => {
    expect(creditCost(units(rate), units(usage))).toBe(units(cost));
  });
});

describe('usage that is held', () => {
  const monthly = { period: 'MONTH' as const, accordingTo: 'StartOfTheMonth', anchor: jan1 };
  const feb1 = Date.UTC(2026, 1, 1);
  const holding = (over: Partial<UsagePart> = {}, own: Partial<Entitlement> = {}) =>
    pair(snapshot([entitlement(own)], [counter(1, { held: units(1), heldUntil: now + 60_000, ...over })]));

  it('11: counts as used until the hold runs out, and is not shown as used', () => {
    const question = reports({ requestedUsage: units(2) });
    expect(verdict(holding(), reports({ requestedUsage: units(1) }))).toBe('yes');
    expect(verdict(holding(), question)).toBe('RequestedUsageExceedingLimit');
    expect(verdict(holding(), question, now + 59_999)).toBe('RequestedUsageExceedingLimit');
    expect(verdict(holding(), question, now + 60_000)).toBe('yes');
    expect(decide(holding(), question, now).currentUsage).toBe(units(1));
    expect(verdict(holding({ held: units(2) }), reports())).toBe('RequestedUsageExceedingLimit');
  });

  it('11: is 0 in the next period', () => {
    const part = { held: units(2), heldUntil: feb1 + day, usagePeriodStart: jan1, usagePeriodEnd: feb1 };
    const snapshots = holding(part, { reset: monthly });
    const question = reports({ requestedUsage: units(3) });
    expect(verdict(snapshots, question, feb1 - 1)).toBe('RequestedUsageExceedingLimit');
    expect(verdict(snapshots, question, feb1)).toBe('yes');
    expect(heldUsageAt(entitlement({ reset: monthly }), counter(1, part), feb1)).toBe(0n);
    expect(heldUsageAt(entitlement({ reset: monthly }), counter(1, part), feb1 - 1)).toBe(units(2));
  });

  it('11: is divided and rounded together with what is used', () => {
    const own = {
      feature: feature({ unitTransformation: { divide: 1000, round: 'UP' as const } }),
      usageLimit: units(2),
    };
    const snapshots = pair(snapshot([entitlement(own)], [counter(600, { held: units(600), heldUntil: now + 1 })]));
    expect(verdict(snapshots, reports({ requestedUsage: units(800) }))).toBe('yes');
    expect(verdict(snapshots, reports({ requestedUsage: units(801) }))).toBe('RequestedUsageExceedingLimit');
  });

  it.each([{ hasUnlimitedUsage: true }, { hasSoftLimit: true }])('12: does not stop %o', (own) => {
    expect(verdict(holding({ held: units(99) }, own), reports({ requestedUsage: units(9) }))).toBe('yes');
  });
});

it('is total: whatever the wallets and questions, it answers without throwing or changing anything', () => {
  const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const instant = fc.option(fc.nat());
  const anyWallet = fc
    .record({ balance: amount, held: amount, heldUntil: instant, endsAt: instant, hasSoftLimit: fc.boolean() })
    .map((over) => wallet(0, over));
  const anyRate = fc.constantFrom(
    null,
    { currencyId: 'ai-credits', amount: units(3), costFormula: null },
    { currencyId: 'toString', amount: null, costFormula: 'a' },
  );
  const anySnapshot = fc
    .tuple(fc.option(anyWallet), fc.option(anyRate), fc.option(amount), fc.boolean(), fc.boolean())
    .map(([owned, rate, used, hasActiveSubscription, hasUnlimitedUsage]) =>
      snapshot(
        [entitlement({ creditRate: rate, hasUnlimitedUsage })],
        used === null ? [] : [counter(0, { currentUsage: used, held: used, heldUntil: 5 })],
        { hasActiveSubscription },
        null,
        owned ? [owned] : [],
      ),
    );
  const anyQuestion: fc.Arbitrary<Question> = fc.oneof(
    fc.record({
      currencyId: fc.constantFrom('ai-credits', 'constructor'),
      requestedCredits: fc.option(amount, { nil: undefined }),
      pendingCredits: fc.option(amount, { nil: undefined }),
    }),
    fc.record({
      featureId: fc.constantFrom('feature-reports'),
      requestedUsage: fc.option(amount, { nil: undefined }),
      pendingUsage: fc.option(amount, { nil: undefined }),
    }),
  );
  fc.assert(
    fc.property(anySnapshot, fc.option(anySnapshot), anyQuestion, fc.nat(), (customer, resource, question, at) => {
      const before = structuredClone(customer);
      const decision = decide({ customer, resource }, question, at);
      expect(decision.hasAccess).toBe(decision.reason === null);
      if (decision.hasSoftLimit) expect(decision.reason === null || decision.reason === 'Unknown').toBe(true);
      expect(customer).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
