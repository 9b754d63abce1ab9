import { amountToNumber, type TollgateError, type WalletChange } from '@tollgate/contract';
import type { ConsumeCredits } from './consumption.js';
import type { SettleReservation } from './reservation-inputs.js';
import type { Entitlement } from './results.js';
import type { SafeLogger } from './safe-logger.js';
import type { ReportEvent, ReportUsage } from './usage-inputs.js';

/** What listeners are called with, by event. */
export interface TollgateEvents {
  /** The engine answered and, with realtime updates, the change feed is followed. */
  initializeSuccessfully: [];
  initializeFailed: [error: TollgateError];
  /** The API key is missing, unknown or revoked. */
  apiKeyInvalid: [];
  /** A cached customer's entitlements changed and were fetched anew. */
  entitlementsUpdated: [change: { customerId: string; resourceId: string | null; entitlements: Entitlement[] }];
  /** A usage counter changed, in raw units. */
  usageUpdated: [
    change: {
      customerId: string;
      resourceId: string | null;
      featureId: string;
      currentUsage: number;
      usagePeriodStart: Date | null;
      usagePeriodEnd: Date | null;
    },
  ];
  /** A wallet changed: credits were granted, used, voided, or ran out. */
  creditBalanceUpdated: [
    change: {
      customerId: string;
      resourceId: string | null;
      currencyId: string;
      currentBalance: number;
      totalGranted: number;
      totalConsumed: number;
      usagePeriodEnd: Date | null;
    },
  ];
  /** A catalog was published: what was cached under a lower number is fetched again when it is asked for. */
  packagePublished: [publication: { catalog: number }];
  cacheHit: [lookup: { customerId: string; resourceId: string | null }];
  cacheMiss: [lookup: { customerId: string; resourceId: string | null }];
  networkRequestFailed: [failure: { errorMessage: string; errorCode: string }];
  /** What the shared cache swallowed: it is slow or gone, and requests go on without it. */
  redisClientError: [failure: { error: unknown; clientName: string }];
  /** Usage, an event or the settlement of a reservation that had been accepted and will never be stored. */
  deadLetter: [
    letter:
      | { kind: 'usage'; item: ReportUsage; error: TollgateError }
      | { kind: 'event'; item: ReportEvent; error: TollgateError }
      | { kind: 'consumption'; item: ConsumeCredits; error: TollgateError }
      | { kind: 'settlement'; item: SettleReservation; error: TollgateError },
  ];
}

export type TollgateEvent = keyof TollgateEvents;
export type TollgateListener<E extends TollgateEvent> = (...args: TollgateEvents[E]) => unknown;

/** The listeners of one client. One that throws or rejects is logged and harms nobody. */
export interface Events {
  add<E extends TollgateEvent>(event: E, listener: TollgateListener<E>): void;
  remove<E extends TollgateEvent>(event: E, listener: TollgateListener<E>): void;
  emit<E extends TollgateEvent>(event: E, ...args: TollgateEvents[E]): void;
  has(event: TollgateEvent): boolean;
}

export function creditBalanceOf({ key, part }: WalletChange): TollgateEvents['creditBalanceUpdated'][0] {
  return {
    customerId: key.customerId,
    resourceId: key.resourceId,
    currencyId: part.currency.currencyId,
    currentBalance: amountToNumber(part.balance),
    totalGranted: amountToNumber(part.totalGranted),
    totalConsumed: amountToNumber(part.totalConsumed),
    usagePeriodEnd: part.usagePeriodEnd === null ? null : new Date(part.usagePeriodEnd),
  };
}

type AnyListener = (...args: unknown[]) => unknown;

export function events(logger: SafeLogger): Events {
  const listeners = new Map<TollgateEvent, Set<AnyListener>>();

  const call = (event: TollgateEvent, listener: AnyListener, args: unknown[]): void => {
    const failed = (error: unknown): void => logger.error(`a listener of ${event} failed`, error);
    try {
      const result = listener(...args);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  return {
    add: (event, listener) => {
      const added = listeners.get(event) ?? new Set();
      added.add(listener as AnyListener);
      listeners.set(event, added);
    },
    remove: (event, listener) => {
      listeners.get(event)?.delete(listener as AnyListener);
    },
    emit: (event, ...args) => {
      const called = listeners.get(event);
      if (!called) return;
      // A copy: a listener may remove itself while it is called.
      for (const listener of [...called]) call(event, listener, args);
    },
    has: (event) => (listeners.get(event)?.size ?? 0) > 0,
  };
}
