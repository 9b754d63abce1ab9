import type {
  BillingPeriod,
  CreditCadence,
  EntitlementResetPeriod,
  MonthlyAccordingTo,
  ProrationBehavior,
  TrialEndBehavior,
  WeeklyAccordingTo,
  YearlyAccordingTo,
} from '@tollgate/contract';

/** A number, or a decimal string with at most 6 places. */
export type AmountParam = number | string;
/** A Date or an ISO 8601 instant. */
export type DateParam = Date | string;

export interface TaxId {
  /** For example eu_vat. */
  type: string;
  value: string;
}

export interface SubscriptionAddonParams {
  addonId: string;
  /** 0 or more; default 1. */
  quantity?: number;
}

export interface BillableFeatureParams {
  featureId: string;
  /** 0 or more. */
  quantity: AmountParam;
}

export interface TrialOverrideParams {
  /** False starts without a trial. */
  isTrial: boolean;
  /** Default: what the plan's trial says. */
  trialEndDate?: DateParam | null;
  trialEndBehavior?: TrialEndBehavior | null;
}

/** The value of one entitlement, as a plan, a promotion or a subscription may give it. */
export interface EntitlementValueParams {
  featureId: string;
  /** False revokes the feature. */
  isGranted?: boolean | null;
  usageLimit?: AmountParam | null;
  hasUnlimitedUsage?: boolean | null;
  hasSoftLimit?: boolean | null;
  enumValues?: string[] | null;
  resetPeriod?: EntitlementResetPeriod | null;
  yearlyResetPeriodConfiguration?: { accordingTo: YearlyAccordingTo } | null;
  monthlyResetPeriodConfiguration?: { accordingTo: MonthlyAccordingTo } | null;
  weeklyResetPeriodConfiguration?: { accordingTo: WeeklyAccordingTo } | null;
}

/** The value of one feature in place of the plan's, bare or under `feature`. */
export type SubscriptionEntitlementParams = EntitlementValueParams | { feature: EntitlementValueParams };

/** Recurring credits in place of the plan's. */
export interface SubscriptionCreditParams {
  credit: {
    customCurrencyId: string;
    /** For one period; above 0. */
    amount: AmountParam;
    cadence: CreditCadence;
    /** Default: what the plan says. */
    hasSoftLimit?: boolean | null;
  };
}

export interface SubscriptionBillingInformation {
  /** A start in the past: billed from the next period on. */
  isBackdated?: boolean | null;
  prorationBehavior?: ProrationBehavior | null;
  taxIds?: TaxId[] | null;
  /** 0–100. */
  taxPercentage?: AmountParam | null;
  taxRateIds?: string[] | null;
  invoiceDaysUntilDue?: number | null;
  isInvoicePaid?: boolean | null;
  integrationId?: string | null;
  billingAddress?: Record<string, unknown> | null;
  chargeOnBehalfOfAccount?: string | null;
  metadata?: Record<string, unknown> | null;
}

export interface CheckoutOptions {
  successUrl: string;
  cancelUrl: string;
  allowPromoCodes?: boolean | null;
  allowTaxIdCollection?: boolean | null;
  collectBillingAddress?: boolean | null;
  collectPhoneNumber?: boolean | null;
  referenceId?: string | null;
}

/** What a subscription is about, whichever call starts or imports it. */
export interface SubscriptionTerms {
  planId: string;
  /** Required by products with multiple subscriptions. */
  resourceId?: string | null;
  /** Required by paid plans. */
  billingPeriod?: BillingPeriod | null;
  addons?: SubscriptionAddonParams[] | null;
  /** A quantity per billable feature. */
  billableFeatures?: BillableFeatureParams[] | null;
  metadata?: Record<string, unknown> | null;
}

/** The subscription of a customer that is provisioned. */
export interface SubscriptionParams extends SubscriptionTerms {
  /** The older name of a single billable feature's quantity. */
  unitQuantity?: AmountParam | null;
  trialOverrideConfiguration?: TrialOverrideParams | null;
  billingCountryCode?: string | null;
  priceOverrides?: Record<string, unknown>[] | null;
  /** An id of the caller's; made when left out. */
  subscriptionId?: string | null;
}
