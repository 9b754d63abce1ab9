import type { CreditState } from './credit/credit-state.js';
import type { Customer } from './customer/customer.js';
import type { Promotion } from './entitlement/promotion.js';
import type { Subscription } from './subscription/subscription.js';

/** Everything about one customer that commands and time change, past and present. */
export interface CustomerState {
  customerId: string;
  /** Null for an id that nobody has yet. */
  customer: Customer | null;
  /** In every status, of every resource, newest first. */
  subscriptions: readonly Subscription[];
  /** Those that hold and those that have ended, newest first. */
  promotions: readonly Promotion[];
  resourceIds: readonly string[];
  /** Every wallet, and the grants to which something can still happen. */
  credits: CreditState;
}
