import type {
  ConsumeCreditsInput,
  EstimateEventCostInput,
  EstimateUsageCostInput,
  ReportEventInput,
  ReportUsageInput,
  UsageHistoryInput,
} from '@tollgate/contract';
import { assertCount, serverOnly } from './resolver.js';

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

/** What was used, on its way in. */
export const usageMutations = {
  reportUsage: serverOnly<{ usages: ReportUsageInput[] }>((_root, { usages }, { environment, clock }) => {
    assertCount('usages', usages, 100);
    return environment.reportUsage(usages, clock.now());
  }),
  reportEvents: serverOnly<{ events: ReportEventInput[] }>((_root, { events }, { environment, clock }) => {
    assertCount('events', events, 1000);
    return environment.reportEvents(events, clock.now());
  }),
  consumeCreditsAsync: serverOnly<{ consumptions: ConsumeCreditsInput[] }>(
    (_root, { consumptions }, { environment, clock }) => {
      assertCount('consumptions', consumptions, 1000);
      return environment.consumeCreditsAsync(consumptions, clock.now());
    },
  ),
};
