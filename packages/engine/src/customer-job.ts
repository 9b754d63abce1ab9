import { type HotOperationInput, type HotOperationResultWire, TollgateError } from '@tollgate/contract';
import type { BookParts } from './book-parts.js';
import type { Catalog } from './catalog/catalog.js';
import type { CustomerBook } from './customer-book.js';
import type { CustomerScopes } from './customer-scopes.js';
import type { RunningWindow } from './entitlement/scope-windows.js';
import type { ItemKey, RememberedRow } from './storage/idempotency-store.js';
import { type ConsumptionItem, readConsumptionItem } from './usage/consumption-item.js';
import { itemError } from './usage/item-input.js';
import type { Reservation } from './usage/reservation.js';
import {
  type ExtendRequest,
  type ReservationRef,
  type ReserveRequest,
  readExtend,
  readRelease,
  readReserve,
  readSettle,
  type SettleRequest,
} from './usage/reservation-input.js';
import { readUsageItem, type UsageItem } from './usage/usage-item.js';

/** One thing that is asked of a customer's numbers, checked as far as that goes without knowing the customer. */
export type CustomerJob =
  | { kind: 'report'; item: UsageItem }
  | { kind: 'consume'; item: ConsumptionItem }
  | { kind: 'reserve'; item: ReserveRequest }
  | { kind: 'settle'; item: SettleRequest }
  | { kind: 'release'; item: ReservationRef }
  | { kind: 'extend'; item: ExtendRequest };

/** The answer to one job; exactly one of its fields is not null. */
export type HotAnswer = Omit<HotOperationResultWire, 'isRunning'>;

/** What is read before a job's kind of work can begin. */
export interface JobNeeds {
  keys: ItemKey[];
  reservationIds: string[];
  /** Of what is reserved for a request: what else was reserved under its key. */
  requestKeys: string[];
  resourceIds: (string | null)[];
}

/** What the jobs of a transaction find when they look for the counters that they need. */
export interface JobSight {
  now: number;
  /** Nothing that is reported may be dated before. */
  earliest: number;
  catalog: Catalog;
  scopes: CustomerScopes;
  remembered(operation: string, key: string): RememberedRow | undefined;
  reservation(reservationId: string): Reservation | undefined;
  /** The counters of a reservation that is there. */
  reservedWindows(reservationId: string): RunningWindow[];
}

/** How one kind of job is done. */
export interface JobKind<Item> {
  needs(item: Item): Partial<JobNeeds>;
  /** Every counter that the job may ask for, and the earliest date that it may count at. */
  windows(item: Item, sight: JobSight): { windows: RunningWindow[]; since?: number };
  /** Does the job in the book, all of it or (when it rejects) nothing; answers once everything is written. */
  run(item: Item, book: CustomerBook): Promise<(parts: BookParts) => Partial<HotAnswer>>;
}

/** Reads one operation. Rejects with INVALID_ARGUMENT that names the field. */
export function readHotOperation(input: HotOperationInput): CustomerJob {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  if (given.length !== 1) {
    const message = `exactly one of ${operations.join(', ')} must be given`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field: 'operation' });
  }
  if (input.reportUsage) return { kind: 'report', item: readUsageItem(input.reportUsage) };
  if (input.consumeCredits) return { kind: 'consume', item: readConsumptionItem(input.consumeCredits) };
  if (input.reserve) return { kind: 'reserve', item: readReserve(input.reserve) };
  if (input.settle) return { kind: 'settle', item: readSettle(input.settle) };
  if (input.release) return { kind: 'release', item: readRelease(input.release) };
  return { kind: 'extend', item: readExtend(input.extend as NonNullable<HotOperationInput['extend']>) };
}

const operations: readonly (keyof HotOperationInput)[] = [
  'reportUsage',
  'consumeCredits',
  'reserve',
  'settle',
  'release',
  'extend',
];

export function answerOf(answer: Partial<HotAnswer>): HotAnswer {
  return { error: null, usage: null, consumption: null, reservation: null, ...answer };
}

export const refusedJob = (error: unknown): HotAnswer => answerOf({ error: itemError(error) });
