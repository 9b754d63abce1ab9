import type { Queryable } from './database.js';

export interface BillingIntentRow {
  environmentId: string;
  customerId: string;
  intentId: string;
  kind: string;
  status: 'OPEN' | 'WAITING' | 'DONE' | 'FAILED';
  subscriptionId: string | null;
  grantId: string | null;
  content: Record<string, unknown>;
  outcome: Record<string, unknown> | null;
  createdAt: number;
}

const columns = `environment as "environmentId", customer_id as "customerId", intent_id as "intentId", kind, status,
  subscription_id as "subscriptionId", grant_id as "grantId", content, outcome, created_at as "createdAt"`;

/** Writes intents that are new; in the transaction of the change that they follow from. */
export async function addIntents(tx: Queryable, intents: readonly BillingIntentRow[]): Promise<void> {
  for (const intent of intents) {
    await tx.query(
      `insert into {schema}.billing_intent
              (environment, customer_id, intent_id, kind, status, subscription_id, grant_id, content, created_at,
               next_try_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $9)`,
      [
        intent.environmentId,
        intent.customerId,
        intent.intentId,
        intent.kind,
        intent.status,
        intent.subscriptionId,
        intent.grantId,
        JSON.stringify(intent.content),
        intent.createdAt,
      ],
    );
  }
}

/** Null for an id that nobody has. */
export async function readIntent(db: Queryable, intentId: string): Promise<BillingIntentRow | null> {
  const rows = await db.query<BillingIntentRow>(`select ${columns} from {schema}.billing_intent where intent_id = $1`, [
    intentId,
  ]);
  return rows[0] ?? null;
}

/** What is not settled yet for a customer, the oldest first. */
export async function readOpenIntents(
  db: Queryable,
  environmentId: string,
  customerId: string,
): Promise<BillingIntentRow[]> {
  return db.query<BillingIntentRow>(
    `select ${columns} from {schema}.billing_intent
      where environment = $1 and customer_id = $2 and status in ('OPEN', 'WAITING') order by created_at, intent_id`,
    [environmentId, customerId],
  );
}

/** Stores an answer; false when it is no news, or the intent was settled before. Call it under the customer's lock. */
export async function saveOutcome(
  tx: Queryable,
  intent: Pick<BillingIntentRow, 'environmentId' | 'customerId' | 'intentId' | 'status'>,
  outcome: unknown,
): Promise<boolean> {
  const rows = await tx.query(
    `update {schema}.billing_intent set status = $4, outcome = $5::jsonb
      where environment = $1 and customer_id = $2 and intent_id = $3 and status in ('OPEN', 'WAITING')
        and (status <> $4 or outcome is distinct from $5::jsonb)
      returning intent_id`,
    [intent.environmentId, intent.customerId, intent.intentId, intent.status, JSON.stringify(outcome)],
  );
  return rows.length > 0;
}

/** What was still to be collected for grants that were voided is not asked for again. */
export async function dropGrantPayments(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  grantIds: readonly string[],
): Promise<void> {
  if (grantIds.length === 0) return;
  await tx.query(
    `update {schema}.billing_intent set status = 'FAILED'
      where environment = $1 and customer_id = $2 and kind = 'grant' and status in ('OPEN', 'WAITING')
        and grant_id = any($3::text[])`,
    [environmentId, customerId, grantIds],
  );
}

/** What was still to be collected for subscriptions that have ended is not asked for again. */
export async function dropCollecting(
  tx: Queryable,
  environmentId: string,
  customerId: string,
  subscriptionIds: readonly string[],
): Promise<void> {
  if (subscriptionIds.length === 0) return;
  await tx.query(
    `update {schema}.billing_intent set status = 'FAILED'
      where environment = $1 and customer_id = $2 and kind = 'collect' and status in ('OPEN', 'WAITING')
        and subscription_id = any($3::text[])`,
    [environmentId, customerId, subscriptionIds],
  );
}

/**
 * Takes what is due, of an environment or of every one, and puts off its next turn: so servers share the work, and what one of them
 * took and did not live to settle comes up again.
 */
export async function takeDueIntents(
  db: Queryable,
  {
    environmentId,
    now,
    nextTryAt,
    limit,
  }: { environmentId: string | null; now: number; nextTryAt: number; limit: number },
): Promise<BillingIntentRow[]> {
  return db.query<BillingIntentRow>(
    `update {schema}.billing_intent set next_try_at = $2
      where intent_id in (select intent_id from {schema}.billing_intent
        where status in ('OPEN', 'WAITING') and next_try_at <= $1 and ($4::text is null or environment = $4)
        order by next_try_at limit $3 for update skip locked)
      returning ${columns}`,
    [now, nextTryAt, limit, environmentId],
  );
}

/** The method that a customer's charges go to now; null where there is none. */
export async function readPaymentMethodId(
  db: Queryable,
  environmentId: string,
  customerId: string,
): Promise<string | null> {
  const rows = await db.query<{ id: string | null }>(
    `select details -> 'defaultPaymentMethod' ->> 'paymentMethodId' as id from {schema}.customer
      where environment = $1 and customer_id = $2`,
    [environmentId, customerId],
  );
  return rows[0]?.id ?? null;
}
