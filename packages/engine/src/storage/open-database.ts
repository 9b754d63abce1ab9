import { resolve } from 'node:path';
import { TollgateError } from '@tollgate/contract';
import type { Database } from './database.js';
import { assertSchema } from './guarded-database.js';
import { renewEpoch } from './meta-store.js';
import { borrowPgDatabase, openPgDatabase, type PgPool } from './pg-database.js';
import { openPgliteDatabase } from './pglite-database.js';

/** `'memory'`, a folder, a Postgres URL (owned), or a `pg` pool (borrowed). */
export type DatabaseSource = string | PgPool;

export interface OpenDatabaseOptions {
  /** The Postgres schema that holds the tables. Default `tollgate`. */
  schema?: string;
  /** For memory and folders: a file written by `createPgliteTemplate`, which spares making a new database from nothing. */
  template?: string;
}

/**
 * Opens a database; tables are made by `migrate`. Rejects with CONFIGURATION for what is none of the four sources, with
 * DATABASE_IN_USE for a folder that another process has open. A Postgres server is first contacted by the first query.
 */
export async function openDatabase(source: DatabaseSource, options: OpenDatabaseOptions = {}): Promise<Database> {
  const { schema = 'tollgate', template } = options;
  assertSchema(schema);
  if (typeof source !== 'string') return borrowPgDatabase(assertPool(source), schema);
  if (/^postgres(ql)?:\/\//.test(source)) return openPgDatabase(source, schema);
  const folder = source === 'memory' ? null : resolve(assertFolder(source));
  const { database, isNew } = await openPgliteDatabase({ folder, schema, template });
  // A copy of a template is a database of its own: what clients cached from another copy must not look newer.
  if (isNew && template !== undefined) await renewEpoch(database);
  return database;
}

function assertPool(source: PgPool): PgPool {
  if (typeof source?.query === 'function' && typeof source.connect === 'function') return source;
  throw invalid('must be "memory", a folder, a Postgres URL or a pg pool');
}

function assertFolder(source: string): string {
  if (source === '') throw invalid('must not be empty');
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(source)?.[1];
  if (scheme !== undefined)
    throw invalid(`has the scheme "${scheme}"; only postgres: and postgresql: are URLs it takes`);
  return source;
}

const invalid = (rule: string) => new TollgateError('CONFIGURATION', `database ${rule}`, { field: 'database' });
