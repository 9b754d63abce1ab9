import { assertCustomerId, TollgateError } from '@tollgate/contract';
import type { CustomerDetails } from './customer/customer-details.js';
import { readStanding } from './storage/customer-store.js';
import type { Queryable } from './storage/database.js';
import { isChargedAtStart } from './subscription/awaited-payment.js';
import { refusal } from './subscription/refusal.js';
import type { Subscription } from './subscription/subscription.js';

const field = 'payingCustomerId';

/**
 * Somebody else who pays must be a customer, and one who can pay when a payment is due. Rejects with CUSTOMER_NOT_FOUND or
 * INVALID_ARGUMENT naming `payingCustomerId`.
 */
export async function assertPayer(tx: Queryable, environmentId: string, subscription: Subscription): Promise<void> {
  const { payingCustomerId } = subscription;
  if (payingCustomerId === null) return;
  assertCustomerId(payingCustomerId, field);
  const payer = (await readStanding(tx, environmentId, payingCustomerId, []))?.customer;
  if (!payer) {
    throw new TollgateError('CUSTOMER_NOT_FOUND', `${field} names ${payingCustomerId}, and there is no such customer`, {
      field,
    });
  }
  if (payer.archivedAt !== null) throw refusal(field, `names ${payingCustomerId}, who is archived`);
  const { defaultPaymentMethod } = payer.details as Partial<CustomerDetails>;
  const isDue = subscription.trialEndDate === null && isChargedAtStart(subscription);
  if (isDue && !defaultPaymentMethod) {
    throw refusal(field, `names ${payingCustomerId}, who has no payment method and would have to pay`);
  }
}
