/*
 * The enums of the reference SDK, under its names: frozen objects plus types, so that `FeatureType.Boolean`-style and
 * plain string use both compile. The values travel on the wire as they stand here.
 */

export function enumOf<const T extends Record<string, string>>(values: T): Readonly<T> {
  return Object.freeze(values);
}

export const AccessDeniedReason = enumOf({
  FeatureNotFound: 'FeatureNotFound',
  CustomerNotFound: 'CustomerNotFound',
  CustomerIsArchived: 'CustomerIsArchived',
  CustomerResourceNotFound: 'CustomerResourceNotFound',
  NoActiveSubscription: 'NoActiveSubscription',
  NoFeatureEntitlementInSubscription: 'NoFeatureEntitlementInSubscription',
  RequestedUsageExceedingLimit: 'RequestedUsageExceedingLimit',
  RequestedValuesMismatch: 'RequestedValuesMismatch',
  BudgetExceeded: 'BudgetExceeded',
  FeatureTypeMismatch: 'FeatureTypeMismatch',
  Revoked: 'Revoked',
  InsufficientCredits: 'InsufficientCredits',
  EntitlementNotFound: 'EntitlementNotFound',
  Unknown: 'Unknown',
});
export type AccessDeniedReason = (typeof AccessDeniedReason)[keyof typeof AccessDeniedReason];

export const FeatureType = enumOf({ Boolean: 'BOOLEAN', Number: 'NUMBER', Enum: 'ENUM' });
export type FeatureType = (typeof FeatureType)[keyof typeof FeatureType];

export const MeterType = enumOf({ None: 'None', Fluctuating: 'FLUCTUATING', Incremental: 'INCREMENTAL' });
export type MeterType = (typeof MeterType)[keyof typeof MeterType];

export const FeatureStatus = enumOf({ New: 'NEW', Active: 'ACTIVE', Suspended: 'SUSPENDED' });
export type FeatureStatus = (typeof FeatureStatus)[keyof typeof FeatureStatus];

export const EntitlementType = enumOf({
  Boolean: 'BOOLEAN',
  Numeric: 'NUMERIC',
  Metered: 'METERED',
  Enum: 'ENUM',
  Credit: 'CREDIT',
});
export type EntitlementType = (typeof EntitlementType)[keyof typeof EntitlementType];

export const EntitlementResetPeriod = enumOf({
  Year: 'YEAR',
  Month: 'MONTH',
  Week: 'WEEK',
  Day: 'DAY',
  Hour: 'HOUR',
});
export type EntitlementResetPeriod = (typeof EntitlementResetPeriod)[keyof typeof EntitlementResetPeriod];

export const YearlyAccordingTo = enumOf({ SubscriptionStart: 'SubscriptionStart' });
export type YearlyAccordingTo = (typeof YearlyAccordingTo)[keyof typeof YearlyAccordingTo];

export const MonthlyAccordingTo = enumOf({
  SubscriptionStart: 'SubscriptionStart',
  StartOfTheMonth: 'StartOfTheMonth',
});
export type MonthlyAccordingTo = (typeof MonthlyAccordingTo)[keyof typeof MonthlyAccordingTo];

export const WeeklyAccordingTo = enumOf({
  SubscriptionStart: 'SubscriptionStart',
  EverySunday: 'EverySunday',
  EveryMonday: 'EveryMonday',
  EveryTuesday: 'EveryTuesday',
  EveryWednesday: 'EveryWednesday',
  EveryThursday: 'EveryThursday',
  EveryFriday: 'EveryFriday',
  EverySaturday: 'EverySaturday',
});
export type WeeklyAccordingTo = (typeof WeeklyAccordingTo)[keyof typeof WeeklyAccordingTo];

export const UsageUpdateBehavior = enumOf({ Delta: 'DELTA', Set: 'SET' });
export type UsageUpdateBehavior = (typeof UsageUpdateBehavior)[keyof typeof UsageUpdateBehavior];

export const BillingPeriod = enumOf({ Monthly: 'MONTHLY', Annually: 'ANNUALLY' });
export type BillingPeriod = (typeof BillingPeriod)[keyof typeof BillingPeriod];

export const PricingType = enumOf({ Free: 'FREE', Paid: 'PAID', Custom: 'CUSTOM' });
export type PricingType = (typeof PricingType)[keyof typeof PricingType];

export const SubscriptionStatus = enumOf({
  NotStarted: 'NOT_STARTED',
  PaymentPending: 'PAYMENT_PENDING',
  InTrial: 'IN_TRIAL',
  Active: 'ACTIVE',
  Canceled: 'CANCELED',
  Expired: 'EXPIRED',
});
export type SubscriptionStatus = (typeof SubscriptionStatus)[keyof typeof SubscriptionStatus];

