import { TollgateError } from '@tollgate/contract';
import type { Catalog } from './catalog/catalog.js';
import { type CustomerBook, openCustomerBook } from './customer-book.js';
import { type CustomerChange } from './customer-change.js';
import { type CustomerScopes, customerScopes } from './customer-scopes.js';
import { underLock } from './customer-turn.js';
import type { EngineContext } from './engine-context.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import { standingBefore } from './standing.js';
import {
  type AcceptedConsumptionRow,
  type AcceptedEventRow,
  type AcceptedRow,
  customersWithAccepted,
  deleteAccepted,
  readAccepted,
} from './storage/event-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { eventContributions } from './usage/meter.js';

const itemsPerTransaction = 1000;
const customersPerRound = 100;

/** Applies what was accepted for one customer, oldest first, until nothing is left; returns how many items that were. */
export async function applyCustomerEvents(
  context: EngineContext,
  key: CustomerKey,
  now: number,
  mode: 'wait' | 'skip locked' = 'wait',
): Promise<number> {
  let applied = 0;
  for (;;) {
    const count = (await underLock(context, key, now, applyUnderLock, mode)) ?? 0;
    applied += count;
    if (count < itemsPerTransaction) return applied;
  }
}

/** Applies what any server accepted and none has applied yet; a customer that another one works on is left to it. */
export async function applyBacklog(context: EngineContext, now: number): Promise<number> {
  let applied = 0;
  for (const key of await customersWithAccepted(context.database, customersPerRound)) {
    applied += await applyCustomerEvents(context, key, now, 'skip locked');
  }
  return applied;
}

interface Contribution {
  event: AcceptedEventRow;
  window: RunningWindow;
  featureId: string;
  value: bigint;
  distinctValue: string | null;
}

async function applyUnderLock(change: CustomerChange): Promise<number> {
  const { tx, key, now } = change;
  const accepted = await readAccepted(tx, key, itemsPerTransaction);
  if (accepted.length === 0) return 0;
  const standing = await standingBefore(
    change,
    accepted.map(({ resourceId }) => resourceId),
  );
  const scopes = customerScopes(standing, now);
  const contributions = contributionsOf(standing.catalog, scopes, accepted);
  const counted = [...contributions.values()].flat();
  const windows = counted.map(({ window }) => window);
  const distinct = counted.flatMap(({ window: { featureId, resourceId }, distinctValue }) =>
    distinctValue === null ? [] : [{ featureId, resourceId, distinctValue }],
  );
  const since = Math.min(...accepted.map(({ happenedAt }) => happenedAt), now);
  const book = await openCustomerBook(change, {
    standing,
    scopes,
    keys: [],
    reservations: [],
    windows,
    since,
    distinct,
  });
  for (const row of accepted) {
    if ('amount' in row) consume(book, row);
    else for (const contribution of contributions.get(row) ?? []) await apply(book, contribution);
  }
  await deleteAccepted(
    tx,
    key,
    accepted.map(({ id }) => id),
  );
  await book.save();
  return accepted.length;
}

async function apply(book: CustomerBook, contribution: Contribution): Promise<void> {
  const { event, featureId, window, value, distinctValue } = contribution;
  const { happenedAt: createdAt, dimensions, resourceId } = event;
  const { context } = book.change;
  const measurementId = context.randomId();
  try {
    await book.attempt(async () => {
      const measured = { behavior: 'DELTA' as const, value, distinctValue, createdAt, dimensions };
      const usage = await book.count(window, { ...measured, measurementId });
      book.charge({ featureId, resourceId, usage, dimensions, consumptionId: measurementId, at: createdAt });
    });
  } catch (error) {
    // One event that no counter can take, or no formula, must not keep all later ones from being counted.
    if (!(error instanceof TollgateError) || error.code !== 'INVALID_ARGUMENT') throw error;
    context.onError(error);
  }
}

/** Its key was taken when it was accepted, so it is new here. What is missing goes to the overdraft. */
function consume(
  book: CustomerBook,
  { currencyId, resourceId, amount, happenedAt: at, dimensions }: AcceptedConsumptionRow,
) {
  const wallet = book.wallet(currencyId, resourceId);
  const consumptionId = book.change.context.randomId();
  book.burn({ wallet, amount, at, featureId: null, consumptionId, dimensions });
}

function contributionsOf(
  catalog: Catalog,
  scopes: CustomerScopes,
  accepted: readonly AcceptedRow[],
): Map<AcceptedRow, Contribution[]> {
  const ofEvent = (event: AcceptedEventRow): Contribution[] =>
    eventContributions(catalog, event).map((measured) => {
      const { featureId } = measured;
      const window = scopes.window(scopes.counting(featureId, event.resourceId), featureId);
      return { event, window, ...measured };
    });
  return new Map(accepted.map((row) => [row, 'eventName' in row ? ofEvent(row) : []]));
}
