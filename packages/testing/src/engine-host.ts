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

/** By place, and by who collects payments. */
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
export function memoryHost(template: string | undefined, billing: Billing): Promise<EngineHost> {
  const engines = enginesAt(`memory ${template ?? ''}`);
  const close = (shared: SharedEngine): void => {
    shared.closing = setTimeout(async () => {
      engines.delete(billing);
      const { engine, database } = await shared.opened;
      await engine.close();
      await database.close();
    }, lingerMs).unref();
  };
  return sharedHost(engines, billing, { open: () => openEngine('memory', { template, billing }), close });
}

/**
 * A schema on a Postgres server that the stacks of this process share while they are open. The last one that is closed
 * drops it with everything in it: a process may end at any moment after that, and must leave nothing behind.
 */
export function postgresHost(url: string, billing: Billing): Promise<EngineHost> {
  const engines = enginesAt(url);
  const open = () => openEngine(url, { schema: `tollgate_test_${randomBytes(6).toString('hex')}`, billing });
  const close = async ({ opened }: SharedEngine): Promise<void> => {
    engines.delete(billing);
    const { engine, database } = await opened;
    await engine.close();
    await database.query('drop schema {schema} cascade');
    await database.close();
  };
  return sharedHost(engines, billing, { open, close });
}

function enginesAt(place: string): Map<Billing, SharedEngine> {
  const engines = sharedEngines.get(place) ?? new Map<Billing, SharedEngine>();
  sharedEngines.set(place, engines);
  return engines;
}

/** What is open already, or what `open` opens; `close` is called when nobody uses it any more. */
async function sharedHost(
  engines: Map<Billing, SharedEngine>,
  billing: Billing,
  { open, close }: { open(): SharedEngine['opened']; close(shared: SharedEngine): void | Promise<void> },
): Promise<EngineHost> {
  const shared: SharedEngine = engines.get(billing) ?? { opened: open(), users: 0 };
  engines.set(billing, shared);
  clearTimeout(shared.closing);
  shared.users += 1;
  try {
    const { engine, database } = await shared.opened;
    const release = async (): Promise<void> => {
      shared.users -= 1;
      if (shared.users === 0) await close(shared);
    };
    return { engine, checkReady: () => isAnswering(database), release };
  } catch (error) {
    engines.delete(billing);
    throw error;
  }
}

export async function isAnswering(database: Database): Promise<void> {
  await database.query('select 1');
}
