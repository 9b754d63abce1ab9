import { TollgateError } from '@tollgate/contract';
import type { Catalog } from './catalog/catalog.js';
import { type CustomerBook, openCustomerBook } from './customer-book.js';
import { type CustomerChange, standingBefore } from './customer-change.js';
import { type CustomerScopes, customerScopes } from './customer-scopes.js';
import { underLock } from './customer-turn.js';
import type { EngineContext } from './engine-context.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import { type AcceptedEventRow, customersWithEvents, deleteEvents, readEvents } from './storage/event-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { eventContributions } from './usage/meter.js';

const eventsPerTransaction = 1000;
const customersPerRound = 100;

/** Applies what was accepted for one customer, oldest first, until nothing is left; returns how many events that were. */
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
    if (count < eventsPerTransaction) return applied;
  }
}

/** Applies what any server accepted and none has applied yet; a customer that another one works on is left to it. */
export async function applyBacklog(context: EngineContext, now: number): Promise<number> {
  let applied = 0;
  for (const key of await customersWithEvents(context.database, customersPerRound)) {
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
  const events = await readEvents(tx, key, eventsPerTransaction);
  if (events.length === 0) return 0;
  const standing = await standingBefore(
    change,
    events.map((event) => event.resourceId),
  );
  const scopes = customerScopes(standing, now);
  const contributions = contributionsOf(standing.catalog, scopes, events);
  const windows = contributions.map(({ window }) => window);
  const since = Math.min(...events.map((event) => event.happenedAt), now);
  const book = await openCustomerBook(change, { standing, scopes, keys: [], reservations: [], windows, since });
  for (const contribution of contributions) await apply(book, contribution);
  await deleteEvents(
    tx,
    key,
    events.map((event) => event.id),
  );
  await book.save();
  return events.length;
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

function contributionsOf(
  catalog: Catalog,
  scopes: CustomerScopes,
  events: readonly AcceptedEventRow[],
): Contribution[] {
  return events.flatMap((event) =>
    eventContributions(catalog, event).map((measured) => {
      const { featureId } = measured;
      const window = scopes.window(scopes.counting(featureId, event.resourceId), featureId);
      return { event, window, ...measured };
    }),
  );
}
