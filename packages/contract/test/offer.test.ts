import { describe, expect, test } from 'vitest';
import { type Entitlement, type Offer, type Question, type Sold, wouldGrant } from '../src/index.js';
import { counter, entitlement, feature, jan1, snapshot, units, wallet } from './builders.js';

const onFree: Sold = { subscriptions: [{ planId: 'plan-free', addons: [] }], revokedFeatureIds: [] };

function plan(given: Entitlement[], over: Partial<Offer> = {}): Offer {
  const entitlements = given.map((one) => [one.feature.featureId, { entitlement: one, replaces: false }] as const);
  return {
    type: 'PLAN',
    id: 'plan-pro',
    displayName: 'Pro',
    isForResource: false,
    entitlements: new Map(entitlements),
    credits: new Map(),
    planIds: new Set(),
    dependencies: [],
    maxQuantity: null,
    ...over,
  };
}
const addon = (given: Entitlement[], over: Partial<Offer> = {}): Offer =>
  plan(given, { type: 'ADDON', id: 'addon-more', planIds: new Set(['plan-free']), ...over });

const reports: Question = { featureId: 'feature-reports', requestedUsage: units(1) };
/** A customer on Free who has used all of 3 reports. */
const usedUp = (sold: Sold | undefined = onFree) => ({
  customer: snapshot([entitlement()], [counter(3)], { sold }),
  resource: null,
});
const without = (sold: Sold = onFree) => ({ customer: snapshot([], [], { sold }), resource: null });
const kind = (featureType: 'BOOLEAN' | 'ENUM' | 'NUMBER', over: Partial<Entitlement> = {}) =>
  entitlement({ feature: feature({ featureId: 'f', featureType, meterType: 'None' }), usageLimit: null, ...over });

describe('a plan would grant', () => {
  test.each([
    ['a limit above what is used and asked for', { usageLimit: units(4) }, true],
    ['a limit that this request would pass', { usageLimit: units(3) }, false],
    ['no limit', { usageLimit: null, hasUnlimitedUsage: true }, true],
    ['a soft limit', { usageLimit: units(1), hasSoftLimit: true }, true],
  ])('usage with %s: %o is %s', (_, over, expected) => {
    expect(wouldGrant(plan([entitlement(over)]), usedUp(), reports, jan1)).toBe(expected);
  });

  test('usage by what is used of it so far, held and pending included, in shown units', () => {
    const pair = usedUp();
    const held = counter(3, { held: units(2), heldUntil: jan1 + 1_000 });
    const holding = { ...pair, customer: { ...pair.customer, usage: new Map([['feature-reports', held]]) } };
    const of = (limit: number) => plan([entitlement({ usageLimit: units(limit) })]);
    expect([5, 6].map((limit) => wouldGrant(of(limit), holding, reports, jan1))).toEqual([false, true]);
    const pending: Question = { ...reports, pendingUsage: units(4) };
    expect([7, 8].map((limit) => wouldGrant(of(limit), pair, pending, jan1))).toEqual([false, true]);
    const inTens = feature({ unitTransformation: { divide: 10, round: 'UP' } });
    const tens = plan([entitlement({ feature: inTens, usageLimit: units(1) })]);
    expect(wouldGrant(tens, pair, reports, jan1)).toBe(true);
  });

  test('a feature that the customer has nothing of, from nothing used', () => {
    expect(wouldGrant(plan([entitlement({ usageLimit: units(1) })]), without(), reports, jan1)).toBe(true);
    expect(wouldGrant(plan([]), without(), reports, jan1)).toBe(false);
  });

  test.each([
    ['a boolean', kind('BOOLEAN'), {}, true],
    ['enum values that are all there', kind('ENUM', { enumValues: ['a', 'b'] }), { requestedValues: ['b'] }, true],
    [
      'enum values of which one is missing',
      kind('ENUM', { enumValues: ['a'] }),
      { requestedValues: ['a', 'b'] },
      false,
    ],
    ['a number that is high enough', kind('NUMBER', { usageLimit: units(10) }), { atMost: units(10) }, true],
    ['a number that is too low', kind('NUMBER', { usageLimit: units(10) }), { atMost: units(11) }, false],
  ] as const)('%s', (_, given, asked, expected) => {
    expect(wouldGrant(plan([given]), without(), { featureId: 'f', ...asked }, jan1)).toBe(expected);
  });

  test('whoever has no subscription', () => {
    const pair = {
      customer: snapshot([], [], { hasActiveSubscription: false, sold: { ...onFree, subscriptions: [] } }),
    };
    expect(wouldGrant(plan([kind('BOOLEAN')]), { ...pair, resource: null }, { featureId: 'f' }, jan1)).toBe(true);
  });

  test('nothing to who has it already, or of whom it is not known', () => {
    const pro = { ...onFree, subscriptions: [{ planId: 'plan-pro', addons: [] }] };
    const more = plan([entitlement({ usageLimit: units(9) })]);
    expect([onFree, pro].map((sold) => wouldGrant(more, usedUp(sold), reports, jan1))).toEqual([true, false]);
    const unknown = { customer: snapshot([entitlement()], [counter(3)]), resource: null };
    expect(wouldGrant(more, unknown, reports, jan1)).toBe(false);
  });

  test('no feature that a promotional grant takes away', () => {
    const revoked = without({ ...onFree, revokedFeatureIds: ['f'] });
    expect(wouldGrant(plan([kind('BOOLEAN')]), revoked, { featureId: 'f' }, jan1)).toBe(false);
  });

  test('a resource only what belongs to resources, or to the customer as a whole', () => {
    const resource = snapshot([], [], { sold: { ...onFree, subscriptions: [] }, isResourceKnown: false }, 'site-1');
    const pair = without();
    const ofSites = plan([kind('BOOLEAN')], { isForResource: true });
    expect(wouldGrant(ofSites, pair, { featureId: 'f' }, jan1)).toBe(false);
    expect(wouldGrant(ofSites, { ...pair, resource }, { featureId: 'f' }, jan1)).toBe(true);
    expect(wouldGrant(plan([kind('BOOLEAN')]), { ...pair, resource }, { featureId: 'f' }, jan1)).toBe(true);
  });
});

