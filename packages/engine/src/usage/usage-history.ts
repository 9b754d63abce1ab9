import { type Amount, amountScale, type UsageHistoryQuery } from '@tollgate/contract';
import { type Aggregation, averageOf } from './counter.js';

/** What makes a counter begin again at 0. */
export type UsageReset = UsageHistoryQuery['usageHistory']['markers'][number]['type'];

/** A stretch in which one window ran, as far as the points of a series need to know it. */
export interface HistoryStretch {
  from: number;
  reset: UsageReset | null;
}

/** What one stretch of time adds to a stretch's count, for one combination of dimensions. */
export interface UsageBucket {
  /** Which stretch it belongs to, by place. */
  stretch: number;
  /** True for everything that the window had counted when the stretch, or the range, began. */
  isBefore: boolean;
  /** Values of the dimensions that were asked for; null where a row has none. */
  tags: (string | null)[];
  /** The instant of the newest row. */
  at: number;
  /** Whether there is a SET among the rows; then `sum` is of the last one and the DELTAs after it. */
  hasSet: boolean;
  sum: Amount;
  highest: Amount;
  lowest: Amount;
  total: Amount;
  measured: number;
  /** How many distinct values come up here first. */
  distinct: number;
}

export interface HistoryPoint {
  at: number;
  value: Amount;
  isResetPoint: boolean;
}

export interface HistorySeries {
  tags: (string | null)[];
  points: HistoryPoint[];
}

/**
 * One series per combination of dimensions: the counter's value after each bucket that changed it, 0 at each reset, and
 * where the range begins, what had been counted by then. Buckets come in the order of time.
 */
export function usageSeries(
  aggregation: Aggregation,
  stretches: readonly HistoryStretch[],
  buckets: readonly UsageBucket[],
  start: number,
): HistorySeries[] {
  const groups = groupedBy(buckets, ({ tags }) => JSON.stringify(tags));
  return [...groups].map(([key, group]) => ({
    tags: JSON.parse(key) as (string | null)[],
    points: pointsOf(aggregation, stretches, group, start),
  }));
}

/** The points of one series; its resets alone where nothing was counted. */
export function pointsOf(
  aggregation: Aggregation,
  stretches: readonly HistoryStretch[],
  buckets: readonly UsageBucket[],
  start: number,
): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  const shown = (): Amount => points.at(-1)?.value ?? 0n;
  const byStretch = groupedBy(buckets, ({ stretch }) => stretch);
  stretches.forEach(({ from, reset }, place) => {
    let tally = emptyTally;
    const own = byStretch.get(place) ?? [];
    for (const bucket of own.filter(({ isBefore }) => isBefore)) tally = add(aggregation, tally, bucket);
    const at = Math.max(from, start);
    if (reset !== null && from >= start) points.push({ at, value: 0n, isResetPoint: true });
    else if (tally.value !== shown()) points.push({ at, value: tally.value, isResetPoint: false });
    for (const bucket of own.filter(({ isBefore }) => !isBefore)) {
      tally = add(aggregation, tally, bucket);
      if (tally.value !== shown()) points.push({ at: bucket.at, value: tally.value, isResetPoint: false });
    }
  });
  return points;
}

function groupedBy<Key>(buckets: readonly UsageBucket[], keyOf: (bucket: UsageBucket) => Key): Map<Key, UsageBucket[]> {
  const groups = new Map<Key, UsageBucket[]>();
  for (const bucket of buckets) {
    const group = groups.get(keyOf(bucket));
    if (group) group.push(bucket);
    else groups.set(keyOf(bucket), [bucket]);
  }
  return groups;
}

type Tally = Pick<UsageBucket, 'total' | 'measured'> & { value: Amount };
const emptyTally: Tally = { value: 0n, total: 0n, measured: 0 };

function add(aggregation: Aggregation, before: Tally, bucket: UsageBucket): Tally {
  const [total, measured] = [before.total + bucket.total, before.measured + bucket.measured];
  const after = (value: Amount): Tally => ({ value, total, measured });
  const isFirst = before.measured === 0;
  switch (aggregation) {
    case 'SUM':
      return after(bucket.hasSet ? bucket.sum : before.value + bucket.sum);
    case 'MAX':
      return after(isFirst || bucket.highest > before.value ? bucket.highest : before.value);
    case 'MIN':
      return after(isFirst || bucket.lowest < before.value ? bucket.lowest : before.value);
    case 'AVG':
      return after(averageOf(total, measured));
    case 'UNIQUE':
      return after(before.value + BigInt(bucket.distinct) * amountScale);
  }
}