export const SubscriptionCancelReason = enumOf({
  UpgradeOrDowngrade: 'UPGRADE_OR_DOWNGRADE',
  CancelledByBilling: 'CANCELLED_BY_BILLING',
  Expired: 'EXPIRED',
  DetachBilling: 'DETACH_BILLING',
  TrialEnded: 'TRIAL_ENDED',
  Immediate: 'Immediate',
  TrialConverted: 'TRIAL_CONVERTED',
  PendingPaymentExpired: 'PENDING_PAYMENT_EXPIRED',
  ScheduledCancellation: 'ScheduledCancellation',
  CustomerArchived: 'CustomerArchived',
  AutoCancellationRule: 'AutoCancellationRule',
});
export type SubscriptionCancelReason = (typeof SubscriptionCancelReason)[keyof typeof SubscriptionCancelReason];

export const ProvisionSubscriptionStatus = enumOf({ Success: 'SUCCESS', PaymentRequired: 'PAYMENT_REQUIRED' });
export type ProvisionSubscriptionStatus =
  (typeof ProvisionSubscriptionStatus)[keyof typeof ProvisionSubscriptionStatus];

export const EntitlementBehavior = enumOf({ Increment: 'Increment', Override: 'Override' });
export type EntitlementBehavior = (typeof EntitlementBehavior)[keyof typeof EntitlementBehavior];

export const MeterAggregation = enumOf({
  Sum: 'SUM',
  Max: 'MAX',
  Min: 'MIN',
  Avg: 'AVG',
  Count: 'COUNT',
  Unique: 'UNIQUE',
});
export type MeterAggregation = (typeof MeterAggregation)[keyof typeof MeterAggregation];

export const UsageResetCutoffBehavior = enumOf({
  AlwaysReset: 'ALWAYS_RESET',
  NeverReset: 'NEVER_RESET',
  BillingPeriodChange: 'BILLING_PERIOD_CHANGE',
});
export type UsageResetCutoffBehavior = (typeof UsageResetCutoffBehavior)[keyof typeof UsageResetCutoffBehavior];

export const CreditGrantType = enumOf({
  Paid: 'PAID',
  Promotional: 'PROMOTIONAL',
  Recurring: 'RECURRING',
  Overdraft: 'OVERDRAFT',
});
export type CreditGrantType = (typeof CreditGrantType)[keyof typeof CreditGrantType];

export const CreditGrantStatus = enumOf({
  PaymentPending: 'PAYMENT_PENDING',
  Scheduled: 'SCHEDULED',
  Active: 'ACTIVE',
  Expired: 'EXPIRED',
  Voided: 'VOIDED',
});
export type CreditGrantStatus = (typeof CreditGrantStatus)[keyof typeof CreditGrantStatus];

export const CreditGrantSourceType = enumOf({
  Price: 'PRICE',
  PlanEntitlement: 'PLAN_ENTITLEMENT',
  AddonEntitlement: 'ADDON_ENTITLEMENT',
});
export type CreditGrantSourceType = (typeof CreditGrantSourceType)[keyof typeof CreditGrantSourceType];

export const CreditLedgerEventType = enumOf({
  CreditsGranted: 'CREDITS_GRANTED',
  CreditsExpired: 'CREDITS_EXPIRED',
  CreditsConsumed: 'CREDITS_CONSUMED',
  CreditsVoided: 'CREDITS_VOIDED',
  CreditsUpdated: 'CREDITS_UPDATED',
  CreditsConsumptionTransferSource: 'CREDITS_CONSUMPTION_TRANSFER_SOURCE',
  CreditsConsumptionTransferTarget: 'CREDITS_CONSUMPTION_TRANSFER_TARGET',
});
export type CreditLedgerEventType = (typeof CreditLedgerEventType)[keyof typeof CreditLedgerEventType];

export const CreditUsageTimeRange = enumOf({
  LastDay: 'LAST_DAY',
  LastWeek: 'LAST_WEEK',
  LastMonth: 'LAST_MONTH',
  LastYear: 'LAST_YEAR',
});
export type CreditUsageTimeRange = (typeof CreditUsageTimeRange)[keyof typeof CreditUsageTimeRange];

export const RechargeThresholdType = enumOf({ CreditAmount: 'CREDIT_AMOUNT', DollarAmount: 'DOLLAR_AMOUNT' });
export type RechargeThresholdType = (typeof RechargeThresholdType)[keyof typeof RechargeThresholdType];

/** GraphQL has no names that begin with a digit: on the wire they are ONE_MONTH and ONE_YEAR. */
export const GrantExpirationPeriod = enumOf({ OneMonth: '1_MONTH', OneYear: '1_YEAR' });
export type GrantExpirationPeriod = (typeof GrantExpirationPeriod)[keyof typeof GrantExpirationPeriod];

export const CreditCadence = enumOf({ Month: 'MONTH', Year: 'YEAR' });
export type CreditCadence = (typeof CreditCadence)[keyof typeof CreditCadence];
