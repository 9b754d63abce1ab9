import type { ProvisionSubscriptionInput } from '@tollgate/contract';
import { readQuantity } from './requested-quantities.js';
import type { Subscription } from './subscription.js';

/** Null for no budget. */
export function readBudget(input: ProvisionSubscriptionInput['budget'], field: string): Subscription['budget'] {
  if (!input) return null;
  return { limit: readQuantity(input.limit, `${field}.limit`), hasSoftLimit: input.hasSoftLimit };
}
