import { entitlementsHandler, tollgatePlugin } from '@tollgate/fastify';
import fastify from 'fastify';
import type { GateVariant } from './gate-variant.js';

export const fastifyVariant: GateVariant = {
  name: 'Fastify 5',
  async startApp(options, routes, pages = []) {
    const app = fastify({ forceCloseConnections: true });
    await app.register(tollgatePlugin, options as Parameters<typeof tollgatePlugin>[1]);
    for (const { method, path, entitlement, handler } of routes) {
      app.route({
        method,
        url: path,
        config: { entitlement },
        async handler(request, reply) {
          if (!request.tollgate) throw new Error('the handler found no admission');
          const sendPart = (text: string): void => {
            if (!reply.sent) reply.hijack().raw.writeHead(200, { 'content-type': 'text/event-stream' });
            reply.raw.write(text);
          };
          const answer = await handler({ admission: request.tollgate, headers: request.headers, sendPart });
          if (answer === 'end') reply.raw.end();
          return typeof answer === 'string' ? reply : reply.code(answer.status).send(answer.body ?? null);
        },
      });
    }
    for (const { path, ...shown } of pages) app.get(path, entitlementsHandler(shown));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url, close: () => app.close() };
  },
};
