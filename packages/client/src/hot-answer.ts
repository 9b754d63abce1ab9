import {
  type CreditAckWire,
  type HotOperationResultWire,
  type NumberChanges,
  numberChangesFromWire,
  type ReportUsageAckWire,
} from '@tollgate/contract';
import { date, number } from './wire-values.js';

/** What one report or consumption did to a wallet. Amounts are credits. */
export interface CreditAck {
  currencyId: string;
  /** Consumed of the whole wallet, after the call. */
  currentUsage: number;
  /** Granted to the whole wallet. */
  usageLimit: number;
  /** When the wallet last changed; for display. */
  timestamp: Date;
  /** By this call alone; 0 for a repetition. */
  consumed: number;
  /** When recurring credits are next renewed; left out when none are. */
  usagePeriodEnd?: Date;
}

/** The counters and wallets that an operation changed, as they stand now. */
export function answerNumbers({ usage, consumption, reservation }: HotOperationResultWire): NumberChanges {
  if (usage) return ackNumbers(usage);
  if (reservation) return numberChangesFromWire(reservation);
  return numberChangesFromWire({ usage: [], wallets: consumption ? [consumption.credit.wallet] : [] });
}

/** The counter that a report changed, and the wallet that paid for it. */
export function ackNumbers({ customerId, resourceId, counter, credit }: ReportUsageAckWire): NumberChanges {
  return numberChangesFromWire({
    usage: [{ customerId, resourceId, counter }],
    wallets: credit ? [credit.wallet] : [],
  });
}

export function creditAckOf(credit: CreditAckWire): CreditAck {
  return {
    currencyId: credit.currencyId,
    currentUsage: number(credit.currentUsage, 'currentUsage'),
    usageLimit: number(credit.usageLimit, 'usageLimit'),
    timestamp: date(credit.timestamp),
    consumed: number(credit.consumed, 'consumed'),
    ...(credit.usagePeriodEnd !== null && { usagePeriodEnd: date(credit.usagePeriodEnd) }),
  };
}
