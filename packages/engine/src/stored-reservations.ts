import { type Amount, amountFromWire, formatAmount } from '@tollgate/contract';
import type { CustomerChange } from './customer-change.js';
import { heldFromStored } from './standing.js';
import { type ReservationRow, saveReservations } from './storage/hold-store.js';
import type { Held } from './usage/held.js';
import { holdsAt, type Reservation, type ReservedItem } from './usage/reservation.js';

/** Amounts as text, everything else as it is. */
type StoredItem = Omit<ReservedItem, 'amount' | 'credits' | 'settled'> & {
  amount: string;
  credits:
    | (Omit<NonNullable<ReservedItem['credits']>, 'amount' | 'rate'> & { amount: string; rate: StoredRate })
    | null;
  settled: (Omit<NonNullable<ReservedItem['settled']>, 'amount'> & { amount: string }) | null;
};
type StoredRate = { currencyId: string; amount: string | null; costFormula: string | null } | null;

export function reservationFromStored({ items, requestKey, fingerprint, ...row }: ReservationRow): Reservation {
  const request = requestKey == null ? null : { key: requestKey, fingerprint: fingerprint ?? '' };
  return { ...row, request, items: (items as StoredItem[]).map(itemFromStored) };
}

function itemFromStored({ amount, credits, settled, ...item }: StoredItem): ReservedItem {
  return {
    ...item,
    amount: amountOf(amount),
    credits: credits && {
      ...credits,
      amount: amountOf(credits.amount),
      rate: credits.rate && {
        ...credits.rate,
        amount: credits.rate.amount === null ? null : amountOf(credits.rate.amount),
      },
    },
    settled: settled && { ...settled, amount: amountOf(settled.amount) },
  };
}

function itemToStored({ amount, credits, settled, ...item }: ReservedItem): StoredItem {
  return {
    ...item,
    amount: formatAmount(amount),
    credits: credits && {
      ...credits,
      amount: formatAmount(credits.amount),
      rate: credits.rate && {
        ...credits.rate,
        amount: credits.rate.amount === null ? null : formatAmount(credits.rate.amount),
      },
    },
    settled: settled && { ...settled, amount: formatAmount(settled.amount) },
  };
}

/** Writes reservations that are new or changed, with what they hold from now on; returns all that is then held. */
export async function storeReservations(
  { tx, key, now }: CustomerChange,
  reservations: readonly Reservation[],
): Promise<Held[]> {
  const holds = reservations.flatMap((reservation) => {
    const { reservationId, expiresAt } = reservation;
    return holdsAt(reservation, now).map((hold) => ({ ...hold, reservationId, expiresAt }));
  });
  const rows = reservations.map(({ items, request, ...row }) => ({
    ...row,
    requestKey: request?.key ?? null,
    fingerprint: request?.fingerprint ?? null,
    items: items.map(itemToStored),
  }));
  return (await saveReservations(tx, key, { reservations: rows, holds, now })).map(heldFromStored);
}

const amountOf = (text: string): Amount => amountFromWire(text, 'amount');
