import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { parsers } from './column-types.js';
import type { Database } from './database.js';
import { lockFolder } from './folder-lock.js';
import { type Driver, guardDatabase, type Row, type Session } from './guarded-database.js';

export interface PgliteDatabaseOptions {
  /** A folder that is created when absent and locked while open; null keeps everything in memory. */
  folder: string | null;
  schema: string;
  /** A file written by `createPgliteTemplate`. A database that does not exist yet starts as its copy. */
  template?: string;
}

/** `isNew` is true when this call made the database. */
export async function openPgliteDatabase(
  options: PgliteDatabaseOptions,
): Promise<{ database: Database; isNew: boolean }> {
  const { folder, schema, template } = options;
  if (folder === null) {
    const pglite = await createPglite(undefined, template);
    return {
      database: guardDatabase(
        pgliteDriver(pglite, () => pglite.close()),
        schema,
      ),
      isNew: true,
    };
  }
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  try {
    const { pglite, isNew } = await openData(folder, template);
    const close = async () => {
      try {
        await pglite.close();
      } finally {
        await lock.release();
      }
    };
    return { database: guardDatabase(pgliteDriver(pglite, close), schema), isNew };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The data lives beside the lock: Postgres makes its files only in a folder that is empty. */
async function openData(folder: string, template: string | undefined): Promise<{ pglite: PGlite; isNew: boolean }> {
  const data = join(folder, 'data');
  if (existsSync(data)) return { pglite: await createPglite(data), isNew: false };
  // Made under another name first, so that a process killed half-way leaves nothing that looks like a database.
  const unfinished = join(folder, 'data.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const pglite = await createPglite(unfinished, template);
  await pglite.close();
  await rename(unfinished, data);
  return { pglite: await createPglite(data), isNew: true };
}

/** Loaded only when used: the package is large. */
export async function createPglite(dataDir?: string, template?: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const loadDataDir = template === undefined ? undefined : new Blob([await readFile(template)]);
  return PGlite.create({ dataDir, loadDataDir });
}

/** One connection: PGlite itself queues statements behind a running transaction. */
export function pgliteDriver(pglite: PGlite, close: () => Promise<void>): Driver {
  return {
    query: async (text, values) => (await pglite.query<Row>(text, values, { parsers })).rows,
    transaction: (modes, work) =>
      pglite.transaction(async (transaction) => {
        await transaction.exec(`set transaction ${modes}`);
        return work(sessionOf(transaction));
      }),
    close,
  };
}

const sessionOf = (transaction: Transaction): Session => ({
  query: async (text, values) => (await transaction.query<Row>(text, values, { parsers })).rows,
  script: async (text) => void (await transaction.exec(text)),
});
