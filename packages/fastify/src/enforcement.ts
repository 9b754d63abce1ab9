import {
  type Admission,
  type Admitted,
  after,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  type GateContext,
  isPreflight,
  mergedAdmission,
  mergeHeader,
  notDecidedOf,
  type Soon,
  settlesWith,
  soon,
  type Watching,
  watchedIfWaiting,
} from '@tollgate/client/gate';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type Requirements = readonly DeclaredRequirement<FastifyRequest>[];

export interface Enforcement {
  gate: Gate<FastifyRequest>;
  skip: ((request: FastifyRequest) => boolean | Promise<boolean>) | undefined;
  errorResponseBuilder: ((request: FastifyRequest, denied: Denied) => unknown) | undefined;
}

/** What is kept of a request. The scope's hook and the route's own may both come past. */
interface RequestState extends Watching {
  decided: Requirements | undefined;
  /** What let the request in, one after the other. */
  admitted: readonly Admitted[];
  /** The same as one, once somebody has asked. */
  admission: Admission | undefined;
}

/** Fastify makes room for it on every request: a property that is added later costs more than the decision. */
export const stateKey = Symbol('tollgate.state');
type Known = FastifyRequest & { [stateKey]: RequestState | null };

/** Decides the requirements of one request; answers it when it may not pass. */
export function enforce(
  enforcement: Enforcement,
  requirements: Requirements,
  request: FastifyRequest,
  reply: FastifyReply,
): Soon<FastifyReply | undefined> {
  const known = request as Known;
  known[stateKey] ??= { decided: undefined, watch: undefined, admitted: none, admission: undefined };
  const state = known[stateKey];
  const open = notDecidedOf(requirements, state.decided);
  if (open.length === 0 || isPreflight(request.method, request)) return undefined;
  const { skip } = enforcement;
  const call: Call = { enforcement, state, open, request, reply };
  if (!skip) return decide(call);
  return after(watchedIfWaiting(state, reply.raw, soon(skip(request))), (isSkipped) =>
    isSkipped ? undefined : decide(call),
  );
}

interface Call {
  enforcement: Enforcement;
  state: RequestState;
  open: Requirements;
  request: FastifyRequest;
  reply: FastifyReply;
}

function decide(call: Call): Soon<FastifyReply | undefined> {
  const { enforcement, state, open, request, reply } = call;
  const answer = enforcement.gate.admitAtOnce(new RequestContext(request), open);
  return after(watchedIfWaiting(state, reply.raw, answer), (result) =>
    result.isAdmitted ? letIn(call, result) : deny(enforcement, result, request, reply),
  );
}

function letIn({ state, open, reply }: Call, admitted: Admitted): FastifyReply | undefined {
  // The client has gone, or something else has answered: the handler would work for nobody.
  if (reply.sent || !settlesWith(state, reply.raw, admitted)) {
    admitted.settle({ kind: 'aborted', phase: 'before-handler' });
    return reply.hijack();
  }
  state.decided = state.decided ? [...state.decided, ...open] : open;
  state.admitted = [...state.admitted, admitted];
  state.admission = undefined;
  setHeaders(reply, admitted.headers);
  return undefined;
}

const none: readonly never[] = [];

/** What let a request in, put together when its handler asks for it; null where nothing was required. */
export function admissionOf(request: FastifyRequest): Admission | null {
  const state = (request as Known)[stateKey];
  if (state) state.admission ??= mergedAdmission(state.admitted);
  return state?.admission ?? null;
}

/** What the gate needs to know of a request, found out when it is asked for. */
export class RequestContext implements GateContext<FastifyRequest> {
  constructor(readonly request: FastifyRequest) {}

  get method(): string {
    return this.request.method;
  }

  get path(): string {
    return this.request.url.replace(/\?.*$/s, '');
  }

  /** A request that no route matched has none. */
  get route(): string | undefined {
    const pattern = this.request.routeOptions.url;
    return pattern === undefined ? undefined : `${this.method} ${pattern}`;
  }

  get idempotencyKey(): string | undefined {
    return this.request.headers['idempotency-key'] as string | undefined;
  }
  get origin(): string | undefined {
    return this.request.headers.origin;
  }
}

export function deny(
  { errorResponseBuilder }: Enforcement,
  denied: Denied,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (reply.sent) return reply;
  setHeaders(reply, denied.headers);
  const body = errorResponseBuilder ? errorResponseBuilder(request, denied) : JSON.stringify(denied.problem);
  return reply.code(denied.status).send(body);
}

export function setHeaders(reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) {
    const lowered = loweredName(name);
    reply.header(lowered, mergeHeader(lowered, reply.getHeader(lowered), headers[name] as string));
  }
}

/** Fastify sends names in lower case, and would work that out for each of them twice. */
const loweredNames = new Map<string, string>();
function loweredName(name: string): string {
  const known = loweredNames.get(name);
  if (known !== undefined) return known;
  const lowered = name.toLowerCase();
  loweredNames.set(name, lowered);
  return lowered;
}
