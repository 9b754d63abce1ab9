import { isTollgateError, snapshotToWire } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { customerIds, resourceIds } from './history-step.js';

/** One environment that a history is played in. */
export interface World {
  name: string;
  /** Those of one database wait for each other. */
  database: string;
  environment: EnvironmentEngine;
  /** Whether time's work is done as time passes, rather than when something is asked for. */
  isSwept: boolean;
}

/** What came of an action: what was returned, or the error that a caller sees. Anything else is a defect, and thrown. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { done: comparable(await work()) };
  } catch (error) {
    if (!isTollgateError(error) || error.code === 'INTERNAL') throw error;
    return { refused: error.code, field: error.field };
  }
}

/** What can be seen of the customers at an instant without anything being written: it follows from what was asked for. */
export async function viewOf({ environment }: World, now: number): Promise<unknown> {
  const customers = customerIds.map(async (customerId) => ({
    snapshots: (await environment.snapshots(customerId, [null, ...resourceIds], now)).map(snapshotToWire),
    customer: await outcomeOf(() => environment.customer(customerId, now)),
    promotions: await outcomeOf(() => environment.promotionalEntitlements(customerId, now)),
  }));
  return comparable(await Promise.all(customers));
}

/** Every subscription there ever was. A list does first what is due, so it is asked for where that changes nothing. */
export async function listOf({ environment }: World, now: number): Promise<unknown> {
  return comparable(await environment.subscriptions({ filter: null, page: { limit: 100 } }, now));
}

/** What was told of each customer, in its order. */
export async function eventsOf({ environment }: World): Promise<unknown> {
  const told: Record<string, unknown[]> = {};
  let after: string | null = null;
  for (;;) {
    const { events, next } = await environment.events({ after, limit: 1000 });
    if (events.length === 0) return told;
    for (const { type, timestamp, customerId, entity } of events) {
      const key = customerId ?? 'catalog';
      told[key] = [...(told[key] ?? []), comparable({ type, timestamp, entity })];
    }
    after = next ?? null;
  }
}

// Made anew in each world, or raised by the sweeper: ids that nobody gave, and versions.
const ownFields = new Set(['version', 'id', 'measurementId', 'prev', 'next', 'cursor', 'nextCursor']);

function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (name, each) => {
    if (ownFields.has(name)) return undefined;
    return typeof each === 'bigint' ? String(each) : each instanceof Map ? [...each] : each;
  });
  return text === undefined ? null : JSON.parse(text);
}
