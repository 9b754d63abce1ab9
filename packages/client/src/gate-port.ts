import type { Amount, FeatureDescription, ReportUsageInput, SnapshotKey, SnapshotPair } from '@tollgate/contract';
import type { EntitlementFallback } from './fallback.js';
import type { SafeLogger } from './safe-logger.js';

/** Where the data of an answer came from. */
export type Source = 'live' | 'cache' | 'stale' | 'fallback';

/** What is known of one customer (and resource) right now. `snapshots` is undefined when nothing is. */
export interface View {
  snapshots: SnapshotPair | undefined;
  /** The engine's time, epoch milliseconds. */
  now: number;
  source: Source;
}

/** One amount that the gate admitted, on its way through the outbox. */
export interface AcceptedUsage {
  /** Resolves when the engine stored the item, or refused it for good; never rejects. */
  settled: Promise<void>;
}

/** Everything that the gate asks of a client. */
export interface GatePort {
  /** Looks a customer up: memory, shared cache, engine. Never rejects; waits at most `deadlineMs` for the engine. */
  view(key: SnapshotKey, options: { deadlineMs: number }): Promise<View>;
  /** The same from memory alone: undefined unless it can answer at once and freshly. */
  viewNow(key: SnapshotKey): View | undefined;
  /** The fallback that the user configured for a feature; undefined when there is only the built-in one. */
  configuredFallback(featureId: string): EntitlementFallback | undefined;
  /** Hands usage to the outbox. Throws a `TollgateError` (OVERLOADED, CLOSED) when it cannot be accepted. */
  acceptUsage(item: Omit<ReportUsageInput, 'value'> & { value: Amount }): AcceptedUsage;
  /** True when the outbox has room. */
  isAcceptingUsage(): boolean;
  /** Resolves when the sends that are under way are over, or the deadline is; for a denial that only they cause. */
  sendUnderWay(deadlineMs: number): Promise<void>;
  featureTypes(featureIds: string[]): Promise<(FeatureDescription | null)[]>;
  /** A unique id for idempotency keys and decision ids. */
  newId(): string;
  logger: SafeLogger;
}

/** The property under which a client carries its port: registered globally, so that two copies of the package agree. */
export const gatePortKey: unique symbol = Symbol.for('tollgate.gate-port') as never;
