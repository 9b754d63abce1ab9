import { type TollgatePluginOptions, tollgatePlugin } from '@tollgate/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';

describe('the adapter for Fastify 5', () => {
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
    const app = fastify();
    apps.push(app);
    return app;
  };
  const optionsOf = (more: Partial<TollgatePluginOptions> = {}): TollgatePluginOptions => ({
    client: bench.client,
    customer: ({ headers }) => headers['x-customer'] as string | undefined,
    ...more,
  });
  const done = async () => ({ done: true });
  const sso = { config: { entitlement: 'feature-sso' } };
  const statusOf = async (app: FastifyInstance, url: string, headers: Record<string, string> = {}) =>
    (await app.inject({ url, headers })).statusCode;

  test('enforces routes that were added before the plugin, and after an un-awaited register [fastify.3]', async () => {
    const free = { 'x-customer': await bench.newCustomer('plan-free') };
    const pro = { 'x-customer': await bench.newCustomer('plan-pro') };
    const early = newApp();
    early.get('/early', sso, done);
    await early.register(tollgatePlugin, optionsOf());
    early.get('/late', sso, done);
    const unawaited = newApp();
    unawaited.register(tollgatePlugin, optionsOf());
    unawaited.get('/early', sso, done);
    for (const [app, url] of [
      [early, '/early'],
      [early, '/late'],
      [unawaited, '/early'],
    ] as const) {
      expect([await statusOf(app, url, free), await statusOf(app, url, pro)]).toEqual([403, 200]);
    }
  });

  test('charges a route once, whichever of its hooks decides [fastify.3]', async () => {
    const customer = await bench.newCustomer('plan-free');
    const app = newApp();
    const metered = { config: { entitlement: { feature: 'feature-reports', usage: 1 } } };
    app.post('/early', metered, done);
    await app.register(tollgatePlugin, optionsOf());
    app.post('/late', metered, done);
    for (const url of ['/early', '/late'])
      await app.inject({ method: 'POST', url, headers: { 'x-customer': customer } });
    await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(2);
  });

  test('decides after the hooks of the route, and leaves what the application handed over as it was [fastify.4]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf({ customer: (request) => Reflect.get(request, 'account') }));
    const customer = await bench.newCustomer('plan-pro');
    const authenticate = async (request: object) => {
      Reflect.set(request, 'account', customer);
    };
    const route = Object.freeze({
      config: Object.freeze({ entitlement: 'feature-sso' }),
      preHandler: Object.freeze([authenticate]) as unknown as (typeof authenticate)[],
    });
    app.get('/', route, done);
    expect(await statusOf(app, '/')).toBe(200);
    expect(route.preHandler).toEqual([authenticate]);
  });

  test('covers the scopes below the one it is registered in, with their prefixes [fastify.1]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    await app.register(
      async (child) => {
        child.get('/', sso, done);
        child.get('/open', done);
      },
      { prefix: '/child' },
    );
    const headers = { 'x-customer': await bench.newCustomer('plan-free') };
    expect(await statusOf(app, '/child', headers)).toBe(403);
    expect(await statusOf(app, '/child/', headers)).toBe(403);
    expect(await statusOf(app, '/child/open', headers)).toBe(200);
    expect(await statusOf(app, '/nowhere', headers)).toBe(404);
  });

  test('lists the routes that it protects [fastify.3]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.get('/open', done);
    app.post('/both', { config: { entitlement: ['feature-sso', { feature: 'feature-reports', usage: 1 }] } }, done);
    await app.ready();
    expect(app.tollgate.routes()).toEqual([
      { method: 'POST', url: '/both', features: ['feature-sso', 'feature-reports'], currencies: [] },
    ]);
    expect(app.tollgate.client).toBe(bench.client);
  });

  test('leaves request.tollgate null where nothing is required [fastify.1]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf());
    app.get('/', async (request) => ({ admission: request.tollgate }));
    expect((await app.inject('/')).json()).toEqual({ admission: null });
  });

  test('asks nothing of skipped requests [settle.9], and lets the application word the denial [fastify.7]', async () => {
    const app = newApp();
    const skip: TollgatePluginOptions['skip'] = ({ headers }) => headers['x-health'] === '1';
    const errorResponseBuilder: TollgatePluginOptions['errorResponseBuilder'] = (request, denied) => ({
      url: request.url,
      code: denied.problem.code,
    });
    await app.register(tollgatePlugin, optionsOf({ skip, errorResponseBuilder }));
    app.get('/', sso, done);
    expect(await statusOf(app, '/', { 'x-health': '1' })).toBe(200);
    const denied = await app.inject({ url: '/', headers: { 'x-customer': await bench.newCustomer('plan-free') } });
    expect([denied.statusCode, denied.json()]).toEqual([403, { url: '/', code: 'feature-not-entitled' }]);
  });

  test('decides at onRequest when it is told to [fastify.4]', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, optionsOf({ hook: 'onRequest' }));
    let wasReached = false;
    const preHandler = async () => {
      wasReached = true;
    };
    app.get('/', { ...sso, preHandler }, done);
    expect(await statusOf(app, '/', { 'x-customer': await bench.newCustomer('plan-free') })).toBe(403);
    expect(wasReached).toBe(false);
    const wrong = newApp().register(tollgatePlugin, optionsOf({ hook: 'preParsing' as never }));
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  test('takes the options that Fastify adds to its own account, and refuses others', async () => {
    const app = newApp();
    await app.register(tollgatePlugin, { ...optionsOf(), prefix: '/x', logLevel: 'warn' } as TollgatePluginOptions);
    const mistyped = { ...optionsOf(), onUnavailble: 'allow' } as TollgatePluginOptions;
    await expect(newApp().register(tollgatePlugin, mistyped)).rejects.toThrow('onUnavailble');
    // The word that users of other plugins know.
    const allowList = { ...optionsOf(), allowList: ['acme'] } as TollgatePluginOptions;
    await expect(newApp().register(tollgatePlugin, allowList)).rejects.toThrow('allowList is called skip here');
  });

  test('closes a client that it opened with the application', async () => {
    const app = newApp();
    const client = { transport: bench.stack.transport, logConfiguration: { logLevel: 'NONE' } } as const;
    await app.register(tollgatePlugin, optionsOf({ client }));
    await app.ready();
    const owned = app.tollgate.client;
    await app.close();
    await expect(owned.getCustomer('anybody')).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
