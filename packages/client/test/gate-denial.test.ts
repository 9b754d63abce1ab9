import type { Entitlement, FeatureDescription, Snapshot, SnapshotPair, WalletPart } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { admittedEntitlement } from '../src/gate/admitted-entitlement.js';
import { type Assessment, assess, heldAssessment, refusedAssessment } from '../src/gate/assessment.js';
import { codeFor, denied } from '../src/gate/denial.js';
import { counterOf, pendingUsage } from '../src/gate/pending.js';
import type { Requirement } from '../src/gate.js';
import type { View } from '../src/gate-port.js';
import { askedFor } from './asked-builder.js';

const now = Date.UTC(2026, 0, 15, 12);
const version = { epoch: 'e1', catalog: 1, revision: 1, validFrom: now };
const options = {
  denialStatus: {},
  hideNotEntitled: false,
  upgradeUrl: 'https://example.com/upgrade',
  quotaHeaders: 'draft-11',
} as const;

const silent = { log: () => {}, debug: () => {}, error: () => {} };

const feature = (featureId: string, kind: Partial<FeatureDescription> = {}): FeatureDescription => ({
  featureId,
  displayName: featureId,
  featureType: 'NUMBER',
  meterType: 'INCREMENTAL',
  featureStatus: 'ACTIVE',
  unit: null,
  units: null,
  unitTransformation: null,
  hasEventMeter: false,
  ...kind,
});

const entitlement = (described: FeatureDescription, value: Partial<Entitlement> = {}): Entitlement => ({
  feature: described,
  isGranted: true,
  usageLimit: null,
  hasUnlimitedUsage: false,
  hasSoftLimit: false,
  enumValues: [],
  reset: null,
  usageCountsFrom: null,
  creditRate: null,
  endsAt: null,
  afterwards: [],
  ...value,
});

/** What one unit costs: 2 credits. */
const rate = (currencyId: string) => ({ currencyId, amount: 2_000_000n, costFormula: null });

/** 10 credits granted, 4 of them consumed. */
const wallet = (currencyId: string, held: bigint, hasSoftLimit = false): WalletPart => ({
  currency: {
    currencyId,
    displayName: 'AI credits',
    description: null,
    symbol: null,
    unit: null,
    units: null,
    metadata: {},
  },
  version,
  validUntil: null,
  endsAt: null,
  hasSoftLimit,
  balance: 6_000_000n,
  totalGranted: 10_000_000n,
  totalConsumed: 4_000_000n,
  held,
  heldUntil: now + 60_000,
  usagePeriodEnd: null,
});

const monthly = { period: 'MONTH', accordingTo: 'StartOfTheMonth', anchor: 0 } as const;

/** Acme: 3 reports a month, `used` of them gone; 5 seats that never reset; uploads up to 10; PDF exports; credits. */
function snapshots(used: bigint, held = 0n): SnapshotPair {
  const grants = [
    entitlement(feature('reports'), { usageLimit: 3_000_000n, reset: monthly }),
    entitlement(feature('seats', { meterType: 'FLUCTUATING' }), { usageLimit: 5_000_000n }),
    entitlement(feature('upload', { meterType: 'None' }), { usageLimit: 10_000_000n }),
    entitlement(feature('export', { featureType: 'ENUM', meterType: 'None' }), { enumValues: ['pdf'] }),
    entitlement(feature('calls'), { usageLimit: 3_000_000n, hasSoftLimit: true, reset: monthly }),
    entitlement(feature('free'), { hasUnlimitedUsage: true }),
    entitlement(feature('chat'), { hasUnlimitedUsage: true, creditRate: rate('ai') }),
    entitlement(feature('soft-chat'), { hasUnlimitedUsage: true, creditRate: rate('soft') }),
  ];
  const counter = (featureId: string) => ({
    featureId,
    version,
    validUntil: null,
    currentUsage: used,
    held,
    heldUntil: now + 60_000,
    usagePeriodStart: null,
    usagePeriodEnd: null,
  });
  const customer: Snapshot = {
    customerId: 'acme',
    resourceId: null,
    grants: {
      version,
      validUntil: null,
      isCustomerKnown: true,
      isCustomerArchived: false,
      isResourceKnown: true,
      hasActiveSubscription: true,
      entitlements: new Map(grants.map((item) => [item.feature.featureId, item])),
    },
    usage: new Map(['reports', 'seats', 'calls', 'free', 'chat', 'soft-chat'].map((id) => [id, counter(id)])),
    wallets: new Map([wallet('ai', held), wallet('soft', held, true)].map((part) => [part.currency.currencyId, part])),
  };
  return { customer, resource: null };
}

