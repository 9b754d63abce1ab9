import { type AccessDeniedReason, amountToNumber, type SnapshotKey, shownUsage, toIsoOrNull } from '@tollgate/contract';
import type { SafeLogger } from '../safe-logger.js';
import { creditQuotaOf, quotaOf } from './admitted-entitlement.js';
import type { AskRefusal } from './asked.js';
import type { Assessment } from './assessment.js';
import type { ResolvedGateOptions } from './gate-options.js';
import type { Denied } from './gate-types.js';
import type { AvailableIn } from './gate-words.js';
import {
  denialHeaders,
  notFoundProblem,
  type Problem,
  type ProblemCode,
  problemCodeOf,
  problemKinds,
  problemType,
} from './problem.js';
import { quotaHeaders, withExposedHeaders } from './quota-headers.js';
import { upgradeUrlOf } from './upgrade-url.js';

type DenialOptions = Pick<
  ResolvedGateOptions<never>,
  'denialStatus' | 'hideNotEntitled' | 'upgradeUrl' | 'quotaHeaders'
>;

/** Why a request is not let in, before it is put into an answer. */
export interface Refusal extends Omit<Partial<AskRefusal>, 'key'> {
  code: ProblemCode;
  detail?: string;
  /** Who would have paid, where no assessment says. */
  key?: SnapshotKey | null;
  /** Absent when the gate never came to a decision. */
  assessment?: Assessment;
  /** The domain's word, where no assessment says. */
  reason?: AccessDeniedReason;
  availableIn?: AvailableIn[] | undefined;
}

interface DenialFacts extends Refusal {
  path: string | undefined;
  origin?: string | undefined;
  decisionId: string;
  /** Besides its own. */
  headers?: Readonly<Record<string, string>>;
  request: unknown;
  logger: SafeLogger;
}

/** The code for an assessment that stands in the way. An unknown state never gets a denial's code. */
export function codeFor({ decision, verdict, asked }: Assessment): ProblemCode {
  if (verdict === 'unknown' || decision.reason === null) return 'state-unavailable';
  const { usageLimit, feature } = decision;
  const requested = feature && asked.usage !== undefined ? shownUsage(asked.usage, feature) : 0n;
  return problemCodeOf({
    reason: decision.reason,
    type: decision.type,
    hasReset: decision.usagePeriod !== null,
    fitsWholeLimit: usageLimit !== null && usageLimit > 0n && requested <= usageLimit,
  });
}

/** The answer to a request that is not let in. */
export function denied(options: DenialOptions, facts: DenialFacts): Denied {
  const { code, assessment } = facts;
  const isHidden = options.hideNotEntitled && code === 'feature-not-entitled';
  const status = isHidden ? 404 : (facts.status ?? options.denialStatus[code] ?? problemKinds[code].status);
  const resetAt = assessment?.decision.usagePeriod?.end ?? null;
  const now = assessment?.view.now ?? 0;
  const payer = assessment?.asked.key ?? facts.key;
  const quota = assessment && quotaOf(assessment, assessment.used);
  const headers = {
    ...denialHeaders(code, { now, resetAt }),
    ...(quota && !isHidden && quotaHeaders(options.quotaHeaders, [quota], now)),
    ...facts.headers,
  };
  return {
    isAdmitted: false,
    status,
    headers: Object.freeze(withExposedHeaders(headers, facts.origin)),
    problem: isHidden ? notFoundProblem(facts.path) : problemOf(options, facts, status),
    reason: assessment?.decision.reason ?? facts.reason ?? null,
    customerId: payer?.customerId ?? null,
    resourceId: payer?.resourceId ?? null,
  };
}

