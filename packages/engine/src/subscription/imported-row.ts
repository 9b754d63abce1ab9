import { assertId, type CatalogPlan, type ImportSubscriptionInput } from '@tollgate/contract';
import type { Catalog, Published } from '../catalog/catalog.js';
import { readMetadata } from '../customer/metadata.js';
import { happened } from './happened.js';
import { readInstant } from './instant.js';
import { readKeptFields } from './kept-fields.js';
import { newSubscription } from './new-subscription.js';
import { refusal } from './refusal.js';
import { readAddons } from './requested-addons.js';
import { readBillableFeatures } from './requested-quantities.js';
import { isOpen, isRunning, type Subscription } from './subscription.js';
import { readBillingPeriod, readPlan, readResourceId } from './subscription-request.js';
import { isSamePlace, startNow } from './timeline.js';
import { type Transition, type TransitionMoment, transition } from './transition.js';

export interface Imported extends Omit<Transition, 'isScheduled'> {
  outcome: 'CREATED' | 'UPDATED' | 'SKIPPED';
}

/**
 * Takes over one subscription as it stands elsewhere. The row is about the subscription that it names, or else about the
 * open one on the same plan in the same place. Rejects with the field of the row that breaks a rule.
 */
export function importRow(row: ImportSubscriptionInput, moment: TransitionMoment): Imported {
  const { catalog, now, subscriptions } = moment;
  const plan = readPlan(catalog, row.planId, 'planId');
  const subscriptionId = row.subscriptionId ?? null;
  if (subscriptionId !== null) assertId(subscriptionId, 'subscriptionId');
  const resourceId = readResourceId(catalog, plan, row.resourceId ?? null, 'resourceId');
  const place = { productId: plan.content.productId, resourceId };
  const existing = subscriptions.find((other) =>
    subscriptionId === null
      ? isSamePlace(other, place) && other.planId === plan.id && isOpen(other)
      : other.subscriptionId === subscriptionId,
  );
  const updatedAt = readInstant(row.updatedAt, 'updatedAt');
  if (existing && updatedAt !== null && updatedAt <= existing.updatedAt) {
    return { subscriptions, subscription: existing, events: [], outcome: 'SKIPPED' };
  }
  if (existing && !isSamePlace(existing, place)) {
    const rule = `names ${existing.subscriptionId}, which belongs to another product or resource`;
    throw refusal('subscriptionId', rule);
  }
  const terms = readTerms(row, plan, existing, moment);
  const done = existing ? updated(existing, terms, moment) : created(terms, { subscriptionId, resourceId }, moment);
  const { subscription: imported, events, outcome } = done;
  const subscription = { ...imported, updatedAt: updatedAt ?? now };
  const all = done.subscriptions.map((other) => (other === imported ? subscription : other));
  return { subscriptions: all, subscription, events, outcome };
}

interface ImportedTerms {
  plan: Published<CatalogPlan>;
  billingPeriod: Subscription['billingPeriod'];
  addons: { addonId: string; quantity: number }[];
  billableFeatures: Subscription['billableFeatures'];
  metadata: Record<string, unknown>;
  kept: Record<string, unknown>;
  startDate: number;
  /** Null where it goes on. */
  endDate: number | null;
}

/** What the row leaves out stays as it is stored; of a new subscription it has the usual value. */
function readTerms(
  row: ImportSubscriptionInput,
  plan: Published<CatalogPlan>,
  existing: Subscription | undefined,
  { catalog, now }: TransitionMoment,
): ImportedTerms {
  const held = new Set(existing?.addons.map(({ addonId }) => addonId));
  const startDate = readInstant(row.startDate, 'startDate') ?? existing?.startDate ?? now;
  const given = readInstant(row.endDate, 'endDate');
  if (given !== null && given <= startDate) throw refusal('endDate', 'must be after startDate');
  const stays = existing?.endDate ?? existing?.cancellationDate ?? null;
  const isSamePlan = existing?.planId === plan.id;
  const period = row.billingPeriod ?? (isSamePlan ? existing.billingPeriod : null);
  return {
    plan,
    billingPeriod: readBillingPeriod(plan, period, 'billingPeriod'),
    addons: row.addons ? readAddons(catalog, plan, row.addons, 'addons', held) : isSamePlan ? existing.addons : [],
    billableFeatures: row.billableFeatures
      ? readBillableFeatures(catalog, row.billableFeatures, 'billableFeatures')
      : (existing?.billableFeatures ?? []),
    metadata: readMetadata(row.metadata, 'metadata') ?? existing?.metadata ?? {},
    kept: { ...existing?.kept, ...readKeptFields({ billingId: row.billingId, salesforceId: row.salesforceId }) },
    startDate,
    endDate: row.endDate === undefined ? stays : given,
  };
}

