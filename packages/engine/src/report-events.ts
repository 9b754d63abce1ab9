import { type ReportEventInput, type ReportEventResultWire, TollgateError } from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import { insertEvents, knownCustomers } from './storage/event-store.js';
import { type ItemKey, type RememberedRow, readKeys, takeKeys } from './storage/idempotency-store.js';
import { type EventItem, readEventItem } from './usage/event-item.js';
import { aheadMaxMs, datedAt, itemError } from './usage/item-input.js';

const eventsMax = 1000;

/** An event that may be stored, with its place in the batch. */
interface Candidate extends RememberedRow {
  item: EventItem;
  happenedAt: number;
  place: number;
}

/**
 * Accepts events: the batch and its keys are stored in one transaction, whatever its customers. Counters change when the
 * events are applied, customer by customer. Returns who has something to apply.
 */
export async function acceptEvents(
  context: EngineContext,
  environmentId: string,
  events: readonly ReportEventInput[],
  now: number,
): Promise<{ results: ReportEventResultWire[]; customerIds: string[] }> {
  if (events.length < 1 || events.length > eventsMax) {
    throw new TollgateError('INVALID_ARGUMENT', `events must have 1 to ${eventsMax} items`, { field: 'events' });
  }
  const results: ReportEventResultWire[] = [];
  const read = events.flatMap((input, place) => {
    try {
      return [candidate(context, readEventItem(input), place, now)];
    } catch (error) {
      results[place] = refusedEvent(error);
      return [];
    }
  });
  const stored = await context.database.transaction((tx) => storeBatch(context, tx, environmentId, read, results, now));
  return { results, customerIds: [...new Set(stored.map(({ customerId }) => customerId))] };
}

function candidate(context: EngineContext, item: EventItem, place: number, now: number): Candidate {
  return {
    item,
    place,
    happenedAt: datedAt(item.timestamp, 'timestamp', now, context.idempotencyWindowMs),
    customerId: item.customerId,
    // The name belongs to the operation, so a key may come again with another event.
    operation: `event:${item.eventName}`,
    key: item.idempotencyKey,
    contentHash: item.contentHash,
    result: null,
  };
}

/** Fills in the results of the candidates, and returns those that are new. */
async function storeBatch(
  context: EngineContext,
  tx: Parameters<typeof takeKeys>[0],
  environmentId: string,
  read: readonly Candidate[],
  results: ReportEventResultWire[],
  now: number,
): Promise<Candidate[]> {
  const customers = await knownCustomers(tx, environmentId, [...new Set(read.map(({ customerId }) => customerId))]);
  const firsts = new Map<string, Candidate>();
  for (const event of read) {
    if (!customers.has(event.customerId)) {
      const message = `there is no customer ${event.customerId}`;
      results[event.place] = refusedEvent(new TollgateError('CUSTOMER_NOT_FOUND', message, { field: 'customerId' }));
    } else if (!firsts.has(identity(event))) firsts.set(identity(event), event);
  }
  const rows = [...firsts.values()].map(({ item, happenedAt, place, ...row }) => row);
  // An event may be dated a little ahead, so its key must outlive the window by as much.
  const expiresAt = now + context.idempotencyWindowMs + aheadMaxMs;
  const taken = new Set((await takeKeys(tx, environmentId, rows, { now, expiresAt })).map(identity));
  const known = rows.filter((row) => !taken.has(identity(row)));
  const remembered = new Map((await readKeys(tx, environmentId, known, now)).map((row) => [identity(row), row]));

  const fresh: Candidate[] = [];
  for (const event of read.filter(({ customerId }) => customers.has(customerId))) {
    const first = firsts.get(identity(event));
    if (event === first && taken.has(identity(event))) {
      fresh.push(event);
      results[event.place] = { isStored: true, isDuplicate: false, error: null };
      continue;
    }
    const before = remembered.get(identity(event)) ?? first;
    const isSame = before?.contentHash === event.contentHash;
    results[event.place] = isSame
      ? { isStored: true, isDuplicate: true, error: null }
      : refusedEvent(keyConflict(event.key));
  }
  await insertEvents(
    tx,
    environmentId,
    fresh.map(({ item, happenedAt }) => ({ ...item, happenedAt })),
    now,
  );
  return fresh;
}

function identity({ customerId, operation, key }: ItemKey): string {
  return JSON.stringify([customerId, operation, key]);
}

function keyConflict(key: string): TollgateError {
  const message = `idempotencyKey ${key} came before with other content`;
  return new TollgateError('IDEMPOTENCY_CONFLICT', message, { field: 'idempotencyKey' });
}

function refusedEvent(error: unknown): ReportEventResultWire {
  return { isStored: false, isDuplicate: false, error: itemError(error) };
}
