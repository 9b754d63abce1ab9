import {
  type Amount,
  assertCustomerId,
  assertId,
  type ConsumeCreditsInput,
  formatAmount,
  parseAmount,
} from '@tollgate/contract';
import { contentHash, type Dimensions, invalid, readDimensions, readInstant, readKey } from './item-input.js';

/** The name under which the keys of consumptions are kept, whichever way they come in. */
export const consumptionOperation = 'consumeCredits';

/** One consumption of credits, checked as far as that goes without knowing the customer. */
export interface ConsumptionItem {
  customerId: string;
  currencyId: string;
  resourceId: string | null;
  /** Above 0. */
  amount: Amount;
  /** Null when neither the caller nor its outbox dated it. */
  createdAt: number | null;
  dimensions: Dimensions | null;
  idempotencyKey: string;
  contentHash: string;
}

export function readConsumptionItem(input: ConsumeCreditsInput): ConsumptionItem {
  assertCustomerId(input.customerId);
  assertId(input.currencyId, 'currencyId');
  const resourceId = input.resourceId ?? null;
  if (resourceId !== null) assertId(resourceId, 'resourceId');
  const amount = parseAmount(input.amount, 'amount');
  if (amount <= 0n) throw invalid('amount', 'must be above 0');
  const idempotencyKey = readKey(input.idempotencyKey);
  if (idempotencyKey === null) throw invalid('idempotencyKey', 'is required for consumptions');
  const createdAt = readInstant(input.createdAt, 'createdAt');
  const dimensions = readDimensions(input.dimensions);
  const { customerId, currencyId } = input;
  // A date that an outbox filled in says when the item was sent first, not what it is.
  const dated = input.isCreatedAtFilledIn ? null : createdAt;
  const content = { currencyId, resourceId, amount: formatAmount(amount), createdAt: dated, dimensions };
  return {
    customerId,
    currencyId,
    resourceId,
    amount,
    createdAt,
    dimensions,
    idempotencyKey,
    contentHash: contentHash(content),
  };
}
