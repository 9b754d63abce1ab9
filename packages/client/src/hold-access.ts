import { type AccessDeniedReason, formatAmount, TollgateError } from '@tollgate/contract';
import type { HoldPort } from './gate-port.js';
import type { HotLane } from './hot-lane.js';
import type { Settlements } from './settlements.js';

/** How the gate holds amounts: over the hot lane, and the ends of holds by what delivers them for certain. */
export function holdAccess(lane: HotLane, settlements: Settlements): HoldPort {
  return {
    hold: async (key, items, { ttlMs, deadlineMs }) => {
      const reserve = { ...key, ttlMs, items: items.map((item) => ({ ...item, amount: formatAmount(item.amount) })) };
      const { reservation } = await lane.run({ reserve }, deadlineMs);
      if (reservation?.status === 'HELD') return undefined;
      if (reservation?.status !== 'DENIED') {
        throw new TollgateError('INTERNAL', `a new reservation was answered as ${reservation?.status}`);
      }
      return reservation.denials.map(({ item, reason }) => ({ item, reason: reason as AccessDeniedReason }));
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
