import { type Denied, type GateContext, mergeHeader } from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import type { DenialHandler } from './request-state.js';
import { patternOf } from './route-steps.js';

/** The three things that Express hands to everybody. */
export interface Arguments {
  request: Request;
  response: Response;
  next: NextFunction;
}

/** What the gate needs to know of a request. `mark` is what the middleware carries that was reached. */
export function contextOf(request: Request, mark: object): GateContext<Request> {
  const { method, originalUrl, headers } = request;
  const pattern = patternOf(request, mark);
  return {
    request,
    method,
    path: originalUrl.split('?', 1)[0],
    route: pattern && `${method} ${pattern}`,
    idempotencyKey: headers['idempotency-key'] as string | undefined,
  };
}

export async function deny(
  { request, response, next }: Arguments,
  denied: Denied,
  handler: DenialHandler | undefined,
): Promise<void> {
  if (response.headersSent) return;
  setHeaders(response, denied.headers);
  if (handler) await handler(request, response, next, denied);
  else response.status(denied.status).end(JSON.stringify(denied.problem));
}

export function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, mergeHeader(name, response.getHeader(name), value));
  }
}
