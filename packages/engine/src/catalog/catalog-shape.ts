import {
  BillingPeriod,
  CreditCadence,
  EntitlementBehavior,
  EntitlementResetPeriod,
  FeatureType,
  MeterAggregation,
  MeterType,
  MonthlyAccordingTo,
  PricingType,
  parseAmount,
  UsageResetCutoffBehavior,
  WeeklyAccordingTo,
  YearlyAccordingTo,
} from '@tollgate/contract';
import { z } from 'zod';
import { readFormula } from './cost-formula.js';

/*
 * The fields of each kind of entry and their types, one entry at a time, so that one bad entry hides nothing about the
 * others. What fields mean for each other is in the rules.
 */

// Postgres stores neither NUL nor one half of a surrogate pair.
const anyText = z.string().refine((value) => !/\0|\p{Surrogate}/u.test(value), {
  message: 'must not hold NUL characters or halves of characters',
  abort: true,
});
const text = anyText.min(1, 'must not be empty');
const described = {
  displayName: text,
  description: anyText.optional(),
  metadata: z.record(anyText, anyText).optional(),
};
const wholeFromOne = z.int('must be a whole number').min(1, 'must be 1 or more');

/** What the rest of the project reads by name is read by the same function here, in its own words. */
const readable =
  <Value>(name: string, read: (value: Value, name: string) => unknown) =>
  (value: Value, context: z.core.$RefinementCtx) => {
    try {
      read(value, name);
    } catch (error) {
      const message = error instanceof Error ? error.message.slice(`${name} `.length) : 'is not right';
      context.addIssue({ code: 'custom', message });
    }
  };

const decimal = z.number().superRefine(readable('amount', parseAmount));
/** A number of at most 6 decimal places, from 0 on. */
const amount = decimal.min(0, 'must be 0 or more');
const amountAboveZero = decimal.gt(0, 'must be above 0');
const currencyCode = z.string().regex(/^[a-z]{3}$/, 'must be three lower-case letters, such as usd');

export const productShape = z.strictObject({
  ...described,
  multipleSubscriptions: z.boolean().optional(),
  usageResetCutoffRule: z.strictObject({ behavior: z.enum(UsageResetCutoffBehavior) }).optional(),
  productSettings: z
    .strictObject({
      subscriptionStartSetup: z.enum(['PLAN_SELECTION', 'TRIAL_PERIOD', 'FREE_PLAN']).optional(),
      subscriptionStartPlanId: text.optional(),
      subscriptionEndSetup: z.enum(['DOWNGRADE_TO_FREE', 'CANCEL_SUBSCRIPTION']).optional(),
      downgradePlanId: text.optional(),
      subscriptionCancellationTime: z.enum(['END_OF_BILLING_PERIOD', 'IMMEDIATE', 'SPECIFIC_DATE']).optional(),
      prorateAtEndOfBillingPeriod: z.boolean().optional(),
    })
    .optional(),
});

const scalar = z.union([anyText, z.number(), z.boolean()], 'must be a string, a number or a boolean');

const conditionShape = z.strictObject({
  field: text,
  operation: z.enum([
    'EQUALS',
    'NOT_EQUALS',
    'GREATER_THAN',
    'GREATER_THAN_OR_EQUAL',
    'LESS_THAN',
    'LESS_THAN_OR_EQUAL',
    'IS_NULL',
    'IS_NOT_NULL',
    'CONTAINS',
    'STARTS_WITH',
    'ENDS_WITH',
    'IN',
  ]),
  value: scalar.optional(),
  values: z.array(scalar).optional(),
});

export const featureShape = z.strictObject({
  ...described,
  featureType: z.enum(FeatureType),
  meterType: z.enum(MeterType).optional(),
  units: z.strictObject({ singular: text, plural: text }).optional(),
  unitTransformation: z.strictObject({ divide: wholeFromOne, round: z.enum(['UP', 'DOWN']) }).optional(),
  enumConfiguration: z
    .array(z.strictObject({ value: text, displayName: text }))
    .min(1, 'must list at least one value')
    .optional(),
  meter: z
    .strictObject({
      aggregation: z.enum(MeterAggregation),
      field: text.optional(),
      filters: z
        .array(z.strictObject({ conditions: z.array(conditionShape).min(1, 'must list at least one condition') }))
        .min(1, 'must list at least one filter'),
    })
    .optional(),
});

