/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
interface DocumentTypeDecoration<TResult, TVariables> {
  __apiType?: (variables: TVariables) => TResult;
}
export type AccordingToInput = {
  /** SubscriptionStart, StartOfTheMonth or EverySunday … EverySaturday. */
  accordingTo: string;
};

export type ApplySubscriptionInput = {
  addons?: Array<SubscriptionAddonInput> | null | undefined;
  appliedCoupon?: unknown;
  /** A quantity per billable feature. */
  billableFeatures?: Array<BillableFeatureInput> | null | undefined;
  billingCountryCode?: string | null | undefined;
  billingCycleAnchor?: BillingCycleAnchor | null | undefined;
  billingId?: string | null | undefined;
  billingInformation?: SubscriptionBillingInformationInput | null | undefined;
  billingPeriod?: BillingPeriod | null | undefined;
  charges?: unknown;
  /** Recurring credits in place of the plan's: what a custom plan leaves open. */
  creditEntitlements?: Array<SubscriptionCreditEntitlementInput> | null | undefined;
  customerId: string;
  entitlements?: Array<SubscriptionEntitlementInput> | null | undefined;
  metadata?: unknown;
  payingCustomerId?: string | null | undefined;
  paymentCollectionMethod?: PaymentCollectionMethod | null | undefined;
  paymentMethodId?: string | null | undefined;
  planId: string;
  priceOverrides?: unknown;
  promotionCode?: string | null | undefined;
  resourceId?: string | null | undefined;
  scheduleStrategy?: ScheduleStrategy | null | undefined;
  /** Start paid at once, even where the plan has a trial. */
  skipTrial?: boolean | null | undefined;
  startDate?: string | null | undefined;
  trialOverrideConfiguration?: TrialOverrideInput | null | undefined;
  /** The older name of a single billable feature's quantity. */
  unitQuantity?: string | null | undefined;
};

export type AutomaticRechargeInput = {
  currencyId: string;
  customerId: string;
  grantExpirationPeriod?: GrantExpirationPeriod | null | undefined;
  isEnabled: boolean;
  maxSpendLimit?: string | null | undefined;
  /** Above the threshold. */
  targetBalance?: string | null | undefined;
  thresholdType?: RechargeThresholdType | null | undefined;
  /** 0 or more: a recharge when the balance is below it. */
  thresholdValue?: string | null | undefined;
};

export type BillableFeatureInput = {
  featureId: string;
  /** 0 or more. */
  quantity: string;
};

export type BillingCycleAnchor =
  | 'NOW'
  | 'UNCHANGED';

export type BillingInfoInput = {
  billingAddress?: unknown;
  currency?: string | null | undefined;
  invoiceCustomFields?: unknown;
  language?: string | null | undefined;
  metadata?: unknown;
  /** Attaches this payment method as the default one. */
  paymentMethodId?: string | null | undefined;
  shippingAddress?: unknown;
  /** Replaces the list. */
  taxIds?: Array<TaxIdInput> | null | undefined;
  timezone?: string | null | undefined;
};

export type BillingPeriod =
  | 'ANNUALLY'
  | 'MONTHLY';

export type BudgetInput = {
  hasSoftLimit: boolean;
  limit: string;
};

export type CancelSubscriptionInput = {
  /** Whether to wait until the billing provider has confirmed. Default false. */
  awaitSubscriptionCancellation?: boolean | null | undefined;
  /** Required by SPECIFIC_DATE. */
  endDate?: string | null | undefined;
  prorate?: boolean | null | undefined;
  subscriptionCancellationAction?: SubscriptionCancellationAction | null | undefined;
  /** What the product says when left out. */
  subscriptionCancellationTime?: SubscriptionCancellationTime | null | undefined;
  subscriptionId: string;
};

export type CatalogAction =
  | 'ARCHIVE'
  | 'CREATE'
  | 'UPDATE';

export type CheckoutOptionsInput = {
  allowPromoCodes?: boolean | null | undefined;
  allowTaxIdCollection?: boolean | null | undefined;
  cancelUrl: string;
  collectBillingAddress?: boolean | null | undefined;
  collectPhoneNumber?: boolean | null | undefined;
  referenceId?: string | null | undefined;
  successUrl: string;
};

export type ConsumeCreditsInput = {
  /** Above 0. */
  amount: string;
  /** When it happened; now when left out. At most 5 minutes ahead. It dates the row and nothing else. */
  createdAt?: string | null | undefined;
  currencyId: string;
  customerId: string;
  /** Strings, numbers and booleans by name. */
  dimensions?: unknown;
  /** Repeating an item with the same key and content changes nothing. At most 255 characters. */
  idempotencyKey: string;
  /** True when `createdAt` was filled in by the client when the item entered its outbox: then it is no part of the item's content. */
  isCreatedAtFilledIn?: boolean;
  resourceId?: string | null | undefined;
};

export type CreditCadence =
  | 'MONTH'
  | 'YEAR';

export type CreditGrantFilter = {
  createdAfter?: string | null | undefined;
  createdBefore?: string | null | undefined;
  currencyId?: string | null | undefined;
  customerId: string;
  /** Left out: only grants of the customer's own wallets. */
  resourceId?: string | null | undefined;
};

export type CreditGrantSourceType =
  | 'ADDON_ENTITLEMENT'
  | 'PLAN_ENTITLEMENT'
  | 'PRICE';

export type CreditGrantStatus =
  | 'ACTIVE'
  | 'EXPIRED'
  | 'PAYMENT_PENDING'
  | 'SCHEDULED'
  | 'VOIDED';

export type CreditGrantType =
  /** Holds a debt: nothing granted, all consumed. */
  | 'OVERDRAFT'
  | 'PAID'
  | 'PROMOTIONAL'
  | 'RECURRING';

export type CreditLedgerEventType =
  | 'CREDITS_CONSUMED'
  /** Debt that a new grant pays: it leaves the overdraft … */
  | 'CREDITS_CONSUMPTION_TRANSFER_SOURCE'
  /** … and is consumed of the grant. */
  | 'CREDITS_CONSUMPTION_TRANSFER_TARGET'
  | 'CREDITS_EXPIRED'
  | 'CREDITS_GRANTED'
  | 'CREDITS_UPDATED'
  | 'CREDITS_VOIDED';

export type CreditLedgerFilter = {
  currencyId?: string | null | undefined;
  customerId: string;
  eventTypes?: Array<CreditLedgerEventType> | null | undefined;
  /** Left out: of the customer and all its resources. */
  resourceId?: string | null | undefined;
};

export type CreditUsageInput = {
  currencyId?: string | null | undefined;
  customerId: string;
  /** Exclusive; now when left out. Only with `startDate`. */
  endDate?: string | null | undefined;
  /** Up to 3 dimensions: one series per combination instead of one per feature. */
  groupBy?: Array<string> | null | undefined;
  resourceId?: string | null | undefined;
  /** Inclusive. */
  startDate?: string | null | undefined;
  /** Default LAST_MONTH; `startDate` comes first. */
  timeRange?: CreditUsageTimeRange | null | undefined;
};

export type CreditUsageTimeRange =
  | 'LAST_DAY'
  | 'LAST_MONTH'
  | 'LAST_WEEK'
  | 'LAST_YEAR';

export type CustomerSubscriptionInput = {
  addons?: Array<SubscriptionAddonInput> | null | undefined;
  /** A quantity per billable feature. */
  billableFeatures?: Array<BillableFeatureInput> | null | undefined;
  billingCountryCode?: string | null | undefined;
  billingPeriod?: BillingPeriod | null | undefined;
  metadata?: unknown;
  planId: string;
  priceOverrides?: unknown;
  resourceId?: string | null | undefined;
  subscriptionId?: string | null | undefined;
  trialOverrideConfiguration?: TrialOverrideInput | null | undefined;
  /** The older name of a single billable feature's quantity. */
  unitQuantity?: string | null | undefined;
};

export type EntitlementSourceKind =
  | 'ADDON'
  | 'PLAN'
  | 'PROMOTION'
  /** A value that the subscription has of its own, in place of its plan's. */
  | 'SUBSCRIPTION';

export type EstimateEventCostInput = {
  customerId: string;
  dimensions?: unknown;
  eventName: string;
  resourceId?: string | null | undefined;
};

export type EstimateUsageCostInput = {
  customerId: string;
  dimensions?: unknown;
  featureId: string;
  resourceId?: string | null | undefined;
  updateBehavior?: UsageUpdateBehavior | null | undefined;
  value: string;
};

/** A sign of life: holds a reservation for `ttlMs` from now. Fails with CONFLICT when it is not held any more. */
export type ExtendInput = {
  customerId: string;
  reservationId: string;
  ttlMs?: number | null | undefined;
};

export type FeatureStatus =
  | 'ACTIVE'
  | 'NEW'
  | 'SUSPENDED';

export type FeatureType =
  | 'BOOLEAN'
  | 'ENUM'
  | 'NUMBER';

export type FutureUpdateType =
  | 'ADDITIONAL_META_DATA'
  | 'ADDON'
  | 'BILLING_INFO_METADATA'
  | 'BILLING_PERIOD'
  | 'COUPON'
  | 'DOWNGRADE'
  | 'MIGRATE_TO_LATEST'
  | 'PLAN'
  | 'PRICE_OVERRIDE'
  | 'RECURRING_CREDITS'
  | 'UNIT_AMOUNT';

export type GrantCreditsInput = {
  /** Above 0. */
  amount: string;
  /** Whether to wait until the payment is confirmed. Default true. */
  awaitPaymentConfirmation?: boolean | null | undefined;
  /** Kept and handed to the billing provider. */
  billingInformation?: unknown;
  /** At most 200 characters. */
  comment?: string | null | undefined;
  /** In whole currency units. PROMOTIONAL has none. */
  cost?: MoneyInput | null | undefined;
  currencyId: string;
  customerId: string;
  displayName: string;
  /** Now when left out; in the future: SCHEDULED until then. */
  effectiveAt?: string | null | undefined;
  /** After `effectiveAt`; never when left out. */
  expireAt?: string | null | undefined;
  /** An id of the caller's, so that a repeated call grants once; made when left out. */
  grantId?: string | null | undefined;
  /** PAID or PROMOTIONAL. */
  grantType: CreditGrantType;
  metadata?: unknown;
  paymentCollectionMethod?: PaymentCollectionMethod | null | undefined;
  /** 0–100, 0 is used first. Default 50. */
  priority?: number | null | undefined;
  resourceId?: string | null | undefined;
};

export type GrantExpirationPeriod =
  | 'ONE_MONTH'
  | 'ONE_YEAR';

export type HotOperationInput = {
  consumeCredits?: ConsumeCreditsInput | null | undefined;
  extend?: ExtendInput | null | undefined;
  release?: ReleaseInput | null | undefined;
  /** Exactly one of these. */
  reportUsage?: ReportUsageInput | null | undefined;
  reserve?: ReserveInput | null | undefined;
  settle?: SettleInput | null | undefined;
};

