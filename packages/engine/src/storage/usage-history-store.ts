import type { Amount } from '@tollgate/contract';
import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** Which rows one stretch of a history counts, and from when on it shows them. */
export interface StretchRow {
  windowStart: number;
  afterRevision: number | null;
  /** What happened before is counted and not shown. */
  from: number;
  to: number;
  /** Of the rows at `to` itself those up to this revision count too; none where it is null. */
  lastRevision: number | null;
}

export interface BucketRow {
  stretch: number;
  isBefore: boolean;
  tags: (string | null)[];
  at: number;
  hasSet: boolean;
  sum: Amount;
  highest: Amount;
  lowest: Amount;
  total: Amount;
  measured: number;
  distinct: number;
}

type Amounts = 'sum' | 'highest' | 'lowest' | 'total';
type BucketText = Omit<BucketRow, Amounts> & Record<Amounts, string>;

/** A counter's rows over some stretches, put together by buckets of time and by dimensions, in the order of time. */
export async function readUsageBuckets(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  counter: { featureId: string; resourceId: string },
  asked: { stretches: readonly StretchRow[]; bucketMs: number; groupBy: readonly string[] },
): Promise<BucketRow[]> {
  const stretches = asked.stretches.map((stretch, place) => ({ ...stretch, place }));
  const rows = await db.query<BucketText>(
    `with counted as materialized (
       select s.place, u.created_at, u.behavior, u.value, u.distinct_value,
              case when u.created_at < s."from" then -1 else u.created_at / $6 end as bucket,
              array[u.created_at, u.revision, u.ordinal] as arrival, ${tagsOf(asked.groupBy)} as tags
         from jsonb_to_recordset($5::jsonb) as s (place int, "windowStart" bigint, "afterRevision" bigint,
                "from" bigint, "to" bigint, "lastRevision" bigint)
        cross join lateral (
          select * from {schema}.usage u where u.environment = $1 and u.customer_id = $2 and u.feature_id = $3
             and u.resource_id = $4 and u.created_at >= s."windowStart" and u.created_at <= s."to"
             and (u.created_at < s."to" or u.revision <= s."lastRevision")
             and (s."afterRevision" is null or u.created_at > s."windowStart" or u.revision > s."afterRevision")
          -- A fence: joined as a whole, every row of the counter would be held against every stretch.
          offset 0) u
     ), last_set as (
       select place, bucket, tags, max(arrival) as arrival from counted where behavior = 'SET' group by place, bucket, tags
     ), first_seen as (
       select place, bucket, tags, count(*) as values from (
         select distinct on (place, tags, distinct_value) place, bucket, tags from counted
          where distinct_value is not null order by place, tags, distinct_value, arrival) firsts
        group by place, bucket, tags
     )
     select place as stretch, bucket = -1 as "isBefore", to_jsonb(tags) as tags, max(c.created_at) as at,
            l.arrival is not null as "hasSet",
            trunc(sum(c.value) filter (where l.arrival is null or c.arrival >= l.arrival) * 1000000)::text as sum,
            trunc(max(c.value) * 1000000)::text as highest, trunc(min(c.value) * 1000000)::text as lowest,
            trunc(sum(c.value) * 1000000)::text as total, count(*) as measured,
            coalesce(max(f.values), 0) as "distinct"
       from counted c left join last_set l using (place, bucket, tags) left join first_seen f using (place, bucket, tags)
      group by place, bucket, tags, l.arrival order by place, bucket, tags`,
    [
      environmentId,
      customerId,
      counter.featureId,
      counter.resourceId,
      JSON.stringify(stretches),
      asked.bucketMs,
      ...asked.groupBy,
    ],
  );
  return rows.map((row) => ({
    ...row,
    sum: BigInt(row.sum),
    highest: BigInt(row.highest),
    lowest: BigInt(row.lowest),
    total: BigInt(row.total),
  }));
}

/** SQL: the values of some dimensions, which are the parameters from $7 on. */
function tagsOf(groupBy: readonly string[]): string {
  return `array[${groupBy.map((_name, index) => `u.dimensions ->> $${index + 7}`).join(', ')}]::text[]`;
}
