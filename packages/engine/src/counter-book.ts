import { type Amount, TollgateError } from '@tollgate/contract';
import type { CounterWindow, RunningWindow } from './entitlement/scope-windows.js';
import { isSameCounter } from './read-snapshots.js';
import type { Queryable } from './storage/database.js';
import {
  type CustomerKey,
  countedValues,
  foldWindows,
  readCounters,
  saveUsage,
  sumDeltasAfter,
  type UsageRow,
} from './storage/usage-store.js';
import {
  type CountedRows,
  type Counter,
  type CounterKey,
  countEntry,
  emptyCounter,
  isCountable,
  type UsageEntry,
} from './usage/counter.js';
import { isInWindow } from './usage/usage-window.js';

/** One measurement on its way into the book. */
export interface Measurement extends UsageEntry {
  measurementId: string;
  dimensions: Record<string, unknown> | null;
}

/**
 * A customer's counters during one transaction under the customer's lock: read once, counted in memory, written once.
 * Every stored window that a measurement falls into is kept up, not only the running one, so that a window is right
 * whenever a change of plan or catalog makes it the running one again.
 */
export interface CounterBook {
  /**
   * Counts a measurement, and returns by how much the counter of the period that it is dated in changed. Rejects, with
   * nothing counted, when a counter would leave the range of amounts.
   */
  count(window: RunningWindow, measurement: Measurement): Promise<Amount>;
  /** Takes back what `work` counted when it rejects. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** The counter of a window that the book was opened for. */
  counter(window: CounterWindow): Counter;
  /** The same; undefined where the book was not opened for the window. */
  find(window: CounterWindow): Counter | undefined;
  /** Every counter as it stands. */
  all(): readonly Counter[];
  save(): Promise<void>;
}

export interface BookMoment {
  key: CustomerKey;
  /** The customer's revision that this transaction makes. */
  revision: number;
  now: number;
  /** The earliest date among the measurements to come. */
  since: number;
  /** What UNIQUE is going to tell apart, as far as it is known: looked up at once rather than one by one. */
  distinct?: readonly DistinctValue[] | undefined;
}

export interface DistinctValue extends CounterKey {
  distinctValue: string;
}

/** `windows` are the running windows of all counters that will be asked for. */
export async function openCounterBook(
  tx: Queryable,
  windows: readonly CounterWindow[],
  { key, revision, now, since, distinct = [] }: BookMoment,
): Promise<CounterBook> {
  const running = windows.filter(
    (window, index) => windows.findIndex((other) => isSameCounter(other, window)) === index,
  );
  const stored: Counter[] = await readCounters(tx, key, running, Math.min(since, now));
  const missing = running.filter((window) => !stored.some((counter) => isSameCounter(counter, window)));
  // A stored window with the same start and another end or cut gives way: its start is what it is stored under.
  const kept = stored.filter((counter) => !missing.some((window) => isSamePlace(window, counter)));
  let counters: Counter[] = [...kept, ...(await foldWindows(tx, key, missing))];
  const changed = new Set(missing.map(placeOf));
  const rows: UsageRow[] = [];

  const lookedUp = new Map<string, { asked: ReadonlySet<string>; found: ReadonlySet<string> }>();
  const lookUp = async (counter: Counter): Promise<void> => {
    if (counter.aggregation !== 'UNIQUE') return;
    const own = distinct.filter((one) => isOfCounter(one, counter));
    const asked = new Set(own.map(({ distinctValue }) => distinctValue));
    const found = new Set(await countedValues(tx, key, counter, [...asked]));
    lookedUp.set(windowText(counter), { asked, found });
  };
  for (const counter of counters) await lookUp(counter);

  const isStored = async (counter: Counter, distinctValue: string): Promise<boolean> => {
    const { asked, found } = lookedUp.get(windowText(counter)) ?? {};
    if (asked?.has(distinctValue)) return found?.has(distinctValue) === true;
    return (await countedValues(tx, key, counter, [distinctValue])).length > 0;
  };

  const rowsOf = (counter: Counter): CountedRows => {
    return {
      deltasAfter: async (instant) => {
        const before = await sumDeltasAfter(tx, key, counter, instant);
        return rows
          .filter((row) => row.behavior === 'DELTA' && row.createdAt > instant && isRowOf(row, counter))
          .reduce((sum, row) => sum + row.value, before);
      },
      includes: async (distinctValue) =>
        rows.some((row) => row.distinctValue === distinctValue && isRowOf(row, counter)) ||
        (await isStored(counter, distinctValue)),
    };
  };

  /** The counter of a period that may have been over for long: folded where it is not stored. */
  const open = async (window: CounterWindow): Promise<Counter> => {
    const known = counters.find((counter) => isSameCounter(counter, window));
    if (known) return known;
    const [folded = emptyCounter(window)] = await foldWindows(tx, key, [window]);
    counters = [...counters.filter((counter) => !isSamePlace(window, counter)), folded];
    changed.add(placeOf(folded));
    await lookUp(folded);
    return folded;
  };

  const count = async (window: RunningWindow, measurement: Measurement): Promise<Amount> => {
    const { createdAt, distinctValue = null } = measurement;
    const period = window.at(createdAt);
    const before = await open(period);
    const next: Counter[] = [];
    // One after the other: a transaction is one connection.
    for (const counter of counters) {
      const isConcerned = isOfCounter(window, counter) && isInWindow(counter, createdAt);
      next.push(isConcerned ? await countEntry(counter, measurement, rowsOf(counter)) : counter);
    }
    if (!next.every(isCountable)) {
      const message = 'value would take the counter past the largest amount, 9007199254';
      throw new TollgateError('INVALID_ARGUMENT', message, { field: 'value' });
    }
    next.forEach((counter, index) => {
      if (counter !== counters[index]) changed.add(placeOf(counter));
    });
    counters = next;
    const { featureId, resourceId } = window;
    rows.push({ ...measurement, distinctValue, revision, ordinal: rows.length, featureId, resourceId, storedAt: now });
    return counterOf(period).value - before.value;
  };

  const find = (window: CounterWindow) => counters.find((counter) => isSameCounter(counter, window));
  const counterOf = (window: CounterWindow): Counter => {
    const found = find(window);
    if (!found) throw new TollgateError('INTERNAL', `the book was not opened for ${window.featureId}`);
    return found;
  };

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    const [countersBefore, rowsBefore] = [counters, rows.length];
    try {
      return await work();
    } catch (error) {
      counters = countersBefore;
      rows.length = rowsBefore;
      throw error;
    }
  };

  return {
    count,
    attempt,
    counter: counterOf,
    find,
    all: () => counters,
    save: async () => {
      const written = counters.filter((counter) => changed.has(placeOf(counter)));
      await saveUsage(tx, key, rows, written);
    },
  };
}

function isOfCounter(
  a: { featureId: string; resourceId: string },
  b: { featureId: string; resourceId: string },
): boolean {
  return a.featureId === b.featureId && a.resourceId === b.resourceId;
}

function isRowOf(row: UsageRow, counter: Counter): boolean {
  return isOfCounter(row, counter) && isInWindow(counter, row.createdAt);
}

function isSamePlace(a: CounterWindow, b: CounterWindow): boolean {
  return isOfCounter(a, b) && a.windowStart === b.windowStart;
}

function placeOf({ featureId, resourceId, windowStart }: CounterWindow): string {
  return JSON.stringify([featureId, resourceId, windowStart]);
}

/** Tells windows apart that begin together, too: only one of them is kept at a time. */
function windowText(counter: CounterWindow): string {
  return JSON.stringify([placeOf(counter), counter.windowEnd, counter.afterRevision]);
}
