import type { FeatureId, Registered } from '@tollgate/client';
import {
  type AllOf,
  type AnyOf,
  configurationError,
  type DeclaredRequirement,
  type Denied,
  type DetailsOf,
  defineRequirements,
  isPreflight,
  mergeAdmissions,
  mergeHeader,
  type Requirement,
  type RequirementInput,
  type RequirementList,
  watchFetch,
  watchResponse,
  withDetails,
} from '@tollgate/client/gate';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
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

export type RequireEntitlement<Catalog = Registered> = <Id extends FeatureId<Catalog>>(
  requirements:
    | Id
    | Requirement<Context, Catalog>
    | AnyOf<Context, Catalog>
    | AllOf<Context, Catalog>
    | RequirementList<Context, Catalog>,
  // Spelled out, because the compiler shows the name of an alias in place of what is allowed.
  options?: DetailsOf<Id, Context, Catalog> & RequireOptions,
) => RequirementMiddleware;

const where = 'requireEntitlement';

/**
 * Middleware for a route or path: lets the request through when the customer may do what is required, and charges the
 * usage when the response has succeeded. Throws CONFIGURATION for a requirement that is declared wrongly.
 */
export const requireEntitlement: RequireEntitlement = (
  input: RequirementInput<Context>,
  { skip, handler, ...details }: RequireOptions = {},
) => {
  const requirements = defineRequirements<Context>(withDetails(input, details, where), where);
  const middleware: MiddlewareHandler<{ Variables: TollgateVariables }> = async (c, next) => {
    const state = stateOf(c);
    if (!state) throw configurationError(where, 'found no tollgate(): app.use(tollgate({ … })) comes before it');
    // Before anything is awaited, or a connection that closes early would be missed.
    const watch = watchOf(c, state);
    const open = requirements.filter(({ id }) => !state.decided.has(id));
    const { method, path } = c.req;
    const asks = { 'access-control-request-method': c.req.header('access-control-request-method') };
    if (open.length === 0 || isPreflight(method, asks) || (await (skip ?? state.skip)?.(c))) return next();

    const route = `${method} ${routePath(c, -1)}`;
    const idempotencyKey = c.req.header('idempotency-key');
    const result = await state.gate.admit({ request: c, method, path, route, idempotencyKey }, open);
    if (!result.isAdmitted) return deny(c, handler ?? state.handler, result);
    watch.settle(result);
    // The client has gone: the handler would work for nobody.
    if (watch.isOver()) return c.body(null);
    for (const { id } of open) state.decided.add(id);
    setHeaders(c, result.headers);
    c.set('tollgate', mergeAdmissions(c.get('tollgate'), result.admission));
    return next();
  };
  return Object.assign(middleware, { requirements });
};

/** For programs with several catalogs: `requireEntitlement`, checked against one of them. */
export function typed<Catalog>(): { requireEntitlement: RequireEntitlement<Catalog> } {
  return { requireEntitlement: requireEntitlement as object as RequireEntitlement<Catalog> };
}

/** On Node the response itself tells how it ended, elsewhere the body that the runtime reads. */
function watchOf(c: Context, state: RequestState) {
  const { outgoing } = (c.env ?? {}) as { outgoing?: Parameters<typeof watchResponse>[0] };
  state.watch ??= outgoing ? watchResponse(outgoing) : watchFetch(c.req.raw.signal);
  return state.watch;
}

function deny(c: Context, handler: DenialHandler | undefined, denied: Denied): Response | Promise<Response> {
  setHeaders(c, denied.headers);
  return handler ? handler(c, denied) : c.body(JSON.stringify(denied.problem), denied.status as 403);
}

/** On the response, not through `c.header`: an answer that the handler made by itself gets them too. */
function setHeaders(c: Context, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    c.res.headers.set(name, mergeHeader(name, c.res.headers.get(name) ?? undefined, value));
  }
}
