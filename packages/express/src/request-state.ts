import {
  type Admission,
  admissionIn,
  type DeclaredRequirement,
  type Denied,
  type Gate,
  newProgress,
  type RequestProgress,
} from '@tollgate/client/gate';
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
export interface RequestState {
  enforcement: Enforcement;
  progress: RequestProgress<Request>;
  /** Under which properties its admission stands on the request. */
  shownAs: readonly string[];
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

const none: readonly never[] = [];

/** Takes over what the same gate has decided already: mounted applications may use the same `tollgate()` again. */
export function setState(request: Known, enforcement: Enforcement): void {
  const earlier = request[stateKey];
  const isSameGate = earlier?.enforcement.gate === enforcement.gate;
  const progress = isSameGate ? earlier.progress : newProgress<Request>(earlier?.progress);
  request[stateKey] = { enforcement, progress, shownAs: earlier?.shownAs ?? none };
}

export function stateOf(request: Known): RequestState | undefined {
  return request[stateKey];
}

/** What let this request in, typed, under whatever name it stands on the request; undefined where nothing was required. */
export function admissionOf(request: Request): Admission | undefined {
  const state = stateOf(request);
  return state && admissionIn(state.progress);
}

/** Shows what let a request in under the property of the application's choice. */
export function showAdmission(request: Request, state: RequestState): void {
  const { propertyName } = state.enforcement;
  if (!state.shownAs.includes(propertyName)) state.shownAs = [...state.shownAs, propertyName];
  if (Object.hasOwn(request, propertyName) || !showsAdmission(Object.getPrototypeOf(request), propertyName)) {
    Object.defineProperty(request, propertyName, { value: admissionOf(request), configurable: true, writable: true });
  }
}

/** By the prototype of an application's requests, the properties that are defined there. */
const shown = new WeakMap<object, Map<string, boolean>>();

/**
 * Lets all requests of an application show their admission: Express means `app.request` for that, and in Express a
 * property that is added to a single request takes longer than the decision. False where it cannot be: for what is no
 * request of Express, and where something else has that name.
 */
function showsAdmission(prototype: object, name: string): boolean {
  const known = shown.get(prototype) ?? new Map<string, boolean>();
  const before = known.get(name);
  if (before !== undefined) return before;
  const isShown = defineOn(rootOf(prototype), name);
  shown.set(prototype, known.set(name, isShown));
  return isShown;
}

const ours = new WeakSet<() => unknown>();

function defineOn(prototype: object | undefined, name: string): boolean {
  if (!prototype) return false;
  const known = Object.getOwnPropertyDescriptor(prototype, name);
  if (known?.get) return ours.has(known.get);
  if (name in prototype) return false;
  const get = function (this: Request): Admission | undefined {
    return stateOf(this)?.shownAs.includes(name) ? admissionOf(this) : undefined;
  };
  // Whoever sets it has a property of their own, as with any other name.
  const set = function (this: Request, value: unknown): void {
    Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
  };
  ours.add(get);
  Object.defineProperty(prototype, name, { get, set, configurable: true });
  return true;
}

/** The requests of a mounted application have those of the one above it as their prototype: here the uppermost. */
function rootOf(prototype: object): object | undefined {
  if (!Object.hasOwn(prototype, 'app')) return undefined;
  return rootOf(Object.getPrototypeOf(prototype)) ?? prototype;
}
