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
    `with counted as (
       select s.place, u.created_at, u.behavior, u.value, u.distinct_value,
              case when u.created_at < s."from" then -1 else u.created_at / $6 end as bucket,
              array[u.created_at, u.revision, u.ordinal] as arrival,
              array(select u.dimensions ->> name from unnest($7::text[]) with ordinality as d (name, place)
                     order by d.place) as tags
         from jsonb_to_recordset($5::jsonb) as s (place int, "windowStart" bigint, "afterRevision" bigint,
                "from" bigint, "to" bigint, "lastRevision" bigint)
         join {schema}.usage u on u.environment = $1 and u.customer_id = $2 and u.feature_id = $3 and u.resource_id = $4
          and u.created_at >= s."windowStart" and u.created_at <= s."to"
          and (u.created_at < s."to" or u.revision <= s."lastRevision")
          and (s."afterRevision" is null or u.created_at > s."windowStart" or u.revision > s."afterRevision")
     ), marked as (
       select *, max(arrival) filter (where behavior = 'SET') over (partition by place, bucket, tags) as last_set,
              distinct_value is not null and
                row_number() over (partition by place, tags, distinct_value order by arrival) = 1 as is_first
         from counted
     )
     select place as stretch, bucket = -1 as "isBefore", to_jsonb(tags) as tags, max(created_at) as at,
            last_set is not null as "hasSet",
            trunc(sum(value) filter (where last_set is null or arrival >= last_set) * 1000000)::text as sum,
            trunc(max(value) * 1000000)::text as highest, trunc(min(value) * 1000000)::text as lowest,
            trunc(sum(value) * 1000000)::text as total, count(*) as measured,
            count(*) filter (where is_first) as "distinct"
       from marked group by place, bucket, tags, last_set order by place, bucket, tags`,
    [
      environmentId,
      customerId,
      counter.featureId,
      counter.resourceId,
      JSON.stringify(stretches),
      asked.bucketMs,
      asked.groupBy,
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
