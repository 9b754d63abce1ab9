import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { admissionOf, checkRoutes, entitlementsHandler, requireEntitlement, tollgate } from '@tollgate/express';
import type { Express, Request, Response } from 'express';
import type { GateVariant, SuiteReply, SuiteRoute } from './gate-variant.js';

/** Express 4 or 5: the same adapter, the same application. */
export function expressVariant(name: string, express: () => Express): GateVariant {
  return {
    name,
    async startApp(options, routes, pages = []) {
      const app = express();
      // Express prints what a handler throws, except under this name.
      app.set('env', 'test');
      app.use(tollgate(options as Parameters<typeof tollgate>[0]));
      for (const route of routes) addRoute(app, route);
      for (const { path, ...shown } of pages) app.get(path, entitlementsHandler(shown));
      await checkRoutes(app);
      const server = await new Promise<Server>((resolve, reject) => {
        const starting = app.listen(0, '127.0.0.1', () => resolve(starting));
        starting.once('error', reject);
      });
      return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
  };
}

function addRoute(app: Express, { method, path, entitlement, handler }: SuiteRoute): void {
  const verb = method.toLowerCase() as 'get' | 'post' | 'delete' | 'options';
  app[verb](path, requireEntitlement(entitlement), (request: Request, response: Response, next) => {
    const admission = admissionOf(request);
    if (!admission) throw new Error('the handler found no admission');
    const sendPart = (text: string): void => {
      if (!response.headersSent) response.status(200).setHeader('content-type', 'text/event-stream');
      response.write(text);
    };
    Promise.resolve(handler({ admission, headers: request.headers, sendPart })).then((reply: SuiteReply) => {
      if (reply === 'end') response.end();
      else if (reply !== 'open') response.status(reply.status).json(reply.body ?? null);
    }, next);
  });
}
