import { randomUUID } from 'node:crypto';
import { gatePortKey, Tollgate, type TollgateOptions } from '@tollgate/client';
import { type CatalogDocument, TollgateError } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { embeddedTransport, readCatalog, type TestClock, testClock } from '@tollgate/server/embedded';
import { type Billing, type EngineHost, memoryHost, postgresHost } from './engine-host.js';
import { moveOverHttp, type StackClock, stackClock, toInstant } from './stack-clock.js';

export interface StackOptions {
  /** What is sold: a catalog document, or the path of a `.ts`, `.js` or `.json` file that holds one. */
  catalog: CatalogDocument | string;
  /** `'pglite'` (default), a database in memory, or the URL of a Postgres, where a schema of its own comes and goes. */
  storage?: string;
  /** `'embedded'` (default): clients call the engine in this process. `'http'`: a real server on a free port. */
  transport?: 'embedded' | 'http';
  /** Where the clock stands at first: epoch milliseconds, a Date or an ISO 8601 string. Default: the present. */
  now?: number | Date | string;
  /**
   * Whether what is due is done as soon as the clock is moved, as a server does it by itself. It makes events timely and
   * changes no answer. Default true.
   */
  sweeper?: boolean;
  /** Who collects payments: `'manual'` (default), `'sandbox'`, or a provider of your own. */
  billing?: Billing;
  /** A file that `createPgliteTemplate` wrote, from which PGlite starts faster. Default: `TOLLGATE_TEST_TEMPLATE`. */
  template?: string;
}

/** What a stack's clients take: where they connect is the stack's. */
export type StackClientOptions = Omit<TollgateOptions, 'apiKey' | 'baseUri' | 'wsUrl' | 'transport'>;

/** A whole Tollgate with a clock of its own, in an environment that nothing else uses. */
export interface TestStack {
  /** A new client with a memory of its own; closed with the stack at the latest. */
  client(options?: StackClientOptions): Tollgate;
  clock: StackClock;
  /** The engine itself, for looking past every cache and for changing the catalog. */
  engine: EnvironmentEngine;
  /** Closes clients, server and engine, in this order. */
  close(): Promise<void>;
}

export interface HttpStack extends TestStack {
  /** For `baseUri`, such as `http://127.0.0.1:40123`. */
  url: string;
  apiKey: string;
}

/** Starts a stack. Rejects with CATALOG_INVALID naming the field when the catalog is not one. */
export async function startStack(options: StackOptions & { transport: 'http' }): Promise<HttpStack>;
export async function startStack(options: StackOptions): Promise<TestStack>;
export async function startStack(options: StackOptions): Promise<TestStack | HttpStack> {
  const {
    catalog,
    storage = 'pglite',
    transport = 'embedded',
    sweeper = true,
    billing = 'manual',
    template = process.env.TOLLGATE_TEST_TEMPLATE,
  } = options;
  if (transport !== 'embedded' && transport !== 'http') throw refused('transport', 'must be "embedded" or "http"');
  if (storage !== 'pglite' && !/^postgres(ql)?:\/\//.test(storage)) {
    throw refused('storage', 'must be "pglite" or a Postgres URL');
  }
  const clock = testClock(options.now === undefined ? undefined : toInstant(options.now, 'now'));
  const document = typeof catalog === 'string' ? (await readCatalog(catalog)).document : catalog;
  const host = storage === 'pglite' ? await memoryHost(template, billing) : await postgresHost(storage, billing);
  try {
    const environmentId = `test-${randomUUID()}`;
    await host.engine.ensureEnvironment(environmentId, clock.now());
    const engine = await host.engine.environment(environmentId);
    await engine.applyCatalog(document, { dryRun: false }, clock.now());
    const sweep = sweeper ? () => sweepAll(engine, clock) : async () => undefined;
    return transport === 'http'
      ? await httpStack(host, engine, clock, sweep)
      : embeddedStack(host, engine, clock, sweep);
  } catch (error) {
    await host.release();
    throw error;
  }
}

type Sweep = () => Promise<void>;

/** Only this stack's environment: others in the same database have clocks of their own. */
async function sweepAll(engine: EnvironmentEngine, clock: TestClock): Promise<void> {
  const together = 1000;
  while ((await engine.sweep(clock.now(), together)) === together);
  await engine.resumeBilling(clock.now());
}

function embeddedStack(host: EngineHost, engine: EnvironmentEngine, clock: TestClock, sweep: Sweep): TestStack {
  const clients = clientsOf(() => ({ transport: embeddedTransport(engine, clock) }));
  return {
    client: clients.open,
    clock: stackClock(
      clock,
      (instant) => {
        clock.set(instant);
        return sweep();
      },
      clients.hearTheClock,
    ),
    engine,
    close: once(async () => {
      await clients.close();
      await host.release();
    }),
  };
}

async function httpStack(
  host: EngineHost,
  engine: EnvironmentEngine,
  clock: TestClock,
  sweep: Sweep,
): Promise<HttpStack> {
  // Loaded only when a stack asks for it: the server's libraries take a moment.
  const { startServer } = await import('@tollgate/server');
  const apiKey = await host.engine.createApiKey(engine.environmentId, 'server', clock.now());
  const server = await startServer({ engine: host.engine, clock, checkReady: host.checkReady, port: 0 });
  const clients = clientsOf(() => ({ apiKey, baseUri: server.url }));
  return {
    client: clients.open,
    clock: stackClock(
      clock,
      async (instant) => {
        await moveOverHttp(server.url, apiKey, instant);
        await sweep();
      },
      clients.hearTheClock,
    ),
    engine,
    url: server.url,
    apiKey,
    close: once(async () => {
      await clients.close();
      await server.close();
      await host.release();
    }),
  };
}

function clientsOf(connection: () => Pick<TollgateOptions, 'apiKey' | 'baseUri' | 'transport'>) {
  const opened: Tollgate[] = [];
  return {
    open: (options: StackClientOptions = {}): Tollgate => {
      const client = Tollgate.initialize({ ...options, ...connection() });
      opened.push(client);
      return client;
    },
    /** Every reply carries the time, so any question will do. A client that was closed or cut off needs no answer. */
    hearTheClock: async (): Promise<void> => {
      await Promise.allSettled(opened.map((client) => client[gatePortKey].featureTypes(['clock'])));
    },
    close: async (): Promise<void> => {
      await Promise.all(opened.map((client) => client.close()));
    },
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}

const refused = (field: string, rule: string): TollgateError =>
  new TollgateError('CONFIGURATION', `${field} ${rule}`, { field });
