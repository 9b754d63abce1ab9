import type { SnapshotPair } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { CREDIT_DEFAULT_FALLBACK_ENTITLEMENT } from '../src/default-fallbacks.js';
import { entitlementReads } from '../src/entitlement-reads.js';
import type { EntitlementFallback } from '../src/fallback.js';
import { noHooks } from '../src/hooks.js';
import { entitlement, feature, grants, jan1, million, snapshot, wallet, wallets } from './snapshot-builders.js';

const feb1 = Date.UTC(2026, 1, 1);
const acme = { customerId: 'acme' };
const credits = { ...acme, currencyId: 'ai-credits' };

/** The getters over snapshots that are known, or not. */
function reads(
  snapshots: SnapshotPair | undefined,
  fallbacks: {
    features?: Record<string, EntitlementFallback>;
    credits?: Record<string, EntitlementFallback>;
    fallbackOnMissingEntitlement?: boolean;
  } = {},
) {
  const logged: string[] = [];
  const log = (message: string, detail?: unknown) => logged.push(`${message} ${detail ?? ''}`);
  return {
    logged,
    ...entitlementReads({
      view: async () => ({ snapshots, now: jan1, source: snapshots ? 'cache' : 'fallback' }),
      logger: { log, debug: log, error: log },
      hooks: noHooks,
      monotonic: () => {
        throw new Error('nobody watches, so nobody asks how long it takes');
      },
      fallbacks: new Map(Object.entries(fallbacks.features ?? {})),
      creditFallbacks: new Map(Object.entries(fallbacks.credits ?? {})),
      fallbackOnMissingEntitlement: fallbacks.fallbackOnMissingEntitlement ?? false,
    }),
  };
}

const owning = (...owned: Parameters<typeof wallets>): SnapshotPair => ({
  customer: snapshot({ wallets: wallets(...owned) }),
  resource: null,
});

describe('a credit entitlement', () => {
  test('has the numbers, the currency and what is due', async () => {
    const part = wallet(70n, {
      usagePeriodEnd: feb1,
      validUntil: feb1,
      endsAt: feb1,
      held: 5n * million,
      heldUntil: feb1,
    });
    expect(await reads(owning(part)).credit(credits)).toEqual({
      type: 'CREDIT',
      hasAccess: true,
      isFallback: false,
      accessDeniedReason: null,
      currency: {
        currencyId: 'ai-credits',
        displayName: 'AI credits',
        units: { singular: 'credit', plural: 'credits' },
        unitSingular: 'credit',
        unitPlural: 'credits',
        metadata: { team: 'ai' },
      },
      currentBalance: 70,
      totalGranted: 100,
      totalConsumed: 30,
      usageLimit: 100,
      currentUsage: 30,
      hasSoftLimit: false,
      usagePeriodEnd: new Date(feb1),
      validUntil: new Date(feb1),
    });
  });

  test('leaves out what a wallet or a currency has not', async () => {
    const { currency } = wallet(1n);
    const bare = wallet(1n, {
      currency: { ...currency, unit: null, units: null, symbol: '◎', description: 'For models' },
    });
    const answer = await reads(owning(bare)).credit(credits);
    expect(answer.currency).toEqual({
      currencyId: 'ai-credits',
      displayName: 'AI credits',
      symbol: '◎',
      description: 'For models',
      metadata: { team: 'ai' },
    });
    expect(Object.keys(answer)).not.toContain('usagePeriodEnd');
    expect(Object.keys(answer)).not.toContain('validUntil');
  });

  test('says whether so many credits would be there', async () => {
    const { credit } = reads(owning(wallet(3n)));
    const asking = async (requestedUsage: number | string) =>
      (await credit({ ...credits, options: { requestedUsage } })).accessDeniedReason;
    expect([await asking(3), await asking('3.000001')]).toEqual([null, 'InsufficientCredits']);
  });

  test('of an unknown currency is a no, and no fallback, unless that is asked for', async () => {
    const gold = { ...acme, currencyId: 'gold' };
    const configured = { credits: { gold: { hasAccess: true } } };
    const missing = {
      hasAccess: false,
      isFallback: false,
      accessDeniedReason: 'EntitlementNotFound',
      currentBalance: 0,
    };
    expect(await reads(owning(), configured).credit(gold)).toMatchObject(missing);
    const asked = reads(owning(), { ...configured, fallbackOnMissingEntitlement: true });
    expect(await asked.credit(gold)).toMatchObject({ hasAccess: true, isFallback: true });
    expect(await asked.credit({ ...acme, currencyId: 'silver' })).toMatchObject(missing);
  });

  test('is a fallback while nothing is known, and past the end of the wallet', async () => {
    const configured = { credits: { 'ai-credits': { hasAccess: true, usageLimit: 9 } } };
    for (const known of [undefined, owning(wallet(50n, { endsAt: jan1 }))]) {
      expect(await reads(known, configured).credit(credits)).toMatchObject({
        hasAccess: true,
        isFallback: true,
        currentBalance: 9,
      });
      expect(await reads(known).credit(credits)).toEqual(CREDIT_DEFAULT_FALLBACK_ENTITLEMENT);
    }
  });

  test.each([
    ['no customer', { currencyId: 'ai-credits' }],
    ['no currency', acme],
    ['a feature', { ...acme, featureId: 'feature-reports' }],
    ['a negative amount', { ...credits, options: { requestedUsage: -1 } }],
    ['values', { ...credits, options: { requestedValues: ['csv'] } }],
    ['nothing', undefined],
  ])('asked for with %s is a fallback, and logged', async (_, params) => {
    const { credit, logged } = reads(owning(wallet(50n)));
    expect(await credit(params as never)).toEqual(CREDIT_DEFAULT_FALLBACK_ENTITLEMENT);
    expect(logged).toHaveLength(1);
  });
});

