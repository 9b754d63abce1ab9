import {
  formatAmount,
  type ReservationWire,
  toIso,
  type UsageChangeWire,
  usageToWire,
  type WalletChangeWire,
  walletToWire,
} from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import type { WalletKey } from './credit/credit-grant.js';
import type { CustomerScopes } from './customer-scopes.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import { type Reservation, type ReservedItem, reservationStatus } from './usage/reservation.js';

/** Why an item does not fit. */
export type Denial = ReservationWire['denials'][number];

/** A reservation as its caller sees it, with the counters and wallets that it is about as they stand now. */
export function reservationAnswer(
  customerId: string,
  reservation: Reservation,
  denials: Denial[],
  { scopes, now }: { scopes: CustomerScopes; now: number },
  parts: BookParts,
): { reservation: ReservationWire } {
  const { reservationId, expiresAt, items } = reservation;
  const status = denials.length > 0 ? 'DENIED' : reservationStatus(reservation, now);
  return {
    reservation: {
      reservationId,
      customerId,
      status,
      expiresAt: status === 'HELD' ? toIso(expiresAt) : null,
      items: items.map(itemToWire),
      denials,
      usage: distinct(items.flatMap((item) => usageOf(customerId, item, scopes, parts))),
      wallets: distinct(items.flatMap(({ credits }) => (credits ? walletOf(customerId, credits, parts) : []))),
    },
  };
}

function itemToWire({
  featureId,
  currencyId,
  heldOf,
  amount,
  settled,
}: ReservedItem): ReservationWire['items'][number] {
  return {
    featureId,
    currencyId,
    resourceId: heldOf,
    amount: formatAmount(amount),
    settled: settled && formatAmount(settled.amount),
  };
}

function usageOf(
  customerId: string,
  { featureId, heldOf }: ReservedItem,
  scopes: CustomerScopes,
  parts: BookParts,
): UsageChangeWire[] {
  const part = featureId === null ? undefined : parts.usage(scopes.window(scopes.of(heldOf), featureId));
  return part ? [{ customerId, resourceId: heldOf, counter: usageToWire(part) }] : [];
}

function walletOf(customerId: string, { currencyId, resourceId }: WalletKey, parts: BookParts): WalletChangeWire[] {
  const key = { currencyId, resourceId };
  return parts.hasWallet(key) ? [{ customerId, resourceId, wallet: walletToWire(parts.wallet(key)) }] : [];
}

/** Several items may be about one counter or wallet. */
function distinct<Part>(parts: readonly Part[]): Part[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

/** The counters that a reservation is about. */
export function reservedWindows({ items }: Reservation, scopes: CustomerScopes): RunningWindow[] {
  return items.flatMap(({ featureId, heldOf }) =>
    featureId === null ? [] : [scopes.window(scopes.of(heldOf), featureId)],
  );
}