export type ImportCustomerInput = {
  billingId?: string | null | undefined;
  customerId: string;
  email?: string | null | undefined;
  metadata?: unknown;
  name?: string | null | undefined;
  paymentMethodId?: string | null | undefined;
  salesforceId?: string | null | undefined;
  /** A row that is not newer than what is stored is skipped; without it the row is always applied. */
  updatedAt?: string | null | undefined;
};

export type ImportOutcome =
  | 'CREATED'
  | 'FAILED'
  | 'SKIPPED'
  | 'UPDATED';

export type ImportSubscriptionInput = {
  addons?: Array<SubscriptionAddonInput> | null | undefined;
  billableFeatures?: Array<BillableFeatureInput> | null | undefined;
  billingId?: string | null | undefined;
  billingPeriod?: BillingPeriod | null | undefined;
  customerId: string;
  endDate?: string | null | undefined;
  metadata?: unknown;
  planId: string;
  resourceId?: string | null | undefined;
  salesforceId?: string | null | undefined;
  startDate?: string | null | undefined;
  subscriptionId?: string | null | undefined;
  /** A row that is not newer than what is stored is skipped; without it the row is always applied. */
  updatedAt?: string | null | undefined;
};

/** How a number is measured: None is a configuration value, FLUCTUATING a level that goes up and down, INCREMENTAL a counter. */
export type MeterType =
  | 'FLUCTUATING'
  | 'INCREMENTAL'
  | 'None';

export type MoneyInput = {
  amount: number;
  /** ISO 4217, lower case. */
  currency: string;
};

export type OfferType =
  | 'ADDON'
  | 'PLAN';

export type PageInput = {
  /** A cursor of the reply: what follows it. */
  after?: string | null | undefined;
  /** A cursor of the reply: what comes before it. */
  before?: string | null | undefined;
  /** 1–100, default 20. */
  limit?: number | null | undefined;
};

export type PaymentCollection =
  | 'ACTION_REQUIRED'
  | 'FAILED'
  | 'NOT_REQUIRED'
  | 'PROCESSING';

export type PaymentCollectionMethod =
  | 'CHARGE'
  | 'INVOICE'
  | 'NONE';

export type PaymentMethodType =
  | 'BANK'
  | 'CARD'
  | 'CASH_APP';

export type PricingType =
  | 'CUSTOM'
  | 'FREE'
  | 'PAID';

export type PromotionalEntitlementInput = {
  /** Required by CUSTOM. */
  customEndDate?: string | null | undefined;
  enumValues?: Array<string> | null | undefined;
  featureId: string;
  hasSoftLimit?: boolean | null | undefined;
  hasUnlimitedUsage?: boolean | null | undefined;
  /** False revokes the feature whatever the subscriptions say. */
  isGranted?: boolean | null | undefined;
  /** Display only. */
  isVisible?: boolean | null | undefined;
  monthlyResetPeriodConfiguration?: AccordingToInput | null | undefined;
  period: PromotionalPeriod;
  resetPeriod?: ResetPeriod | null | undefined;
  usageLimit?: string | null | undefined;
  weeklyResetPeriodConfiguration?: AccordingToInput | null | undefined;
  yearlyResetPeriodConfiguration?: AccordingToInput | null | undefined;
};

export type PromotionalPeriod =
  | 'CUSTOM'
  | 'LIFETIME'
  | 'ONE_MONTH'
  | 'ONE_WEEK'
  | 'ONE_YEAR'
  | 'SIX_MONTHS';

export type PromotionalStatus =
  | 'Active'
  | 'Expired'
  | 'Paused';

export type ProvisionCustomerInput = {
  awsMarketplaceCustomerId?: string | null | undefined;
  billingId?: string | null | undefined;
  billingInfo?: BillingInfoInput | null | undefined;
  /** Kept and returned for the billing provider. */
  couponId?: string | null | undefined;
  /** 1–255 characters, the first alphanumeric, then letters, digits and _ | . @ -. Made when left out. */
  customerId?: string | null | undefined;
  email?: string | null | undefined;
  /** Kept and returned. */
  excludeFromExperiment?: boolean | null | undefined;
  metadata?: unknown;
  name?: string | null | undefined;
  salesforceId?: string | null | undefined;
  /** A subscription to start together with the customer. Null: none; left out: what the product settings say. */
  subscriptionParams?: CustomerSubscriptionInput | null | undefined;
};

export type ProvisionSubscriptionInput = {
  addons?: Array<SubscriptionAddonInput> | null | undefined;
  appliedCoupon?: unknown;
  /** Whether to wait until the payment is confirmed. Default true. */
  awaitPaymentConfirmation?: boolean | null | undefined;
  /** A quantity per billable feature. */
  billableFeatures?: Array<BillableFeatureInput> | null | undefined;
  billingCountryCode?: string | null | undefined;
  billingCycleAnchor?: BillingCycleAnchor | null | undefined;
  billingId?: string | null | undefined;
  billingInformation?: SubscriptionBillingInformationInput | null | undefined;
  /** Required by paid plans. */
  billingPeriod?: BillingPeriod | null | undefined;
  budget?: BudgetInput | null | undefined;
  /** When it is to end: in the future and after the start. */
  cancellationDate?: string | null | undefined;
  charges?: unknown;
  checkoutOptions?: CheckoutOptionsInput | null | undefined;
  /** Recurring credits in place of the plan's: what a custom plan leaves open. */
  creditEntitlements?: Array<SubscriptionCreditEntitlementInput> | null | undefined;
  customerId: string;
  /** Values in place of the plan's: what a custom plan leaves open. */
  entitlements?: Array<SubscriptionEntitlementInput> | null | undefined;
  metadata?: unknown;
  minimumSpend?: unknown;
  payingCustomerId?: string | null | undefined;
  paymentCollectionMethod?: PaymentCollectionMethod | null | undefined;
  planId: string;
  priceOverrides?: unknown;
  /** Required by products with multiple subscriptions. */
  resourceId?: string | null | undefined;
  salesforceId?: string | null | undefined;
  scheduleStrategy?: ScheduleStrategy | null | undefined;
  /** Now when left out; in the future: NOT_STARTED until then; in the past: with `billingInformation.isBackdated`. */
  startDate?: string | null | undefined;
  /** The older name of `entitlements`. */
  subscriptionEntitlements?: Array<SubscriptionEntitlementInput> | null | undefined;
  /** An id of the caller's for the new subscription; made when left out. */
  subscriptionId?: string | null | undefined;
  trialOverrideConfiguration?: TrialOverrideInput | null | undefined;
  /** The older name of a single billable feature's quantity. */
  unitQuantity?: string | null | undefined;
};

export type ProvisionSubscriptionStatus =
  | 'PAYMENT_REQUIRED'
  | 'SUCCESS';

export type PublishMigrationType =
  /** Subscriptions that run get the new entitlements. */
  | 'ALL_CUSTOMERS'
  /** Subscriptions that run stay on the version they were sold. */
  | 'NEW_CUSTOMERS';

export type RechargeThresholdType =
  | 'CREDIT_AMOUNT'
  | 'DOLLAR_AMOUNT';

/** Lets go of a reservation, charging nothing. Again, or after time was up, is no error. */
export type ReleaseInput = {
  customerId: string;
  reservationId: string;
};

export type ReportEventInput = {
  customerId: string;
  /** Strings, numbers and booleans by name. */
  dimensions?: unknown;
  eventName: string;
  idempotencyKey: string;
  /** True when `timestamp` was filled in by the client when the event entered its outbox: then it is no part of the event's content. */
  isTimestampFilledIn?: boolean;
  resourceId?: string | null | undefined;
  /** When it happened; now when left out. */
  timestamp?: string | null | undefined;
};

export type ReportUsageInput = {
  /** When it happened; now when left out. At most 5 minutes ahead. */
  createdAt?: string | null | undefined;
  customerId: string;
  /** Strings, numbers and booleans by name. */
  dimensions?: unknown;
  featureId: string;
  /** Repeating an item with the same key and content changes nothing. At most 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** True when `createdAt` was filled in by the client when the item entered its outbox: then it is no part of the item's content. */
  isCreatedAtFilledIn?: boolean;
  resourceId?: string | null | undefined;
  updateBehavior?: UsageUpdateBehavior;
  value: string;
};

export type ReservationStatus =
  /** Nothing is held: `denials` says why. */
  | 'DENIED'
  /** Its time was up before it was settled or released. */
  | 'EXPIRED'
  | 'HELD'
  | 'RELEASED'
  | 'SETTLED';

/** Holds amounts of features and credits, all of them or none, until they are settled or released, or time is up. */
export type ReserveInput = {
  customerId: string;
  /** 1–20. */
  items: Array<ReserveItemInput>;
  /** The request that it is for, where a repeated one is to be charged once. */
  request?: ReservedRequestInput | null | undefined;
  /** Made by the caller, so that a call without an answer can be repeated. At most 255 characters. */
  reservationId: string;
  /** How long it is held without a sign of life: 1,000–86,400,000, default 60,000. */
  ttlMs?: number | null | undefined;
};

/** A feature or a currency: exactly one. */
export type ReserveItemInput = {
  /** 0 or more: raw units of a feature, or credits. */
  amount: string;
  currencyId?: string | null | undefined;
  /** What the cost in credits may depend on. */
  dimensions?: unknown;
  featureId?: string | null | undefined;
  resourceId?: string | null | undefined;
};

/**
 * A request that its client may send again. Where another reservation of the same key is held, or was charged within 24
 * hours, the answer is that one, under its own id, and nothing is held. One that was released or ran out stands in
 * nobody's way. Of all reservations of one key at most one is charged within 24 hours.
 */
export type ReservedRequestInput = {
  /** What else is the same when the request is: another one under a key in use is refused as IDEMPOTENCY_CONFLICT. At most 255 characters. */
  fingerprint: string;
  /** At most 255 characters. */
  key: string;
};

export type ResetPeriod =
  | 'DAY'
  | 'HOUR'
  | 'MONTH'
  | 'WEEK'
  | 'YEAR';

export type RoundingDirection =
  | 'DOWN'
  | 'UP';

export type SandboxOutcome =
  | 'FAIL'
  | 'SUCCEED';

export type ScheduleStatus =
  | 'CANCELED'
  | 'DONE'
  | 'FAILED'
  | 'PENDING_PAYMENT'
  | 'SCHEDULED';

export type ScheduleStrategy =
  | 'END_OF_BILLING_MONTH'
  | 'END_OF_BILLING_PERIOD'
  | 'IMMEDIATE';

export type SettleAmountInput = {
  /** 0 or more; more than was reserved is charged too. */
  amount: string;
  dimensions?: unknown;
  /** Which item of the reservation: its place, from 0. */
  item: number;
};

/** Charges what was used and lets go of the rest. A reservation that ran out is charged all the same, once. */
export type SettleInput = {
  /** What is not named here is charged as it was reserved. */
  amounts?: Array<SettleAmountInput> | null | undefined;
  customerId: string;
  reservationId: string;
};

export type SubscriptionAddonInput = {
  addonId: string;
  /** 0 or more; none of it gives nothing. */
  quantity?: number;
};

