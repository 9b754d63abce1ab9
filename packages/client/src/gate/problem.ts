import { type AccessDeniedReason, type EntitlementType } from '@tollgate/contract';
import type { AvailableIn, ProblemCode, Source } from './gate-words.js';

export type { ProblemCode } from './gate-words.js';

interface ProblemKind {
  status: number;
  title: string;
  /** Whether the same request may pass later without anybody changing anything. */
  isRetryable: boolean;
}

/** Every code with its usual status. */
export const problemKinds: Readonly<Record<ProblemCode, ProblemKind>> = Object.freeze({
  'feature-not-entitled': { status: 403, title: 'The plan does not include this', isRetryable: false },
  'customer-unknown': { status: 403, title: 'The customer is not known', isRetryable: false },
  'subscription-inactive': { status: 402, title: 'There is no active subscription', isRetryable: false },
  'credits-exhausted': { status: 402, title: 'The credits are used up', isRetryable: false },
  'budget-exceeded': { status: 402, title: 'The budget is used up', isRetryable: false },
  'quota-exceeded': { status: 429, title: 'The quota is used up', isRetryable: true },
  'limit-reached': { status: 403, title: 'The limit is reached', isRetryable: false },
  'requirement-misconfigured': { status: 500, title: 'The check on this route is misconfigured', isRetryable: false },
  'state-unavailable': { status: 503, title: 'Entitlements cannot be checked right now', isRetryable: true },
  'customer-missing': { status: 401, title: 'The request names no customer', isRetryable: false },
  'idempotency-key-in-use': { status: 409, title: 'The same request is still running', isRetryable: true },
  'idempotency-key-reused': { status: 422, title: 'The key was used for another request', isRetryable: false },
});

/** An RFC 9457 problem with our members. Amounts are shown units, or credits; what does not apply is left out. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  code?: ProblemCode;
  reason?: AccessDeniedReason;
  featureId?: string;
  currencyId?: string;
  limit?: number;
  used?: number;
  requested?: number;
  remaining?: number;
  /** ISO 8601, or null for a limit that never resets. In every denial of a metered limit. */
  resetAt?: string | null;
  retryable?: boolean;
  'violated-policies'?: string[];
  /** The published plans and add-ons that would have let the request in, the cheapest first; left out where there is none. */
  availableIn?: AvailableIn[];
  upgradeUrl?: string;
  decisionId?: string;
  source?: Source;
}

/** What a reason has to be known of to find its code. */
export interface DeniedBecause {
  reason: AccessDeniedReason;
  type: EntitlementType | null;
  hasReset: boolean;
  /** Whether the request would fit if nothing had been used. */
  fitsWholeLimit: boolean;
}

/** The code that a reason gets. */
export function problemCodeOf({ reason, type, hasReset, fitsWholeLimit }: DeniedBecause): ProblemCode {
  switch (reason) {
    case 'NoFeatureEntitlementInSubscription':
    case 'EntitlementNotFound':
    case 'Revoked':
    case 'RequestedValuesMismatch':
      return 'feature-not-entitled';
    case 'CustomerNotFound':
    case 'CustomerResourceNotFound':
    case 'CustomerIsArchived':
      return 'customer-unknown';
    case 'NoActiveSubscription':
      return 'subscription-inactive';
    case 'InsufficientCredits':
      return 'credits-exhausted';
    case 'BudgetExceeded':
      return 'budget-exceeded';
    case 'RequestedUsageExceedingLimit':
      if (type === 'NUMERIC') return 'feature-not-entitled';
      return hasReset && fitsWholeLimit ? 'quota-exceeded' : 'limit-reached';
    case 'FeatureNotFound':
    case 'FeatureTypeMismatch':
      return 'requirement-misconfigured';
    case 'Unknown':
      return 'state-unavailable';
  }
}

const hourMs = 3_600_000;
/** How long a client is asked to wait while the state is unknown, in seconds. */
const unavailableRetrySeconds = 5;

/**
 * The headers of a denial. `Retry-After` only where waiting helps: seconds to the reset, left out beyond an hour (a
 * client that sleeps for days helps nobody; `resetAt` is in the body), and a few seconds while the state is unknown.
 */
export function denialHeaders(
  code: ProblemCode,
  { now, resetAt }: { now: number; resetAt: number | null },
): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  if (code === 'state-unavailable') headers['Retry-After'] = String(unavailableRetrySeconds);
  if (code === 'quota-exceeded' && resetAt !== null && resetAt - now <= hourMs) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil((resetAt - now) / 1000)));
  }
  return headers;
}

/** A problem's stable type: a name, not an address. */
export function problemType(code: ProblemCode): string {
  return `urn:tollgate:problem:${code}`;
}

/** What a hidden feature answers: nothing that tells it from a path that is not there. */
export function notFoundProblem(instance: string | undefined): Problem {
  return { type: 'about:blank', title: 'Not Found', status: 404, ...(instance !== undefined && { instance }) };
}
