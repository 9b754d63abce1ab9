import {
  type Amount,
  amountMax,
  amountScale,
  type MeterAggregation,
  type UsagePart,
  type UsageUpdateBehavior,
  type Version,
} from '@tollgate/contract';
import type { Held } from './held.js';
import { type UsageWindow, wholeTime } from './usage-window.js';

/** Which counter: of one feature, for one resource, or for the customer as a whole where `resourceId` is ''. */
export interface CounterKey {
  featureId: string;
  resourceId: string;
}

/** How the rows of a window come to one number. COUNT is the sum of ones. */
export type Aggregation = Exclude<MeterAggregation, 'COUNT'>;

/**
 * The usage in one window: the fold of its rows by (createdAt, arrival). Under SUM a SET replaces what is before it and
 * DELTAs after it add; every other aggregation asks all rows, in whatever order. `latestAt` and `setAt` are the instants
 * of the newest row and of the newest SET, null while there is none.
 */
export interface Counter extends CounterKey, UsageWindow {
  aggregation: Aggregation;
  value: Amount;
  /** The sum and the number of all rows, whatever became of them: what an average follows from. */
  total: Amount;
  measured: number;
  latestAt: number | null;
  setAt: number | null;
}

export interface UsageEntry {
  behavior: UsageUpdateBehavior;
  value: Amount;
  createdAt: number;
  /** What UNIQUE tells apart; entries without it are not counted by it. */
  distinctValue?: string | null;
}

/** What the rows of a counter's window say, those of the entries before this one included. */
export interface CountedRows {
  /** The sum of the DELTAs created after an instant. */
  deltasAfter(instant: number): Promise<Amount>;
  includes(distinctValue: string): Promise<boolean>;
}

/** The counter of a window in which nothing was counted. */
export function emptyCounter<Window extends CounterKey & UsageWindow & Pick<Counter, 'aggregation'>>(
  window: Window,
): Window & Counter {
  return { ...window, value: 0n, total: 0n, measured: 0, latestAt: null, setAt: null };
}

/** The counter after one more entry, which arrives after everything that was counted. Asks for rows only where it must. */
export async function countEntry(counter: Counter, entry: UsageEntry, rows: CountedRows): Promise<Counter> {
  const { createdAt, value } = entry;
  const next: Counter = {
    ...counter,
    latestAt: Math.max(counter.latestAt ?? createdAt, createdAt),
    total: counter.total + value,
    measured: counter.measured + 1,
  };
  switch (counter.aggregation) {
    case 'SUM':
      return { ...next, ...(await summed(counter, entry, rows)) };
    case 'MAX':
      return { ...next, value: counter.measured === 0 || value > counter.value ? value : counter.value };
    case 'MIN':
      return { ...next, value: counter.measured === 0 || value < counter.value ? value : counter.value };
    case 'AVG':
      return { ...next, value: averageOf(next.total, next.measured) };
    case 'UNIQUE': {
      const isNew = entry.distinctValue != null && !(await rows.includes(entry.distinctValue));
      return { ...next, value: counter.value + (isNew ? amountScale : 0n) };
    }
  }
}

/** Only a SET that is older than some DELTAs but newer than every other SET needs to know their sum. */
async function summed(
  counter: Counter,
  { behavior, value, createdAt }: UsageEntry,
  rows: CountedRows,
): Promise<Pick<Counter, 'value' | 'setAt'>> {
  // A newer SET replaces this entry, whatever it says: an entry of the same instant arrived later, and counts.
  if (counter.setAt !== null && createdAt < counter.setAt) return { value: counter.value, setAt: counter.setAt };
  if (behavior === 'DELTA') return { value: counter.value + value, setAt: counter.setAt };
  const isInOrder = counter.latestAt === null || createdAt >= counter.latestAt;
  const after = isInOrder ? 0n : await rows.deltasAfter(createdAt);
  return { value: value + after, setAt: createdAt };
}

/** Rounded half up to 6 places, once: towards positive infinity at the half. */
export function averageOf(total: Amount, measured: number): Amount {
  const [dividend, divisor] = [2n * total + BigInt(measured), 2n * BigInt(measured)];
  // Division of bigints cuts off towards zero.
  return (dividend - (((dividend % divisor) + divisor) % divisor)) / divisor;
}

/** False for a value that no number can hold exactly. */
export function isCountable(counter: Counter): boolean {
  return counter.value <= amountMax && counter.value >= -amountMax;
}

/**
 * A counter as a part of a snapshot. The answer holds since the customer's last change, or since the window began if
 * that was later: the value of an unchanged customer still changes when a period rolls over.
 */
export function usagePartOf(counter: Counter, version: Version, held: readonly Held[]): UsagePart {
  const resets = counter.windowStart !== wholeTime.windowStart;
  const own = held.find((other) => isHeldOf(other, counter));
  const ends = [...(resets ? [counter.windowEnd] : []), ...(own ? [own.firstExpiry] : [])];
  return {
    featureId: counter.featureId,
    version: { ...version, validFrom: Math.max(version.validFrom, resets ? counter.windowStart : 0) },
    validUntil: ends.length === 0 ? null : Math.min(...ends),
    currentUsage: clamped(counter.value),
    held: own?.amount ?? 0n,
    heldUntil: own?.lastExpiry ?? null,
    usagePeriodStart: resets ? counter.windowStart : null,
    usagePeriodEnd: resets ? counter.windowEnd : null,
  };
}

/** Whether what is held is held of this counter's period. */
export function isHeldOf({ kind, heldId, resourceId, windowStart }: Held, counter: CounterKey & UsageWindow): boolean {
  const isOfCounter = kind === 'usage' && heldId === counter.featureId && resourceId === counter.resourceId;
  return isOfCounter && windowStart === (counter.windowStart === wholeTime.windowStart ? null : counter.windowStart);
}

/** Reports keep every counter in range; periods that were put together by a change of the catalog may pass it. */
function clamped(value: Amount): Amount {
  if (value > amountMax) return amountMax;
  return value < -amountMax ? -amountMax : value;
}