export type SubscriptionBillingInformationInput = {
  billingAddress?: unknown;
  chargeOnBehalfOfAccount?: string | null | undefined;
  integrationId?: string | null | undefined;
  invoiceDaysUntilDue?: number | null | undefined;
  /** A start in the past: billed from the next period on. */
  isBackdated?: boolean | null | undefined;
  isInvoicePaid?: boolean | null | undefined;
  metadata?: unknown;
  prorationBehavior?: string | null | undefined;
  taxIds?: Array<TaxIdInput> | null | undefined;
  /** 0–100. */
  taxPercentage?: string | null | undefined;
  taxRateIds?: Array<string> | null | undefined;
};

export type SubscriptionCancellationAction =
  /** What the product says: end, or move to its free plan. */
  | 'DEFAULT'
  /** Entitlements go at once, even when the subscription ends later. */
  | 'REVOKE_ENTITLEMENTS';

export type SubscriptionCancellationTime =
  | 'END_OF_BILLING_PERIOD'
  | 'IMMEDIATE'
  | 'SPECIFIC_DATE';

/** Recurring credits in place of the plan's. */
export type SubscriptionCreditEntitlementInput = {
  /** Above 0. */
  amount: string;
  cadence: CreditCadence;
  currencyId: string;
  hasSoftLimit?: boolean | null | undefined;
};

/** One value in place of the plan's. */
export type SubscriptionEntitlementInput = {
  enumValues?: Array<string> | null | undefined;
  featureId: string;
  hasSoftLimit?: boolean | null | undefined;
  hasUnlimitedUsage?: boolean | null | undefined;
  isGranted?: boolean | null | undefined;
  monthlyResetPeriodConfiguration?: AccordingToInput | null | undefined;
  resetPeriod?: ResetPeriod | null | undefined;
  usageLimit?: string | null | undefined;
  weeklyResetPeriodConfiguration?: AccordingToInput | null | undefined;
  yearlyResetPeriodConfiguration?: AccordingToInput | null | undefined;
};

export type SubscriptionFilter = {
  customerId?: string | null | undefined;
  productId?: string | null | undefined;
  /** Any of these resources. */
  resourceIds?: Array<string> | null | undefined;
  /** Any of these statuses; every status when left out. */
  statuses?: Array<SubscriptionStatus> | null | undefined;
};

export type SubscriptionMigrationTime =
  | 'END_OF_BILLING_PERIOD'
  | 'IMMEDIATE';

export type SubscriptionStatus =
  | 'ACTIVE'
  | 'CANCELED'
  | 'EXPIRED'
  | 'IN_TRIAL'
  | 'NOT_STARTED'
  | 'PAYMENT_PENDING';

export type TaxIdInput = {
  type: string;
  value: string;
};

export type TrialEndBehavior =
  | 'CANCEL_SUBSCRIPTION'
  | 'CONVERT_TO_PAID';

export type TrialOverrideInput = {
  /** False starts without a trial. */
  isTrial: boolean;
  trialEndBehavior?: TrialEndBehavior | null | undefined;
  /** Default: what the plan's trial says. */
  trialEndDate?: string | null | undefined;
};

export type UpdateCustomerInput = {
  awsMarketplaceCustomerId?: string | null | undefined;
  billingId?: string | null | undefined;
  billingInfo?: BillingInfoInput | null | undefined;
  couponId?: string | null | undefined;
  customerId: string;
  email?: string | null | undefined;
  metadata?: unknown;
  name?: string | null | undefined;
  salesforceId?: string | null | undefined;
  /** Whether to wait until the billing provider has the change. */
  shouldWaitSync?: boolean | null | undefined;
};

export type UpdateSubscriptionInput = {
  /** Replaces the whole list. */
  addons?: Array<SubscriptionAddonInput> | null | undefined;
  appliedCoupon?: unknown;
  awaitPaymentConfirmation?: boolean | null | undefined;
  billableFeatures?: Array<BillableFeatureInput> | null | undefined;
  billingCycleAnchor?: BillingCycleAnchor | null | undefined;
  billingInformation?: SubscriptionBillingInformationInput | null | undefined;
  billingPeriod?: BillingPeriod | null | undefined;
  budget?: BudgetInput | null | undefined;
  /** A date replaces the schedule, null clears it, left out keeps it. */
  cancellationDate?: string | null | undefined;
  charges?: unknown;
  /** Merged by currency. */
  creditEntitlements?: Array<SubscriptionCreditEntitlementInput> | null | undefined;
  /** Merged by id. */
  entitlements?: Array<SubscriptionEntitlementInput> | null | undefined;
  metadata?: unknown;
  minimumSpend?: unknown;
  priceOverrides?: unknown;
  promotionCode?: string | null | undefined;
  salesforceId?: string | null | undefined;
  scheduleStrategy?: ScheduleStrategy | null | undefined;
  /** The older name of `entitlements`. */
  subscriptionEntitlements?: Array<SubscriptionEntitlementInput> | null | undefined;
  subscriptionId: string;
  /** Extends or shortens a trial that runs. */
  trialEndDate?: string | null | undefined;
  unitQuantity?: string | null | undefined;
};

export type UsageHistoryInput = {
  customerId: string;
  /** Exclusive; now when left out. */
  endDate?: string | null | undefined;
  featureId: string;
  groupBy?: Array<string> | null | undefined;
  /** Whether a customer whose subscriptions have ended still has a history. Default false. */
  includeInactiveSubscriptions?: boolean | null | undefined;
  resourceId?: string | null | undefined;
  /** Inclusive. */
  startDate: string;
};

export type UsageHistoryMarkerType =
  | 'PERIODIC_RESET'
  | 'SUBSCRIPTION_CHANGE_RESET';

export type UsageUpdateBehavior =
  /** Adds to the counter; negative values take away. */
  | 'DELTA'
  /** Replaces everything before it. */
  | 'SET';

export type VersionFieldsFragment = { epoch: string, catalog: number, revision: number, validFrom: string };

export type FeatureFieldsFragment = { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null };

export type UsageCounterFieldsFragment = { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } };

export type CreditCurrencyFieldsFragment = { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown };

export type WalletFieldsFragment = { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } };

export type CreditAckFieldsFragment = { currencyId: string, currentUsage: string, usageLimit: string, timestamp: string, consumed: string, usagePeriodEnd: string | null, wallet: { customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } } };

export type ReportUsageAckFieldsFragment = { measurementId: string, customerId: string, featureId: string, resourceId: string | null, value: string, currentUsage: string, usagePeriodStart: string | null, usagePeriodEnd: string | null, createdAt: string, timestamp: string, isDuplicate: boolean, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }, credit: { currencyId: string, currentUsage: string, usageLimit: string, timestamp: string, consumed: string, usagePeriodEnd: string | null, wallet: { customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } } } | null };

export type ItemErrorFieldsFragment = { code: string, message: string, field: string | null, isRetryable: boolean };

export type ReservationFieldsFragment = { reservationId: string, customerId: string, status: ReservationStatus, expiresAt: string | null, items: Array<{ featureId: string | null, currencyId: string | null, resourceId: string | null, amount: string, settled: string | null }>, denials: Array<{ item: number, reason: string }>, usage: Array<{ customerId: string, resourceId: string | null, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }>, wallets: Array<{ customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }> };

export type CreditGrantFieldsFragment = { grantId: string, customerId: string, currencyId: string, resourceId: string | null, displayName: string, grantType: CreditGrantType, sourceType: CreditGrantSourceType | null, status: CreditGrantStatus, amount: string, consumedAmount: string, priority: number, effectiveAt: string, expireAt: string | null, voidedAt: string | null, cost: unknown, paymentCollection: PaymentCollection, comment: string | null, metadata: unknown, createdAt: string, latestInvoice: { billingId: string, status: string, attemptCount: number } | null };

export type AutomaticRechargeFieldsFragment = { customerId: string, currencyId: string, isEnabled: boolean, thresholdType: RechargeThresholdType, thresholdValue: string, targetBalance: string, maxSpendLimit: string | null, grantExpirationPeriod: GrantExpirationPeriod };

export type CostEstimateFieldsFragment = { warnings: Array<string>, estimates: Array<{ currencyId: string, estimatedCost: string, currentBalance: string, balanceAfterEstimate: string, wouldOverdraft: boolean, breakdown: Array<{ featureId: string, cost: string, warningCode: string | null }> }> };

export type SnapshotFieldsFragment = { customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> };

export type SubscriptionFieldsFragment = { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null };

export type CustomerFieldsFragment = { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> };

export type ChangedSubscriptionFieldsFragment = { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> };

export type PromotionalEntitlementFieldsFragment = { id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> };

export type PromotionalChangeFieldsFragment = { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> };

export type ImportResultFieldsFragment = { id: string, outcome: ImportOutcome, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null };

export type PingQueryVariables = Exact<{ [key: string]: never; }>;


export type PingQuery = { ping: boolean };

export type SnapshotsQueryVariables = Exact<{
  customerId: string;
  resourceIds: Array<string | null | undefined> | string;
}>;


export type SnapshotsQuery = { snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> };

export type GetCustomerQueryVariables = Exact<{
  customerId: string;
}>;


export type GetCustomerQuery = { customer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type FeatureTypesQueryVariables = Exact<{
  featureIds: Array<string> | string;
}>;


export type FeatureTypesQuery = { featureTypes: Array<{ featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null } | null> };

export type OffersQueryVariables = Exact<{ [key: string]: never; }>;


export type OffersQuery = { offers: { catalog: number, features: Array<{ featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }>, offers: Array<{ type: OfferType, id: string, displayName: string, isForResource: boolean, planIds: Array<string>, dependencies: Array<string>, maxQuantity: number | null, entitlements: Array<{ featureId: string, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, replaces: boolean, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }>, credits: Array<{ currencyId: string, amount: string, hasSoftLimit: boolean, replaces: boolean }> }> } };

export type ProvisionCustomerMutationVariables = Exact<{
  input: ProvisionCustomerInput;
}>;


export type ProvisionCustomerMutation = { provisionCustomer: { customer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> }, subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null } | null, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type ProvisionSubscriptionMutationVariables = Exact<{
  input: ProvisionSubscriptionInput;
}>;


export type ProvisionSubscriptionMutation = { provisionSubscription: { status: ProvisionSubscriptionStatus, checkoutUrl: string | null, checkoutBillingId: string | null, isScheduled: boolean, subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null } | null, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type ReportUsageMutationVariables = Exact<{
  usages: Array<ReportUsageInput> | ReportUsageInput;
}>;


export type ReportUsageMutation = { reportUsage: Array<{ ack: { measurementId: string, customerId: string, featureId: string, resourceId: string | null, value: string, currentUsage: string, usagePeriodStart: string | null, usagePeriodEnd: string | null, createdAt: string, timestamp: string, isDuplicate: boolean, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }, credit: { currencyId: string, currentUsage: string, usageLimit: string, timestamp: string, consumed: string, usagePeriodEnd: string | null, wallet: { customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } } } | null } | null, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null }> };

export type ReportEventsMutationVariables = Exact<{
  events: Array<ReportEventInput> | ReportEventInput;
}>;


