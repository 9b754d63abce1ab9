import {
  type AccessDeniedReason,
  type HotOperationInput,
  ReservationDocument,
  type ReservationWire,
  TollgateError,
} from '@tollgate/contract';
import type { EngineLink } from './engine-link.js';
import type { HotLane } from './hot-lane.js';
import {
  type ExtendReservation,
  extendInput,
  type GetReservation,
  type ReleaseReservation,
  type Reserve,
  releaseInput,
  reserveInput,
  type SettleReservation,
  settleInput,
} from './reservation-inputs.js';
import { asTollgateError, withDetails } from './thrown.js';
import { date, number } from './wire-values.js';

/** Amounts that are held for a customer, all of them or none, until they are settled or released or time is up. */
export interface Reservation {
  reservationId: string;
  customerId: string;
  /** DENIED: nothing is held, and `denials` says why. EXPIRED: its time was up before it was settled or released. */
  status: 'HELD' | 'DENIED' | 'SETTLED' | 'RELEASED' | 'EXPIRED';
  /** Left out unless HELD. */
  expiresAt?: Date;
  items: ReservedItem[];
  /** For each item that does not fit, why. Empty unless DENIED. */
  denials: ReservationDenial[];
}

export interface ReservedItem {
  featureId?: string;
  currencyId?: string;
  /** The resource whose counter or wallet is held; left out when it is the customer's. */
  resourceId?: string;
  amount: number;
  /** What of it was charged; left out until it is settled. */
  settled?: number;
}

export interface ReservationDenial {
  /** The place of the item in the reservation, from 0. */
  item: number;
  reason: AccessDeniedReason;
}

/** Holding amounts before they are used. An answer that is no is a result with the status DENIED, not an error. */
export interface Reservations {
  reserve(params: Reserve): Promise<Reservation>;
  settle(params: SettleReservation): Promise<Reservation>;
  release(params: ReleaseReservation): Promise<Reservation>;
  extend(params: ExtendReservation): Promise<Reservation>;
  get(params: GetReservation): Promise<Reservation | null>;
}

export interface ReservationsOptions {
  lane: HotLane;
  link: EngineLink;
  timeoutMs: number;
  isOffline: boolean;
  newId(): string;
}

export function reservations({ lane, link, timeoutMs, isOffline, newId }: ReservationsOptions): Reservations {
  const run = async (operation: HotOperationInput): Promise<Reservation> => {
    // Nothing can be held without the engine, and a hold that is made up would let everybody in.
    if (isOffline) throw new TollgateError('OFFLINE', 'the client is offline: nothing can be held');
    return reservationOf((await lane.run(operation, timeoutMs)).reservation);
  };
  return {
    reserve: async (params) => {
      const reserve = reserveInput(params, newId);
      try {
        return await run({ reserve });
      } catch (thrown) {
        // Whoever gets no answer must be able to ask again, or to let go, by an id that was made here.
        throw withDetails(asTollgateError(thrown), { reservationId: reserve.reservationId });
      }
    },
    settle: async (params) => run({ settle: settleInput(params) }),
    release: async (params) => run({ release: releaseInput(params) }),
    extend: async (params) => run({ extend: extendInput(params) }),
    get: async (params) => {
      const variables = releaseInput(params);
      const { reservation } = await link.execute(ReservationDocument, variables, timeoutMs);
      return reservation && reservationOf(reservation);
    },
  };
}

export function reservationOf(wire: ReservationWire | null): Reservation {
  if (!wire) throw new TollgateError('INTERNAL', 'the engine gave no answer about this reservation');
  return {
    reservationId: wire.reservationId,
    customerId: wire.customerId,
    status: wire.status,
    ...(wire.expiresAt !== null && { expiresAt: date(wire.expiresAt) }),
    items: wire.items.map((item) => ({
      ...(item.featureId !== null && { featureId: item.featureId }),
      ...(item.currencyId !== null && { currencyId: item.currencyId }),
      ...(item.resourceId !== null && { resourceId: item.resourceId }),
      amount: number(item.amount, 'amount'),
      ...(item.settled !== null && { settled: number(item.settled, 'settled') }),
    })),
    denials: wire.denials.map(({ item, reason }) => ({ item, reason: reason as AccessDeniedReason })),
  };
}
