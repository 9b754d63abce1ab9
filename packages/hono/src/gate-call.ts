import { type Denied, type GateContext, mergeHeader } from '@tollgate/client/gate';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { DenialHandler } from './request-state.js';

/** What the gate needs to know of a request. */
export function contextOf(c: Context): GateContext<Context> {
  const { method, path } = c.req;
  const route = `${method} ${routePath(c, -1)}`;
  const idempotencyKey = c.req.header('idempotency-key');
  return { request: c, method, path, route, idempotencyKey, origin: c.req.header('origin') };
}

export function deny(c: Context, denied: Denied, handler: DenialHandler | undefined): Response | Promise<Response> {
  setHeaders(c, denied.headers);
  return handler ? handler(c, denied) : c.body(JSON.stringify(denied.problem), denied.status as 403);
}

/** On the response, not through `c.header`: an answer that the handler made by itself gets them too. */
export function setHeaders(c: Context, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    c.res.headers.set(name, mergeHeader(name, c.res.headers.get(name) ?? undefined, value));
  }
}
