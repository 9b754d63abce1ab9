import { endOfBilling } from './billing-period.js';
import type { FutureUpdate, FutureUpdateType, Subscription, SubscriptionChange } from './subscription.js';

/** Statuses of an update that is still to come. */
type PendingStatus = 'SCHEDULED' | 'PENDING_PAYMENT';
const pendingStatuses: readonly string[] = ['SCHEDULED', 'PENDING_PAYMENT'] satisfies PendingStatus[];

export const isPending = ({ scheduleStatus }: FutureUpdate): boolean => pendingStatuses.includes(scheduleStatus);

/**
 * When something happens that waits for the end of a billing period or month. A trial's period is the trial. Null where
 * nothing is billed in periods: there is nothing to wait for.
 */
export function endOfTerm(subscription: Subscription, span: 'period' | 'month', at: number): number | null {
  if (subscription.status === 'IN_TRIAL') return subscription.trialEndDate;
  return endOfBilling(subscription, span, at);
}

/** The subscription without what was still to come: it stays in the list as cancelled. */
export function withoutPending(
  subscription: Subscription,
  isTakenBack: (update: FutureUpdate) => boolean = isPending,
): Subscription {
  const { futureUpdates } = subscription;
  if (!futureUpdates.some((update) => isPending(update) && isTakenBack(update))) return subscription;
  const after = futureUpdates.map(
    (update): FutureUpdate =>
      isPending(update) && isTakenBack(update) ? { ...update, scheduleStatus: 'CANCELED' } : update,
  );
  return { ...subscription, futureUpdates: after };
}

export interface Scheduled {
  type: FutureUpdateType;
  change: SubscriptionChange;
  /** The plan or add-on that it is about. */
  targetPackage: string | null;
}

/** The subscription with changes that are due later, each under an id of its own. */
export function withScheduled(
  subscription: Subscription,
  updates: readonly Scheduled[],
  dueAt: number,
  newUpdateId: () => string,
): Subscription {
  const added = updates.map(
    (update): FutureUpdate => ({
      id: newUpdateId(),
      ...update,
      scheduleStatus: 'SCHEDULED',
      scheduledExecutionTime: dueAt,
    }),
  );
  return { ...subscription, futureUpdates: [...subscription.futureUpdates, ...added] };
}