export type ReportEventsMutation = { reportEvents: Array<{ isStored: boolean, isDuplicate: boolean, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null }> };

export type HotOperationsMutationVariables = Exact<{
  operations: Array<HotOperationInput> | HotOperationInput;
  patienceMs?: number | null | undefined;
}>;


export type HotOperationsMutation = { hotOperations: Array<{ isRunning: boolean, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null, usage: { measurementId: string, customerId: string, featureId: string, resourceId: string | null, value: string, currentUsage: string, usagePeriodStart: string | null, usagePeriodEnd: string | null, createdAt: string, timestamp: string, isDuplicate: boolean, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }, credit: { currencyId: string, currentUsage: string, usageLimit: string, timestamp: string, consumed: string, usagePeriodEnd: string | null, wallet: { customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } } } | null } | null, consumption: { customerId: string, currencyId: string, amount: string, resourceId: string | null, timestamp: string, isDuplicate: boolean, credit: { currencyId: string, currentUsage: string, usageLimit: string, timestamp: string, consumed: string, usagePeriodEnd: string | null, wallet: { customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } } } } | null, reservation: { reservationId: string, customerId: string, status: ReservationStatus, expiresAt: string | null, items: Array<{ featureId: string | null, currencyId: string | null, resourceId: string | null, amount: string, settled: string | null }>, denials: Array<{ item: number, reason: string }>, usage: Array<{ customerId: string, resourceId: string | null, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }>, wallets: Array<{ customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }> } | null }> };

export type ConsumeCreditsAsyncMutationVariables = Exact<{
  consumptions: Array<ConsumeCreditsInput> | ConsumeCreditsInput;
}>;


export type ConsumeCreditsAsyncMutation = { consumeCreditsAsync: Array<{ isStored: boolean, isDuplicate: boolean, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null }> };

export type GrantCreditsMutationVariables = Exact<{
  input: GrantCreditsInput;
}>;


