import {
  type BillingPeriod,
  type CatalogEntitlementValue,
  type CreditCadence,
  type PricingType,
  type SubscriptionStatus,
  type SubscriptionWire,
  toIso,
  toIsoOrNull,
} from '@tollgate/contract';
import { billingPeriodAt } from './billing-period.js';

export interface SubscriptionAddon {
  addonId: string;
  quantity: number;
  /** The catalog number that it was sold under. */
  soldCatalog: number;
}

/** Recurring credits of a subscription's own. */
export interface CustomCredits {
  /** For one period: an exact decimal above 0. */
  amount: string;
  cadence: CreditCadence;
  /** What the plan says when left out. */
  hasSoftLimit?: boolean;
}

/** What is to change later, field by field; what is absent stays. */
export interface SubscriptionChange {
  planId?: string;
  billingPeriod?: BillingPeriod | null;
  addons?: { addonId: string; quantity: number }[];
  billableFeatures?: { featureId: string; quantity: string }[];
  entitlements?: Record<string, CatalogEntitlementValue>;
  creditEntitlements?: Record<string, CustomCredits>;
  kept?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  /** NOW begins a new cycle; UNCHANGED keeps the cycle even where the billing period changes. */
  billingCycleAnchor?: 'NOW' | 'UNCHANGED';
  cancellationDate?: number;
  payingCustomerId?: string;
  budget?: Subscription['budget'];
  paymentCollectionMethod?: Subscription['paymentCollectionMethod'];
  migratesToLatest?: true;
}

export type FutureUpdateType = SubscriptionWire['futureUpdates'][number]['type'];
export type ScheduleStatus = SubscriptionWire['futureUpdates'][number]['scheduleStatus'];

export interface FutureUpdate {
  id: string;
  type: FutureUpdateType;
  scheduleStatus: ScheduleStatus;
  scheduledExecutionTime: number;
  targetPackage: string | null;
  change: SubscriptionChange;
}

/** A subscription as it is stored; instants in epoch milliseconds. */
export interface Subscription {
  subscriptionId: string;
  /** Who manages it and gets the entitlements. */
  customerId: string;
  /** Who pays; null when the customer itself does. */
  payingCustomerId: string | null;
  resourceId: string | null;
  productId: string;
  planId: string;
  planVersion: number;
  /** The catalog number that the plan was sold under: it decides which published version counts. */
  soldCatalog: number;
  pricingType: PricingType;
  status: SubscriptionStatus;
  billingPeriod: BillingPeriod | null;
  addons: SubscriptionAddon[];
  billableFeatures: { featureId: string; quantity: string }[];
  /** Values in place of the plan's, by feature id. */
  entitlements: Record<string, CatalogEntitlementValue>;
  /** Recurring credits in place of the plan's, by currency id. */
  creditEntitlements: Record<string, CustomCredits>;
  startDate: number;
  /** When it ended; null while it has not. */
  endDate: number | null;
  trialEndDate: number | null;
  trialEndBehavior: 'CONVERT_TO_PAID' | 'CANCEL_SUBSCRIPTION' | null;
  cancellationDate: number | null;
  cancelReason: string | null;
  /** True when it was cancelled in a way that takes the entitlements at once. */
  isRevoked: boolean;
  billingCycleAnchor: number;
  isBackdated: boolean;
  budget: { limit: string; hasSoftLimit: boolean } | null;
  paymentCollection: SubscriptionWire['paymentCollection'];
  paymentCollectionMethod: SubscriptionWire['paymentCollectionMethod'];
  latestInvoice: { billingId: string; status: string; attemptCount: number } | null;
  /** When a subscription that waits for its first payment is given up; null when it does not wait. */
  paymentDueDate: number | null;
  futureUpdates: FutureUpdate[];
  /** What is kept and returned for the billing provider, by the field that it came in. */
  kept: Record<string, unknown>;
  metadata: Record<string, unknown>;
  createdAt: number;
  /** When a call last changed it, or what an import said of that: an import that is not newer is skipped. */
  updatedAt: number;
  /** The instant that usage periods of this subscription are counted from; it outlives a change that resets nothing. */
  usageAnchor: number;
  /** Usage of features that reset counts from this instant only; null when all of it counts. */
  usageCountsFrom: number | null;
  /**
   * The customer's revision that made the cut, of a change that was asked for. Several things can happen in one
   * millisecond (on a test clock that stands still, all of them do), so the instant alone does not say which usage came
   * before. Null for a cut that time made: all usage from its instant on counts.
   */
  usageCountsFromRevision: number | null;
  /** From where usage counted before that changed in place, and until when; the oldest first. For histories alone. */
  pastCutoffs: PastCutoff[];
}

