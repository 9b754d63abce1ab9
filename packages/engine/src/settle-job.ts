import { TollgateError } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import { canonicalJson } from './catalog/json.js';
import type { CustomerBook } from './customer-book.js';
import type { JobKind } from './customer-job.js';
import { reservationAnswer } from './reservation-answer.js';
import { type Reservation, type ReservedItem, reservationStatus } from './usage/reservation.js';
import type { ExtendRequest, ReservationRef, SettleRequest } from './usage/reservation-input.js';

const needs = ({ reservationId }: ReservationRef) => ({ reservationIds: [reservationId] });
type Charged = NonNullable<ReservedItem['settled']>;

/**
 * Charges what was used and lets go of the rest, also after time was up. Usage counts in the period in which it was held;
 * credits come out of what is active now.
 */
export const settleJob: JobKind<SettleRequest> = {
  needs,

  windows: ({ reservationId }, sight) => ({
    windows: sight.reservedWindows(reservationId),
    since: sight.reservation(reservationId)?.createdAt ?? sight.now,
  }),

  run: async ({ reservationId, amounts }, book) => {
    const { key, now } = book.change;
    const answer = (reservation: Reservation) => (parts: BookParts) =>
      reservationAnswer(key.customerId, reservation, [], { scopes: book.scopes, now }, parts);
    const known = required(book, reservationId);
    const charges = chargesOf(known, amounts);
    // The request was thought dead, sent again and paid then: paid once is enough.
    const instead = known.status === 'SETTLED' ? undefined : book.chargedInstead(known);
    if (instead) {
      if (known.status === 'HELD') book.put({ ...known, status: 'RELEASED' });
      return answer(instead);
    }
    if (known.status === 'RELEASED') throw conflict(known, 'was released');
    if (known.status === 'SETTLED' && !isSameCharge(known, charges)) {
      const message = `reservation ${reservationId} was settled with other amounts`;
      throw new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'amounts' });
    }
    const settled = known.status === 'SETTLED' ? known : await settle(known, charges, book);
    return answer(settled);
  },
};

export const releaseJob: JobKind<ReservationRef> = {
  needs,
  windows: ({ reservationId }, sight) => ({ windows: sight.reservedWindows(reservationId) }),
  run: async ({ reservationId }, book) => {
    const known = required(book, reservationId);
    if (known.status === 'SETTLED') throw conflict(known, 'was settled');
    const released: Reservation = { ...known, status: 'RELEASED' };
    if (known.status !== 'RELEASED') book.put(released);
    return (parts) =>
      reservationAnswer(book.change.key.customerId, released, [], { scopes: book.scopes, now: book.change.now }, parts);
  },
};

/** Others hear nothing of it: what they count as held until it was to run out is counted anew when that time comes. */
export const extendJob: JobKind<ExtendRequest> = {
  needs,
  windows: ({ reservationId }, sight) => ({ windows: sight.reservedWindows(reservationId) }),
  run: async ({ reservationId, ttlMs }, book) => {
    const { now, key } = book.change;
    const known = required(book, reservationId);
    const status = reservationStatus(known, now);
    if (status !== 'HELD') throw conflict(known, `is not held any more: it is ${status.toLowerCase()}`);
    const extended: Reservation = { ...known, expiresAt: now + ttlMs };
    book.put(extended, { isQuiet: true });
    return (parts) =>
      reservationAnswer(key.customerId, extended, [], { scopes: book.scopes, now: book.change.now }, parts);
  },
};

async function settle(known: Reservation, charges: readonly Charged[], book: CustomerBook): Promise<Reservation> {
  await book.attempt(async () => {
    for (const [index, item] of known.items.entries())
      await charge(known, index, item, charges[index] as Charged, book);
  });
  const items = known.items.map((item, index) => ({ ...item, settled: charges[index] as Charged }));
  const settled: Reservation = { ...known, status: 'SETTLED', items };
  book.put(settled);
  return settled;
}

async function charge(
  { reservationId, createdAt }: Reservation,
  index: number,
  { featureId, heldOf, credits }: ReservedItem,
  { amount, dimensions }: Charged,
  book: CustomerBook,
): Promise<void> {
  if (amount === 0n) return;
  const consumptionId = `${reservationId}/${index}`;
  const consumption = { consumptionId, featureId, dimensions, at: book.change.now };
  if (featureId === null) {
    if (credits) book.burn({ ...consumption, wallet: credits, amount });
    return;
  }
  const window = book.scopes.window(book.scopes.of(heldOf), featureId);
  const measurement = {
    behavior: 'DELTA' as const,
    value: amount,
    measurementId: consumptionId,
    createdAt,
    dimensions,
  };
  const usage = await book.count(window, measurement);
  if (!credits?.rate) return;
  const cost = book.cost(credits.rate, { featureId, usage, dimensions });
  book.burn({ ...consumption, wallet: credits, amount: cost });
}

/** What each item comes to: as it was reserved, unless the caller says otherwise. */
function chargesOf({ items }: Reservation, amounts: SettleRequest['amounts']): Charged[] {
  for (const item of amounts.keys()) {
    if (item < items.length) continue;
    const message = `amounts names item ${item} of a reservation that has ${items.length}, counted from 0`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field: 'amounts' });
  }
  return items.map(({ amount, dimensions }, index) => {
    const given = amounts.get(index);
    return { amount: given?.amount ?? amount, dimensions: given?.dimensions ?? dimensions };
  });
}

function isSameCharge({ items }: Reservation, charges: readonly Charged[]): boolean {
  return items.every(({ settled }, index) => {
    const { amount, dimensions } = charges[index] as Charged;
    return settled?.amount === amount && canonicalJson(settled.dimensions) === canonicalJson(dimensions);
  });
}

function required(book: CustomerBook, reservationId: string): Reservation {
  const known = book.reservation(reservationId);
  if (known) return known;
  const message = `there is no reservation ${reservationId}`;
  throw new TollgateError('RESERVATION_NOT_FOUND', message, { field: 'reservationId' });
}

function conflict({ reservationId }: Reservation, what: string): TollgateError {
  return new TollgateError('CONFLICT', `reservation ${reservationId} ${what}`, { field: 'reservationId' });
}
