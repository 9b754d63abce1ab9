import type { EntitlementResetPeriod } from './enums.js';

/** How often a metered entitlement starts again from zero, and from where its periods are counted. */
export interface ResetRule {
  period: EntitlementResetPeriod;
  /** `SubscriptionStart`, `StartOfTheMonth` or `EverySunday` … `EverySaturday`; days and hours follow the UTC calendar. */
  accordingTo: string | null;
  /** The instant that `SubscriptionStart` periods are counted from, epoch milliseconds. */
  anchor: number;
}

/** One usage period, `[start, end)` in epoch milliseconds. */
export interface UsagePeriod {
  start: number;
  end: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * The usage period that contains `at`. Calendar arithmetic is in UTC; an anchor on day 29–31 is clamped to the last day
 * of a shorter month and returns to its own day in the next long one (Jan 31 → Feb 28 → Mar 31).
 */
export function usagePeriodAt(rule: ResetRule, at: number): UsagePeriod {
  switch (rule.period) {
    case 'HOUR':
      return fixedPeriod(0, hourMs, at);
    case 'DAY':
      return fixedPeriod(0, dayMs, at);
    case 'WEEK': {
      const weekday = weekdays.indexOf((rule.accordingTo ?? '').replace(/^Every/, ''));
      // 1970-01-01 was a Thursday (day 4), so the first given weekday on or after it starts the count.
      return fixedPeriod(weekday < 0 ? rule.anchor : ((weekday + 7 - 4) % 7) * dayMs, weekMs, at);
    }
    case 'MONTH':
      return monthlyPeriod(rule.accordingTo === 'StartOfTheMonth' ? 0 : rule.anchor, 1, at);
    case 'YEAR':
      return monthlyPeriod(rule.anchor, 12, at);
  }
}

/** `anchor` plus `months`, at the anchor's own day of the month and time of day, clamped to the month's last day. */
export function addMonths(anchor: number, months: number): number {
  const date = new Date(anchor);
  const month = date.getUTCMonth() + months;
  const year = date.getUTCFullYear();
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = ((anchor % dayMs) + dayMs) % dayMs;
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + timeOfDay;
}

function fixedPeriod(origin: number, lengthMs: number, at: number): UsagePeriod {
  const start = origin + Math.floor((at - origin) / lengthMs) * lengthMs;
  return { start, end: start + lengthMs };
}

function monthlyPeriod(anchor: number, step: number, at: number): UsagePeriod {
  const from = new Date(anchor);
  const to = new Date(at);
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  let index = Math.floor(months / step);
  // The month difference ignores day and time of day, so the guess is right or one period late.
  if (addMonths(anchor, index * step) > at) index -= 1;
  return { start: addMonths(anchor, index * step), end: addMonths(anchor, (index + 1) * step) };
}
