import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import {
  type Admission,
  type Admitted,
  after,
  type Denied,
  type GateContext,
  mergeHeader,
  type Outcome,
  type Problem,
  type RawResponse,
  type ResponseWatch,
  type Soon,
  settlesWith,
  type Watching,
  watchedIfWaiting,
} from '@tollgate/client/gate';
import { requestOf, responseOf } from './call-key.js';
import { isCustomerKnown } from './customer-lookup.js';
import type { Declaration } from './declared-requirements.js';
import type { EnforcedDeclaration, EntitlementGate } from './entitlement-gate.js';

/** What is read of a request besides what Nest's adapter tells: Fastify and Express each name the route in their own way. */
export interface PlatformRequest {
  headers?: { 'idempotency-key'?: string; 'if-none-match'?: string; origin?: string };
  routeOptions?: { url?: string };
  route?: { path?: string };
}

interface HttpCallParts {
  gate: EntitlementGate;
  enforced: EnforcedDeclaration;
  adapter: AbstractHttpAdapter;
  context: ExecutionContext;
}

/**
 * One request on its way to one handler. Where something is waited for or charged the raw response is watched, and that
 * watch alone settles.
 */
export class HttpCall implements Watching {
  watch: ResponseWatch | undefined;
  private readonly raw: RawResponse;
  private admitted: Admitted | undefined;
  private isHandlerReached = false;
  private inGuard: Soon<boolean> | undefined;
  private beforeHandler: Soon<void> | undefined;

  constructor(
    readonly declaration: Declaration,
    private readonly parts: HttpCallParts,
  ) {
    const response = responseOf<RawResponse & { raw?: RawResponse }>(parts.context);
    this.raw = response.raw ?? response;
  }

  get admission(): Admission | undefined {
    return this.admitted?.admission;
  }

  /** For the guard: admits, unless the customer is not known yet. Throws the exception of a denial. */
  admit(): Soon<void> {
    this.inGuard ??= after(this.isCustomerKnown(), (isKnown) => (isKnown ? after(this.decide(), isTrue) : false));
    return after(this.inGuard, nothing);
  }

  /** For the interceptor, right before the handler: admits if the guard could not. */
  admitFinally(): Soon<void> {
    const decided = after(this.inGuard ?? false, (isDecided) => {
      // Asked again here so that an HttpException of the application comes out as it is.
      if (!isDecided) this.beforeHandler ??= after(this.isCustomerKnown(), () => this.decide());
      return this.beforeHandler;
    });
    return after(decided, () => {
      this.isHandlerReached = true;
    });
  }

  private isCustomerKnown(): Soon<boolean> {
    const { enforced, context } = this.parts;
    return watchedIfWaiting(this, this.raw, isCustomerKnown(enforced.customers, context));
  }

  private decide(): Soon<void> {
    const { gate, enforced, adapter, context } = this.parts;
    const decision = gate.admitAtOnce(new HttpContext(adapter, context), enforced.requirements);
    return after(watchedIfWaiting(this, this.raw, decision), (decided) => {
      if (!decided.isAdmitted) return this.refuse(decided);
      this.admitted = decided;
      // Nest goes on in any case. Of what is over nothing is used.
      if (!settlesWith(this, this.raw, this)) this.settle({ kind: 'aborted', phase: 'before-handler' });
      setHeaders(adapter, responseOf(context), decided.headers);
    });
  }

  private async refuse(denied: Denied): Promise<void> {
    const { gate, adapter, context } = this.parts;
    throw await exceptionOf(gate, adapter, context, denied);
  }

  get isCharged(): boolean {
    return this.admitted?.isCharged ?? false;
  }

  settle(outcome: Outcome): void {
    // Guards that come after this one may take their time: who hangs up on them has not used anything.
    const isBeforeHandler = outcome.kind === 'aborted' && !this.isHandlerReached;
    this.admitted?.settle(isBeforeHandler ? { ...outcome, phase: 'before-handler' } : outcome);
  }
}

const isTrue = (): boolean => true;
const nothing = (): void => undefined;

/** What the gate needs to know of a request, found out when it is asked for. */
export class HttpContext implements GateContext<ExecutionContext> {
  constructor(
    private readonly adapter: AbstractHttpAdapter,
    readonly request: ExecutionContext,
  ) {}

  private get platform(): PlatformRequest {
    return requestOf<PlatformRequest>(this.request);
  }

  get method(): string {
    return String(this.adapter.getRequestMethod(this.platform));
  }

  get path(): string {
    return String(this.adapter.getRequestUrl(this.platform)).replace(/\?.*$/s, '');
  }

  get route(): string | undefined {
    const { routeOptions, route } = this.platform;
    const pattern = routeOptions?.url ?? route?.path;
    return pattern === undefined ? undefined : `${this.method} ${pattern}`;
  }

  get idempotencyKey(): string | undefined {
    return this.platform.headers?.['idempotency-key'];
  }

  get origin(): string | undefined {
    return this.platform.headers?.origin;
  }
}

/** What to throw for a denial; its headers are set already. */
export function exceptionOf(
  gate: EntitlementGate,
  adapter: AbstractHttpAdapter,
  context: ExecutionContext,
  denied: Denied,
): Promise<Error> {
  const response = responseOf<unknown>(context);
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
  for (const name in headers) {
    adapter.setHeader(response, name, mergeHeader(name, adapter.getHeader(response, name), headers[name] as string));
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
