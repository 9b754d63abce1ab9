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
  aggregation: 'SUM' | 'MAX' | 'MIN' | 'AVG' | 'UNIQUE';
  value: Amount;
  total: Amount;
  measured: number;
  latestAt: number | null;
  setAt: number | null;
}

export type WindowKey = Omit<CounterRow, 'value' | 'total' | 'measured' | 'latestAt' | 'setAt'>;

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
  /** What UNIQUE tells apart; null where nothing does. */
  distinctValue: string | null;
}

type CounterText = Omit<CounterRow, 'value' | 'total'> & { millionths: string; totalMillionths: string };

const counterFields = `"featureId" text, "resourceId" text, "windowStart" bigint, "windowEnd" bigint,
  "afterRevision" bigint, aggregation text`;
const counterColumns = `feature_id as "featureId", resource_id as "resourceId", window_start as "windowStart",
  window_end as "windowEnd", after_revision as "afterRevision", c.aggregation, trunc(value * 1000000)::text as millionths,
  trunc(total * 1000000)::text as "totalMillionths", measured, latest_at as "latestAt", set_at as "setAt"`;

/** Every stored window of these counters that reaches past `since`. */
export async function readCounters(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  keys: readonly { featureId: string; resourceId: string }[],
  since: number,
): Promise<CounterRow[]> {
  if (keys.length === 0) return [];
  const rows = await db.query<CounterText>(
    `select ${counterColumns} from {schema}.usage_counter c
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
        and c.aggregation = w.aggregation
      where c.environment = $1 and c.customer_id = $2`,
    [environmentId, customerId, JSON.stringify(windows)],
  );
  return rows.map(counterOf);
}

// A row at the very start of a window counts if it arrived after the change that began the window.
const rowInWindow = `u.environment = $1 and u.customer_id = $2 and u.feature_id = w."featureId"
  and u.resource_id = w."resourceId" and u.created_at >= w."windowStart" and u.created_at < w."windowEnd"
  and (w."afterRevision" is null or u.created_at > w."windowStart" or u.revision > w."afterRevision")`;

// Half up, in whole millionths: `div` cuts off, and leaves nothing over once the remainder is taken away.
const averageMillionths = `div(
  folded.twice - mod(mod(folded.twice, 2 * folded.measured) + 2 * folded.measured, 2 * folded.measured),
  2 * folded.measured)`;

/** Computes the counters of windows from their rows. Under SUM that is the last SET, and the DELTAs after it. */
export async function foldWindows(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  windows: readonly WindowKey[],
): Promise<CounterRow[]> {
  if (windows.length === 0) return [];
  const rows = await db.query<CounterText>(
    `select w.*, folded.measured, folded.latest_at as "latestAt", last_set.created_at as "setAt",
            trunc(folded.total * 1000000)::text as "totalMillionths",
            trunc(case when folded.measured = 0 then 0
                       when w.aggregation = 'SUM' then (coalesce(last_set.value, 0) + folded.deltas) * 1000000
                       when w.aggregation = 'MAX' then folded.highest * 1000000
                       when w.aggregation = 'MIN' then folded.lowest * 1000000
                       when w.aggregation = 'UNIQUE' then folded.distinct_values * 1000000
                       else ${averageMillionths} end)::text as millionths
       from jsonb_to_recordset($3::jsonb) as w (${counterFields})
       left join lateral (
         select u.value, u.created_at, u.revision, u.ordinal from {schema}.usage u
          where ${rowInWindow} and w.aggregation = 'SUM' and u.behavior = 'SET'
          order by u.created_at desc, u.revision desc, u.ordinal desc limit 1) last_set on true
       cross join lateral (
         select count(*) as measured, max(u.created_at) as latest_at, coalesce(sum(u.value), 0) as total,
                coalesce(trunc(sum(u.value) * 2000000), 0) + count(*) as twice,
                coalesce(sum(u.value) filter (where u.behavior = 'DELTA' and
                  (last_set.created_at is null or (u.created_at, u.revision, u.ordinal)
                     > (last_set.created_at, last_set.revision, last_set.ordinal))), 0) as deltas,
                max(u.value) as highest, min(u.value) as lowest,
                count(distinct u.distinct_value) filter (where w.aggregation = 'UNIQUE') as distinct_values
           from {schema}.usage u where ${rowInWindow}) folded`,
    [environmentId, customerId, JSON.stringify(windows)],
  );
  return rows.map(counterOf);
}

/** Which of these distinct values rows of a window have. */
export async function countedValues(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  window: WindowKey,
  distinctValues: readonly string[],
): Promise<string[]> {
  if (distinctValues.length === 0) return [];
  const rows = await db.query<{ value: string }>(
    `select v.value from unnest($5::text[]) as v (value)
      cross join lateral (
        select from {schema}.usage
         where environment = $1 and customer_id = $2 and feature_id = $3 and resource_id = $4
           and distinct_value = v.value and created_at >= $6 and created_at < $7
           and ($8::bigint is null or created_at > $6 or revision > $8)
         limit 1) u`,
    [
      environmentId,
      customerId,
      window.featureId,
      window.resourceId,
      distinctValues,
      window.windowStart,
      window.windowEnd,
      window.afterRevision,
    ],
  );
  return rows.map(({ value }) => value);
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

/** Writes rows and the counters that they led to. */
export async function saveUsage(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  rows: readonly UsageRow[],
  counters: readonly CounterRow[],
): Promise<void> {
  if (rows.length + counters.length === 0) return;
  await tx.query(
    `with counted as (
       insert into {schema}.usage (environment, customer_id, revision, ordinal, measurement_id, feature_id, resource_id,
              behavior, value, created_at, stored_at, dimensions, distinct_value)
       select $1, $2, revision, ordinal, "measurementId", "featureId", "resourceId", behavior, value, "createdAt",
              "storedAt", dimensions, "distinctValue"
         from jsonb_to_recordset($3::jsonb) as u (revision bigint, ordinal int, "measurementId" text, "featureId" text,
              "resourceId" text, behavior text, value numeric, "createdAt" bigint, "storedAt" bigint, dimensions jsonb,
              "distinctValue" text))
     insert into {schema}.usage_counter (environment, customer_id, feature_id, resource_id, window_start, window_end,
            after_revision, aggregation, value, total, measured, latest_at, set_at)
     select $1, $2, "featureId", "resourceId", "windowStart", "windowEnd", "afterRevision", aggregation, value, total,
            measured, "latestAt", "setAt"
       from jsonb_to_recordset($4::jsonb) as c (${counterFields}, value numeric, total numeric, measured bigint,
            "latestAt" bigint, "setAt" bigint)
     on conflict (environment, customer_id, feature_id, resource_id, window_start) do update set
            window_end = excluded.window_end, after_revision = excluded.after_revision,
            aggregation = excluded.aggregation, value = excluded.value, total = excluded.total,
            measured = excluded.measured, latest_at = excluded.latest_at, set_at = excluded.set_at`,
    [
      environmentId,
      customerId,
      JSON.stringify(rows.map((row) => ({ ...row, value: formatAmount(row.value) }))),
      JSON.stringify(
        counters.map((row) => ({ ...row, value: formatAmount(row.value), total: formatAmount(row.total) })),
      ),
    ],
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

function counterOf({ millionths, totalMillionths, ...row }: CounterText): CounterRow {
  return { ...row, value: BigInt(millionths), total: BigInt(totalMillionths) };
}
