import { type CatalogPlan, usagePeriodAt } from '@tollgate/contract';
import type { Catalog, Published } from '../catalog/catalog.js';
import { type Happened, happened, type Timeline } from './happened.js';
import { newSubscription } from './new-subscription.js';
import { movesInPlace } from './plan-move.js';
import { withoutPending } from './schedule.js';
import type { Subscription, SubscriptionChange } from './subscription.js';
import { type UsageCutoff, usageCutoff } from './usage-cutoff.js';

export interface ChangeMoment {
  at: number;
  catalog: Catalog;
  /** The customer's revision that a change which was asked for makes; null for what time does. */
  revision: number | null;
  newId(subscriptionId: string, at: number): string;
}

/** Changes a subscription now. Within its plan it stays the same subscription; of other plans `movesInPlace` decides. */
export function changeSubscription(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  change: SubscriptionChange,
  moment: ChangeMoment,
): Timeline {
  const plan = change.planId === undefined ? undefined : moment.catalog.plans.get(change.planId);
  if (plan && plan.id !== subscription.planId && !movesInPlace(subscription.pricingType, plan.content.pricingType)) {
    return replaceBy(subscriptions, subscription, { ...change, plan }, moment);
  }
  const changed =
    plan && plan.id !== subscription.planId
      ? onOtherPlan(subscription, plan, change, moment)
      : onSamePlan(subscription, change, moment);
  const after = subscriptions.map((other) => (other.subscriptionId === changed.subscriptionId ? changed : other));
  return { subscriptions: after, events: [happened('subscription.updated', moment.at, changed)] };
}

/** False when the catalog no longer sells what the change is for. */
export function isStillPossible({ planId, addons = [] }: SubscriptionChange, catalog: Catalog): boolean {
  const isSold = (entry: { isArchived: boolean } | undefined): boolean => entry !== undefined && !entry.isArchived;
  if (planId !== undefined && !isSold(catalog.plans.get(planId))) return false;
  return addons.every(({ addonId }) => isSold(catalog.addons.get(addonId)));
}

function onSamePlan(subscription: Subscription, change: SubscriptionChange, moment: ChangeMoment): Subscription {
  const { catalog } = moment;
  const { addons, billableFeatures, entitlements, creditEntitlements: credits, kept, metadata } = change;
  const { migratesToLatest: isLatest = false } = change;
  const plan = isLatest ? catalog.plans.get(subscription.planId) : undefined;
  return {
    ...subscription,
    ...withCycle(subscription, change, moment),
    ...(plan && { soldCatalog: catalog.number, planVersion: plan.version }),
    addons: soldAddons(subscription, addons ?? subscription.addons, catalog, isLatest),
    ...(billableFeatures && { billableFeatures }),
    ...(entitlements && { entitlements: { ...subscription.entitlements, ...entitlements } }),
    ...(credits && { creditEntitlements: { ...subscription.creditEntitlements, ...credits } }),
    ...(kept && { kept: { ...subscription.kept, ...kept } }),
    ...(metadata && { metadata }),
    ...termsOf(change),
  };
}

/** Who pays, how, how much and until when, as far as the change says. */
function termsOf({ cancellationDate, payingCustomerId, budget, paymentCollectionMethod }: SubscriptionChange) {
  return {
    ...(cancellationDate !== undefined && { cancellationDate }),
    ...(payingCustomerId !== undefined && { payingCustomerId }),
    ...(budget !== undefined && { budget }),
    ...(paymentCollectionMethod !== undefined && { paymentCollectionMethod }),
  };
}

type Cycle = Pick<Subscription, 'billingPeriod' | 'billingCycleAnchor'> &
  Partial<UsageCutoff & Pick<Subscription, 'pastCutoffs'>>;

/**
 * Another billing period begins a new cycle unless the change says to keep the old one. A cycle that begins anew is a
 * change of the billing anchor: the product's rule for usage that resets is asked.
 */
function withCycle(
  subscription: Subscription,
  change: SubscriptionChange,
  { at, catalog, revision }: ChangeMoment,
): Cycle {
  const { billingPeriod = subscription.billingPeriod, billingCycleAnchor: asked } = change;
  const { billingCycleAnchor: anchor, pricingType } = subscription;
  const isOther = billingPeriod !== subscription.billingPeriod;
  const isNew = asked === 'NOW' || (isOther && asked !== 'UNCHANGED' && !beginsAt(billingPeriod, anchor, at));
  const cycle = { billingPeriod, billingCycleAnchor: isNew ? at : anchor };
  if (asked !== 'NOW' && !isOther) return cycle;
  const behavior = resetRuleOf(catalog, subscription.productId);
  if (asked !== 'NOW') {
    const cutoff = usageCutoff(subscription, { pricingType, billingPeriod }, behavior, at, revision);
    return { ...cycle, ...withPast(subscription, cutoff, at) };
  }
  if (behavior === 'NEVER_RESET') return cycle;
  const cutoff = { usageAnchor: at, usageCountsFrom: at, usageCountsFromRevision: revision };
  return { ...cycle, ...withPast(subscription, cutoff, at) };
}

