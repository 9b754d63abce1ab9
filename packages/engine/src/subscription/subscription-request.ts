import {
  assertId,
  type BillingPeriod,
  type CatalogPlan,
  type CustomerSubscriptionInput,
  type ProvisionSubscriptionInput,
  TollgateError,
} from '@tollgate/contract';
import type { Catalog, Published } from '../catalog/catalog.js';
import { readMetadata } from '../customer/metadata.js';
import { readBudget } from './budget.js';
import { openCredits, readCustomCredits } from './custom-credits.js';
import { openValues, readCustomValues } from './custom-values.js';
import { readKeptFields } from './kept-fields.js';
import type { NewSubscription } from './new-subscription.js';
import { refusal } from './refusal.js';
import { readAddons } from './requested-addons.js';
import { readDates } from './requested-dates.js';
import { readBillableFeatures } from './requested-quantities.js';
import type { Subscription } from './subscription.js';
import { trialOf } from './trial.js';

/** A subscription that was asked for, checked against the catalog; its add-ons are in the order of their ids. */
export interface SubscriptionRequest extends Omit<NewSubscription, 'billingCycleAnchor'> {
  startDate: number;
  trialEndDate: number | null;
  /** Null when the engine is to make one. */
  subscriptionId: string | null;
  /** False where now, or the plan's own trial, stands in for what the caller left out. */
  isStartGiven: boolean;
  isTrialEndGiven: boolean;
  /** True when the caller wants no trial. */
  isTrialDeclined: boolean;
  /** When a change of what runs is to happen; null when the caller did not say. */
  scheduleStrategy: 'IMMEDIATE' | 'END_OF_BILLING_PERIOD' | 'END_OF_BILLING_MONTH' | null;
  billingCycleAnchor: 'UNCHANGED' | 'NOW';
}

/** Everything that the calls which start subscriptions may ask for. */
export type SubscriptionInput = CustomerSubscriptionInput &
  Partial<ProvisionSubscriptionInput> & { promotionCode?: string | null };

export interface RequestMoment {
  catalog: Catalog;
  now: number;
  /** Everything that the customer has or had: it decides whether a trial is due. */
  subscriptions: readonly Subscription[];
}

/** Rejects with the field that breaks a rule; `prefix` stands before its name (`subscriptionParams.`). */
export function readSubscriptionRequest(
  input: SubscriptionInput,
  { catalog, now, subscriptions }: RequestMoment,
  prefix = '',
): SubscriptionRequest {
  const at = (field: keyof SubscriptionInput) => `${prefix}${field}`;
  const plan = readPlan(catalog, input.planId, at('planId'));
  const { pricingType } = plan.content;
  const subscriptionId = input.subscriptionId ?? null;
  if (subscriptionId !== null) assertId(subscriptionId, at('subscriptionId'));
  const payingCustomerId = input.payingCustomerId ?? null;
  const { isStartGiven, ...dates } = readDates(input, pricingType, now, prefix);
  const scheduleStrategy = input.scheduleStrategy ?? null;
  if (isStartGiven && scheduleStrategy !== null && scheduleStrategy !== 'IMMEDIATE') {
    throw refusal(at('scheduleStrategy'), 'must be left out where startDate is given');
  }
  const override = input.trialOverrideConfiguration ?? null;
  const trial = trialOf(plan, override, { ...dates, now, subscriptions }, at('trialOverrideConfiguration'));
  return {
    plan,
    resourceId: readResourceId(catalog, plan, input.resourceId ?? null, at('resourceId')),
    billingPeriod: readBillingPeriod(plan, input.billingPeriod ?? null, at('billingPeriod')),
    addons: readAddons(catalog, plan, input.addons ?? [], at('addons')),
    billableFeatures: readBillableFeatures(catalog, input.billableFeatures ?? [], at('billableFeatures')),
    entitlements: readValues(catalog, plan, input, prefix),
    creditEntitlements: readCredits(catalog, plan, input, at('creditEntitlements')),
    ...dates,
    isStartGiven,
    trialEndDate: trial?.trialEndDate ?? null,
    trialEndBehavior: trial?.trialEndBehavior ?? null,
    isTrialEndGiven: (override?.trialEndDate ?? null) !== null,
    isTrialDeclined: override?.isTrial === false,
    budget: readBudget(input.budget, at('budget')) ?? trial?.budget ?? null,
    payingCustomerId,
    paymentCollectionMethod: input.paymentCollectionMethod ?? null,
    kept: withoutNulls(readKeptFields(input, prefix)),
    metadata: readMetadata(input.metadata, at('metadata')) ?? {},
    scheduleStrategy,
    billingCycleAnchor: readAnchor(input.billingCycleAnchor, at('billingCycleAnchor')),
    subscriptionId,
  };
}

