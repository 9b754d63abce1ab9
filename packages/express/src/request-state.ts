import type { Admission, Denied, Gate } from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';

/** Answers a denial in the application's own way. It sends the response, or calls `next`. */
export type DenialHandler = (request: Request, response: Response, next: NextFunction, denied: Denied) => unknown;

/** What `tollgate()` leaves for the route's own middleware. */
export interface RequestState {
  gate: Gate<Request>;
  propertyName: string;
  skip: ((request: Request) => boolean | Promise<boolean>) | undefined;
  handler: DenialHandler | undefined;
  /** Requirements that were decided for this request: nested routers may bring it past the same one twice. */
  decided: Set<string>;
}

/**
 * For applications that want `req.tollgate` typed everywhere:
 * `declare global { namespace Express { interface Request extends WithTollgate {} } }`
 */
export interface WithTollgate {
  /** Set by `requireEntitlement`. */
  tollgate?: Admission;
}

// Kept beside the request, not on it: nothing of ours is there for an application to trip over but its one property.
const states = new WeakMap<Request, RequestState>();
const admissions = new WeakMap<Request, Admission>();

/** Takes over what the same gate has decided already: mounted applications may use the same `tollgate()` again. */
export function setState(request: Request, state: Omit<RequestState, 'decided'>): void {
  const earlier = states.get(request);
  const decided = earlier?.gate === state.gate ? earlier.decided : new Set<string>();
  states.set(request, { ...state, decided });
}

export function stateOf(request: Request): RequestState | undefined {
  return states.get(request);
}

/** What let this request in, typed, under whatever name it stands on the request; undefined where nothing was required. */
export function admissionOf(request: Request): Admission | undefined {
  return admissions.get(request);
}

export function setAdmission(request: Request, { propertyName }: RequestState, admission: Admission): void {
  admissions.set(request, admission);
  Object.assign(request, { [propertyName]: admission });
}
