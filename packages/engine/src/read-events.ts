import {
  type EventsQuery,
  type FeedPosition,
  hasReached,
  invalidArgument,
  parsePosition,
  TollgateError,
  toIso,
} from '@tollgate/contract';
import type { EngineContext } from './engine-context.js';
import type { Queryable } from './storage/database.js';
import { readEventWindow, readSnapshotText, type StoredEventRow } from './storage/domain-event-store.js';
import { type EventPlace, formatEventCursor, parseEventCursor } from './storage/event-cursor.js';
import { readEpoch } from './storage/meta-store.js';

export type EventPage = EventsQuery['events'];

const limitMax = 1000;

/**
 * What happened after a cursor, or from the beginning where it is null, in an order in which nothing is missed: whoever
 * follows the cursors reads every event once, also one whose transaction takes long to commit.
 */
export async function readEvents(
  context: EngineContext,
  environmentId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<EventPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw invalidArgument('limit', `must be a whole number from 1 to ${limitMax}`);
  }
  const place = after === null ? null : readCursor(after, environmentId);
  return context.database.transaction(
    async (tx) => {
      // Looked up anew: a restore beneath a running process gives the database another one.
      const epoch = await readEpoch(tx);
      const until = parsePosition(await readSnapshotText(tx));
      if (!until) throw new TollgateError('INTERNAL', 'the events of this database cannot be read');
      if (place && (place.epoch !== epoch || !hasReached(until, place.until))) {
        throw invalidArgument('after', 'is a cursor of another database, or of this one before it was restored');
      }
      const events: EventPage['events'] = [];
      const read = async (window: { since: FeedPosition | null; until: FeedPosition }, afterId: number) => {
        const rows = await readWindow(tx, environmentId, window, { afterId, limit: limit - events.length });
        events.push(
          ...rows.map((row) =>
            eventToWire(row, formatEventCursor({ environmentId, epoch }, { ...window, id: row.id })),
          ),
        );
      };
      if (place) await read({ since: place.since, until: place.until }, place.id);
      if (events.length < limit) await read({ since: place?.until ?? null, until }, 0);
      return { events, next: events.at(-1)?.cursor ?? after };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

function readWindow(
  tx: Queryable,
  environmentId: string,
  { since, until }: Pick<EventPlace, 'since' | 'until'>,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<StoredEventRow[]> {
  const window = { environmentId, since: since?.text ?? null, until: until.text, afterId };
  return readEventWindow(tx, window, limit);
}

function readCursor(cursor: string, environmentId: string) {
  const parsed = parseEventCursor(cursor);
  if (!parsed) throw invalidArgument('after', 'is not a cursor that a list of events gave');
  if (parsed.environmentId !== environmentId) throw invalidArgument('after', 'is a cursor of another environment');
  return parsed;
}

function eventToWire(row: StoredEventRow, cursor: string): EventPage['events'][number] {
  const { messageId, type, at, customerId, entity } = row;
  return { cursor, messageId, type, timestamp: toIso(at), customerId, entity };
}
