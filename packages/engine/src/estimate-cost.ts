import {
  type Amount,
  type CostEstimateWire,
  type EstimateEventCostInput,
  type EstimateUsageCostInput,
  formatAmount,
  type UsageUpdateBehavior,
} from '@tollgate/contract';
import { applyCustomerEvents } from './apply-events.js';
import type { Catalog } from './catalog/catalog.js';
import { type CustomerBook, openCustomerBook } from './customer-book.js';
import { customerScopes } from './customer-scopes.js';
import type { EngineContext } from './engine-context.js';
import { customerNotFound, loadState } from './read-state.js';
import { loadStanding } from './standing.js';
import type { Queryable } from './storage/database.js';
import { isRunning } from './subscription/subscription.js';
import { readEventItem } from './usage/event-item.js';
import type { Dimensions } from './usage/item-input.js';
import { eventContributions } from './usage/meter.js';
import { readUsageItem } from './usage/usage-item.js';

/** What would be counted of one feature. */
interface Supposed {
  featureId: string;
  behavior: UsageUpdateBehavior;
  value: Amount;
  distinctValue: string | null;
}

interface Question {
  customerId: string;
  resourceId: string | null;
  dimensions: Dimensions | null;
  suppose(catalog: Catalog): Supposed[];
}

/** What an event would cost in credits, with everything that it would be counted as. Records nothing. */
export function estimateEventCost(
  context: EngineContext,
  environmentId: string,
  input: EstimateEventCostInput,
  now: number,
): Promise<CostEstimateWire> {
  // What it would be known by plays no part in what it costs.
  const event = readEventItem({ ...input, idempotencyKey: 'estimate', isTimestampFilledIn: false });
  const suppose = (catalog: Catalog): Supposed[] =>
    eventContributions(catalog, event).map((measured) => ({ ...measured, behavior: 'DELTA' }));
  return estimated(context, environmentId, { ...event, suppose }, now);
}

/** What calculated usage would cost in credits. Records nothing. */
export function estimateUsageCost(
  context: EngineContext,
  environmentId: string,
  input: EstimateUsageCostInput,
  now: number,
): Promise<CostEstimateWire> {
  const { featureId, behavior, value, ...item } = readUsageItem({
    ...input,
    updateBehavior: input.updateBehavior ?? 'DELTA',
    isCreatedAtFilledIn: false,
  });
  const suppose = (catalog: Catalog): Supposed[] =>
    catalog.features.get(featureId)?.isArchived === false ? [{ featureId, behavior, value, distinctValue: null }] : [];
  return estimated(context, environmentId, { ...item, suppose }, now);
}

async function estimated(
  context: EngineContext,
  environmentId: string,
  question: Question,
  now: number,
): Promise<CostEstimateWire> {
  const key = { environmentId, customerId: question.customerId };
  // What was accepted is charged before anything that comes after it.
  await applyCustomerEvents(context, key, now);
  const { resourceId } = question;
  return context.database.transaction(
    async (tx) => {
      const standing = await loadStanding(context, tx, key, [resourceId], now);
      if (!standing.customer) throw customerNotFound(key.customerId);
      const instant = Math.max(now, standing.lastNow);
      const scopes = customerScopes(standing, instant);
      const supposed = question.suppose(standing.catalog);
      const windows = supposed.map(({ featureId }) => scopes.window(scopes.counting(featureId, resourceId), featureId));
      const change = { context, tx, key, now: instant, revision: standing.revision + 1, intents: [] };
      // A book that is never saved.
      const start = { standing, scopes, keys: [], reservations: [], windows, since: instant };
      const book = await openCustomerBook(change, start);
      const costs = await costsOf(book, supposed, question);
      const warnings = [
        ...(resourceId === null && (await hasResourceSubscription(context, tx, key, now))
          ? ['RESOURCE_SCOPED_SUBSCRIPTION_EXISTS']
          : []),
        ...(supposed.length === 0 ? ['FEATURE_NOT_FOUND'] : []),
        ...(supposed.length > 0 && costs.length === 0 ? ['FEATURE_NOT_CREDIT_BASED'] : []),
      ];
      return { estimates: estimatesOf(book, costs, resourceId), warnings };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

interface FeatureCost {
  featureId: string;
  currencyId: string;
  cost: Amount;
}

/** As a debit would do it: each is counted after the one before, and costs by how much its counter changes. */
async function costsOf(
  book: CustomerBook,
  supposed: readonly Supposed[],
  { resourceId, dimensions }: Question,
): Promise<FeatureCost[]> {
  const costs: FeatureCost[] = [];
  for (const { featureId, ...measured } of supposed) {
    const rate = book.entitlement(featureId, resourceId)?.creditRate;
    if (!rate) continue;
    const window = book.scopes.window(book.scopes.counting(featureId, resourceId), featureId);
    const measurement = { ...measured, createdAt: book.change.now, measurementId: '', dimensions };
    const usage = await book.count(window, measurement);
    costs.push({ featureId, currencyId: rate.currencyId, cost: book.cost(rate, { featureId, usage, dimensions }) });
  }
  return costs;
}

function estimatesOf(
  book: CustomerBook,
  costs: readonly FeatureCost[],
  resourceId: string | null,
): CostEstimateWire['estimates'] {
  return [...new Set(costs.map(({ currencyId }) => currencyId))].map((currencyId) => {
    const own = costs.filter((cost) => cost.currencyId === currencyId);
    const estimatedCost = own.reduce((sum, { cost }) => sum + cost, 0n);
    const { balance } = book.totals(book.wallet(currencyId, resourceId));
    return {
      currencyId,
      estimatedCost: formatAmount(estimatedCost),
      currentBalance: formatAmount(balance),
      balanceAfterEstimate: formatAmount(balance - estimatedCost),
      wouldOverdraft: balance - estimatedCost < 0n,
      // Every aggregation is counted as it would be, so there is none that cannot be estimated.
      breakdown: own.map(({ featureId, cost }) => ({ featureId, cost: formatAmount(cost), warningCode: null })),
    };
  });
}

async function hasResourceSubscription(
  context: EngineContext,
  tx: Queryable,
  key: { environmentId: string; customerId: string },
  now: number,
): Promise<boolean> {
  const { current } = await loadState(context, tx, key, now);
  return current.subscriptions.some((subscription) => isRunning(subscription) && subscription.resourceId !== null);
}
