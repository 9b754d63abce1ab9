import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkRoutes, requireEntitlement, type TollgateOptions, tollgate } from '@tollgate/express';
import express5, { type Request, type RequestHandler, type Response } from 'express';
import express4 from 'express4';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { expressVariant } from '../src/express-variant.js';
import { eventually, type GateBench, openGateBench, send } from '../src/gate-bench.js';

const done = (_: Request, response: Response): void => {
  response.json({ done: true });
};

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('checkRoutes in %s', (name, express) => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(expressVariant(name, express), inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  const customer = (request: Request) => request.get('x-customer');
  const gateWith = (options: Partial<TollgateOptions> = {}) => tollgate({ client: bench.client, customer, ...options });
  const sso = () => requireEntitlement('feature-sso');

  test('finds what is required in routes, routers and mounted applications [express.9]', async () => {
    const app = express();
    const [router, inner, early] = [express.Router(), express.Router(), express.Router()];
    const mounted = express();
    let runs = 0;
    const neverReached = () => {
      runs += 1;
    };
    app.use(neverReached, gateWith());
    app.post('/reports/:id', requireEntitlement('feature-reports', { usage: 1 }), done);
    app
      .route('/credits')
      .get(requireEntitlement({ currency: 'credits-ai' }), done)
      .all(sso(), done);
    app.get(['/one', '/two'], [sso(), done]);
    inner.get('/', sso(), done);
    router.use('/inner', inner);
    router.put('/deep', requireEntitlement(['feature-sso', 'feature-upload']), done);
    app.use('/orgs/:org', router);
    app.use('/all', sso());
    mounted.use(neverReached);
    mounted.delete('/gone', sso(), done);
    app.use('/mounted/:site', mounted);
    early.use('/again', early);
    app.use(early, express());
    app.get('/open', done);
    const of = (...features: string[]) => ({ features, currencies: [] as string[] });
    expect(await checkRoutes(app)).toEqual([
      { method: 'POST', path: '/reports/:id', ...of('feature-reports') },
      { method: 'GET', path: '/credits', features: [], currencies: ['credits-ai'] },
      { method: 'ALL', path: '/credits', ...of('feature-sso') },
      { method: 'GET', path: '/one', ...of('feature-sso') },
      { method: 'GET', path: '/two', ...of('feature-sso') },
      { method: 'GET', path: '/orgs/:org/inner', ...of('feature-sso') },
      { method: 'PUT', path: '/orgs/:org/deep', ...of('feature-sso', 'feature-upload') },
      { method: 'ALL', path: '/all', ...of('feature-sso') },
      { method: 'DELETE', path: '/mounted/:site/gone', ...of('feature-sso') },
    ]);
    // A check runs nothing of what it checks.
    expect(runs).toBe(0);
  });

  test('finds what tracing has put a function of its own before, which passes on properties [express.9]', async () => {
    const app = express();
    app.use(traced(gateWith()));
    app.get('/traced', traced(requireEntitlement('feature-ssso')), done);
    await expect(checkRoutes(app)).rejects.toThrow('GET /traced requires feature-ssso');
  });

  test('refuses unknown features and wrong kinds by method, path and feature [express.9]', async () => {
    const app = express();
    const [router, mounted] = [express.Router(), express()];
    app.use(gateWith());
    router.get('/a', requireEntitlement('feature-ssso'), done);
    mounted.post('/b', requireEntitlement('feature-sso', { usage: 1 }), done);
    app.use('/v1', router, mounted);
    const message = [
      'GET /v1/a requires feature-ssso, but the catalog has no such feature',
      'POST /v1/b requires feature-sso as METERED, but in the catalog it is BOOLEAN',
    ].join('; ');
    await expect(checkRoutes(app)).rejects.toMatchObject({ code: 'CONFIGURATION', message });
  });

  test('asks the gate that will decide, and misses one that is not there [express.9]', async () => {
    const lines: string[] = [];
    const logger = { log: () => {}, debug: () => {}, error: (line: string) => void lines.push(line) };
    const client = bench.newClient({
      transport: bench.stack.transport,
      logConfiguration: { logger, logLevel: 'ERROR' },
    });
    const app = express();
    const lenient = express.Router();
    lenient.use(gateWith({ client, onMisconfigured: 'warn' }));
    lenient.get('/x', requireEntitlement('feature-typo'), done);
    app.use('/lenient/:org', lenient);
    await checkRoutes(app);
    expect(lines).toEqual(['GET /lenient/:org/x requires feature-typo, but the catalog has no such feature']);
    // What stands under another path never passes that tollgate().
    app.get('/strict', sso(), done);
    await expect(checkRoutes(app)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: 'GET /strict requires feature-sso, but no tollgate() comes before it',
    });
  });

  test('starts with a warning while the engine cannot be reached, and checks when it is back [express.9]', async () => {
    const lines: string[] = [];
    const logger = { log: () => {}, debug: () => {}, error: (line: string) => void lines.push(line) };
    const server = await bench.stack.listen({ port: 0 });
    const { port } = new URL(server.url);
    const apiKey = await bench.stack.createApiKey();
    await server.close();
    const logConfiguration = { logger, logLevel: 'ERROR' } as const;
    const client = bench.newClient({ apiKey, baseUri: server.url, logConfiguration });
    const app = express();
    app.use(gateWith({ client, deadlineMs: 300 }));
    app.get('/x', requireEntitlement('feature-typo'), done);
    expect(await checkRoutes(app)).toHaveLength(1);
    expect(lines.join()).toContain('could not be compared with the catalog yet');
    await bench.stack.listen({ port: Number(port) });
    await eventually(() => lines.join()).toContain('GET /x requires feature-typo');
  });

  test('labels a request by where its route is mounted, parameters included [express.8]', async () => {
    const lines: string[] = [];
    const logger = { log: () => {}, debug: () => {}, error: (line: string) => void lines.push(line) };
    const client = bench.newClient({
      transport: bench.stack.transport,
      logConfiguration: { logger, logLevel: 'ERROR' },
    });
    const app = express();
    const [router, mounted] = [express.Router(), express()];
    app.use(gateWith({ client }));
    const shared = sso();
    router.get('/reports/:id', shared, done);
    mounted.get('/sites/:site', sso(), done);
    app.use(['/orgs/:org', '/teams/:team/x'], router, mounted);
    app.use('/all/:one', sso(), done);
    app.use(sso());
    const server: Server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const labelOf = async (path: string) => {
      await send({ url, close: async () => {} }, 'GET', path);
      return lines.at(-1)?.split('customer-missing')[0];
    };
    expect(await labelOf('/orgs/acme/reports/1')).toBe('GET /orgs/:org/reports/:id: ');
    expect(await labelOf('/teams/acme/x/reports/2?a=b')).toBe('GET /teams/:team/x/reports/:id: ');
    expect(await labelOf('/orgs/acme/sites/9')).toBe('GET /orgs/:org/sites/:site: ');
    expect(await labelOf('/all/4711/more')).toBe('GET /all/:one: ');
    expect(await labelOf('/elsewhere/4711')).toBe('');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** Stands before a handler as instrumentations of Express do: with every property that `for … in` finds. */
function traced(handler: RequestHandler): RequestHandler {
  const wrapped: RequestHandler = (request, response, next) => handler(request, response, next);
  for (const name in handler) Object.defineProperty(wrapped, name, { get: () => Reflect.get(handler, name) });
  return wrapped;
}
