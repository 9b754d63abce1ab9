import { type Explanation, explainDecision, type SnapshotKey } from '@tollgate/contract';
import type { EngineLink } from './engine-link.js';
import { creditQuestion, featureQuestion, type GetEntitlementV2, isGiven, keyOf } from './entitlement-params.js';
import { type ExplainedSource, explainedSources } from './explained-sources.js';
import type { EntitlementFallback } from './fallback.js';
import type { Source } from './gate/gate-words.js';
import { counterOf, pendingUsageOf } from './gate/pending.js';
import type { GatePort, Target } from './gate-port.js';
import type { SnapshotAge } from './snapshots.js';

/** What a getter would answer now, and how that comes about. */
export interface EntitlementExplanation extends Explanation {
  customerId: string;
  resourceId: string | null;
  /** What gives it, asked from the engine now, so it may be newer than the answer; null when it could not be asked. */
  sources: ExplainedSource[] | null;
  /** Where the data came from. `fallback`: there is none. */
  source: Source;
  /** What is cached in this process, once the question was looked up. */
  cached: SnapshotAge[];
  /** What is configured to answer while the state is unknown; null when access is denied then. */
  fallback: EntitlementFallback | null;
}

export interface ExplainOptions {
  port: GatePort;
  link: EngineLink;
  deadlineMs: number;
  ages(key: SnapshotKey): SnapshotAge[];
}

/** Answers by the path that the getters and the gate take. Throws INVALID_ARGUMENT. */
export function explainer({ port, link, deadlineMs, ages }: ExplainOptions) {
  return async (params: GetEntitlementV2): Promise<EntitlementExplanation> => {
    const asked =
      isGiven(params?.currencyId) && !isGiven(params.featureId)
        ? creditQuestion(params)
        : featureQuestion(params, undefined);
    const key = keyOf(params.customerId, params.resourceId);
    const target: Target = 'currencyId' in asked ? { currencyId: asked.currencyId } : { featureId: asked.featureId };
    const view = await port.view(key, { deadlineMs, wanted: [] });
    const counter = counterOf(key, target, view);
    const asking = explainedSources(link, target.featureId === undefined ? counter : key, {
      target,
      timeoutMs: deadlineMs,
    });
    const pending = pendingUsageOf(port).of(counter);
    return {
      ...key,
      ...explainDecision(view.snapshots, { ...asked, pendingUsage: pending, pendingCredits: pending }, view.now),
      sources: await asking.catch(() => null),
      source: view.source,
      cached: ages(key),
      fallback: port.configuredFallback(target) ?? null,
    };
  };
}
