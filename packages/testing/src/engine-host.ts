import { randomBytes } from 'node:crypto';
import { createEngine, type Database, type Engine, type EngineOptions, migrate, openDatabase } from '@tollgate/engine';

/** An engine that stacks put their environments into. */
export interface EngineHost {
  engine: Engine;
  checkReady(): Promise<void>;
  /** Gives the engine back; the last one to do so closes it. */
  release(): Promise<void>;
}

/** How long a database in memory waits for the next stack: making one costs a second, an environment milliseconds. */
const lingerMs = 2_000;

interface SharedEngine {
  opened: Promise<{ engine: Engine; database: Database }>;
  users: number;
  closing?: NodeJS.Timeout;
}

/** By template, and by who collects payments. */
const sharedEngines = new Map<string, Map<Billing, SharedEngine>>();

export type Billing = NonNullable<EngineOptions['billing']>;

/** A migrated database and the engine on it. */
export async function openEngine(source: string, options: { billing: Billing; template?: string; schema?: string }) {
  const { billing, ...where } = options;
  const database = await openDatabase(source, where);
  try {
    await migrate(database);
    return { database, engine: await createEngine({ database, billing }) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The database in memory that all stacks of this process share, each with an environment of its own. */
export async function memoryHost(template: string | undefined, billing: Billing): Promise<EngineHost> {
  const engines = sharedEngines.get(template ?? '') ?? new Map<Billing, SharedEngine>();
  sharedEngines.set(template ?? '', engines);
  const shared: SharedEngine = engines.get(billing) ?? {
    opened: openEngine('memory', { template, billing }),
    users: 0,
  };
  engines.set(billing, shared);
  clearTimeout(shared.closing);
  shared.users += 1;
  try {
    const { engine, database } = await shared.opened;
    const release = async (): Promise<void> => {
      shared.users -= 1;
      if (shared.users > 0) return;
      shared.closing = setTimeout(() => {
        engines.delete(billing);
        engine.close().then(() => database.close());
      }, lingerMs).unref();
    };
    return { engine, checkReady: () => isAnswering(database), release };
  } catch (error) {
    engines.delete(billing);
    throw error;
  }
}

/** A schema of its own on a Postgres server, dropped with everything in it when the stack is closed. */
export async function postgresHost(url: string, billing: Billing): Promise<EngineHost> {
  const schema = `tollgate_test_${randomBytes(6).toString('hex')}`;
  const { engine, database } = await openEngine(url, { schema, billing });
  const release = async (): Promise<void> => {
    await engine.close();
    await database.query(`drop schema "${schema}" cascade`);
    await database.close();
  };
  return { engine, checkReady: () => isAnswering(database), release };
}

export async function isAnswering(database: Database): Promise<void> {
  await database.query('select 1');
}
