import type { PricingType } from '@tollgate/contract';
import { readInstant } from './instant.js';
import { refusal } from './refusal.js';

export interface DateInputs {
  startDate?: unknown;
  cancellationDate?: unknown;
  billingInformation?: { isBackdated?: boolean | null } | null;
}

export interface RequestedDates {
  /** Now when none was given. */
  startDate: number;
  isStartGiven: boolean;
  cancellationDate: number | null;
  /** A start in the past: billed from the next period on. */
  isBackdated: boolean;
}

/** When a subscription is to start and end. Rejects with the field that breaks a rule. */
export function readDates(input: DateInputs, pricingType: PricingType, now: number, prefix = ''): RequestedDates {
  const given = readInstant(input.startDate, `${prefix}startDate`);
  const startDate = given ?? now;
  const isPast = startDate < now;
  // A free plan has no bill that a start in the past would have to explain.
  if (isPast && pricingType !== 'FREE' && !input.billingInformation?.isBackdated) {
    throw refusal(`${prefix}startDate`, 'lies in the past: that needs billingInformation.isBackdated');
  }
  const cancellationDate = readCancellationDate(input.cancellationDate, startDate, now, `${prefix}cancellationDate`);
  return { startDate, isStartGiven: given !== null, cancellationDate, isBackdated: isPast };
}

/** When a subscription is to end: in the future and after its start. Null when no date was given. */
export function readCancellationDate(value: unknown, startDate: number, now: number, field: string): number | null {
  const date = readInstant(value, field);
  if (date === null) return null;
  if (date <= now) throw refusal(field, 'must lie in the future');
  if (date <= startDate) throw refusal(field, 'must be after startDate');
  return date;
}
