import { type GrantRow, grantColumns } from './credit-store.js';
import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** Where a page begins: `id` is a grant's id, or `revision.ordinal` of a ledger row. */
interface From {
  place: { at: number; id: string } | null;
  direction: 'after' | 'before';
}

/** What a grant in the list must be; null leaves it open, and '' is the customer's own wallet. */
export interface ListedGrants extends CustomerKey {
  currencyId: string | null;
  resourceId: string;
  /** Inclusive. */
  createdFrom: number | null;
  /** Exclusive. */
  createdTo: number | null;
}

/** Grants next to a place in the list, newest first. */
export async function listGrants(db: Queryable, list: ListedGrants, from: From, limit: number): Promise<GrantRow[]> {
  const { values, bind } = binding();
  const conditions = [
    `environment = ${bind(list.environmentId)} and customer_id = ${bind(list.customerId)}`,
    `resource_id = ${bind(list.resourceId)}`,
  ];
  if (list.currencyId !== null) conditions.push(`currency_id = ${bind(list.currencyId)}`);
  if (list.createdFrom !== null) conditions.push(`created_at >= ${bind(list.createdFrom)}`);
  if (list.createdTo !== null) conditions.push(`created_at < ${bind(list.createdTo)}`);
  const isAfter = from.direction === 'after';
  if (from.place) {
    const [at, id] = [bind(from.place.at), bind(from.place.id)];
    conditions.push(
      isAfter
        ? `created_at <= ${at} and (created_at < ${at} or grant_id collate "C" > ${id})`
        : `created_at >= ${at} and (created_at > ${at} or grant_id collate "C" < ${id})`,
    );
  }
  const order = isAfter ? 'created_at desc, grant_id collate "C"' : 'created_at, grant_id collate "C" desc';
  return db.query<GrantRow>(
    `select ${grantColumns} from {schema}.credit_grant where ${conditions.join(' and ')}
      order by ${order} limit ${bind(limit)}`,
    values,
  );
}

/** What a ledger row in the list must be; null leaves it open. */
export interface ListedLedger extends CustomerKey {
  currencyId: string | null;
  resourceId: string | null;
  types: readonly string[] | null;
}

/** A row of the ledger as it is read; the amount in whole millionths as text. */
export interface ListedLedgerRow {
  revision: number;
  ordinal: number;
  type: string;
  amount: string;
  currencyId: string;
  grantId: string;
  featureId: string | null;
  resourceId: string;
  happenedAt: number;
}

/** Rows of the ledger next to a place in it, oldest first. */
export async function listLedger(
  db: Queryable,
  list: ListedLedger,
  from: From,
  limit: number,
): Promise<ListedLedgerRow[]> {
  const { values, bind } = binding();
  const conditions = [`environment = ${bind(list.environmentId)} and customer_id = ${bind(list.customerId)}`];
  if (list.currencyId !== null) conditions.push(`currency_id = ${bind(list.currencyId)}`);
  if (list.resourceId !== null) conditions.push(`resource_id = ${bind(list.resourceId)}`);
  if (list.types) conditions.push(`type = any(${bind(list.types)}::text[])`);
  const isAfter = from.direction === 'after';
  if (from.place) {
    const [revision = 0, ordinal = 0] = from.place.id.split('.').map(Number);
    const place = `(${bind(from.place.at)}::bigint, ${bind(revision)}::bigint, ${bind(ordinal)}::int)`;
    conditions.push(`(happened_at, revision, ordinal) ${isAfter ? '>' : '<'} ${place}`);
  }
  const direction = isAfter ? '' : ' desc';
  return db.query<ListedLedgerRow>(
    `select revision, ordinal, type, trunc(amount * 1000000)::text as amount, currency_id as "currencyId",
            grant_id as "grantId", feature_id as "featureId", resource_id as "resourceId", happened_at as "happenedAt"
       from {schema}.credit_ledger where ${conditions.join(' and ')}
      order by happened_at${direction}, revision${direction}, ordinal${direction} limit ${bind(limit)}`,
    values,
  );
}

function binding(): { values: unknown[]; bind(value: unknown): string } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}
