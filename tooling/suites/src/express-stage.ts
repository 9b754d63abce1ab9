import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TollgateOptions, tollgate } from '@tollgate/express';
import type { Express, NextFunction, Request, Response } from 'express';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { expressVariant } from './express-variant.js';
import { type Answer, type GateBench, openGateBench, send } from './gate-bench.js';
import type { StartedApp } from './gate-variant.js';

/** Who pays, by a header. */
export const customer = (request: Request): string | undefined => request.get('x-customer');

export const done = (_: Request, response: Response): void => {
  response.json({ done: true });
};

/** An engine for one file of tests, and applications of Express on it, each until its test is over. */
export interface ExpressStage {
  readonly bench: GateBench;
  /** An application behind `tollgate()`, which answers an error with its code or message. */
  serve(build: (app: Express) => void, options?: Partial<TollgateOptions>): Promise<StartedApp>;
  listen(app: Express): Promise<StartedApp>;
  /** As a customer of plan-pro, unless a header names another. */
  post(app: StartedApp, path: string, headers?: Record<string, string>): Promise<Answer & { customerId: string }>;
  reportsOf(customerId: string): Promise<number>;
}

export function expressStage(name: string, express: () => Express): ExpressStage {
  let bench: GateBench;
  const servers: Server[] = [];
  beforeAll(async () => {
    bench = await openGateBench(expressVariant(name, express), inject('postgresUrl'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  afterAll(() => bench?.close());

  async function listen(app: Express): Promise<StartedApp> {
    const server = app.listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: async () => {} };
  }

  return {
    get bench() {
      return bench;
    },
    listen,
    serve(build, options) {
      const app = express();
      // Express prints what a handler throws, except under this name.
      app.set('env', 'test');
      app.use(tollgate({ client: bench.client, customer, ...options }));
      build(app);
      app.use((error: Error & { code?: string }, _: Request, response: Response, next: NextFunction) => {
        if (response.headersSent) return next(error);
        response.status(500).json({ caught: error.code ?? error.message });
      });
      return listen(app);
    },
    async post(app, path, headers = {}) {
      const customerId = headers['x-customer'] ?? (await bench.newCustomer('plan-pro'));
      return { customerId, ...(await send(app, 'POST', path, { 'x-customer': customerId, ...headers })) };
    },
    reportsOf: (customerId) => bench.usageOf(customerId, 'feature-reports'),
  };
}
