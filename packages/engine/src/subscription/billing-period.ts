import {
  addMonths,
  type BillingPeriod,
  type SubscriptionStatus,
  type UsagePeriod,
  usagePeriodAt,
} from '@tollgate/contract';

/** What of a subscription its billing periods follow from. */
interface Cycle {
  billingPeriod: BillingPeriod | null;
  billingCycleAnchor: number;
  status: SubscriptionStatus;
}

/** The billing period that `at` lies in, counted from the anchor; null where nothing is billed in periods. */
export function billingPeriodAt({ billingPeriod, billingCycleAnchor, status }: Cycle, at: number): UsagePeriod | null {
  if (billingPeriod === null || status === 'NOT_STARTED') return null;
  const period = billingPeriod === 'MONTHLY' ? 'MONTH' : 'YEAR';
  return usagePeriodAt({ period, accordingTo: 'SubscriptionStart', anchor: billingCycleAnchor }, at);
}

/**
 * When a change waits for the end of a billing period, or of a billing month: monthly billing has months for periods,
 * annual billing its next monthly recurrence of the anchor's day. Null where nothing is billed in periods.
 */
export function endOfBilling(cycle: Cycle, span: 'period' | 'month', at: number): number | null {
  const period = billingPeriodAt(cycle, at);
  if (!period) return null;
  if (span === 'period') return period.end;
  return usagePeriodAt({ period: 'MONTH', accordingTo: 'SubscriptionStart', anchor: cycle.billingCycleAnchor }, at).end;
}

/** A trial's end: days are 24 hours, months keep the day of the month where there is one. */
export function trialEnd(start: number, duration: number, units: 'DAY' | 'MONTH'): number {
  return units === 'DAY' ? start + duration * 86_400_000 : addMonths(start, duration);
}
