import { Tollgate } from '@tollgate/client';
import {
  checkRoutes,
  requireEntitlement,
  type TollgateOptions,
  type TollgateVariables,
  tollgate,
} from '@tollgate/hono';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { honoVariant } from '../src/hono-variant.js';

const customer = (c: Context) => c.req.header('x-customer');

/** On no server at all: `app.request` shows what holds on every runtime. */
describe('the adapter for Hono', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(honoVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  const appWith = (options: Partial<TollgateOptions> = {}) => {
    const app = new Hono();
    app.use(tollgate({ client: bench.client, customer, ...options }));
    app.onError((error, c) => c.json({ caught: (error as { code?: string }).code ?? error.message }, 500));
    return app;
  };
  const post = (app: Hono, path: string, customerId: string, init: RequestInit = {}) =>
    app.request(path, { method: 'POST', ...init, headers: { 'x-customer': customerId, ...init.headers } });
  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');
  const reports = (usage: number) => requireEntitlement('feature-reports', { usage });

  test('says what is missing when a route has no tollgate() before it', async () => {
    const app = new Hono();
    const heard: Error[] = [];
    app.onError((error, c) => {
      heard.push(error);
      return c.body(null, 500);
    });
    app.get('/', requireEntitlement('feature-sso'), (c) => c.body('reached'));
    expect((await app.request('/')).status).toBe(500);
    expect(heard).toMatchObject([
      { code: 'CONFIGURATION', message: expect.stringContaining('app.use(tollgate({ … })) comes before it') },
    ]);
  });

  test('refuses what belongs into a requirement beside whole requirements', () => {
    const options = { usage: 1 } as object;
    expect(() => requireEntitlement([{ feature: 'feature-reports' }], options)).toThrow(/options\.usage/);
  });

  test('charges what was sent and lets go of what failed, whatever made the answer', async () => {
    const app = appWith();
    app.post('/made', reports(3), () => new Response('made'));
    app.post('/empty', reports(5), (c) => c.body(null, 204));
    app.post('/refused', reports(100), (c) => c.json({}, 422));
    app.post('/thrown', reports(100), () => {
      throw new Error('the handler failed');
    });
    const customerId = await bench.newCustomer('plan-pro');
    const statuses: number[] = [];
    for (const path of ['/refused', '/thrown', '/made', '/empty']) {
      statuses.push((await post(app, path, customerId)).status);
    }
    expect(statuses).toEqual([422, 500, 200, 204]);
    await eventually(() => reportsOf(customerId)).toBe(8);
    await eventually(async () => (await bench.partOf(customerId, 'feature-reports'))?.held).toBe(0n);
  });

  test('an answer that the handler made by itself carries the quota headers, beside those of others', async () => {
    const app = appWith();
    app.use(cors({ origin: '*', exposeHeaders: ['X-Own'] }));
    app.post('/made', reports(1), () => new Response('made'));
    const fromPage = { headers: { origin: 'https://page.example' } };
    const { headers } = await post(app, '/made', await bench.newCustomer('plan-free'), fromPage);
    expect(headers.get('ratelimit')).toBe('"feature-reports";r=2;t=1425600');
    expect(headers.get('access-control-expose-headers')).toBe('X-Own, RateLimit-Policy, RateLimit');
  });

  test('a stream is charged at its end, and when it is given up with what was measured', async () => {
    const app = appWith();
    app.post('/stream', reports(1), (c) => {
      const pull = (controller: ReadableStreamDefaultController): void => {
        c.get('tollgate').measure(4);
        controller.enqueue(new TextEncoder().encode('piece'));
      };
      return c.body(new ReadableStream({ pull }));
    });
    const customerId = await bench.newCustomer('plan-pro');
    const reader = (await post(app, '/stream', customerId)).body?.getReader();
    await reader?.read();
    expect((await bench.partOf(customerId, 'feature-reports'))?.held).toBe(1_000_000n);
    await reader?.cancel();
    await eventually(() => reportsOf(customerId)).toBe(4);
  });

  test('a client that leaves before the handler keeps it from running, and pays nothing', async () => {
    let isReached = false;
    const left = new AbortController();
    const app = appWith({
      customer: (c) => {
        left.abort();
        return customer(c);
      },
    });
    app.post('/reports', reports(1), (c) => {
      isReached = true;
      return c.json({});
    });
    const customerId = await bench.newCustomer('plan-pro');
    await post(app, '/reports', customerId, { signal: left.signal });
    expect(isReached).toBe(false);
    await eventually(async () => (await bench.partOf(customerId, 'feature-reports'))?.held).toBe(0n);
    expect(await reportsOf(customerId)).toBe(0);
  });

  test('charges one declaration once, however many applications the request passes', async () => {
    const require = reports(1);
    const inner = new Hono<{ Variables: TollgateVariables }>();
    inner.post('/reports', require, (c) => c.json(Object.keys(c.var.tollgate.entitlements)));
    const app = appWith();
    app.use('/inner/*', require, requireEntitlement('feature-sso'));
    app.route('/inner', inner);
    const customerId = await bench.newCustomer('plan-pro');
    const response = await post(app, '/inner/reports', customerId);
    // The admission of all that was required on the way.
    expect(await response.json()).toEqual(['feature-reports', 'feature-sso']);
    await eventually(() => reportsOf(customerId)).toBe(1);
  });

  test('charges it once, too, where the inner application uses the same tollgate() again', async () => {
    const middleware = tollgate({ client: bench.client, customer });
    const require = reports(1);
    const inner = new Hono();
    inner.use(middleware);
    inner.post('/reports', require, (c) => c.json({}));
    const app = new Hono();
    app.use(middleware, require);
    app.route('/inner', inner);
    const customerId = await bench.newCustomer('plan-pro');
    expect((await post(app, '/inner/reports', customerId)).status).toBe(200);
    // Nothing charged twice adds up to this.
    const ten = appWith();
    ten.post('/ten', reports(10), (c) => c.json({}));
    expect((await post(ten, '/ten', customerId)).status).toBe(200);
    await eventually(() => reportsOf(customerId)).toBe(11);
  });

  test('skips what it is told to, and preflights [settle.9]', async () => {
    const app = appWith({ skip: (c) => c.req.header('x-internal') === 'yes' });
    app.on(['GET', 'OPTIONS'], '/sso', requireEntitlement('feature-sso'), (c) => c.body('reached'));
    const statusOf = async (init: RequestInit) => (await app.request('/sso', init)).status;
    expect(await statusOf({ headers: { 'x-internal': 'yes' } })).toBe(200);
    expect(await statusOf({ headers: { 'x-internal': 'no' } })).toBe(401);
    expect(await statusOf({ method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } })).toBe(200);
    expect(await statusOf({ method: 'OPTIONS' })).toBe(401);
  });

  test('answers a denial as the application says, per route or for all', async () => {
    const app = appWith({ handler: (c, denied) => c.json({ ours: denied.problem.code }, 418) });
    app.get('/all', requireEntitlement('feature-sso'), (c) => c.body('reached'));
    const handler = (c: Context) => c.redirect('/upgrade');
    app.get('/own', requireEntitlement('feature-sso', { handler }), (c) => c.body('reached'));
    const headers = { 'x-customer': await bench.newCustomer('plan-free') };
    const all = await app.request('/all', { headers });
    expect([all.status, await all.json()]).toEqual([418, { ours: 'feature-not-entitled' }]);
    expect(all.headers.get('content-type')).toMatch(/^application\/json/);
    const own = await app.request('/own', { headers });
    expect([own.status, own.headers.get('location')]).toEqual([302, '/upgrade']);
  });

  test('checkRoutes compares what is required anywhere with the catalog, and names what is wrong', async () => {
    const inner = new Hono().post('/:id', reports(1), (c) => c.body('made'));
    inner.onError((_, c) => c.body(null, 500));
    const app = appWith();
    app.use('/admin/*', requireEntitlement('feature-sso'));
    app.route('/orgs/:org', inner);
    app.get('/credits', requireEntitlement({ currency: 'credits-ai' }), (c) => c.body('ok'));
    expect(await checkRoutes(app)).toEqual([
      { method: 'ALL', path: '/admin/*', features: ['feature-sso'], currencies: [] },
      { method: 'POST', path: '/orgs/:org/:id', features: ['feature-reports'], currencies: [] },
      { method: 'GET', path: '/credits', features: [], currencies: ['credits-ai'] },
    ]);
    inner.get('/typo', requireEntitlement('feature-ssso'));
    const wrong = appWith().route('/v1', inner);
    await expect(checkRoutes(wrong)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: 'GET /v1/typo requires feature-ssso, but the catalog has no such feature',
    });
    const bare = new Hono().get('/bare', requireEntitlement('feature-sso'));
    await expect(checkRoutes(bare)).rejects.toThrow('GET /bare requires feature-sso, but no tollgate()');
  });

  test('closes a client that it opened, and no other', async () => {
    const owned = tollgate({ client: { transport: bench.stack.transport, logConfiguration: { logLevel: 'NONE' } } });
    expect(owned.client).toBeInstanceOf(Tollgate);
    await owned.close();
    const question = { customerId: await bench.newCustomer('plan-pro'), featureId: 'feature-sso' };
    expect((await owned.client.getBooleanEntitlement(question)).isFallback).toBe(true);
    await tollgate({ client: bench.client }).close();
    expect((await bench.client.getBooleanEntitlement(question)).isFallback).toBe(false);
  });
});
