import type {
  AccessDeniedReason,
  Amount,
  EntitlementType,
  FeatureDescription,
  Offers,
  SnapshotKey,
  SnapshotPair,
  Version,
} from '@tollgate/contract';
import type { EntitlementFallback } from './fallback.js';
import type { Source } from './gate/gate-words.js';
import type { Hooks } from './hooks.js';
import type { FeatureOfCustomer } from './key-text.js';
import type { SafeLogger } from './safe-logger.js';

/** What is known of one customer (and resource) right now. `snapshots` is undefined when nothing is. */
export interface View {
  snapshots: SnapshotPair | undefined;
  /** The engine's time, epoch milliseconds. */
  now: number;
  source: Source;
  /** Where the client decides by itself: what it refused or could not tell, by feature, whatever the snapshots say. */
  refusals?: ReadonlyMap<string, AccessDeniedReason>;
}

/** One amount that the gate admitted, on its way through the outbox. */
export interface AcceptedUsage {
  /** Resolves when the engine stored the item, or refused it for good; never rejects. */
  settled: Promise<void>;
}

/** A customer's feature that is used. */
export interface MeteredFeature extends FeatureOfCustomer {
  /** All of it as one text: worked out once, where many amounts are added. */
  name: string;
}

/** An amount of a feature that is added to its counter. */
export interface MeteredUsage extends FeatureOfCustomer {
  value: Amount;
  /** Default: a new one. */
  idempotencyKey?: string | undefined;
}

/** Credits that are consumed without a feature, on their way through the outbox. */
export interface CreditUsage {
  customerId: string;
  resourceId: string | null;
  currencyId: string;
  amount: Amount;
  idempotencyKey: string;
}

/** Which reservation of whom. */
export interface ReservationKey {
  customerId: string;
  reservationId: string;
}

/** What an amount is of. */
export type Target = { featureId: string; currencyId?: undefined } | { currencyId: string; featureId?: undefined };

/** What will be asked of a view: for clients that cannot tell everything at once. */
export interface Wanted {
  target: Target;
  /** The kind that is needed; undefined when any will do. */
  type: EntitlementType | undefined;
}

/** An amount to be held. */
export type HeldItem = Target & { resourceId: string | null; amount: Amount };

/** What a client's request is told by when it comes again. At most 255 characters each. */
export interface ReservedRequest {
  key: string;
  /** Another one under the same key is another request. */
  fingerprint: string;
}

/** What is to be held, all of it or nothing. */
export interface WantedHold extends ReservationKey {
  items: readonly HeldItem[];
  /** The request that it is for, where a repeated one is to be charged once. */
  request?: ReservedRequest | undefined;
}

export type HoldAnswer =
  | { kind: 'held' }
  /** For each item that does not fit, by its place, why. */
  | { kind: 'denied'; denials: readonly { item: number; reason: AccessDeniedReason }[] }
  /** The same request holds it already, and was not settled yet. */
  | { kind: 'running' }
  /** The same request was charged already. */
  | { kind: 'charged' };

/** Reservations in the engine, for requests. */
export interface HoldPort {
  /**
   * Holds all items or none. Rejects with a `TollgateError` when the engine gave no answer in time, and with
   * IDEMPOTENCY_CONFLICT where another request came before under the same key.
   */
  hold(wanted: WantedHold, options: HoldOptions): Promise<HoldAnswer>;
  /** A sign of life. Rejects with CONFLICT when it is not held any more. */
  extend(key: ReservationKey, options: HoldOptions): Promise<void>;
  /** Charges each item with its amount, by its place: tried until the engine has it. Never rejects. */
  settle(key: ReservationKey, amounts: readonly Amount[]): Promise<void>;
  /** Lets go of everything that is held, or may be; what is lost on the way is ended by its time. Never rejects. */
  release(key: ReservationKey): Promise<void>;
}

export interface HoldOptions {
  /** How long it is held without a sign of life. */
  ttlMs: number;
  /** How long to wait for the engine. */
  deadlineMs: number;
}

/** Everything that the gate asks of a client. */
export interface GatePort {
  /** True for a client of the hosted product: no reservations, no credits to charge, no catalog to compare routes with. */
  readonly isReference: boolean;
  /** Looks a customer up: memory, shared cache, engine. Never rejects; waits at most `deadlineMs` for the engine. */
  view(key: SnapshotKey, options: { deadlineMs: number; wanted: readonly Wanted[] }): Promise<View>;
  /** The same from memory alone: undefined unless it can answer at once and freshly. */
  viewNow(key: SnapshotKey): View | undefined;
  /** The fallback that the user configured for a feature or a currency; undefined when there is only the built-in one. */
  configuredFallback(target: Target): EntitlementFallback | undefined;
  /** The same for a second look at what was looked up for this request already: nobody is told of it. */
  viewAgain(key: SnapshotKey): View | undefined;
  /** Hands usage to the outbox. Throws a `TollgateError` (OVERLOADED, CLOSED) when it cannot be accepted. */
  acceptUsage(item: MeteredUsage): AcceptedUsage;
  /** The same for an amount that is as good in a sum with others. What travels together has one `settled`. */
  acceptAmount(feature: MeteredFeature, amount: Amount): AcceptedUsage;
  /** The same for credits. */
  acceptCredits(item: CreditUsage): AcceptedUsage;
  /** True when the outbox has room. */
  isAcceptingUsage(): boolean;
  /** Resolves when the sends that are under way are over, or the deadline is; for a denial that only they cause. */
  sendUnderWay(deadlineMs: number): Promise<void>;
  /** Resolves when the engine has all that was accepted, at the latest after the deadline: for the end of an application. */
  flush(deadlineMs: number): Promise<void>;
  holds: HoldPort;
  /** What is on sale under a catalog number; undefined when that is not known in time. Never rejects. */
  offers(asked: Pick<Version, 'epoch' | 'catalog'>, patienceMs: number): Promise<Offers | undefined>;
  featureTypes(featureIds: string[]): Promise<(FeatureDescription | null)[]>;
  /** A unique id for idempotency keys, reservations and decision ids. */
  newId(): string;
  logger: SafeLogger;
  /** What watches the client, and with it the gate. */
  hooks: Hooks;
}

/** The property under which a client carries its port: registered globally, so that two copies of the package agree. */
export const gatePortKey: unique symbol = Symbol.for('tollgate.gate-port') as never;
