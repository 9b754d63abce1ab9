import type { Queryable } from './database.js';

export interface SandboxRow {
  intentId: string;
  environmentId: string;
  subscriptionId: string | null;
  status: string;
  createdAt: number;
  content: Record<string, unknown>;
}

const columns = `intent_id as "intentId", environment as "environmentId", subscription_id as "subscriptionId", status,
  created_at as "createdAt", content`;

/** Adds a call unless it is there, and locks it until the transaction ends. */
export async function addAndLockItem(tx: Queryable, row: SandboxRow): Promise<SandboxRow> {
  await tx.query(
    `insert into {schema}.sandbox_billing (intent_id, environment, subscription_id, status, created_at, content)
     values ($1, $2, $3, $4, $5, $6::jsonb) on conflict do nothing`,
    [row.intentId, row.environmentId, row.subscriptionId, row.status, row.createdAt, JSON.stringify(row.content)],
  );
  return (await lockItem(tx, row.intentId)) as SandboxRow;
}

export async function lockItem(tx: Queryable, intentId: string): Promise<SandboxRow | null> {
  const text = `select ${columns} from {schema}.sandbox_billing where intent_id = $1 for update`;
  const rows = await tx.query<SandboxRow>(text, [intentId]);
  return rows[0] ?? null;
}

export async function readItem(db: Queryable, intentId: string): Promise<SandboxRow | null> {
  const text = `select ${columns} from {schema}.sandbox_billing where intent_id = $1`;
  return (await db.query<SandboxRow>(text, [intentId]))[0] ?? null;
}

/** What somebody still has to settle in an environment, or in every one, the oldest first. */
export async function readOpenItems(db: Queryable, environmentId: string | null, limit: number): Promise<SandboxRow[]> {
  return db.query<SandboxRow>(
    `select ${columns} from {schema}.sandbox_billing
      where ($1::text is null or environment = $1) and status not in ('SUCCEEDED', 'FAILED') order by created_at, intent_id limit $2`,
    [environmentId, limit],
  );
}

export async function saveItem(tx: Queryable, row: SandboxRow): Promise<void> {
  await tx.query('update {schema}.sandbox_billing set status = $2, content = $3::jsonb where intent_id = $1', [
    row.intentId,
    row.status,
    JSON.stringify(row.content),
  ]);
}

/** Nothing is collected any more for a subscription that was cancelled. */
export async function closePaymentsOf(tx: Queryable, environmentId: string, subscriptionId: string): Promise<void> {
  await tx.query(
    `update {schema}.sandbox_billing set status = 'FAILED'
      where environment = $1 and subscription_id = $2 and content ->> 'kind' = 'collect'
        and status not in ('SUCCEEDED', 'FAILED')`,
    [environmentId, subscriptionId],
  );
}
