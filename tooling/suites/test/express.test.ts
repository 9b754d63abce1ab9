import { createServer, IncomingMessage } from 'node:http';
import type { Admission } from '@tollgate/client/gate';
import { admissionOf, requireEntitlement, type TollgateOptions, tollgate, type WithTollgate } from '@tollgate/express';
import express5, { type Express, type NextFunction, type Request, type Response } from 'express';
import express4 from 'express4';
import { describe, expect, test, vi } from 'vitest';
import { customer, done, expressStage } from '../src/express-stage.js';
import { eventually, send } from '../src/gate-bench.js';

describe.each([
  ['Express 4', express4],
  ['Express 5', express5],
])('the adapter for %s', (name, express) => {
  const stage = expressStage(name, express);
  const { serve, post, reportsOf } = stage;

  test('says what is missing when a route has no tollgate() before it [express.7]', async () => {
    const root = express();
    root.get('/', requireEntitlement('feature-sso'), done);
    root.use((error: { code: string; message: string }, _: Request, response: Response, __: NextFunction) => {
      response.status(500).json({ code: error.code, message: error.message });
    });
    const { status, body } = await send(await stage.listen(root), 'GET', '/');
    expect([status, body.code]).toEqual([500, 'CONFIGURATION']);
    expect(body.message).toContain('app.use(tollgate(');
  });

  test('charges one declaration once, however many routers the request passes [express.6]', async () => {
    const app = await serve((root) => {
      const require = requireEntitlement('feature-reports', { usage: 1 });
      const [outer, inner] = [express.Router(), express.Router()];
      inner.post('/c', require, done);
      outer.use('/b', require, inner);
      root.use('/a', require, outer);
    });
    const { status, customerId } = await post(app, '/a/b/c');
    expect(status).toBe(200);
    await eventually(() => reportsOf(customerId)).toBe(1);
  });

  test('charges one declaration once, too, when a mounted application uses the same tollgate() again [express.6]', async () => {
    const app = await serve((root) => {
      const require = requireEntitlement('feature-reports', { usage: 1 });
      const again = tollgate({ client: stage.bench.client, customer });
      const mounted = express();
      mounted.use(again);
      mounted.post('/b', require, done);
      root.use('/a', again, require, mounted);
    });
    const { status, customerId } = await post(app, '/a/b');
    expect(status).toBe(200);
    await eventually(() => reportsOf(customerId)).toBe(1);
  });

  test('charges two declarations twice, and once when they share an id [express.6]', async () => {
    const app = await serve((root) => {
      const twice = () => requireEntitlement('feature-reports', { usage: 2 });
      root.post('/two', twice(), twice(), done);
      const shared = () => requireEntitlement('feature-reports', { usage: 2, id: 'report' });
      root.post('/one', shared(), shared(), done);
    });
    const { customerId } = await post(app, '/two');
    await eventually(() => reportsOf(customerId)).toBe(4);
    await post(app, '/one', { 'x-customer': customerId });
    await eventually(() => reportsOf(customerId)).toBe(6);
  });

  test('charges two declarations of one feature once each for a request that comes again [express.6] [settle.8]', async () => {
    const app = await serve((root) => {
      root.use('/twice', requireEntitlement('feature-reports', { usage: 1, idempotent: true }));
      root.post('/twice', requireEntitlement('feature-reports', { usage: 2, idempotent: true }), done);
    });
    const headers = { 'x-customer': await stage.bench.newCustomer('plan-free'), 'idempotency-key': 'a' };
    for (let count = 0; count < 2; count += 1) {
      expect((await post(app, '/twice', headers)).status).toBe(200);
      await eventually(() => stage.bench.partOf(headers['x-customer'], 'feature-reports')).toMatchObject({
        currentUsage: 3_000_000n,
        held: 0n,
      });
    }
  });

  test('releases what an earlier middleware was granted when a later one is denied', async () => {
    const app = await serve((root) => {
      root.post('/', requireEntitlement('feature-reports', { usage: 3 }), requireEntitlement('feature-sso'), done);
      root.post('/plain', requireEntitlement('feature-reports', { usage: 1 }), done);
    });
    const customerId = await stage.bench.newCustomer('plan-free');
    expect((await post(app, '/', { 'x-customer': customerId })).status).toBe(403);
    expect((await post(app, '/plain', { 'x-customer': customerId })).status).toBe(200);
    await eventually(() => reportsOf(customerId)).toBe(1);
  });

  test('hands the handler one admission for several middlewares, whose features are measured by name', async () => {
    const app = await serve((root) => {
      const both = [
        requireEntitlement('feature-reports', { usage: 1 }),
        requireEntitlement('feature-calls', { usage: 1 }),
      ];
      root.post('/', both, (request: Request, response: Response) => {
        const admission = admissionOf(request);
        expect(() => admission?.measure(1)).toThrow('name one of what is charged');
        expect(() => admission?.measure(1, 'feature-sso')).toThrow('not charged here');
        expect(() => admission?.measure(Number.NaN, 'feature-calls')).toThrow('finite');
        admission?.measure(5, 'feature-calls');
        response.json(Object.keys(admission?.entitlements ?? {}));
      });
    });
    const { status, body, headers, customerId } = await post(app, '/');
    expect(status).toBe(200);
    expect(body).toEqual(['feature-reports', 'feature-calls']);
    expect(headers.get('ratelimit')).toContain('"feature-reports";r=999');
    expect(headers.get('ratelimit')).toContain('"feature-calls";r=1');
    await eventually(() => reportsOf(customerId)).toBe(1);
    await eventually(() => stage.bench.usageOf(customerId, 'feature-calls')).toBe(5);
  });

  test('answers with the application’s own denial, from the route before the application’s [express.2]', async () => {
    const app = await serve(
      (root) => {
        root.get('/own', requireEntitlement('feature-sso'), done);
        const handler: TollgateOptions['handler'] = (_, response) => response.status(418).json({ by: 'route' });
        root.get('/route', requireEntitlement('feature-sso', { handler }), done);
      },
      {
        handler: (_, response, __, denied) => response.status(denied.status).json({ by: 'app', reason: denied.reason }),
      },
    );
    const customerId = await stage.bench.newCustomer('plan-free');
    const own = await send(app, 'GET', '/own', { 'x-customer': customerId });
    expect([own.status, own.body]).toEqual([403, { by: 'app', reason: 'NoFeatureEntitlementInSubscription' }]);
    expect((await send(app, 'GET', '/route', { 'x-customer': customerId })).body).toEqual({ by: 'route' });
  });

  test('hands what a custom denial or skip throws to the error handler [express.7]', async () => {
    const fail = async () => {
      throw new Error('custom code failed');
    };
    const app = await serve((root) => {
      root.get('/handler', requireEntitlement('feature-sso', { handler: fail }), done);
      root.get('/skip', requireEntitlement('feature-sso', { skip: fail }), done);
    });
    const customerId = await stage.bench.newCustomer('plan-free');
    for (const path of ['/handler', '/skip']) {
      const { status, body } = await send(app, 'GET', path, { 'x-customer': customerId });
      expect([status, body.caught]).toEqual([500, 'custom code failed']);
    }
  });

  test('asks nothing of skipped requests and of CORS preflights [express.2] [settle.9]', async () => {
    const app = await serve(
      (root) => {
        root.use(requireEntitlement('feature-sso'));
        root.get('/', done);
        root.options('/', (_: Request, response: Response) => response.status(204).end());
      },
      { skip: (request) => request.get('x-health') === '1' },
    );
    expect((await send(app, 'GET', '/', { 'x-health': '1' })).status).toBe(200);
    expect((await send(app, 'OPTIONS', '/', { 'access-control-request-method': 'GET' })).status).toBe(204);
    expect((await send(app, 'GET', '/')).status).toBe(401);
  });

  test('puts the admission where the application wants it [express.2]', async () => {
    const app = await serve(
      (root) => {
        root.post('/', requireEntitlement('feature-sso'), (request: Request, response: Response) => {
          const admission = (request as Request & { plan?: { customerId: string } }).plan;
          response.json({ customerId: admission?.customerId });
        });
      },
      { requestPropertyName: 'plan' },
    );
    const { body, customerId } = await post(app, '/');
    expect(body.customerId).toBe(customerId);
  });

  test('shows the admission where it belongs, and nowhere else [express.2]', async () => {
    const { client } = stage.bench;
    const seen: Record<string, unknown> = {};
    const look = (name: string) => (request: Request, _: Response, next: NextFunction) => {
      const { tollgate: own, plan } = request as Request & { tollgate?: Admission; plan?: Admission };
      seen[name] = [own && Object.keys(own.entitlements), plan && Object.keys(plan.entitlements)];
      expect(own).toBe((request as Request & { tollgate?: Admission }).tollgate);
      next();
    };
    const mounted = express();
    mounted.use(tollgate({ client, customer, requestPropertyName: 'plan' }), look('mounted, before'));
    mounted.use(requireEntitlement('feature-reports', { usage: 1 }), look('mounted, after'));
    const app = await serve((root) => {
      root.use(look('before'), requireEntitlement('feature-sso'), look('after'));
      root.use('/mounted', mounted);
      root.post('/mounted', look('back'), done);
      root.post('/own', (request: Request, response: Response) => {
        Object.assign(request, { tollgate: 'own' });
        response.json({
          is: (request as { tollgate?: unknown }).tollgate,
          keys: Object.keys(request).includes('tollgate'),
        });
      });
    });
    const both = ['feature-sso', 'feature-reports'];
    for (let count = 0; count < 2; count += 1) {
      expect((await post(app, '/mounted')).status).toBe(200);
      expect(seen).toEqual({
        before: [undefined, undefined],
        after: [['feature-sso'], undefined],
        'mounted, before': [['feature-sso'], undefined],
        'mounted, after': [both, both],
        back: [both, both],
      });
    }
    expect((await post(app, '/own')).body).toEqual({ is: 'own', keys: true });
  });

  test.each(['query', 'ip'])('shows it under a name that Express has taken: %s [express.2]', async (taken) => {
    const app = await serve(
      (root) => {
        root.post('/', requireEntitlement('feature-sso'), (request: Request, response: Response) => {
          const { customerId } = (request as object as Record<string, Admission>)[taken] as Admission;
          response.json({ customerId });
        });
        root.post('/free', (request: Request, response: Response) => response.json([request.query, request.ip]));
      },
      { requestPropertyName: taken },
    );
    const { body, customerId } = await post(app, '/');
    expect(body).toEqual({ customerId });
    expect((await post(app, '/free?a=1')).body).toEqual([{ a: '1' }, '127.0.0.1']);
  });

  test('shows it on a request without an application [express.2]', async () => {
    const { client } = stage.bench;
    const router = express.Router();
    router.use(tollgate({ client, customer: ({ headers }) => headers['x-customer'] as string }));
    router.post('/', requireEntitlement('feature-sso'), (request: Request & WithTollgate, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ customerId: request.tollgate?.customerId }));
    });
    const server = createServer((request, response) => {
      router(request as Request, response as Response, () => response.end());
    });
    const { body, customerId } = await post(await stage.listen(server as object as Express), '/');
    expect(body).toEqual({ customerId });
    expect('tollgate' in IncomingMessage.prototype).toBe(false);
  });

  test('logs once that a middleware is made anew for every request [express.1]', async () => {
    const logged: string[] = [];
    const logger = { log: () => {}, debug: () => {}, error: (message: string) => void logged.push(message) };
    const client = stage.bench.newClient({
      transport: stage.bench.stack.transport,
      logConfiguration: { logger, logLevel: 'ERROR' },
    });
    const app = await serve(
      (root) => {
        root.use((request, response, next) => tollgate({ client, customer })(request, response, next));
        root.post('/', (request, response, next) => requireEntitlement('feature-sso')(request, response, next), done);
      },
      { client },
    );
    expect((await post(app, '/')).status).toBe(200);
    expect((await post(app, '/')).status).toBe(200);
    const advice = 'is called per request: call it once, when the application starts';
    expect(logged).toEqual([
      `ERR_TOLLGATE_CREATED_IN_REQUEST_HANDLER: tollgate() ${advice}`,
      `ERR_TOLLGATE_CREATED_IN_REQUEST_HANDLER: requireEntitlement() ${advice}`,
    ]);
  });

  test('refuses to be made per request in development [express.1]', async () => {
    const app = await serve((root) => {
      root.post('/require', (request, response, next) => requireEntitlement('feature-sso')(request, response, next));
      root.post('/tollgate', (request, response, next) =>
        tollgate({ client: stage.bench.client, customer })(request, response, next),
      );
    });
    vi.stubEnv('NODE_ENV', 'development');
    for (const path of ['/require', '/tollgate']) {
      const { status, body } = await post(app, path);
      expect([status, body.caught]).toEqual([500, 'CONFIGURATION']);
    }
    vi.unstubAllEnvs();
  });

  test('closes a client that it opened, and only that', async () => {
    const owned = tollgate({
      client: { transport: stage.bench.stack.transport, logConfiguration: { logLevel: 'NONE' } },
    });
    await owned.client.waitForInitialization();
    await owned.close();
    await expect(owned.client.getCustomer('anybody')).rejects.toMatchObject({ code: 'CLOSED' });
    const borrowed = tollgate({ client: stage.bench.client });
    await borrowed.close();
    const customerId = await stage.bench.newCustomer('plan-pro');
    expect(borrowed.client).toBe(stage.bench.client);
    expect((await stage.bench.client.getCustomer(customerId)).customerId).toBe(customerId);
  });

  test('refuses options that it does not know [express.2]', () => {
    expect(() => tollgate({ client: stage.bench.client, keyGenerator: customer } as TollgateOptions)).toThrow(
      'keyGenerator',
    );
    expect(() => tollgate({ customer } as unknown as TollgateOptions)).toThrow('client');
    expect(() => requireEntitlement({ feature: 'f' }, { usage: 1 } as never)).toThrow('usage');
  });
});
