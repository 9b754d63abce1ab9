import { TollgateError } from '@tollgate/contract';
import { openCounterBook } from './counter-book.js';
import { type CustomerChange, changeVersion, recordChange, standingBefore, underLock } from './customer-change.js';
import type { EngineContext } from './engine-context.js';
import { scopeGrants } from './entitlement/grants.js';
import { counterWindow, countingScope, type RunningWindow } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
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
  value: bigint;
  distinctValue: string | null;
}

async function applyUnderLock(change: CustomerChange): Promise<number> {
  const { context, tx, key, now, revision } = change;
  const events = await readEvents(tx, key, eventsPerTransaction);
  if (events.length === 0) return 0;
  const standing = await standingBefore(
    change,
    events.map((event) => event.resourceId),
  );
  const contributions = contributionsOf(standing, events, now);
  const windows = contributions.map(({ window }) => window);
  const since = Math.min(...events.map((event) => event.happenedAt), now);
  const book = await openCounterBook(tx, windows, { key, revision, now, since });
  for (const { event, window, value, distinctValue } of contributions) {
    const { happenedAt: createdAt, dimensions } = event;
    try {
      const measured = { behavior: 'DELTA' as const, value, distinctValue, createdAt, dimensions };
      await book.count(window, { ...measured, measurementId: context.randomId() });
    } catch (error) {
      // One event that no counter can take must not keep all later ones from being counted.
      if (!(error instanceof TollgateError) || error.code !== 'INVALID_ARGUMENT') throw error;
      context.onError(error);
    }
  }
  await book.save();
  await deleteEvents(
    tx,
    key,
    events.map((event) => event.id),
  );
  const version = changeVersion(change, standing);
  await recordChange(change, { usage: book.changesOf(key.customerId, windows, version, standing.held) });
  return events.length;
}

function contributionsOf(standing: Standing, events: readonly AcceptedEventRow[], now: number): Contribution[] {
  const scopes = new Map([null, ...standing.resourceIds].map((id) => [id, scopeGrants(standing, id)]));
  const customer = scopeGrants(standing, null);
  return events.flatMap((event) =>
    eventContributions(standing.catalog, event).map(({ featureId, ...measured }) => {
      const scope = countingScope(customer, scopes.get(event.resourceId) ?? null, featureId);
      return { event, ...measured, window: counterWindow(scope, featureId, now) };
    }),
  );
}
