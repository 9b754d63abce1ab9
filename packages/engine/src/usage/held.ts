import type { Amount } from '@tollgate/contract';

/** What is held of one counter's period or of one wallet, over all reservations whose time is not up. */
export interface Held {
  kind: 'usage' | 'credits';
  /** A feature id or a currency id. */
  heldId: string;
  /** '' for the customer's own. */
  resourceId: string;
  /** Usage: the start of the period that it is held of; null where the feature never resets. */
  windowStart: number | null;
  amount: Amount;
  /** When the first and the last of the reservations run out. */
  firstExpiry: number;
  lastExpiry: number;
}

/** With one more hold of the same number, or, where the amount is below 0, with as much less. Nothing is held of nothing. */
export function withHeld(
  held: readonly Held[],
  {
    kind,
    heldId,
    resourceId,
    windowStart,
    amount,
  }: Pick<Held, 'kind' | 'heldId' | 'resourceId' | 'windowStart' | 'amount'>,
  expiresAt: number,
): Held[] {
  const isSame = (other: Held): boolean =>
    other.kind === kind &&
    other.heldId === heldId &&
    other.resourceId === resourceId &&
    other.windowStart === windowStart;
  const before = held.find(isSame);
  const others = held.filter((other) => other !== before);
  const sum = (before?.amount ?? 0n) + amount;
  if (sum <= 0n) return others;
  const firstExpiry = Math.min(before?.firstExpiry ?? expiresAt, expiresAt);
  const lastExpiry = Math.max(before?.lastExpiry ?? expiresAt, expiresAt);
  return [...others, { kind, heldId, resourceId, windowStart, amount: sum, firstExpiry, lastExpiry }];
}
