import { type ClientCore, clientCore } from './client-core.js';
import type { ClientStatus } from './client-status.js';
import type { ConsumeCredits, ConsumedCredits } from './consumption.js';
import type { CreditEntitlement, EntitlementV2 } from './credit-entitlement.js';
import { deprecated } from './deprecation.js';
import {
  type EntitlementOptions,
  type EnumOptions,
  type GetCreditEntitlement,
  type GetEntitlement,
  type GetEntitlementV2,
  keyOf,
  type MeteredOptions,
} from './entitlement-params.js';
import type { EntitlementsState, EntitlementsStateV2 } from './entitlement-reads.js';
import type { TollgateEvent, TollgateListener } from './events.js';
import type { EntitlementExplanation } from './explain.js';
import { type GatePort, gatePortKey } from './gate-port.js';
import { checkFields } from './input-rules.js';
import { ManagedClient } from './managed-client.js';
import { resolveOptions, type TollgateOptions } from './options.js';
import type {
  ExtendReservation,
  GetReservation,
  ReleaseReservation,
  Reserve,
  SettleReservation,
} from './reservation-inputs.js';
import type { Reservation } from './reservations.js';
import type {
  BooleanEntitlement,
  Entitlement,
  EnumEntitlement,
  MeteredEntitlement,
  NumericEntitlement,
} from './results.js';
import type { CurrencyId, FeatureId, Registered } from './typed-catalog.js';
import type { ReportEvent, ReportUsage } from './usage-inputs.js';
import type { ReportUsageAck } from './usage-reports.js';

export type { EntitlementExplanation } from './explain.js';
export type { ClientStatus };

/**
 * Asks whether a customer may do something, caches the answer, and reports usage. A class, so that it can serve as a
 * token of dependency injection; made by `Tollgate.initialize` only.
 */
export class Tollgate<Catalog = Registered> extends ManagedClient<Catalog> {
  readonly #core: ClientCore;
  /** For the gate of the framework adapters. */
  readonly [gatePortKey]: GatePort;

  private constructor(core: ClientCore) {
    super(core.management);
    this.#core = core;
    this[gatePortKey] = core.gatePort;
  }

  /** Returns at once and connects in the background. Throws CONFIGURATION, naming the option that breaks a rule. */
  static initialize<Catalog = Registered>(options: TollgateOptions<Catalog>): Tollgate<Catalog> {
    return new Tollgate(clientCore(resolveOptions(options)));
  }

  /** Resolves with the client once the engine has answered; rejects when it refused or could not be reached. */
  async waitForInitialization(): Promise<this> {
    await this.#core.isReady;
    return this;
  }

  /** Getters answer from cache, and never reject: what is wrong or unknown is logged and answered by a fallback. */
  getBooleanEntitlement(
    params: GetEntitlement<EntitlementOptions, FeatureId<Catalog, 'BOOLEAN'>>,
  ): Promise<BooleanEntitlement> {
    return this.#core.reads.boolean(params);
  }

  getNumericEntitlement(
    params: GetEntitlement<EntitlementOptions, FeatureId<Catalog, 'NUMERIC'>>,
  ): Promise<NumericEntitlement> {
    return this.#core.reads.numeric(params);
  }

  getMeteredEntitlement(
    params: GetEntitlement<MeteredOptions, FeatureId<Catalog, 'METERED'>>,
  ): Promise<MeteredEntitlement> {
    return this.#core.reads.metered(params);
  }

  getEnumEntitlement(params: GetEntitlement<EnumOptions, FeatureId<Catalog, 'ENUM'>>): Promise<EnumEntitlement> {
    return this.#core.reads.enum(params);
  }

  /** What a customer, or one of its resources, has of one currency: from cache, like every getter. */
  getCreditEntitlement(params: GetCreditEntitlement<CurrencyId<Catalog>>): Promise<CreditEntitlement> {
    return this.#core.reads.credit(params);
  }

  /**
   * Of a feature or of a currency, whatever kind it is of: `type` tells. Without exactly one of `featureId` and
   * `currencyId` a fallback answers. A feature of which nothing is known is answered as a BOOLEAN.
   */
  getEntitlementV2(params: GetEntitlementV2<FeatureId<Catalog>, CurrencyId<Catalog>>): Promise<EntitlementV2> {
    return this.#core.reads.anyV2(params);
  }

