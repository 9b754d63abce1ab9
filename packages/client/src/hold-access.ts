import { type AccessDeniedReason, formatAmount, type ReservationWire, TollgateError } from '@tollgate/contract';
import type { HoldAnswer, HoldPort, ReservationKey } from './gate-port.js';
import type { HotLane } from './hot-lane.js';
import type { Settlements } from './settlements.js';

/** How the gate holds amounts: over the hot lane, and the ends of holds by what delivers them for certain. */
export function holdAccess(lane: HotLane, settlements: Settlements): HoldPort {
  return {
    hold: async ({ items, ...wanted }, { ttlMs, deadlineMs }) => {
      const amounts = items.map((item) => ({ ...item, amount: formatAmount(item.amount) }));
      const { reservation } = await lane.run({ reserve: { ...wanted, ttlMs, items: amounts } }, deadlineMs);
      return answerOf(reservation, wanted);
    },
    extend: async (key, { ttlMs, deadlineMs }) => {
      await lane.run({ extend: { ...key, ttlMs } }, deadlineMs);
    },
    settle: (key, amounts) =>
      settlements.settle({
        ...key,
        amounts: amounts.map((amount, item) => ({ item, amount: formatAmount(amount) })),
      }),
    release: (key) => settlements.release(key),
  };
}

function answerOf(reservation: ReservationWire | null, { reservationId }: ReservationKey): HoldAnswer {
  const isOwn = reservation?.reservationId === reservationId;
  switch (reservation?.status) {
    case 'HELD':
      return { kind: isOwn ? 'held' : 'running' };
    case 'DENIED':
      return {
        kind: 'denied',
        denials: reservation.denials.map(({ item, reason }) => ({ item, reason: reason as AccessDeniedReason })),
      };
    case 'SETTLED':
      if (!isOwn) return { kind: 'charged' };
  }
  throw new TollgateError('INTERNAL', `a new reservation was answered as ${reservation?.status}`);
}
