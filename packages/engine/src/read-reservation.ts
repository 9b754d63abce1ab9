import type { ReservationWire } from '@tollgate/contract';
import { partsOf } from './book-parts.js';
import { customerScopes } from './customer-scopes.js';
import type { EngineContext } from './engine-context.js';
import { standingVersion } from './entitlement/grants.js';
import { readOrFold } from './read-snapshots.js';
import { reservationAnswer, reservedWindows } from './reservation-answer.js';
import { loadStanding } from './standing.js';
import { readReservations } from './storage/hold-store.js';
import { reservationFromStored } from './stored-reservations.js';
import { resourcesOf } from './usage/reservation.js';
import { type ReservationRef, readReservationRef } from './usage/reservation-input.js';

/** A reservation with the counters and wallets that it is about, all as of one instant. */
export async function readReservation(
  context: EngineContext,
  environmentId: string,
  asked: ReservationRef,
  now: number,
): Promise<ReservationWire | null> {
  const { customerId, reservationId } = readReservationRef(asked);
  const key = { environmentId, customerId };
  return context.database.transaction(
    async (tx) => {
      const [stored] = (await readReservations(tx, key, [reservationId])).map(reservationFromStored);
      if (!stored) return null;
      const standing = await loadStanding(context, tx, key, resourcesOf(stored), now);
      const instant = Math.max(now, standing.lastNow);
      const scopes = customerScopes(standing, instant);
      const counters = await readOrFold(tx, key, reservedWindows(stored, scopes));
      const { credits, held } = standing;
      const parts = partsOf({ standing, credits, held, version: standingVersion(standing), counters });
      return reservationAnswer(customerId, stored, [], { scopes, now: instant }, parts).reservation;
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}
