import type { Queryable } from './database.js';

/** Something of the catalog that subscriptions have, or will have by a change that is scheduled. */
export interface CatalogUseRow {
  /** Features and currencies are used apart from plans and add-ons where a subscription has a value of its own for them. */
  kind: 'plan' | 'addon' | 'feature' | 'currency';
  id: string;
  /** The catalog number that it was sold under; null for what is scheduled, which takes the newest version. */
  soldCatalog: number | null;
  billingPeriod: string | null;
}

export interface CatalogUseFilter {
  planIds: readonly string[];
  addonIds: readonly string[];
  featureIds: readonly string[];
  currencyIds: readonly string[];
  /** True: subscriptions that ended count too. */
  countsEnded: boolean;
}

/** Who uses something, up to ten of them, and how many there are. */
export interface CatalogUsers {
  count: number;
  ids: string[];
}

/** One row per subscription and thing that it uses, of those that are asked for. */
const uses = `
  with open as (
    select subscription_id, plan_id, billing_period, addons, terms from {schema}.subscription
     where environment = $1 and ($5::boolean or status in ('ACTIVE', 'IN_TRIAL', 'NOT_STARTED', 'PAYMENT_PENDING'))
  ), scheduled as (
    select subscription_id, plan_id, billing_period, item -> 'change' as change
      from open, jsonb_array_elements(coalesce(terms -> 'futureUpdates', '[]')) as item
     where item ->> 'scheduleStatus' in ('SCHEDULED', 'PENDING_PAYMENT')
  ), used as (
    select subscription_id, 'plan' as kind, plan_id as id, coalesce((terms ->> 'soldCatalog')::bigint, 0) as sold_catalog,
           billing_period
      from open where plan_id = any($2::text[])
    union all
    select subscription_id, 'addon', addon ->> 'addonId', coalesce((addon ->> 'soldCatalog')::bigint, 0), billing_period
      from open, jsonb_array_elements(addons) as addon where addon ->> 'addonId' = any($3::text[])
    union all
    select subscription_id, 'feature', feature_id, 0, billing_period
      from open, jsonb_object_keys(coalesce(terms -> 'entitlements', '{}')) as feature_id
     where feature_id = any($4::text[])
    union all
    select subscription_id, 'currency', currency_id, 0, billing_period
      from open, jsonb_object_keys(coalesce(terms -> 'creditEntitlements', '{}')) as currency_id
     where currency_id = any($6::text[])
    union all
    select subscription_id, 'plan', coalesce(change ->> 'planId', plan_id), null,
           coalesce(change ->> 'billingPeriod', billing_period)
      from scheduled
     where (change ? 'planId' or change ? 'billingPeriod') and coalesce(change ->> 'planId', plan_id) = any($2::text[])
    union all
    select subscription_id, 'addon', addon ->> 'addonId', null, billing_period
      from scheduled, jsonb_array_elements(coalesce(change -> 'addons', '[]')) as addon
     where addon ->> 'addonId' = any($3::text[])
  )`;

const filterValues = (environmentId: string, filter: CatalogUseFilter) => [
  environmentId,
  filter.planIds,
  filter.addonIds,
  filter.featureIds,
  filter.countsEnded,
  filter.currencyIds,
];

/** What is used, each combination once, however many subscriptions there are. */
export async function readCatalogUses(
  tx: Queryable,
  environmentId: string,
  filter: CatalogUseFilter,
): Promise<CatalogUseRow[]> {
  return tx.query<CatalogUseRow>(
    `${uses} select distinct kind, id, sold_catalog as "soldCatalog", billing_period as "billingPeriod" from used`,
    filterValues(environmentId, filter),
  );
}

/** The subscriptions behind some of what `readCatalogUses` found with the same filter. */
export async function subscriptionsUsing(
  tx: Queryable,
  environmentId: string,
  filter: CatalogUseFilter,
  found: readonly CatalogUseRow[],
): Promise<CatalogUsers> {
  const rows = await tx.query<{ id: string; count: number }>(
    `${uses} select subscription_id as id, count(*) over () as count
       from (select distinct subscription_id
               from used join jsonb_to_recordset($7::jsonb)
                      as f (kind text, id text, "soldCatalog" bigint, "billingPeriod" text)
                 on (used.kind, used.id) = (f.kind, f.id) and used.sold_catalog is not distinct from f."soldCatalog"
                and used.billing_period is not distinct from f."billingPeriod") as subscriptions
      order by subscription_id limit 10`,
    [...filterValues(environmentId, filter), JSON.stringify(found)],
  );
  return { count: rows[0]?.count ?? 0, ids: rows.map(({ id }) => id) };
}

/** The customers who hold a promotional grant at `now` of one of these features, or through one of these groups. */
export async function customersPromoted(
  tx: Queryable,
  environmentId: string,
  { featureIds, groupIds }: { featureIds: readonly string[]; groupIds: readonly string[] },
  now: number,
): Promise<CatalogUsers> {
  const rows = await tx.query<{ id: string; count: number }>(
    `select customer_id as id, count(*) over () as count
       from (select distinct customer_id from {schema}.promotion
              where environment = $1 and ended_at is null and (end_date is null or end_date > $4)
                and (feature_id = any($2::text[]) or content -> 'featureGroupIds' ?| $3::text[])) as customers
      order by customer_id limit 10`,
    [environmentId, featureIds, groupIds, now],
  );
  return { count: rows[0]?.count ?? 0, ids: rows.map(({ id }) => id) };
}
