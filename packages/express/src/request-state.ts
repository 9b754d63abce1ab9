import type { Admission, DeclaredRequirement, Denied, Gate, Watching } from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';

/** Answers a denial in the application's own way. It sends the response, or calls `next`. */
export type DenialHandler = (request: Request, response: Response, next: NextFunction, denied: Denied) => unknown;

/** What `tollgate()` was made with. */
export interface Enforcement {
  gate: Gate<Request>;
  propertyName: string;
  skip: ((request: Request) => boolean | Promise<boolean>) | undefined;
  handler: DenialHandler | undefined;
}

export type Requirements = readonly DeclaredRequirement<Request>[];

/** What `tollgate()` leaves for the route's own middleware. */
export interface RequestState extends Watching {
  enforcement: Enforcement;
  /** What was decided for this request: nested routers may bring it past the same requirement twice. */
  decided: Requirements | undefined;
  admission: Admission | undefined;
}

/**
 * For applications that want `req.tollgate` typed everywhere:
 * `declare global { namespace Express { interface Request extends WithTollgate {} } }`
 */
export interface WithTollgate {
  /** Set by `requireEntitlement`. */
  tollgate?: Admission;
}

// Under a symbol, which nobody else has: nothing of ours is there for an application to trip over but its one property. A
// weak map with an entry for every request would be what the garbage collector is slowest at.
const stateKey = Symbol('tollgate.state');
type Known = Request & { [stateKey]?: RequestState };

/** Takes over what the same gate has decided already: mounted applications may use the same `tollgate()` again. */
export function setState(request: Known, enforcement: Enforcement): void {
  const earlier = request[stateKey];
  const decided = earlier?.enforcement.gate === enforcement.gate ? earlier.decided : undefined;
  request[stateKey] = { enforcement, decided, admission: earlier?.admission, watch: earlier?.watch };
}

export function stateOf(request: Known): RequestState | undefined {
  return request[stateKey];
}

/** What let this request in, typed, under whatever name it stands on the request; undefined where nothing was required. */
export function admissionOf(request: Request): Admission | undefined {
  return (request as Known)[stateKey]?.admission;
}

export function setAdmission(request: Request, state: RequestState, admission: Admission): void {
  state.admission = admission;
  (request as Request & Record<string, unknown>)[state.enforcement.propertyName] = admission;
}
