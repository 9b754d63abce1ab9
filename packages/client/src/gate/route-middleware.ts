import type { TollgateError } from '@tollgate/contract';
import type { FeatureId, Registered } from '../typed-catalog.js';
import { invalid } from './configuration-error.js';
import type { EntitlementsOptions } from './entitlements-query.js';
import type { DeclaredRequirement } from './gate-types.js';
import { defineRequirements, withDetails } from './requirement.js';
import type { AllOf, AnyOf, DetailsOf, Requirement, RequirementInput, RequirementList } from './typed-requirement.js';

/** The shape of `requireEntitlement` where it makes middleware. `Options` are the framework's own, beside the details. */
export type RequirementFactory<Request, Options, Middleware, Catalog = Registered> = <Id extends FeatureId<Catalog>>(
  requirements:
    | Id
    | Requirement<Request, Catalog>
    | AnyOf<Request, Catalog>
    | AllOf<Request, Catalog>
    | RequirementList<Request, Catalog>,
  // Spelled out, because the compiler shows the name of an alias in place of what is allowed.
  options?: DetailsOf<Id, Request, Catalog> & Options,
) => Middleware;

/** What names ids of a catalog, checked against it. */
export interface TypedFactories<Request, Options, Middleware, Handler, Catalog> {
  requireEntitlement: RequirementFactory<Request, Options, Middleware, Catalog>;
  entitlementsHandler(options?: EntitlementsOptions<Request, Catalog>): Handler;
}

/** What is required by the arguments of `requireEntitlement`. Throws CONFIGURATION. */
export function requirementsOf<Request>(
  input: RequirementInput<Request>,
  details: object,
): readonly DeclaredRequirement<Request>[] {
  const where = 'requireEntitlement';
  return defineRequirements(withDetails(input, details, where), where);
}

/** For a request that comes by what `made` has made, and has passed no `tollgate()`. */
export function missingTollgate(made: string): TollgateError {
  return invalid(made, 'found no tollgate(): app.use(tollgate({ … })) comes before it');
}
