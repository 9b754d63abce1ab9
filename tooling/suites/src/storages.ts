import type { CatalogDocument } from '@tollgate/contract';
import { type StackOptions, startStack, type TestStack } from '@tollgate/testing';
import { inject } from 'vitest';
import { journeyCatalog } from './journey-catalog.js';

/** Both databases that the engine runs on, for `describe.each`. */
export const storages = ['PGlite', 'Postgres'] as const;
export type StorageName = (typeof storages)[number];

/** A stack of the test's own on one of them, with a clock that stands still at `now`. */
export async function stackOn(
  storage: StorageName,
  now: string,
  options: { catalog?: CatalogDocument } & Pick<StackOptions, 'sweeper' | 'billing'> = {},
): Promise<TestStack> {
  if (storage === 'Postgres') await keepSchema();
  const place = storage === 'PGlite' ? { template: inject('pgliteTemplate') } : { storage: inject('postgresUrl') };
  return startStack({ catalog: journeyCatalog, now, ...place, ...options });
}

let keeper: Promise<TestStack> | undefined;

/**
 * One stack of this process stays open, so that all others find a schema with tables in place of making one each. The
 * database that it lies in goes with the run.
 */
function keepSchema(): Promise<TestStack> {
  keeper ??= startStack({ catalog: journeyCatalog, storage: inject('postgresUrl') });
  return keeper;
}
