import type { CustomerState } from './customer-state.js';
import type { Subscription } from './subscription/subscription.js';

/** Subscriptions that a command changed were changed now, unless the command says when. What time did dates nothing. */
export function datedState(before: CustomerState, after: CustomerState, now: number): CustomerState {
  const isUndated = (subscription: Subscription): boolean => {
    const old = before.subscriptions.find(({ subscriptionId }) => subscriptionId === subscription.subscriptionId);
    return old !== undefined && old !== subscription && old.updatedAt === subscription.updatedAt;
  };
  if (!after.subscriptions.some(isUndated)) return after;
  const subscriptions = after.subscriptions.map((other) => (isUndated(other) ? { ...other, updatedAt: now } : other));
  return { ...after, subscriptions };
}