describe('an add-on would grant', () => {
  test('what it adds to the plan, or gives in its place', () => {
    const more = (limit: number, replaces: boolean) => {
      const entitlements = new Map([
        ['feature-reports', { entitlement: entitlement({ usageLimit: units(limit) }), replaces }] as const,
      ]);
      return wouldGrant(addon([], { entitlements }), usedUp(), reports, jan1);
    };
    expect([more(1, false), more(3, true), more(4, true)]).toEqual([true, false, true]);
  });

  test('only with a plan that it goes with, beside what it needs, and up to its quantity', () => {
    const withAddons = (...addons: { addonId: string; quantity: number }[]): Sold => ({
      subscriptions: [{ planId: 'plan-free', addons }],
      revokedFeatureIds: [],
    });
    const given = [entitlement({ usageLimit: units(5) })];
    const grants = (over: Partial<Offer>, sold: Sold = onFree) =>
      wouldGrant(addon(given, over), usedUp(sold), reports, jan1);
    expect(grants({ planIds: new Set(['plan-team']) })).toBe(false);
    expect(grants({ dependencies: ['addon-base'] })).toBe(false);
    expect(grants({ dependencies: ['addon-base'] }, withAddons({ addonId: 'addon-base', quantity: 0 }))).toBe(false);
    expect(grants({ dependencies: ['addon-base'] }, withAddons({ addonId: 'addon-base', quantity: 1 }))).toBe(true);
    expect(grants({ maxQuantity: 2 }, withAddons({ addonId: 'addon-more', quantity: 1 }))).toBe(true);
    expect(grants({ maxQuantity: 2 }, withAddons({ addonId: 'addon-more', quantity: 2 }))).toBe(false);
    expect(grants({}, { ...onFree, subscriptions: [] })).toBe(false);
  });

  test('what the plan revokes, by standing alone', () => {
    const revoked = kind('BOOLEAN', { isGranted: false });
    const pair = { customer: snapshot([revoked], [], { sold: onFree }), resource: null };
    expect(wouldGrant(addon([kind('BOOLEAN')]), pair, { featureId: 'f' }, jan1)).toBe(true);
  });
});

describe('credits', () => {
  const five: Question = { currencyId: 'ai-credits', requestedCredits: units(5) };
  const withWallet = (balance: number, usagePeriodEnd: number | null) => ({
    customer: snapshot([], [], { sold: onFree }, null, [wallet(balance, { usagePeriodEnd })]),
    resource: null,
  });
  const credits = (amount: number, over: object = {}): Pick<Offer, 'credits'> => ({
    credits: new Map([['ai-credits', { amount: units(amount), hasSoftLimit: false, replaces: false, ...over }]]),
  });

  test('of an add-on come on top, unless it replaces those of the plan', () => {
    const pair = withWallet(3, jan1 + 1_000);
    expect([1, 2].map((amount) => wouldGrant(addon([], credits(amount)), pair, five, jan1))).toEqual([false, true]);
    expect(wouldGrant(addon([], credits(4, { replaces: true })), pair, five, jan1)).toBe(false);
  });

  test('of a plan take the place of what the last one gave in each period; what was bought stays, and so does a debt', () => {
    const grants = (amount: number, balance: number, usagePeriodEnd: number | null) =>
      wouldGrant(plan([], credits(amount)), withWallet(balance, usagePeriodEnd), five, jan1);
    expect([grants(4, 3, jan1 + 1_000), grants(5, 3, jan1 + 1_000)]).toEqual([false, true]);
    expect(grants(2, 3, null)).toBe(true);
    expect([grants(5, -1, null), grants(6, -1, null)]).toEqual([false, true]);
  });

  test('that may be overdrawn grant anything', () => {
    expect(wouldGrant(plan([], credits(1, { hasSoftLimit: true })), withWallet(0, null), five, jan1)).toBe(true);
  });

  test('pay for a feature that costs some', () => {
    const rate = { currencyId: 'ai-credits', amount: units(2), costFormula: null };
    const chat = entitlement({ usageLimit: null, hasUnlimitedUsage: true, creditRate: rate });
    const pair = {
      customer: snapshot([chat], [counter(0)], { sold: onFree }, null, [wallet(1, { usagePeriodEnd: null })]),
      resource: null,
    };
    expect(wouldGrant(addon([], credits(1)), pair, reports, jan1)).toBe(true);
    expect(wouldGrant(addon([], { credits: new Map() }), pair, reports, jan1)).toBe(false);
    expect(wouldGrant(plan([chat], credits(1)), pair, reports, jan1)).toBe(true);
  });
});
