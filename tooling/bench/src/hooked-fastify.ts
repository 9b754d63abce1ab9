import fastifyRateLimit from '@fastify/rate-limit';
import { tollgatePlugin } from '@tollgate/fastify';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { accountHeader, type HookedApp, limit, requirements, windowMs } from './hook.js';

const accountOf = ({ headers }: FastifyRequest): string => String(headers[accountHeader]);

export async function startHookedFastify({ hook, client, readCpu, port, host }: HookedApp): Promise<void> {
  const app = fastify();
  app.get('/readyz', async () => '');
  app.get('/cpu', () => readCpu().then(String));
  await app.register(async (scope: FastifyInstance) => {
    const isGate = hook === 'check' || hook === 'meter';
    if (isGate && client) await scope.register(tollgatePlugin, { client, customer: accountOf });
    if (hook === 'limiter') {
      await scope.register(fastifyRateLimit, { max: limit, timeWindow: windowMs, keyGenerator: accountOf });
    }
    if (hook === 'nothing') scope.addHook('preHandler', async () => {});
    scope.get('/', { config: isGate ? { entitlement: requirements[hook] } : {} }, async () => ({ ok: true }));
  });
  await app.listen({ port, host });
}
