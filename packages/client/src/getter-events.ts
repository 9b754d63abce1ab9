import type { EntitlementV2 } from './credit-entitlement.js';
import type { EntitlementParams } from './entitlement-params.js';
import type { Source } from './gate/gate-words.js';
import type { DecisionEvent } from './hook-events.js';

/** What the hook `onDecision` is told of the answer of a getter. */
export function getterEventOf(
  params: EntitlementParams | undefined,
  answer: EntitlementV2,
  { source, durationMs }: { source: Source; durationMs: number },
): DecisionEvent {
  // What a getter was called with may be anything: it is answered by a fallback, and told all the same.
  const { customerId, resourceId, featureId, currencyId, options } = params ?? ({} as Partial<EntitlementParams>);
  const { requestedUsage } = options ?? {};
  return {
    from: 'getter',
    route: null,
    customerId: customerId ?? null,
    resourceId: resourceId ?? null,
    featureId: featureId ?? null,
    currencyId: currencyId ?? null,
    hasAccess: answer.hasAccess,
    isAdmitted: answer.hasAccess,
    isShadow: false,
    code: null,
    reason: answer.accessDeniedReason,
    isFallback: answer.isFallback,
    source: answer.isFallback ? 'fallback' : source,
    mode: null,
    requested: typeof requestedUsage === 'number' || typeof requestedUsage === 'string' ? Number(requestedUsage) : null,
    ...numbersOf(answer),
    decisionId: null,
    durationMs,
  };
}

function numbersOf(answer: EntitlementV2): Pick<DecisionEvent, 'used' | 'limit'> {
  if (answer.type === 'NUMERIC') return { used: null, limit: answer.value ?? null };
  if (answer.type !== 'METERED' && answer.type !== 'CREDIT') return { used: null, limit: null };
  return { used: answer.currentUsage, limit: answer.usageLimit ?? null };
}
