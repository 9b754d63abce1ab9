import { assertId, TollgateError } from '@tollgate/contract';
import type { Queryable } from './database.js';

/** Creates the environment when it is new; many processes may do so at once. */
export async function ensureEnvironment(db: Queryable, environmentId: string, now: number): Promise<void> {
  assertId(environmentId, 'environmentId');
  await db.query('insert into {schema}.environment (id, created_at) values ($1, $2) on conflict (id) do nothing', [
    environmentId,
    new Date(now),
  ]);
}

/** The environment's catalog number. Rejects with ENVIRONMENT_NOT_FOUND. */
export async function readCatalogNumber(db: Queryable, environmentId: string): Promise<number> {
  const text = 'select catalog from {schema}.environment where id = $1';
  const [row] = await db.query<{ catalog: number }>(text, [environmentId]);
  if (!row) throw environmentNotFound(environmentId);
  return row.catalog;
}

/**
 * Locks the environment's row until the transaction ends, so that publishes come one after the other, and gives the
 * catalog number that the next one replaces. The row's key stays free: what only refers to the environment goes on.
 * Rejects with ENVIRONMENT_NOT_FOUND.
 */
export async function lockCatalogNumber(tx: Queryable, environmentId: string): Promise<number> {
  const text = 'select catalog from {schema}.environment where id = $1 for no key update';
  const [row] = await tx.query<{ catalog: number }>(text, [environmentId]);
  if (!row) throw environmentNotFound(environmentId);
  return row.catalog;
}

/** Raises the catalog number by one and returns the new one. Followers hear of it through `appendPublish`. */
export async function raiseCatalogNumber(tx: Queryable, environmentId: string): Promise<number> {
  const text = 'update {schema}.environment set catalog = catalog + 1 where id = $1 returning catalog';
  const [row] = await tx.query<{ catalog: number }>(text, [environmentId]);
  if (!row) throw environmentNotFound(environmentId);
  return row.catalog;
}

export function environmentNotFound(environmentId: string): TollgateError {
  return new TollgateError('ENVIRONMENT_NOT_FOUND', `there is no environment "${environmentId}"`, {
    field: 'environmentId',
  });
}
