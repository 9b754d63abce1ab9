import { type Amount, amountToNumber, type Decision, decide, scopeOf, shownUsage, usageAt } from '@tollgate/contract';
import type { EntitlementFallback } from '../fallback.js';
import type { View } from '../gate-port.js';
import { type Asked, takenBy } from './asked.js';
import type { AdmittedEntitlement } from './gate-types.js';
import type { CounterKey, PendingUsage } from './pending.js';
import { isoOrNull } from './problem.js';
import type { Quota } from './quota-headers.js';

/** What came of one asked requirement. `unknown`: neither the data nor a fallback says. */
export type Verdict = 'granted' | 'denied' | 'fallback' | 'unknown';

export interface Assessment {
  asked: Asked;
  view: View;
  decision: Decision;
  verdict: Verdict;
  /** True when only amounts that are pending in this process stand in the way. */
  isDeniedByPendingOnly: boolean;
  /** The counter that a report about this feature changes. */
  counter: CounterKey;
  /** Used so far with what is pending, in shown units. */
  used: Amount;
  /** The same with this request. */
  usedAfter: Amount;
}

/** Decides one requirement from what is known now. Synchronous: nothing can happen between it and taking the amount. */
export function assess(
  asked: Asked,
  view: View,
  pending: Pick<PendingUsage, 'of'>,
  fallback: EntitlementFallback | undefined,
): Assessment {
  const featureId = asked.requirement.feature;
  const counter = counterOf(asked, view);
  const pendingUsage = pending.of(counter);
  const isGivenBack = asked.usage !== undefined && asked.usage < 0n;
  const question = {
    featureId,
    expectedType: asked.requirement.expectedType,
    requestedUsage: isGivenBack ? undefined : asked.usage,
    requestedValues: asked.values,
    atMost: asked.atMost,
  };
  const decision = decide(view.snapshots, { ...question, pendingUsage }, view.now);
  const takes = takenBy(asked);
  return {
    asked,
    view,
    decision,
    // What is given back is never refused: the customer has less of it afterwards whatever the plan says.
    verdict: isGivenBack ? 'granted' : verdictOf(decision, asked, fallback),
    isDeniedByPendingOnly:
      !isGivenBack && !decision.hasAccess && pendingUsage > 0n && decide(view.snapshots, question, view.now).hasAccess,
    counter,
    used: shownWith(decision, view, counter, pendingUsage),
    usedAfter: shownWith(decision, view, counter, pendingUsage + takes),
  };
}

function verdictOf(decision: Decision, asked: Asked, fallback: EntitlementFallback | undefined): Verdict {
  if (decision.hasAccess) return 'granted';
  if (decision.reason !== 'Unknown') return 'denied';
  return fallback && fallbackCovers(fallback, asked) ? 'fallback' : 'unknown';
}

/** Whether a configured fallback grants what is asked. How much is used is unknown, so a limit in it is not compared. */
function fallbackCovers(fallback: EntitlementFallback, { values, atMost }: Asked): boolean {
  if (!fallback.hasAccess) return false;
  if (values && fallback.enumValues && !values.every((value) => fallback.enumValues?.includes(value))) return false;
  const isBounded = atMost !== undefined && fallback.value !== undefined && !fallback.isUnlimited;
  return !isBounded || amountToNumber(atMost) <= (fallback.value ?? 0);
}

function counterOf(asked: Asked, { snapshots }: View): CounterKey {
  const featureId = asked.requirement.feature;
  const isResource = !snapshots || scopeOf(snapshots, featureId) === 'resource';
  return { customerId: asked.key.customerId, resourceId: isResource ? asked.key.resourceId : null, featureId };
}

function shownWith(decision: Decision, view: View, counter: CounterKey, extra: Amount): Amount {
  const { entitlement } = decision;
  const scope = counter.resourceId === null ? view.snapshots?.customer : view.snapshots?.resource;
  const part = scope?.usage.get(counter.featureId);
  if (!entitlement || !part) return 0n;
  return shownUsage(usageAt(entitlement, part, view.now) + extra, entitlement.feature);
}

/** The metered limit behind an assessment, for headers and bodies; undefined when there is none. */
export function quotaOf(assessment: Assessment, used = assessment.usedAfter): Quota | undefined {
  const { decision } = assessment;
  if (decision.type !== 'METERED' || decision.usageLimit === null || decision.reason === 'Unknown') return undefined;
  const left = decision.usageLimit - used;
  return {
    featureId: assessment.counter.featureId,
    limit: amountToNumber(decision.usageLimit),
    remaining: amountToNumber(left > 0n ? left : 0n),
    periodStart: decision.usagePeriod?.start ?? null,
    resetAt: decision.usagePeriod?.end ?? null,
  };
}

/** What the handler is told about a feature that let the request in. */
export function admittedEntitlement(assessment: Assessment): AdmittedEntitlement {
  const { decision, verdict, view, used } = assessment;
  const { entitlement } = decision;
  const isFallback = verdict === 'fallback' || verdict === 'unknown';
  const isMetered = decision.type === 'METERED';
  const limit = decision.usageLimit === null ? null : amountToNumber(decision.usageLimit);
  return {
    featureId: assessment.counter.featureId,
    type: decision.type,
    hasAccess: true,
    isFallback,
    source: isFallback ? 'fallback' : view.source,
    currentUsage: amountToNumber(used),
    usageLimit: isMetered ? limit : null,
    remaining: quotaOf(assessment)?.remaining ?? null,
    isUnlimited: entitlement?.hasUnlimitedUsage ?? false,
    hasSoftLimit: entitlement?.hasSoftLimit ?? false,
    value: decision.type === 'NUMERIC' ? limit : null,
    enumValues: [...(entitlement?.enumValues ?? [])],
    resetAt: isoOrNull(decision.usagePeriod?.end ?? null),
  };
}