function problemOf(options: DenialOptions, facts: DenialFacts, status: number): Problem {
  const { code, assessment, path, availableIn } = facts;
  const detail = facts.detail ?? (assessment && detailOf(code, assessment));
  const problem: Problem = {
    type: problemType(code),
    title: problemKinds[code].title,
    status,
    ...(detail !== undefined && { detail }),
    ...(path !== undefined && { instance: path }),
    code,
    ...(facts.reason && { reason: facts.reason }),
    ...(assessment && decisionMembers(code, assessment)),
    retryable: problemKinds[code].isRetryable,
    ...(availableIn && { availableIn }),
    decisionId: facts.decisionId,
  };
  const upgradeUrl = upgradeUrlOf(options.upgradeUrl, problem, facts);
  return upgradeUrl === undefined ? problem : { ...problem, upgradeUrl };
}

function decisionMembers(code: ProblemCode, assessment: Assessment): Partial<Problem> {
  const { decision, asked, view, verdict } = assessment;
  const { featureId, currencyId } = asked.requirement.target;
  const asksTooMuch = code === 'quota-exceeded' || code === 'limit-reached';
  const atMost = decision.type === 'NUMERIC' && asked.atMost !== undefined && decision.usageLimit !== null;
  return {
    ...(decision.reason !== null && { reason: decision.reason }),
    ...(featureId !== undefined ? { featureId } : { currencyId }),
    ...(code === 'credits-exhausted' ? creditMembers(assessment) : quotaMembers(assessment)),
    ...(atMost && { limit: amountToNumber(decision.usageLimit ?? 0n), requested: amountToNumber(asked.atMost ?? 0n) }),
    ...(asksTooMuch && { 'violated-policies': [asked.requirement.name] }),
    source: verdict === 'unknown' ? 'fallback' : view.source,
  };
}

function quotaMembers(assessment: Assessment): Partial<Problem> {
  const quota = quotaOf(assessment, assessment.used);
  if (!quota) return {};
  return {
    limit: quota.limit,
    used: amountToNumber(assessment.used),
    ...(assessment.asked.usage !== undefined && { requested: requestedOf(assessment) }),
    remaining: quota.remaining,
    resetAt: toIsoOrNull(quota.resetAt),
  };
}

/** In credits, whatever was asked for. */
function creditMembers(assessment: Assessment): Partial<Problem> {
  const credits = creditQuotaOf(assessment);
  if (!credits) return {};
  return {
    currencyId: credits.currencyId,
    limit: amountToNumber(credits.limit),
    used: amountToNumber(credits.used),
    ...(credits.requested !== undefined && { requested: amountToNumber(credits.requested) }),
    remaining: amountToNumber(credits.remaining),
  };
}

/** The amount asked for, in the units that the limit is shown in. */
function requestedOf({ asked, decision }: Assessment): number {
  const usage = asked.usage ?? 0n;
  return amountToNumber(decision.feature ? shownUsage(usage, decision.feature) : usage);
}

function detailOf(code: ProblemCode, assessment: Assessment): string | undefined {
  const { decision, asked } = assessment;
  const name = decision.feature?.displayName ?? decision.wallet?.currency.displayName ?? asked.requirement.name;
  switch (code) {
    case 'quota-exceeded':
    case 'limit-reached': {
      const asks = asked.usage === undefined ? '' : `, and this request needs ${requestedOf(assessment)}`;
      const limit = amountToNumber(decision.usageLimit ?? 0n);
      return `${name}: ${amountToNumber(assessment.used)} of ${limit} are used${asks}.`;
    }
    case 'credits-exhausted': {
      const credits = creditQuotaOf(assessment);
      const asks =
        credits?.requested === undefined ? '' : `, and this request needs ${amountToNumber(credits.requested)}`;
      return `${name}: ${amountToNumber(credits?.remaining ?? 0n)} credits are left${asks}.`;
    }
    case 'feature-not-entitled':
      return `${name} is not part of what the customer has, or not to this extent.`;
    case 'requirement-misconfigured':
      return `The requirement on ${asked.requirement.name} does not match the catalog.`;
    case 'state-unavailable':
      return `It is not known right now whether ${asked.requirement.name} may be used. This is not a denial.`;
    default:
      return undefined;
  }
}
