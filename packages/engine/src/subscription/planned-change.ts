import { equalJson } from '../catalog/json.js';
import { isUpgrade } from '../catalog/plan-order.js';
import { endOfBilling } from './billing-period.js';
import { isPending, withoutPending, withScheduled } from './schedule.js';
import type { FutureUpdate, FutureUpdateType, Subscription, SubscriptionChange } from './subscription.js';
import type { RequestMoment, SubscriptionRequest } from './subscription-request.js';

/**
 * The instant for which a change of what runs waits; null for at once. Upgrades and downgrades alike happen at once unless
 * the call says otherwise, and so does what has no billing period to wait for.
 */
export function waitsUntil(running: Subscription, request: SubscriptionRequest, now: number): number | null {
  const { scheduleStrategy, trialEndDate } = request;
  // A trial begins beside what runs.
  if (scheduleStrategy === null || scheduleStrategy === 'IMMEDIATE' || trialEndDate !== null) return null;
  return endOfBilling(running, scheduleStrategy === 'END_OF_BILLING_PERIOD' ? 'period' : 'month', now);
}

/** What runs, with the change to what was asked for due at an instant, in place of any other change that was due. */
export function scheduleRequest(
  running: Subscription,
  request: SubscriptionRequest,
  dueAt: number,
  { catalog, newId }: RequestMoment & { newId(prefix: string): string },
): Subscription {
  const change = changeTo(running, request);
  const isThere = running.futureUpdates.some(
    (update) => isPending(update) && update.scheduledExecutionTime === dueAt && equalJson(update.change, change),
  );
  if (isThere) return running;
  const isDowngrade = isUpgrade(catalog, running, { planId: request.plan.id }) === false;
  const type = change.planId === undefined ? typeWithin(running, change) : isDowngrade ? 'DOWNGRADE' : 'PLAN';
  const update = { type, change, targetPackage: request.plan.id };
  return withScheduled(withoutPending(running), [update], dueAt, () => newId('update'));
}

/** True for a change of what a call that provisions asks for: of the plan, or of how much of it. */
export function isPackageChange({ change }: FutureUpdate): boolean {
  return ['planId', 'billingPeriod', 'addons', 'billableFeatures'].some((field) => field in change);
}

function changeTo(running: Subscription, request: SubscriptionRequest): SubscriptionChange {
  const { plan, billingPeriod, addons, kept = {}, metadata, cancellationDate, payingCustomerId } = request;
  const { budget, paymentCollectionMethod, billingCycleAnchor } = request;
  return {
    ...(plan.id !== running.planId && { planId: plan.id }),
    billingPeriod,
    addons: [...addons],
    billableFeatures: request.billableFeatures ?? [],
    entitlements: request.entitlements ?? {},
    creditEntitlements: request.creditEntitlements ?? {},
    ...(Object.keys(kept).length > 0 && { kept }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(billingCycleAnchor === 'NOW' && { billingCycleAnchor }),
    ...(cancellationDate && { cancellationDate }),
    ...(payingCustomerId && { payingCustomerId }),
    ...(budget && { budget }),
    ...(paymentCollectionMethod && { paymentCollectionMethod }),
  };
}

function typeWithin(running: Subscription, change: SubscriptionChange): FutureUpdateType {
  if (change.billingPeriod !== running.billingPeriod) return 'BILLING_PERIOD';
  const addons = running.addons.map(({ addonId, quantity }) => ({ addonId, quantity }));
  return equalJson(change.addons, addons) ? 'UNIT_AMOUNT' : 'ADDON';
}
