import { type ConsumeCreditsInput, formatAmount, parseAmount } from '@tollgate/contract';
import type { CreditAck } from './credit.js';
import { customerId, date, id, optional, type Rule, type Rules, readFields } from './field-rules.js';
import { refused, shortText } from './input-rules.js';
import type { CurrencyId } from './typed-catalog.js';
import { type Dimensions, dimensions } from './usage-inputs.js';

/** Credits that were used, without a feature. */
export interface ConsumeCredits<Id extends string = CurrencyId> {
  customerId: string;
  currencyId: Id;
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
  createdAt: optional(date),
  dimensions: optional(dimensions),
};

/** Reads a consumption, or refuses it by the field that breaks a rule. */
export function consumptionInput(given: ConsumeCredits, at = ''): ConsumeCreditsInput {
  return readFields(given, fields, at);
}
