import type { AccessDeniedReason } from '@tollgate/contract';
import { describe, expect, test } from 'vitest';
import { possibleDenials } from '../src/gate/possible-denials.js';
import { denialHeaders, problemCodeOf, problemKinds } from '../src/gate/problem.js';
import { quotaHeaders, withExposedHeaders } from '../src/gate/quota-headers.js';
import { defineRequirements, mergeHeader } from '../src/gate.js';

const metered = { type: 'METERED', hasReset: true, fitsWholeLimit: true } as const;
const day = 86_400_000;
const noon = Date.UTC(2026, 0, 15, 12);

describe('the code and status of a denial', () => {
  test.each<[AccessDeniedReason, number, string]>([
    ['NoFeatureEntitlementInSubscription', 403, 'feature-not-entitled'],
    ['EntitlementNotFound', 403, 'feature-not-entitled'],
    ['Revoked', 403, 'feature-not-entitled'],
    ['RequestedValuesMismatch', 403, 'feature-not-entitled'],
    ['CustomerNotFound', 403, 'customer-unknown'],
    ['CustomerResourceNotFound', 403, 'customer-unknown'],
    ['CustomerIsArchived', 403, 'customer-unknown'],
    ['NoActiveSubscription', 402, 'subscription-inactive'],
    ['InsufficientCredits', 402, 'credits-exhausted'],
    ['BudgetExceeded', 402, 'budget-exceeded'],
    ['RequestedUsageExceedingLimit', 429, 'quota-exceeded'],
    ['FeatureNotFound', 500, 'requirement-misconfigured'],
    ['FeatureTypeMismatch', 500, 'requirement-misconfigured'],
    ['Unknown', 503, 'state-unavailable'],
  ])('for %s are %i %s [http.1]', (reason, status, code) => {
    const actual = problemCodeOf({ reason, ...metered });
    expect([actual, problemKinds[actual].status]).toEqual([code, status]);
  });

  test('for a used-up limit are 403 limit-reached when time does not help', () => {
    const reason = 'RequestedUsageExceedingLimit';
    expect(problemCodeOf({ ...metered, reason, hasReset: false })).toBe('limit-reached');
    expect(problemCodeOf({ ...metered, reason, fitsWholeLimit: false })).toBe('limit-reached');
    expect(problemKinds['limit-reached'].status).toBe(403);
  });

  test('for a numeric value that is too small are 403 feature-not-entitled', () => {
    const code = problemCodeOf({ ...metered, type: 'NUMERIC', reason: 'RequestedUsageExceedingLimit' });
    expect(code).toBe('feature-not-entitled');
  });
});

describe('Retry-After', () => {
  const retryAfter = (code: Parameters<typeof denialHeaders>[0], resetAt: number | null): string | undefined =>
    denialHeaders(code, { now: noon, resetAt })['Retry-After'];

  test('counts the seconds to the reset, rounded up', () => {
    expect(retryAfter('quota-exceeded', noon + 90_001)).toBe('91');
    expect(retryAfter('quota-exceeded', noon + 3_600_000)).toBe('3600');
  });

  test('is left out beyond an hour [http.2]', () => {
    expect(retryAfter('quota-exceeded', noon + 3_600_001)).toBeUndefined();
    expect(retryAfter('quota-exceeded', noon + 16 * day)).toBeUndefined();
  });

  test('is given while the state is unknown, and never on 402 and 403 [http.2]', () => {
    expect(Number(retryAfter('state-unavailable', null))).toBeGreaterThan(0);
    for (const code of ['subscription-inactive', 'feature-not-entitled', 'limit-reached'] as const) {
      expect(retryAfter(code, noon + 1_000)).toBeUndefined();
    }
  });

  test('comes with no-store on every denial', () => {
    expect(denialHeaders('limit-reached', { now: noon, resetAt: null })).toEqual({
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
    });
  });
});

describe('quota headers', () => {
  const reports = {
    featureId: 'feature-reports',
    limit: 3,
    remaining: 1,
    periodStart: noon - 15 * day,
    resetAt: noon + 15 * day,
  };
  const seats = { featureId: 'feature-seats', limit: 2.5, remaining: 0.5, periodStart: null, resetAt: null };

  test('have one member per metered feature, in whole units and seconds [http.4]', () => {
    expect(quotaHeaders('draft-11', [reports, seats], noon)).toEqual({
      'RateLimit-Policy': '"feature-reports";q=3;w=2592000, "feature-seats";q=2',
      RateLimit: '"feature-reports";r=1;t=1296000, "feature-seats";r=0',
    });
  });

  test('in the older form tell of the limit with the least left [http.4]', () => {
    expect(quotaHeaders('x-ratelimit', [reports, seats], noon)).toEqual({
      'X-RateLimit-Limit': '2.5',
      'X-RateLimit-Remaining': '0.5',
    });
    expect(quotaHeaders('x-ratelimit', [reports], noon)['X-RateLimit-Reset']).toBe('1769774400');
  });

  test('are absent without a metered feature, and when switched off', () => {
    expect(quotaHeaders('draft-11', [], noon)).toEqual({});
    expect(quotaHeaders('none', [reports], noon)).toEqual({});
  });

  test('are exposed to a page on another origin, and to nobody else [http.4]', () => {
    const own = { 'Cache-Control': 'no-store', RateLimit: 'x', 'Retry-After': '5' };
    const headers = withExposedHeaders(own, 'https://page.example');
    expect(headers).toEqual({ ...own, 'Access-Control-Expose-Headers': 'RateLimit, Retry-After' });
    expect(withExposedHeaders(own, undefined)).toEqual(own);
    expect(withExposedHeaders({}, 'https://page.example')).toEqual({});
  });
});

describe('a header that is there already', () => {
  test('is joined with ours when it is a list, without doubles [http.4]', () => {
    expect(mergeHeader('RateLimit', '"a";r=1', '"b";r=2')).toBe('"a";r=1, "b";r=2');
    expect(mergeHeader('Access-Control-Expose-Headers', ['ETag', 'RateLimit'], 'RateLimit, Retry-After')).toBe(
      'ETag, RateLimit, Retry-After',
    );
  });

  test('is replaced when it is not', () => {
    expect(mergeHeader('Retry-After', '10', '5')).toBe('5');
  });
});

test('a key that runs or was used otherwise is among the possible answers of what is idempotent alone [http.6]', () => {
  const options = { denialStatus: {}, hideNotEntitled: false, onUnavailable: 'deny', shadow: false } as const;
  const ofKeys = (idempotent: boolean) =>
    possibleDenials(options, defineRequirements({ feature: 'f', usage: 1, idempotent })).filter(
      ({ status }) => status === 409 || status === 422,
    );
  expect(ofKeys(true)).toEqual([
    { status: 409, codes: ['idempotency-key-in-use'] },
    { status: 422, codes: ['idempotency-key-reused'] },
  ]);
  expect(ofKeys(false)).toEqual([]);
});
