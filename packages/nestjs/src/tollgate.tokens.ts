import { Inject, type InjectionToken } from '@nestjs/common';
import { Tollgate } from '@tollgate/client';

/** The token of a client: the `Tollgate` class for the instance without a name. */
export function getTollgateToken(name?: string): InjectionToken<Tollgate> {
  return name === undefined ? (Tollgate as InjectionToken<Tollgate>) : `tollgate:client:${name}`;
}

/** The token of what enforces requirements with that client: an `EntitlementGate`. */
export function getEntitlementGateToken(name?: string): string {
  return name === undefined ? 'tollgate:gate' : `tollgate:gate:${name}`;
}

/** The token of what opens and closes an instance's client: a `ClientOwner`. */
export function getClientOwnerToken(name?: string): string {
  return name === undefined ? 'tollgate:owner' : `tollgate:owner:${name}`;
}

/** Which client an instance takes in place of its own. */
export type ClientOverride = (name: string | undefined) => Tollgate;

/** Provided by `TollgateTestingModule`, by nobody else: a `ClientOverride`. */
export const TOLLGATE_CLIENT_OVERRIDE = 'tollgate:client-override';

/** Injects a client; `@Inject(Tollgate)`, or the bare type where a build emits it, does the same without a name. */
export function InjectTollgate(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getTollgateToken(name));
}
