import { join } from 'node:path';
import { createEngine, type Database, type Engine, type EnvironmentEngine, openDatabase } from '@tollgate/engine';
import { durablePostgres, type Served, type ServeOptions, serveTollgate, startProgram } from '@tollgate/services';
import { stageCatalog } from './stage-catalog.js';

const apiKey = 'tg_proofs_key_0123456789abcdef';
const environmentId = 'proof';

/** Servers on one durable Postgres, each a process of its own, and a look into the database past all of them. */
export interface ServerStage {
  apiKey: string;
  /** Those that were asked for, in their order. */
  servers: readonly Served[];
  /** A further server; on the port of one that was killed if it is given. */
  serve(port?: number): Promise<Served>;
  /** A further application, which asks this server. */
  app(server: Served): Promise<Served>;
  database: Database;
  engine: Engine;
  environment: EnvironmentEngine;
  /** Ends everything that was started here. */
  close(): Promise<void>;
}

export async function openServerStage(servers: number): Promise<ServerStage> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const postgres = await durablePostgres();
    closing.push(() => postgres.close());
    const options: ServeOptions = { database: postgres.url, environment: environmentId, apiKey };
    const serve = async (more: Partial<ServeOptions>): Promise<Served> => {
      const served = await serveTollgate({ ...options, ...more });
      closing.push(() => served.kill());
      return served;
    };
    const first = await serve({ catalog: stageCatalog });
    const others = await Promise.all(Array.from({ length: servers - 1 }, () => serve({})));
    const database = await openDatabase(postgres.url);
    closing.push(() => database.close());
    const engine = await createEngine({ database });
    closing.push(() => engine.close());
    return {
      apiKey,
      servers: [first, ...others],
      serve: (port) => serve(port === undefined ? {} : { port }),
      app: async (server) => {
        const program = join(import.meta.dirname, '../dist/metered-app.js');
        const served = await startProgram({ program, args: ['--server', server.url, '--api-key', apiKey] });
        closing.push(() => served.kill());
        return served;
      },
      database,
      engine,
      environment: await engine.environment(environmentId),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
