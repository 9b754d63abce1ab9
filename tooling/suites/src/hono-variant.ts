import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { requireEntitlement, tollgate } from '@tollgate/hono';
import { type Context, Hono } from 'hono';
import type { GateVariant, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';
import { translated } from './translated-requirement.js';

const requestOf = (c: Context): SuiteRequest => ({ headers: c.req.header() });

export const honoVariant: GateVariant = {
  name: 'Hono 4',
  unknownFeatureShows: 'in-request',
  async startApp({ customer, ...options }, routes) {
    const app = new Hono();
    app.use(tollgate({ ...options, customer: customer && ((c) => customer(requestOf(c))) }));
    app.onError((error, c) => c.text(error.message, 500));
    for (const route of routes) addRoute(app, route);
    const server = await new Promise<Server>((resolve) => {
      const starting = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(starting as Server));
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

function addRoute(app: Hono, { method, path, entitlement, handler }: SuiteRoute): void {
  const required = [entitlement].flat().map((item) => translated(item, requestOf));
  app.on(method, path, requireEntitlement(required), async (c) => {
    const { headers } = requestOf(c);
    let part: string | undefined;
    const sendPart = (text: string): void => {
      part = text;
    };
    const answer: SuiteReply = await handler({ admission: c.get('tollgate'), headers, sendPart });
    if (answer !== 'open') return c.json(answer.body ?? null, answer.status as 200);
    const start = (controller: ReadableStreamDefaultController): void =>
      controller.enqueue(new TextEncoder().encode(part));
    return c.body(new ReadableStream({ start }));
  });
}