/** What can be sold: a plan that is published and not archived. */
export function readPlan(catalog: Catalog, planId: unknown, field: string): Published<CatalogPlan> {
  assertId(planId, field);
  const plan = catalog.plans.get(planId);
  if (plan && !plan.isArchived) return plan;
  throw new TollgateError('PLAN_NOT_FOUND', `there is no plan ${planId}`, { field });
}

function readValues(
  catalog: Catalog,
  { id: planId }: Published<CatalogPlan>,
  input: SubscriptionInput,
  prefix: string,
): Subscription['entitlements'] {
  const plan = { planId, soldCatalog: catalog.number };
  const values = readCustomValues(catalog, plan, input, prefix) ?? {};
  assertFilledIn(values, openValues(catalog, plan), planId, `${prefix}entitlements`);
  return values;
}

function readCredits(
  catalog: Catalog,
  { id: planId }: Published<CatalogPlan>,
  { creditEntitlements }: SubscriptionInput,
  field: string,
): Subscription['creditEntitlements'] {
  const plan = { planId, soldCatalog: catalog.number };
  const credits = readCustomCredits(catalog, plan, creditEntitlements, field) ?? {};
  assertFilledIn(credits, openCredits(catalog, plan), planId, field);
  return credits;
}

/** Everything that the plan leaves open must be filled in. */
function assertFilledIn(values: object, open: ReadonlyMap<string, unknown>, planId: string, field: string): void {
  const missing = [...open.keys()].filter((id) => !Object.hasOwn(values, id));
  if (missing.length === 0) return;
  throw refusal(field, `must have a value for ${missing.join(', ')}, which plan ${planId} leaves open`);
}

export function readResourceId(
  catalog: Catalog,
  plan: Published<CatalogPlan>,
  resourceId: string | null,
  field: string,
): string | null {
  if (resourceId !== null) assertId(resourceId, field);
  const { productId } = plan.content;
  const needsResource = catalog.products.get(productId)?.content.multipleSubscriptions ?? false;
  if (needsResource && resourceId === null) {
    throw refusal(field, `is required: ${productId} has multiple subscriptions`);
  }
  if (!needsResource && resourceId !== null) {
    throw refusal(field, `must be left out: ${productId} has one subscription per customer`);
  }
  return resourceId;
}

/** A custom plan has a billing period where its seller agreed on one. */
export function readBillingPeriod(
  { id, content }: Published<CatalogPlan>,
  period: BillingPeriod | null,
  field: string,
): BillingPeriod | null {
  if (content.pricingType === 'FREE') {
    if (period !== null) throw refusal(field, `must be left out: ${id} is free`);
    return null;
  }
  const offered: readonly string[] = content.billingPeriods ?? ['MONTHLY', 'ANNUALLY'];
  if (period === null) {
    if (content.pricingType === 'CUSTOM') return null;
    throw refusal(field, `is required for a paid plan: one of ${offered.join(', ')}`);
  }
  if (!offered.includes(period)) throw refusal(field, `must be one of ${offered.join(', ')}, got ${String(period)}`);
  return period;
}

/** The first subscription of its kind has nothing to leave unchanged: both mean its start. */
function readAnchor(value: unknown, field: string): 'UNCHANGED' | 'NOW' {
  if (value === undefined || value === null) return 'UNCHANGED';
  if (value === 'UNCHANGED' || value === 'NOW') return value;
  throw refusal(field, 'must be UNCHANGED or NOW');
}

const withoutNulls = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
