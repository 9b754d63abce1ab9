import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import {
  type Admission,
  type Admitted,
  type DeclaredRequirement,
  type Denied,
  mergeAdmissions,
  type Outcome,
} from '@tollgate/client/gate';
import { Observable, type Subscription } from 'rxjs';
import { callKeyOf, graphqlContextOf } from './call-key.js';
import { isCustomerKnown } from './customer-lookup.js';
import type { Declaration, Per } from './declared-requirements.js';
import type { EntitlementGate } from './entitlement-gate.js';
import { handlerKindOf } from './handler-kind.js';
import { joinOperation, type OperationRequirement } from './operation-admissions.js';
import { settledByEvents, settledByResult } from './settled-outcome.js';

/** One call of a handler outside HTTP: a GraphQL field, a message. */
interface HandlerCall {
  declaration: Declaration;
  admission: Admission | undefined;
}

/** What let a call in, and is to be settled with it. */
interface LetIn {
  admission: Admission | undefined;
  settle(outcome: Outcome): void;
}

const running = new WeakMap<object, HandlerCall>();
// Parameters are read with another list of arguments than the interceptor's, so they find their call by this.
const current = new AsyncLocalStorage<HandlerCall>();

/**
 * Admits a call, runs the rest of it, and settles by what becomes of its result. The interceptor of a class and that of
 * its method see the same call: the inner one only passes it on.
 */
export function handleCall(
  gate: EntitlementGate,
  declaration: Declaration,
  context: ExecutionContext,
  next: CallHandler,
): Observable<unknown> {
  const key = callKeyOf(context);
  if (running.get(key)?.declaration === declaration) return next.handle();
  const call: HandlerCall = { declaration, admission: undefined };
  // Both are bound to the scope that interceptors further out have opened; the caller may subscribe from another one.
  const inScope = AsyncLocalStorage.snapshot();
  const handled = current.run(call, () => next.handle());
  const isSubscription = handlerKindOf(context.getClass(), context.getHandler()) === 'graphql-subscription';
  return new Observable((subscriber) => {
    let inner: Subscription | undefined;
    running.set(key, call);
    const start = async (): Promise<void> => {
      const { admission, settle } = await letIn(gate, declaration, context);
      const end = (outcome: Outcome): void => {
        running.delete(key);
        settle(outcome);
      };
      if (subscriber.closed) return end({ kind: 'aborted', phase: 'before-handler' });
      call.admission = admission;
      const settled = isSubscription ? settledByEvents(end, () => hasLeft(context)) : settledByResult(end);
      inner = handled.pipe(settled).subscribe(subscriber);
    };
    inScope(start).catch((error: unknown) => {
      running.delete(key);
      subscriber.error(error);
    });
    return () => inner?.unsubscribe();
  });
}

/** What let in the call that this runs in; undefined when it is not one of this handler. */
export function admissionOfCall(declaration: Declaration): Admission | undefined {
  const call = current.getStore();
  return call?.declaration === declaration ? call.admission : undefined;
}

/** Decides what counts once per operation, then what counts for this call. Throws the exception of a denial. */
async function letIn(gate: EntitlementGate, declaration: Declaration, context: ExecutionContext): Promise<LetIn> {
  const parts: LetIn[] = [];
  const settle = (outcome: Outcome): void => {
    for (const part of parts) part.settle(outcome);
  };
  try {
    if (declaration.per.operation.length > 0) {
      const shares = await joinOperation(context, requirementsOfOperation(gate, declaration), (requirements) =>
        decide(gate, declaration, 'operation', context, requirements),
      );
      parts.push(...shares.map((share) => ({ admission: admissionIn(share.decision), settle: share.leave })));
      const denied = shares.map(({ decision }) => decision).find((decision) => !decision.isAdmitted);
      if (denied) throw await gate.exceptionFor(denied, context);
    }
    if (declaration.per.call.length > 0) {
      parts.push(await admitOnce(gate, declaration, 'call', context));
    }
  } catch (error) {
    settle({ kind: 'failed', error });
    throw error;
  }
  return { admission: merged(parts), settle };
}

/** Decides what counts as often as `per` says, for one call. Throws the exception of a denial. */
export async function admitOnce(
  gate: EntitlementGate,
  declaration: Declaration,
  per: Per,
  context: ExecutionContext,
): Promise<Admitted> {
  const decision = await decide(gate, declaration, per, context, gate.enforce(declaration, per).requirements);
  if (!decision.isAdmitted) throw await gate.exceptionFor(decision, context);
  return decision;
}

async function decide(
  gate: EntitlementGate,
  declaration: Declaration,
  per: Per,
  context: ExecutionContext,
  requirements: readonly DeclaredRequirement<ExecutionContext>[],
): Promise<Admitted | Denied> {
  // Asked here so that an exception of the application comes out as it is; the gate gets the same answer.
  await isCustomerKnown(gate.enforce(declaration, per).customers, context);
  const pattern = patternOf(context);
  return gate.admit({ request: context, route: declaration.place, ...(pattern && { path: pattern }) }, requirements);
}

/** What a class requires is one for all its fields; what two methods require is one when it has the same id. */
function requirementsOfOperation(gate: EntitlementGate, declaration: Declaration): OperationRequirement[] {
  const { each } = gate.enforce(declaration, 'operation');
  return declaration.per.operation.map((decorated, index) => ({
    requirements: each[index] ?? [],
    identity:
      'id' in decorated && decorated.id !== undefined ? `${declaration.instance ?? ''} ${decorated.id}` : decorated,
  }));
}

const admissionIn = (decision: Admitted | Denied): Admission | undefined =>
  decision.isAdmitted ? decision.admission : undefined;

function merged(parts: readonly LetIn[]): Admission | undefined {
  return parts.reduce<Admission | undefined>(
    (earlier, { admission }) => (admission ? mergeAdmissions(earlier, admission) : earlier),
    undefined,
  );
}

/** The name of a WebSocket's message: several are under way on one connection, and a denial has to say which it means. */
function patternOf(context: ExecutionContext): string | undefined {
  return context.getType() === 'ws' ? String(context.switchToWs().getPattern()) : undefined;
}

/** Mercurius ends a filtered subscription whose client has left like one that is over, and marks it as closed before. */
function hasLeft(context: ExecutionContext): boolean {
  const { pubsub } = graphqlContextOf(context) as { pubsub?: { closed?: unknown } };
  return pubsub?.closed === true;
}
