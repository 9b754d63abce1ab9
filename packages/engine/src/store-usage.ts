import {
  formatAmount,
  type ReportUsageAckWire,
  type ReportUsageResultWire,
  TollgateError,
  toIso,
  usageToWire,
  type Version,
} from '@tollgate/contract';
import { type CounterBook, openCounterBook } from './counter-book.js';
import { type CustomerChange, changeVersion, recordChange, standingBefore, underLock } from './customer-change.js';
import type { EngineContext } from './engine-context.js';
import { scopeGrants, standingVersion } from './entitlement/grants.js';
import { counterWindow, countingScope, type RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { readKeys, takeKeys } from './storage/idempotency-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { type Counter, usagePartOf } from './usage/counter.js';
import type { Held } from './usage/held.js';
import { aheadMaxMs, datedAt, itemError } from './usage/item-input.js';
import { assertReportable, type UsageItem } from './usage/usage-item.js';

const operation = 'reportUsage';

/** Stores items of one customer in one transaction. Rejects only when the transaction as a whole failed. */
export async function storeUsage(
  context: EngineContext,
  key: CustomerKey,
  items: readonly UsageItem[],
  now: number,
): Promise<ReportUsageResultWire[]> {
  const results = await underLock(context, key, now, (change) => storeUnderLock(change, items));
  if (results) return results;
  const message = `there is no customer ${key.customerId}`;
  return items.map(() => refusedUsage(new TollgateError('CUSTOMER_NOT_FOUND', message, { field: 'customerId' })));
}

/** What is kept with an idempotency key, to answer the same item again. */
interface StoredResult {
  measurementId: string;
  featureId: string;
  resourceId: string | null;
  value: string;
  createdAt: number;
  storedAt: number;
}

/** An item on its way: refused, known already, or to be counted. */
type Plan = Refused | { kind: 'duplicate'; stored: StoredResult; window: RunningWindow } | NewPlan;
type Refused = { kind: 'refused'; result: ReportUsageResultWire };
type NewPlan = { kind: 'new'; item: UsageItem; stored: StoredResult; window: RunningWindow };
/** What came of a plan: the counter is the one right after the item. */
type Outcome = Refused | (Exclude<Plan, Refused> & { counter: Counter });

async function storeUnderLock(change: CustomerChange, items: readonly UsageItem[]): Promise<ReportUsageResultWire[]> {
  const { tx, key, now, revision } = change;
  const standing = await standingBefore(
    change,
    items.map((item) => item.resourceId),
  );
  const plans = await planItems(change, standing, items);
  const windows = plans.flatMap((plan) => (plan.kind === 'refused' ? [] : [plan.window]));
  const since = Math.min(...plans.flatMap((plan) => (plan.kind === 'new' ? [plan.stored.createdAt] : [])), now);
  const book = await openCounterBook(tx, windows, { key, revision, now, since });
  const outcomes = await countPlans(book, plans);

  const counted = outcomes.filter((outcome) => outcome.kind === 'new');
  const version = counted.length > 0 ? changeVersion(change, standing) : standingVersion(standing);
  if (counted.length > 0) {
    await book.save();
    await rememberKeys(change, counted);
    const counters = counted.map(({ window }) => window);
    await recordChange(change, { usage: book.changesOf(key.customerId, counters, version, standing.held) });
  }
  return outcomes.map((outcome) =>
    outcome.kind === 'refused'
      ? outcome.result
      : acknowledged(key.customerId, outcome, book.counter(outcome.window), { version, held: standing.held }),
  );
}

async function countPlans(book: CounterBook, plans: readonly Plan[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const uncountable = new Map<StoredResult, Refused>();
  for (const plan of plans) {
    // A duplicate of an item of this batch that could not be counted shares its fate.
    const refusal = plan.kind === 'refused' ? plan : (uncountable.get(plan.stored) ?? (await countPlan(book, plan)));
    if (refusal && plan.kind === 'new') uncountable.set(plan.stored, refusal);
    if (refusal) outcomes.push(refusal);
    else if (plan.kind !== 'refused') outcomes.push({ ...plan, counter: book.counter(plan.window) });
  }
  return outcomes;
}

async function countPlan(book: CounterBook, plan: Exclude<Plan, Refused>): Promise<Refused | undefined> {
  if (plan.kind === 'duplicate') return undefined;
  const { measurementId, createdAt } = plan.stored;
  try {
    await book.count(plan.window, { ...plan.item, measurementId, createdAt });
    return undefined;
  } catch (error) {
    if (!(error instanceof TollgateError) || error.code !== 'INVALID_ARGUMENT') throw error;
    return { kind: 'refused', result: refusedUsage(error) };
  }
}

async function planItems(change: CustomerChange, standing: Standing, items: readonly UsageItem[]): Promise<Plan[]> {
  const { context, tx, key, now } = change;
  const keys = items.flatMap(({ customerId, idempotencyKey }) =>
    idempotencyKey === null ? [] : [{ customerId, operation, key: idempotencyKey }],
  );
  const remembered = new Map((await readKeys(tx, key.environmentId, keys, now)).map((row) => [row.key, row]));
  const customer = scopeGrants(standing, null);
  const resources = new Map([...standing.resourceIds].map((id) => [id, scopeGrants(standing, id)]));

  return items.map((item): Plan => {
    try {
      const createdAt = datedAt(item.createdAt, 'createdAt', now, context.idempotencyWindowMs);
      const known = item.idempotencyKey === null ? undefined : remembered.get(item.idempotencyKey);
      if (known) {
        if (known.contentHash !== item.contentHash) throw keyConflict(item.idempotencyKey);
        const stored = known.result as StoredResult;
        const scope = stored.resourceId === null ? customer : scopeGrants(standing, stored.resourceId);
        return { kind: 'duplicate', stored, window: counterWindow(scope, stored.featureId, now) };
      }
      assertReportable(standing.catalog, item.featureId);
      const scope = countingScope(customer, resources.get(item.resourceId ?? '') ?? null, item.featureId);
      const stored: StoredResult = {
        measurementId: context.randomId(),
        featureId: item.featureId,
        resourceId: scope.resourceId,
        value: formatAmount(item.value),
        createdAt,
        storedAt: now,
      };
      // The same key a second time in one batch is a duplicate of the first.
      if (item.idempotencyKey !== null) {
        const { customerId, idempotencyKey, contentHash } = item;
        remembered.set(idempotencyKey, { customerId, operation, key: idempotencyKey, contentHash, result: stored });
      }
      return { kind: 'new', item, stored, window: counterWindow(scope, item.featureId, now) };
    } catch (error) {
      return { kind: 'refused', result: refusedUsage(error) };
    }
  });
}

async function rememberKeys(
  { context, tx, key, now }: CustomerChange,
  counted: readonly { stored: StoredResult; item: UsageItem }[],
): Promise<void> {
  const rows = counted.flatMap(({ stored, item }) =>
    item.idempotencyKey === null
      ? []
      : [
          {
            customerId: key.customerId,
            operation,
            key: item.idempotencyKey,
            contentHash: item.contentHash,
            result: stored,
          },
        ],
  );
  // An item may be dated a little ahead, so its key must outlive the window by as much.
  await takeKeys(tx, key.environmentId, rows, { now, expiresAt: now + context.idempotencyWindowMs + aheadMaxMs });
}

/**
 * `counter` is the one after this item. The part for the caller's cache is that of the whole transaction (`latest`): two
 * values under one version could not be told apart.
 */
function acknowledged(
  customerId: string,
  { kind, stored, counter }: Exclude<Outcome, Refused>,
  latest: Counter,
  { version, held }: { version: Version; held: readonly Held[] },
): ReportUsageResultWire {
  const { measurementId, featureId, resourceId, value, createdAt, storedAt } = stored;
  const after = usageToWire(usagePartOf(counter, version, held));
  const ack: ReportUsageAckWire = {
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
    isDuplicate: kind === 'duplicate',
    counter: usageToWire(usagePartOf(latest, version, held)),
    credit: null,
  };
  return { ack, error: null };
}

export function refusedUsage(error: unknown): ReportUsageResultWire {
  return { ack: null, error: itemError(error) };
}

function keyConflict(key: string | null): TollgateError {
  const message = `idempotencyKey ${key} came before with other content`;
  return new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'idempotencyKey' });
}
