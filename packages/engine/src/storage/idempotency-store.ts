import { TollgateError } from '@tollgate/contract';
import type { Queryable } from './database.js';

/** What an item is known by: never when it happened, which a repetition may not know. */
export interface ItemKey {
  customerId: string;
  operation: string;
  key: string;
}

export interface RememberedRow extends ItemKey {
  contentHash: string;
  result: unknown;
}

const keyFields = `"customerId" text, operation text, key text`;

/** What is remembered of these keys, without those whose time is over. */
export async function readKeys(
  db: Queryable,
  environmentId: string,
  keys: readonly ItemKey[],
  now: number,
): Promise<RememberedRow[]> {
  if (keys.length === 0) return [];
  // Key by key through the index, whatever the planner believes of a table that has just begun to grow: OFFSET 0 keeps it
  // from joining, for which it would read every key of the environment.
  return db.query<RememberedRow>(
    `select i.*
       from jsonb_to_recordset($2::jsonb) as k (${keyFields})
       cross join lateral (
         select customer_id as "customerId", operation, key, content_hash as "contentHash", result
           from {schema}.idempotency
          where environment = $1 and customer_id = k."customerId" and operation = k.operation and key = k.key
            and expires_at > $3 offset 0) i`,
    [environmentId, JSON.stringify(keys), now],
  );
}

/**
 * Takes keys that differ from each other, and returns those that were free. A key whose time is over is free again. All
 * callers take keys in the same order, so that two batches cannot wait for each other in a circle.
 */
export async function takeKeys(
  tx: Queryable,
  environmentId: string,
  keys: readonly RememberedRow[],
  times: { now: number; expiresAt: number },
): Promise<ItemKey[]> {
  if (keys.length === 0) return [];
  return tx.query<ItemKey & Record<string, unknown>>(
    `insert into {schema}.idempotency as i (environment, customer_id, operation, key, content_hash, result, expires_at)
     select $1, "customerId", operation, key, "contentHash", result, $3
       from jsonb_to_recordset($2::jsonb) as k (${keyFields}, "contentHash" text, result jsonb)
      order by "customerId", operation, key
     on conflict (environment, customer_id, operation, key) do update set
            content_hash = excluded.content_hash, result = excluded.result, expires_at = excluded.expires_at
      where i.expires_at <= $4
     returning customer_id as "customerId", operation, key`,
    [environmentId, JSON.stringify(keys), times.expiresAt, times.now],
  );
}

const message = 'the item came in by another way at the same time';

/** Ends a transaction whose keys another one has taken after they were read; to be tried again, which will see them. */
export function keysTakenMeanwhile(): TollgateError {
  return new TollgateError('INTERNAL', message, { details: { isKeyTaken: true } });
}

export function isKeyTakenMeanwhile(error: unknown): boolean {
  return error instanceof TollgateError && error.details?.isKeyTaken === true;
}
