import { type FeedPosition, parsePosition } from '@tollgate/contract';

/**
 * A place among the events of an environment. Events are read in windows: what one snapshot of the database saw and an
 * earlier one had not, in the order of their ids. An event that commits late is in a later window, however low its id.
 */
export interface EventPlace {
  /** What had been read before this window; null for the first one. */
  since: FeedPosition | null;
  until: FeedPosition;
  /** The last event read in this window. */
  id: number;
}

export interface EventSource {
  environmentId: string;
  epoch: string;
}

export function formatEventCursor({ environmentId, epoch }: EventSource, { since, until, id }: EventPlace): string {
  return Buffer.from(JSON.stringify([environmentId, epoch, since?.text ?? null, until.text, id])).toString('base64url');
}

/** Undefined for what is no cursor at all. */
export function parseEventCursor(cursor: string): (EventSource & EventPlace) | undefined {
  const [environmentId, epoch, since, until, id] = decoded(cursor);
  if (typeof environmentId !== 'string' || typeof epoch !== 'string' || typeof until !== 'string') return undefined;
  const from = typeof since === 'string' ? parsePosition(since) : null;
  const to = parsePosition(until);
  const isPlace = from !== undefined && to !== undefined && Number.isSafeInteger(id);
  return isPlace ? { environmentId, epoch, since: from, until: to, id: id as number } : undefined;
}

function decoded(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) && value.length === 5 ? value : [];
  } catch {
    return [];
  }
}
