import type { EstimateEventCostInput, EstimateUsageCostInput, UsageHistoryInput } from '@tollgate/contract';
import { serverOnly } from './resolver.js';

/** What was used, and what using more would cost. */
export const usageQueries = {
  usageHistory: serverOnly<{ input: UsageHistoryInput }>((_root, { input }, { environment, clock }) =>
    environment.usageHistory(input, clock.now()),
  ),
  estimateEventCost: serverOnly<{ input: EstimateEventCostInput }>((_root, { input }, { environment, clock }) =>
    environment.estimateEventCost(input, clock.now()),
  ),
  estimateUsageCost: serverOnly<{ input: EstimateUsageCostInput }>((_root, { input }, { environment, clock }) =>
    environment.estimateUsageCost(input, clock.now()),
  ),
};
