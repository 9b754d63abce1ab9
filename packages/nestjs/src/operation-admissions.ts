import type { ExecutionContext } from '@nestjs/common';
import type { Admitted, DeclaredRequirement, Denied, Outcome } from '@tollgate/client/gate';
import { graphqlContextOf, resolveInfoOf } from './call-key.js';

/** Several fields of one operation that share what was decided for the first of them. */
interface Shared {
  readonly decision: Promise<Admitted | Denied>;
  /** Fields that were let in by it and have not ended. */
  running: number;
  hasSucceeded: boolean;
}

/** A field's share: the decision, and how it says that it has ended. */
export interface SharedAdmission {
  decision: Admitted | Denied;
  leave(outcome: Outcome): void;
}

type Operation = Map<unknown, Shared>;

// The operation alone would not do: servers keep the parsed document, and a second request finds the same object in it.
const operations = new WeakMap<object, WeakMap<object, Operation>>();

function operationOf(context: ExecutionContext): Operation {
  const request = graphqlContextOf(context);
  const { operation } = resolveInfoOf(context);
  const ofRequest = operations.get(request) ?? new WeakMap<object, Operation>();
  operations.set(request, ofRequest);
  const found = ofRequest.get(operation) ?? new Map<unknown, Shared>();
  ofRequest.set(operation, found);
  return found;
}

/** What one decorator requires once per operation, and what tells it from others there. */
export interface OperationRequirement {
  identity: unknown;
  requirements: readonly DeclaredRequirement<ExecutionContext>[];
}

/**
 * Lets a field in by what was decided for its operation; what no field before it has asked for is decided now, together.
 * Charged when no field is running any more and one has succeeded. Where all have failed, a later field is decided anew.
 */
export async function joinOperation(
  context: ExecutionContext,
  required: readonly OperationRequirement[],
  decide: (requirements: readonly DeclaredRequirement<ExecutionContext>[]) => Promise<Admitted | Denied>,
): Promise<SharedAdmission[]> {
  const operation = operationOf(context);
  const fresh = required.filter(({ identity }) => !operation.has(identity));
  if (fresh.length > 0) {
    const decision = decide(fresh.flatMap((item) => item.requirements));
    const shared: Shared = { decision, running: 0, hasSucceeded: false };
    for (const { identity } of fresh) operation.set(identity, shared);
  }
  const joined = [...new Set(required.map(({ identity }) => operation.get(identity) as Shared))];
  for (const shared of joined) shared.running += 1;
  try {
    return await Promise.all(
      joined.map(async (shared) => ({
        decision: await shared.decision,
        leave: (outcome: Outcome) => leave(operation, shared, outcome),
      })),
    );
  } catch (error) {
    for (const shared of joined) leave(operation, shared, { kind: 'failed', error });
    throw error;
  }
}

function leave(operation: Operation, shared: Shared, outcome: Outcome): void {
  shared.running -= 1;
  shared.hasSucceeded ||= outcome.kind === 'succeeded';
  if (shared.running > 0) return;
  if (!shared.hasSucceeded) {
    for (const [identity, other] of operation) if (other === shared) operation.delete(identity);
  }
  const settled: Outcome = shared.hasSucceeded ? { kind: 'succeeded' } : outcome;
  // A decision that failed has let nobody in.
  shared.decision.then(
    (decision) => decision.isAdmitted && decision.settle(settled),
    () => undefined,
  );
}
