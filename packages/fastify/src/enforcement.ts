import {
  type Admission,
  type Admitted,
  admissionIn,
  after,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  type GateContext,
  isPreflight,
  letInBy,
  mergeHeader,
  newProgress,
  notDecidedOf,
  type RequestProgress,
  type Soon,
  settlesWith,
  soon,
  watchedIfWaiting,
} from '@tollgate/client/gate';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type Requirements = readonly DeclaredRequirement<FastifyRequest>[];

export interface Enforcement {
  gate: Gate<FastifyRequest>;
  skip: ((request: FastifyRequest) => boolean | Promise<boolean>) | undefined;
  errorResponseBuilder: ((request: FastifyRequest, denied: Denied) => unknown) | undefined;
}

/**
 * How far a request has come: the scope's hook and the route's own may both come past. Fastify makes room for it on
 * every request: a property that is added later costs more than the decision.
 */
export const progressKey = Symbol('tollgate.progress');
type Known = FastifyRequest & { [progressKey]: RequestProgress<FastifyRequest> | null };

/** Decides the requirements of one request; answers it when it may not pass. */
export function enforce(
  enforcement: Enforcement,
  requirements: Requirements,
  request: FastifyRequest,
  reply: FastifyReply,
): Soon<FastifyReply | undefined> {
  const known = request as Known;
  known[progressKey] ??= newProgress();
  const progress = known[progressKey];
  const open = notDecidedOf(requirements, progress);
  if (open.length === 0 || isPreflight(request.method, request)) return undefined;
  const { skip } = enforcement;
  const call: Call = { enforcement, progress, open, request, reply };
  if (!skip) return decide(call);
  return after(watchedIfWaiting(progress, reply.raw, soon(skip(request))), (isSkipped) =>
    isSkipped ? undefined : decide(call),
  );
}

interface Call {
  enforcement: Enforcement;
  progress: RequestProgress<FastifyRequest>;
  open: Requirements;
  request: FastifyRequest;
  reply: FastifyReply;
}

function decide(call: Call): Soon<FastifyReply | undefined> {
  const { enforcement, progress, open, request, reply } = call;
  const answer = enforcement.gate.admitAtOnce(new RequestContext(request), open);
  // Without a function of its own for every request, which `after` would take.
  if (!(answer instanceof Promise)) return answered(call, answer);
  return after(watchedIfWaiting(progress, reply.raw, answer), (result) => answered(call, result));
}

function answered(call: Call, answer: Admitted | Denied): FastifyReply | undefined {
  return answer.isAdmitted ? letIn(call, answer) : deny(call.enforcement, answer, call.request, call.reply);
}

function letIn({ progress, open, reply }: Call, admitted: Admitted): FastifyReply | undefined {
  // The client has gone, or something else has answered: the handler would work for nobody.
  if (reply.sent || !settlesWith(progress, reply.raw, admitted)) {
    admitted.settle({ kind: 'aborted', phase: 'before-handler' });
    return reply.hijack();
  }
  letInBy(progress, open, admitted);
  setHeaders(reply, admitted.headers);
  return undefined;
}

/** What let a request in, put together when its handler asks for it; null where nothing was required. */
export function admissionOf(request: FastifyRequest): Admission | null {
  const progress = (request as Known)[progressKey];
  return (progress && admissionIn(progress)) ?? null;
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
