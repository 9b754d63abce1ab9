import { amountToNumber } from '@tollgate/contract';
import type { DecisionEvent } from '../hook-events.js';
import { admittedEntitlement } from './admitted-entitlement.js';
import { type Call, decisionIdOf, elapsedMs, type Finding } from './call.js';
import type { ProblemCode } from './gate-words.js';

/**
 * What the hook `onDecision` is told of a request: one event for each requirement that was looked at. Where nothing was
 * decided, because the request names no customer, that is told of each of them. `refusal` is null when it was let in.
 */
export function decisionEventsOf(call: Call, refusal: ProblemCode | null): DecisionEvent[] {
  const durationMs = elapsedMs(call);
  return call.requirements.flatMap((requirement) => {
    const finding = call.findings?.get(requirement);
    const unasked = call.unasked.find((item) => item.requirement === requirement);
    const isDecided = call.findings?.size !== 0 || call.unasked.length > 0;
    if (!finding && !unasked && isDecided) return [];
    const code = finding ? finding.code : (unasked?.code ?? refusal);
    const key = finding?.assessment.asked.key ?? unasked?.key;
    return {
      from: 'gate',
      route: call.context.route ?? null,
      customerId: key?.customerId ?? null,
      resourceId: key?.resourceId ?? null,
      featureId: requirement.target.featureId ?? null,
      currencyId: requirement.target.currencyId ?? null,
      hasAccess: code === null,
      isAdmitted: refusal === null,
      isShadow: finding?.assessment.asked.isShadow ?? unasked !== undefined,
      code,
      ...(finding ? decidedMembers(finding) : undecided),
      decisionId: decisionIdOf(call),
      durationMs,
    };
  });
}

type Decided = Pick<DecisionEvent, 'reason' | 'isFallback' | 'source' | 'mode' | 'requested' | 'used' | 'limit'>;

const undecided: Decided = Object.freeze({
  reason: null,
  isFallback: false,
  source: 'fallback',
  mode: null,
  requested: null,
  used: null,
  limit: null,
});

function decidedMembers({ assessment, code }: Finding): Decided {
  const hasAccess = code === null;
  const { asked, decision, mode } = assessment;
  const shown = admittedEntitlement(assessment);
  const requested = asked.usage ?? asked.atMost;
  const isCounted = (shown.type === 'METERED' || shown.type === 'CREDIT') && decision.reason !== 'Unknown';
  return {
    reason: hasAccess ? null : decision.reason,
    isFallback: hasAccess && shown.isFallback,
    source: shown.source,
    mode,
    requested: requested === undefined ? null : amountToNumber(requested),
    used: isCounted ? shown.currentUsage : null,
    limit: shown.usageLimit ?? shown.value,
  };
}
