import type { AccessDeniedReason, ErrorCode, TollgateError } from '@tollgate/contract';
import type { GateMode, ProblemCode, Source } from './gate/gate-words.js';

/**
 * What watches a client without taking part: for metrics, traces and records. Each hook is called at once, within the
 * work that it tells of, with a frozen object of its own. Nobody waits for what it returns; one that throws or rejects is
 * named in the log at most once a minute, and harms nobody. What a hook does not watch is not even put together.
 */
export interface TollgateHooks {
  /** Every requirement that a gate decided, and every answer of a getter for one feature or currency. */
  onDecision?(decision: DecisionEvent): unknown;
  /** What became of usage: accepted, held, stored, settled, released, or refused for good. */
  onUsage?(usage: UsageEvent): unknown;
  /** Every look into a cache, and word that made what is cached out of date. */
  onCache?(lookup: CacheEvent): unknown;
  /** What is logged as an error, whatever the log level, and every call that could not reach the engine. */
  onError?(failure: ErrorEvent): unknown;
}

/** One decision, told when it was made: it began `durationMs` ago. Amounts are shown units, or credits. */
export interface DecisionEvent {
  /** A requirement of a request, or a getter of the client. */
  from: 'gate' | 'getter';
  /** Method and pattern of the route, as far as the framework knows one: fit for labels. Null for a getter. */
  route: string | null;
  /** Null when the request names no customer. */
  customerId: string | null;
  resourceId: string | null;
  /** Null for credits. */
  featureId: string | null;
  /** Null for a feature. */
  currencyId: string | null;
  /** Whether this was granted, by the data or by a fallback; in shadow mode, whether it would have been. */
  hasAccess: boolean;
  /** Whether the request went on: false when another requirement stood in the way, true in shadow mode. */
  isAdmitted: boolean;
  /** True when the requirement only watches: what it denies is let in. */
  isShadow: boolean;
  /** What a denial is answered with; null when access is granted, and for a getter. */
  code: ProblemCode | null;
  /** Why there is no access, in the domain's words; null when there is, or when nothing was decided. */
  reason: AccessDeniedReason | null;
  /** True when the state was unknown, and a fallback or `onUnavailable: 'allow'` answered. */
  isFallback: boolean;
  source: Source;
  /** Null for a getter, and where nothing was decided. */
  mode: GateMode | null;
  /** What was asked for; null when no amount was. */
  requested: number | null;
  /** What was used before, with what is held and pending; null where nothing is counted. */
  used: number | null;
  /** The limit, the value of a numeric feature, or all credits that were granted; null when there is none. */
  limit: number | null;
  /** The same for all requirements of a request, and in the body of a denial. Null for a getter. */
  decisionId: string | null;
  durationMs: number;
}

/** One amount on its way to the engine. Exactly one of `featureId`, `currencyId` and `eventName` is not null. */
export interface UsageEvent {
  /**
   * `accepted` by the outbox, then `stored` by the engine (or stored already), or a `dead-letter`; several amounts that
   * were accepted under one key are stored as their sum. `held` by a reservation, then `settled` with what is charged, or `released`.
   */
  kind: 'accepted' | 'stored' | 'held' | 'settled' | 'released' | 'dead-letter';
  customerId: string;
  resourceId: string | null;
  featureId: string | null;
  currencyId: string | null;
  /** A raw event: its meter says what it comes to. */
  eventName: string | null;
  /** Raw units, or credits; null for a raw event. */
  amount: number | null;
  idempotencyKey: string | null;
  /** Null for what was not reserved. */
  reservationId: string | null;
  /** Why it will never be stored; null unless it is a dead letter. */
  error: TollgateError | null;
}

export interface CacheEvent {
  /** `stale`: there, and due to be fetched again. `invalidated`: nobody looked, word came that it is out of date. */
  result: 'hit' | 'stale' | 'miss' | 'invalidated';
  cache: 'memory' | 'shared';
  /** Null for all of them: a catalog was published. */
  customerId: string | null;
  resourceId: string | null;
}

export interface ErrorEvent {
  message: string;
  /** Null for what is not an error of ours, such as one that a function of the application threw. */
  code: ErrorCode | null;
  /** What was thrown, if something was. */
  error: unknown;
}
