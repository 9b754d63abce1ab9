import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** Consumptions of one currency, or of all; [start, end). */
export interface UsageRange extends CustomerKey {
  currencyId: string | null;
  /** Null: of the customer and all its resources. */
  resourceId: string | null;
  start: number;
  end: number;
}

/** What was consumed under one key: a feature, or a combination of dimensions. */
export interface SeriesSum {
  /** In order, byte by byte: the JSON of an array of texts, null for what was consumed directly. */
  key: string;
  credits: string;
  eventCount: number;
}

export interface SeriesPoint extends SeriesSum {
  /** The start of the stretch of time that is summed. */
  at: number;
}

const consumed = `environment = $1 and customer_id = $2 and type = 'CREDITS_CONSUMED'
  and happened_at >= $3 and happened_at < $4
  and ($5::text is null or currency_id = $5) and ($6::text is null or resource_id = $6)`;

const valuesOf = ({ environmentId, customerId, start, end, currencyId, resourceId }: UsageRange): unknown[] => [
  environmentId,
  customerId,
  start,
  end,
  currencyId,
  resourceId,
];

/** Grouped by the dimensions named in $7, or by feature where it is null. A dimension that is missing is ''. */
const keyText = `(case when $7::text[] is null then jsonb_build_array(feature_id) else (
  select jsonb_agg(coalesce(dimensions ->> name, '') order by place)
    from unnest($7::text[]) with ordinality as d (name, place)) end)::text collate "C"`;

const sums = `trunc(sum(amount) * 1000000)::text as credits, count(distinct consumption_id) as "eventCount"`;

/** Series next to a key in their order, or from the beginning. */
export async function listSeries(
  db: Queryable,
  range: UsageRange,
  groupBy: readonly string[] | null,
  from: { key: string | null; direction: 'after' | 'before' },
  limit: number,
): Promise<SeriesSum[]> {
  const isAfter = from.direction === 'after';
  return db.query<SeriesSum & Record<string, unknown>>(
    `select key, ${sums} from (
       select ${keyText} as key, amount, consumption_id from {schema}.credit_ledger where ${consumed}) keyed
      where $8::text is null or key ${isAfter ? '>' : '<'} $8 collate "C"
      group by key order by key ${isAfter ? '' : 'desc'} limit $9`,
    [...valuesOf(range), groupBy, from.key, limit],
  );
}

/** The points of some series, in stretches of equal length that the calendar of UTC counts, in the order of time. */
export async function readSeriesPoints(
  db: Queryable,
  range: UsageRange,
  groupBy: readonly string[] | null,
  keys: readonly string[],
  stretchMs: number,
): Promise<SeriesPoint[]> {
  if (keys.length === 0) return [];
  return db.query<SeriesPoint & Record<string, unknown>>(
    `select key, happened_at - happened_at % $9::bigint as at, ${sums} from (
       select ${keyText} as key, amount, consumption_id, happened_at
         from {schema}.credit_ledger where ${consumed}) keyed
      where key in (select value from jsonb_array_elements_text($8::jsonb) as k (value))
      group by 1, 2 order by 1, 2`,
    [...valuesOf(range), groupBy, JSON.stringify(keys), stretchMs],
  );
}

/** The currencies that were used, at most two of them: more than one is all that anybody asks. */
export async function usedCurrencies(db: Queryable, range: UsageRange): Promise<string[]> {
  const rows = await db.query<{ currencyId: string }>(
    `select distinct currency_id as "currencyId" from {schema}.credit_ledger where ${consumed} limit 2`,
    valuesOf(range),
  );
  return rows.map(({ currencyId }) => currencyId);
}
