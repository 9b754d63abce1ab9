import {
  type Explanation,
  explainDecision,
  type Question,
  type SnapshotKey,
  scopeOf,
  walletScopeOf,
} from '@tollgate/contract';
import { creditQuestion, featureQuestion, type GetEntitlementV2, isGiven, keyOf } from './entitlement-params.js';
import type { EntitlementFallback } from './fallback.js';
import type { Source } from './gate/gate-words.js';
import { pendingUsageOf } from './gate/pending.js';
import type { GatePort, Target, View } from './gate-port.js';
import type { SnapshotAge } from './snapshots.js';

/** What a getter would answer now, and how that comes about. */
export interface EntitlementExplanation extends Explanation {
  customerId: string;
  resourceId: string | null;
  /** Where the data came from. `fallback`: there is none. */
  source: Source;
  /** What is cached in this process, once the question was looked up. */
  cached: SnapshotAge[];
  /** What is configured to answer while the state is unknown; null when access is denied then. */
  fallback: EntitlementFallback | null;
}

export interface ExplainOptions {
  port: GatePort;
  deadlineMs: number;
  ages(key: SnapshotKey): SnapshotAge[];
}

/** Answers by the path that the getters and the gate take. Throws INVALID_ARGUMENT. */
export function explainer({ port, deadlineMs, ages }: ExplainOptions) {
  return async (params: GetEntitlementV2): Promise<EntitlementExplanation> => {
    const asked =
      isGiven(params?.currencyId) && !isGiven(params.featureId)
        ? creditQuestion(params)
        : featureQuestion(params, undefined);
    const key = keyOf(params.customerId, params.resourceId);
    const target: Target = 'currencyId' in asked ? { currencyId: asked.currencyId } : { featureId: asked.featureId };
    const view = await port.view(key, { deadlineMs, wanted: [] });
    return {
      ...key,
      ...explainDecision(view.snapshots, withPending(asked, port, { key, target, view }), view.now),
      source: view.source,
      cached: ages(key),
      fallback: port.configuredFallback(target) ?? null,
    };
  };
}

/** The question with what this process has let in and the engine has not stored: the gate would count it. */
function withPending(
  question: Question,
  port: GatePort,
  { key, target, view }: { key: SnapshotKey; target: Target; view: View },
): Question {
  const { snapshots } = view;
  const scope =
    snapshots &&
    (target.featureId === undefined
      ? walletScopeOf(snapshots, target.currencyId)
      : scopeOf(snapshots, target.featureId));
  const { customerId, resourceId } = key;
  const pending = pendingUsageOf(port).of({
    customerId,
    resourceId: scope === 'customer' ? null : resourceId,
    ...target,
  });
  return 'currencyId' in question ? { ...question, pendingCredits: pending } : { ...question, pendingUsage: pending };
}
