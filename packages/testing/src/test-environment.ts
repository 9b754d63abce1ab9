import type {
  CurrencyId,
  FeatureId,
  PromotionalEntitlementParams,
  Registered,
  Tollgate,
  TollgateOptions,
} from '@tollgate/client';
import type { Transport } from '@tollgate/contract';
import type { StackClock } from './stack-clock.js';

/** A customer, or one of its resources. */
export type CustomerRef = string | { customerId: string; resourceId?: string };

/** What is not there was not used. */
export interface RecordedUsage {
  /** By feature id: what was used in the period that runs, in raw units. */
  features: Record<string, number>;
  /** By currency id: what was consumed of the credits that are active. */
  credits: Record<string, number>;
}

/** What a test's clients take: where they connect is the environment's. */
export type StackClientOptions = Omit<TollgateOptions, 'apiKey' | 'baseUri' | 'wsUrl' | 'transport'>;

/** What `grant` takes in place of a feature's id: the fields of a promotional entitlement that are not for ever and always. */
export type Grant = Omit<PromotionalEntitlementParams, 'period' | 'isGranted'> &
  Partial<Pick<PromotionalEntitlementParams, 'period'>>;

/** An environment that nothing else uses, with a clock of its own. */
export interface TestEnvironment {
  /** A new client with a memory of its own; closed with the environment at the latest. */
  client(options?: StackClientOptions): Tollgate;
  /** For an app that makes its client itself: `Tollgate.initialize({ ...environment.clientOptions })`. */
  readonly clientOptions: { readonly transport: Transport };
  clock: StackClock;
  /**
   * Gives the customer, who is made when new, a promotional entitlement: for ever, and without a limit where the feature
   * is a number and none is given. Whatever the customer's plans give besides stays.
   */
  grant(customerId: string, feature: FeatureId | Grant): Promise<void>;
  /** Revokes a feature of the customer, who is made when new, whatever the plans give; a later `grant` takes that back. */
  deny(customerId: string, featureId: FeatureId): Promise<void>;
  /** Uses so much of a feature, or of a currency's credits, as if another process had; beyond a limit too. */
  consume(
    customer: CustomerRef,
    what: FeatureId<Registered, 'METERED'> | { currencyId: CurrencyId },
    amount: number,
  ): Promise<void>;
  /**
   * From when it resolves no client reaches the engine; what it resolves with ends that, and resolves when clients that
   * followed the feed do so again. With a function, the outage lasts as long as that runs. The other helpers, `clock` and
   * `usage` go past it.
   */
  outage(): Promise<() => Promise<void>>;
  outage<Result>(during: () => Result | Promise<Result>): Promise<Result>;
  /**
   * What the engine has counted of a feature in the period that runs, in raw units, once everything has arrived that
   * clients were about to deliver; 0 where the customer has no such entitlement. Rejects with TIMEOUT when that takes
   * longer than 5 seconds. In an outage it waits for nothing.
   */
  usage(customer: CustomerRef, featureId: FeatureId<Registered, 'METERED'>): Promise<number>;
  /** The same of everything that was used: for seeing that nothing else was. */
  recordedUsage(customer: CustomerRef): Promise<RecordedUsage>;
  /** Closes the clients, then what belongs to the environment. */
  close(): Promise<void>;
}
