import { assertCustomerId, type CustomerStatisticsQuery, type CustomerWire } from '@tollgate/contract';
import { customerToWire } from './customer/customer.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { customerNotFound, readState } from './read-state.js';
import type { CustomerKey } from './storage/usage-store.js';
import { isRunning, subscriptionToWire } from './subscription/subscription.js';

export type CustomerStatistics = CustomerStatisticsQuery['customerStatistics'];

/** A customer with the subscriptions that run at `now`. Rejects with CUSTOMER_NOT_FOUND, also for one that is archived. */
export async function readCustomer(context: EngineContext, key: CustomerKey, now: number): Promise<CustomerWire> {
  assertCustomerId(key.customerId);
  const { state, instant } = await readState(context, key, now);
  if (state.customer?.archivedAt != null) throw customerNotFound(key.customerId, 'is archived');
  return customerOf(state, instant);
}

const pricingTypes = ['FREE', 'PAID', 'CUSTOM'] as const;

/** How many subscriptions of a customer run at `now`. Rejects like `readCustomer`. */
export async function readStatistics(
  context: EngineContext,
  key: CustomerKey,
  now: number,
): Promise<CustomerStatistics> {
  const { subscriptions } = await readCustomer(context, key, now);
  const active = subscriptions.filter(({ status }) => status === 'ACTIVE');
  return {
    activeSubscriptionsByPricingType: pricingTypes.map((pricingType) => ({
      pricingType,
      count: active.filter((subscription) => subscription.pricingType === pricingType).length,
    })),
    trialSubscriptions: subscriptions.length - active.length,
  };
}

export function customerOf(state: CustomerState, now: number): CustomerWire {
  if (!state.customer) throw customerNotFound(state.customerId);
  const running = state.subscriptions.filter(isRunning).map((subscription) => subscriptionToWire(subscription, now));
  return customerToWire(state.customer, running);
}
