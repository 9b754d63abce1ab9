import { assertCustomerId, assertId, type Snapshot, TollgateError } from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import { scopeGrants, standingVersion } from './entitlement/grants.js';
import { type CounterWindow, scopeWindows } from './entitlement/scope-windows.js';
import type { Standing } from './entitlement/standing.js';
import { walletParts } from './entitlement/wallet-parts.js';
import { loadStanding } from './standing.js';
import type { Queryable } from './storage/database.js';
import { type CustomerKey, foldWindows, readWindows } from './storage/usage-store.js';
import { type Counter, emptyCounter, usagePartOf } from './usage/counter.js';
import { isSameWindow } from './usage/usage-window.js';

const resourceIdsMax = 100;

/** All as of one state of the database and one instant, in the order asked; null stands for the customer's own. */
export async function readSnapshots(
  context: EngineContext,
  key: CustomerKey,
  resourceIds: readonly (string | null)[],
  now: number,
): Promise<Snapshot[]> {
  assertCustomerId(key.customerId);
  if (resourceIds.length < 1 || resourceIds.length > resourceIdsMax) {
    const message = `resourceIds must have 1 to ${resourceIdsMax} entries`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field: 'resourceIds' });
  }
  resourceIds.forEach((id, index) => {
    if (id !== null) assertId(id, `resourceIds[${index}]`);
  });
  return context.database.transaction(
    async (tx) => snapshotsOf(tx, key, await loadStanding(context, tx, key, resourceIds, now), resourceIds, now),
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** The snapshots that a standing gives. Reads counters and writes nothing: what is not stored is folded on the way. */
export async function snapshotsOf(
  db: Queryable,
  key: CustomerKey,
  standing: Standing,
  resourceIds: readonly (string | null)[],
  now: number,
): Promise<Snapshot[]> {
  const instant = Math.max(now, standing.lastNow);
  const scopes = resourceIds.map((resourceId) => scopeGrants(standing, resourceId));
  const windows = scopes.map((scope) => scopeWindows(scope, instant));
  const counters = await readOrFold(db, key, windows.flat());
  return scopes.map(({ resourceId, grants }, index) => {
    const usage = (windows[index] ?? []).map((window) =>
      usagePartOf(counterIn(counters, window), standingVersion(standing), standing.held),
    );
    return {
      customerId: key.customerId,
      resourceId,
      grants,
      usage: new Map(usage.map((part) => [part.featureId, part])),
      wallets: new Map(walletParts(standing, resourceId).map((part) => [part.currency.currencyId, part])),
    };
  });
}

/** Counters by window; those that no report has stored yet are folded from their rows. */
export async function readOrFold(
  db: Queryable,
  key: CustomerKey,
  windows: readonly CounterWindow[],
): Promise<Counter[]> {
  const stored = await readWindows(db, key, windows);
  const missing = windows.filter((window) => !stored.some((counter) => isSameCounter(counter, window)));
  return [...stored, ...(await foldWindows(db, key, missing))];
}

function counterIn(counters: readonly Counter[], window: CounterWindow): Counter {
  const counter = counters.find((candidate) => isSameCounter(candidate, window));
  return counter ?? emptyCounter(window);
}

export function isSameCounter(a: CounterWindow, b: CounterWindow): boolean {
  const isOfSameFold = a.aggregation === b.aggregation && isSameWindow(a, b);
  return a.featureId === b.featureId && a.resourceId === b.resourceId && isOfSameFold;
}
