import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  type Admission,
  type Admitted,
  after,
  type Denied,
  type GateContext,
  mergeHeader,
  type Problem,
  type RawResponse,
  type Soon,
  settlesWith,
  watchedIfWaiting,
} from '@tollgate/client/gate';
import { isCustomerKnown } from './customer-lookup.js';
import type { EnforcedDeclaration, EntitlementGate } from './entitlement-gate.js';

/** One request on its way to one handler. */
export interface HttpCall {
  /** For the guard: admits, unless the customer is not known yet. Throws the exception of a denial. */
  admit(): Soon<void>;
  /** For the interceptor, right before the handler: admits if the guard could not. */
  admitFinally(): Soon<void>;
  admission(): Admission | undefined;
}

/** What is read of a request besides what Nest's adapter tells: Fastify and Express each name the route in their own way. */
export interface PlatformRequest {
  headers?: { 'idempotency-key'?: string; 'if-none-match'?: string };
  routeOptions?: { url?: string };
  route?: { path?: string };
}

/** Opens a call. Where something is waited for or charged the raw response is watched, and that watch alone settles. */
export function httpCall(
  gate: EntitlementGate,
  { requirements, customers }: EnforcedDeclaration,
  adapter: AbstractHttpAdapter,
  context: ExecutionContext,
): HttpCall {
  const response = context.switchToHttp().getResponse<RawResponse & { raw?: RawResponse }>();
  const raw = response.raw ?? response;
  let admitted: Admitted | undefined;
  let isHandlerReached = false;
  let inGuard: Soon<boolean> | undefined;
  let beforeHandler: Soon<void> | undefined;

  const decide = (): Soon<void> =>
    after(watchedIfWaiting(raw, gate.admitAtOnce(httpContextOf(adapter, context), requirements)), (decision) => {
      if (!decision.isAdmitted) return refuse(decision);
      admitted = decision;
      const { isCharged } = decision;
      // Guards that come after this one may take their time: who hangs up on them has not used anything.
      const settle: Admitted['settle'] = (outcome) =>
        decision.settle(
          outcome.kind === 'aborted' && !isHandlerReached ? { ...outcome, phase: 'before-handler' } : outcome,
        );
      // Nest goes on in any case. Of what is over nothing is used.
      if (!settlesWith(raw, { isCharged, settle })) settle({ kind: 'aborted', phase: 'before-handler' });
      setHeaders(adapter, response, decision.headers);
    });

  const refuse = async (denied: Denied): Promise<void> => {
    throw await exceptionOf(gate, adapter, context, denied);
  };

  const decideIfKnown = (): Soon<boolean> =>
    after(watchedIfWaiting(raw, isCustomerKnown(customers, context)), (isKnown) =>
      isKnown ? after(decide(), () => true) : false,
    );

  return {
    admit() {
      inGuard ??= decideIfKnown();
      return after(inGuard, () => undefined);
    },
    admitFinally() {
      const decided = after(inGuard ?? false, (isDecided) => {
        if (isDecided) return undefined;
        // Asked again here so that an HttpException of the application comes out as it is.
        beforeHandler ??= after(watchedIfWaiting(raw, isCustomerKnown(customers, context)), decide);
        return beforeHandler;
      });
      return after(decided, () => {
        isHandlerReached = true;
      });
    },
    admission: () => admitted?.admission,
  };
}

/** What the gate needs to know of a request. */
export function httpContextOf(adapter: AbstractHttpAdapter, context: ExecutionContext): GateContext<ExecutionContext> {
  const request = context.switchToHttp().getRequest<PlatformRequest>();
  const method = String(adapter.getRequestMethod(request));
  const path = String(adapter.getRequestUrl(request)).replace(/\?.*$/s, '');
  const pattern = request.routeOptions?.url ?? request.route?.path;
  const route = pattern === undefined ? undefined : `${method} ${pattern}`;
  return { request: context, method, path, route, idempotencyKey: request.headers?.['idempotency-key'] };
}

/** What to throw for a denial; its headers are set already. */
export function exceptionOf(
  gate: EntitlementGate,
  adapter: AbstractHttpAdapter,
  context: ExecutionContext,
  denied: Denied,
): Promise<Error> {
  const response = context.switchToHttp().getResponse<unknown>();
  const { 'Content-Type': type = 'application/problem+json', ...headers } = denied.headers;
  setHeaders(adapter, response, headers);
  const late = withLateType(denied, () => setHeaders(adapter, response, { 'Content-Type': type }));
  return gate.exceptionFor(late, context);
}

/** Through Nest's adapter, because only it knows its framework's response. */
export function setHeaders(
  adapter: AbstractHttpAdapter,
  response: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  if (adapter.isHeadersSent(response)) return;
  for (const [name, value] of Object.entries(headers)) {
    adapter.setHeader(response, name, mergeHeader(name, adapter.getHeader(response, name), value));
  }
}

/**
 * The decision, with a problem that calls `onSerialized` when it is turned into JSON. Its content type must wait until
 * then: Nest 11 on Express replaces one that is set earlier, and an exception of the application's own has another body.
 */
function withLateType(decision: Denied, onSerialized: () => void): Denied {
  const { problem } = decision;
  const toJSON = (): Problem => {
    onSerialized();
    return problem;
  };
  return { ...decision, problem: Object.defineProperty({ ...problem }, 'toJSON', { value: toJSON }) };
}
