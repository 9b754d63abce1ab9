import type { CatalogPlan } from '@tollgate/contract';
import type { Published } from '../catalog/catalog.js';
import { trialEnd } from './billing-period.js';
import { readInstant } from './instant.js';
import { refusal } from './refusal.js';
import type { Subscription } from './subscription.js';

export interface TrialOverride {
  isTrial: boolean;
  trialEndDate?: string | null;
  trialEndBehavior?: Subscription['trialEndBehavior'];
}

export interface Trial {
  trialEndDate: number;
  trialEndBehavior: NonNullable<Subscription['trialEndBehavior']>;
  /** A spend that is to end the trial early. */
  budget: Subscription['budget'];
}

export interface TrialTerms {
  startDate: number;
  now: number;
  /** The end of the subscription is the end of its trial, be it earlier or later. */
  cancellationDate: number | null;
  /** Everything that the customer has or had. */
  subscriptions: readonly Subscription[];
}

/**
 * The trial that a new subscription begins with; null when it begins without one. Without a word from the caller it is the
 * plan's own, once per customer and product, and never for somebody who has paid. Rejects with the field that breaks a rule.
 */
export function trialOf(
  plan: Published<CatalogPlan>,
  override: TrialOverride | null,
  terms: TrialTerms,
  field: string,
): Trial | null {
  const usual = plan.content.defaultTrialConfig;
  if (override && !override.isTrial) return null;
  if (plan.content.pricingType === 'FREE') {
    if (override) throw refusal(`${field}.isTrial`, `must be false: ${plan.id} is free, and free plans have no trial`);
    return null;
  }
  if (!override && !(usual && isEligible(plan.content.productId, terms.subscriptions))) return null;
  const trialEndDate = endOf(plan, override, terms, field);
  // Of a start in the past the trial may be over already.
  if (trialEndDate <= terms.now) return null;
  return {
    trialEndDate,
    trialEndBehavior: override?.trialEndBehavior ?? usual?.trialEndBehavior ?? 'CANCEL_SUBSCRIPTION',
    budget: usual?.budget ? { limit: String(usual.budget.limit), hasSoftLimit: usual.budget.hasSoftLimit } : null,
  };
}

function endOf(
  plan: Published<CatalogPlan>,
  override: TrialOverride | null,
  { startDate, now, cancellationDate }: TrialTerms,
  field: string,
): number {
  const usual = plan.content.defaultTrialConfig;
  const given = readInstant(override?.trialEndDate, `${field}.trialEndDate`);
  if (given !== null && given <= now) throw refusal(`${field}.trialEndDate`, 'must lie in the future');
  if (given !== null && given <= startDate) throw refusal(`${field}.trialEndDate`, 'must be after startDate');
  if (cancellationDate !== null) return cancellationDate;
  if (given !== null) return given;
  if (!usual) throw refusal(`${field}.trialEndDate`, `is required: plan ${plan.id} has no trial of its own`);
  return trialEnd(startDate, usual.duration, usual.units);
}

function isEligible(productId: string, subscriptions: readonly Subscription[]): boolean {
  const begun = subscriptions.filter((other) => other.productId === productId && hasBegun(other));
  return !begun.some((other) => other.trialEndDate !== null || other.pricingType !== 'FREE');
}

/** What was taken back before its start, or never paid, was neither a trial nor a purchase. */
function hasBegun({ status, startDate, endDate, cancelReason }: Subscription): boolean {
  if (status === 'NOT_STARTED' || status === 'PAYMENT_PENDING' || cancelReason === 'PENDING_PAYMENT_EXPIRED')
    return false;
  return endDate === null || endDate >= startDate;
}
