import { type Amount, amountMax, type UsagePart, type UsageUpdateBehavior, type Version } from '@tollgate/contract';
import { type UsageWindow, wholeTime } from './usage-window.js';

/** Which counter: of one feature, for one resource, or for the customer as a whole where `resourceId` is ''. */
export interface CounterKey {
  featureId: string;
  resourceId: string;
}

/**
 * The usage in one window, folded by (createdAt, arrival): a SET replaces what is before it, DELTAs after it add.
 * `latestAt` and `setAt` are the instants of the newest row and of the newest SET, null while there is none.
 */
export interface Counter extends CounterKey, UsageWindow {
  value: Amount;
  latestAt: number | null;
  setAt: number | null;
}

export interface UsageEntry {
  behavior: UsageUpdateBehavior;
  value: Amount;
  createdAt: number;
}

/**
 * The counter after one more entry, which arrives after everything that was counted. Only a SET that is older than some
 * DELTAs but newer than every other SET needs to know their sum: then `deltasAfter` is asked for the sum of the DELTAs
 * created after it.
 */
export async function countEntry(
  counter: Counter,
  entry: UsageEntry,
  deltasAfter: (instant: number) => Promise<Amount>,
): Promise<Counter> {
  const { createdAt } = entry;
  const latestAt = Math.max(counter.latestAt ?? createdAt, createdAt);
  // A newer SET replaces this entry, whatever it says: an entry of the same instant arrived later, and counts.
  if (counter.setAt !== null && createdAt < counter.setAt) return { ...counter, latestAt };
  if (entry.behavior === 'DELTA') return { ...counter, latestAt, value: counter.value + entry.value };
  const isInOrder = counter.latestAt === null || createdAt >= counter.latestAt;
  const after = isInOrder ? 0n : await deltasAfter(createdAt);
  return { ...counter, latestAt, setAt: createdAt, value: entry.value + after };
}

/** False for a value that no number can hold exactly. */
export function isCountable(counter: Counter): boolean {
  return counter.value <= amountMax && counter.value >= -amountMax;
}

/**
 * A counter as a part of a snapshot. The answer holds since the customer's last change, or since the window began if
 * that was later: the value of an unchanged customer still changes when a period rolls over.
 */
export function usagePartOf(counter: Counter, version: Version): UsagePart {
  const resets = counter.windowStart !== wholeTime.windowStart;
  return {
    featureId: counter.featureId,
    version: { ...version, validFrom: Math.max(version.validFrom, resets ? counter.windowStart : 0) },
    validUntil: resets ? counter.windowEnd : null,
    currentUsage: clamped(counter.value),
    usagePeriodStart: resets ? counter.windowStart : null,
    usagePeriodEnd: resets ? counter.windowEnd : null,
  };
}

/** Reports keep every counter in range; periods that were put together by a change of the catalog may pass it. */
function clamped(value: Amount): Amount {
  if (value > amountMax) return amountMax;
  return value < -amountMax ? -amountMax : value;
}
