import {
  type ConsumeCreditsInput,
  invalidArgument,
  type ReportEventInput,
  type ReportEventResultWire,
  TollgateError,
} from '@tollgate/contract';
import { assertCurrency } from './credit/grant-request.js';
import type { EngineContext } from './engine-context.js';
import type { Queryable } from './storage/database.js';
import { readCatalogNumber } from './storage/environment-store.js';
import { insertAccepted, knownCustomers, type NewAcceptedRow } from './storage/event-store.js';
import { type ItemKey, type RememberedRow, readKeys, takeKeys } from './storage/idempotency-store.js';
import { consumptionOperation, readConsumptionItem } from './usage/consumption-item.js';
import { readEventItem } from './usage/event-item.js';
import { aheadMaxMs, datedAt, itemError, keyConflict } from './usage/item-input.js';

const itemsMax = 1000;

/** What became of a batch, item by item, and who has something to apply. */
export interface Accepted {
  results: ReportEventResultWire[];
  customerIds: string[];
}

/** An item that may be stored, with its place in the batch. */
interface Candidate extends RememberedRow {
  row: NewAcceptedRow;
  place: number;
}

type ReadItem = Omit<Candidate, 'place' | 'result'>;

/**
 * Accepts events: the batch and its keys are stored in one transaction, whatever its customers. Counters change when the
 * events are applied, customer by customer.
 */
export function acceptEvents(
  context: EngineContext,
  environmentId: string,
  events: readonly ReportEventInput[],
  now: number,
): Promise<Accepted> {
  return accept(context, environmentId, { field: 'events', items: events, now }, (input): ReadItem => {
    const { timestamp, idempotencyKey: key, contentHash, ...item } = readEventItem(input);
    const happenedAt = datedAt(timestamp, 'timestamp', now, context.idempotencyWindowMs);
    // The name belongs to the operation, so a key may come again with another event.
    const operation = `event:${item.eventName}`;
    return { customerId: item.customerId, operation, key, contentHash, row: { ...item, happenedAt } };
  });
}

/** Accepts consumptions of credits in the same way. Their keys are those of `consumeCredits`, whichever way they come in. */
export async function acceptConsumptions(
  context: EngineContext,
  environmentId: string,
  consumptions: readonly ConsumeCreditsInput[],
  now: number,
): Promise<Accepted> {
  const { database, catalogs } = context;
  const catalog = await catalogs.read(database, environmentId, await readCatalogNumber(database, environmentId));
  const batch = { field: 'consumptions', items: consumptions, now };
  return accept(context, environmentId, batch, (input): ReadItem => {
    const { createdAt, idempotencyKey: key, contentHash, ...item } = readConsumptionItem(input);
    assertCurrency(catalog, item.currencyId);
    const happenedAt = datedAt(createdAt, 'createdAt', now, context.idempotencyWindowMs);
    const row = { ...item, dimensions: item.dimensions ?? {}, happenedAt };
    return { customerId: item.customerId, operation: consumptionOperation, key, contentHash, row };
  });
}

async function accept<Input>(
  context: EngineContext,
  environmentId: string,
  { field, items, now }: { field: string; items: readonly Input[]; now: number },
  read: (input: Input) => ReadItem,
): Promise<Accepted> {
  if (items.length < 1 || items.length > itemsMax) throw invalidArgument(field, `must have 1 to ${itemsMax} items`);
  const results: ReportEventResultWire[] = [];
  const candidates = items.flatMap((input, place): Candidate[] => {
    try {
      return [{ ...read(input), result: null, place }];
    } catch (error) {
      results[place] = refused(error);
      return [];
    }
  });
  // An item may be dated a little ahead, so its key must outlive the window by as much.
  const times = { now, expiresAt: now + context.idempotencyWindowMs + aheadMaxMs };
  const stored = await context.database.transaction((tx) => storeBatch(tx, environmentId, candidates, results, times));
  return { results, customerIds: [...new Set(stored.map(({ customerId }) => customerId))] };
}

/** Fills in the results of the candidates, and returns those that are new. */
async function storeBatch(
  tx: Queryable,
  environmentId: string,
  candidates: readonly Candidate[],
  results: ReportEventResultWire[],
  times: { now: number; expiresAt: number },
): Promise<Candidate[]> {
  const { now } = times;
  const customers = await knownCustomers(tx, environmentId, [
    ...new Set(candidates.map(({ customerId }) => customerId)),
  ]);
  const firsts = new Map<string, Candidate>();
  for (const item of candidates) {
    if (!customers.has(item.customerId)) {
      const message = `there is no customer ${item.customerId}`;
      results[item.place] = refused(new TollgateError('CUSTOMER_NOT_FOUND', message, { field: 'customerId' }));
    } else if (!firsts.has(identity(item))) firsts.set(identity(item), item);
  }
  const keys = [...firsts.values()].map(({ row: _row, place: _place, ...key }) => key);
  const taken = new Set((await takeKeys(tx, environmentId, keys, times)).map(identity));
  const known = keys.filter((key) => !taken.has(identity(key)));
  const remembered = new Map((await readKeys(tx, environmentId, known, now)).map((row) => [identity(row), row]));

  const fresh: Candidate[] = [];
  for (const item of candidates.filter(({ customerId }) => customers.has(customerId))) {
    const first = firsts.get(identity(item));
    if (item === first && taken.has(identity(item))) {
      fresh.push(item);
      results[item.place] = { isStored: true, isDuplicate: false, error: null };
      continue;
    }
    const before = remembered.get(identity(item)) ?? first;
    const isSame = before?.contentHash === item.contentHash;
    results[item.place] = isSame ? { isStored: true, isDuplicate: true, error: null } : refused(keyConflict(item.key));
  }
  const rows = fresh.map(({ row }) => row);
  await insertAccepted(tx, environmentId, rows, now);
  return fresh;
}

function identity({ customerId, operation, key }: ItemKey): string {
  return JSON.stringify([customerId, operation, key]);
}

function refused(error: unknown): ReportEventResultWire {
  return { isStored: false, isDuplicate: false, error: itemError(error) };
}
