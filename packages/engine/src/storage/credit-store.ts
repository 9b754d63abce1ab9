import { type Amount, formatAmount } from '@tollgate/contract';
import type { Queryable } from './database.js';
import type { CustomerKey } from './usage-store.js';

/** A grant as it is stored; amounts in whole millionths as text, '' for the customer's own wallet. */
export interface GrantRow {
  grantId: string;
  currencyId: string;
  resourceId: string;
  grantType: string;
  sourceType: string | null;
  status: string;
  amount: string;
  consumed: string;
  priority: number;
  effectiveAt: number;
  expireAt: number | null;
  voidedAt: number | null;
  createdAt: number;
  subscriptionId: string | null;
  periodStart: number | null;
  content: Record<string, unknown>;
}

export interface WalletRow {
  currencyId: string;
  resourceId: string;
  retired: string;
}

/** Settings of automatic recharge as they are stored. */
export interface RechargeRow {
  currencyId: string;
  content: Record<string, unknown>;
}

/** What a customer's credits are made of. */
export interface CreditRows {
  wallets: WalletRow[];
  grants: GrantRow[];
  recharges: RechargeRow[];
}

export interface LedgerRow {
  ordinal: number;
  currencyId: string;
  resourceId: string;
  grantId: string;
  type: string;
  amount: Amount;
  featureId: string | null;
  consumptionId: string | null;
  dimensions: Record<string, unknown> | null;
  happenedAt: number;
}

const millionths = (column: string): string => `trunc(${column} * 1000000)::text`;

export const grantColumns = `grant_id as "grantId", currency_id as "currencyId", resource_id as "resourceId",
  grant_type as "grantType", source_type as "sourceType", status, ${millionths('amount')} as amount,
  ${millionths('consumed')} as consumed, priority, effective_at as "effectiveAt", expire_at as "expireAt",
  voided_at as "voidedAt", created_at as "createdAt", subscription_id as "subscriptionId",
  period_start as "periodStart", content`;

export const walletColumns = `currency_id as "currencyId", resource_id as "resourceId",
  ${millionths('retired')} as retired`;

/** SQL: the settings of automatic recharge of one customer ($1, $2), as JSON. */
export const rechargesText = `coalesce((select jsonb_agg(jsonb_build_object('currencyId', currency_id, 'content', content))
  from {schema}.automatic_recharge where environment = $1 and customer_id = $2), '[]')`;

/** Every wallet of a customer and the grants to which something can still happen. */
export async function readCredits(db: Queryable, { environmentId, customerId }: CustomerKey): Promise<CreditRows> {
  const [row] = await db.query<CreditRows & Record<string, unknown>>(
    `select coalesce((select jsonb_agg(to_jsonb(w)) from (select ${walletColumns} from {schema}.wallet
              where environment = $1 and customer_id = $2) w), '[]') as wallets,
            coalesce((select jsonb_agg(to_jsonb(g) order by g."createdAt", g."grantId")
              from (select ${grantColumns} from {schema}.credit_grant
                where environment = $1 and customer_id = $2 and is_open) g), '[]') as grants,
            ${rechargesText} as recharges`,
    [environmentId, customerId],
  );
  return row ?? { wallets: [], grants: [], recharges: [] };
}

/**
 * Makes grants findable by their ids. Returns an id that is another customer's already; null when there is none. An id
 * that the customer has itself stays as it is.
 */
export async function claimGrantIds(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  grantIds: readonly string[],
): Promise<string | null> {
  if (grantIds.length === 0) return null;
  // All take ids in the same order, so that two transactions cannot wait for each other in a circle.
  const owners = await tx.query<{ id: string; customerId: string }>(
    `insert into {schema}.owner (environment, kind, id, customer_id)
     select $1, 'grant', id, $2 from unnest($3::text[]) as given (id) order by id
     on conflict (environment, kind, id) do update set customer_id = owner.customer_id
     returning id, customer_id as "customerId"`,
    [environmentId, customerId, grantIds],
  );
  return owners.find((owner) => owner.customerId !== customerId)?.id ?? null;
}

