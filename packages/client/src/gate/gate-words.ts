/** Where the data of an answer came from. */
export type Source = 'live' | 'cache' | 'stale' | 'fallback';

/**
 * `check` decides from the cache and reports nothing. `meter` decides from the cache, and reports the usage when the
 * request has succeeded: exact within a process. `reserve` holds the amount in the engine before the handler runs, and
 * afterwards charges what was used: exact across processes.
 */
export type GateMode = 'check' | 'meter' | 'reserve';

/** Why a request was not let in: one code per thing that a caller can do about it. */
export type ProblemCode =
  | 'feature-not-entitled'
  | 'customer-unknown'
  | 'subscription-inactive'
  | 'credits-exhausted'
  | 'budget-exceeded'
  | 'quota-exceeded'
  | 'limit-reached'
  | 'requirement-misconfigured'
  | 'state-unavailable'
  | 'customer-missing'
  | 'idempotency-key-in-use'
  | 'idempotency-key-reused';

/** A plan or an add-on that would have let a request in. */
export interface AvailableIn {
  type: 'plan' | 'addon';
  id: string;
  displayName: string;
}
