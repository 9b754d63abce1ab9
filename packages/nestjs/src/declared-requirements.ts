import type { ExecutionContext } from '@nestjs/common';
import type { AllOf, AnyOf, Requirement } from '@tollgate/client/gate';
import { TollgateError } from '@tollgate/contract';

export const REQUIREMENTS_METADATA = 'tollgate:requirements';
export const SKIP_METADATA = 'tollgate:skip';

/** What one decorator requires. */
export type DecoratedRequirement = Requirement<ExecutionContext> | AnyOf<ExecutionContext> | AllOf<ExecutionContext>;

/**
 * How often a requirement counts: for every call of the handler, which is a request, a field or a message; once for a
 * whole GraphQL operation, however many of its fields ask for it; or for every event of a GraphQL subscription.
 */
export type Per = 'call' | 'operation' | 'event';

/** One use of `@RequireEntitlement` or another of its kind, as it is kept in the metadata of a class or a method. */
export interface RequirementMetadata {
  /** The name of the module instance that enforces it; undefined for the one without a name. */
  instance: string | undefined;
  per: Per;
  requirement: DecoratedRequirement;
}

/** What one handler requires, with what its controller requires put in. */
export interface Declaration {
  /** For messages: `ReportsController.create`. */
  place: string;
  instance: string | undefined;
  /** All of them. */
  requirements: readonly DecoratedRequirement[];
  /** The same, by how often they count. */
  per: Readonly<Record<Per, readonly DecoratedRequirement[]>>;
}

// A handler that a subclass inherits is one function under two controllers, so both are the key.
const known = new WeakMap<object, WeakMap<object, Declaration>>();

/** Reads the metadata of a handler once. Throws a CONFIGURATION error that names the place and the rule. */
export function declarationOf(controller: { name: string }, handler: { name: string }): Declaration {
  const ofController = known.get(controller) ?? new WeakMap<object, Declaration>();
  const read = ofController.get(handler);
  if (read) return read;
  const declaration = readDeclaration(controller, handler);
  known.set(controller, ofController.set(handler, declaration));
  return declaration;
}

function readDeclaration(controller: { name: string }, handler: { name: string }): Declaration {
  const place = `${controller.name}.${handler.name}`;
  const metadata = metadataInForce(controller, handler, place);
  const instance = metadata[0]?.instance;
  if (metadata.some((item) => item.instance !== instance)) {
    throw mistake(place, 'requires entitlements of two Tollgate instances: one of them decides a request as a whole');
  }
  const counted = (per: Per) => metadata.filter((item) => item.per === per).map(({ requirement }) => requirement);
  return {
    place,
    instance,
    requirements: metadata.map(({ requirement }) => requirement),
    per: { call: counted('call'), operation: counted('operation'), event: counted('event') },
  };
}

/**
 * The nearest word wins: a skip on the method lifts everything, a skip on the class lifts what the class requires, but
 * never what a method states for itself. A method that says both is a mistake, and must not pass for either.
 */
function metadataInForce(controller: object, handler: object, place: string): RequirementMetadata[] {
  const ofController = read<RequirementMetadata[]>(REQUIREMENTS_METADATA, controller) ?? [];
  const ofHandler = read<RequirementMetadata[]>(REQUIREMENTS_METADATA, handler) ?? [];
  const handlerSkips = read<boolean>(SKIP_METADATA, handler);
  if (handlerSkips && ofHandler.length > 0) throw mistake(place, 'has both @SkipEntitlement and @RequireEntitlement');
  const isControllerSkipped = handlerSkips ?? read<boolean>(SKIP_METADATA, controller) ?? false;
  return isControllerSkipped ? ofHandler : [...ofController, ...ofHandler];
}

function read<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}

export function mistake(place: string, rule: string): TollgateError {
  return new TollgateError('CONFIGURATION', `${place} ${rule}`, { field: place });
}
