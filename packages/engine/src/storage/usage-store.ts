import { type Amount, formatAmount, type UsageUpdateBehavior } from '@tollgate/contract';
import type { Queryable } from './database.js';

/** Which customer's rows; every statement here is about one customer. */
export interface CustomerKey {
  environmentId: string;
  customerId: string;
}

/** One counter; `resourceId` is '' for the customer's own. */
export interface CounterRow {
  featureId: string;
  resourceId: string;
  windowStart: number;
  windowEnd: number;
  afterRevision: number | null;
  value: Amount;
  latestAt: number | null;
  setAt: number | null;
}

export type WindowKey = Omit<CounterRow, 'value' | 'latestAt' | 'setAt'>;

export interface UsageRow {
  revision: number;
  ordinal: number;
  measurementId: string;
  featureId: string;
  resourceId: string;
  behavior: UsageUpdateBehavior;
  value: Amount;
  createdAt: number;
  storedAt: number;
  dimensions: Record<string, unknown> | null;
}

type CounterText = Omit<CounterRow, 'value'> & { millionths: string };

const counterFields = `"featureId" text, "resourceId" text, "windowStart" bigint, "windowEnd" bigint, "afterRevision" bigint`;
const counterColumns = `feature_id as "featureId", resource_id as "resourceId", window_start as "windowStart",
  window_end as "windowEnd", after_revision as "afterRevision", trunc(value * 1000000)::text as millionths,
  latest_at as "latestAt", set_at as "setAt"`;

/** Every stored window of these counters that reaches past `since`. */
export async function readCounters(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  keys: readonly { featureId: string; resourceId: string }[],
  since: number,
): Promise<CounterRow[]> {
  if (keys.length === 0) return [];
  const rows = await db.query<CounterText>(
    `select ${counterColumns} from {schema}.usage_counter
      where environment = $1 and customer_id = $2 and window_end > $4 and (feature_id, resource_id) in
            (select "featureId", "resourceId" from jsonb_to_recordset($3::jsonb) as k ("featureId" text, "resourceId" text))`,
    [environmentId, customerId, JSON.stringify(keys), since],
  );
  return rows.map(counterOf);
}

/** The counters of exactly these windows, without those that are not stored. */
export async function readWindows(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  windows: readonly WindowKey[],
): Promise<CounterRow[]> {
  if (windows.length === 0) return [];
  const rows = await db.query<CounterText>(
    `select ${counterColumns} from {schema}.usage_counter c
       join jsonb_to_recordset($3::jsonb) as w (${counterFields})
         on c.feature_id = w."featureId" and c.resource_id = w."resourceId" and c.window_start = w."windowStart"
        and c.window_end = w."windowEnd" and c.after_revision is not distinct from w."afterRevision"
      where c.environment = $1 and c.customer_id = $2`,
    [environmentId, customerId, JSON.stringify(windows)],
  );
  return rows.map(counterOf);
}

/** Computes the counters of windows from their rows: the last SET, and the DELTAs after it in (createdAt, arrival). */
export async function foldWindows(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  windows: readonly WindowKey[],
): Promise<CounterRow[]> {
  if (windows.length === 0) return [];
  const inWindow = `u.environment = $1 and u.customer_id = $2 and u.feature_id = w."featureId"
    and u.resource_id = w."resourceId" and u.created_at >= w."windowStart" and u.created_at < w."windowEnd"
    and (w."afterRevision" is null or u.created_at > w."windowStart" or u.revision > w."afterRevision")`;
  const rows = await db.query<CounterText>(
    `select w.*, trunc((coalesce(last_set.value, 0) + coalesce(after_it.total, 0)) * 1000000)::text as millionths,
            after_it.latest_at as "latestAt", last_set.created_at as "setAt"
       from jsonb_to_recordset($3::jsonb) as w (${counterFields})
       left join lateral (
         select u.value, u.created_at, u.revision, u.ordinal from {schema}.usage u
          where ${inWindow} and u.behavior = 'SET'
          order by u.created_at desc, u.revision desc, u.ordinal desc limit 1) last_set on true
       left join lateral (
         select max(u.created_at) as latest_at, sum(u.value) filter (where u.behavior = 'DELTA' and
                  (last_set.created_at is null or (u.created_at, u.revision, u.ordinal)
                     > (last_set.created_at, last_set.revision, last_set.ordinal))) as total
           from {schema}.usage u where ${inWindow}) after_it on true`,
    [environmentId, customerId, JSON.stringify(windows)],
  );
  return rows.map(counterOf);
}

