import { type Amount, amountToNumber, heldAt, toIsoOrNull } from '@tollgate/contract';
import { type Assessment, creditsAsked } from './assessment.js';
import type { AdmittedEntitlement } from './gate-types.js';
import type { Quota } from './quota-headers.js';

/** The metered limit behind an assessment, for headers and bodies; undefined when there is none. */
export function quotaOf(assessment: Assessment, used = assessment.usedAfter): Quota | undefined {
  const { decision, asked } = assessment;
  if (decision.type !== 'METERED' || decision.usageLimit === null || decision.reason === 'Unknown') return undefined;
  return {
    featureId: asked.requirement.name,
    limit: amountToNumber(decision.usageLimit),
    remaining: remainingOf(decision.usageLimit, used),
    periodStart: decision.usagePeriod?.start ?? null,
    resetAt: decision.usagePeriod?.end ?? null,
  };
}

/** In shown units, never below 0. */
export function remainingOf(limit: Amount, used: Amount): number {
  return amountToNumber(notNegative(limit - used));
}

/** The wallet behind an assessment; undefined when credits play no part. All in credits. */
export interface CreditQuota {
  currencyId: string;
  /** Granted in all. */
  limit: Amount;
  /** Consumed and held. */
  used: Amount;
  /** What is there to spend, never below 0. */
  remaining: Amount;
  /** What the request costs; undefined where a formula says, or nothing was asked for. */
  requested: Amount | undefined;
}

export function creditQuotaOf(assessment: Assessment): CreditQuota | undefined {
  const { decision, view } = assessment;
  const { wallet } = decision;
  if (!wallet) return undefined;
  const held = heldAt(wallet, view.now);
  return {
    currencyId: wallet.currency.currencyId,
    limit: wallet.totalGranted,
    used: wallet.totalConsumed + held,
    remaining: notNegative(wallet.balance - held),
    requested: creditsAsked(assessment),
  };
}

/** What the handler is told about a feature or currency that let the request in. */
export function admittedEntitlement(assessment: Assessment): AdmittedEntitlement {
  const { decision, verdict, view, asked } = assessment;
  const { entitlement } = decision;
  const isFallback = verdict === 'fallback' || verdict === 'unknown';
  const limit = decision.usageLimit === null ? null : amountToNumber(decision.usageLimit);
  return Object.freeze({
    featureId: asked.requirement.target.featureId ?? null,
    currencyId: asked.requirement.target.currencyId ?? null,
    type: decision.type,
    hasAccess: !assessment.wouldBeDenied,
    isFallback,
    source: isFallback ? 'fallback' : view.source,
    ...numbersOf(assessment, limit),
    isUnlimited: entitlement?.hasUnlimitedUsage ?? false,
    hasSoftLimit: decision.hasSoftLimit,
    value: decision.type === 'NUMERIC' ? limit : null,
    enumValues: Object.freeze([...(entitlement?.enumValues ?? [])]),
    resetAt: toIsoOrNull(decision.usagePeriod?.end ?? null),
  });
}

function numbersOf(
  assessment: Assessment,
  limit: number | null,
): Pick<AdmittedEntitlement, 'currentUsage' | 'usageLimit' | 'remaining'> {
  const { decision, used } = assessment;
  const credits = decision.type === 'CREDIT' ? creditQuotaOf(assessment) : undefined;
  if (!credits) {
    const usageLimit = decision.type === 'METERED' ? limit : null;
    return { currentUsage: amountToNumber(used), usageLimit, remaining: quotaOf(assessment)?.remaining ?? null };
  }
  // Once it is held, this request's amount is in what is used; before that, it is not out of what remains.
  const asked = notNegative(credits.requested ?? 0n);
  const isHeld = assessment.isHeld;
  return {
    currentUsage: amountToNumber(credits.used - (isHeld ? asked : 0n)),
    usageLimit: amountToNumber(credits.limit),
    remaining: amountToNumber(notNegative(credits.remaining - (isHeld ? 0n : asked))),
  };
}

const notNegative = (amount: Amount): Amount => (amount > 0n ? amount : 0n);