export interface PastCutoff {
  until: number;
  usageAnchor: number;
  usageCountsFrom: number | null;
  usageCountsFromRevision: number | null;
}

/** Statuses in which something can still happen. */
export const openStatuses: readonly SubscriptionStatus[] = ['NOT_STARTED', 'PAYMENT_PENDING', 'IN_TRIAL', 'ACTIVE'];

export const isOpen = ({ status }: Subscription): boolean => openStatuses.includes(status);

/** The order in which subscriptions are shown; those of one instant in the order of their ids, on every database alike. */
export function newestFirst(a: Subscription, b: Subscription): number {
  return b.createdAt - a.createdAt || (a.subscriptionId < b.subscriptionId ? -1 : 1);
}

/** Whether the subscription gives its customer anything. */
export const isRunning = ({ status }: Subscription): boolean => status === 'ACTIVE' || status === 'IN_TRIAL';

/** The instant at which it ends by itself, as far as that is settled; null when it goes on. */
export function endsAt(subscription: Subscription): number | null {
  const { status, trialEndDate, trialEndBehavior, cancellationDate } = subscription;
  const isEndingTrial = status === 'IN_TRIAL' && trialEndBehavior !== 'CONVERT_TO_PAID';
  const ends = [cancellationDate, isEndingTrial ? trialEndDate : null].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The subscription as the API shows it at `now`. */
export function subscriptionToWire(subscription: Subscription, now: number): SubscriptionWire {
  const { kept } = subscription;
  const period = billingPeriodAt(subscription, now);
  const text = (field: string): string | null => (kept[field] as string | undefined) ?? null;
  return {
    subscriptionId: subscription.subscriptionId,
    customerId: subscription.customerId,
    payingCustomerId: subscription.payingCustomerId,
    resourceId: subscription.resourceId,
    productId: subscription.productId,
    planId: subscription.planId,
    planVersion: subscription.planVersion,
    pricingType: subscription.pricingType,
    status: subscription.status,
    billingPeriod: subscription.billingPeriod,
    addons: subscription.addons.map(({ addonId, quantity }) => ({ addonId, quantity })),
    billableFeatures: subscription.billableFeatures,
    entitlements: Object.entries(subscription.entitlements).map(([featureId, value]) => ({ featureId, ...value })),
    creditEntitlements: subscription.creditEntitlements,
    startDate: toIso(subscription.startDate),
    endDate: toIsoOrNull(subscription.endDate),
    effectiveEndDate: toIsoOrNull(subscription.endDate ?? endsAt(subscription)),
    trialEndDate: toIsoOrNull(subscription.trialEndDate),
    trialEndBehavior: subscription.trialEndBehavior,
    cancellationDate: toIsoOrNull(subscription.cancellationDate),
    cancelReason: subscription.cancelReason,
    billingCycleAnchor: toIso(subscription.billingCycleAnchor),
    currentBillingPeriodStart: toIsoOrNull(period?.start ?? null),
    currentBillingPeriodEnd: toIsoOrNull(period?.end ?? null),
    isBackdated: subscription.isBackdated,
    budget: subscription.budget,
    minimumSpend: kept.minimumSpend ?? null,
    paymentCollection: subscription.paymentCollection,
    paymentCollectionMethod: subscription.paymentCollectionMethod,
    unitQuantity: text('unitQuantity'),
    charges: kept.charges ?? null,
    priceOverrides: kept.priceOverrides ?? null,
    appliedCoupon: kept.appliedCoupon ?? null,
    promotionCode: text('promotionCode'),
    billingInformation: kept.billingInformation ?? null,
    billingId: text('billingId'),
    salesforceId: text('salesforceId'),
    billingCountryCode: text('billingCountryCode'),
    metadata: subscription.metadata,
    futureUpdates: subscription.futureUpdates.map((update) => ({
      ...update,
      scheduledExecutionTime: toIso(update.scheduledExecutionTime),
    })),
    latestInvoice: subscription.latestInvoice,
    createdAt: toIso(subscription.createdAt),
  };
}
