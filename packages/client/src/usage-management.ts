import {
  assertCustomerId,
  assertId,
  type CostEstimateWire,
  EstimateEventCostDocument,
  type EstimateEventCostInput,
  EstimateUsageCostDocument,
  type EstimateUsageCostInput,
  formatAmount,
  parseAmount,
  UsageHistoryDocument,
  type UsageHistoryInput,
  type UsageHistoryQuery,
} from '@tollgate/contract';
import { deprecated } from './deprecation.js';
import { flag } from './field-rules.js';
import { checkFields, instant, oneOf, optionalId, refused, shortText } from './input-rules.js';
import type { ManagementCall } from './management-call.js';
import type { FeatureId, Registered } from './typed-catalog.js';
import { type Dimensions, dimensions } from './usage-inputs.js';
import { date, number } from './wire-values.js';

export interface FetchUsageHistory<Id extends string = FeatureId<Registered, 'METERED'>> {
  customerId: string;
  featureId: Id;
  resourceId?: string;
  /** Inclusive. */
  startDate: Date | string;
  /** Exclusive; now when left out. */
  endDate?: Date | string;
}

export interface GetUsageHistory<Id extends string = FeatureId<Registered, 'METERED'>> extends FetchUsageHistory<Id> {
  /** Up to 3 dimensions: one series per combination of their values. */
  groupBy?: string[];
  /** Whether a customer whose subscriptions have ended still has a history. Default false. */
  includeInactiveSubscriptions?: boolean;
}

export interface UsageHistory {
  /** One with no tags unless `groupBy` says otherwise; none where nothing is active. */
  series: UsageHistorySeries[];
  markers: { timestamp: Date; type: 'PERIODIC_RESET' | 'SUBSCRIPTION_CHANGE_RESET' }[];
}

export interface UsageHistorySeries {
  /** Without those dimensions that the usage did not have. */
  tags: { key: string; value: string }[];
  /** The counter in raw units after each change, and 0 at each reset. */
  points: { timestamp: Date; value: number; isResetPoint: boolean }[];
}

export interface UsageHistoryItem {
  date: Date;
  value: number;
  /** True where a period began; a change of subscription is not told. */
  isResetPoint: boolean;
}

export interface EstimateEventCost {
  customerId: string;
  eventName: string;
  resourceId?: string;
  dimensions?: Dimensions;
}

export interface EstimateUsageCost<Id extends string = FeatureId<Registered, 'METERED'>> {
  customerId: string;
  featureId: Id;
  value: number | string;
  resourceId?: string;
  /** `DELTA` (default) adds to the counter, `SET` replaces what is before it. */
  updateBehavior?: 'DELTA' | 'SET';
  dimensions?: Dimensions;
}

export interface CostEstimate {
  estimates: CurrencyEstimate[];
  /** `RESOURCE_SCOPED_SUBSCRIPTION_EXISTS`, `FEATURE_NOT_FOUND` or `FEATURE_NOT_CREDIT_BASED`. */
  warnings: string[];
}

export interface CurrencyEstimate {
  currencyId: string;
  estimatedCost: number;
  currentBalance: number;
  balanceAfterEstimate: number;
  wouldOverdraft: boolean;
  breakdown: { featureId: string; cost: number; warningCode: string | null }[];
}

export interface UsageManagement {
  /** What a metered feature was used over time, with the resets of its counter. */
  getUsageHistoryV2(params: GetUsageHistory<string>): Promise<UsageHistory>;
  /** @deprecated Use `getUsageHistoryV2`, which tells resets by changes of the subscription too. */
  fetchUsageHistory(params: FetchUsageHistory<string>): Promise<UsageHistoryItem[]>;
  /** What an event would cost in credits. Records nothing. */
  estimateEventCost(params: EstimateEventCost): Promise<CostEstimate>;
  /** What calculated usage would cost in credits. Records nothing. */
  estimateUsageCost(params: EstimateUsageCost<string>): Promise<CostEstimate>;
}

export function usageManagement({ execute, logger }: ManagementCall): UsageManagement {
  const history = async (input: UsageHistoryInput): Promise<UsageHistory> =>
    historyOf((await execute(UsageHistoryDocument, { input })).usageHistory);
  return {
    getUsageHistoryV2: async (params) => history(historyInput(params, ['groupBy', 'includeInactiveSubscriptions'])),
    fetchUsageHistory: async (params) => {
      deprecated(logger, 'fetchUsageHistory', 'getUsageHistoryV2');
      const { series, markers } = await history(historyInput(params, []));
      const resets = new Set(
        markers.filter(({ type }) => type === 'PERIODIC_RESET').map(({ timestamp }) => timestamp.getTime()),
      );
      return (series[0]?.points ?? []).map(({ timestamp, value, isResetPoint }) => ({
        date: timestamp,
        value,
        isResetPoint: isResetPoint && resets.has(timestamp.getTime()),
      }));
    },
    estimateEventCost: async (params) => {
      const reply = await execute(EstimateEventCostDocument, { input: eventCostInput(params) });
      return estimateOf(reply.estimateEventCost);
    },
    estimateUsageCost: async (params) => {
      const reply = await execute(EstimateUsageCostDocument, { input: usageCostInput(params) });
      return estimateOf(reply.estimateUsageCost);
    },
  };
}