/** What was sold elsewhere was sold there: no trial begins, nothing is charged, and a start in the past is no surprise. */
function created(
  { endDate, startDate, ...terms }: ImportedTerms,
  { subscriptionId, resourceId }: Pick<Subscription, 'resourceId'> & { subscriptionId: string | null },
  moment: TransitionMoment,
): Imported {
  const { now, subscriptions, customerId } = moment;
  const isBackdated = startDate < now;
  const request = { ...terms, resourceId, startDate, isBackdated, entitlements: {} };
  if (endDate !== null && endDate <= now) {
    const id = subscriptionId ?? moment.newId('subscription');
    const fresh = newSubscription(customerId, request, { ...moment, at: now, subscriptionId: id }, null);
    const subscription = endedAt({ ...fresh, cancellationDate: endDate }, endDate);
    const events = [happened('subscription.created', now, subscription)];
    return { subscriptions: [subscription, ...subscriptions], subscription, events, outcome: 'CREATED' };
  }
  const done = transition(
    {
      ...request,
      subscriptionId,
      trialEndDate: null,
      isStartGiven: true,
      isTrialEndGiven: false,
      isTrialDeclined: true,
      scheduleStrategy: null,
      billingCycleAnchor: 'UNCHANGED',
      cancellationDate: endDate,
    },
    { ...moment, isCollected: false },
  );
  return { ...done, outcome: 'CREATED' };
}

/** The same subscription with what the row says. One that has ended stays ended. */
function updated(existing: Subscription, terms: ImportedTerms, moment: TransitionMoment): Imported {
  const { now, catalog, subscriptions } = moment;
  const { plan, addons, startDate, endDate, ...details } = terms;
  const isOtherPlan = plan.id !== existing.planId;
  const soldCatalog = new Map(existing.addons.map((addon) => [addon.addonId, addon.soldCatalog]));
  const changed: Subscription = {
    ...existing,
    ...details,
    ...(isOtherPlan && onPlan(plan, catalog)),
    pricingType: plan.content.pricingType,
    addons: addons.map(({ addonId, quantity }) => ({
      addonId,
      quantity,
      soldCatalog: soldCatalog.get(addonId) ?? catalog.number,
    })),
    startDate,
    ...(startDate !== existing.startDate && { billingCycleAnchor: startDate, isBackdated: startDate < now }),
    ...(isOpen(existing) && { cancellationDate: endDate }),
  };
  const isOver = isOpen(existing) && endDate !== null && endDate <= now;
  const subscription = isOver ? endedAt(changed, endDate) : changed;
  const others = subscriptions.map((other) => (other === existing ? subscription : other));
  if (subscription.status === 'NOT_STARTED' && startDate <= now) {
    const started = startNow(others, subscription, now);
    const running = started.subscriptions.find((other) => isRunning(other) && isSameId(other, subscription));
    return { ...started, subscription: running as Subscription, outcome: 'UPDATED' };
  }
  const events = [happened(isOver ? 'subscription.canceled' : 'subscription.updated', now, subscription)];
  return { subscriptions: others, subscription, events, outcome: 'UPDATED' };
}

/** Values of the subscription's own belong to the plan that left them open. */
const onPlan = ({ id, version }: Published<CatalogPlan>, { number }: Catalog) => ({
  planId: id,
  planVersion: version,
  soldCatalog: number,
  entitlements: {},
  creditEntitlements: {},
});

const isSameId = (a: Subscription, b: Subscription): boolean => a.subscriptionId === b.subscriptionId;

function endedAt(subscription: Subscription, endDate: number): Subscription {
  return { ...subscription, status: 'CANCELED', cancelReason: 'ScheduledCancellation', endDate };
}
