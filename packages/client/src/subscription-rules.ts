import {
  type ApplySubscriptionInput,
  BillingCycleAnchor,
  BillingPeriod,
  CreditCadence,
  type CustomerSubscriptionInput,
  EntitlementResetPeriod,
  MonthlyAccordingTo,
  PaymentCollectionMethod,
  ProrationBehavior,
  type ProvisionSubscriptionInput,
  ScheduleStrategy,
  type SubscriptionCreditEntitlementInput,
  type SubscriptionEntitlementInput,
  TrialEndBehavior,
  WeeklyAccordingTo,
  YearlyAccordingTo,
} from '@tollgate/contract';
import {
  amount,
  amountAboveZero,
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
const featureEntitlement: Rule<SubscriptionEntitlementInput> = (value, field) =>
  has(value, 'feature') ? wrappedEntitlement(value, field).feature : bareEntitlement(value, field);
export const featureEntitlements = optional(arrayOf(featureEntitlement));

const wrappedCredit = objectOf({
  credit: objectOf({
    customCurrencyId: id,
    amount: amountAboveZero,
    cadence: choice(CreditCadence),
    hasSoftLimit: optional(flag),
  }),
});
const has = (value: unknown, name: string): boolean => typeof value === 'object' && value !== null && name in value;

/** The value of a feature or of a currency. A caller lists them together; they travel apart. */
export type EntitlementItem =
  | { feature: SubscriptionEntitlementInput }
  | { credit: SubscriptionCreditEntitlementInput };
const entitlement: Rule<EntitlementItem> = (value, field) => {
  if (!has(value, 'credit')) return { feature: featureEntitlement(value, field) };
  const { customCurrencyId: currencyId, ...credit } = wrappedCredit(value, field).credit;
  return { credit: { currencyId, ...credit } };
};
export const entitlements = optional(arrayOf(entitlement));

/** An input as it is asked for, before what travels apart is taken apart. */
export type Asked<Input> = Omit<Input, 'entitlements' | 'creditEntitlements'> & {
  entitlements?: EntitlementItem[] | null | undefined;
};

export function withCreditsApart<Input>({ entitlements: items, ...rest }: Asked<Input>) {
  const features = items?.flatMap((item) => ('feature' in item ? [item.feature] : []));
  const credits = items?.flatMap((item) => ('credit' in item ? [item.credit] : []));
  return {
    ...rest,
    ...(features?.length && { entitlements: features }),
    ...(credits?.length && { creditEntitlements: credits }),
  };
}

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
export const orderRules: Rules<Asked<Omit<ApplySubscriptionInput, 'skipTrial' | 'promotionCode' | 'paymentMethodId'>>> =
  {
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