const creditRate = z.strictObject({
  currencyId: text,
  amount: amountAboveZero.optional(),
  costFormula: anyText.superRefine(readable('costFormula', readFormula)).optional(),
});

const entitlementFields = {
  isGranted: z.boolean().optional(),
  usageLimit: amount.optional(),
  hasUnlimitedUsage: z.boolean().optional(),
  hasSoftLimit: z.boolean().optional(),
  enumValues: z.array(text).min(1, 'must list at least one value').optional(),
  isCustom: z.boolean().optional(),
  resetPeriod: z.enum(EntitlementResetPeriod).optional(),
  yearlyResetPeriodConfiguration: z.strictObject({ accordingTo: z.enum(YearlyAccordingTo) }).optional(),
  monthlyResetPeriodConfiguration: z.strictObject({ accordingTo: z.enum(MonthlyAccordingTo) }).optional(),
  weeklyResetPeriodConfiguration: z.strictObject({ accordingTo: z.enum(WeeklyAccordingTo) }).optional(),
  creditRate: creditRate.optional(),
};

export const planEntitlementShape = z.strictObject(entitlementFields);
export const addonEntitlementShape = z.strictObject({
  ...entitlementFields,
  behavior: z.enum(EntitlementBehavior).optional(),
});

// The entitlements are looked at one by one, because each is either `true` or an object.
const entitlements = z.record(z.string(), z.unknown());

const creditEntitlement = z.strictObject({
  amount: amountAboveZero.optional(),
  cadence: z.enum(CreditCadence).optional(),
  hasSoftLimit: z.boolean().optional(),
  dependencyFeatureId: text.optional(),
  isCustom: z.boolean().optional(),
});

const prices = z
  .array(
    z.strictObject({
      billingPeriod: z.enum(BillingPeriod),
      currency: currencyCode,
      amount,
      billingCountryCode: z
        .string()
        .regex(/^[A-Z]{2}$/, 'must be two upper-case letters, such as DE')
        .optional(),
    }),
  )
  .optional();

export const planShape = z.strictObject({
  ...described,
  productId: text,
  pricingType: z.enum(PricingType),
  billingPeriods: z.array(z.enum(BillingPeriod)).min(1, 'must list at least one period').optional(),
  parentPlanId: text.optional(),
  compatibleAddonIds: z.array(text).optional(),
  hidden: z.boolean().optional(),
  draft: z.boolean().optional(),
  defaultTrialConfig: z
    .strictObject({
      // The end of a trial must be an instant that there is.
      duration: wholeFromOne.max(10_000, 'must be at most 10,000'),
      units: z.enum(['DAY', 'MONTH']),
      budget: z.strictObject({ limit: amount, hasSoftLimit: z.boolean() }).optional(),
      trialEndBehavior: z.enum(['CONVERT_TO_PAID', 'CANCEL_SUBSCRIPTION']).optional(),
    })
    .optional(),
  prices,
  entitlements,
  creditEntitlements: z.record(z.string(), creditEntitlement).optional(),
});

export const addonShape = z.strictObject({
  ...described,
  productId: text,
  pricingType: z.enum(PricingType),
  maxQuantity: wholeFromOne.optional(),
  dependencies: z.array(text).optional(),
  draft: z.boolean().optional(),
  prices,
  entitlements,
  creditEntitlements: z
    .record(z.string(), creditEntitlement.extend({ behavior: z.enum(EntitlementBehavior).optional() }))
    .optional(),
});

export const groupShape = z.strictObject({
  ...described,
  featureIds: z.array(text).min(1, 'must list at least one feature'),
});

export const currencyShape = z.strictObject({
  ...described,
  symbol: text.optional(),
  units: z.strictObject({ singular: text, plural: text }).optional(),
  unitPrice: z.strictObject({ amount: amountAboveZero, currency: currencyCode }).optional(),
});
