import {
  type FeedPosition,
  type GrantsChange,
  parsePosition,
  TollgateError,
  type UsageChange,
  type UsageWire,
  usageFromWire,
  usageToWire,
  type VersionWire,
  versionFromWire,
  versionToWire,
  type WalletChange,
  type WalletWire,
  walletFromWire,
  walletToWire,
} from '@tollgate/contract';
import { type RevisionRow, saveRevision, saveRevisionText } from './customer-store.js';
import type { Database, Queryable } from './database.js';
import { afterCommit, databaseOf } from './guarded-database.js';

/** What one transaction changed for one customer. */
export interface CustomerChange {
  environmentId: string;
  customerId: string;
  /** Counters with their new absolute values. */
  usage: readonly UsageChange[];
  /** Wallets with their new absolute numbers. */
  wallets: readonly WalletChange[];
  /** Word that grants changed, by the customer or resource they belong to. */
  grants: readonly GrantsChange[];
}

/** A row of the feed as it is stored: as it travels, so that any version of the engine can read it. */
interface StoredChange {
  usage: { customerId: string; resourceId: string | null; counter: UsageWire }[];
  /** Left out by engines from before there were wallets. */
  wallets?: { customerId: string; resourceId: string | null; wallet: WalletWire }[];
  grants: { customerId: string; resourceId: string | null; version: VersionWire }[];
}

export interface FeedRow {
  environmentId: string;
  /** The transaction that wrote it. */
  xid: bigint;
  usage: UsageChange[];
  wallets: WalletChange[];
  grants: GrantsChange[];
}

export interface FeedReading {
  epoch: string;
  /** Where the next read goes on. */
  position: FeedPosition;
  /** False when the rows since the given position cannot be had: they were pruned, are too many, or are another database's. */
  isComplete: boolean;
  /** By environment id. */
  catalogs: ReadonlyMap<string, number>;
  rows: FeedRow[];
}

const wakers = new WeakMap<Database, Set<() => void>>();

/** Calls back whenever this process has committed a change to the feed; returns how to stop that. */
export function onFeedCommit(database: Database, wake: () => void): () => void {
  const listening = wakers.get(database) ?? new Set();
  wakers.set(database, listening);
  listening.add(wake);
  return () => void listening.delete(wake);
}

/** Writes one customer's change into the feed, in the transaction of the change itself; with `raised`, its revision too. */
export async function appendFeed(tx: Queryable, change: CustomerChange, raised?: RevisionRow): Promise<void> {
  const { environmentId, customerId } = change;
  if (change.usage.length + change.wallets.length + change.grants.length === 0) {
    if (raised) await saveRevision(tx, environmentId, customerId, raised);
    return;
  }
  const stored: StoredChange = {
    usage: change.usage.map(({ key, part }) => ({ ...key, counter: usageToWire(part) })),
    wallets: change.wallets.map(({ key, part }) => ({ ...key, wallet: walletToWire(part) })),
    grants: change.grants.map(({ key, version }) => ({ ...key, version: versionToWire(version) })),
  };
  await insertRow(tx, [environmentId, customerId, stored], raised);
}

/** Tells every follower of the environment that its catalog number was raised, in the transaction that raises it. */
export async function appendPublish(tx: Queryable, environmentId: string): Promise<void> {
  await insertRow(tx, [environmentId, null, { usage: [], grants: [] }]);
}

async function insertRow(
  tx: Queryable,
  row: [environmentId: string, customerId: string | null, change: StoredChange],
  raised?: RevisionRow,
): Promise<void> {
  const text = 'insert into {schema}.feed (environment, customer, change) values ($1, $2, $3)';
  // Both at once: every transaction about a customer ends with them.
  if (raised)
    await tx.query(`with raised as (${saveRevisionText('$4', '$5')}) ${text}`, [
      ...row,
      raised.revision,
      raised.lastNow,
    ]);
  else await tx.query(text, row);
  const database = databaseOf(tx);
  afterCommit(tx, () => {
    for (const wake of wakers.get(database) ?? []) wake();
  });
}

/** SQL: the snapshot `later` saw everything that `earlier` saw. */
const reached = (later: string, earlier: string) => `(pg_snapshot_xmax(${earlier}) <= pg_snapshot_xmax(${later})
  and not exists (select from pg_snapshot_xip(${later}) as x (xid) where pg_visible_in_snapshot(x.xid, ${earlier})))`;