  /** @deprecated Use `getEntitlementV2`. */
  getEntitlement(params: GetEntitlement<MeteredOptions & EnumOptions, FeatureId<Catalog>>): Promise<Entitlement> {
    deprecated(this.#core.logger, 'getEntitlement', 'getEntitlementV2');
    return this.#core.reads.any(params);
  }

  /** @deprecated Use `getEntitlementsStateV2`. */
  async getEntitlements(customerId: string, resourceId?: string): Promise<Entitlement[]> {
    deprecated(this.#core.logger, 'getEntitlements', 'getEntitlementsStateV2');
    return (await this.#core.reads.state(customerId, resourceId)).entitlements;
  }

  /** @deprecated Use `getEntitlementsStateV2`. Of features only. */
  getEntitlementsState(customerId: string, resourceId?: string): Promise<EntitlementsState> {
    deprecated(this.#core.logger, 'getEntitlementsState', 'getEntitlementsStateV2');
    return this.#core.reads.state(customerId, resourceId);
  }

  /** Everything that a customer, or one of its resources, is entitled to, features and credits, and why there is nothing. */
  getEntitlementsStateV2(customerId: string, resourceId?: string): Promise<EntitlementsStateV2> {
    return this.#core.reads.stateV2(customerId, resourceId);
  }

  /**
   * How the answer of a getter comes about, by the same comparisons in the same order: each with a plain sentence, the
   * numbers, the versions and the age of what it rests on. What this process has let in and not delivered is counted, as
   * a gate would count it. Rejects with INVALID_ARGUMENT for a question that is none; an unknown state is an answer.
   */
  explain(question: GetEntitlementV2<FeatureId<Catalog>, CurrencyId<Catalog>>): Promise<EntitlementExplanation> {
    return this.#core.whileOpen(() => this.#core.explain(question));
  }

  /** Asks the engine past every cache. Rejects when it cannot be asked. */
  reloadEntitlements(customerId: string, resourceId?: string): Promise<{ entitledEntityExists: boolean }> {
    return this.#core.whileOpen(async () => {
      const { snapshots } = await this.#core.snapshots.reload(keyOf(customerId, resourceId));
      const isResourceKnown = snapshots?.resource?.grants.isResourceKnown ?? true;
      return { entitledEntityExists: snapshots?.customer.grants.isCustomerKnown === true && isResourceKnown };
    });
  }

  /** Resolves when the engine has committed it, and the next read of this client sees it. Rejects when it has not. */
  reportUsage(usage: ReportUsage<FeatureId<Catalog, 'METERED'>>): Promise<ReportUsageAck> {
    return this.#core.whileOpen(() => this.#core.reports.report(usage));
  }

  /**
   * 1–100 reports, acks in the order given. When some were refused it rejects with the error of the first one;
   * `details.acks` holds what was committed and `details.failures` the rest, by index.
   */
  reportUsageBulk(params: { usages: ReportUsage<FeatureId<Catalog, 'METERED'>>[] }): Promise<ReportUsageAck[]> {
    return this.#core.whileOpen(() => this.#core.reports.reportBulk(params));
  }

  /** Takes credits from a wallet. Resolves when the engine has committed it; repeated by its key it changes nothing. */
  consumeCredits(consumption: ConsumeCredits<CurrencyId<Catalog>>): Promise<ConsumedCredits> {
    return this.#core.whileOpen(() => this.#core.consumeCredits(consumption));
  }

  /**
   * Holds amounts of features and credits, all of them or none, exactly across processes: what is held counts as used
   * until it is settled, released, or out of time. A no is a result with the status DENIED; it rejects when the engine
   * gave no answer, and then `details.reservationId` is the id to repeat the call with.
   */
  reserve(params: Reserve<FeatureId<Catalog, 'METERED'>, CurrencyId<Catalog>>): Promise<Reservation> {
    return this.#core.whileOpen(() => this.#core.reservations.reserve(params));
  }

  /** Charges what was used and lets go of the rest. May be repeated, and may come late: it is charged once. */
  settleReservation(params: SettleReservation): Promise<Reservation> {
    return this.#core.whileOpen(() => this.#core.reservations.settle(params));
  }

  /** Lets go of what is held and charges nothing. Again, or after its time was up, is no error. */
  releaseReservation(params: ReleaseReservation): Promise<Reservation> {
    return this.#core.whileOpen(() => this.#core.reservations.release(params));
  }

  /** Holds a reservation for `ttlMs` from now on. Rejects with CONFLICT when it is not held any more. */
  extendReservation(params: ExtendReservation): Promise<Reservation> {
    return this.#core.whileOpen(() => this.#core.reservations.extend(params));
  }

  /** A reservation as it stands, asked from the engine; null where there is none. */
  getReservation(params: GetReservation): Promise<Reservation | null> {
    return this.#core.whileOpen(() => this.#core.reservations.get(params));
  }

  /**
   * One event or 1–1,000: resolves when the outbox has accepted them, which delivers them once the engine is there. When
   * some break a rule it rejects with the error of the first; `details.failures` names each by index, and the others are
   * accepted.
   */
  reportEvent(event: ReportEvent | ReportEvent[]): Promise<void> {
    return this.#core.whileOpen(async () => this.#core.outbox.addEvents(event));
  }

  /** 1–1,000 consumptions of credits: resolves when the outbox has accepted them, like `reportEvent`. */
  consumeCreditsAsync(params: { consumptions: ConsumeCredits<CurrencyId<Catalog>>[] }): Promise<void> {
    return this.#core.whileOpen(async () => {
      checkFields(params, ['consumptions'], '');
      this.#core.outbox.addConsumptions(params.consumptions);
    });
  }

  addListener<E extends TollgateEvent>(event: E, listener: TollgateListener<E>): void {
    this.#core.events.add(event, listener);
  }

  removeListener<E extends TollgateEvent>(event: E, listener: TollgateListener<E>): void {
    this.#core.events.remove(event, listener);
  }

  /** How many items wait in the outbox or are ends of reservations on their way, and how many the engine refused for good. */
  outboxCounts(): { waiting: number; deadLetters: number } {
    return this.#core.outboxCounts();
  }

  /** How this client stands towards the engine, with `outboxCounts`: from memory, for health checks. */
  status(): ClientStatus {
    return this.#core.status();
  }

  /**
   * Sends what the outbox holds, for at most `deadlineMs` (default 5,000), and drops every connection. Later reads
   * answer fallbacks, other calls reject with CLOSED. May be called again; all calls end together.
   */
  close(options: { deadlineMs?: number } = {}): Promise<void> {
    return this.#core.close(options.deadlineMs);
  }
}

/** For programs with several catalogs: the client, checked against one of them. */
export function typed<Catalog>(): { Tollgate: { initialize(options: TollgateOptions<Catalog>): Tollgate<Catalog> } } {
  return { Tollgate };
}
