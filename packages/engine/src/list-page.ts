import { createHash } from 'node:crypto';
import { invalidArgument, type PageInput, TollgateError } from '@tollgate/contract';

const limits = { usual: 20, max: 100 };

/** Which page of a list was asked for. */
export interface AskedPage {
  limit: number;
  /** Null begins at the beginning. */
  place: CursorPlace | null;
  direction: 'after' | 'before';
}

export interface Pagination {
  /** Null at the end. */
  next: string | null;
  /** Null at the beginning. */
  prev: string | null;
}

/** Where a page of a list begins or ends: lists are ordered by an instant, then by id. */
export interface CursorPlace {
  at: number;
  id: string;
}

/** A cursor belongs to the list that it came from: the same environment, asked the same question. */
export function formatListCursor(list: object, { at, id }: CursorPlace): string {
  return Buffer.from(JSON.stringify([listMark(list), at, id])).toString('base64url');
}

/** Rejects with INVALID_ARGUMENT naming `field` for what is no cursor, or one of another list. */
export function parseListCursor(list: object, cursor: string, field: string): CursorPlace {
  const [mark, at, id] = decoded(cursor);
  if (typeof mark !== 'string' || !Number.isSafeInteger(at) || typeof id !== 'string') {
    throw new TollgateError('INVALID_ARGUMENT', `${field} is not a cursor that a list gave`, {
      field,
    });
  }
  if (mark !== listMark(list)) {
    const message = `${field} is the cursor of another list: of another environment, or asked for with another filter`;
    throw new TollgateError('INVALID_ARGUMENT', message, { field });
  }
  return { at: at as number, id };
}

const listMark = (list: object): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12);

function decoded(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) && value.length === 3 ? value : [];
  } catch {
    return [];
  }
}

/** Rejects with INVALID_ARGUMENT, naming the field; `list` is all that tells one list from another. */
export function readPage(list: object, { limit, after, before }: PageInput): AskedPage {
  const count = limit ?? limits.usual;
  if (!Number.isInteger(count) || count < 1 || count > limits.max) {
    throw invalidArgument('page.limit', `must be a whole number from 1 to ${limits.max}`);
  }
  if (after != null && before != null)
    throw invalidArgument('page.before', 'must not be given together with page.after');
  const direction = before == null ? ('after' as const) : ('before' as const);
  const cursor = after ?? before ?? null;
  const place = cursor === null ? null : parseListCursor(list, cursor, `page.${direction}`);
  return { limit: count, place, direction };
}

/** Reads rows next to a place in a list, or from its beginning; the nearest first. */
export type ReadRows<T> = (
  from: { place: CursorPlace | null; direction: AskedPage['direction'] },
  limit: number,
) => Promise<T[]>;

/** The page of a list that is read row by row; in one transaction, so that what lies before and behind it fits. */
export async function pageFrom<T>(
  list: object,
  { limit, place, direction }: AskedPage,
  read: ReadRows<T>,
  placeOf: (item: T) => CursorPlace,
): Promise<{ data: T[]; pagination: Pagination }> {
  // One more than asked for tells whether the list goes on.
  const rows = await read({ place, direction }, limit + 1);
  const data = rows.slice(0, limit);
  const hasFurther = rows.length > limit;
  if (direction === 'before') data.reverse();
  const [first, last] = [data[0], data.at(-1)];
  const behind = direction === 'after' ? first : last;
  const back = direction === 'after' ? 'before' : 'after';
  const isBehind = behind && place ? (await read({ place: placeOf(behind), direction: back }, 1)).length > 0 : false;
  const [hasNext, hasPrev] = direction === 'after' ? [hasFurther, isBehind] : [isBehind, hasFurther];
  return {
    data,
    pagination: {
      next: last && hasNext ? formatListCursor(list, placeOf(last)) : null,
      prev: first && hasPrev ? formatListCursor(list, placeOf(first)) : null,
    },
  };
}

/** The page of a list that is in memory whole, newest first and then by id. */
export function pageOf<T>(
  list: object,
  items: readonly T[],
  { limit, place, direction }: AskedPage,
  placeOf: (item: T) => CursorPlace,
): { data: T[]; pagination: Pagination } {
  const order = (a: CursorPlace, b: CursorPlace) => b.at - a.at || (a.id < b.id ? -1 : Number(a.id > b.id));
  const sorted = [...items].sort((a, b) => order(placeOf(a), placeOf(b)));
  const isBeyond = (item: T) => place === null || order(placeOf(item), place) * (direction === 'after' ? 1 : -1) > 0;
  const beyond = sorted.filter(isBeyond);
  const data = direction === 'after' ? beyond.slice(0, limit) : beyond.slice(-limit);
  const [first, last] = [data[0], data.at(-1)];
  return {
    data,
    pagination: {
      next: last && last !== sorted.at(-1) ? formatListCursor(list, placeOf(last)) : null,
      prev: first && first !== sorted[0] ? formatListCursor(list, placeOf(first)) : null,
    },
  };
}
