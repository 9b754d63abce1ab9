import {
  after,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  type GateContext,
  isPreflight,
  mergeAdmissions,
  mergeHeader,
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

// Which declarations were decided for a request: the scope's hook and the route's own may both come past.
const decidedKey = Symbol('tollgate.decided');

/** Decides the requirements of one request; answers it when it may not pass. */
export function enforce(
  enforcement: Enforcement,
  requirements: Requirements,
  request: FastifyRequest,
  reply: FastifyReply,
): Soon<FastifyReply | undefined> {
  const decided: FastifyRequest & { [decidedKey]?: Set<string> } = request;
  decided[decidedKey] ??= new Set();
  const done = decided[decidedKey];
  const { gate, skip } = enforcement;
  const open = requirements.filter(({ id }) => !done.has(id));
  if (open.length === 0 || isPreflight(request.method, request.headers)) return undefined;
  return after(watchedIfWaiting(reply.raw, soon(skip?.(request) ?? false)), (isSkipped) => {
    if (isSkipped) return undefined;
    return after(watchedIfWaiting(reply.raw, gate.admitAtOnce(contextOf(request), open)), (result) => {
      if (!result.isAdmitted) return deny(enforcement, result, request, reply);
      // The client has gone, or something else has answered: the handler would work for nobody.
      if (reply.sent || !settlesWith(reply.raw, result)) {
        result.settle({ kind: 'aborted', phase: 'before-handler' });
        return reply.hijack();
      }
      for (const { id } of open) done.add(id);
      setHeaders(reply, result.headers);
      request.tollgate = mergeAdmissions(request.tollgate, result.admission);
      return undefined;
    });
  });
}

/** What the gate needs to know of a request. */
export function contextOf(request: FastifyRequest): GateContext<FastifyRequest> {
  const { method, url, headers } = request;
  const pattern = request.routeOptions.url;
  return {
    request,
    method,
    path: url.split('?', 1)[0],
    // A request that no route matched has none.
    route: pattern === undefined ? undefined : `${method} ${pattern}`,
    idempotencyKey: headers['idempotency-key'] as string | undefined,
  };
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
  for (const [name, value] of Object.entries(headers)) {
    reply.header(name, mergeHeader(name, reply.getHeader(name), value));
  }
}
