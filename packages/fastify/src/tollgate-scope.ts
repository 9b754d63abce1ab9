import type { Tollgate } from '@tollgate/client';
import {
  type Admitted,
  type Denied,
  defineRequirements,
  type RequirementInput,
  targetsOf,
} from '@tollgate/client/gate';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Enforcement, enforce, RequestContext, type Requirements } from './enforcement.js';

export interface ProtectedRoute {
  method: string | string[];
  url: string;
  features: string[];
  /** The currencies whose credits it needs. */
  currencies: string[];
}

/** A hook that lets requests through when the customer may do what is required. */
export interface RequirementHook {
  (request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  readonly requirements: Requirements;
}

/** What `app.tollgate` is. */
export interface TollgateScope {
  client: Tollgate;
  /** The routes that carry a requirement, as far as they are known: those registered after the plugin was loaded. */
  routes(): readonly ProtectedRoute[];
  /**
   * A hook for what has no `config`: `app.setNotFoundHandler({ preHandler: app.tollgate.requireEntitlement('feature') })`.
   * Throws CONFIGURATION for a requirement that is declared wrongly.
   */
  requireEntitlement(requirements: RequirementInput<FastifyRequest>): RequirementHook;
  /** How a requirement would be decided for this request now. Holds and charges nothing, and answers nothing. */
  check(request: FastifyRequest, requirements: RequirementInput<FastifyRequest>): Promise<Admitted | Denied>;
}

/** A scope, with what the plugin itself needs to fill it. */
export interface OpenScope {
  scope: TollgateScope;
  /** Takes in what a route requires. Throws CONFIGURATION. */
  declare(entitlement: RequirementInput<FastifyRequest>, method: string | string[], url: string): Requirements;
  /** Lists a route whose requirements were declared elsewhere. */
  list(requirements: Requirements, method: string | string[], url: string): void;
}

const enforcements = new WeakMap<TollgateScope, Enforcement>();

/** What enforces in the scope of a request; undefined where the plugin is not registered. */
export function enforcementOf({ server }: FastifyRequest): Enforcement | undefined {
  return enforcements.get(server.tollgate);
}

export function openScope(client: Tollgate, enforcement: Enforcement): OpenScope {
  const { gate } = enforcement;
  const routes: ProtectedRoute[] = [];
  const list = (requirements: Requirements, method: string | string[], url: string): void => {
    routes.push({ method, url, ...targetsOf(requirements) });
  };
  const scope: TollgateScope = {
    client,
    routes: () => [...routes],
    requireEntitlement(input) {
      const requirements = gate.declare(input, 'app.tollgate.requireEntitlement');
      const hook = async (request: FastifyRequest, reply: FastifyReply) =>
        enforce(enforcement, requirements, request, reply);
      return Object.assign(hook, { requirements });
    },
    async check(request, input) {
      const requirements = defineRequirements<FastifyRequest>(input, 'app.tollgate.check');
      const looks = requirements.map((requirement) => ({
        ...requirement,
        mode: 'check' as const,
        isIdempotent: false,
        isShadow: false,
      }));
      return gate.admit(new RequestContext(request), looks);
    },
  };
  enforcements.set(scope, enforcement);
  return {
    scope,
    list,
    declare(entitlement, method, url) {
      const requirements = gate.declare(entitlement, `${method} ${url} config.entitlement`);
      list(requirements, method, url);
      return requirements;
    },
  };
}
