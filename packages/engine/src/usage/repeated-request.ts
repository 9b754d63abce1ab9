import { type Reservation, reservationStatus } from './reservation.js';

/** How long a client's request is told from a new one under the same key. */
export const requestKeptMs = 86_400_000;

/**
 * Which of the reservations of one request key speaks for it: one that runs, else one that was charged, else the newest
 * of those that came to nothing. Undefined once all of them are older than a day.
 */
export function speakerOf(reservations: readonly Reservation[], key: string, now: number): Reservation | undefined {
  const rank = (reservation: Reservation): number => {
    const status = reservationStatus(reservation, now);
    return status === 'HELD' ? 2 : status === 'SETTLED' ? 1 : 0;
  };
  const isKept = (reservation: Reservation): boolean =>
    reservation.request?.key === key && (rank(reservation) === 2 || reservation.createdAt > now - requestKeptMs);
  return reservations
    .filter(isKept)
    .sort((one, other) => rank(other) - rank(one) || other.createdAt - one.createdAt)[0];
}

/**
 * The reservation that was charged in place of this one: a request that was thought dead and sent again may come to its
 * end after all.
 */
export function chargedInstead(reservations: readonly Reservation[], late: Reservation): Reservation | undefined {
  const isSame = ({ request, reservationId }: Reservation): boolean =>
    request !== null && request.key === late.request?.key && reservationId !== late.reservationId;
  return reservations.find(
    (other) =>
      isSame(other) && other.status === 'SETTLED' && Math.abs(other.createdAt - late.createdAt) < requestKeptMs,
  );
}
