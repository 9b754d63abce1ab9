import { type Amount, decide, entitlementTypeOf, TollgateError } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import type { CustomerBook } from './customer-book.js';
import type { JobKind, JobSight } from './customer-job.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import { type Denial, reservationAnswer } from './reservation-answer.js';
import { type Reservation, type ReservedItem, reservationStatus } from './usage/reservation.js';
import type { AskedItem, ReservedRequest, ReserveRequest } from './usage/reservation-input.js';
import { wholeTime } from './usage/usage-window.js';

/** Holds usage and credits, all that is asked for or nothing. What is held counts as used until it is let go of. */
export const reserveJob: JobKind<ReserveRequest> = {
  needs: ({ reservationId, items, request }) => ({
    reservationIds: [reservationId],
    requestKeys: request ? [request.key] : [],
    resourceIds: items.map(({ resourceId }) => resourceId),
  }),

  windows: ({ reservationId, items }, sight) => ({
    windows: [...items.flatMap((item) => askedWindow(item, sight) ?? []), ...sight.reservedWindows(reservationId)],
  }),

  run: async ({ reservationId, items: asked, ttlMs, contentHash, request }, book) => {
    const { now, key } = book.change;
    const answer = (reservation: Reservation, denials: Denial[]) => (parts: BookParts) =>
      reservationAnswer(key.customerId, reservation, denials, { scopes: book.scopes, now }, parts);
    const known = book.reservation(reservationId);
    if (known && known.contentHash !== contentHash) {
      const message = `reservationId ${reservationId} came before with other items`;
      throw new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'reservationId' });
    }
    // An id names one reservation, whatever became of it: a call that comes again, however late, holds nothing anew.
    if (known) return answer(known, []);
    const earlier = request && sameRequest(request, book);
    if (earlier) return answer(earlier, []);

    const times = { createdAt: now, expiresAt: now + ttlMs };
    const empty: Reservation = { reservationId, status: 'HELD', ...times, contentHash, request, items: [] };
    const { items, denials } = decided(asked, empty, book);
    const reservation = { ...empty, items };
    if (denials.length === 0) book.put(reservation);
    return answer(reservation, denials);
  },
};

/** The reservation of the same request that runs, or was charged; null where it may be held anew. */
function sameRequest({ key, fingerprint }: ReservedRequest, book: CustomerBook): Reservation | null {
  const earlier = book.requested(key);
  if (!earlier) return null;
  if (earlier.request?.fingerprint !== fingerprint) {
    const message = 'request.key came before with another request';
    throw new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'request.fingerprint' });
  }
  const status = reservationStatus(earlier, book.change.now);
  return status === 'HELD' || status === 'SETTLED' ? earlier : null;
}

/** Each item sees what those before it hold. */
function decided(
  asked: readonly AskedItem[],
  empty: Reservation,
  book: CustomerBook,
): { items: ReservedItem[]; denials: Denial[] } {
  const denials: Denial[] = [];
  const items = book.trial((hold) =>
    asked.map((one, index) => {
      const { item, reason } =
        one.featureId === null ? creditItem(one, book) : usageItem(one, one.featureId, index, book);
      if (reason === null) hold({ ...empty, items: [item] });
      else denials.push({ item: index, reason });
      return item;
    }),
  );
  return { items, denials };
}

type Decided = { item: ReservedItem; reason: string | null };

function creditItem(asked: AskedItem, book: CustomerBook): Decided {
  const currencyId = asked.currencyId as string;
  const question = { currencyId, requestedCredits: asked.amount };
  const { hasAccess, reason } = decide(book.pair({ currencyId }, asked.resourceId), question, book.change.now);
  const wallet = book.wallet(currencyId, asked.resourceId);
  const credits = { ...wallet, amount: asked.amount, rate: null };
  return {
    item: { ...asked, heldOf: wallet.resourceId, windowStart: null, credits, settled: null },
    reason: hasAccess ? null : (reason ?? 'Unknown'),
  };
}

function usageItem(asked: AskedItem, featureId: string, index: number, book: CustomerBook): Decided {
  const { amount, resourceId, dimensions } = asked;
  const { now } = book.change;
  assertHoldable(book, featureId, index);
  const scope = book.scopes.counting(featureId, resourceId);
  const window = book.scopes.window(scope, featureId);
  const windowStart = window.windowStart === wholeTime.windowStart ? null : window.windowStart;
  const pair = book.pair({ featureId }, resourceId);
  const decision = decide(pair, { featureId, expectedType: 'METERED', requestedUsage: amount }, now);
  const rate = decision.entitlement?.creditRate ?? null;
  const cost = rate && largerOf(book.cost(rate, { featureId, usage: amount, dimensions }), 0n);
  const credits = rate && cost !== null ? { ...book.wallet(rate.currencyId, resourceId), amount: cost, rate } : null;
  const item: ReservedItem = { ...asked, heldOf: scope.resourceId, windowStart, credits, settled: null };
  if (!decision.hasAccess) return { item, reason: decision.reason ?? 'Unknown' };
  // What a formula makes of the dimensions is known here only.
  if (!credits || rate?.amount !== null) return { item, reason: null };
  const paid = decide(pair, { currencyId: credits.currencyId, requestedCredits: credits.amount }, now);
  return { item, reason: paid.hasAccess ? null : (paid.reason ?? 'Unknown') };
}

/** What events drive is counted when they happen; nobody can settle it. */
function assertHoldable({ standing }: CustomerBook, featureId: string, index: number): void {
  if (standing.catalog.features.get(featureId)?.content.meter === undefined) return;
  const message = `${featureId} is metered by raw events: it cannot be reserved`;
  throw new TollgateError('WRONG_USAGE_KIND', message, { field: `items[${index}].featureId` });
}

const largerOf = (a: Amount, b: Amount): Amount => (a > b ? a : b);

/** The counter that a decision about an item looks at; undefined where it looks at none. */
function askedWindow({ featureId, resourceId }: AskedItem, { scopes }: JobSight): RunningWindow | undefined {
  if (featureId === null) return undefined;
  const scope = scopes.counting(featureId, resourceId);
  const entitlement = scope.grants.entitlements.get(featureId);
  if (!entitlement || entitlementTypeOf(entitlement.feature) !== 'METERED') return undefined;
  return scopes.window(scope, featureId);
}
