import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { checkRoutes, entitlementsHandler, requireEntitlement, tollgate } from '@tollgate/hono';
import { type Context, Hono } from 'hono';
import type { GateVariant, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';
import { translated } from './translated-requirement.js';

const requestOf = (c: Context): SuiteRequest => ({ headers: c.req.header() });

export const honoVariant: GateVariant = {
  name: 'Hono 4',
  async startApp({ customer, fingerprint, ...options }, routes, pages = []) {
    const app = new Hono();
    app.use(
      tollgate({
        ...options,
        customer: customer && ((c) => customer(requestOf(c))),
        fingerprint: fingerprint && ((c) => fingerprint(requestOf(c))),
      }),
    );
    app.onError((error, c) => c.text(error.message, 500));
    for (const route of routes) addRoute(app, route);
    for (const { path, customer: own, ...shown } of pages) {
      app.get(path, entitlementsHandler({ ...shown, ...(own && { customer: (c) => own(requestOf(c)) }) }));
    }
    await checkRoutes(app);
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
  const required = translated(entitlement, requestOf) as Parameters<typeof requireEntitlement>[0];
  app.on(method, path, requireEntitlement(required), async (c) => {
    const { headers } = requestOf(c);
    const { parts, hasStarted, sendPart, end } = streamedAnswer();
    const answered = Promise.resolve(handler({ admission: c.get('tollgate'), headers, sendPart }));
    const answer: SuiteReply = await Promise.race([answered, hasStarted]);
    if (typeof answer !== 'string') return c.json(answer.body ?? null, answer.status as 200);
    answered.then((last) => last === 'end' && end());
    return c.body(parts, 200, { 'content-type': 'text/event-stream' });
  });
}

/** An answer in pieces: Hono takes the whole stream at once, while the handler goes on. */
function streamedAnswer() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  let start: (reply: SuiteReply) => void;
  const hasStarted = new Promise<SuiteReply>((resolve) => {
    start = resolve;
  });
  const ignoreThatNobodyReads = (): void => {};
  return {
    parts: readable,
    hasStarted,
    sendPart(text: string): void {
      writer.write(new TextEncoder().encode(text)).catch(ignoreThatNobodyReads);
      start('open');
    },
    end: () => void writer.close().catch(ignoreThatNobodyReads),
  };
}
