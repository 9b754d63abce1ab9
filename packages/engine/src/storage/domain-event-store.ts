import type { Queryable } from './database.js';

/** Something that happened, to be told once and in order. */
export interface DomainEventRow {
  messageId: string;
  type: string;
  at: number;
  customerId: string | null;
  entity: unknown;
}

/** Appends what happened, in the transaction of the change. */
export async function appendEvents(
  tx: Queryable,
  environmentId: string,
  events: readonly DomainEventRow[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `insert into {schema}.event (environment, message_id, type, happened_at, customer_id, entity)
     select $1, item ->> 'messageId', item ->> 'type', (item ->> 'at')::bigint, item ->> 'customerId', item -> 'entity'
       from jsonb_array_elements($2::jsonb) with ordinality as e (item, position)
      order by position`,
    [environmentId, JSON.stringify(events)],
  );
}

export interface StoredEventRow extends DomainEventRow {
  id: number;
}

/** The window of a read that is not over: from what was seen before (null: nothing) to what is seen now. */
export interface EventWindow {
  environmentId: string;
  since: string | null;
  until: string;
  afterId: number;
}

/** In the order of their ids; of one customer that is the order in which they were committed. */
export async function readEventWindow(db: Queryable, window: EventWindow, limit: number): Promise<StoredEventRow[]> {
  return db.query<StoredEventRow>(
    `select id, message_id as "messageId", type, happened_at as at, customer_id as "customerId", entity
       from {schema}.event
      where environment = $1 and id > $2 and pg_visible_in_snapshot(xid, $3::pg_snapshot)
        and ($4::pg_snapshot is null
          or (xid >= pg_snapshot_xmin($4::pg_snapshot) and not pg_visible_in_snapshot(xid, $4::pg_snapshot)))
      order by id limit $5`,
    [window.environmentId, window.afterId, window.until, window.since, limit],
  );
}

/** What a transaction that reads one state of the database sees. */
export async function readSnapshotText(tx: Queryable): Promise<string> {
  const [row] = await tx.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
  return row?.snapshot ?? '';
}
