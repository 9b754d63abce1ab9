import type { Registered } from '@tollgate/client';
import {
  type Admitted,
  after,
  type DeclaredRequirement,
  type Denied,
  type DetailsOf,
  isPreflight,
  letInBy,
  missingTollgate,
  notDecidedOf,
  type RequirementFactory,
  type RequirementInput,
  requirementsOf,
  type Soon,
  settlesWith,
  soon,
  watchedIfWaiting,
} from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import { type Arguments, deny, RequestContext, setHeaders } from './gate-call.js';
import { madeInsideRequest, warnOfPlace } from './inside-request.js';
import { type DenialHandler, type RequestState, type Requirements, showAdmission, stateOf } from './request-state.js';

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
    const state = stateOf(request);
    if (isMisplaced && state) warnOfPlace('requireEntitlement', state.enforcement.gate.logger);
    try {
      const enforced = enforce({ request, response, next, state, requirements, skip, handler });
      if (enforced instanceof Promise) enforced.catch(next);
    } catch (error) {
      next(error);
    }
  };
  return Object.assign(middleware, { requirements });
};

interface Call extends Arguments {
  state: RequestState | undefined;
  requirements: Requirements;
  skip: RequireOptions['skip'];
  handler: DenialHandler | undefined;
}

/** Without a promise where nothing has to be waited for: what comes after one costs Express as much as the gate does. */
function enforce(call: Call): Soon<void> {
  const { request, response, next, state, requirements } = call;
  if (!state) throw missingTollgate('requireEntitlement');
  const open = notDecidedOf(requirements, state.progress);
  const { method } = request;
  if (open.length === 0 || isPreflight(method, request)) return next();
  const skip = call.skip ?? state.enforcement.skip;
  if (!skip) return decide(call, state, { method, open });
  return after(watchedIfWaiting(state.progress, response, soon(skip(request))), (isSkipped) =>
    isSkipped ? next() : decide(call, state, { method, open }),
  );
}

function decide(call: Call, state: RequestState, { method, open }: { method: string; open: Requirements }): Soon<void> {
  const { request, response, requirements } = call;
  const answer = state.enforcement.gate.admitAtOnce(new RequestContext(request, method, requirements), open);
  return after(watchedIfWaiting(state.progress, response, answer), (result) =>
    result.isAdmitted ? letIn(call, state, open, result) : refuse(call, state, result),
  );
}

const refuse = (call: Call, state: RequestState, denied: Denied): Promise<void> =>
  deny(call, denied, call.handler ?? state.enforcement.handler);

function letIn({ request, response, next }: Call, state: RequestState, open: Requirements, admitted: Admitted): void {
  // The client has gone, or something else has answered: the handler would work for nobody.
  if (response.headersSent || !settlesWith(state.progress, response, admitted)) {
    admitted.settle({ kind: 'aborted', phase: 'before-handler' });
    return;
  }
  letInBy(state.progress, open, admitted);
  setHeaders(response, admitted.headers);
  showAdmission(request, state);
  next();
}
