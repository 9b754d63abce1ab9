import type { Registered } from '@tollgate/client';
import {
  type DeclaredRequirement,
  type DetailsOf,
  isPreflight,
  mergeAdmissions,
  missingTollgate,
  notDecidedOf,
  type RequirementFactory,
  type RequirementInput,
  requirementsOf,
  watchFetch,
  watchResponse,
} from '@tollgate/client/gate';
import type { Context, MiddlewareHandler } from 'hono';
import { contextOf, deny, setHeaders } from './gate-call.js';
import { type DenialHandler, type RequestState, stateOf, type TollgateVariables } from './request-state.js';

export interface RequireOptions {
  /** In place of the application's. */
  skip?: (c: Context) => boolean | Promise<boolean>;
  handler?: DenialHandler;
}

/** What may stand beside a feature id. Whole requirements say for themselves what is needed. */
export type RequirementOptions<Id = string, Catalog = Registered> = DetailsOf<Id, Context, Catalog> & RequireOptions;

export interface RequirementMiddleware extends MiddlewareHandler<{ Variables: TollgateVariables }> {
  /** What it requires: `checkRoutes` finds it by this. */
  readonly requirements: readonly DeclaredRequirement<Context>[];
}

export type RequireEntitlement<Catalog = Registered> = RequirementFactory<
  Context,
  RequireOptions,
  RequirementMiddleware,
  Catalog
>;

/**
 * Middleware for a route or path: lets the request through when the customer may do what is required, and charges the
 * usage when the response has succeeded. Throws CONFIGURATION for a requirement that is declared wrongly.
 */
export const requireEntitlement: RequireEntitlement = (
  input: RequirementInput<Context>,
  { skip, handler, ...details }: RequireOptions = {},
) => {
  const requirements = requirementsOf(input, details);
  const middleware: MiddlewareHandler<{ Variables: TollgateVariables }> = async (c, next) => {
    const state = stateOf(c);
    if (!state) throw missingTollgate('requireEntitlement');
    // Before anything is awaited, or a connection that closes early would be missed.
    const watch = watchOf(c, state);
    const open = notDecidedOf(requirements, state);
    const { method } = c.req;
    const headers = { 'access-control-request-method': c.req.header('access-control-request-method') };
    if (open.length === 0 || isPreflight(method, { headers }) || (await (skip ?? state.skip)?.(c))) return next();

    const result = await state.gate.admit(contextOf(c), open);
    if (!result.isAdmitted) return deny(c, result, handler ?? state.handler);
    watch.settle(result);
    // The client has gone: the handler would work for nobody.
    if (watch.isOver()) return c.body(null);
    state.decided = [...state.decided, ...open];
    setHeaders(c, result.headers);
    c.set('tollgate', mergeAdmissions(c.get('tollgate'), result.admission));
    return next();
  };
  return Object.assign(middleware, { requirements });
};

/** On Node the response itself tells how it ended, elsewhere the body that the runtime reads. */
function watchOf(c: Context, state: RequestState) {
  const { outgoing } = (c.env ?? {}) as { outgoing?: Parameters<typeof watchResponse>[0] };
  state.watch ??= outgoing ? watchResponse(outgoing) : watchFetch(c.req.raw.signal);
  return state.watch;
}
