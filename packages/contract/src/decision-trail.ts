import type { Amount } from './amount.js';

/** One comparison on the way to a decision. */
export type DecisionCheck =
  | 'state-known'
  | 'customer-known'
  | 'customer-not-archived'
  | 'entitled'
  | 'resource-known'
  | 'subscription-active'
  | 'sources-known'
  | 'kind-matches'
  | 'not-revoked'
  | 'values-granted'
  | 'value-sufficient'
  | 'usage-known'
  | 'within-limit'
  | 'wallet-found'
  | 'balance-known'
  | 'credits-sufficient';

/** What `decide` compared, in that order, for whoever wants to know why. */
export interface DecisionTrail {
  steps: { check: DecisionCheck; isPassed: boolean }[];
  /** What was held against the limit, in shown units: used, held, pending and asked for. */
  compared?: Amount;
  /** The credits that were asked for, as far as they are known beforehand, and those that are pending. */
  credits?: { needed: Amount | undefined; pending: Amount };
}

/** Everything that one decision goes by. */
export interface DecisionContext {
  now: number;
  trail: DecisionTrail | undefined;
}

/** The condition that decides is the one that is recorded: what is told of a decision cannot differ from it. */
export function fails({ trail }: DecisionContext, check: DecisionCheck, isPassed: boolean): boolean {
  trail?.steps.push({ check, isPassed });
  return !isPassed;
}
