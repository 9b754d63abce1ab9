/** How a request, a field or a message ended. */
export type Outcome =
  /** HTTP: the response was sent. */
  | { kind: 'finished'; statusCode: number }
  /** HTTP: the connection closed before the response was sent, before or after the handler was called. */
  | { kind: 'aborted'; phase: 'before-handler' | 'in-handler' }
  /** Anything else: the handler's own result. */
  | { kind: 'succeeded' }
  | { kind: 'failed'; error?: unknown };

/** What to do with the usage of a request: charge it, let it go, or charge this amount. `undefined`: as usual. */
export type Settlement = 'commit' | 'release' | number;
export type SettleBy = (outcome: Outcome, used: MeasuredUsage) => Settlement | undefined;

/** What one charged requirement of a request was admitted with, and what its handler measured. */
export interface MeasuredUsage {
  /** The id of the feature, or of the currency. */
  featureId: string;
  usage: number;
  measured: number | undefined;
}

/**
 * The usual settlement: a 2xx or 3xx is charged, a 4xx or 5xx is not. An abort before the handler is not charged; an
 * abort in it charges what was measured, and without a measurement follows `onAbort`.
 */
export function usualSettlement(
  outcome: Outcome,
  { hasMeasured, onAbort }: { hasMeasured: boolean; onAbort: 'commit' | 'release' },
): 'commit' | 'release' {
  switch (outcome.kind) {
    case 'finished':
      return outcome.statusCode < 400 ? 'commit' : 'release';
    case 'aborted':
      if (outcome.phase === 'before-handler') return 'release';
      return hasMeasured ? 'commit' : onAbort;
    case 'succeeded':
      return 'commit';
    case 'failed':
      return 'release';
  }
}

/** HEAD and OPTIONS are checked, never charged: frameworks answer them by themselves, often through the GET route. */
export function isNeverCharged(method: string | undefined): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** True for a CORS preflight, which carries no credentials and therefore no customer: nothing to check. */
export function isPreflight(method: string, request: { headers: Readonly<Record<string, unknown>> }): boolean {
  return method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}
