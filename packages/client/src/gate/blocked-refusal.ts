import type { SafeLogger } from '../safe-logger.js';
import type { Assessment } from './assessment.js';
import { type BlockedClause, blockersOf, clauseToName } from './clauses.js';
import { codeFor, type Refusal } from './denial.js';
import type { FeatureCheck } from './feature-check.js';
import { problemKinds } from './problem.js';

/**
 * Why a request is not let in that was decided. Of alternatives that are all denied it names a mistake of the
 * application's first, then one that time would let pass, then the first.
 */
export async function refusalOf(
  blocked: readonly BlockedClause[],
  { features, logger }: { features: Pick<FeatureCheck, 'mistakeIn'>; logger: SafeLogger },
): Promise<Refusal> {
  const blockers = blockersOf(clauseToName(blocked));
  const open = blockers.find(({ verdict }) => verdict !== 'denied');
  if (open?.verdict === 'unknown') return { code: codeFor(open), assessment: open };
  if (open) {
    logger.error(`${open.asked.requirement.name}: the outbox is full`);
    return { code: 'state-unavailable', detail: 'Usage cannot be recorded right now. This is not a denial.' };
  }
  const corrected = await Promise.all(blockers.map((blocker) => withMistake(blocker, features)));
  const refusals = corrected.map((assessment) => ({ code: codeFor(assessment), assessment }));
  const mistaken = refusals.find(({ code }) => code === 'requirement-misconfigured');
  const passing = refusals.find(({ code }) => problemKinds[code].isRetryable);
  return mistaken ?? passing ?? (refusals[0] as Refusal);
}

/** A feature that the catalog does not have, or of another kind, must not look like one that the plan lacks. */
async function withMistake(blocker: Assessment, features: Pick<FeatureCheck, 'mistakeIn'>): Promise<Assessment> {
  const { asked, decision } = blocker;
  const mayBeMistaken =
    decision.reason === 'NoFeatureEntitlementInSubscription' || decision.reason === 'NoActiveSubscription';
  const mistake = mayBeMistaken ? await features.mistakeIn(asked.requirement) : null;
  return mistake ? { ...blocker, decision: { ...decision, reason: mistake } } : blocker;
}
