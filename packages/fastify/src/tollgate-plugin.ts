import { type TollgateOptions as ClientOptions, type FeatureId, Tollgate } from '@tollgate/client';
import {
  type Admission,
  type AllOf,
  type AnyOf,
  clientOf,
  configurationError,
  createGate,
  type Denied,
  type GateClient,
  type GateOptions,
  type Requirement,
  type RequirementInput,
  type RequirementList,
  type Soon,
} from '@tollgate/client/gate';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { admissionOf, enforce, progressKey, type Requirements } from './enforcement.js';
import type { EntitlementsHandler } from './entitlements-handler.js';
import { openScope, type RequirementHook, type TollgateScope } from './tollgate-scope.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route needs of the customer's plan. */
    entitlement?:
      | FeatureId
      | Requirement<FastifyRequest>
      | AnyOf<FastifyRequest>
      | AllOf<FastifyRequest>
      | RequirementList<FastifyRequest>;
  }
  interface FastifyRequest {
    /** What let the request in; null on routes without a requirement. */
    tollgate: Admission | null;
  }
  interface FastifyInstance {
    tollgate: TollgateScope;
  }
}

export interface TollgatePluginOptions extends Omit<GateOptions<FastifyRequest>, 'client'> {
  /** A client, which stays yours to close, or the options of one, which closes with the application. */
  client: Tollgate | GateClient | ClientOptions;
  /** Requests that nothing is asked of. */
  skip?: (request: FastifyRequest) => boolean | Promise<boolean>;
  /** The body of a denial, in place of the problem. */
  errorResponseBuilder?: (request: FastifyRequest, denied: Denied) => unknown;
  /** When to decide. Default `preHandler`, when authentication has run and the body is parsed. */
  hook?: 'onRequest' | 'preHandler';
}

/** What Fastify says of an application without routes. */
const noRoutes = '(empty tree)';
const declaredKey = Symbol('tollgate.requirements');
type RouteConfig = { entitlement?: RequirementInput<FastifyRequest>; [declaredKey]?: Requirements };

async function plugin(app: FastifyInstance, options: TollgatePluginOptions): Promise<void> {
  const { client, skip, errorResponseBuilder, hook = 'preHandler', ...gateOptions } = options;
  if (hook !== 'onRequest' && hook !== 'preHandler')
    throw configurationError('hook', 'must be onRequest or preHandler');
  if ('allowList' in options) throw configurationError('allowList', 'is called skip here: (request) => boolean');
  const owner = clientOf(client, (clientOptions: ClientOptions) => Tollgate.initialize(clientOptions));
  const gate = createGate<FastifyRequest>({ ...withoutFastifys(gateOptions), client: owner.client });
  const enforcement = { gate, skip, errorResponseBuilder };
  const { scope, declare, list } = openScope(owner.client, enforcement);

  app.decorate('tollgate', scope);
  app.decorateRequest('tollgate', {
    getter(this: FastifyRequest) {
      return admissionOf(this);
    },
  });
  app.decorateRequest(progressKey, null);

  app.addHook('onRoute', (route) => {
    const { method, url } = route;
    const { shown } = route.handler as Partial<EntitlementsHandler>;
    if (shown?.listed) gate.remember(shown.listed, `${method} ${url}`);
    for (const own of [route.onRequest, route.preHandler].flat()) {
      const { requirements } = (own ?? {}) as Partial<RequirementHook>;
      if (requirements) list(requirements, method, url);
    }
    const config: RouteConfig | undefined = route.config;
    if (config?.entitlement === undefined) return;
    const requirements = declare(config.entitlement, method, url);
    // New objects throughout: `route` is Fastify's copy, but its members are still the application's own.
    route.config = { ...config, [declaredKey]: requirements } as RouteOptions['config'];
    const decide = hookOf((request, reply) => enforce(enforcement, requirements, request, reply));
    route[hook] = [...[route[hook] ?? []].flat(), decide] as never;
  });

  // Routes from before the plugin was loaded never pass the hook above. They run through this one, which comes before
  // the hooks of the route itself, for every route: where there are none it is spared.
  const seenEarly = new WeakMap<object, Requirements>();
  const decideEarly = hookOf((request, reply) => {
    const config = request.routeOptions.config as
      | (RouteConfig & { url: string; method: string | string[] })
      | undefined;
    if (config?.entitlement === undefined || config[declaredKey]) return undefined;
    const requirements = seenEarly.get(config) ?? declare(config.entitlement, config.method, config.url);
    seenEarly.set(config, requirements);
    return enforce(enforcement, requirements, request, reply);
  });
  if (app.printRoutes() !== noRoutes) app.addHook(hook, decideEarly);

  app.addHook('onReady', () => gate.checkFeatures());
  app.addHook('onClose', async () => {
    gate.close();
    await owner.close();
  });
}

/** A hook that makes no promise where nothing has to be waited for. It is over when it has answered the request. */
function hookOf(
  run: (request: FastifyRequest, reply: FastifyReply) => Soon<FastifyReply | undefined>,
): onRequestHookHandler {
  return (request, reply, done) => {
    const answered = run(request, reply);
    if (answered instanceof Promise) return answered;
    if (answered === undefined) done();
  };
}

/** `register` puts options of its own beside the plugin's. */
function withoutFastifys(options: object): Omit<GateOptions<FastifyRequest>, 'client'> {
  const fastifys = ['prefix', 'logLevel', 'logSerializers'];
  return Object.fromEntries(Object.entries(options).filter(([name]) => !fastifys.includes(name)));
}

/**
 * Enforces `config.entitlement` on the routes of the scope that it is registered in, and of the scopes below. Register
 * it at the root, with `await`: then every route is checked against the catalog when the application starts.
 */
export const tollgatePlugin = fastifyPlugin(plugin, { fastify: '5.x', name: '@tollgate/fastify' });
