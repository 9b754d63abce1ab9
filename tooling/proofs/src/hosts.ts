import { randomUUID } from 'node:crypto';
import { createEngine, type Database, type Engine, migrate, openDatabase } from '@tollgate/engine';
import { pgliteTemplate, postgresService } from '@tollgate/services';

/** An engine in this process, on tables of its own. */
export interface Host {
  name: string;
  engine: Engine;
  database: Database;
  close(): Promise<void>;
}

export async function pgliteHost(): Promise<Host> {
  const database = await openDatabase('memory', { template: await pgliteTemplate() });
  const engine = await createEngine({ database });
  const close = async () => {
    await engine.close();
    await database.close();
  };
  return { name: 'PGlite', engine, database, close };
}

/** What is proven here is not what outlives a crash, so nobody waits for the disk. */
const unsynced = (url: string): string => {
  const fast = new URL(url);
  fast.searchParams.set('options', '-c synchronous_commit=off');
  return fast.href;
};

export async function postgresHost(): Promise<Host> {
  const service = await postgresService();
  const schema = `tollgate_proof_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const database = await openDatabase(unsynced(service.url), { schema });
  await migrate(database);
  const engine = await createEngine({ database });
  const close = async () => {
    await engine.close();
    await database.query(`drop schema "${schema}" cascade`);
    await database.close();
    await service.close();
  };
  return { name: 'Postgres', engine, database, close };
}
