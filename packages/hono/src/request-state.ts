import type { Admission, DeclaredRequirement, Denied, FetchWatch, Gate, ResponseWatch } from '@tollgate/client/gate';
import type { Context } from 'hono';

/** Answers a denial in the application's own way. */
export type DenialHandler = (c: Context, denied: Denied) => Response | Promise<Response>;

/** For `new Hono<{ Variables: TollgateVariables }>()`: what `c.get('tollgate')` and `c.var.tollgate` give. */
export interface TollgateVariables {
  /** What let the request in. Set by `requireEntitlement`. */
  tollgate: Admission;
}

/** What `tollgate()` leaves for the route's own middleware. */
export interface RequestState {
  gate: Gate<Context>;
  skip: ((c: Context) => boolean | Promise<boolean>) | undefined;
  handler: DenialHandler | undefined;
  /** What was decided for this request: nested applications may bring it past the same requirement twice. */
  decided: readonly DeclaredRequirement<Context>[];
  /** From the first requirement on. */
  watch: ResponseWatch | FetchWatch | undefined;
}

const states = new WeakMap<Context, RequestState>();

/** Takes over what the same gate has decided already: nested applications may use the same `tollgate()` again. */
export function setState(c: Context, given: Pick<RequestState, 'gate' | 'skip' | 'handler'>): RequestState {
  const earlier = states.get(c);
  const state = earlier?.gate === given.gate ? earlier : { ...given, decided: [], watch: undefined };
  states.set(c, state);
  return state;
}

export function stateOf(c: Context): RequestState | undefined {
  return states.get(c);
}
