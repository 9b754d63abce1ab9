import type { UpdateSubscriptionInput } from '@tollgate/contract';
import { type Catalog, soldPlan } from '../catalog/catalog.js';
import { readMetadata } from '../customer/metadata.js';
import { readBudget } from './budget.js';
import { readCustomCredits } from './custom-credits.js';
import { readCustomValues } from './custom-values.js';
import { readInstant } from './instant.js';
import { readKeptFields } from './kept-fields.js';
import { refusal } from './refusal.js';
import { readAddons } from './requested-addons.js';
import { readCancellationDate } from './requested-dates.js';
import { readBillableFeatures } from './requested-quantities.js';
import type { Subscription, SubscriptionChange } from './subscription.js';
import { readBillingPeriod } from './subscription-request.js';

export type ScheduleStrategy = NonNullable<UpdateSubscriptionInput['scheduleStrategy']>;

/** An update that was asked for, checked against the catalog. */
export interface SubscriptionUpdate {
  /** What may wait for a later instant. */
  change: SubscriptionChange;
  /** What holds at once, whatever the strategy says; null clears, absent keeps. */
  direct: {
    budget?: Subscription['budget'];
    cancellationDate?: number | null;
    trialEndDate?: number;
    kept?: Record<string, unknown>;
  };
  /** Null when the caller did not say when. */
  strategy: ScheduleStrategy | null;
}

export interface UpdateMoment {
  catalog: Catalog;
  now: number;
}

const strategies: readonly unknown[] = ['IMMEDIATE', 'END_OF_BILLING_PERIOD', 'END_OF_BILLING_MONTH'];
// The subscription's id in another system is no part of what is sold, so it never waits.
const neverScheduled: readonly string[] = ['salesforceId'];

/** Rejects with the field that breaks a rule. */
export function readUpdate(
  subscription: Subscription,
  input: UpdateSubscriptionInput,
  moment: UpdateMoment,
): SubscriptionUpdate {
  const strategy = input.scheduleStrategy ?? null;
  if (strategy !== null && !strategies.includes(strategy)) {
    throw refusal('scheduleStrategy', `must be one of ${strategies.join(', ')}`);
  }
  const kept = Object.entries(readKeptFields(input));
  const atOnce = kept.filter(([field]) => neverScheduled.includes(field));
  const later = kept.filter(([field]) => !neverScheduled.includes(field));
  return {
    change: readChange(subscription, input, Object.fromEntries(later), moment),
    direct: {
      ...(input.budget !== undefined && { budget: readBudget(input.budget, 'budget') }),
      ...readEnds(subscription, input, moment),
      ...(atOnce.length > 0 && { kept: Object.fromEntries(atOnce) }),
    },
    strategy,
  };
}

function readChange(
  subscription: Subscription,
  input: UpdateSubscriptionInput,
  kept: Record<string, unknown>,
  { catalog }: UpdateMoment,
): SubscriptionChange {
  const { planId, soldCatalog } = subscription;
  const plan = soldPlan(catalog, planId, soldCatalog);
  if (!plan) throw refusal('subscriptionId', `names a subscription to ${planId}, which is not in the catalog`);
  const held = new Set(subscription.addons.map(({ addonId }) => addonId));
  const entitlements = readCustomValues(catalog, subscription, input);
  const credits = readCustomCredits(catalog, subscription, input.creditEntitlements, 'creditEntitlements');
  const metadata = readMetadata(input.metadata, 'metadata');
  const anchor = readAnchor(input.billingCycleAnchor);
  return {
    ...(input.addons && { addons: readAddons(catalog, plan, input.addons, 'addons', held) }),
    ...readQuantities(subscription, input, kept, catalog),
    ...(input.billingPeriod && { billingPeriod: readBillingPeriod(plan, input.billingPeriod, 'billingPeriod') }),
    ...(anchor && { billingCycleAnchor: anchor }),
    ...(entitlements && { entitlements }),
    ...(credits && { creditEntitlements: credits }),
    ...(metadata && { metadata }),
  };
}

function readAnchor(value: unknown): SubscriptionChange['billingCycleAnchor'] {
  if (value === undefined || value === null) return undefined;
  if (value === 'NOW' || value === 'UNCHANGED') return value;
  throw refusal('billingCycleAnchor', 'must be UNCHANGED or NOW');
}

/**
 * Quantities of billable features, and what else is kept. `unitQuantity` is the quantity of the one billable feature that
 * the subscription has; where it has none or several, it is kept as it came.
 */
function readQuantities(
  { billableFeatures: held }: Subscription,
  { billableFeatures: asked }: UpdateSubscriptionInput,
  { unitQuantity, ...rest }: Record<string, unknown>,
  catalog: Catalog,
): Pick<SubscriptionChange, 'billableFeatures' | 'kept'> {
  const [only, ...others] = held;
  const isOfFeature = typeof unitQuantity === 'string' && only !== undefined && others.length === 0;
  const kept = unitQuantity === undefined || isOfFeature ? rest : { ...rest, unitQuantity };
  return {
    ...(asked && { billableFeatures: readBillableFeatures(catalog, asked, 'billableFeatures') }),
    ...(isOfFeature && { billableFeatures: [{ featureId: only.featureId, quantity: unitQuantity }] }),
    ...(Object.keys(kept).length > 0 && { kept }),
  };
}

/** The dates at which the subscription or its trial is to end. */
function readEnds(
  { status, startDate }: Subscription,
  input: UpdateSubscriptionInput,
  { now }: UpdateMoment,
): Pick<SubscriptionUpdate['direct'], 'cancellationDate' | 'trialEndDate'> {
  const isGiven = input.cancellationDate !== undefined;
  const cancellationDate = readCancellationDate(input.cancellationDate, startDate, now, 'cancellationDate');
  const trialEndDate = readInstant(input.trialEndDate, 'trialEndDate');
  if (trialEndDate === null) return isGiven ? { cancellationDate } : {};
  if (status !== 'IN_TRIAL')
    throw refusal('trialEndDate', `needs a trial that runs, and the subscription is ${status}`);
  if (trialEndDate <= now) throw refusal('trialEndDate', 'must lie in the future');
  if (cancellationDate !== null && cancellationDate !== trialEndDate) {
    throw refusal(
      'trialEndDate',
      'must be the cancellationDate where both are given: a trial ends when it is cancelled',
    );
  }
  return { trialEndDate, ...(isGiven && { cancellationDate }) };
}
