import { TollgateError } from '@tollgate/contract';
import type { Catalog } from './catalog/catalog.js';
import { nextMonth } from './credit/recurring-credits.js';
import { bringCreditsUpTo, nextCreditStep } from './credit/timeline.js';
import { customerFromStored } from './customer/customer.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { givenCredits } from './entitlement/given-credits.js';
import { expirePromotions, nextPromotionEnd, promotionHappened } from './entitlement/promotion.js';
import { catalogHistory, earliestOf, promotionFromStored } from './standing.js';
import { readResourceIds, readStanding } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { environmentNotFound } from './storage/environment-store.js';
import { readPromotions } from './storage/promotion-store.js';
import { readSubscriptions } from './storage/subscription-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { creditsFromStored } from './stored-credits.js';
import type { Happened } from './subscription/happened.js';
import { type StoredSubscription, subscriptionFromStored } from './subscription/stored-subscription.js';
import { newestFirst } from './subscription/subscription.js';
import { bringUpTo, nextDueAt } from './subscription/timeline.js';

/** A customer's state as it is stored, and as time has made it since. */
export interface LoadedState {
  stored: CustomerState;
  current: CustomerState;
  /** What time did in between, in the order of its instants; not told yet. */
  events: Happened[];
  catalog: Catalog;
  /** The instant of the state: `now`, or that of the customer's last change if that is later. */
  instant: number;
  /** What is stored as the next instant at which something is due; null where nothing is. */
  nextDue: number | null;
}

/** Reads a customer's whole state in a transaction that the caller holds. */
export async function loadState(
  context: EngineContext,
  tx: Queryable,
  key: CustomerKey,
  now: number,
): Promise<LoadedState> {
  const { environmentId, customerId } = key;
  const row = await readStanding(tx, environmentId, customerId, []);
  if (!row) throw environmentNotFound(environmentId);
  const catalog = await context.catalogs.read(tx, environmentId, row.catalog);
  const rows = await readSubscriptions(tx, environmentId, customerId);
  const stored: CustomerState = {
    customerId,
    customer: row.customer && customerFromStored(row.customer),
    subscriptions: rows.map((stored) => subscriptionFromStored(stored as StoredSubscription)).sort(newestFirst),
    promotions: (await readPromotions(tx, environmentId, customerId)).map(promotionFromStored),
    resourceIds: await readResourceIds(tx, environmentId, customerId),
    credits: creditsFromStored(row),
  };
  const instant = Math.max(now, row.lastNow);
  const due = row.nextDue;
  if (due === null || due > instant) return { stored, current: stored, events: [], catalog, instant, nextDue: due };
  const catalogAt = await catalogHistory(context, tx, environmentId, due);
  const { subscriptions, events, moments } = bringUpTo(stored.subscriptions, instant, catalogAt);
  // What time made has its place among the others, as it will have once it is stored.
  const inTheirOrder = [...subscriptions].sort(newestFirst);
  const { promotions, expired } = expirePromotions(stored.promotions, instant);
  const told = expired.map((promotion) => promotionHappened('expired', promotion.endedAt as number, promotion));
  const time = { ...stored, moments, from: due, until: instant, catalogAt, givenBy: givenCredits };
  const { credits, events: ofCredits } = bringCreditsUpTo(stored.credits, time);
  const inOrder = [...events, ...told, ...ofCredits].sort((a, b) => a.at - b.at);
  const current = { ...stored, subscriptions: inTheirOrder, promotions, credits };
  return { stored, current, events: inOrder, catalog, instant, nextDue: due };
}

/** The state at `now`, with what time has done computed and not written. Rejects with CUSTOMER_NOT_FOUND. */
export async function readState(
  context: EngineContext,
  key: CustomerKey,
  now: number,
): Promise<{ state: CustomerState; instant: number; catalog: Catalog }> {
  return context.database.transaction(
    async (tx) => {
      const { current, instant, catalog } = await loadState(context, tx, key, now);
      if (!current.customer) throw customerNotFound(key.customerId);
      return { state: current, instant, catalog };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/**
 * When time may next change a state that was brought up to `instant`; null when nothing is due. At each month of a
 * subscription its credits are looked at, also where it gives none: a publish may have changed that, and touches nobody.
 */
export function nextDue({ subscriptions, promotions, credits }: CustomerState, instant: number): number | null {
  return earliestOf(
    nextDueAt(subscriptions),
    nextPromotionEnd(promotions),
    nextCreditStep(credits),
    nextMonth(subscriptions, instant),
  );
}

export function customerNotFound(customerId: string, why = ''): TollgateError {
  const message = why ? `customer ${customerId} ${why}` : `there is no customer ${customerId}`;
  return new TollgateError('CUSTOMER_NOT_FOUND', message, { field: 'customerId' });
}
