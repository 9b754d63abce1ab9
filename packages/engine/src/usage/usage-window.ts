import { currentUsagePeriod, type Entitlement } from '@tollgate/contract';

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
 * The window that runs at `now` under an entitlement; all of time when there is no entitlement, or one that never
 * resets. `cutRevision` is the customer's revision that made `usageCountsFrom`.
 */
export function usageWindowAt(
  entitlement: Entitlement | undefined,
  cutRevision: number | null,
  now: number,
): UsageWindow {
  const period = entitlement && currentUsagePeriod(entitlement, now);
  if (!period) return wholeTime;
  const isCut = entitlement.usageCountsFrom !== null && period.start === entitlement.usageCountsFrom;
  return { windowStart: period.start, windowEnd: period.end, afterRevision: isCut ? cutRevision : null };
}

export function isInWindow(window: UsageWindow, instant: number): boolean {
  return window.windowStart <= instant && instant < window.windowEnd;
}

export function isSameWindow(a: UsageWindow, b: UsageWindow): boolean {
  return a.windowStart === b.windowStart && a.windowEnd === b.windowEnd && a.afterRevision === b.afterRevision;
}