/** More than anybody begins anew; what is older is told by the oldest that is kept. */
const pastCutoffsMax = 100;

/** Another cutoff, with the one before it remembered; nothing where it stays the same. */
function withPast(
  { usageAnchor, usageCountsFrom, usageCountsFromRevision, pastCutoffs }: Subscription,
  cutoff: UsageCutoff,
  until: number,
): Partial<UsageCutoff & Pick<Subscription, 'pastCutoffs'>> {
  if (cutoff.usageAnchor === usageAnchor && cutoff.usageCountsFrom === usageCountsFrom) return {};
  const past = [...pastCutoffs, { until, usageAnchor, usageCountsFrom, usageCountsFromRevision }];
  return { ...cutoff, pastCutoffs: past.slice(-pastCutoffsMax) };
}

/** Where the new periods begin at the instant anyway, the anchor keeps its day: the 31st stays the 31st. */
function beginsAt(billingPeriod: Subscription['billingPeriod'], anchor: number, at: number): boolean {
  if (billingPeriod === null) return false;
  const period = billingPeriod === 'MONTHLY' ? 'MONTH' : 'YEAR';
  return usagePeriodAt({ period, accordingTo: 'SubscriptionStart', anchor }, at).start === at;
}

const resetRuleOf = (catalog: Catalog, productId: string) =>
  catalog.products.get(productId)?.content.usageResetCutoffRule?.behavior ?? 'ALWAYS_RESET';

/** An add-on that was there keeps the version that it was sold under. */
function soldAddons(
  { addons: before }: Subscription,
  addons: readonly { addonId: string; quantity: number }[],
  catalog: Catalog,
  isLatest: boolean,
): Subscription['addons'] {
  return addons.map(({ addonId, quantity }) => {
    const held = before.find((addon) => addon.addonId === addonId);
    return { addonId, quantity, soldCatalog: held && !isLatest ? held.soldCatalog : catalog.number };
  });
}

type OtherPlan = SubscriptionChange & { plan: Published<CatalogPlan> };

/** The same subscription on a plan of another pricing type: what belonged to the old plan goes with it. */
function onOtherPlan(
  subscription: Subscription,
  plan: Published<CatalogPlan>,
  change: SubscriptionChange,
  moment: ChangeMoment,
): Subscription {
  const subscriptionId = subscription.subscriptionId;
  const fresh = newSubscription(
    subscription.customerId,
    requestFor(subscription, { ...change, plan }, moment.at),
    { ...moment, subscriptionId },
    subscription,
  );
  const { startDate, createdAt, isBackdated, futureUpdates, trialEndDate, latestInvoice, isRevoked } = subscription;
  return {
    ...fresh,
    status: subscription.status,
    startDate,
    createdAt,
    isBackdated,
    futureUpdates,
    trialEndDate,
    latestInvoice,
    isRevoked,
  };
}

function replaceBy(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  change: OtherPlan,
  moment: ChangeMoment,
): Timeline {
  const { at, newId } = moment;
  const subscriptionId = newId(subscription.subscriptionId, at);
  const request = requestFor(subscription, change, at);
  const started = newSubscription(subscription.customerId, request, { ...moment, subscriptionId }, subscription);
  const replaced: Subscription = {
    ...withoutPending(subscription),
    status: 'CANCELED',
    endDate: at,
    cancelReason: 'UPGRADE_OR_DOWNGRADE',
  };
  const after = subscriptions.map((other) => (other.subscriptionId === replaced.subscriptionId ? replaced : other));
  const events: Happened[] = [
    happened('subscription.canceled', at, replaced),
    happened('subscription.created', at, started),
  ];
  return { subscriptions: [...after, started], events };
}

/** What a subscription becomes on another plan: who has it and who pays stays, what is sold is what the change says. */
function requestFor(subscription: Subscription, change: OtherPlan, at: number) {
  const { plan } = change;
  const isFree = plan.content.pricingType === 'FREE';
  const keepsAnchor = !isFree && change.billingCycleAnchor !== 'NOW' && subscription.pricingType !== 'FREE';
  return {
    plan,
    resourceId: subscription.resourceId,
    payingCustomerId: subscription.payingCustomerId,
    billingPeriod: isFree ? null : (change.billingPeriod ?? subscription.billingPeriod),
    addons: change.addons ?? [],
    billableFeatures: change.billableFeatures ?? [],
    entitlements: change.entitlements ?? {},
    creditEntitlements: change.creditEntitlements ?? {},
    metadata: change.metadata ?? subscription.metadata,
    kept: { ...subscription.kept, ...change.kept },
    cancellationDate: subscription.cancellationDate,
    paymentCollectionMethod: subscription.paymentCollectionMethod,
    billingCycleAnchor: keepsAnchor ? subscription.billingCycleAnchor : at,
    ...termsOf(change),
  };
}
