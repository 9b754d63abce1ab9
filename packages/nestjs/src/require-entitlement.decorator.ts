import { applyDecorators, type ExecutionContext, type Type, UseGuards, UseInterceptors } from '@nestjs/common';
import type { CurrencyId, FeatureId, Registered } from '@tollgate/client';
import type { AllOf, AnyOf, DetailsOf, RequirementDetails } from '@tollgate/client/gate';
import {
  type DecoratedRequirement,
  mistake,
  type Per,
  REQUIREMENTS_METADATA,
  type RequirementMetadata,
} from './declared-requirements.js';
import { EntitlementGuard } from './entitlement.guard.js';
import { EntitlementInterceptor } from './entitlement.interceptor.js';
import {
  type EntitlementsController,
  type EntitlementsHandlerOptions,
  entitlementsHandler,
} from './entitlements-handler.js';

/** What only Nest has. */
interface Placing {
  /** The `name` of the module instance that decides; the one without a name when left out. */
  instance?: string;
  /**
   * How often it counts. Default `call`: for every request, GraphQL field or message. GraphQL only: `operation`, once
   * for all fields of an operation; `event`, for every event of a subscription.
   */
  per?: Per;
}

/** What may stand beside a feature id; spelled out below, because the compiler shows an alias by its name only. */
export type RequireEntitlementOptions<Id = string, Catalog = Registered> = DetailsOf<Id, ExecutionContext, Catalog> &
  Placing;

export interface RequireCreditsOptions
  extends Omit<RequirementDetails<ExecutionContext>, 'atMost' | 'values'>,
    Placing {}

/**
 * Lets a request through to a handler, or to every handler of a controller, only with this entitlement. May be used
 * several times, on both: all of it is required, decided together. Functions in the options get the `ExecutionContext`.
 */
export function RequireEntitlement<Id extends FeatureId>(
  feature: Id,
  options?: DetailsOf<Id, ExecutionContext> & Placing,
): ClassDecorator & MethodDecorator;
export function RequireEntitlement(
  feature: string,
  { instance, per, ...details }: RequireEntitlementOptions = {},
): ClassDecorator & MethodDecorator {
  return required({ instance, per, requirement: { ...details, feature } });
}

/** The same for credits of a currency, whatever feature they are used for. Stands beside `@RequireEntitlement`. */
export function RequireCredits(
  currency: CurrencyId,
  { instance, per, ...details }: RequireCreditsOptions = {},
): ClassDecorator & MethodDecorator {
  return required({ instance, per, requirement: { ...details, currency } });
}

/**
 * Alternatives: the first that passes is the one that counts and is charged, and only when none does the request is
 * denied. An alternative is a feature id, a requirement, or a list of them that is required together. Stands beside the
 * other decorators: what they require is required too.
 */
export function RequireAny(
  alternatives: AnyOf<ExecutionContext>['any'],
  { instance, per }: Placing = {},
): ClassDecorator & MethodDecorator {
  return required({ instance, per, requirement: { any: alternatives } });
}

/** Several requirements in one decorator; the same as one decorator for each. */
export function RequireAll(
  requirements: AllOf<ExecutionContext>['all'],
  { instance, per }: Placing = {},
): ClassDecorator & MethodDecorator {
  return required({ instance, per, requirement: { all: requirements } });
}

/** What names ids of a catalog, checked against it. */
export interface TypedDecorators<Catalog> {
  RequireEntitlement<Id extends FeatureId<Catalog>>(
    feature: Id,
    options?: DetailsOf<Id, ExecutionContext, Catalog> & Placing,
  ): ClassDecorator & MethodDecorator;
  RequireCredits(currency: CurrencyId<Catalog>, options?: RequireCreditsOptions): ClassDecorator & MethodDecorator;
  RequireAny(
    alternatives: AnyOf<ExecutionContext, Catalog>['any'],
    options?: Placing,
  ): ClassDecorator & MethodDecorator;
  RequireAll(
    requirements: AllOf<ExecutionContext, Catalog>['all'],
    options?: Placing,
  ): ClassDecorator & MethodDecorator;
  entitlementsHandler(options?: EntitlementsHandlerOptions<Catalog>): Type<EntitlementsController>;
}

/** For programs with several catalogs: decorators and controllers, checked against one of them. */
export function typed<Catalog>(): TypedDecorators<Catalog> {
  return {
    RequireEntitlement,
    RequireCredits,
    RequireAny,
    RequireAll,
    entitlementsHandler,
  } as object as TypedDecorators<Catalog>;
}

const everyPer: readonly unknown[] = ['call', 'operation', 'event'] satisfies Per[];

function required(given: {
  instance: string | undefined;
  per: Per | undefined;
  requirement: DecoratedRequirement;
}): ClassDecorator & MethodDecorator {
  const { per = 'call' } = given;
  if (!everyPer.includes(per)) throw mistake('per', `must be one of ${everyPer.join(', ')}`);
  return applyDecorators(
    appendRequirement({ ...given, per }),
    UseGuards(EntitlementGuard),
    UseInterceptors(EntitlementInterceptor),
  );
}

/** Appends: what `SetMetadata` would write takes the place of what a decorator further down has written. */
function appendRequirement(requirement: RequirementMetadata): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const host: unknown = key === undefined ? target : descriptor?.value;
    // Nest calls methods only; on anything else the requirement would be kept where nobody looks for it.
    if (typeof host !== 'function') throw mistake(`@RequireEntitlement on ${String(key)}`, 'must stand on a method');
    const earlier = (Reflect.getMetadata(REQUIREMENTS_METADATA, host) ?? []) as RequirementMetadata[];
    Reflect.defineMetadata(REQUIREMENTS_METADATA, [requirement, ...earlier], host);
  };
}
