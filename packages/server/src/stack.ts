import type { CatalogDocument, Transport } from '@tollgate/contract';
import {
  type ApiKeyKind,
  createEngine,
  type Database,
  type DatabaseSource,
  type Engine,
  type EngineOptions,
  type EnvironmentEngine,
  migrate,
  openDatabase,
  requireMigrated,
} from '@tollgate/engine';
import { readCatalog } from './catalog-file.js';
import { placedIssues } from './catalog-issues.js';
import { type Chores, startChores } from './chores.js';
import { type Clock, systemClock } from './clock.js';
import { embeddedTransport } from './embedded-transport.js';
import type { RunningServer, ServerOptions } from './server.js';

export interface StackOptions {
  /** `'memory'`, a folder, a Postgres URL (owned), or a `pg` pool (borrowed). */
  database: DatabaseSource;
  /** Applied at start: a catalog document, or the path of a `.ts`, `.js` or `.json` file that holds one. */
  catalog?: CatalogDocument | string;
  /** The environment that the transport talks to; made when it is new. Default `development`. */
  environment?: string;
  /** False: the tables must be there already, made by `tollgate migrate`. Default true: made at start, under a lock. */
  migrate?: boolean;
  /** The Postgres schema that holds the tables. Default `tollgate`. */
  schema?: string;
  /** Who collects payments. Default `'manual'`: nobody does; `'sandbox'` is a provider to try things with. */
  billing?: EngineOptions['billing'];
  /** Default: the system's clock. */
  clock?: Clock;
  /** For memory and folders: a file that spares making a new database from nothing. */
  template?: string;
  /** Hears of failures that no caller waits for, such as a failed poll of the change feed. Default: nobody does. */
  onError?(error: unknown): void;
  /** False: nothing is done that no call asks for, as befits a program that only looks. Default true. */
  chores?: boolean;
  /** Sees each environment before requests do, to watch what happens in it. */
  watch?(environment: EnvironmentEngine): EnvironmentEngine;
}

/** A database, the engine on it, and the ways in. */
export interface Stack {
  engine: Engine;
  environment: EnvironmentEngine;
  clock: Clock;
  /** Straight into the executor. Closing it closes nothing. */
  transport: Transport;
  /** Makes an API key for the environment; it is shown once. */
  createApiKey(kind?: ApiKeyKind): Promise<string>;
  /** Rejects unless the database answers and its tables are those of this version. */
  checkReady(): Promise<void>;
  /** Serves the engine over HTTP and WebSocket; loads the server's libraries only now. */
  listen(options?: Pick<ServerOptions, 'host' | 'port' | 'logger'>): Promise<RunningServer>;
  /** Stops what listens, then the engine, then a database that was opened here. */
  close(): Promise<void>;
}

/** Opens a database, brings it up to date, applies the catalog. When a step fails, what was opened is closed again. */
export async function createStack(options: StackOptions): Promise<Stack> {
  const { environment: environmentId = 'development', clock = systemClock(), catalog } = options;
  const apply = await catalogStep(catalog);
  const { schema, template } = options;
  const onError = (error: unknown) => options.onError?.(error);
  const database = await openDatabase(options.database, { schema, template });
  let opened: Engine | undefined;
  try {
    await (options.migrate === false ? requireMigrated(database) : migrate(database));
    opened = await createEngine({ database, onError, billing: options.billing });
    const engine = watched(opened, options.watch);
    await engine.ensureEnvironment(environmentId, clock.now());
    const environment = await engine.environment(environmentId);
    await apply(environment, clock.now());
    const chores = options.chores === false ? undefined : startChores(engine, clock, onError);
    return assemble(database, engine, environment, clock, chores);
  } catch (error) {
    await opened?.close();
    await database.close();
    throw error;
  }
}

/** Reads the catalog before anything is opened; what it returns publishes it, and places what is wrong in the file. */
async function catalogStep(catalog: StackOptions['catalog']) {
  const file = typeof catalog === 'string' ? await readCatalog(catalog) : undefined;
  const document = typeof catalog === 'string' ? file?.document : catalog;
  return async (environment: EnvironmentEngine, now: number): Promise<void> => {
    if (document === undefined) return;
    try {
      await environment.applyCatalog(document, { dryRun: false }, now);
    } catch (error) {
      throw file ? placedIssues(error, String(catalog), file) : error;
    }
  };
}

function assemble(
  database: Database,
  engine: Engine,
  environment: EnvironmentEngine,
  clock: Clock,
  chores: Chores | undefined,
): Stack {
  const servers: RunningServer[] = [];
  const checkReady = () => requireMigrated(database);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
    await chores?.stop();
    await engine.close();
    await database.close();
  };
  return {
    engine,
    environment,
    clock,
    transport: embeddedTransport(environment, clock, () => servers[0]?.url),
    createApiKey: (kind = 'server') => engine.createApiKey(environment.environmentId, kind, clock.now()),
    checkReady,
    async listen(listenOptions = {}) {
      const { startServer } = await import('./server.js');
      const server = await startServer({ engine, clock, checkReady, ...listenOptions });
      servers.push(server);
      return server;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function watched(engine: Engine, watch: StackOptions['watch']): Engine {
  if (!watch) return engine;
  return { ...engine, environment: async (environmentId) => watch(await engine.environment(environmentId)) };
}