// One statement, so that the rows, the numbers and the new position are of one instant. The two halves of the union are
// apart because each of them finds its rows by the index on xid.
const readText = `
  select pg_current_snapshot()::text as position, meta.epoch,
    $1::pg_snapshot is null or (
      pg_snapshot_xmax($1::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
      and (meta.feed_pruned is null or ${reached('$1::pg_snapshot', 'meta.feed_pruned')})
    ) as "isComplete",
    (select jsonb_object_agg(id, catalog) from {schema}.environment where $2::text[] is null or id = any($2::text[])) as catalogs,
    (select jsonb_agg(jsonb_build_array(environment, xid::text, change)) from (
      select environment, xid, change from {schema}.feed
        where xid >= pg_snapshot_xmax($1::pg_snapshot) and ($2::text[] is null or environment = any($2::text[]))
      union all
      select environment, xid, change from {schema}.feed
        where xid = any(array(select pg_snapshot_xip($1::pg_snapshot))) and ($2::text[] is null or environment = any($2::text[]))
      limit $3::int4 + 1
    ) as news) as rows
  from {schema}.meta`;

interface ReadRow {
  position: string;
  epoch: string;
  isComplete: boolean;
  catalogs: Record<string, number> | null;
  rows: [environmentId: string, xid: string, change: StoredChange][] | null;
}

/**
 * Reads what became visible since a position, in one environment or (null) in all; without a position, only where the
 * feed stands now.
 */
export async function readFeed(
  db: Queryable,
  options: { environmentId: string | null; since: FeedPosition | undefined; rowsMax: number },
): Promise<FeedReading> {
  const { environmentId, since, rowsMax } = options;
  const environmentIds = environmentId === null ? null : [environmentId];
  const [row] = await db.query<ReadRow>(readText, [since?.text, environmentIds, rowsMax]);
  const position = row && parsePosition(row.position);
  if (!row || !position) throw new TollgateError('INTERNAL', 'the feed of this database cannot be read');
  const rows = row.rows ?? [];
  const isComplete = row.isComplete && rows.length <= rowsMax;
  return {
    epoch: row.epoch,
    position,
    isComplete,
    catalogs: new Map(Object.entries(row.catalogs ?? {})),
    rows: isComplete ? rows.map(feedRow) : [],
  };
}

function feedRow([environmentId, xid, change]: [string, string, StoredChange]): FeedRow {
  return {
    environmentId,
    xid: BigInt(xid),
    usage: change.usage.map(({ customerId, resourceId, counter }) => ({
      key: { customerId, resourceId },
      // Rows from before there were holds say nothing of them.
      part: usageFromWire({ ...counter, held: counter.held ?? '0', heldUntil: counter.heldUntil ?? null }),
    })),
    wallets: (change.wallets ?? []).map(({ customerId, resourceId, wallet }) => ({
      key: { customerId, resourceId },
      part: walletFromWire(wallet),
    })),
    grants: change.grants.map(({ customerId, resourceId, version }) => ({
      key: { customerId, resourceId },
      version: versionFromWire(version),
    })),
  };
}

const markIntervalMs = 60_000;

/**
 * Deletes at most `rowsMax` of the rows that every reader could have read for `retentionMs`; returns how many went. A
 * row's own date would not do: a long transaction commits rows that are old before anyone can see them. So it is marked
 * now and then what was visible when.
 */
export async function pruneFeed(
  database: Database,
  options: { now: number; retentionMs: number; rowsMax: number },
): Promise<number> {
  const { now, retentionMs, rowsMax } = options;
  return database.transaction(async (tx) => {
    const lockText = 'select pg_try_advisory_xact_lock(hashtext(\'tollgate feed\'), hashtext($1)) as "isMine"';
    const [lock] = await tx.query<{ isMine: boolean }>(lockText, [database.schema]);
    if (!lock?.isMine) return 0;
    await tx.query(
      `insert into {schema}.feed_mark (marked_at, snapshot) select $1::timestamptz, pg_current_snapshot()
        where not exists (select from {schema}.feed_mark where marked_at > $2 and marked_at <= $1)`,
      [new Date(now), new Date(now - markIntervalMs)],
    );
    const [mark] = await tx.query<{ snapshot: string }>(
      `with gone as (delete from {schema}.feed_mark as old using (
          select max(marked_at) as marked_at from {schema}.feed_mark where marked_at <= $1) as newest
        where old.marked_at < newest.marked_at)
      select snapshot::text as snapshot from {schema}.feed_mark where marked_at <= $1 order by marked_at desc limit 1`,
      [new Date(now - retentionMs)],
    );
    if (!mark) return 0;
    const raised = await tx.query(
      `update {schema}.meta set feed_pruned = $1::pg_snapshot
        where feed_pruned is null or ${reached('$1::pg_snapshot', 'feed_pruned')} returning 1`,
      [mark.snapshot],
    );
    if (raised.length === 0) return 0;
    const deleted = await tx.query(
      `delete from {schema}.feed where id in (select id from {schema}.feed
        where xid < pg_snapshot_xmax($1::pg_snapshot) and pg_visible_in_snapshot(xid, $1::pg_snapshot)
        limit $2) returning 1`,
      [mark.snapshot, rowsMax],
    );
    return deleted.length;
  });
}