/** A grant whatever became of it; null for an id that the customer does not have. */
export async function readGrant(
  db: Queryable,
  { environmentId, customerId }: CustomerKey,
  grantId: string,
): Promise<GrantRow | null> {
  const rows = await db.query<GrantRow>(
    `select ${grantColumns} from {schema}.credit_grant
      where environment = $1 and customer_id = $2 and grant_id = $3`,
    [environmentId, customerId, grantId],
  );
  return rows[0] ?? null;
}

export async function saveGrants(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  grants: readonly (Omit<GrantRow, 'amount' | 'consumed'> & { amount: Amount; consumed: Amount; isOpen: boolean })[],
): Promise<void> {
  if (grants.length === 0) return;
  const rows = grants.map((row) => ({
    ...row,
    amount: formatAmount(row.amount),
    consumed: formatAmount(row.consumed),
  }));
  await tx.query(
    `insert into {schema}.credit_grant (environment, customer_id, grant_id, currency_id, resource_id, grant_type,
            source_type, status, amount, consumed, priority, effective_at, expire_at, voided_at, created_at,
            subscription_id, period_start, content, is_open)
     select $1, $2, "grantId", "currencyId", "resourceId", "grantType", "sourceType", status, amount, consumed, priority,
            "effectiveAt", "expireAt", "voidedAt", "createdAt", "subscriptionId", "periodStart", content, "isOpen"
       from jsonb_to_recordset($3::jsonb) as g ("grantId" text, "currencyId" text, "resourceId" text, "grantType" text,
            "sourceType" text, status text, amount numeric, consumed numeric, priority int, "effectiveAt" bigint,
            "expireAt" bigint, "voidedAt" bigint, "createdAt" bigint, "subscriptionId" text, "periodStart" bigint,
            content jsonb, "isOpen" boolean)
     on conflict (environment, customer_id, grant_id) do update set status = excluded.status,
            consumed = excluded.consumed, expire_at = excluded.expire_at, effective_at = excluded.effective_at,
            voided_at = excluded.voided_at, content = excluded.content, is_open = excluded.is_open`,
    [environmentId, customerId, JSON.stringify(rows)],
  );
}

export async function saveWallets(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  wallets: readonly { currencyId: string; resourceId: string; retired: Amount }[],
): Promise<void> {
  if (wallets.length === 0) return;
  const rows = wallets.map((row) => ({ ...row, retired: formatAmount(row.retired) }));
  await tx.query(
    `insert into {schema}.wallet (environment, customer_id, currency_id, resource_id, retired)
     select $1, $2, "currencyId", "resourceId", retired
       from jsonb_to_recordset($3::jsonb) as w ("currencyId" text, "resourceId" text, retired numeric)
     on conflict (environment, customer_id, currency_id, resource_id) do update set retired = excluded.retired`,
    [environmentId, customerId, JSON.stringify(rows)],
  );
}

export async function saveRecharges(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  rows: readonly RechargeRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into {schema}.automatic_recharge (environment, customer_id, currency_id, content)
     select $1, $2, "currencyId", content from jsonb_to_recordset($3::jsonb) as r ("currencyId" text, content jsonb)
     on conflict (environment, customer_id, currency_id) do update set content = excluded.content`,
    [environmentId, customerId, JSON.stringify(rows)],
  );
}

export async function appendLedger(
  tx: Queryable,
  { environmentId, customerId }: CustomerKey,
  rows: readonly LedgerRow[],
  { revision, now }: { revision: number; now: number },
): Promise<void> {
  if (rows.length === 0) return;
  const texts = rows.map((row) => ({ ...row, amount: formatAmount(row.amount) }));
  await tx.query(
    `insert into {schema}.credit_ledger (environment, customer_id, revision, ordinal, currency_id, resource_id, grant_id,
            type, amount, feature_id, consumption_id, dimensions, happened_at, stored_at)
     select $1, $2, $4, ordinal, "currencyId", "resourceId", "grantId", type, amount, "featureId", "consumptionId",
            dimensions, "happenedAt", $5
       from jsonb_to_recordset($3::jsonb) as l (ordinal int, "currencyId" text, "resourceId" text, "grantId" text,
            type text, amount numeric, "featureId" text, "consumptionId" text, dimensions jsonb, "happenedAt" bigint)`,
    [environmentId, customerId, JSON.stringify(texts), revision, now],
  );
}
