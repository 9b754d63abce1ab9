import { type Entitlement, usagePeriodAt } from '@tollgate/contract';

/** The stretch of time that one counter counts: [start, end). */
export interface UsageWindow {
  windowStart: number;
  windowEnd: number;
  /**
   * Where a plan transition began the window: of the usage at that very instant only what arrived after this revision
   * counts. Null when all of it does.
   */
  afterRevision: number | null;
}

// The ends of what a Date can hold: ordinary numbers, so that a counter that never resets has a window like any other.
const endOfTime = 8_640_000_000_000_000;
export const wholeTime: UsageWindow = Object.freeze({
  windowStart: -endOfTime,
  windowEnd: endOfTime,
  afterRevision: null,
});

/**
 * The window of an instant under an entitlement; all of time when there is no entitlement, or one that never resets. What
 * lies before a plan transition that began to count anew is counted up to it. `cutRevision` is the customer's revision
 * that made `usageCountsFrom`.
 */
export function usageWindowAt(
  entitlement: Entitlement | undefined,
  cutRevision: number | null,
  instant: number,
): UsageWindow {
  if (!entitlement?.reset) return wholeTime;
  const { start, end } = usagePeriodAt(entitlement.reset, instant);
  const cut = entitlement.usageCountsFrom;
  if (cut === null || cut < start) return { windowStart: start, windowEnd: end, afterRevision: null };
  if (instant < cut) return { windowStart: start, windowEnd: Math.min(end, cut), afterRevision: null };
  return { windowStart: cut, windowEnd: end, afterRevision: cutRevision };
}

export function isInWindow(window: UsageWindow, instant: number): boolean {
  return window.windowStart <= instant && instant < window.windowEnd;
}

export function isSameWindow(a: UsageWindow, b: UsageWindow): boolean {
  return a.windowStart === b.windowStart && a.windowEnd === b.windowEnd && a.afterRevision === b.afterRevision;
}
