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

/**
 * What the gate needs to know of a request, found out when it is asked for: no two requests of Express have the same
 * shape for the engine that runs this, so whatever is read from one, or put there, costs as much as half a decision.
 */
export class RequestContext implements GateContext<Request> {
  constructor(
    readonly request: Request,
    readonly method: string,
    /** What the middleware carries that was reached. */
    private readonly mark: object,
  ) {}

  get path(): string {
    return this.request.originalUrl.replace(/\?.*$/s, '');
  }

  get route(): string | undefined {
    const pattern = patternOf(this.request, this.mark);
    return pattern && `${this.method} ${pattern}`;
  }

  get idempotencyKey(): string | undefined {
    return this.request.headers['idempotency-key'] as string | undefined;
  }

  get origin(): string | undefined {
    return this.request.headers.origin;
  }
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
  let present: readonly string[] | undefined;
  for (const name in headers) {
    present ??= response.getHeaderNames();
    const existing = present.includes(name.toLowerCase()) ? response.getHeader(name) : undefined;
    response.setHeader(name, mergeHeader(name, existing, headers[name] as string));
  }
}
