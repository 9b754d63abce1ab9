import { amountToNumber, type ConsumeCreditsInput, parseAmount, TollgateError } from '@tollgate/contract';
import { type ConsumeCredits, type ConsumedCredits, consumptionInput } from './consumption.js';
import { creditAckOf } from './hot-answer.js';
import type { HotLane } from './hot-lane.js';
import { date, number } from './wire-values.js';

export interface CreditConsumptionOptions {
  lane: HotLane;
  timeoutMs: number;
  isOffline: boolean;
  now(): number;
}

/** Consumes credits and waits for the engine: what is resolved is committed, and the caller's next read sees it. */
export function creditConsumption({ lane, timeoutMs, isOffline, now }: CreditConsumptionOptions) {
  return async (given: ConsumeCredits): Promise<ConsumedCredits> => {
    const consumeCredits = consumptionInput(given);
    if (isOffline) return echo(consumeCredits, now());
    const { consumption: ack } = await lane.run({ consumeCredits }, timeoutMs);
    if (!ack) throw new TollgateError('INTERNAL', 'the engine gave no answer for this consumption');
    const { consumed: _, ...credit } = creditAckOf(ack.credit);
    return {
      customerId: ack.customerId,
      currencyId: ack.currencyId,
      amount: number(ack.amount, 'amount'),
      ...(ack.resourceId !== null && { resourceId: ack.resourceId }),
      timestamp: date(ack.timestamp),
      credit,
    };
  };
}

/** In offline mode: the consumption comes back and goes nowhere; the wallet is answered as empty. */
function echo({ customerId, currencyId, amount, resourceId }: ConsumeCreditsInput, now: number): ConsumedCredits {
  return {
    customerId,
    currencyId,
    amount: amountToNumber(parseAmount(amount, 'amount')),
    ...(resourceId && { resourceId }),
    timestamp: new Date(now),
    credit: { currencyId, currentUsage: 0, usageLimit: 0, timestamp: new Date(now) },
  };
}