describe('an entitlement to either', () => {
  const known: SnapshotPair = owning(wallet(50n));

  test('is of the feature or of the currency that was asked for', async () => {
    const { anyV2 } = reads(known);
    expect((await anyV2({ ...acme, featureId: 'feature-reports', options: { requestedUsage: 2 } })).type).toBe(
      'METERED',
    );
    expect((await anyV2({ ...credits, options: { requestedUsage: 50 } })).type).toBe('CREDIT');
    expect((await anyV2({ ...credits, featureId: undefined } as never)).hasAccess).toBe(true);
    expect((await anyV2({ ...acme, featureId: 'feature-reports', currencyId: undefined } as never)).hasAccess).toBe(
      true,
    );
  });

  test.each([
    ['both', { ...credits, featureId: 'feature-reports' }],
    ['neither', acme],
    ['nothing at all', undefined],
  ])('with %s given is the fallback, logged and not thrown', async (_, params) => {
    const { anyV2, logged } = reads(known);
    const answer = { hasAccess: false, isFallback: true, accessDeniedReason: 'Unknown' };
    expect(await anyV2(params as never)).toEqual({ type: 'BOOLEAN', ...answer });
    expect(logged).toHaveLength(1);
  });

  test("with both given takes the call's own fallback first, then the feature's", async () => {
    const { anyV2 } = reads(known, { features: { 'feature-reports': { hasAccess: true, usageLimit: 4 } } });
    const both = { ...credits, featureId: 'feature-reports' };
    expect(await anyV2(both)).toMatchObject({ type: 'METERED', isFallback: true, usageLimit: 4 });
    expect(await anyV2({ ...both, options: { fallback: { hasAccess: true, value: 7 } } })).toMatchObject({
      type: 'NUMERIC',
      isFallback: true,
      value: 7,
    });
  });
});

describe('the whole state', () => {
  const silent = grants([], { hasActiveSubscription: false });
  const types = ({ entitlements }: { entitlements: { type: string }[] }) => entitlements.map(({ type }) => type);

  test('has features and credits, of the customer and of the resource; the older form has features alone', async () => {
    const gold = wallet(1n, { currency: { ...wallet(1n).currency, currencyId: 'gold' } });
    const pair = {
      customer: snapshot({ wallets: wallets(wallet(50n)) }),
      resource: snapshot({ resourceId: 'site-1', wallets: wallets(gold, wallet(5n)) }),
    };
    const state = await reads(pair).stateV2('acme', 'site-1');
    expect(types(state)).toEqual(['METERED', 'CREDIT', 'CREDIT']);
    const balances = state.entitlements.flatMap((item) =>
      item.type === 'CREDIT' ? [[item.currency?.currencyId, item.currentBalance]] : [],
    );
    expect(balances).toEqual([
      ['ai-credits', 5],
      ['gold', 1],
    ]);
    expect(types(await reads(pair).state('acme', 'site-1'))).toEqual(['METERED']);
  });

  test('gives no reason where there are credits without a subscription; the older form does', async () => {
    const pair = { customer: snapshot({ grants: silent, wallets: wallets(wallet(0n)) }, []), resource: null };
    const state = await reads(pair).stateV2('acme');
    expect({ types: types(state), reason: state.accessDeniedReason }).toEqual({ types: ['CREDIT'], reason: null });
    expect(state.entitlements[0]).toMatchObject({ hasAccess: false, accessDeniedReason: 'InsufficientCredits' });
    expect(await reads(pair).state('acme')).toEqual({ entitlements: [], accessDeniedReason: 'NoActiveSubscription' });
  });

  test.each([
    [{ isCustomerKnown: false }, 'CustomerNotFound'],
    [{ isCustomerArchived: true }, 'CustomerIsArchived'],
    [{ hasActiveSubscription: false }, 'NoActiveSubscription'],
    [{}, null],
  ])('without anything in it: %o gives %s', async (over, reason) => {
    const pair = { customer: snapshot({ grants: grants([], over) }, []), resource: null };
    expect(await reads(pair).stateV2('acme')).toEqual({ entitlements: [], accessDeniedReason: reason });
  });

  test('leaves out a wallet of which nothing is known any more', async () => {
    const sso = entitlement({
      feature: feature({ featureId: 'feature-sso', featureType: 'BOOLEAN', meterType: 'None' }),
    });
    const customer = snapshot({ grants: grants([sso]), wallets: wallets(wallet(9n, { endsAt: jan1 })) }, []);
    expect(types(await reads({ customer, resource: null }).stateV2('acme'))).toEqual(['BOOLEAN']);
  });
});
