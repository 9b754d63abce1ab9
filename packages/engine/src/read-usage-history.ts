import {
  assertCustomerId,
  assertId,
  entitlementTypeOf,
  formatAmount,
  fromIso,
  invalidArgument,
  TollgateError,
  toIso,
  type UsageHistoryInput,
  type UsageHistoryQuery,
} from '@tollgate/contract';
import { applyCustomerEvents } from './apply-events.js';
import { type Catalog, describeFeature } from './catalog/catalog.js';
import type { EngineContext } from './engine-context.js';
import { scopeGrants } from './entitlement/grants.js';
import { type PastStanding, type TimeRange, type UsageStretch, usageStretches } from './entitlement/usage-stretches.js';
import { customerNotFound, loadState } from './read-state.js';
import { loadStanding } from './standing.js';
import type { Queryable } from './storage/database.js';
import { readUsageBuckets } from './storage/usage-history-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { aggregationOf } from './usage/meter.js';
import { type HistorySeries, pointsOf, usageSeries } from './usage/usage-history.js';

export type UsageHistory = UsageHistoryQuery['usageHistory'];

interface Asked {
  featureId: string;
  resourceId: string | null;
  start: number;
  /** Null: up to now, what happened right now included. */
  end: number | null;
  groupBy: readonly string[];
  isInactiveIncluded: boolean;
}

const groupByMax = 3;
const groupByPattern = /^[a-zA-Z0-9_$-]+$/;
const pointsMax = 100_000;
const noHistory: UsageHistory = { series: [], markers: [] };

// The finest steps that keep a series readable: per second up to 25 minutes, then per minute, hour and day.
const bucketsMs = [1_000, 60_000, 3_600_000];
const dayMs = 86_400_000;
const bucketsMax = 1_500;

/**
 * What a metered feature was used over time: the running value of its counter after each change, with its resets. Rejects
 * with CUSTOMER_NOT_FOUND, FEATURE_NOT_FOUND, FEATURE_TYPE_MISMATCH, or INVALID_ARGUMENT naming the field.
 */
export async function readUsageHistory(
  context: EngineContext,
  environmentId: string,
  input: UsageHistoryInput,
  now: number,
): Promise<UsageHistory> {
  const asked = readAsked(input);
  const key = { environmentId, customerId: input.customerId };
  // What was accepted belongs to the history, applied or not.
  await applyCustomerEvents(context, key, now);
  return context.database.transaction((tx) => historyOf(context, tx, key, asked, now), {
    isolation: 'repeatable read',
    readOnly: true,
  });
}

function readAsked(input: UsageHistoryInput): Asked {
  const { customerId, featureId, resourceId = null, startDate, endDate, groupBy } = input;
  assertCustomerId(customerId);
  assertId(featureId, 'featureId');
  if (resourceId !== null) assertId(resourceId, 'resourceId');
  const start = fromIso(startDate);
  const end = endDate ? fromIso(endDate) : null;
  if (end !== null && end < start) throw invalidArgument('endDate', 'must not lie before startDate');
  const names = groupBy ?? [];
  if (names.length > groupByMax) throw invalidArgument('groupBy', `must have at most ${groupByMax} dimensions`);
  names.forEach((name, index) => {
    if (!groupByPattern.test(name)) {
      throw invalidArgument(`groupBy[${index}]`, 'must hold letters, digits and _ $ - only');
    }
    if (names.indexOf(name) < index) throw invalidArgument(`groupBy[${index}]`, `names ${name} a second time`);
  });
  const isInactiveIncluded = input.includeInactiveSubscriptions ?? false;
  return { featureId, resourceId, start, end, groupBy: names, isInactiveIncluded };
}

async function historyOf(
  context: EngineContext,
  tx: Queryable,
  key: CustomerKey,
  asked: Asked,
  now: number,
): Promise<UsageHistory> {
  const { featureId, resourceId, start } = asked;
  const standing = await loadStanding(context, tx, key, [resourceId], now);
  if (!standing.customer) throw customerNotFound(key.customerId);
  assertMetered(standing.catalog, featureId);
  const isActive = [null, resourceId].some((id) => scopeGrants(standing, id).grants.hasActiveSubscription);
  if (!isActive && !asked.isInactiveIncluded) return noHistory;

  const upToNow = Math.max(now, standing.lastNow) + 1;
  const range = { start, end: Math.max(start, Math.min(asked.end ?? upToNow, upToNow)) };
  const { current } = await loadState(context, tx, key, now);
  const past = { standing, subscriptions: current.subscriptions, promotions: current.promotions };
  const { stretches, counter } = stretchesOf(past, asked, range);
  const shown = stretches.filter(({ to, lastRevision }) => to > start || (to === start && lastRevision !== null));
  const buckets = await readUsageBuckets(tx, key, counter, {
    stretches: shown.map(({ window, from, to, lastRevision }) => {
      const { windowStart, afterRevision } = window;
      return { windowStart, afterRevision, from: Math.max(from, start), to, lastRevision };
    }),
    bucketMs: bucketsMs.find((bucketMs) => range.end - start <= bucketMs * bucketsMax) ?? dayMs,
    groupBy: asked.groupBy,
  });
  const aggregation = aggregationOf(standing.catalog, featureId);
  const series =
    asked.groupBy.length > 0
      ? usageSeries(aggregation, shown, buckets, start)
      : [{ tags: [], points: pointsOf(aggregation, shown, buckets, start) }];
  if (series.reduce((sum, { points }) => sum + points.length, 0) > pointsMax) {
    throw invalidArgument('groupBy', `makes more than ${pointsMax} points of this range`);
  }
  // Resets of what nobody has any more are of no use to anybody.
  return { series: series.map((each) => seriesToWire(each, asked.groupBy)), markers: isActive ? markersOf(shown) : [] };
}

function assertMetered(catalog: Catalog, featureId: string): void {
  const feature = catalog.features.get(featureId);
  if (!feature)
    throw new TollgateError('FEATURE_NOT_FOUND', `there is no feature ${featureId}`, { field: 'featureId' });
  if (entitlementTypeOf(describeFeature(feature)) === 'METERED') return;
  const message = `${featureId} is not metered: nothing of it is counted`;
  throw new TollgateError('FEATURE_TYPE_MISMATCH', message, { field: 'featureId' });
}

/** The counter is the resource's if a subscription of it entitles the feature, or did; else the customer's. */
function stretchesOf(past: PastStanding, { featureId, resourceId }: Asked, range: TimeRange) {
  const own = resourceId === null ? null : usageStretches(past, featureId, resourceId, range);
  if (own?.isEntitled) return { counter: { featureId, resourceId: resourceId ?? '' }, stretches: own.stretches };
  const { stretches } = usageStretches(past, featureId, null, range);
  return { counter: { featureId, resourceId: '' }, stretches };
}

function markersOf(stretches: readonly UsageStretch[]): UsageHistory['markers'] {
  return stretches.flatMap(({ from, reset }) => (reset === null ? [] : [{ timestamp: toIso(from), type: reset }]));
}

function seriesToWire({ tags, points }: HistorySeries, groupBy: readonly string[]): UsageHistory['series'][number] {
  return {
    // A row without one of the dimensions is told apart from one that has it as an empty text.
    tags: groupBy.flatMap((name, index) => {
      const value = tags[index] ?? null;
      return value === null ? [] : [{ key: name, value }];
    }),
    points: points.map(({ at, value, isResetPoint }) => ({
      timestamp: toIso(at),
      value: formatAmount(value),
      isResetPoint,
    })),
  };
}
