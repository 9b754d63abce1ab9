import type { AskRefusal } from './asked.js';
import type { Assessment } from './assessment.js';
import { codeFor } from './denial.js';
import type { AdmittedEntitlement, DeclaredRequirement } from './gate-types.js';
import type { ProblemCode } from './gate-words.js';

const unchargeable: readonly ProblemCode[] = ['customer-unknown', 'requirement-misconfigured'];

/** Whether the engine has a counter for what shadow mode let in: else it would only become a dead letter. */
export function hasCounter(assessment: Assessment): boolean {
  return !assessment.wouldBeDenied || !unchargeable.includes(codeFor(assessment));
}

/** Whether a handler may measure what this requirement uses, as it may when it is enforced. */
export function isMeasured({ usage, mode }: DeclaredRequirement<never>): boolean {
  return mode !== 'check' && (usage !== undefined || mode !== undefined);
}

/** What the handler is told of a requirement that could not even be asked. */
export function unaskedEntitlement({ requirement: { target, expectedType } }: AskRefusal): AdmittedEntitlement {
  return Object.freeze({
    featureId: target.featureId ?? null,
    currencyId: target.currencyId ?? null,
    type: expectedType ?? null,
    hasAccess: false,
    isFallback: false,
    source: 'fallback',
    currentUsage: 0,
    usageLimit: null,
    remaining: null,
    isUnlimited: false,
    hasSoftLimit: false,
    value: null,
    enumValues: Object.freeze([]),
    resetAt: null,
  });
}
