import type { FeatureId, Registered } from '@tollgate/client';
import {
  type AllOf,
  type AnyOf,
  configurationError,
  type DeclaredRequirement,
  type Denied,
  type DetailsOf,
  defineRequirements,
  type GateContext,
  isPreflight,
  mergeAdmissions,
  mergeHeader,
  type Requirement,
  type RequirementInput,
  type RequirementList,
  type ResponseWatch,
  watchResponse,
  withDetails,
} from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import { madeInsideRequest, warnOfPlace } from './inside-request.js';
import { admissionOf, type DenialHandler, type RequestState, setAdmission, stateOf } from './request-state.js';
import { patternOf } from './route-steps.js';

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

export type RequireEntitlement<Catalog = Registered> = <Id extends FeatureId<Catalog>>(
  requirements:
    | Id
    | Requirement<Request, Catalog>
    | AnyOf<Request, Catalog>
    | AllOf<Request, Catalog>
    | RequirementList<Request, Catalog>,
  // Spelled out, because the compiler shows the name of an alias in place of what is allowed.
  options?: DetailsOf<Id, Request, Catalog> & RequireOptions,
) => RequirementMiddleware;

/**
 * Middleware for a route or router: lets the request through when the customer may do what is required, and charges
 * the usage when the response has succeeded. Throws CONFIGURATION for a requirement that is declared wrongly.
 */
export const requireEntitlement: RequireEntitlement = (
  input: RequirementInput<Request>,
  { skip, handler, ...details }: RequireOptions = {},
): RequirementMiddleware => {
  const requirements = defineRequirements<Request>(
    withDetails(input, details, 'requireEntitlement'),
    'requireEntitlement',
  );
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

/** For programs with several catalogs: `requireEntitlement`, checked against one of them. */
export function typed<Catalog>(): { requireEntitlement: RequireEntitlement<Catalog> } {
  return { requireEntitlement: requireEntitlement as object as RequireEntitlement<Catalog> };
}

interface Call {
  request: Request;
  response: Response;
  next: NextFunction;
  watch: ResponseWatch;
  state: RequestState | undefined;
  requirements: readonly DeclaredRequirement<Request>[];
  skip: RequireOptions['skip'];
  handler: DenialHandler | undefined;
}

async function enforce(call: Call): Promise<void> {
  const { request, response, next, watch, state } = call;
  if (!state)
    throw configurationError('requireEntitlement', 'found no tollgate(): app.use(tollgate({ … })) comes before it');
  const skip = call.skip ?? state.skip;
  const open = call.requirements.filter(({ id }) => !state.decided.has(id));
  if (open.length === 0 || isPreflight(request.method, request.headers) || (await skip?.(request))) return next();

  const result = await state.gate.admit(contextOf(request, call.requirements), open);
  if (!result.isAdmitted) return deny(call, result);
  // The client has gone, or something else has answered: the handler would work for nobody.
  if (watch.isOver() || response.headersSent) return result.settle({ kind: 'aborted', phase: 'before-handler' });
  watch.settle(result);
  for (const { id } of open) state.decided.add(id);
  setHeaders(response, result.headers);
  setAdmission(request, state, mergeAdmissions(admissionOf(request), result.admission));
  next();
}

function contextOf(request: Request, requirements: Call['requirements']): GateContext<Request> {
  const { method, originalUrl, headers } = request;
  const pattern = patternOf(request, requirements);
  return {
    request,
    method,
    path: originalUrl.split('?', 1)[0],
    route: pattern && `${method} ${pattern}`,
    idempotencyKey: headers['idempotency-key'] as string | undefined,
  };
}

async function deny({ request, response, next, state, handler }: Call, denied: Denied): Promise<void> {
  if (response.headersSent) return;
  setHeaders(response, denied.headers);
  const custom = handler ?? state?.handler;
  if (custom) await custom(request, response, next, denied);
  else response.status(denied.status).end(JSON.stringify(denied.problem));
}

function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, mergeHeader(name, response.getHeader(name), value));
  }
}