export type GrantCreditsMutation = { grantCredits: { grant: { grantId: string, customerId: string, currencyId: string, resourceId: string | null, displayName: string, grantType: CreditGrantType, sourceType: CreditGrantSourceType | null, status: CreditGrantStatus, amount: string, consumedAmount: string, priority: number, effectiveAt: string, expireAt: string | null, voidedAt: string | null, cost: unknown, paymentCollection: PaymentCollection, comment: string | null, metadata: unknown, createdAt: string, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type VoidCreditGrantMutationVariables = Exact<{
  grantId: string;
  customerId?: string | null | undefined;
}>;


export type VoidCreditGrantMutation = { voidCreditGrant: { grant: { grantId: string, customerId: string, currencyId: string, resourceId: string | null, displayName: string, grantType: CreditGrantType, sourceType: CreditGrantSourceType | null, status: CreditGrantStatus, amount: string, consumedAmount: string, priority: number, effectiveAt: string, expireAt: string | null, voidedAt: string | null, cost: unknown, paymentCollection: PaymentCollection, comment: string | null, metadata: unknown, createdAt: string, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type SaveAutomaticRechargeMutationVariables = Exact<{
  input: AutomaticRechargeInput;
}>;


export type SaveAutomaticRechargeMutation = { saveAutomaticRecharge: { customerId: string, currencyId: string, isEnabled: boolean, thresholdType: RechargeThresholdType, thresholdValue: string, targetBalance: string, maxSpendLimit: string | null, grantExpirationPeriod: GrantExpirationPeriod } };

export type AutomaticRechargeQueryVariables = Exact<{
  customerId: string;
  currencyId: string;
}>;


export type AutomaticRechargeQuery = { automaticRecharge: { customerId: string, currencyId: string, isEnabled: boolean, thresholdType: RechargeThresholdType, thresholdValue: string, targetBalance: string, maxSpendLimit: string | null, grantExpirationPeriod: GrantExpirationPeriod } };

export type CreditBalanceQueryVariables = Exact<{
  customerId: string;
  currencyId: string;
  resourceId?: string | null | undefined;
}>;


export type CreditBalanceQuery = { creditBalance: { currentBalance: string, totalGranted: string, totalConsumed: string, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown } } };

export type CreditGrantsQueryVariables = Exact<{
  filter: CreditGrantFilter;
  page?: PageInput | null | undefined;
}>;


export type CreditGrantsQuery = { creditGrants: { data: Array<{ grantId: string, customerId: string, currencyId: string, resourceId: string | null, displayName: string, grantType: CreditGrantType, sourceType: CreditGrantSourceType | null, status: CreditGrantStatus, amount: string, consumedAmount: string, priority: number, effectiveAt: string, expireAt: string | null, voidedAt: string | null, cost: unknown, paymentCollection: PaymentCollection, comment: string | null, metadata: unknown, createdAt: string, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }>, pagination: { next: string | null, prev: string | null } } };

export type CreditLedgerQueryVariables = Exact<{
  filter: CreditLedgerFilter;
  page?: PageInput | null | undefined;
}>;


export type CreditLedgerQuery = { creditLedger: { data: Array<{ eventId: string, eventType: CreditLedgerEventType, amount: string, creditCurrencyId: string, creditGrantId: string, customerId: string, featureId: string | null, resourceId: string | null, timestamp: string }>, pagination: { next: string | null, prev: string | null } } };

export type CreditUsageQueryVariables = Exact<{
  input: CreditUsageInput;
  page?: PageInput | null | undefined;
}>;


export type CreditUsageQuery = { creditUsage: { series: Array<{ featureId: string | null, totalCredits: string, eventCount: number, tags: Array<{ key: string, value: string }>, points: Array<{ timestamp: string, value: string, eventCount: number }> }>, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown } | null, pagination: { next: string | null, prev: string | null } } };

export type UsageHistoryQueryVariables = Exact<{
  input: UsageHistoryInput;
}>;


export type UsageHistoryQuery = { usageHistory: { series: Array<{ tags: Array<{ key: string, value: string }>, points: Array<{ timestamp: string, value: string, isResetPoint: boolean }> }>, markers: Array<{ timestamp: string, type: UsageHistoryMarkerType }> } };

export type EstimateEventCostQueryVariables = Exact<{
  input: EstimateEventCostInput;
}>;


export type EstimateEventCostQuery = { estimateEventCost: { warnings: Array<string>, estimates: Array<{ currencyId: string, estimatedCost: string, currentBalance: string, balanceAfterEstimate: string, wouldOverdraft: boolean, breakdown: Array<{ featureId: string, cost: string, warningCode: string | null }> }> } };

export type EstimateUsageCostQueryVariables = Exact<{
  input: EstimateUsageCostInput;
}>;


export type EstimateUsageCostQuery = { estimateUsageCost: { warnings: Array<string>, estimates: Array<{ currencyId: string, estimatedCost: string, currentBalance: string, balanceAfterEstimate: string, wouldOverdraft: boolean, breakdown: Array<{ featureId: string, cost: string, warningCode: string | null }> }> } };

export type EntitlementSourcesQueryVariables = Exact<{
  customerId: string;
  featureId: string;
  resourceId?: string | null | undefined;
}>;


export type EntitlementSourcesQuery = { entitlementSources: Array<{ kind: EntitlementSourceKind, id: string, subscriptionId: string | null, resourceId: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, endsAt: string | null }> };

export type ReservationQueryVariables = Exact<{
  customerId: string;
  reservationId: string;
}>;


export type ReservationQuery = { reservation: { reservationId: string, customerId: string, status: ReservationStatus, expiresAt: string | null, items: Array<{ featureId: string | null, currencyId: string | null, resourceId: string | null, amount: string, settled: string | null }>, denials: Array<{ item: number, reason: string }>, usage: Array<{ customerId: string, resourceId: string | null, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }>, wallets: Array<{ customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }> } | null };

export type ApplyCatalogMutationVariables = Exact<{
  catalog: unknown;
  dryRun?: boolean | null | undefined;
  migrationType?: PublishMigrationType | null | undefined;
}>;


export type ApplyCatalogMutation = { applyCatalog: { catalog: number, isApplied: boolean, changes: Array<{ action: CatalogAction, kind: string, id: string, details: Array<string> }> } };

export type SetClockMutationVariables = Exact<{
  now: string;
}>;


export type SetClockMutation = { setClock: boolean };

export type CustomerStatisticsQueryVariables = Exact<{
  customerId: string;
}>;


export type CustomerStatisticsQuery = { customerStatistics: { trialSubscriptions: number, activeSubscriptionsByPricingType: Array<{ pricingType: PricingType, count: number }> } };

export type GetSubscriptionQueryVariables = Exact<{
  subscriptionId: string;
}>;


export type GetSubscriptionQuery = { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null } };

export type GetSubscriptionsQueryVariables = Exact<{
  filter?: SubscriptionFilter | null | undefined;
  page?: PageInput | null | undefined;
}>;


export type GetSubscriptionsQuery = { subscriptions: { data: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }>, pagination: { next: string | null, prev: string | null } } };

export type ActiveSubscriptionsQueryVariables = Exact<{
  customerId: string;
  resourceIds?: Array<string> | string | null | undefined;
}>;


export type ActiveSubscriptionsQuery = { activeSubscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> };

export type PromotionalEntitlementsQueryVariables = Exact<{
  customerId: string;
  page?: PageInput | null | undefined;
}>;


export type PromotionalEntitlementsQuery = { promotionalEntitlements: { data: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, pagination: { next: string | null, prev: string | null } } };

export type EventsQueryVariables = Exact<{
  after?: string | null | undefined;
  limit?: number | null | undefined;
}>;


export type EventsQuery = { events: { next: string | null, events: Array<{ cursor: string, messageId: string, type: string, timestamp: string, customerId: string | null, entity: unknown }> } };

export type PublishedCatalogQueryVariables = Exact<{ [key: string]: never; }>;


export type PublishedCatalogQuery = { publishedCatalog: unknown };

export type CreateCustomerMutationVariables = Exact<{
  input: ProvisionCustomerInput;
}>;


export type CreateCustomerMutation = { createCustomer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type UpdateCustomerMutationVariables = Exact<{
  input: UpdateCustomerInput;
}>;


export type UpdateCustomerMutation = { updateCustomer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type ArchiveCustomerMutationVariables = Exact<{
  customerId: string;
}>;


export type ArchiveCustomerMutation = { archiveCustomer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type UnarchiveCustomerMutationVariables = Exact<{
  customerId: string;
}>;


export type UnarchiveCustomerMutation = { unarchiveCustomer: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type DetachCustomerPaymentMethodMutationVariables = Exact<{
  customerId: string;
}>;


export type DetachCustomerPaymentMethodMutation = { detachCustomerPaymentMethod: { customerId: string, name: string | null, email: string | null, metadata: unknown, billingId: string | null, salesforceId: string | null, awsMarketplaceCustomerId: string | null, couponId: string | null, excludeFromExperiment: boolean | null, createdAt: string, updatedAt: string, archivedAt: string | null, billingInfo: { billingAddress: unknown, shippingAddress: unknown, currency: string | null, language: string | null, timezone: string | null, invoiceCustomFields: unknown, metadata: unknown, taxIds: Array<{ type: string, value: string }> } | null, defaultPaymentMethod: { paymentMethodId: string, type: PaymentMethodType, last4: string | null, expirationMonth: number | null, expirationYear: number | null } | null, subscriptions: Array<{ subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }> } };

export type ImportCustomersMutationVariables = Exact<{
  customers: Array<ImportCustomerInput> | ImportCustomerInput;
  integrationId?: string | null | undefined;
}>;


export type ImportCustomersMutation = { importCustomers: Array<{ id: string, outcome: ImportOutcome, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null }> };

export type ApplySubscriptionMutationVariables = Exact<{
  input: ApplySubscriptionInput;
}>;


export type ApplySubscriptionMutation = { applySubscription: { status: ProvisionSubscriptionStatus, checkoutUrl: string | null, checkoutBillingId: string | null, isScheduled: boolean, subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null } | null, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type UpdateSubscriptionMutationVariables = Exact<{
  input: UpdateSubscriptionInput;
}>;


export type UpdateSubscriptionMutation = { updateSubscription: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type CancelSubscriptionMutationVariables = Exact<{
  input: CancelSubscriptionInput;
}>;


export type CancelSubscriptionMutation = { cancelSubscription: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type CancelSubscriptionScheduledUpdatesMutationVariables = Exact<{
  subscriptionId: string;
  status?: ScheduleStatus | null | undefined;
}>;


export type CancelSubscriptionScheduledUpdatesMutation = { cancelSubscriptionScheduledUpdates: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type MigrateSubscriptionToLatestMutationVariables = Exact<{
  subscriptionId: string;
  subscriptionMigrationTime?: SubscriptionMigrationTime | null | undefined;
}>;


export type MigrateSubscriptionToLatestMutation = { migrateSubscriptionToLatest: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type TransferSubscriptionMutationVariables = Exact<{
  customerId: string;
  sourceResourceId: string;
  destinationResourceId: string;
}>;


export type TransferSubscriptionMutation = { transferSubscription: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type TransferSubscriptionToResourceMutationVariables = Exact<{
  subscriptionId: string;
  destinationResourceId: string;
}>;


export type TransferSubscriptionToResourceMutation = { transferSubscriptionToResource: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type DelegateSubscriptionToCustomerMutationVariables = Exact<{
  subscriptionId: string;
  destinationCustomerId: string;
}>;


export type DelegateSubscriptionToCustomerMutation = { delegateSubscriptionToCustomer: { subscription: { subscriptionId: string, customerId: string, payingCustomerId: string | null, resourceId: string | null, productId: string, planId: string, planVersion: number, pricingType: PricingType, status: SubscriptionStatus, billingPeriod: BillingPeriod | null, entitlements: unknown, creditEntitlements: unknown, startDate: string, endDate: string | null, effectiveEndDate: string | null, trialEndDate: string | null, trialEndBehavior: TrialEndBehavior | null, cancellationDate: string | null, cancelReason: string | null, billingCycleAnchor: string, currentBillingPeriodStart: string | null, currentBillingPeriodEnd: string | null, isBackdated: boolean, minimumSpend: unknown, paymentCollection: PaymentCollection, paymentCollectionMethod: PaymentCollectionMethod | null, unitQuantity: string | null, charges: unknown, priceOverrides: unknown, appliedCoupon: unknown, promotionCode: string | null, billingInformation: unknown, billingId: string | null, salesforceId: string | null, billingCountryCode: string | null, metadata: unknown, createdAt: string, addons: Array<{ addonId: string, quantity: number }>, billableFeatures: Array<{ featureId: string, quantity: string }>, budget: { limit: string, hasSoftLimit: boolean } | null, futureUpdates: Array<{ id: string, type: FutureUpdateType, scheduleStatus: ScheduleStatus, scheduledExecutionTime: string, targetPackage: string | null, change: unknown }>, latestInvoice: { billingId: string, status: string, attemptCount: number } | null }, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type ImportSubscriptionsMutationVariables = Exact<{
  subscriptions: Array<ImportSubscriptionInput> | ImportSubscriptionInput;
  integrationId?: string | null | undefined;
}>;


export type ImportSubscriptionsMutation = { importSubscriptions: Array<{ id: string, outcome: ImportOutcome, error: { code: string, message: string, field: string | null, isRetryable: boolean } | null }> };

export type GrantPromotionalEntitlementsMutationVariables = Exact<{
  customerId: string;
  promotionalEntitlements: Array<PromotionalEntitlementInput> | PromotionalEntitlementInput;
}>;


export type GrantPromotionalEntitlementsMutation = { grantPromotionalEntitlements: { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type RevokePromotionalEntitlementsMutationVariables = Exact<{
  customerId: string;
  featureId: string;
}>;


export type RevokePromotionalEntitlementsMutation = { revokePromotionalEntitlements: { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type GrantPromotionalEntitlementsGroupMutationVariables = Exact<{
  customerId: string;
  featureGroupId: string;
  promotionalEntitlements: Array<PromotionalEntitlementInput> | PromotionalEntitlementInput;
}>;


export type GrantPromotionalEntitlementsGroupMutation = { grantPromotionalEntitlementsGroup: { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type RevokePromotionalEntitlementsGroupMutationVariables = Exact<{
  customerId: string;
  featureGroupId: string;
}>;


export type RevokePromotionalEntitlementsGroupMutation = { revokePromotionalEntitlementsGroup: { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type UnlinkPromotionalEntitlementsGroupMutationVariables = Exact<{
  customerId: string;
  featureGroupId: string;
}>;


export type UnlinkPromotionalEntitlementsGroupMutation = { unlinkPromotionalEntitlementsGroup: { promotionalEntitlements: Array<{ id: string, customerId: string, featureId: string, status: PromotionalStatus, period: PromotionalPeriod, startDate: string, endDate: string | null, isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, resetPeriod: ResetPeriod | null, isVisible: boolean, featureGroupIds: Array<string> }>, snapshots: Array<{ customerId: string, resourceId: string | null, grants: { validUntil: string | null, isCustomerKnown: boolean, isCustomerArchived: boolean, isResourceKnown: boolean, hasActiveSubscription: boolean, version: { epoch: string, catalog: number, revision: number, validFrom: string }, sold: { revokedFeatureIds: Array<string>, subscriptions: Array<{ planId: string, addons: Array<{ addonId: string, quantity: number }> }> } | null, entitlements: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, feature: { featureId: string, displayName: string, featureType: FeatureType, meterType: MeterType, featureStatus: FeatureStatus, unit: string | null, units: string | null, hasEventMeter: boolean, unitTransformation: { divide: number, round: RoundingDirection } | null }, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null, afterwards: Array<{ isGranted: boolean, usageLimit: string | null, hasUnlimitedUsage: boolean, hasSoftLimit: boolean, enumValues: Array<string>, usageCountsFrom: string | null, endsAt: string | null, reset: { period: ResetPeriod, accordingTo: string | null, anchor: string } | null, creditRate: { currencyId: string, amount: string | null, costFormula: string | null } | null }> }> }, usage: Array<{ featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }>, wallets: Array<{ validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> }> } };

export type SettleSandboxBillingMutationVariables = Exact<{
  intentId: string;
  outcome: SandboxOutcome;
}>;


export type SettleSandboxBillingMutation = { settleSandboxBilling: boolean };

export type ChangesSubscriptionVariables = Exact<{
  cursor?: string | null | undefined;
}>;


export type ChangesSubscription = { changes: { cursor: string, now: string, isClockFrozen: boolean, epoch: string, catalog: number, isResync: boolean, usage: Array<{ customerId: string, resourceId: string | null, counter: { featureId: string, validUntil: string | null, currentUsage: string, held: string, heldUntil: string | null, usagePeriodStart: string | null, usagePeriodEnd: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }>, wallets: Array<{ customerId: string, resourceId: string | null, wallet: { validUntil: string | null, endsAt: string | null, hasSoftLimit: boolean, balance: string, totalGranted: string, totalConsumed: string, held: string, heldUntil: string | null, usagePeriodEnd: string | null, currency: { currencyId: string, displayName: string, description: string | null, symbol: string | null, unit: string | null, units: string | null, metadata: unknown }, version: { epoch: string, catalog: number, revision: number, validFrom: string } } }>, grants: Array<{ customerId: string, resourceId: string | null, version: { epoch: string, catalog: number, revision: number, validFrom: string } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const VersionFieldsFragmentDoc = new TypedDocumentString(`
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
    `, {"fragmentName":"VersionFields"}) as unknown as TypedDocumentString<VersionFieldsFragment, unknown>;
export const UsageCounterFieldsFragmentDoc = new TypedDocumentString(`
    fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}`, {"fragmentName":"UsageCounterFields"}) as unknown as TypedDocumentString<UsageCounterFieldsFragment, unknown>;
export const CreditCurrencyFieldsFragmentDoc = new TypedDocumentString(`
    fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
    `, {"fragmentName":"CreditCurrencyFields"}) as unknown as TypedDocumentString<CreditCurrencyFieldsFragment, unknown>;
export const WalletFieldsFragmentDoc = new TypedDocumentString(`
    fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}`, {"fragmentName":"WalletFields"}) as unknown as TypedDocumentString<WalletFieldsFragment, unknown>;
export const CreditAckFieldsFragmentDoc = new TypedDocumentString(`
    fragment CreditAckFields on CreditAck {
  currencyId
  currentUsage
  usageLimit
  timestamp
  consumed
  usagePeriodEnd
  wallet {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}`, {"fragmentName":"CreditAckFields"}) as unknown as TypedDocumentString<CreditAckFieldsFragment, unknown>;
export const ReportUsageAckFieldsFragmentDoc = new TypedDocumentString(`
    fragment ReportUsageAckFields on ReportUsageAck {
  measurementId
  customerId
  featureId
  resourceId
  value
  currentUsage
  usagePeriodStart
  usagePeriodEnd
  createdAt
  timestamp
  isDuplicate
  counter {
    ...UsageCounterFields
  }
  credit {
    ...CreditAckFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment CreditAckFields on CreditAck {
  currencyId
  currentUsage
  usageLimit
  timestamp
  consumed
  usagePeriodEnd
  wallet {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}`, {"fragmentName":"ReportUsageAckFields"}) as unknown as TypedDocumentString<ReportUsageAckFieldsFragment, unknown>;
export const ItemErrorFieldsFragmentDoc = new TypedDocumentString(`
    fragment ItemErrorFields on ItemError {
  code
  message
  field
  isRetryable
}
    `, {"fragmentName":"ItemErrorFields"}) as unknown as TypedDocumentString<ItemErrorFieldsFragment, unknown>;
export const ReservationFieldsFragmentDoc = new TypedDocumentString(`
    fragment ReservationFields on Reservation {
  reservationId
  customerId
  status
  expiresAt
  items {
    featureId
    currencyId
    resourceId
    amount
    settled
  }
  denials {
    item
    reason
  }
  usage {
    customerId
    resourceId
    counter {
      ...UsageCounterFields
    }
  }
  wallets {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}`, {"fragmentName":"ReservationFields"}) as unknown as TypedDocumentString<ReservationFieldsFragment, unknown>;
export const CreditGrantFieldsFragmentDoc = new TypedDocumentString(`
    fragment CreditGrantFields on CreditGrant {
  grantId
  customerId
  currencyId
  resourceId
  displayName
  grantType
  sourceType
  status
  amount
  consumedAmount
  priority
  effectiveAt
  expireAt
  voidedAt
  cost
  paymentCollection
  comment
  metadata
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
    `, {"fragmentName":"CreditGrantFields"}) as unknown as TypedDocumentString<CreditGrantFieldsFragment, unknown>;
export const AutomaticRechargeFieldsFragmentDoc = new TypedDocumentString(`
    fragment AutomaticRechargeFields on AutomaticRecharge {
  customerId
  currencyId
  isEnabled
  thresholdType
  thresholdValue
  targetBalance
  maxSpendLimit
  grantExpirationPeriod
}
    `, {"fragmentName":"AutomaticRechargeFields"}) as unknown as TypedDocumentString<AutomaticRechargeFieldsFragment, unknown>;
export const CostEstimateFieldsFragmentDoc = new TypedDocumentString(`
    fragment CostEstimateFields on CostEstimate {
  estimates {
    currencyId
    estimatedCost
    currentBalance
    balanceAfterEstimate
    wouldOverdraft
    breakdown {
      featureId
      cost
      warningCode
    }
  }
  warnings
}
    `, {"fragmentName":"CostEstimateFields"}) as unknown as TypedDocumentString<CostEstimateFieldsFragment, unknown>;
export const SubscriptionFieldsFragmentDoc = new TypedDocumentString(`
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
    `, {"fragmentName":"SubscriptionFields"}) as unknown as TypedDocumentString<SubscriptionFieldsFragment, unknown>;
export const CustomerFieldsFragmentDoc = new TypedDocumentString(`
    fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`, {"fragmentName":"CustomerFields"}) as unknown as TypedDocumentString<CustomerFieldsFragment, unknown>;
export const FeatureFieldsFragmentDoc = new TypedDocumentString(`
    fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
    `, {"fragmentName":"FeatureFields"}) as unknown as TypedDocumentString<FeatureFieldsFragment, unknown>;
export const SnapshotFieldsFragmentDoc = new TypedDocumentString(`
    fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}`, {"fragmentName":"SnapshotFields"}) as unknown as TypedDocumentString<SnapshotFieldsFragment, unknown>;
export const ChangedSubscriptionFieldsFragmentDoc = new TypedDocumentString(`
    fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`, {"fragmentName":"ChangedSubscriptionFields"}) as unknown as TypedDocumentString<ChangedSubscriptionFieldsFragment, unknown>;
export const PromotionalEntitlementFieldsFragmentDoc = new TypedDocumentString(`
    fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
    `, {"fragmentName":"PromotionalEntitlementFields"}) as unknown as TypedDocumentString<PromotionalEntitlementFieldsFragment, unknown>;
export const PromotionalChangeFieldsFragmentDoc = new TypedDocumentString(`
    fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}`, {"fragmentName":"PromotionalChangeFields"}) as unknown as TypedDocumentString<PromotionalChangeFieldsFragment, unknown>;
export const ImportResultFieldsFragmentDoc = new TypedDocumentString(`
    fragment ImportResultFields on ImportResult {
  id
  outcome
  error {
    code
    message
    field
    isRetryable
  }
}
    `, {"fragmentName":"ImportResultFields"}) as unknown as TypedDocumentString<ImportResultFieldsFragment, unknown>;
export const PingDocument = new TypedDocumentString(`
    query Ping {
  ping
}
    `) as unknown as TypedDocumentString<PingQuery, PingQueryVariables>;
export const SnapshotsDocument = new TypedDocumentString(`
    query Snapshots($customerId: String!, $resourceIds: [String]!) {
  snapshots(customerId: $customerId, resourceIds: $resourceIds) {
    ...SnapshotFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}`) as unknown as TypedDocumentString<SnapshotsQuery, SnapshotsQueryVariables>;
export const GetCustomerDocument = new TypedDocumentString(`
    query GetCustomer($customerId: String!) {
  customer(customerId: $customerId) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<GetCustomerQuery, GetCustomerQueryVariables>;
export const FeatureTypesDocument = new TypedDocumentString(`
    query FeatureTypes($featureIds: [String!]!) {
  featureTypes(featureIds: $featureIds) {
    ...FeatureFields
  }
}
    fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}`) as unknown as TypedDocumentString<FeatureTypesQuery, FeatureTypesQueryVariables>;
export const OffersDocument = new TypedDocumentString(`
    query Offers {
  offers {
    catalog
    features {
      ...FeatureFields
    }
    offers {
      type
      id
      displayName
      isForResource
      entitlements {
        featureId
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        creditRate {
          currencyId
          amount
          costFormula
        }
        replaces
      }
      credits {
        currencyId
        amount
        hasSoftLimit
        replaces
      }
      planIds
      dependencies
      maxQuantity
    }
  }
}
    fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}`) as unknown as TypedDocumentString<OffersQuery, OffersQueryVariables>;
export const ProvisionCustomerDocument = new TypedDocumentString(`
    mutation ProvisionCustomer($input: ProvisionCustomerInput!) {
  provisionCustomer(input: $input) {
    customer {
      ...CustomerFields
    }
    subscription {
      ...SubscriptionFields
    }
    snapshots {
      ...SnapshotFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<ProvisionCustomerMutation, ProvisionCustomerMutationVariables>;
export const ProvisionSubscriptionDocument = new TypedDocumentString(`
    mutation ProvisionSubscription($input: ProvisionSubscriptionInput!) {
  provisionSubscription(input: $input) {
    status
    subscription {
      ...SubscriptionFields
    }
    checkoutUrl
    checkoutBillingId
    isScheduled
    snapshots {
      ...SnapshotFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<ProvisionSubscriptionMutation, ProvisionSubscriptionMutationVariables>;
export const ReportUsageDocument = new TypedDocumentString(`
    mutation ReportUsage($usages: [ReportUsageInput!]!) {
  reportUsage(usages: $usages) {
    ack {
      ...ReportUsageAckFields
    }
    error {
      ...ItemErrorFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment CreditAckFields on CreditAck {
  currencyId
  currentUsage
  usageLimit
  timestamp
  consumed
  usagePeriodEnd
  wallet {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}
fragment ReportUsageAckFields on ReportUsageAck {
  measurementId
  customerId
  featureId
  resourceId
  value
  currentUsage
  usagePeriodStart
  usagePeriodEnd
  createdAt
  timestamp
  isDuplicate
  counter {
    ...UsageCounterFields
  }
  credit {
    ...CreditAckFields
  }
}
fragment ItemErrorFields on ItemError {
  code
  message
  field
  isRetryable
}`) as unknown as TypedDocumentString<ReportUsageMutation, ReportUsageMutationVariables>;
export const ReportEventsDocument = new TypedDocumentString(`
    mutation ReportEvents($events: [ReportEventInput!]!) {
  reportEvents(events: $events) {
    isStored
    isDuplicate
    error {
      code
      message
      field
      isRetryable
    }
  }
}
    `) as unknown as TypedDocumentString<ReportEventsMutation, ReportEventsMutationVariables>;
export const HotOperationsDocument = new TypedDocumentString(`
    mutation HotOperations($operations: [HotOperationInput!]!, $patienceMs: Int) {
  hotOperations(operations: $operations, patienceMs: $patienceMs) {
    isRunning
    error {
      ...ItemErrorFields
    }
    usage {
      ...ReportUsageAckFields
    }
    consumption {
      customerId
      currencyId
      amount
      resourceId
      timestamp
      isDuplicate
      credit {
        ...CreditAckFields
      }
    }
    reservation {
      ...ReservationFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment CreditAckFields on CreditAck {
  currencyId
  currentUsage
  usageLimit
  timestamp
  consumed
  usagePeriodEnd
  wallet {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}
fragment ReportUsageAckFields on ReportUsageAck {
  measurementId
  customerId
  featureId
  resourceId
  value
  currentUsage
  usagePeriodStart
  usagePeriodEnd
  createdAt
  timestamp
  isDuplicate
  counter {
    ...UsageCounterFields
  }
  credit {
    ...CreditAckFields
  }
}
fragment ItemErrorFields on ItemError {
  code
  message
  field
  isRetryable
}
fragment ReservationFields on Reservation {
  reservationId
  customerId
  status
  expiresAt
  items {
    featureId
    currencyId
    resourceId
    amount
    settled
  }
  denials {
    item
    reason
  }
  usage {
    customerId
    resourceId
    counter {
      ...UsageCounterFields
    }
  }
  wallets {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}`) as unknown as TypedDocumentString<HotOperationsMutation, HotOperationsMutationVariables>;
export const ConsumeCreditsAsyncDocument = new TypedDocumentString(`
    mutation ConsumeCreditsAsync($consumptions: [ConsumeCreditsInput!]!) {
  consumeCreditsAsync(consumptions: $consumptions) {
    isStored
    isDuplicate
    error {
      ...ItemErrorFields
    }
  }
}
    fragment ItemErrorFields on ItemError {
  code
  message
  field
  isRetryable
}`) as unknown as TypedDocumentString<ConsumeCreditsAsyncMutation, ConsumeCreditsAsyncMutationVariables>;
export const GrantCreditsDocument = new TypedDocumentString(`
    mutation GrantCredits($input: GrantCreditsInput!) {
  grantCredits(input: $input) {
    grant {
      ...CreditGrantFields
    }
    snapshots {
      ...SnapshotFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment CreditGrantFields on CreditGrant {
  grantId
  customerId
  currencyId
  resourceId
  displayName
  grantType
  sourceType
  status
  amount
  consumedAmount
  priority
  effectiveAt
  expireAt
  voidedAt
  cost
  paymentCollection
  comment
  metadata
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}`) as unknown as TypedDocumentString<GrantCreditsMutation, GrantCreditsMutationVariables>;
export const VoidCreditGrantDocument = new TypedDocumentString(`
    mutation VoidCreditGrant($grantId: String!, $customerId: String) {
  voidCreditGrant(grantId: $grantId, customerId: $customerId) {
    grant {
      ...CreditGrantFields
    }
    snapshots {
      ...SnapshotFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment CreditGrantFields on CreditGrant {
  grantId
  customerId
  currencyId
  resourceId
  displayName
  grantType
  sourceType
  status
  amount
  consumedAmount
  priority
  effectiveAt
  expireAt
  voidedAt
  cost
  paymentCollection
  comment
  metadata
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}`) as unknown as TypedDocumentString<VoidCreditGrantMutation, VoidCreditGrantMutationVariables>;
export const SaveAutomaticRechargeDocument = new TypedDocumentString(`
    mutation SaveAutomaticRecharge($input: AutomaticRechargeInput!) {
  saveAutomaticRecharge(input: $input) {
    ...AutomaticRechargeFields
  }
}
    fragment AutomaticRechargeFields on AutomaticRecharge {
  customerId
  currencyId
  isEnabled
  thresholdType
  thresholdValue
  targetBalance
  maxSpendLimit
  grantExpirationPeriod
}`) as unknown as TypedDocumentString<SaveAutomaticRechargeMutation, SaveAutomaticRechargeMutationVariables>;
export const AutomaticRechargeDocument = new TypedDocumentString(`
    query AutomaticRecharge($customerId: String!, $currencyId: String!) {
  automaticRecharge(customerId: $customerId, currencyId: $currencyId) {
    ...AutomaticRechargeFields
  }
}
    fragment AutomaticRechargeFields on AutomaticRecharge {
  customerId
  currencyId
  isEnabled
  thresholdType
  thresholdValue
  targetBalance
  maxSpendLimit
  grantExpirationPeriod
}`) as unknown as TypedDocumentString<AutomaticRechargeQuery, AutomaticRechargeQueryVariables>;
export const CreditBalanceDocument = new TypedDocumentString(`
    query CreditBalance($customerId: String!, $currencyId: String!, $resourceId: String) {
  creditBalance(
    customerId: $customerId
    currencyId: $currencyId
    resourceId: $resourceId
  ) {
    currency {
      ...CreditCurrencyFields
    }
    currentBalance
    totalGranted
    totalConsumed
  }
}
    fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}`) as unknown as TypedDocumentString<CreditBalanceQuery, CreditBalanceQueryVariables>;
export const CreditGrantsDocument = new TypedDocumentString(`
    query CreditGrants($filter: CreditGrantFilter!, $page: PageInput) {
  creditGrants(filter: $filter, page: $page) {
    data {
      ...CreditGrantFields
    }
    pagination {
      next
      prev
    }
  }
}
    fragment CreditGrantFields on CreditGrant {
  grantId
  customerId
  currencyId
  resourceId
  displayName
  grantType
  sourceType
  status
  amount
  consumedAmount
  priority
  effectiveAt
  expireAt
  voidedAt
  cost
  paymentCollection
  comment
  metadata
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<CreditGrantsQuery, CreditGrantsQueryVariables>;
export const CreditLedgerDocument = new TypedDocumentString(`
    query CreditLedger($filter: CreditLedgerFilter!, $page: PageInput) {
  creditLedger(filter: $filter, page: $page) {
    data {
      eventId
      eventType
      amount
      creditCurrencyId
      creditGrantId
      customerId
      featureId
      resourceId
      timestamp
    }
    pagination {
      next
      prev
    }
  }
}
    `) as unknown as TypedDocumentString<CreditLedgerQuery, CreditLedgerQueryVariables>;
export const CreditUsageDocument = new TypedDocumentString(`
    query CreditUsage($input: CreditUsageInput!, $page: PageInput) {
  creditUsage(input: $input, page: $page) {
    series {
      featureId
      tags {
        key
        value
      }
      totalCredits
      eventCount
      points {
        timestamp
        value
        eventCount
      }
    }
    currency {
      ...CreditCurrencyFields
    }
    pagination {
      next
      prev
    }
  }
}
    fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}`) as unknown as TypedDocumentString<CreditUsageQuery, CreditUsageQueryVariables>;
export const UsageHistoryDocument = new TypedDocumentString(`
    query UsageHistory($input: UsageHistoryInput!) {
  usageHistory(input: $input) {
    series {
      tags {
        key
        value
      }
      points {
        timestamp
        value
        isResetPoint
      }
    }
    markers {
      timestamp
      type
    }
  }
}
    `) as unknown as TypedDocumentString<UsageHistoryQuery, UsageHistoryQueryVariables>;
export const EstimateEventCostDocument = new TypedDocumentString(`
    query EstimateEventCost($input: EstimateEventCostInput!) {
  estimateEventCost(input: $input) {
    ...CostEstimateFields
  }
}
    fragment CostEstimateFields on CostEstimate {
  estimates {
    currencyId
    estimatedCost
    currentBalance
    balanceAfterEstimate
    wouldOverdraft
    breakdown {
      featureId
      cost
      warningCode
    }
  }
  warnings
}`) as unknown as TypedDocumentString<EstimateEventCostQuery, EstimateEventCostQueryVariables>;
export const EstimateUsageCostDocument = new TypedDocumentString(`
    query EstimateUsageCost($input: EstimateUsageCostInput!) {
  estimateUsageCost(input: $input) {
    ...CostEstimateFields
  }
}
    fragment CostEstimateFields on CostEstimate {
  estimates {
    currencyId
    estimatedCost
    currentBalance
    balanceAfterEstimate
    wouldOverdraft
    breakdown {
      featureId
      cost
      warningCode
    }
  }
  warnings
}`) as unknown as TypedDocumentString<EstimateUsageCostQuery, EstimateUsageCostQueryVariables>;
export const EntitlementSourcesDocument = new TypedDocumentString(`
    query EntitlementSources($customerId: String!, $featureId: String!, $resourceId: String) {
  entitlementSources(
    customerId: $customerId
    featureId: $featureId
    resourceId: $resourceId
  ) {
    kind
    id
    subscriptionId
    resourceId
    isGranted
    usageLimit
    hasUnlimitedUsage
    hasSoftLimit
    enumValues
    endsAt
  }
}
    `) as unknown as TypedDocumentString<EntitlementSourcesQuery, EntitlementSourcesQueryVariables>;
export const ReservationDocument = new TypedDocumentString(`
    query Reservation($customerId: String!, $reservationId: String!) {
  reservation(customerId: $customerId, reservationId: $reservationId) {
    ...ReservationFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment ReservationFields on Reservation {
  reservationId
  customerId
  status
  expiresAt
  items {
    featureId
    currencyId
    resourceId
    amount
    settled
  }
  denials {
    item
    reason
  }
  usage {
    customerId
    resourceId
    counter {
      ...UsageCounterFields
    }
  }
  wallets {
    customerId
    resourceId
    wallet {
      ...WalletFields
    }
  }
}`) as unknown as TypedDocumentString<ReservationQuery, ReservationQueryVariables>;
export const ApplyCatalogDocument = new TypedDocumentString(`
    mutation ApplyCatalog($catalog: JSON!, $dryRun: Boolean, $migrationType: PublishMigrationType) {
  applyCatalog(catalog: $catalog, dryRun: $dryRun, migrationType: $migrationType) {
    changes {
      action
      kind
      id
      details
    }
    catalog
    isApplied
  }
}
    `) as unknown as TypedDocumentString<ApplyCatalogMutation, ApplyCatalogMutationVariables>;
export const SetClockDocument = new TypedDocumentString(`
    mutation SetClock($now: DateTime!) {
  setClock(now: $now)
}
    `) as unknown as TypedDocumentString<SetClockMutation, SetClockMutationVariables>;
export const CustomerStatisticsDocument = new TypedDocumentString(`
    query CustomerStatistics($customerId: String!) {
  customerStatistics(customerId: $customerId) {
    activeSubscriptionsByPricingType {
      pricingType
      count
    }
    trialSubscriptions
  }
}
    `) as unknown as TypedDocumentString<CustomerStatisticsQuery, CustomerStatisticsQueryVariables>;
export const GetSubscriptionDocument = new TypedDocumentString(`
    query GetSubscription($subscriptionId: String!) {
  subscription(subscriptionId: $subscriptionId) {
    ...SubscriptionFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<GetSubscriptionQuery, GetSubscriptionQueryVariables>;
export const GetSubscriptionsDocument = new TypedDocumentString(`
    query GetSubscriptions($filter: SubscriptionFilter, $page: PageInput) {
  subscriptions(filter: $filter, page: $page) {
    data {
      ...SubscriptionFields
    }
    pagination {
      next
      prev
    }
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<GetSubscriptionsQuery, GetSubscriptionsQueryVariables>;
export const ActiveSubscriptionsDocument = new TypedDocumentString(`
    query ActiveSubscriptions($customerId: String!, $resourceIds: [String!]) {
  activeSubscriptions(customerId: $customerId, resourceIds: $resourceIds) {
    ...SubscriptionFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<ActiveSubscriptionsQuery, ActiveSubscriptionsQueryVariables>;
export const PromotionalEntitlementsDocument = new TypedDocumentString(`
    query PromotionalEntitlements($customerId: String!, $page: PageInput) {
  promotionalEntitlements(customerId: $customerId, page: $page) {
    data {
      ...PromotionalEntitlementFields
    }
    pagination {
      next
      prev
    }
  }
}
    fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}`) as unknown as TypedDocumentString<PromotionalEntitlementsQuery, PromotionalEntitlementsQueryVariables>;
export const EventsDocument = new TypedDocumentString(`
    query Events($after: String, $limit: Int) {
  events(after: $after, limit: $limit) {
    events {
      cursor
      messageId
      type
      timestamp
      customerId
      entity
    }
    next
  }
}
    `) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
export const PublishedCatalogDocument = new TypedDocumentString(`
    query PublishedCatalog {
  publishedCatalog
}
    `) as unknown as TypedDocumentString<PublishedCatalogQuery, PublishedCatalogQueryVariables>;
export const CreateCustomerDocument = new TypedDocumentString(`
    mutation CreateCustomer($input: ProvisionCustomerInput!) {
  createCustomer(input: $input) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<CreateCustomerMutation, CreateCustomerMutationVariables>;
export const UpdateCustomerDocument = new TypedDocumentString(`
    mutation UpdateCustomer($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<UpdateCustomerMutation, UpdateCustomerMutationVariables>;
export const ArchiveCustomerDocument = new TypedDocumentString(`
    mutation ArchiveCustomer($customerId: String!) {
  archiveCustomer(customerId: $customerId) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<ArchiveCustomerMutation, ArchiveCustomerMutationVariables>;
export const UnarchiveCustomerDocument = new TypedDocumentString(`
    mutation UnarchiveCustomer($customerId: String!) {
  unarchiveCustomer(customerId: $customerId) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<UnarchiveCustomerMutation, UnarchiveCustomerMutationVariables>;
export const DetachCustomerPaymentMethodDocument = new TypedDocumentString(`
    mutation DetachCustomerPaymentMethod($customerId: String!) {
  detachCustomerPaymentMethod(customerId: $customerId) {
    ...CustomerFields
  }
}
    fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment CustomerFields on Customer {
  customerId
  name
  email
  metadata
  billingId
  salesforceId
  awsMarketplaceCustomerId
  couponId
  billingInfo {
    billingAddress
    shippingAddress
    currency
    language
    timezone
    taxIds {
      type
      value
    }
    invoiceCustomFields
    metadata
  }
  defaultPaymentMethod {
    paymentMethodId
    type
    last4
    expirationMonth
    expirationYear
  }
  excludeFromExperiment
  createdAt
  updatedAt
  archivedAt
  subscriptions {
    ...SubscriptionFields
  }
}`) as unknown as TypedDocumentString<DetachCustomerPaymentMethodMutation, DetachCustomerPaymentMethodMutationVariables>;
export const ImportCustomersDocument = new TypedDocumentString(`
    mutation ImportCustomers($customers: [ImportCustomerInput!]!, $integrationId: String) {
  importCustomers(customers: $customers, integrationId: $integrationId) {
    ...ImportResultFields
  }
}
    fragment ImportResultFields on ImportResult {
  id
  outcome
  error {
    code
    message
    field
    isRetryable
  }
}`) as unknown as TypedDocumentString<ImportCustomersMutation, ImportCustomersMutationVariables>;
export const ApplySubscriptionDocument = new TypedDocumentString(`
    mutation ApplySubscription($input: ApplySubscriptionInput!) {
  applySubscription(input: $input) {
    status
    subscription {
      ...SubscriptionFields
    }
    checkoutUrl
    checkoutBillingId
    isScheduled
    snapshots {
      ...SnapshotFields
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}`) as unknown as TypedDocumentString<ApplySubscriptionMutation, ApplySubscriptionMutationVariables>;
export const UpdateSubscriptionDocument = new TypedDocumentString(`
    mutation UpdateSubscription($input: UpdateSubscriptionInput!) {
  updateSubscription(input: $input) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<UpdateSubscriptionMutation, UpdateSubscriptionMutationVariables>;
export const CancelSubscriptionDocument = new TypedDocumentString(`
    mutation CancelSubscription($input: CancelSubscriptionInput!) {
  cancelSubscription(input: $input) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<CancelSubscriptionMutation, CancelSubscriptionMutationVariables>;
export const CancelSubscriptionScheduledUpdatesDocument = new TypedDocumentString(`
    mutation CancelSubscriptionScheduledUpdates($subscriptionId: String!, $status: ScheduleStatus) {
  cancelSubscriptionScheduledUpdates(
    subscriptionId: $subscriptionId
    status: $status
  ) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<CancelSubscriptionScheduledUpdatesMutation, CancelSubscriptionScheduledUpdatesMutationVariables>;
export const MigrateSubscriptionToLatestDocument = new TypedDocumentString(`
    mutation MigrateSubscriptionToLatest($subscriptionId: String!, $subscriptionMigrationTime: SubscriptionMigrationTime) {
  migrateSubscriptionToLatest(
    subscriptionId: $subscriptionId
    subscriptionMigrationTime: $subscriptionMigrationTime
  ) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<MigrateSubscriptionToLatestMutation, MigrateSubscriptionToLatestMutationVariables>;
export const TransferSubscriptionDocument = new TypedDocumentString(`
    mutation TransferSubscription($customerId: String!, $sourceResourceId: String!, $destinationResourceId: String!) {
  transferSubscription(
    customerId: $customerId
    sourceResourceId: $sourceResourceId
    destinationResourceId: $destinationResourceId
  ) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<TransferSubscriptionMutation, TransferSubscriptionMutationVariables>;
export const TransferSubscriptionToResourceDocument = new TypedDocumentString(`
    mutation TransferSubscriptionToResource($subscriptionId: String!, $destinationResourceId: String!) {
  transferSubscriptionToResource(
    subscriptionId: $subscriptionId
    destinationResourceId: $destinationResourceId
  ) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<TransferSubscriptionToResourceMutation, TransferSubscriptionToResourceMutationVariables>;
export const DelegateSubscriptionToCustomerDocument = new TypedDocumentString(`
    mutation DelegateSubscriptionToCustomer($subscriptionId: String!, $destinationCustomerId: String!) {
  delegateSubscriptionToCustomer(
    subscriptionId: $subscriptionId
    destinationCustomerId: $destinationCustomerId
  ) {
    ...ChangedSubscriptionFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment SubscriptionFields on CustomerSubscription {
  subscriptionId
  customerId
  payingCustomerId
  resourceId
  productId
  planId
  planVersion
  pricingType
  status
  billingPeriod
  addons {
    addonId
    quantity
  }
  billableFeatures {
    featureId
    quantity
  }
  entitlements
  creditEntitlements
  startDate
  endDate
  effectiveEndDate
  trialEndDate
  trialEndBehavior
  cancellationDate
  cancelReason
  billingCycleAnchor
  currentBillingPeriodStart
  currentBillingPeriodEnd
  isBackdated
  budget {
    limit
    hasSoftLimit
  }
  minimumSpend
  paymentCollection
  paymentCollectionMethod
  unitQuantity
  charges
  priceOverrides
  appliedCoupon
  promotionCode
  billingInformation
  billingId
  salesforceId
  billingCountryCode
  metadata
  futureUpdates {
    id
    type
    scheduleStatus
    scheduledExecutionTime
    targetPackage
    change
  }
  latestInvoice {
    billingId
    status
    attemptCount
  }
  createdAt
}
fragment ChangedSubscriptionFields on ChangedSubscription {
  subscription {
    ...SubscriptionFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<DelegateSubscriptionToCustomerMutation, DelegateSubscriptionToCustomerMutationVariables>;
export const ImportSubscriptionsDocument = new TypedDocumentString(`
    mutation ImportSubscriptions($subscriptions: [ImportSubscriptionInput!]!, $integrationId: String) {
  importSubscriptions(
    subscriptions: $subscriptions
    integrationId: $integrationId
  ) {
    ...ImportResultFields
  }
}
    fragment ImportResultFields on ImportResult {
  id
  outcome
  error {
    code
    message
    field
    isRetryable
  }
}`) as unknown as TypedDocumentString<ImportSubscriptionsMutation, ImportSubscriptionsMutationVariables>;
export const GrantPromotionalEntitlementsDocument = new TypedDocumentString(`
    mutation GrantPromotionalEntitlements($customerId: String!, $promotionalEntitlements: [PromotionalEntitlementInput!]!) {
  grantPromotionalEntitlements(
    customerId: $customerId
    promotionalEntitlements: $promotionalEntitlements
  ) {
    ...PromotionalChangeFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<GrantPromotionalEntitlementsMutation, GrantPromotionalEntitlementsMutationVariables>;
export const RevokePromotionalEntitlementsDocument = new TypedDocumentString(`
    mutation RevokePromotionalEntitlements($customerId: String!, $featureId: String!) {
  revokePromotionalEntitlements(customerId: $customerId, featureId: $featureId) {
    ...PromotionalChangeFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<RevokePromotionalEntitlementsMutation, RevokePromotionalEntitlementsMutationVariables>;
export const GrantPromotionalEntitlementsGroupDocument = new TypedDocumentString(`
    mutation GrantPromotionalEntitlementsGroup($customerId: String!, $featureGroupId: String!, $promotionalEntitlements: [PromotionalEntitlementInput!]!) {
  grantPromotionalEntitlementsGroup(
    customerId: $customerId
    featureGroupId: $featureGroupId
    promotionalEntitlements: $promotionalEntitlements
  ) {
    ...PromotionalChangeFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<GrantPromotionalEntitlementsGroupMutation, GrantPromotionalEntitlementsGroupMutationVariables>;
export const RevokePromotionalEntitlementsGroupDocument = new TypedDocumentString(`
    mutation RevokePromotionalEntitlementsGroup($customerId: String!, $featureGroupId: String!) {
  revokePromotionalEntitlementsGroup(
    customerId: $customerId
    featureGroupId: $featureGroupId
  ) {
    ...PromotionalChangeFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<RevokePromotionalEntitlementsGroupMutation, RevokePromotionalEntitlementsGroupMutationVariables>;
export const UnlinkPromotionalEntitlementsGroupDocument = new TypedDocumentString(`
    mutation UnlinkPromotionalEntitlementsGroup($customerId: String!, $featureGroupId: String!) {
  unlinkPromotionalEntitlementsGroup(
    customerId: $customerId
    featureGroupId: $featureGroupId
  ) {
    ...PromotionalChangeFields
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment FeatureFields on FeatureDescription {
  featureId
  displayName
  featureType
  meterType
  featureStatus
  unit
  units
  unitTransformation {
    divide
    round
  }
  hasEventMeter
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}
fragment SnapshotFields on Snapshot {
  customerId
  resourceId
  grants {
    version {
      ...VersionFields
    }
    validUntil
    isCustomerKnown
    isCustomerArchived
    isResourceKnown
    hasActiveSubscription
    sold {
      subscriptions {
        planId
        addons {
          addonId
          quantity
        }
      }
      revokedFeatureIds
    }
    entitlements {
      feature {
        ...FeatureFields
      }
      isGranted
      usageLimit
      hasUnlimitedUsage
      hasSoftLimit
      enumValues
      reset {
        period
        accordingTo
        anchor
      }
      usageCountsFrom
      creditRate {
        currencyId
        amount
        costFormula
      }
      endsAt
      afterwards {
        isGranted
        usageLimit
        hasUnlimitedUsage
        hasSoftLimit
        enumValues
        reset {
          period
          accordingTo
          anchor
        }
        usageCountsFrom
        creditRate {
          currencyId
          amount
          costFormula
        }
        endsAt
      }
    }
  }
  usage {
    ...UsageCounterFields
  }
  wallets {
    ...WalletFields
  }
}
fragment PromotionalEntitlementFields on PromotionalEntitlement {
  id
  customerId
  featureId
  status
  period
  startDate
  endDate
  isGranted
  usageLimit
  hasUnlimitedUsage
  hasSoftLimit
  enumValues
  resetPeriod
  isVisible
  featureGroupIds
}
fragment PromotionalChangeFields on PromotionalChange {
  promotionalEntitlements {
    ...PromotionalEntitlementFields
  }
  snapshots {
    ...SnapshotFields
  }
}`) as unknown as TypedDocumentString<UnlinkPromotionalEntitlementsGroupMutation, UnlinkPromotionalEntitlementsGroupMutationVariables>;
export const SettleSandboxBillingDocument = new TypedDocumentString(`
    mutation SettleSandboxBilling($intentId: String!, $outcome: SandboxOutcome!) {
  settleSandboxBilling(intentId: $intentId, outcome: $outcome)
}
    `) as unknown as TypedDocumentString<SettleSandboxBillingMutation, SettleSandboxBillingMutationVariables>;
export const ChangesDocument = new TypedDocumentString(`
    subscription Changes($cursor: String) {
  changes(cursor: $cursor) {
    cursor
    now
    isClockFrozen
    epoch
    catalog
    isResync
    usage {
      customerId
      resourceId
      counter {
        ...UsageCounterFields
      }
    }
    wallets {
      customerId
      resourceId
      wallet {
        ...WalletFields
      }
    }
    grants {
      customerId
      resourceId
      version {
        ...VersionFields
      }
    }
  }
}
    fragment VersionFields on Version {
  epoch
  catalog
  revision
  validFrom
}
fragment UsageCounterFields on UsageCounter {
  featureId
  version {
    ...VersionFields
  }
  validUntil
  currentUsage
  held
  heldUntil
  usagePeriodStart
  usagePeriodEnd
}
fragment CreditCurrencyFields on CreditCurrency {
  currencyId
  displayName
  description
  symbol
  unit
  units
  metadata
}
fragment WalletFields on Wallet {
  currency {
    ...CreditCurrencyFields
  }
  version {
    ...VersionFields
  }
  validUntil
  endsAt
  hasSoftLimit
  balance
  totalGranted
  totalConsumed
  held
  heldUntil
  usagePeriodEnd
}`) as unknown as TypedDocumentString<ChangesSubscription, ChangesSubscriptionVariables>;