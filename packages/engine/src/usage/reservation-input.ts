import {
  type Amount,
  assertCustomerId,
  assertId,
  type ExtendInput,
  formatAmount,
  parseAmount,
  type ReleaseInput,
  type ReserveInput,
  type SettleInput,
} from '@tollgate/contract';
import { hasUnstorableText } from '../catalog/json.js';
import { contentHash, type Dimensions, invalid, readDimensions } from './item-input.js';

const itemsMax = 20;
const ttlMsMin = 1_000;
const ttlMsMax = 86_400_000;
const defaultTtlMs = 60_000;

/** What one item asks for: usage of a feature or credits of a currency. Exactly one of the ids is not null. */
export interface AskedItem {
  featureId: string | null;
  currencyId: string | null;
  resourceId: string | null;
  /** 0 or more. */
  amount: Amount;
  dimensions: Dimensions | null;
}

/** Which reservation an operation is about. */
export interface ReservationRef {
  customerId: string;
  reservationId: string;
}

export interface ReserveRequest extends ReservationRef {
  items: AskedItem[];
  ttlMs: number;
  /** Of the items: how long they are to be held is no part of what is asked for. */
  contentHash: string;
  /** The client's request that it is for; null where a repeated one is not told from a new one. */
  request: ReservedRequest | null;
}

/** What a client's request is told by when it comes again. */
export interface ReservedRequest {
  key: string;
  /** Another one under the same key is another request. */
  fingerprint: string;
}

export interface SettleRequest extends ReservationRef {
  /** By the place of the item in the reservation. */
  amounts: ReadonlyMap<number, Pick<AskedItem, 'amount' | 'dimensions'>>;
}

export interface ExtendRequest extends ReservationRef {
  ttlMs: number;
}

export function readReserve(input: ReserveInput): ReserveRequest {
  if (input.items.length < 1 || input.items.length > itemsMax)
    throw invalid('items', `must have 1 to ${itemsMax} items`);
  const items = input.items.map((item, index): AskedItem => {
    const at = `items[${index}]`;
    const { featureId = null, currencyId = null, resourceId = null } = item;
    if ((featureId === null) === (currencyId === null))
      throw invalid(at, 'must name a featureId or a currencyId, not both');
    if (featureId !== null) assertId(featureId, `${at}.featureId`);
    if (currencyId !== null) assertId(currencyId, `${at}.currencyId`);
    if (resourceId !== null) assertId(resourceId, `${at}.resourceId`);
    return { featureId, currencyId, resourceId, ...readAmount(item, at) };
  });
  const content = items.map((item) => ({ ...item, amount: formatAmount(item.amount) }));
  return {
    ...readReservationRef(input),
    items,
    ttlMs: readTtl(input.ttlMs),
    contentHash: contentHash({ items: content }),
    request: input.request ? readRequest(input.request) : null,
  };
}

export function readSettle(input: SettleInput): SettleRequest {
  const amounts = new Map<number, Pick<AskedItem, 'amount' | 'dimensions'>>();
  for (const [index, settled] of (input.amounts ?? []).entries()) {
    const at = `amounts[${index}]`;
    if (!Number.isInteger(settled.item) || settled.item < 0)
      throw invalid(`${at}.item`, 'must be the place of an item, from 0');
    if (amounts.has(settled.item)) throw invalid(`${at}.item`, 'names an item for the second time');
    amounts.set(settled.item, readAmount(settled, at));
  }
  return { ...readReservationRef(input), amounts };
}

export function readRelease(input: ReleaseInput): ReservationRef {
  return readReservationRef(input);
}

export function readExtend(input: ExtendInput): ExtendRequest {
  return { ...readReservationRef(input), ttlMs: readTtl(input.ttlMs) };
}

export function readReservationRef({ customerId, reservationId }: ReservationRef): ReservationRef {
  assertCustomerId(customerId);
  return { customerId, reservationId: readName(reservationId, 'reservationId') };
}

function readRequest({ key, fingerprint }: ReservedRequest): ReservedRequest {
  return { key: readName(key, 'request.key'), fingerprint: readName(fingerprint, 'request.fingerprint') };
}

function readName(text: string, field: string): string {
  if (typeof text !== 'string' || text.length === 0) throw invalid(field, 'must not be empty');
  if (text.length > 255) throw invalid(field, 'must have at most 255 characters');
  if (hasUnstorableText(text)) throw invalid(field, 'must not hold NUL characters or halves of characters');
  return text;
}

function readAmount(
  { amount, dimensions }: { amount: number | string; dimensions?: unknown },
  at: string,
): Pick<AskedItem, 'amount' | 'dimensions'> {
  const read = parseAmount(amount, `${at}.amount`);
  if (read < 0n) throw invalid(`${at}.amount`, 'must not be below 0');
  return { amount: read, dimensions: readDimensions(dimensions) };
}

function readTtl(ttlMs: number | null | undefined): number {
  if (ttlMs === null || ttlMs === undefined) return defaultTtlMs;
  if (Number.isInteger(ttlMs) && ttlMs >= ttlMsMin && ttlMs <= ttlMsMax) return ttlMs;
  throw invalid('ttlMs', `must be a whole number from ${ttlMsMin} to ${ttlMsMax}`);
}
