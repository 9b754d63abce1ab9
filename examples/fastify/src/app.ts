import type { Tollgate } from '@tollgate/client';
import { entitlementsHandler, tollgatePlugin } from '@tollgate/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

/** The account that pays comes in a header here; in your product it comes from the session or the token. */
export async function createApp(client: Tollgate): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(tollgatePlugin, {
    client,
    customer: (request) => request.headers['x-account'] as string | undefined,
  });

  // What the account has, for the pages of the product: they show what the routes below enforce.
  app.get('/entitlements', entitlementsHandler({ features: ['feature-sso', 'feature-projects', 'feature-reports'] }));

  app.get('/sso', { config: { entitlement: 'feature-sso' } }, async () => ({ loginUrl: 'https://login.example.com' }));

  app.post<{ Body: { megabytes: number } }>(
    '/uploads',
    {
      config: {
        entitlement: {
          feature: 'feature-max-upload-mb',
          atMost: (request) => (request.body as { megabytes: number }).megabytes,
        },
      },
    },
    async (request, reply) => reply.code(201).send({ megabytes: request.body.megabytes }),
  );

  app.get<{ Params: { format: string } }>(
    '/exports/:format',
    {
      config: {
        entitlement: {
          feature: 'feature-export-formats',
          values: (request) => [(request.params as { format: string }).format],
        },
      },
    },
    async (request) => ({ format: request.params.format }),
  );

  app.post(
    '/projects',
    { config: { entitlement: { feature: 'feature-projects', usage: 1 } } },
    async (_request, reply) => reply.code(201).send({ project: 'created' }),
  );

  app.delete(
    '/projects/:id',
    { config: { entitlement: { feature: 'feature-projects', usage: -1 } } },
    async (_request, reply) => reply.code(204).send(),
  );

  app.post('/reports', { config: { entitlement: { feature: 'feature-reports', usage: 1 } } }, async (request, reply) =>
    reply.code(201).send({ report: `for ${request.tollgate?.customerId}` }),
  );

  app.get('/data', { config: { entitlement: { feature: 'feature-api-calls', usage: 1 } } }, async () => ({
    rows: [1, 2, 3],
  }));

  return app;
}