const view = (used: bigint, held = 0n): View => ({ snapshots: snapshots(used, held), now, source: 'cache' });
const judge = (requirement: Requirement<never>, used = 3_000_000n, pending = pendingUsage()): Assessment =>
  assess(askedFor(requirement), view(used), { pending, fallback: undefined });
const answer = (assessment: Assessment, more: object = {}) =>
  denied(
    { ...options, ...more },
    { code: codeFor(assessment), assessment, path: '/x', decisionId: 'd1', request: undefined, logger: silent },
  );

describe('a denial', () => {
  test('of a used-up monthly limit says how much, until when, and what would help [http.3]', () => {
    expect(answer(judge({ feature: 'reports', usage: 1 }))).toMatchObject({
      status: 429,
      reason: 'RequestedUsageExceedingLimit',
      customerId: 'acme',
      problem: {
        type: 'urn:tollgate:problem:quota-exceeded',
        title: 'The quota is used up',
        status: 429,
        detail: 'reports: 3 of 3 are used, and this request needs 1.',
        instance: '/x',
        code: 'quota-exceeded',
        reason: 'RequestedUsageExceedingLimit',
        featureId: 'reports',
        limit: 3,
        used: 3,
        requested: 1,
        remaining: 0,
        resetAt: '2026-02-01T00:00:00.000Z',
        retryable: true,
        'violated-policies': ['reports'],
        upgradeUrl: 'https://example.com/upgrade',
        decisionId: 'd1',
        source: 'cache',
      },
      headers: {
        'Content-Type': 'application/problem+json',
        'Cache-Control': 'no-store',
        'RateLimit-Policy': '"reports";q=3;w=2678400',
        RateLimit: '"reports";r=0;t=1425600',
      },
    });
  });

  test('names no customer to the caller [http.3]', () => {
    expect(JSON.stringify(answer(judge({ feature: 'reports', usage: 1 })).problem)).not.toContain('acme');
  });

  test('of a limit without a reset, or of more than the whole limit, is 403: time does not help', () => {
    const seats = answer(judge({ feature: 'seats', usage: 3 }));
    expect([seats.status, seats.problem.code, seats.problem.resetAt]).toEqual([403, 'limit-reached', null]);
    const tooMany = answer(judge({ feature: 'reports', usage: 4 }, 0n));
    expect([tooMany.status, tooMany.problem.code, tooMany.problem.retryable]).toEqual([403, 'limit-reached', false]);
  });

  test('of a value above the granted one carries both', () => {
    const { status, problem, headers } = answer(judge({ feature: 'upload', atMost: 11 }));
    expect([status, problem.code, problem.limit, problem.requested]).toEqual([403, 'feature-not-entitled', 10, 11]);
    expect(headers).not.toHaveProperty('RateLimit');
  });

  test('of the wrong kind is our own failure, not the customer’s', () => {
    const { status, problem } = answer(judge({ feature: 'export', usage: 1 }));
    expect([status, problem.code, problem.reason]).toEqual([500, 'requirement-misconfigured', 'FeatureTypeMismatch']);
    expect(problem).not.toHaveProperty('upgradeUrl');
  });

  test('that is hidden tells nothing that a missing path would not', () => {
    const hidden = answer(judge({ feature: 'export', values: 'docx' }), { hideNotEntitled: true });
    expect(hidden.status).toBe(404);
    expect(hidden.problem).toEqual({ type: 'about:blank', title: 'Not Found', status: 404, instance: '/x' });
  });

  test('takes the status that the application chose for its code', () => {
    const { status, problem } = answer(judge({ feature: 'reports', usage: 1 }), {
      denialStatus: { 'quota-exceeded': 403 },
    });
    expect([status, problem.status, problem.code]).toEqual([403, 403, 'quota-exceeded']);
  });
});

