import type {
  BillingPeriod,
  CreditCadence,
  EntitlementResetPeriod,
  PaymentCollection,
  PaymentCollectionMethod,
  PricingType,
  SubscriptionScheduleStatus,
  SubscriptionScheduleType,
  SubscriptionStatus,
  SubscriptionWire,
  TrialEndBehavior,
} from '@tollgate/contract';
import { date, dateOrNull, number, record } from './wire-values.js';

/** A change of a subscription that is due later. */
export interface FutureUpdate {
  id: string;
  type: SubscriptionScheduleType;
  scheduleStatus: SubscriptionScheduleStatus;
  scheduledExecutionTime: Date;
  /** The plan or add-on that it is about. */
  targetPackage: string | null;
  /** What will be changed, field by field. */
  change: Record<string, unknown>;
}

/** A value that a subscription has in place of its plan's. */
export interface SubscriptionEntitlement {
  featureId: string;
  isGranted?: boolean;
  usageLimit?: number | null;
  hasUnlimitedUsage?: boolean;
  hasSoftLimit?: boolean;
  enumValues?: string[];
  resetPeriod?: EntitlementResetPeriod | null;
}

/** Recurring credits that a subscription has in place of its plan's. */
export interface SubscriptionCreditEntitlement {
  currencyId: string;
  /** For one period. */
  amount: number;
  cadence: CreditCadence;
  /** As the plan says when left out. */
  hasSoftLimit?: boolean;
}

export interface CustomerSubscription {
  subscriptionId: string;
  /** Who manages it and gets the entitlements. */
  customerId: string;
  /** Who pays; null when the customer itself does. */
  payingCustomer: { id: string } | null;
  resourceId: string | null;
  productId: string;
  planId: string;
  /** The version of the plan that it was sold on. */
  planVersion: number;
  pricingType: PricingType;
  status: SubscriptionStatus;
  billingPeriod: BillingPeriod | null;
  addons: { addonId: string; quantity: number }[];
  billableFeatures: { featureId: string; quantity: number }[];
  entitlements: SubscriptionEntitlement[];
  creditEntitlements: SubscriptionCreditEntitlement[];
  startDate: Date;
  /** When it ended; null while it has not. */
  endDate: Date | null;
  /** When access ends or ended; null when no end is settled. */
  effectiveEndDate: Date | null;
  trialEndDate: Date | null;
  trialEndBehavior: TrialEndBehavior | null;
  cancellationDate: Date | null;
  cancelReason: string | null;
  billingCycleAnchor: Date;
  currentBillingPeriodStart: Date | null;
  currentBillingPeriodEnd: Date | null;
  isBackdated: boolean;
  /** A spend cap on pay-as-you-go charges. */
  budget: { limit: number; hasSoftLimit: boolean } | null;
  minimumSpend: unknown;
  paymentCollection: PaymentCollection;
  paymentCollectionMethod: PaymentCollectionMethod | null;
  /** As it was given; null when quantities came per feature. */
  unitQuantity: number | null;
  charges: unknown;
  priceOverrides: unknown;
  appliedCoupon: unknown;
  promotionCode: string | null;
  billingInformation: unknown;
  billingId: string | null;
  salesforceId: string | null;
  billingCountryCode: string | null;
  metadata: Record<string, unknown>;
  futureUpdates: FutureUpdate[];
  /** The last try to collect a payment; null when none was made. */
  latestInvoice: { billingId: string; status: string; attemptCount: number } | null;
  createdAt: Date;
}

/** What a list of subscriptions that only asks what is active needs. */
export type SlimSubscription = Pick<
  CustomerSubscription,
  | 'subscriptionId'
  | 'customerId'
  | 'payingCustomer'
  | 'resourceId'
  | 'productId'
  | 'planId'
  | 'pricingType'
  | 'status'
  | 'billingPeriod'
  | 'addons'
  | 'startDate'
  | 'effectiveEndDate'
  | 'trialEndDate'
  | 'currentBillingPeriodEnd'
>;

export function subscriptionOf(wire: SubscriptionWire): CustomerSubscription {
  const { payingCustomerId, ...rest } = wire;
  return {
    ...rest,
    payingCustomer: payingCustomerId === null ? null : { id: payingCustomerId },
    addons: wire.addons.map(({ addonId, quantity }) => ({ addonId, quantity })),
    billableFeatures: wire.billableFeatures.map(({ featureId, quantity }) => ({
      featureId,
      quantity: number(quantity, 'quantity'),
    })),
    entitlements: (wire.entitlements as SubscriptionEntitlement[]).map(entitlementOf),
    creditEntitlements: creditEntitlementsOf(wire.creditEntitlements as Record<string, CustomCreditsWire>),
    startDate: date(wire.startDate),
    endDate: dateOrNull(wire.endDate),
    effectiveEndDate: dateOrNull(wire.effectiveEndDate),
    trialEndDate: dateOrNull(wire.trialEndDate),
    cancellationDate: dateOrNull(wire.cancellationDate),
    billingCycleAnchor: date(wire.billingCycleAnchor),
    currentBillingPeriodStart: dateOrNull(wire.currentBillingPeriodStart),
    currentBillingPeriodEnd: dateOrNull(wire.currentBillingPeriodEnd),
    unitQuantity: wire.unitQuantity === null ? null : number(wire.unitQuantity, 'unitQuantity'),
    budget: wire.budget && { ...wire.budget, limit: number(wire.budget.limit, 'budget.limit') },
    metadata: record(wire.metadata),
    futureUpdates: wire.futureUpdates.map((update) => ({
      ...update,
      scheduledExecutionTime: date(update.scheduledExecutionTime),
      change: record(update.change),
    })),
    latestInvoice: wire.latestInvoice && { ...wire.latestInvoice },
    createdAt: date(wire.createdAt),
  };
}

/** The engine keeps limits as exact texts or numbers; the API hands out numbers. */
function entitlementOf(value: SubscriptionEntitlement): SubscriptionEntitlement {
  const { usageLimit } = value;
  if (usageLimit === undefined || usageLimit === null) return { ...value };
  return { ...value, usageLimit: number(String(usageLimit), 'usageLimit') };
}

type CustomCreditsWire = Omit<SubscriptionCreditEntitlement, 'currencyId' | 'amount'> & { amount: string };

/** In the order of the currencies: databases keep no order of fields. */
function creditEntitlementsOf(wire: Record<string, CustomCreditsWire>): SubscriptionCreditEntitlement[] {
  const inOrder = Object.entries(wire).sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([currencyId, credits]) => ({
    currencyId,
    ...credits,
    amount: number(credits.amount, 'amount'),
  }));
}

export function slimSubscriptionOf(wire: SubscriptionWire): SlimSubscription {
  const full = subscriptionOf(wire);
  return {
    subscriptionId: full.subscriptionId,
    customerId: full.customerId,
    payingCustomer: full.payingCustomer,
    resourceId: full.resourceId,
    productId: full.productId,
    planId: full.planId,
    pricingType: full.pricingType,
    status: full.status,
    billingPeriod: full.billingPeriod,
    addons: full.addons,
    startDate: full.startDate,
    effectiveEndDate: full.effectiveEndDate,
    trialEndDate: full.trialEndDate,
    currentBillingPeriodEnd: full.currentBillingPeriodEnd,
  };
}
