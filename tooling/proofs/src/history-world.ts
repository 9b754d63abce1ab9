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

/** Every grant of credits there ever was, and what happened to them. */
export async function creditsOf({ environment }: World, now: number): Promise<unknown> {
  const page = { limit: 100 };
  const found: unknown[] = [];
  for (const customerId of customerIds) {
    for (const resourceId of [null, ...resourceIds]) {
      const { data } = await environment.creditGrants({ filter: { customerId, resourceId }, page }, now);
      const { data: ledger } = await environment.creditLedger({ filter: { customerId, resourceId }, page }, now);
      found.push({ customerId, resourceId, grants: data, ledger });
    }
  }
  return comparable(found);
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
const ownFields = new Set(['version', 'id', 'eventId', 'measurementId', 'prev', 'next', 'cursor', 'nextCursor']);

// A debt has an id of chance; what is given by time or by a step of the history has none.
const madeGrant = /^grant-[0-9a-f]{8}-[0-9a-f-]{27}$/;

function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (name, each) => {
    if (ownFields.has(name)) return undefined;
    if (typeof each === 'string' && madeGrant.test(each)) return 'made';
    return typeof each === 'bigint' ? String(each) : each instanceof Map ? [...each] : each;
  });
  return text === undefined ? null : JSON.parse(text);
}
