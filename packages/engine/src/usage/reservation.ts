import type { Amount, CreditRate } from '@tollgate/contract';
import type { Dimensions } from './item-input.js';
import type { AskedItem, ReservedRequest } from './reservation-input.js';

/** One item of a reservation, with whose counter and wallet it is held of. */
export interface ReservedItem extends AskedItem {
  /** Whose counter, or wallet where a currency was asked for; null for the customer's own. */
  heldOf: string | null;
  /** Usage: the start of the period that it is held of; null where the feature never resets, and for a currency. */
  windowStart: number | null;
  /** Null where no credits are held. */
  credits: ReservedCredits | null;
  /** What was charged; null until then. */
  settled: { amount: Amount; dimensions: Dimensions | null } | null;
}

export interface ReservedCredits {
  currencyId: string;
  resourceId: string | null;
  amount: Amount;
  /** What the feature cost when it was reserved, and costs when it is settled; null where a currency was asked for. */
  rate: CreditRate | null;
}

export interface Reservation {
  reservationId: string;
  /** Past `expiresAt` nothing is held any more, whatever this says. */
  status: 'HELD' | 'SETTLED' | 'RELEASED';
  createdAt: number;
  expiresAt: number;
  contentHash: string;
  /** Null where it is for no request in particular. */
  request: ReservedRequest | null;
  items: readonly ReservedItem[];
}

/** One number that a reservation holds. */
export interface Hold {
  item: number;
  kind: 'usage' | 'credits';
  /** A feature id or a currency id. */
  heldId: string;
  /** '' for the customer's own. */
  resourceId: string;
  windowStart: number | null;
  amount: Amount;
}

export function reservationStatus({ status, expiresAt }: Reservation, now: number): Reservation['status'] | 'EXPIRED' {
  return status === 'HELD' && expiresAt <= now ? 'EXPIRED' : status;
}

/** What a reservation holds at `now`: a feature that is paid by credits holds both. Nothing is held of nothing. */
export function holdsAt(reservation: Reservation, now: number): Hold[] {
  if (reservationStatus(reservation, now) !== 'HELD') return [];
  const holds = reservation.items.flatMap(({ featureId, heldOf, windowStart, amount, credits }, item): Hold[] => [
    ...(featureId === null
      ? []
      : [{ item, kind: 'usage' as const, heldId: featureId, resourceId: heldOf ?? '', windowStart, amount }]),
    ...(credits === null
      ? []
      : [
          {
            item,
            kind: 'credits' as const,
            heldId: credits.currencyId,
            resourceId: credits.resourceId ?? '',
            windowStart: null,
            amount: credits.amount,
          },
        ]),
  ]);
  return holds.filter(({ amount }) => amount > 0n);
}

/** Every resource whose counters or wallets a reservation is about; null stands for the customer's own. */
export function resourcesOf({ items }: Reservation): (string | null)[] {
  return items.flatMap(({ resourceId, heldOf, credits }) => [resourceId, heldOf, credits?.resourceId ?? null]);
}
