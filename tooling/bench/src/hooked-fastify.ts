import fastifyRateLimit from '@fastify/rate-limit';
import { tollgatePlugin } from '@tollgate/fastify';
import fastify, { type FastifyContextConfig, type FastifyRequest } from 'fastify';
import { accountHeader, type HookedApp, limit, requirements, windowMs } from './hook.js';

const accountOf = ({ headers }: FastifyRequest): string => String(headers[accountHeader]);

export async function startHookedFastify({ hook, client, readCpu, port, host }: HookedApp): Promise<void> {
  const app = fastify();
  // At the root and before every route, as the README of each says.
  const isGate = hook === 'check' || hook === 'meter';
  if (isGate && client) await app.register(tollgatePlugin, { client, customer: accountOf });
  const perAccount = { max: limit, timeWindow: windowMs, keyGenerator: accountOf };
  if (hook === 'limiter') await app.register(fastifyRateLimit, { ...perAccount, global: false });
  if (hook === 'nothing') app.addHook('preHandler', async () => {});
  app.get('/readyz', async () => '');
  app.get('/cpu', () => readCpu().then(String));
  const config: FastifyContextConfig = isGate ? { entitlement: requirements[hook] } : { rateLimit: perAccount };
  app.get('/', { config }, async () => ({ ok: true }));
  await app.listen({ port, host });
}
