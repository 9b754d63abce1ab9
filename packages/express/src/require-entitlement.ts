import type { Registered } from '@tollgate/client';
import {
  type DeclaredRequirement,
  type DetailsOf,
  isPreflight,
  mergeAdmissions,
  missingTollgate,
  type RequirementFactory,
  type RequirementInput,
  type ResponseWatch,
  requirementsOf,
  watchResponse,
} from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import { type Arguments, contextOf, deny, setHeaders } from './gate-call.js';
import { madeInsideRequest, warnOfPlace } from './inside-request.js';
import { admissionOf, type DenialHandler, type RequestState, setAdmission, stateOf } from './request-state.js';

export interface RequireOptions {
  /** In place of the application's. */
  skip?: (request: Request) => boolean | Promise<boolean>;
  handler?: DenialHandler;
}

/** What may stand beside a feature id. Whole requirements say for themselves what is needed. */
export type RequirementOptions<Id = string, Catalog = Registered> = DetailsOf<Id, Request, Catalog> & RequireOptions;

export interface RequirementMiddleware {
  (request: Request, response: Response, next: NextFunction): void;
  /** What it requires: `checkRoutes` finds it by this. */
  readonly requirements: readonly DeclaredRequirement<Request>[];
}

export type RequireEntitlement<Catalog = Registered> = RequirementFactory<
  Request,
  RequireOptions,
  RequirementMiddleware,
  Catalog
>;

/**
 * Middleware for a route or router: lets the request through when the customer may do what is required, and charges
 * the usage when the response has succeeded. Throws CONFIGURATION for a requirement that is declared wrongly.
 */
export const requireEntitlement: RequireEntitlement = (
  input: RequirementInput<Request>,
  { skip, handler, ...details }: RequireOptions = {},
): RequirementMiddleware => {
  const requirements = requirementsOf(input, details);
  const isMisplaced = madeInsideRequest('requireEntitlement');
  const middleware = (request: Request, response: Response, next: NextFunction): void => {
    // Before anything is awaited, or a connection that closes early would be missed.
    const watch = watchResponse(response);
    const state = stateOf(request);
    if (isMisplaced && state) warnOfPlace('requireEntitlement', state.gate.logger);
    enforce({ request, response, next, watch, state, requirements, skip, handler }).catch(next);
  };
  return Object.assign(middleware, { requirements });
};

interface Call extends Arguments {
  watch: ResponseWatch;
  state: RequestState | undefined;
  requirements: readonly DeclaredRequirement<Request>[];
  skip: RequireOptions['skip'];
  handler: DenialHandler | undefined;
}

async function enforce(call: Call): Promise<void> {
  const { request, response, next, watch, state } = call;
  if (!state) throw missingTollgate('requireEntitlement');
  const skip = call.skip ?? state.skip;
  const open = call.requirements.filter(({ id }) => !state.decided.has(id));
  if (open.length === 0 || isPreflight(request.method, request.headers) || (await skip?.(request))) return next();

  const result = await state.gate.admit(contextOf(request, call.requirements), open);
  if (!result.isAdmitted) return deny(call, result, call.handler ?? state.handler);
  // The client has gone, or something else has answered: the handler would work for nobody.
  if (watch.isOver() || response.headersSent) return result.settle({ kind: 'aborted', phase: 'before-handler' });
  watch.settle(result);
  for (const { id } of open) state.decided.add(id);
  setHeaders(response, result.headers);
  setAdmission(request, state, mergeAdmissions(admissionOf(request), result.admission));
  next();
}