/** The sum of the DELTAs in a window that were created after an instant. */
export async function sumDeltasAfter(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  window: WindowKey,
  instant: number,
): Promise<Amount> {
  const rows = await db.query<{ millionths: string }>(
    `select trunc(coalesce(sum(value), 0) * 1000000)::text as millionths from {schema}.usage
      where environment = $1 and customer_id = $2 and feature_id = $3 and resource_id = $4
        and created_at > $5 and created_at < $6 and behavior = 'DELTA'`,
    [environmentId, customerId, window.featureId, window.resourceId, instant, window.windowEnd],
  );
  return BigInt(rows[0]?.millionths ?? '0');
}

export async function insertUsage(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  rows: readonly UsageRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into {schema}.usage (environment, customer_id, revision, ordinal, measurement_id, feature_id, resource_id,
            behavior, value, created_at, stored_at, dimensions)
     select $1, $2, revision, ordinal, "measurementId", "featureId", "resourceId", behavior, value, "createdAt",
            "storedAt", dimensions
       from jsonb_to_recordset($3::jsonb) as u (revision bigint, ordinal int, "measurementId" text, "featureId" text,
            "resourceId" text, behavior text, value numeric, "createdAt" bigint, "storedAt" bigint, dimensions jsonb)`,
    [environmentId, customerId, JSON.stringify(rows.map((row) => ({ ...row, value: formatAmount(row.value) })))],
  );
}

export async function saveCounters(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  counters: readonly CounterRow[],
): Promise<void> {
  if (counters.length === 0) return;
  await tx.query(
    `insert into {schema}.usage_counter (environment, customer_id, feature_id, resource_id, window_start, window_end,
            after_revision, value, latest_at, set_at)
     select $1, $2, "featureId", "resourceId", "windowStart", "windowEnd", "afterRevision", value, "latestAt", "setAt"
       from jsonb_to_recordset($3::jsonb) as c (${counterFields}, value numeric, "latestAt" bigint, "setAt" bigint)
     on conflict (environment, customer_id, feature_id, resource_id, window_start) do update set
            window_end = excluded.window_end, after_revision = excluded.after_revision, value = excluded.value,
            latest_at = excluded.latest_at, set_at = excluded.set_at`,
    [environmentId, customerId, JSON.stringify(counters.map((row) => ({ ...row, value: formatAmount(row.value) })))],
  );
}

/**
 * Hands the usage of features from one resource to another of the same customer. The rows keep their dates and their order
 * of arrival, so every window that is folded from them comes out as if they had always been there; the counters of both
 * resources are folded anew when they are asked for.
 */
export async function moveUsage(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  featureIds: readonly string[],
  resources: { from: string; to: string },
): Promise<void> {
  if (featureIds.length === 0) return;
  await tx.query(
    `update {schema}.usage set resource_id = $5
      where environment = $1 and customer_id = $2 and feature_id = any($3::text[]) and resource_id = $4`,
    [environmentId, customerId, featureIds, resources.from, resources.to],
  );
  await tx.query(
    `delete from {schema}.usage_counter
      where environment = $1 and customer_id = $2 and feature_id = any($3::text[]) and resource_id = any($4::text[])`,
    [environmentId, customerId, featureIds, [resources.from, resources.to]],
  );
}

function counterOf({ millionths, ...row }: CounterText): CounterRow {
  return { ...row, value: BigInt(millionths) };
}