const counterOn = (featureId: string) =>
  counterOf({ customerId: 'acme', resourceId: null }, { featureId }, { snapshots: undefined, now: 0, source: 'cache' });

describe('an assessment', () => {
  test('counts what is pending as used, and knows when that alone stands in the way', () => {
    const pending = pendingUsage();
    pending.add(counterOn('reports'), 2_000_000n);
    const blocked = judge({ feature: 'reports', usage: 1 }, 1_000_000n, pending);
    expect([blocked.verdict, blocked.mayPassOnceSent]).toEqual(['denied', true]);
    expect(answer(blocked).problem).toMatchObject({ used: 3, remaining: 0, requested: 1 });
    const full = judge({ feature: 'reports', usage: 1 }, 3_000_000n, pending);
    expect([full.verdict, full.mayPassOnceSent]).toEqual(['denied', false]);
  });

  test('waits for what was given back before it denies for an amount, and for nothing else', () => {
    const pending = pendingUsage();
    const seats = pending.add(counterOn('seats'), -1_000_000n);
    const full = () => judge({ feature: 'seats', usage: 1 }, 5_000_000n, pending);
    expect([full().verdict, full().mayPassOnceSent]).toEqual(['denied', true]);
    expect(judge({ feature: 'seats', usage: 1 }, 4_000_000n, pending).verdict).toBe('granted');
    expect(judge({ feature: 'reports', usage: 4 }, 0n, pending).mayPassOnceSent).toBe(false);
    seats.release();
    expect(full().mayPassOnceSent).toBe(false);
  });

  test('never decides what is given back', () => {
    expect(judge({ feature: 'seats', usage: -1 }, 9_000_000n).verdict).toBe('granted');
    expect(judge({ feature: 'elsewhere', usage: -1 }).verdict).toBe('granted');
  });

  test('lets a soft limit be passed, and shows by how much', () => {
    const over = judge({ feature: 'calls', usage: 1 }, 7_000_000n);
    expect(over.verdict).toBe('granted');
    expect(admittedEntitlement(over)).toMatchObject({
      currentUsage: 7,
      usageLimit: 3,
      remaining: 0,
      hasSoftLimit: true,
      isFallback: false,
      source: 'cache',
    });
  });

  test('holds hard limits and credits, and meters what is never refused, unless told otherwise', () => {
    const mode = (requirement: Requirement<never>) => judge(requirement, 0n).mode;
    expect(mode({ feature: 'reports', usage: 1 })).toBe('reserve');
    expect(mode({ feature: 'chat', usage: 1 })).toBe('reserve');
    expect(mode({ currency: 'ai', usage: 1 })).toBe('reserve');
    expect(mode({ feature: 'calls', usage: 1 })).toBe('meter');
    expect(mode({ feature: 'free', usage: 1 })).toBe('meter');
    expect(mode({ feature: 'soft-chat', usage: 1 })).toBe('meter');
    expect(mode({ feature: 'reports', usage: -1 })).toBe('meter');
    expect(mode({ feature: 'reports', usage: 1, mode: 'meter' })).toBe('meter');
    expect(mode({ feature: 'calls', usage: 1, mode: 'reserve' })).toBe('reserve');
    expect(mode({ feature: 'reports' })).toBe('check');
    expect(mode({ currency: 'ai' })).toBe('check');
  });

  test('leaves it to the engine where only what is held stands in the way, but not in mode meter', () => {
    const judgeHeld = (requirement: Requirement<never>, used: bigint, held: bigint) =>
      assess(askedFor(requirement), view(used, held), { pending: pendingUsage(), fallback: undefined }).verdict;
    expect(judgeHeld({ feature: 'reports', usage: 1 }, 1_000_000n, 2_000_000n)).toBe('granted');
    expect(judgeHeld({ feature: 'reports', usage: 1, mode: 'meter' }, 1_000_000n, 2_000_000n)).toBe('denied');
    expect(judgeHeld({ feature: 'reports', usage: 1 }, 3_000_000n, 2_000_000n)).toBe('denied');
    expect(judgeHeld({ currency: 'ai', usage: 6 }, 0n, 1_000_000n)).toBe('granted');
    expect(judgeHeld({ currency: 'ai', usage: 7 }, 0n, 1_000_000n)).toBe('denied');
  });

  test('read again when the amount is held tells what others use, and what is left after this request', () => {
    const before = assess(askedFor({ feature: 'reports', usage: 1 }), view(0n), {
      pending: pendingUsage(),
      fallback: undefined,
    });
    // By now another request has used 1, and of the 2 that are held 1 is ours.
    const held = heldAssessment(before, view(1_000_000n, 2_000_000n), pendingUsage());
    expect(admittedEntitlement(held)).toMatchObject({ hasAccess: true, currentUsage: 2, usageLimit: 3, remaining: 0 });
    const credits = heldAssessment(judge({ currency: 'ai', usage: 1 }), view(0n, 2_000_000n), pendingUsage());
    // 4 consumed and 1 held by others; of 6 left 2 are held.
    expect(admittedEntitlement(credits)).toMatchObject({
      featureId: null,
      currencyId: 'ai',
      type: 'CREDIT',
      currentUsage: 5,
      usageLimit: 10,
      remaining: 4,
    });
  });

  test('refused by the engine answers as the cache would, with the engine’s reason and the newest numbers', () => {
    const before = judge({ feature: 'reports', usage: 1 }, 0n);
    const refused = refusedAssessment(
      before,
      'RequestedUsageExceedingLimit',
      view(1_000_000n, 2_000_000n),
      pendingUsage(),
    );
    expect(answer(refused)).toMatchObject({
      status: 429,
      problem: { code: 'quota-exceeded', limit: 3, used: 3, requested: 1, remaining: 0 },
    });
  });

  test('of credits that are used up is a 402 that says in credits what is there and what is needed', () => {
    const expected = { code: 'credits-exhausted', reason: 'InsufficientCredits', currencyId: 'ai', limit: 10, used: 4 };
    const direct = answer(judge({ currency: 'ai', usage: 7 }));
    expect(direct).toMatchObject({
      status: 402,
      problem: { ...expected, requested: 7, remaining: 6, retryable: false },
    });
    expect(direct.problem).not.toHaveProperty('featureId');
    expect(direct.headers).not.toHaveProperty('Retry-After');
    expect(direct.problem.detail).toBe('AI credits: 6 credits are left, and this request needs 7.');
    // 4 units at 2 credits each.
    const backed = answer(judge({ feature: 'chat', usage: 4 }, 0n));
    expect(backed).toMatchObject({
      status: 402,
      problem: { ...expected, featureId: 'chat', requested: 8, remaining: 6 },
    });
  });

  test('of an unknown state is granted by a configured fallback that covers the request, and by no other', () => {
    const unknown: View = { snapshots: undefined, now, source: 'fallback' };
    const verdict = (requirement: Requirement<never>, fallback?: object) =>
      assess(askedFor(requirement), unknown, { pending: pendingUsage(), fallback: fallback as never }).verdict;
    expect(verdict({ feature: 'reports', usage: 1 })).toBe('unknown');
    expect(verdict({ feature: 'reports', usage: 1 }, { hasAccess: false })).toBe('unknown');
    expect(verdict({ feature: 'reports', usage: 1 }, { hasAccess: true })).toBe('fallback');
    expect(verdict({ feature: 'export', values: 'pdf' }, { hasAccess: true, enumValues: ['pdf'] })).toBe('fallback');
    expect(verdict({ feature: 'export', values: 'docx' }, { hasAccess: true, enumValues: ['pdf'] })).toBe('unknown');
    expect(verdict({ feature: 'upload', atMost: 5 }, { hasAccess: true, value: 5 })).toBe('fallback');
    expect(verdict({ feature: 'upload', atMost: 6 }, { hasAccess: true, value: 5 })).toBe('unknown');
  });

  test('of an unknown state is a 503 that says it is no denial [http.8]', () => {
    const unknown: View = { snapshots: undefined, now, source: 'fallback' };
    const { status, problem, headers } = answer(
      assess(askedFor({ feature: 'reports' }), unknown, { pending: pendingUsage(), fallback: undefined }),
    );
    expect([status, problem.code, problem.retryable, problem.source]).toEqual([
      503,
      'state-unavailable',
      true,
      'fallback',
    ]);
    expect(headers).toHaveProperty('Retry-After');
  });
});
