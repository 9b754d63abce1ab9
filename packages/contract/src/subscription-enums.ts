/* The enums of the reference SDK about subscriptions over time and promotions, under its names. */
import { enumOf } from './enums.js';

export const SubscriptionCancellationTime = enumOf({
  Immediate: 'IMMEDIATE',
  EndOfBillingPeriod: 'END_OF_BILLING_PERIOD',
  SpecificDate: 'SPECIFIC_DATE',
});
export type SubscriptionCancellationTime =
  (typeof SubscriptionCancellationTime)[keyof typeof SubscriptionCancellationTime];

export const SubscriptionCancellationAction = enumOf({ Default: 'DEFAULT', RevokeEntitlements: 'REVOKE_ENTITLEMENTS' });
export type SubscriptionCancellationAction =
  (typeof SubscriptionCancellationAction)[keyof typeof SubscriptionCancellationAction];

export const SubscriptionMigrationTime = enumOf({
  Immediate: 'IMMEDIATE',
  EndOfBillingPeriod: 'END_OF_BILLING_PERIOD',
});
export type SubscriptionMigrationTime = (typeof SubscriptionMigrationTime)[keyof typeof SubscriptionMigrationTime];

export const ScheduleStrategy = enumOf({
  Immediate: 'IMMEDIATE',
  EndOfBillingPeriod: 'END_OF_BILLING_PERIOD',
  EndOfBillingMonth: 'END_OF_BILLING_MONTH',
});
export type ScheduleStrategy = (typeof ScheduleStrategy)[keyof typeof ScheduleStrategy];

export const SubscriptionScheduleStatus = enumOf({
  PendingPayment: 'PENDING_PAYMENT',
  Scheduled: 'SCHEDULED',
  Canceled: 'CANCELED',
  Done: 'DONE',
  Failed: 'FAILED',
});
export type SubscriptionScheduleStatus = (typeof SubscriptionScheduleStatus)[keyof typeof SubscriptionScheduleStatus];

export const SubscriptionScheduleType = enumOf({
  Downgrade: 'DOWNGRADE',
  Plan: 'PLAN',
  BillingPeriod: 'BILLING_PERIOD',
  UnitAmount: 'UNIT_AMOUNT',
  RecurringCredits: 'RECURRING_CREDITS',
  PriceOverride: 'PRICE_OVERRIDE',
  Addon: 'ADDON',
  Coupon: 'COUPON',
  MigrateToLatest: 'MIGRATE_TO_LATEST',
  AdditionalMetaData: 'ADDITIONAL_META_DATA',
  BillingInfoMetadata: 'BILLING_INFO_METADATA',
});
export type SubscriptionScheduleType = (typeof SubscriptionScheduleType)[keyof typeof SubscriptionScheduleType];

export const BillingCycleAnchor = enumOf({ Unchanged: 'UNCHANGED', Now: 'NOW' });
export type BillingCycleAnchor = (typeof BillingCycleAnchor)[keyof typeof BillingCycleAnchor];

export const PaymentCollection = enumOf({
  NotRequired: 'NOT_REQUIRED',
  Processing: 'PROCESSING',
  Failed: 'FAILED',
  ActionRequired: 'ACTION_REQUIRED',
});
export type PaymentCollection = (typeof PaymentCollection)[keyof typeof PaymentCollection];

export const PaymentCollectionMethod = enumOf({ Charge: 'CHARGE', Invoice: 'INVOICE', None: 'NONE' });
export type PaymentCollectionMethod = (typeof PaymentCollectionMethod)[keyof typeof PaymentCollectionMethod];

export const PaymentMethodType = enumOf({ Card: 'CARD', Bank: 'BANK', CashApp: 'CASH_APP' });
export type PaymentMethodType = (typeof PaymentMethodType)[keyof typeof PaymentMethodType];

export const TrialEndBehavior = enumOf({ ConvertToPaid: 'CONVERT_TO_PAID', CancelSubscription: 'CANCEL_SUBSCRIPTION' });
export type TrialEndBehavior = (typeof TrialEndBehavior)[keyof typeof TrialEndBehavior];

export const ProrationBehavior = enumOf({
  CreateProrations: 'CREATE_PRORATIONS',
  InvoiceImmediately: 'INVOICE_IMMEDIATELY',
  None: 'NONE',
});
export type ProrationBehavior = (typeof ProrationBehavior)[keyof typeof ProrationBehavior];

export const PromotionalEntitlementPeriod = enumOf({
  OneWeek: '1 week',
  OneMonth: '1 month',
  SixMonth: '6 month',
  OneYear: '1 year',
  Lifetime: 'lifetime',
  Custom: 'custom',
});
export type PromotionalEntitlementPeriod =
  (typeof PromotionalEntitlementPeriod)[keyof typeof PromotionalEntitlementPeriod];

export const PromotionalEntitlementStatus = enumOf({ Active: 'Active', Expired: 'Expired', Paused: 'Paused' });
export type PromotionalEntitlementStatus =
  (typeof PromotionalEntitlementStatus)[keyof typeof PromotionalEntitlementStatus];
