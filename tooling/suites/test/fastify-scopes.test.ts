import { connect } from 'node:net';
import type { Outcome } from '@tollgate/client/gate';
import { type TollgatePluginOptions, tollgatePlugin } from '@tollgate/fastify';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, type GateBench, openGateBench, sendAndLeave } from '../src/gate-bench.js';

describe('scopes, hooks and replies of Fastify 5', () => {
  let bench: GateBench;
  const apps: FastifyInstance[] = [];
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await bench?.close();
  });

  const newApp = (): FastifyInstance => {
    const app = fastify({ forceCloseConnections: true });
    apps.push(app);
    return app;
  };
  const customer = ({ headers }: FastifyRequest) => headers['x-customer'] as string | undefined;
  const optionsOf = (more: Partial<TollgatePluginOptions> = {}): TollgatePluginOptions => ({
    client: bench.client,
    customer,
    ...more,
  });
  const done = async () => ({ done: true });
  const sso = { config: { entitlement: 'feature-sso' } };
  const report = { config: { entitlement: { feature: 'feature-reports', usage: 1 } } };
  const partOf = (customerId: string) => bench.partOf(customerId, 'feature-reports');
  const answer = async (
    app: FastifyInstance,
    url: string,
    customerId?: string,
    method: 'GET' | 'POST' | 'HEAD' = 'GET',
  ) => app.inject({ method, url, headers: customerId === undefined ? {} : { 'x-customer': customerId } });
  const listening = async (app: FastifyInstance) => ({
    url: await app.listen({ port: 0, host: '127.0.0.1' }),
    close: async () => {},
  });

  test('a plugin that is named, for Fastify 5, whose options hold in every scope below [fastify.1]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf({ hideNotEntitled: true }));
    expect(app.hasPlugin('@tollgate/fastify')).toBe(true);
    expect(app.hasRequestDecorator('tollgate')).toBe(true);
    await app.register(
      async (child) => {
        await child.register(async (grandchild) => grandchild.get('/deep', sso, done), { prefix: '/b' });
      },
      { prefix: '/a' },
    );
    const free = await bench.newCustomer('plan-free');
    expect((await answer(app, '/a/b/deep', free)).json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: '/a/b/deep',
    });
  });

  test('two plugins in sibling scopes know nothing of each other [fastify.1]', async () => {
    const app = newApp();
    const site = (status: 401 | 500, prefix: string) =>
      app.register(
        async (scope) => {
          await scope.register(tollgatePlugin, optionsOf({ missingCustomerStatus: status }));
          scope.get('/', sso, done);
          scope.get('/routes', async () => [...new Set(scope.tollgate.routes().map(({ url }) => url))]);
        },
        { prefix },
      );
    site(401, '/one');
    site(500, '/two');
    app.get('/outside', done);
    expect((await answer(app, '/one')).statusCode).toBe(401);
    expect((await answer(app, '/two')).statusCode).toBe(500);
    expect((await answer(app, '/outside')).statusCode).toBe(200);
    // Fastify serves the root of a prefix with and without the slash.
    expect((await answer(app, '/one/routes')).json()).toEqual(['/one', '/one/']);
    expect((await answer(app, '/two/routes')).json()).toEqual(['/two', '/two/']);
  });

  test('refuses, when a route is added, what no requirement looks like [fastify.2]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    const add = (entitlement: unknown) => () => app.get('/x', { config: { entitlement: entitlement as string } }, done);
    expect(add({ feature: 'feature-sso', usgae: 1 })).toThrow('GET /x config.entitlement.usgae is not known');
    expect(add(7)).toThrow('GET /x config.entitlement must be a feature id');
    expect(add([])).toThrow('GET /x config.entitlement');
  });

  test('compares every route with the catalog before it listens, by method, path and feature [fastify.2]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.post('/reports/:id', { config: { entitlement: 'feature-ssso' } }, done);
    await expect(app.ready()).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: 'POST /reports/:id config.entitlement requires feature-ssso, but the catalog has no such feature',
    });
  });

  test('decides after hooks of scope and route have found out who it is, in the order of @fastify/auth [fastify.4]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf({ customer: (request) => Reflect.get(request, 'account') }));
    const order: string[] = [];
    const step = (name: string) => async (request: FastifyRequest) => {
      order.push(name);
      if (name === 'authenticate') Reflect.set(request, 'account', request.headers['x-customer']);
    };
    app.addHook('preHandler', step('scope'));
    const preHandler = [step('verify'), step('authenticate')];
    app.get('/', { ...sso, preHandler }, async () => {
      order.push('handler');
      return {};
    });
    expect((await answer(app, '/', await bench.newCustomer('plan-free'))).statusCode).toBe(403);
    expect(order.splice(0)).toEqual(['scope', 'verify', 'authenticate']);
    expect((await answer(app, '/', await bench.newCustomer('plan-pro'))).statusCode).toBe(200);
    expect(order).toEqual(['scope', 'verify', 'authenticate', 'handler']);
    expect(preHandler).toHaveLength(2);
  });

  test('at onRequest it decides before the body is there, after the hooks of the route for that moment [fastify.4]', async () => {
    const app = newApp();
    await app.register(
      tollgatePlugin,
      optionsOf({ hook: 'onRequest', customer: (request) => Reflect.get(request, 'account') }),
    );
    let bodies = 0;
    app.addContentTypeParser('text/csv', { parseAs: 'string' }, async (_: FastifyRequest, body: string) => {
      bodies += 1;
      return body;
    });
    const onRequest = async (request: FastifyRequest) => {
      Reflect.set(request, 'account', request.headers['x-customer']);
    };
    app.post('/', { ...sso, onRequest }, done);
    const statusOf = async (plan: string) => {
      const headers = { 'x-customer': await bench.newCustomer(plan), 'content-type': 'text/csv' };
      return (await app.inject({ method: 'POST', url: '/', headers, payload: 'a,b' })).statusCode;
    };
    expect([await statusOf('plan-free'), bodies]).toEqual([403, 0]);
    expect([await statusOf('plan-pro'), bodies]).toEqual([200, 1]);
  });

  test('HEAD routes that Fastify makes are checked like their GET, and charge nothing [fastify.5] [settle.9]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.get('/reports', report, done);
    expect(app.tollgate.routes().map(({ method }) => method)).toEqual(['GET', 'HEAD']);
    const free = await bench.newCustomer('plan-free');
    for (let count = 0; count < 5; count += 1)
      expect((await answer(app, '/reports', free, 'HEAD')).statusCode).toBe(200);
    expect((await answer(app, '/reports', free, 'HEAD')).headers.ratelimit).toBe('"feature-reports";r=3;t=1425600');
    for (let count = 0; count < 3; count += 1) expect((await answer(app, '/reports', free)).statusCode).toBe(200);
    await eventually(async () => (await partOf(free))?.currentUsage).toBe(3_000_000n);
    expect((await answer(app, '/reports', free, 'HEAD')).statusCode).toBe(429);
  });

  test('settles a response that ends, that is taken over, and that its client leaves, once each [fastify.6]', async () => {
    const app = newApp();
    const outcomes: Outcome[] = [];
    const responses: string[] = [];
    const settleBy = (outcome: Outcome) => {
      outcomes.push(outcome);
      return undefined;
    };
    await app.register(tollgatePlugin, optionsOf({ settleBy }));
    app.addHook('onResponse', async ({ url }) => void responses.push(url));
    app.post('/ends', report, done);
    app.post('/takes-over', report, async (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(201).end();
    });
    app.post('/hangs', report, async (_, reply) => {
      reply.raw.write('a piece');
      return reply.hijack();
    });
    const served = await listening(app);
    const customerId = await bench.newCustomer('plan-pro');
    const headers = { 'x-customer': customerId };
    for (const path of ['/ends', '/takes-over']) await fetch(served.url + path, { method: 'POST', headers });
    await eventually(() => outcomes).toEqual([
      { kind: 'finished', statusCode: 200 },
      { kind: 'finished', statusCode: 201 },
    ]);
    await sendAndLeave(served, '/hangs', headers);
    await eventually(() => outcomes.at(-1)).toEqual({ kind: 'aborted', phase: 'in-handler' });
    await eventually(async () => (await partOf(customerId))?.held).toBe(0n);
    expect([(await partOf(customerId))?.currentUsage, outcomes.length]).toEqual([2_000_000n, 3]);
    expect(responses.slice(0, 1)).toEqual(['/ends']);
  });

  test('does not run a handler whose client has gone while the customer was looked up [fastify.6]', async () => {
    const app = newApp();
    const customerId = await bench.newCustomer('plan-pro');
    let runs = 0;
    let isDecided = false;
    let ask = (): void => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const lookUp = async (request: FastifyRequest) => {
      const hasLeft = new Promise((resolve) => request.raw.socket.once('close', resolve));
      ask();
      await hasLeft;
      return customerId;
    };
    await app.register(tollgatePlugin, optionsOf({ customer: lookUp }));
    const usage = () => {
      isDecided = true;
      return 5;
    };
    app.post('/', { config: { entitlement: { feature: 'feature-reports', usage } } }, async () => {
      runs += 1;
    });
    const { url } = await listening(app);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await asked;
    socket.destroy();
    await eventually(() => isDecided).toBe(true);
    const other = newApp();
    await other.register(tollgatePlugin, optionsOf());
    other.post('/', report, done);
    // What one customer's requests hold and report reaches the engine in their order.
    await answer(other, '/', customerId, 'POST');
    await eventually(async () => (await partOf(customerId))?.currentUsage).toBe(1_000_000n);
    await eventually(async () => (await partOf(customerId))?.held).toBe(0n);
    expect(runs).toBe(0);
  });

  test('guards the answer to paths that do not exist [fastify.7]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    const preHandler = app.tollgate.requireEntitlement('feature-sso');
    app.setNotFoundHandler({ preHandler }, async (_, reply) => reply.code(404).send({ hint: 'for those who pay' }));
    const pro = await answer(app, '/nowhere', await bench.newCustomer('plan-pro'));
    expect([pro.statusCode, pro.json()]).toEqual([404, { hint: 'for those who pay' }]);
    const free = await answer(app, '/nowhere?x=1', await bench.newCustomer('plan-free'));
    expect([free.statusCode, free.json().code, free.json().instance]).toEqual([
      403,
      'feature-not-entitled',
      '/nowhere',
    ]);
    expect((await answer(app, '/nowhere')).statusCode).toBe(401);
  });

  test('a hook that requires something may stand on a route as well, and is listed and checked there [fastify.7]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.get('/x', { preHandler: [app.tollgate.requireEntitlement('feature-sso')] }, done);
    expect(app.tollgate.routes()).toMatchObject([
      { method: 'GET', url: '/x', features: ['feature-sso'] },
      { method: 'HEAD', url: '/x', features: ['feature-sso'] },
    ]);
    expect((await answer(app, '/x', await bench.newCustomer('plan-free'))).statusCode).toBe(403);
    await expect(newAppWith('feature-ssso').then((wrong) => wrong.ready())).rejects.toMatchObject({
      message: 'app.tollgate.requireEntitlement requires feature-ssso, but the catalog has no such feature',
    });
  });

  const newAppWith = async (feature: string) => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.tollgate.requireEntitlement(feature);
    return app;
  };

  test('a handler may look at a decision, which charges and answers nothing [fastify.7]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    const three = { feature: 'feature-reports', usage: 3, idempotent: true } as const;
    app.get('/look', async (request) => {
      const look = await app.tollgate.check(request, three);
      return look.isAdmitted ? look.admission.entitlements['feature-reports'] : look.problem;
    });
    app.post('/reports', report, done);
    const free = await bench.newCustomer('plan-free');
    for (let count = 0; count < 4; count += 1) {
      const { statusCode, headers, body } = await answer(app, '/look', free);
      expect([statusCode, headers.ratelimit]).toEqual([200, undefined]);
      expect(JSON.parse(body)).toMatchObject({ hasAccess: true, currentUsage: 0, usageLimit: 3 });
    }
    expect((await partOf(free))?.held).toBe(0n);
    await answer(app, '/reports', free, 'POST');
    await eventually(async () => (await answer(app, '/look', free)).json()).toMatchObject({
      code: 'quota-exceeded',
      used: 1,
      requested: 3,
    });
    expect((await answer(app, '/look')).json().code).toBe('customer-missing');
  });

  test('puts its headers beside those of the application, on every reply [fastify.7]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.addHook('onRequest', async (_, reply) => void reply.header('Access-Control-Expose-Headers', 'X-Own'));
    app.post('/reports', report, done);
    const free = await bench.newCustomer('plan-free');
    const fromPage = { 'x-customer': free, origin: 'https://page.example' };
    const { headers } = await app.inject({ method: 'POST', url: '/reports', headers: fromPage });
    expect(headers['ratelimit-policy']).toBe('"feature-reports";q=3;w=2678400');
    expect(headers['access-control-expose-headers']).toBe('X-Own, RateLimit-Policy, RateLimit');
    const denied = await answer(app, '/reports', undefined, 'POST');
    expect(denied.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(denied.headers['access-control-expose-headers']).toBe('X-Own');
  });
});
