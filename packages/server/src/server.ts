import { TollgateError } from '@tollgate/contract';
import type { Engine } from '@tollgate/engine';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { createAuthentication } from './authentication.js';
import type { Clock } from './clock.js';
import { defaultPort } from './default-port.js';
import { serveFeed } from './feed-socket.js';
import { serveHealth } from './health.js';
import { serveOperations } from './http-operations.js';
import { createLogger } from './log.js';
import { createOperations } from './operations.js';
import { serveSandbox } from './sandbox-page.js';
import { executableSchema } from './schema.js';
import { silentConnections } from './silent-connections.js';

const graphqlPath = '/graphql';
/** A thousand events of two kilobytes each fit, and so does a large catalog. */
const bodyBytesMax = 2 * 1024 * 1024;
/** A request that has not arrived in full by then is given up. */
const requestTimeoutMs = 30_000;

export interface ServerOptions {
  /** Borrowed: closing the server does not close it. */
  engine: Engine;
  clock: Clock;
  /** For environments with a time of their own, such as those of tests. Default: `clock` for all. */
  clockOf?(environmentId: string): Clock;
  /** Rejects while requests cannot be answered; asked by `/readyz`. */
  checkReady(): Promise<void>;
  /** Default `127.0.0.1`. */
  host?: string;
  /** 0 takes any free port. Default 4210. */
  port?: number;
  /** Default: errors alone, on standard error. */
  logger?: Logger;
}

export interface RunningServer {
  /** For example `http://127.0.0.1:4210`. */
  url: string;
  port: number;
  /** Lets running requests finish, tells followers of the feed to come back later, and stops listening. */
  close(): Promise<void>;
}

/** Serves an engine over HTTP and WebSocket. Rejects with CONFIGURATION when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { engine, clock, host = '127.0.0.1', port = defaultPort, logger = createLogger('error') } = options;
  const schema = executableSchema();
  const authentication = createAuthentication(engine, options.clockOf ?? (() => clock));
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance;
  serveHealth(app, options.checkReady);
  if (engine.sandbox) await serveSandbox(app, engine.sandbox, clock);
  await serveOperations(app, { path: graphqlPath, schema, authentication, clock, log: logger });
  const operations = createOperations(schema);
  const feed = serveFeed(app.server, graphqlPath, { operations, authentication, log: logger });
  const silent = silentConnections(app.server);
  let isStopping = false;
  app.addHook('preClose', () => {
    isStopping = true;
    silent.end();
    return feed.close();
  });
  // A connection that stays open after its last answer would keep a stopping server waiting for the next request.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) reply.header('connection', 'close');
    done(null, payload);
  });
  try {
    const taken = await listen(app, host, port);
    return { ...taken, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<{ url: string; port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    throw new TollgateError(
      'CONFIGURATION',
      `port ${port} on ${host} is taken: name another one, or 0 for any free one`,
      {
        field: 'port',
        cause: error,
      },
    );
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  // An address that stands for every interface is nothing to connect to.
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${reachable}:${address.port}`, port: address.port };
}
