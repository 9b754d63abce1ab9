import { amountToNumber, type ConsumeCreditsInput, formatAmount, parseAmount, TollgateError } from '@tollgate/contract';
import { customerId, id, date as instantRule, optional, type Rule, type Rules, readFields } from './field-rules.js';
import { type CreditAck, creditAckOf } from './hot-answer.js';
import type { HotLane } from './hot-lane.js';
import { refused, shortText } from './input-rules.js';
import { type Dimensions, dimensions } from './usage-inputs.js';
import { date, number } from './wire-values.js';

/** Credits that were used, without a feature. */
export interface ConsumeCredits {
  customerId: string;
  currencyId: string;
  /** Above 0, with at most 6 decimal places. */
  amount: number | string;
  /** Repeating a consumption with the same key and content changes nothing. At most 255 characters. */
  idempotencyKey: string;
  resourceId?: string;
  /** When it happened: a Date or an ISO 8601 instant. Default now; at most 5 minutes ahead. It dates the row alone. */
  createdAt?: Date | string;
  dimensions?: Dimensions;
}

/** What the engine committed. */
export interface ConsumedCredits {
  customerId: string;
  currencyId: string;
  amount: number;
  /** The resource whose wallet changed; left out when it was the customer's. */
  resourceId?: string;
  /** When the engine stored it. */
  timestamp: Date;
  /** The wallet after the call. */
  credit: Omit<CreditAck, 'consumed'>;
}

const aboveZero: Rule<string> = (value, field) => {
  const exact = parseAmount(value as number | string, field);
  if (exact <= 0n) throw refused(field, 'must be above 0');
  return formatAmount(exact);
};

const fields: Rules<Omit<ConsumeCreditsInput, 'isCreatedAtFilledIn'>> = {
  customerId,
  currencyId: id,
  amount: aboveZero,
  idempotencyKey: (value, field) => shortText(value as string, field),
  resourceId: optional(id),
  createdAt: optional(instantRule),
  dimensions: optional(dimensions),
};

/** Reads a consumption, or refuses it by the field that breaks a rule. */
export function consumptionInput(given: ConsumeCredits, at = ''): ConsumeCreditsInput {
  return readFields(given, fields, at);
}

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
