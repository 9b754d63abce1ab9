import type {
  BillingCycleAnchor,
  PaymentCollectionMethod,
  ScheduleStrategy,
  SubscriptionCancellationAction,
  SubscriptionCancellationTime,
  SubscriptionMigrationTime,
  SubscriptionScheduleStatus,
  SubscriptionStatus,
} from '@tollgate/contract';
import type {
  AmountParam,
  CheckoutOptions,
  DateParam,
  SubscriptionAddonParams,
  SubscriptionBillingInformation,
  SubscriptionCreditParams,
  SubscriptionEntitlementParams,
  SubscriptionParams,
  SubscriptionTerms,
} from './subscription-terms.js';

interface SubscriptionOrder extends Omit<SubscriptionParams, 'subscriptionId'> {
  customerId: string;
  charges?: unknown;
  /** Now when left out; in the future: NOT_STARTED until then; in the past: with `billingInformation.isBackdated`. */
  startDate?: DateParam | null;
  billingCycleAnchor?: BillingCycleAnchor | null;
  scheduleStrategy?: ScheduleStrategy | null;
  /** Values in place of the plan's: what a custom plan leaves open. */
  entitlements?: (SubscriptionEntitlementParams | SubscriptionCreditParams)[] | null;
  appliedCoupon?: Record<string, unknown> | null;
  payingCustomerId?: string | null;
  billingId?: string | null;
  billingInformation?: SubscriptionBillingInformation | null;
  paymentCollectionMethod?: PaymentCollectionMethod | null;
}

export interface ProvisionSubscription extends SubscriptionOrder {
  /** An id of the caller's for the new subscription; made when left out. */
  subscriptionId?: string | null;
  /** When it is to end: in the future and after the start. */
  cancellationDate?: DateParam | null;
  /** The older name of `entitlements`. */
  subscriptionEntitlements?: SubscriptionEntitlementParams[] | null;
  salesforceId?: string | null;
  /** A spend cap on pay-as-you-go charges. */
  budget?: { limit: AmountParam; hasSoftLimit: boolean } | null;
  minimumSpend?: Record<string, unknown> | null;
  /** Whether to wait until the payment is confirmed. Default true. */
  awaitPaymentConfirmation?: boolean | null;
  checkoutOptions?: CheckoutOptions | null;
}

export interface ApplySubscription extends SubscriptionOrder {
  /** Starts paid at once, even where the plan has a trial. */
  skipTrial?: boolean | null;
  promotionCode?: string | null;
  paymentMethodId?: string | null;
}

/** What is left out stays as it is. A subscription never changes its plan: provision another one. */
export interface UpdateSubscription
  extends Partial<Pick<SubscriptionTerms, 'billingPeriod' | 'billableFeatures' | 'metadata'>>,
    Pick<SubscriptionOrder, 'unitQuantity' | 'billingInformation' | 'billingCycleAnchor' | 'charges'>,
    Pick<SubscriptionOrder, 'priceOverrides' | 'appliedCoupon' | 'scheduleStrategy'>,
    Pick<ProvisionSubscription, 'budget' | 'minimumSpend' | 'salesforceId' | 'awaitPaymentConfirmation'> {
  subscriptionId: string;
  /** Replaces the whole list. */
  addons?: SubscriptionAddonParams[] | null;
  /** A date replaces the schedule, null clears it, left out keeps it. */
  cancellationDate?: DateParam | null;
  /** Merged by feature and by currency with what the subscription has. */
  entitlements?: (SubscriptionEntitlementParams | SubscriptionCreditParams)[] | null;
  /** The older name of `entitlements`. */
  subscriptionEntitlements?: SubscriptionEntitlementParams[] | null;
  promotionCode?: string | null;
  /** Extends or shortens a trial that runs. */
  trialEndDate?: DateParam | null;
}

export interface CancelSubscription {
  subscriptionId: string;
  /** What the product says when left out. */
  subscriptionCancellationTime?: SubscriptionCancellationTime | null;
  subscriptionCancellationAction?: SubscriptionCancellationAction | null;
  /** Required by SPECIFIC_DATE. */
  endDate?: DateParam | null;
  prorate?: boolean | null;
  /** Whether to wait until the billing provider has confirmed. Default false. */
  awaitSubscriptionCancellation?: boolean | null;
}

export interface CancelSubscriptionScheduledUpdates {
  subscriptionId: string;
  /** SCHEDULED or PENDING_PAYMENT: only those; both when left out. */
  status?: SubscriptionScheduleStatus | null;
}

export interface MigrateSubscriptionToLatest {
  subscriptionId: string;
  /** Default IMMEDIATE. */
  subscriptionMigrationTime?: SubscriptionMigrationTime | null;
}

export interface TransferSubscription {
  customerId: string;
  sourceResourceId: string;
  destinationResourceId: string;
}

export interface TransferSubscriptionToResource {
  subscriptionId: string;
  destinationResourceId: string;
}

export interface DelegateSubscriptionToCustomer {
  subscriptionId: string;
  destinationCustomerId: string;
}

export interface ImportSubscriptionRow extends SubscriptionTerms {
  customerId: string;
  subscriptionId?: string | null;
  startDate?: DateParam | null;
  endDate?: DateParam | null;
  billingId?: string | null;
  salesforceId?: string | null;
  /** A row that is not newer than what is stored is skipped; without it the row is always applied. */
  updatedAt?: DateParam | null;
}

export interface ImportSubscriptionBulk {
  /** 1–1,000 rows. */
  subscriptions: ImportSubscriptionRow[];
  integrationId?: string | null;
}

export interface GetActiveSubscriptions {
  customerId: string;
  /** Those of these resources; left out: those of no resource. */
  resourceId?: string | string[] | null;
}

export interface GetSubscriptions {
  customerId?: string | null;
  resourceId?: string | string[] | null;
  /** Every status when left out. */
  status?: SubscriptionStatus | SubscriptionStatus[] | null;
  productId?: string | null;
  /** 1–100, default 20. */
  limit?: number | null;
  /** `pagination.next` of a page: what follows it. */
  startingAfter?: string | null;
  /** `pagination.prev` of a page: what comes before it. */
  endingBefore?: string | null;
}
