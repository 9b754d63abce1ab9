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
