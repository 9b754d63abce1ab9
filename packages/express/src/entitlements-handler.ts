import {
  defineEntitlementsQuery,
  type EntitlementsOptions,
  type EntitlementsQuery,
  missingTollgate,
} from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import { type Arguments, deny, RequestContext, setHeaders } from './gate-call.js';
import { stateOf } from './request-state.js';

export interface EntitlementsHandler {
  (request: Request, response: Response, next: NextFunction): void;
  /** What it shows: `checkRoutes` finds it by this. */
  readonly shown: EntitlementsQuery<Request>;
}

/**
 * A handler for a GET route that answers what the current customer has, as JSON for the application's own pages
 * (`ShownEntitlements`), so that a page shows what the routes enforce. Answers 304 to a tag that still holds. Without
 * options it shows everything that the customer has. Throws CONFIGURATION for a wrong option.
 */
export function entitlementsHandler(options?: EntitlementsOptions<Request>): EntitlementsHandler {
  const query = defineEntitlementsQuery<Request>(options);
  const handler = (request: Request, response: Response, next: NextFunction): void => {
    answer({ request, response, next }, query).catch(next);
  };
  return Object.assign(handler, { shown: query });
}

async function answer(call: Arguments, query: EntitlementsQuery<Request>): Promise<void> {
  const { request, response } = call;
  const state = stateOf(request);
  if (!state) throw missingTollgate('entitlementsHandler');
  const context = Object.assign(new RequestContext(request, request.method, query), {
    ifNoneMatch: request.headers['if-none-match'],
  });
  const result = await state.enforcement.gate.entitlements(context, query);
  if ('problem' in result) return deny(call, result, state.enforcement.handler);
  if (response.headersSent) return;
  setHeaders(response, result.headers);
  response.status(result.status).send(result.body ?? undefined);
}
