import { invalidArgument } from '@tollgate/contract';
import { isOpen, isRunning, type Subscription } from '../subscription/subscription.js';
import type { UsageReset } from '../usage/usage-history.js';
import { isSameWindow, wholeTime } from '../usage/usage-window.js';
import { scopeGrants } from './grants.js';
import type { Promotion } from './promotion.js';
import { type CounterWindow, counterWindow } from './scope-windows.js';
import type { Standing } from './standing.js';

/** A stretch of time in which one window was the running one: [from, to). */
export interface UsageStretch {
  window: CounterWindow;
  from: number;
  to: number;
  /** Where a plan transition ended the stretch: of the usage at `to` itself, what arrived up to this revision is its. */
  lastRevision: number | null;
  /** What began the stretch anew at `from`; null where counting went on. */
  reset: UsageReset | null;
}

/** A customer's standing with everything that has ended since, too. */
export interface PastStanding {
  standing: Standing;
  subscriptions: readonly Subscription[];
  promotions: readonly Promotion[];
}

export interface TimeRange {
  start: number;
  end: number;
}

/** More resets than anybody looks at, and as many as one answer may hold. */
const stretchesMax = 10_000;

/**
 * How the counter of a feature ran up to the end of a range, in order and without a gap. What is published now says which
 * periods a subscription of the past had. While nothing entitles the feature, the window before goes on.
 */
export function usageStretches(
  past: PastStanding,
  featureId: string,
  resourceId: string | null,
  range: TimeRange,
): { stretches: UsageStretch[]; isEntitled: boolean } {
  const edges = past.subscriptions.flatMap(({ startDate, endDate, pastCutoffs }) => [
    startDate,
    ...pastCutoffs.map(({ until }) => until),
    endDate ?? startDate,
  ]);
  const granted = past.promotions.flatMap(({ startDate, endedAt }) => [startDate, endedAt ?? startDate]);
  const inOrder = [...new Set([wholeTime.windowStart, ...edges, ...granted])].sort((a, b) => a - b);
  const begins = inOrder.filter((edge) => edge < range.end);
  const stretches: UsageStretch[] = [];
  // Whether anything entitled the feature so far.
  let isEntitled = false;
  for (const [index, from] of begins.entries()) {
    const to = Math.min(begins[index + 1] ?? range.end, range.end);
    const scope = scopeGrants(standingAt(past, from), resourceId);
    const entitlement = scope.grants.entitlements.get(featureId);
    const last = stretches.at(-1);
    if (!entitlement) {
      if (last) last.to = to;
      else stretches.push({ window: { ...counterWindow(scope, featureId, from), ...wholeTime }, from, to, ...goingOn });
      continue;
    }
    const { at } = counterWindow(scope, featureId, from);
    // What was over before the range needs no looking at, but what ran last may still run in it.
    for (let instant = Math.max(from, Math.min(range.start, to - 1)); instant < to; ) {
      const window = at(instant);
      const before = stretches.at(-1);
      const next = Math.min(window.windowEnd, to);
      const began = Math.max(from, window.windowStart);
      const isCut = entitlement.usageCountsFrom === window.windowStart;
      if (before && isSameCount(before.window, window)) before.to = next;
      else {
        // What is entitled for the first time begins, but not anew.
        const isAnew = window.windowStart > from || (window.windowStart === from && isEntitled);
        const reset = isAnew ? resetOf(before, window, isCut) : null;
        if (before && isCut && before.to === window.windowStart) before.lastRevision = window.afterRevision;
        stretches.push({ window, from: began, to: next, ...goingOn, reset });
      }
      if (stretches.length > stretchesMax) throw tooManyResets();
      isEntitled = true;
      instant = next;
    }
  }
  return { stretches, isEntitled };
}

const goingOn = { lastRevision: null, reset: null };

function resetOf(before: UsageStretch | undefined, window: CounterWindow, isCut: boolean): UsageReset {
  const isPeriodic = before?.window.windowEnd === window.windowStart || before?.to !== window.windowStart;
  return isPeriodic && !isCut ? 'PERIODIC_RESET' : 'SUBSCRIPTION_CHANGE_RESET';
}

/** The end of a window says when it gives way, and nothing of what it counts before that. */
function isSameCount(a: CounterWindow, b: CounterWindow): boolean {
  return isSameWindow({ ...a, windowEnd: b.windowEnd }, b);
}

function standingAt({ standing, subscriptions, promotions }: PastStanding, instant: number): Standing {
  const isHeld = ({ startDate, endedAt }: Promotion) => startDate <= instant && (endedAt === null || instant < endedAt);
  return {
    ...standing,
    subscriptions: subscriptions
      .filter((subscription) => ranAt(subscription, instant))
      .map((subscription) => ({ ...asOf(subscription, instant), status: 'ACTIVE' })),
    promotions: promotions.filter(isHeld),
  };
}

/** With the cutoff that it had then. */
function asOf(subscription: Subscription, instant: number): Subscription {
  const past = subscription.pastCutoffs.find(({ until }) => instant < until);
  if (!past) return subscription;
  const { until: _until, ...cutoff } = past;
  return { ...subscription, ...cutoff };
}

function ranAt(subscription: Subscription, instant: number): boolean {
  const { startDate, endDate, cancelReason } = subscription;
  if (startDate > instant || (isOpen(subscription) && !isRunning(subscription))) return false;
  return endDate === null || (instant < endDate && cancelReason !== 'PENDING_PAYMENT_EXPIRED');
}

function tooManyResets() {
  return invalidArgument('startDate', `must not lie more than ${stretchesMax} resets before the end of the range`);
}
