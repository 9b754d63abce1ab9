import { requireEntitlement, tollgate } from '@tollgate/express';
import express, { type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { accountHeader, type HookedApp, limit, requirements, windowMs } from './hook.js';

export async function startHookedExpress({ hook, client, readCpu, port, host }: HookedApp): Promise<void> {
  const app = express();
  app.get('/readyz', (_request, response) => void response.end());
  app.get('/cpu', async (_request, response) => void response.json(await readCpu()));
  const before: Record<HookedApp['hook'], () => RequestHandler[]> = {
    nothing: () => [(_request, _response, next) => next()],
    check: () => gate(requirements.check),
    meter: () => gate(requirements.meter),
    limiter: () => [
      rateLimit({
        windowMs,
        limit,
        keyGenerator: (request) => request.header(accountHeader) ?? '',
        standardHeaders: 'draft-8',
        legacyHeaders: false,
      }),
    ],
  };
  const gate = (requirement: Parameters<typeof requireEntitlement>[0]): RequestHandler[] => {
    if (!client) throw new Error('the gate needs a client');
    return [
      tollgate({ client, customer: (request) => request.header(accountHeader) }),
      requireEntitlement(requirement),
    ];
  };
  app.get('/', ...before[hook](), (_request, response) => void response.json({ ok: true }));
  app.listen(port, host);
}
