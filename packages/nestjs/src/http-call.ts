import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  type Admission,
  type Admitted,
  type Denied,
  type GateContext,
  mergeHeader,
  type Problem,
  type RawResponse,
  watchResponse,
} from '@tollgate/client/gate';
import { isCustomerKnown } from './customer-lookup.js';
import type { EnforcedDeclaration, EntitlementGate } from './entitlement-gate.js';

/** One request on its way to one handler. */
export interface HttpCall {
  /** For the guard: admits, unless the customer is not known yet. Throws the exception of a denial. */
  admit(): Promise<void>;
  /** For the interceptor, right before the handler: admits if the guard could not. */
  admitFinally(): Promise<void>;
  admission(): Admission | undefined;
}

/** What is read of a request besides what Nest's adapter tells: Fastify and Express each name the route in their own way. */
export interface PlatformRequest {
  headers?: { 'idempotency-key'?: string; 'if-none-match'?: string };
  routeOptions?: { url?: string };
  route?: { path?: string };
}

/** Opens a call; from here on the raw response is watched, and that watch alone settles. */
export function httpCall(
  gate: EntitlementGate,
  { requirements, customers }: EnforcedDeclaration,
  adapter: AbstractHttpAdapter,
  context: ExecutionContext,
): HttpCall {
  const response = context.switchToHttp().getResponse<RawResponse & { raw?: RawResponse }>();
  const watch = watchResponse(response.raw ?? response);
  let admitted: Admitted | undefined;
  let isHandlerReached = false;
  let inGuard: Promise<boolean> | undefined;
  let beforeHandler: Promise<void> | undefined;

  async function decide(): Promise<void> {
    const decision = await gate.admit(httpContextOf(adapter, context), requirements);
    if (decision.isAdmitted) {
      admitted = decision;
      // Guards that come after this one may take their time: who hangs up on them has not used anything.
      watch.settle({
        settle: (outcome) =>
          decision.settle(
            outcome.kind === 'aborted' && !isHandlerReached ? { ...outcome, phase: 'before-handler' } : outcome,
          ),
      });
      return setHeaders(adapter, response, decision.headers);
    }
    throw await exceptionOf(gate, adapter, context, decision);
  }

  const decideIfKnown = async (): Promise<boolean> => {
    const isKnown = await isCustomerKnown(customers, context);
    if (isKnown) await decide();
    return isKnown;
  };

  return {
    async admit() {
      inGuard ??= decideIfKnown();
      await inGuard;
    },
    async admitFinally() {
      const isDecided = await inGuard;
      if (!isDecided) {
        // Asked again here so that an HttpException of the application comes out as it is.
        beforeHandler ??= isCustomerKnown(customers, context).then(decide);
        await beforeHandler;
      }
      isHandlerReached = true;
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
