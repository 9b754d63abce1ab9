import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '@tollgate/server';
import { systemClock, testClock } from '@tollgate/server/embedded';
import { isAnswering, openEngine } from './engine-host.js';
import { type NewEnvironment, newEnvironment } from './new-environment.js';
import { type Desk, serveDesk } from './run-engine-desk.js';

/** The one engine of a test run, in this process: all files of the run have their environments in it. */
export interface RunEngine {
  /** For `TOLLGATE_TEST_ENGINE`: who knows it may make environments. */
  address: string;
  close(): Promise<void>;
}

/** A database in memory, a server on a free port of this machine, and a desk that hands out environments. */
export async function startRunEngine(template = process.env.TOLLGATE_TEST_TEMPLATE): Promise<RunEngine> {
  const { engine, database } = await openEngine('memory', { billing: 'manual', template });
  const environments = new Map<string, NewEnvironment>();
  const system = systemClock();
  const server = await startServer({
    engine,
    clock: system,
    clockOf: (environmentId) => environments.get(environmentId)?.clock ?? system,
    checkReady: () => isAnswering(database),
    port: 0,
  });
  const desk: Desk = {
    open: async ({ catalog, now, sweeper }) => {
      const opened = await newEnvironment(engine, { document: catalog, clock: testClock(now), sweeper });
      const { environmentId } = opened.environment;
      environments.set(environmentId, opened);
      const apiKey = await engine.createApiKey(environmentId, 'server', opened.clock.now());
      return { environmentId, apiKey, url: server.url, now: opened.clock.now() };
    },
    move: async (environmentId, instant) => {
      await environments.get(environmentId)?.move(instant);
    },
  };
  const secret = randomBytes(24).toString('base64url');
  const http = createServer((request, response) => serveDesk(desk, `/${secret}/`, request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(http.address() as AddressInfo).port}/${secret}/`,
    close: async () => {
      http.closeAllConnections();
      http.close();
      await server.close();
      await engine.close();
      await database.close();
    },
  };
}