const groupByMax = 3;
const groupByPattern = /^[a-zA-Z0-9_$-]+$/;

function historyInput(params: GetUsageHistory, more: readonly string[]): UsageHistoryInput {
  checkFields(params, ['customerId', 'featureId', 'resourceId', 'startDate', 'endDate', ...more], '');
  assertCustomerId(params.customerId);
  assertId(params.featureId, 'featureId');
  const startDate = instant(params.startDate, 'startDate');
  const endDate = params.endDate === undefined ? undefined : instant(params.endDate, 'endDate');
  if (endDate !== undefined && endDate < startDate) throw refused('endDate', 'must not lie before startDate');
  return {
    customerId: params.customerId,
    featureId: params.featureId,
    ...optionalId(params.resourceId, 'resourceId', 'resourceId'),
    startDate,
    ...(endDate !== undefined && { endDate }),
    ...(params.groupBy !== undefined && { groupBy: dimensionNames(params.groupBy) }),
    ...(params.includeInactiveSubscriptions !== undefined && {
      includeInactiveSubscriptions: flag(params.includeInactiveSubscriptions, 'includeInactiveSubscriptions'),
    }),
  };
}

function dimensionNames(names: readonly string[]): string[] {
  if (!Array.isArray(names)) throw refused('groupBy', 'must be an array');
  if (names.length > groupByMax) throw refused('groupBy', `must have at most ${groupByMax} dimensions`);
  names.forEach((name, index) => {
    if (typeof name !== 'string' || !groupByPattern.test(name)) {
      throw refused(`groupBy[${index}]`, 'must hold letters, digits and _ $ - only');
    }
  });
  return [...names];
}

function historyOf({ series, markers }: UsageHistoryQuery['usageHistory']): UsageHistory {
  return {
    series: series.map(({ tags, points }) => ({
      tags: tags.map(({ key, value }) => ({ key, value })),
      points: points.map(({ timestamp, value, isResetPoint }) => ({
        timestamp: date(timestamp),
        value: number(value, 'value'),
        isResetPoint,
      })),
    })),
    markers: markers.map(({ timestamp, type }) => ({ timestamp: date(timestamp), type })),
  };
}

function eventCostInput(params: EstimateEventCost): EstimateEventCostInput {
  checkFields(params, ['customerId', 'eventName', 'resourceId', 'dimensions'], '');
  assertCustomerId(params.customerId);
  return {
    customerId: params.customerId,
    eventName: shortText(params.eventName, 'eventName'),
    ...optionalId(params.resourceId, 'resourceId', 'resourceId'),
    ...(params.dimensions !== undefined && { dimensions: dimensions(params.dimensions, 'dimensions') }),
  };
}

function usageCostInput(params: EstimateUsageCost): EstimateUsageCostInput {
  checkFields(params, ['customerId', 'featureId', 'resourceId', 'value', 'updateBehavior', 'dimensions'], '');
  assertCustomerId(params.customerId);
  assertId(params.featureId, 'featureId');
  if (params.updateBehavior !== undefined) oneOf(params.updateBehavior, ['DELTA', 'SET'], 'updateBehavior');
  return {
    customerId: params.customerId,
    featureId: params.featureId,
    value: formatAmount(parseAmount(params.value, 'value')),
    ...optionalId(params.resourceId, 'resourceId', 'resourceId'),
    ...(params.updateBehavior !== undefined && { updateBehavior: params.updateBehavior }),
    ...(params.dimensions !== undefined && { dimensions: dimensions(params.dimensions, 'dimensions') }),
  };
}

function estimateOf({ estimates, warnings }: CostEstimateWire): CostEstimate {
  return {
    estimates: estimates.map((estimate) => ({
      currencyId: estimate.currencyId,
      estimatedCost: number(estimate.estimatedCost, 'estimatedCost'),
      currentBalance: number(estimate.currentBalance, 'currentBalance'),
      balanceAfterEstimate: number(estimate.balanceAfterEstimate, 'balanceAfterEstimate'),
      wouldOverdraft: estimate.wouldOverdraft,
      breakdown: estimate.breakdown.map(({ featureId, cost, warningCode }) => ({
        featureId,
        cost: number(cost, 'cost'),
        warningCode,
      })),
    })),
    warnings: [...warnings],
  };
}
