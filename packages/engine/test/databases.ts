import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database } from '../src/storage/database.js';
import { migrate } from '../src/storage/migrate.js';
import { openDatabase } from '../src/storage/open-database.js';

/** A migrated database of the test's own, on one of the two implementations; `drop` closes it and removes its data. */
export interface TestDatabase {
  database: Database;
  drop(): Promise<void>;
}

export interface Implementation {
  name: string;
  open(): Promise<TestDatabase>;
}

export const uniqueSchema = (): string => `tollgate_test_${randomBytes(6).toString('hex')}`;

export async function dropSchema(schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(`drop schema if exists "${schema}" cascade`);
  } finally {
    await client.end();
  }
}

const pglite: Implementation = {
  name: 'PGlite',
  open: async () => {
    const database = await openDatabase('memory', { template: inject('pgliteTemplate') });
    return { database, drop: () => database.close() };
  },
};

const postgres: Implementation = {
  name: 'Postgres',
  open: async () => {
    const schema = uniqueSchema();
    const database = await openDatabase(inject('postgresUrl'), { schema });
    await migrate(database);
    const drop = async () => {
      await database.close();
      await dropSchema(schema);
    };
    return { database, drop };
  },
};

export const implementations: readonly Implementation[] = [pglite, postgres];
