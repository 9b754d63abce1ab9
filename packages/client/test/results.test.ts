import { decide } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import {
  BOOLEAN_DEFAULT_FALLBACK_ENTITLEMENT,
  ENUM_DEFAULT_FALLBACK_ENTITLEMENT,
  METERED_DEFAULT_FALLBACK_ENTITLEMENT,
  NUMERIC_DEFAULT_FALLBACK_ENTITLEMENT,
} from '../src/default-fallbacks.js';
import { entitlementOf, fallbackOf } from '../src/results.js';
import {
  counter,
  entitlement,
  feature,
  grants,
  jan1,
  million,
  snapshot,
  wallet,
  wallets,
} from './snapshot-builders.js';

const feb1 = Date.UTC(2026, 1, 1);
const jan10 = Date.UTC(2026, 0, 10);

function answer(item: ReturnType<typeof entitlement>, used: bigint, period: { start: number; end: number } | null) {
  const part = counter(used, { usagePeriodStart: period?.start ?? null, usagePeriodEnd: period?.end ?? null });
  const customer = snapshot({ grants: grants([item]) }, [part]);
  return decide({ customer, resource: null }, { featureId: item.feature.featureId }, jan10);
}

describe('a metered answer', () => {
  test('has the numbers, the feature and the running period', () => {
    const reset = { period: 'MONTH' as const, accordingTo: 'StartOfTheMonth', anchor: jan1 };
    const decision = answer(entitlement({ reset }), 2n, { start: jan1, end: feb1 });
    expect(entitlementOf(decision, { requestedUsage: 3n * million }, 'METERED')).toEqual({
      type: 'METERED',
      hasAccess: true,
      isFallback: false,
      accessDeniedReason: null,
      feature: {
        id: 'feature-reports',
        displayName: 'Reports',
        featureType: 'NUMBER',
        featureUnits: 'reports',
        featureStatus: 'ACTIVE',
      },
      currentUsage: 2,
      usageLimit: 3,
      isUnlimited: false,
      requestedUsage: 3,
      hasSoftLimit: false,
      resetPeriod: 'MONTH',
      resetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' },
      usagePeriodStart: new Date(jan1),
      usagePeriodEnd: new Date(feb1),
      usagePeriodAnchor: new Date(jan1),
      nextResetDate: new Date(feb1),
    });
  });

  test('of a feature that credits pay for has the rate and the flag of the wallet', () => {
    const rate = { currencyId: 'ai-credits', amount: 3n * million, costFormula: null };
    const paid = entitlement({ usageLimit: null, hasUnlimitedUsage: true, creditRate: rate });
    const customer = snapshot({ grants: grants([paid]), wallets: wallets(wallet(0n, { hasSoftLimit: true })) });
    const decision = decide({ customer, resource: null }, { featureId: 'feature-reports' }, jan10);
    expect(entitlementOf(decision, {})).toMatchObject({
      hasAccess: true,
      hasSoftLimit: true,
      creditRate: { currencyId: 'ai-credits', amount: 3 },
    });
    expect(Object.keys(entitlementOf(answer(entitlement(), 1n, null), {}))).not.toContain('creditRate');
    const byFormula = { ...rate, amount: null, costFormula: '1.1 * a' };
    expect(entitlementOf(answer(entitlement({ creditRate: byFormula }), 1n, null), {})).toMatchObject({
      hasAccess: false,
      accessDeniedReason: 'InsufficientCredits',
      creditRate: { currencyId: 'ai-credits', costFormula: '1.1 * a' },
    });
  });

  test('has no limit when unlimited, and no period when usage never resets', () => {
    const decision = answer(entitlement({ usageLimit: null, hasUnlimitedUsage: true }), 9n, null);
    const result = entitlementOf(decision, {}, 'METERED');
    expect(result).toMatchObject({ hasAccess: true, isUnlimited: true, currentUsage: 9 });
    expect(Object.keys(result)).not.toContain('usageLimit');
    expect(Object.keys(result)).not.toContain('usagePeriodEnd');
  });
});

test('a numeric answer has the value', () => {
  const decision = answer(
    entitlement({ feature: feature({ meterType: 'None' }), usageLimit: 25n * million }),
    0n,
    null,
  );
  expect(entitlementOf(decision, {}, 'NUMERIC')).toMatchObject({ type: 'NUMERIC', hasAccess: true, value: 25 });
});

test('an enum answer has the granted values and those that were asked for', () => {
  const formats = feature({ featureType: 'ENUM', meterType: 'None' });
  const decision = answer(entitlement({ feature: formats, enumValues: ['csv', 'pdf'] }), 0n, null);
  expect(entitlementOf(decision, { requestedValues: ['csv'] }, 'ENUM')).toMatchObject({
    type: 'ENUM',
    enumValues: ['csv', 'pdf'],
    requestedValues: ['csv'],
  });
});

test('without a getter of its own an answer takes the shape of the feature', () => {
  expect(entitlementOf(answer(entitlement(), 1n, null), {}).type).toBe('METERED');
});

test('what is denied is no fallback', () => {
  expect(entitlementOf(decide({ customer: snapshot(), resource: null }, { featureId: 'feature-x' }, jan1), {})).toEqual(
    {
      type: 'BOOLEAN',
      hasAccess: false,
      isFallback: false,
      accessDeniedReason: 'NoFeatureEntitlementInSubscription',
    },
  );
});

describe('a fallback', () => {
  test('without configuration is the exported default of its getter', () => {
    const none = { hasAccess: false };
    expect(fallbackOf(none, {}, 'BOOLEAN')).toEqual(BOOLEAN_DEFAULT_FALLBACK_ENTITLEMENT);
    expect(fallbackOf(none, {}, 'NUMERIC')).toEqual(NUMERIC_DEFAULT_FALLBACK_ENTITLEMENT);
    expect(fallbackOf(none, {}, 'METERED')).toEqual(METERED_DEFAULT_FALLBACK_ENTITLEMENT);
    expect(fallbackOf(none, {}, 'ENUM')).toEqual(ENUM_DEFAULT_FALLBACK_ENTITLEMENT);
  });

  test('that grants access has no reason to deny it', () => {
    expect(fallbackOf({ hasAccess: true, value: 5 }, {}, 'NUMERIC')).toEqual({
      type: 'NUMERIC',
      hasAccess: true,
      isFallback: true,
      accessDeniedReason: null,
      isUnlimited: false,
      value: 5,
    });
  });

  test.each([
    [{ hasAccess: true }, 'BOOLEAN'],
    [{ hasAccess: true, value: 1 }, 'NUMERIC'],
    [{ hasAccess: true, usageLimit: 1 }, 'METERED'],
    [{ hasAccess: true, isUnlimited: true }, 'METERED'],
    [{ hasAccess: true, enumValues: [] }, 'ENUM'],
  ])('of %o is of type %s where no getter says it', (fallback, type) => {
    expect(fallbackOf(fallback, {}).type).toBe(type);
  });
});
