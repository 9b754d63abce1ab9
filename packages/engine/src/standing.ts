import type { Catalog } from './catalog/catalog.js';
import { gives, nextMonth } from './credit/recurring-credits.js';
import { bringCreditsUpTo } from './credit/timeline.js';
import { customerFromStored } from './customer/customer.js';
import type { CustomerChange } from './customer-change.js';
import type { EngineContext } from './engine-context.js';
import { givenCredits } from './entitlement/given-credits.js';
import { expirePromotions, nextPromotionEnd, type Promotion } from './entitlement/promotion.js';
import type { Standing } from './entitlement/standing.js';
import { readPublishes } from './storage/catalog-store.js';
import { readStanding } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { environmentNotFound } from './storage/environment-store.js';
import type { HeldRow } from './storage/hold-store.js';
import type { PromotionRow } from './storage/promotion-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { creditsFromStored } from './stored-credits.js';
import { type StoredSubscription, subscriptionFromStored } from './subscription/stored-subscription.js';
import { bringUpTo, type CatalogAt, nextDueAt } from './subscription/timeline.js';
import type { Held } from './usage/held.js';

/** Where the customer stands before the change; read after the lock, so nothing is missing. */
export function standingBefore(change: CustomerChange, resourceIds: readonly (string | null)[]): Promise<Standing> {
  return loadStanding(change.context, change.tx, change.key, resourceIds, change.now);
}

/**
 * Reads where a customer stands at `now`, with those of the resources named that the customer has. What time has done
 * since the last change is computed, not written.
 */
export async function loadStanding(
  context: EngineContext,
  db: Queryable,
  key: CustomerKey,
  resourceIds: readonly (string | null)[],
  now: number,
): Promise<Standing> {
  const { environmentId, customerId } = key;
  const named = [...new Set(resourceIds.filter((id) => id !== null))];
  const row = await readStanding(db, environmentId, customerId, named, now);
  if (!row) throw environmentNotFound(environmentId);
  const catalog = await context.catalogs.read(db, environmentId, row.catalog);
  const stored = row.subscriptions.map((subscription) => subscriptionFromStored(subscription as StoredSubscription));
  const promoted = row.promotions.map(promotionFromStored);
  const storedCredits = creditsFromStored(row);
  const past = { customerId, subscriptions: stored, promotions: promoted, credits: storedCredits };
  const { nextDue } = row;
  const { subscriptions, promotions, credits, lastStep } =
    nextDue !== null && nextDue <= now
      ? atInstant(past, nextDue, now, await catalogHistory(context, db, environmentId, nextDue))
      : { ...past, lastStep: 0 };
  const instant = Math.max(now, row.lastNow);
  return {
    customerId,
    customer: row.customer && customerFromStored(row.customer),
    resourceIds: new Set(row.resourceIds),
    subscriptions,
    promotions,
    credits,
    held: row.held.map(heldFromStored),
    nextDue: earliestOf(
      nextDueAt(subscriptions),
      nextPromotionEnd(promotions),
      // A wallet comes into being with its first grant: from then on the wallet says itself how long it holds.
      nextMonth(
        subscriptions.filter((one) => gives(one) && givenCredits(catalog, one).length > 0),
        instant,
      ),
    ),
    catalog,
    epoch: context.epoch,
    revision: row.revision,
    lastNow: Math.max(row.lastNow, lastStep),
    instant,
  };
}

/** What time changes of a customer. */
type Changing = Pick<Standing, 'customerId' | 'subscriptions' | 'promotions' | 'credits'>;

/** `from` is what was stored as the next instant at which something is due. */
function atInstant(past: Changing, from: number, now: number, catalogAt: CatalogAt): Changing & { lastStep: number } {
  const { subscriptions, events, moments } = bringUpTo(past.subscriptions, now, catalogAt);
  const { promotions, expired } = expirePromotions(past.promotions, now);
  const time = { ...past, moments, from, until: now, catalogAt, givenBy: givenCredits };
  const { credits, events: ofCredits } = bringCreditsUpTo(past.credits, time);
  const instants = [...events, ...ofCredits].map(({ at }) => at);
  return {
    customerId: past.customerId,
    subscriptions,
    promotions: promotions.filter(({ endedAt }) => endedAt === null),
    credits,
    lastStep: Math.max(0, ...instants, ...expired.map(({ endedAt }) => endedAt ?? 0)),
  };
}

/** The catalogs that were published from an instant on, each to be found by an instant at which it held. */
export async function catalogHistory(
  context: EngineContext,
  db: Queryable,
  environmentId: string,
  from: number,
): Promise<CatalogAt> {
  const publishes = await readPublishes(db, environmentId, from);
  const history: { publishedAt: number; catalog: Catalog }[] = [];
  for (const { catalog, publishedAt } of publishes) {
    history.push({ publishedAt, catalog: await context.catalogs.read(db, environmentId, catalog) });
  }
  return (instant) => {
    const found = history.findLast(({ publishedAt }) => publishedAt <= instant) ?? history[0];
    if (!found) throw new Error(`nothing was published in ${environmentId}`);
    return found.catalog;
  };
}

export const heldFromStored = ({ amount, ...row }: HeldRow): Held => ({ ...row, amount: BigInt(amount) });

export function promotionFromStored({ content, ...row }: PromotionRow): Promotion {
  return { ...row, ...(content as Pick<Promotion, 'period' | 'value' | 'isVisible' | 'featureGroupIds' | 'isOwn'>) };
}

export function promotionToStored(promotion: Promotion): PromotionRow {
  const { period, value, isVisible, featureGroupIds, isOwn, ...row } = promotion;
  return { ...row, content: { period, value, isVisible, featureGroupIds, isOwn } };
}

/** The first of some instants, null being none. */
export function earliestOf(...instants: (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
}
