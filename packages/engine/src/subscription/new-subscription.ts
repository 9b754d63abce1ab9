import type { BillingPeriod, CatalogPlan, UsageResetCutoffBehavior } from '@tollgate/contract';
import type { Catalog, Published } from '../catalog/catalog.js';
import { isChargedAtStart, paymentWindowMs } from './awaited-payment.js';
import type { Subscription } from './subscription.js';
import { usageCutoff } from './usage-cutoff.js';

/** What a new subscription is to be; what is left out has the usual value. */
export interface NewSubscription
  extends Partial<
    Pick<
      Subscription,
      | 'trialEndDate'
      | 'trialEndBehavior'
      | 'payingCustomerId'
      | 'billableFeatures'
      | 'entitlements'
      | 'creditEntitlements'
      | 'cancellationDate'
      | 'isBackdated'
      | 'billingCycleAnchor'
      | 'budget'
      | 'paymentCollectionMethod'
      | 'kept'
    >
  > {
  plan: Published<CatalogPlan>;
  resourceId: string | null;
  billingPeriod: BillingPeriod | null;
  addons: readonly { addonId: string; quantity: number }[];
  metadata: Record<string, unknown>;
  /** Default: the moment. Later: NOT_STARTED until then. */
  startDate?: number;
}

export interface NewSubscriptionMoment {
  at: number;
  catalog: Catalog;
  /** The customer's revision that a change which was asked for makes; null for what time does. */
  revision: number | null;
  subscriptionId: string;
  /** True where somebody collects payments: then what is charged at its start waits for the payment first. */
  isCollected?: boolean;
}

/** A subscription that begins at the moment, or waits for its start; `replaced` is the one whose place it takes. */
export function newSubscription(
  customerId: string,
  request: NewSubscription,
  { at, catalog, revision, subscriptionId, isCollected = false }: NewSubscriptionMoment,
  replaced: Subscription | null,
): Subscription {
  const { plan, startDate = at, trialEndDate = null } = request;
  const product = catalog.products.get(plan.content.productId)?.content;
  const behavior: UsageResetCutoffBehavior = product?.usageResetCutoffRule?.behavior ?? 'ALWAYS_RESET';
  const terms = { pricingType: plan.content.pricingType, billingPeriod: request.billingPeriod };
  const isLater = startDate > at;
  const isTrial = trialEndDate !== null && trialEndDate > at;
  const { isBackdated = false, paymentCollectionMethod = null, kept = {} } = request;
  const isPending =
    isCollected && !isLater && !isTrial && isChargedAtStart({ ...terms, isBackdated, paymentCollectionMethod, kept });
  const runs = isTrial ? 'IN_TRIAL' : 'ACTIVE';
  return {
    subscriptionId,
    customerId,
    payingCustomerId: request.payingCustomerId ?? null,
    resourceId: request.resourceId,
    productId: plan.content.productId,
    planId: plan.id,
    planVersion: plan.version,
    soldCatalog: catalog.number,
    ...terms,
    status: isLater ? 'NOT_STARTED' : isPending ? 'PAYMENT_PENDING' : runs,
    addons: request.addons.map(({ addonId, quantity }) => ({ addonId, quantity, soldCatalog: catalog.number })),
    billableFeatures: request.billableFeatures ?? [],
    entitlements: request.entitlements ?? {},
    creditEntitlements: request.creditEntitlements ?? {},
    startDate,
    endDate: null,
    trialEndDate,
    trialEndBehavior: request.trialEndBehavior ?? null,
    cancellationDate: request.cancellationDate ?? null,
    cancelReason: null,
    isRevoked: false,
    billingCycleAnchor: request.billingCycleAnchor ?? startDate,
    isBackdated,
    budget: request.budget ?? null,
    paymentCollection: isPending ? 'PROCESSING' : 'NOT_REQUIRED',
    paymentCollectionMethod,
    latestInvoice: null,
    paymentDueDate: isPending ? at + paymentWindowMs : null,
    futureUpdates: [],
    kept,
    metadata: request.metadata,
    createdAt: at,
    updatedAt: at,
    ...usageCutoff(replaced, terms, behavior, startDate, revision),
    pastCutoffs: [],
  };
}
