import {
  type ApplySubscriptionInput,
  BillingCycleAnchor,
  BillingPeriod,
  type CustomerSubscriptionInput,
  EntitlementResetPeriod,
  MonthlyAccordingTo,
  PaymentCollectionMethod,
  ProrationBehavior,
  type ProvisionSubscriptionInput,
  ScheduleStrategy,
  type SubscriptionEntitlementInput,
  TrialEndBehavior,
  WeeklyAccordingTo,
  YearlyAccordingTo,
} from '@tollgate/contract';
import {
  amount,
  anything,
  arrayOf,
  choice,
  customerId,
  date,
  flag,
  id,
  objectOf,
  optional,
  type Rule,
  type Rules,
  record,
  text,
  wholeNumber,
} from './field-rules.js';

type BillingInformation = NonNullable<ProvisionSubscriptionInput['billingInformation']>;
type Checkout = NonNullable<ProvisionSubscriptionInput['checkoutOptions']>;

const accordingTo = (values: Readonly<Record<string, string>>) => objectOf({ accordingTo: choice(values) });

/** The value of one entitlement; promotions have the same fields and a few more. */
export const entitlementValueRules: Rules<SubscriptionEntitlementInput> = {
  featureId: id,
  isGranted: optional(flag),
  usageLimit: optional(amount()),
  hasUnlimitedUsage: optional(flag),
  hasSoftLimit: optional(flag),
  enumValues: optional(arrayOf(text)),
  resetPeriod: optional(choice(EntitlementResetPeriod)),
  yearlyResetPeriodConfiguration: optional(accordingTo(YearlyAccordingTo)),
  monthlyResetPeriodConfiguration: optional(accordingTo(MonthlyAccordingTo)),
  weeklyResetPeriodConfiguration: optional(accordingTo(WeeklyAccordingTo)),
};

const bareEntitlement = objectOf(entitlementValueRules);
const wrappedEntitlement = objectOf({ feature: bareEntitlement });
/** The reference writes `{ feature: {…} }`, and the bare form under the older name of the field: both do in both. */
const entitlement: Rule<SubscriptionEntitlementInput> = (value, field) => {
  const isWrapped = typeof value === 'object' && value !== null && 'feature' in value;
  return isWrapped ? wrappedEntitlement(value, field).feature : bareEntitlement(value, field);
};
export const entitlements = optional(arrayOf(entitlement));

const addonQuantity: Rule<number> = (value, field) => wholeNumber(0)(value ?? 1, field);
export const addons = optional(arrayOf(objectOf({ addonId: id, quantity: addonQuantity })));
export const billableFeatures = optional(arrayOf(objectOf({ featureId: id, quantity: amount() })));
export const budget = optional(objectOf({ limit: amount(), hasSoftLimit: flag }));

const trialOverride = optional(
  objectOf({ isTrial: flag, trialEndDate: optional(date), trialEndBehavior: optional(choice(TrialEndBehavior)) }),
);

const billingInformationRules: Rules<BillingInformation> = {
  isBackdated: optional(flag),
  prorationBehavior: optional(choice(ProrationBehavior)),
  taxIds: optional(arrayOf(objectOf({ type: text, value: text }))),
  taxPercentage: optional(amount(100)),
  taxRateIds: optional(arrayOf(text)),
  invoiceDaysUntilDue: optional(wholeNumber(0)),
  isInvoicePaid: optional(flag),
  integrationId: optional(text),
  billingAddress: optional(record),
  chargeOnBehalfOfAccount: optional(text),
  metadata: optional(record),
};
export const billingInformation: Rule<ProvisionSubscriptionInput['billingInformation']> = optional(
  objectOf(billingInformationRules),
);

const checkoutRules: Rules<Checkout> = {
  successUrl: text,
  cancelUrl: text,
  allowPromoCodes: optional(flag),
  allowTaxIdCollection: optional(flag),
  collectBillingAddress: optional(flag),
  collectPhoneNumber: optional(flag),
  referenceId: optional(text),
};
export const checkoutOptions: Rule<ProvisionSubscriptionInput['checkoutOptions']> = optional(objectOf(checkoutRules));

export const termRules = {
  planId: id,
  resourceId: optional(id),
  billingPeriod: optional(choice(BillingPeriod)),
  addons,
  billableFeatures,
  metadata: optional(record),
};

const pricedTermRules = {
  ...termRules,
  unitQuantity: optional(amount()),
  trialOverrideConfiguration: trialOverride,
  billingCountryCode: optional(text),
  priceOverrides: anything,
};

/** The subscription that starts together with a customer. */
export const customerSubscriptionRules: Rules<CustomerSubscriptionInput> = {
  ...pricedTermRules,
  subscriptionId: optional(id),
};

/** What provisioning and applying have in common. */
export const orderRules: Rules<Omit<ApplySubscriptionInput, 'skipTrial' | 'promotionCode' | 'paymentMethodId'>> = {
  ...pricedTermRules,
  customerId,
  charges: anything,
  startDate: optional(date),
  billingCycleAnchor: optional(choice(BillingCycleAnchor)),
  scheduleStrategy: optional(choice(ScheduleStrategy)),
  entitlements,
  appliedCoupon: anything,
  payingCustomerId: optional(customerId),
  billingId: optional(text),
  billingInformation,
  paymentCollectionMethod: optional(choice(PaymentCollectionMethod)),
};
