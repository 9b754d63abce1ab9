import { formatAmount, type ReportUsageAckWire, toIso, usageToWire } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import type { WalletKey } from './credit/credit-grant.js';
import { creditAck } from './credit-ack.js';
import type { Charge, CustomerBook } from './customer-book.js';
import type { JobKind } from './customer-job.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import type { Counter } from './usage/counter.js';
import { datedAt, keyConflict } from './usage/item-input.js';
import { assertReportable, isReportable, type UsageItem } from './usage/usage-item.js';

const operation = 'reportUsage';

/** What is kept with an idempotency key, to answer the same item again. */
interface StoredResult {
  measurementId: string;
  featureId: string;
  resourceId: string | null;
  value: string;
  createdAt: number;
  storedAt: number;
  /** The wallet that paid; left out by items from before there were wallets. */
  wallet?: WalletKey | null;
}

/** What became of an item: its counter and its wallet are those right after it. */
interface Counted {
  stored: StoredResult;
  isDuplicate: boolean;
  window: RunningWindow;
  counter: Counter;
  charge: Charge | null;
}

/** A report of calculated usage. It is never refused for what it would use, be it of a limit or of credits. */
export const reportJob: JobKind<UsageItem> = {
  needs: ({ customerId, idempotencyKey, resourceId }) => ({
    keys: idempotencyKey === null ? [] : [{ customerId, operation, key: idempotencyKey }],
    resourceIds: [resourceId],
  }),

  windows: ({ featureId, resourceId, idempotencyKey, createdAt }, { now, earliest, catalog, scopes, remembered }) => {
    const known = idempotencyKey === null ? undefined : remembered(operation, idempotencyKey);
    if (known) {
      const stored = known.result as StoredResult;
      return { windows: [scopes.window(scopes.of(stored.resourceId), stored.featureId)] };
    }
    if (!isReportable(catalog, featureId)) return { windows: [] };
    const window = scopes.window(scopes.counting(featureId, resourceId), featureId);
    return { windows: [window], since: Math.max(createdAt ?? now, earliest) };
  },

  run: async (item, book) => {
    const { context, now, key } = book.change;
    const createdAt = datedAt(item.createdAt, 'createdAt', now, context.idempotencyWindowMs);
    const counted = repeated(item, book) ?? (await count(item, createdAt, book));
    return (parts) => ({ usage: acknowledged(key.customerId, counted, parts) });
  },
};

function repeated({ idempotencyKey, contentHash }: UsageItem, book: CustomerBook): Counted | undefined {
  const known = idempotencyKey === null ? undefined : book.remembered(operation, idempotencyKey);
  if (!known) return undefined;
  if (known.contentHash !== contentHash) throw keyConflict(idempotencyKey);
  const stored = known.result as StoredResult;
  const window = book.scopes.window(book.scopes.of(stored.resourceId), stored.featureId);
  const charge = stored.wallet ? { wallet: stored.wallet, consumed: 0n, totals: book.totals(stored.wallet) } : null;
  return { stored, isDuplicate: true, window, counter: book.counter(window), charge };
}

async function count(item: UsageItem, createdAt: number, book: CustomerBook): Promise<Counted> {
  const { featureId, resourceId, dimensions, idempotencyKey, contentHash, customerId } = item;
  const { context, now } = book.change;
  assertReportable(book.standing.catalog, featureId);
  const scope = book.scopes.counting(featureId, resourceId);
  const window = book.scopes.window(scope, featureId);
  const measurementId = context.randomId();
  const charge = await book.attempt(async () => {
    const usage = await book.count(window, { ...item, measurementId, createdAt });
    return book.charge({ featureId, resourceId, usage, dimensions, consumptionId: measurementId, at: createdAt });
  });
  const stored: StoredResult = {
    measurementId,
    featureId,
    resourceId: scope.resourceId,
    value: formatAmount(item.value),
    createdAt,
    storedAt: now,
    wallet: charge?.wallet ?? null,
  };
  if (idempotencyKey !== null) {
    book.remember({ customerId, operation, key: idempotencyKey, contentHash, result: stored });
  }
  return { stored, isDuplicate: false, window, counter: book.counter(window), charge };
}

/**
 * The numbers are those right after this item. The parts for the caller's cache are those of the whole transaction: two
 * values under one version could not be told apart.
 */
function acknowledged(
  customerId: string,
  { stored, isDuplicate, window, counter, charge }: Counted,
  parts: BookParts,
): ReportUsageAckWire {
  const { measurementId, featureId, resourceId, value, createdAt, storedAt } = stored;
  const after = usageToWire(parts.usageAt(counter));
  return {
    measurementId,
    customerId,
    featureId,
    resourceId,
    value,
    currentUsage: after.currentUsage,
    usagePeriodStart: after.usagePeriodStart,
    usagePeriodEnd: after.usagePeriodEnd,
    createdAt: toIso(createdAt),
    timestamp: toIso(storedAt),
    isDuplicate,
    counter: usageToWire(parts.usage(window) ?? parts.usageAt(counter)),
    credit: charge && creditAck(customerId, charge, parts),
  };
}
