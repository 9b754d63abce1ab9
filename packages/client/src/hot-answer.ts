import {
  type CreditAckWire,
  type HotOperationResultWire,
  type NumberChanges,
  numberChangesFromWire,
  type ReportUsageAckWire,
} from '@tollgate/contract';
import type { CreditAck } from './credit.js';
import { date, number } from './wire-values.js';

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
