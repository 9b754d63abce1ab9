import { Tollgate } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alternativesCases } from './gate-alternatives-suite.js';
import { answersCases } from './gate-answers-suite.js';
import { eventually, type GateBench, openGateBench, send } from './gate-bench.js';
import { entitlementsCases } from './gate-entitlements-suite.js';
import { idempotencyCases } from './gate-idempotency-suite.js';
import { mistakeCases } from './gate-mistakes-suite.js';
import { offersCases } from './gate-offers-suite.js';
import { reserveCases } from './gate-reserve-suite.js';
import { suiteRoutes } from './gate-routes.js';
import { settlementCases } from './gate-settlement-suite.js';
import type { GateVariant, StartedApp, SuiteRoute } from './gate-variant.js';
import { watchCases } from './gate-watch-suite.js';

const jsonProblem = /^application\/problem\+json/;

/** The behaviour that every framework has in common, against a real engine on Postgres and over real HTTP. */
export function gateSuite(variant: GateVariant, postgresUrl: string): void {
  describe(`the gate in ${variant.name}`, () => {
    let bench: GateBench;
    let app: StartedApp;
    let onHang = (): void => {};

    beforeAll(async () => {
      bench = await openGateBench(variant, postgresUrl);
      app = await bench.start(
        suiteRoutes(() => onHang()),
        { upgradeUrl: 'https://example.com/upgrade' },
      );
    });
    afterAll(() => bench?.close());

    const report = (customer: string, headers: Record<string, string> = {}) =>
      send(app, 'POST', '/reports', { 'x-customer': customer, ...headers });
    const reportsOf = (customer: string) => bench.usageOf(customer, 'feature-reports');

    describe('lets in', () => {
      test('a customer whose plan has the feature, and hands the handler the admission', async () => {
        const customer = await bench.newCustomer('plan-pro');
        const { status, body } = await send(app, 'GET', '/sso', { 'x-customer': customer });
        expect(status).toBe(200);
        expect(body).toMatchObject({
          customerId: customer,
          resourceId: null,
          entitlements: {
            'feature-sso': { featureId: 'feature-sso', hasAccess: true, type: 'BOOLEAN', isFallback: false },
          },
        });
      });

      test('a metered request, tells what is left, and reports it after the success', async () => {
        const customer = await bench.newCustomer('plan-free');
        const { status, headers, body } = await report(customer, { 'x-echo': '1' });
        expect(status).toBe(200);
        expect(headers.get('ratelimit-policy')).toBe('"feature-reports";q=3;w=2678400');
        expect(headers.get('ratelimit')).toBe('"feature-reports";r=2;t=1425600');
        expect(body.entitlements).toMatchObject({
          'feature-reports': { currentUsage: 0, usageLimit: 3, remaining: 2, resetAt: '2026-02-01T00:00:00.000Z' },
        });
        await eventually(() => reportsOf(customer)).toBe(1);
      });

      test('a number up to the granted value, and none above', async () => {
        const customer = await bench.newCustomer('plan-free');
        const upload = (size: string) => send(app, 'POST', '/upload', { 'x-customer': customer, 'x-size': size });
        expect((await upload('10')).status).toBe(200);
        const { status, body } = await upload('10.000001');
        expect(status).toBe(403);
        expect(body).toMatchObject({ code: 'feature-not-entitled', limit: 10, requested: 10.000001 });
      });

      test('enum values that are all granted, and no other', async () => {
        const customer = await bench.newCustomer('plan-free');
        const exported = (format: string) =>
          send(app, 'GET', '/export', { 'x-customer': customer, 'x-format': format });
        expect((await exported('pdf')).status).toBe(200);
        const { status, body } = await exported('pdf,xlsx');
        expect(status).toBe(403);
        expect(body).toMatchObject({ code: 'feature-not-entitled', reason: 'RequestedValuesMismatch' });
      });

      test('usage beyond a soft limit, and says so', async () => {
        const customer = await bench.newCustomer('plan-free');
        const call = () => send(app, 'POST', '/calls', { 'x-customer': customer });
        expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
        const third = await call();
        expect(third.status).toBe(200);
        expect(third.body.entitlements).toMatchObject({
          'feature-calls': { currentUsage: 2, usageLimit: 2, remaining: 0, hasSoftLimit: true },
        });
        await eventually(() => bench.usageOf(customer, 'feature-calls')).toBe(3);
      });
    });

    describe('denies', () => {
      test('a feature that the plan does not have: 403, as a problem that is not cached [http.1] [http.3] [http.4]', async () => {
        const customer = await bench.newCustomer('plan-free');
        const { status, headers, body } = await send(app, 'GET', '/sso?x=1', { 'x-customer': customer });
        expect(status).toBe(403);
        expect(headers.get('content-type')).toMatch(jsonProblem);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('retry-after')).toBeNull();
        expect(headers.get('ratelimit')).toBeNull();
        expect(body).toMatchObject({
          type: 'urn:tollgate:problem:feature-not-entitled',
          status: 403,
          instance: '/sso',
          code: 'feature-not-entitled',
          reason: 'NoFeatureEntitlementInSubscription',
          featureId: 'feature-sso',
          retryable: false,
          upgradeUrl: 'https://example.com/upgrade',
          decisionId: expect.any(String),
        });
        expect(JSON.stringify(body)).not.toContain(customer);
      });

      test('the fourth report of the month: 429, with the reset in the body and no wait of days in Retry-After [http.1] [http.2]', async () => {
        const customer = await bench.newCustomer('plan-free');
        for (let count = 0; count < 3; count += 1) expect((await report(customer)).status).toBe(200);
        const { status, headers, body } = await report(customer, { origin: 'https://page.example' });
        expect(status).toBe(429);
        expect(headers.get('retry-after')).toBeNull();
        expect(headers.get('ratelimit')).toBe('"feature-reports";r=0;t=1425600');
        expect(headers.get('access-control-expose-headers')).toContain('RateLimit');
        expect(body).toMatchObject({
          code: 'quota-exceeded',
          reason: 'RequestedUsageExceedingLimit',
          limit: 3,
          used: 3,
          requested: 1,
          remaining: 0,
          resetAt: '2026-02-01T00:00:00.000Z',
          retryable: true,
          'violated-policies': ['feature-reports'],
        });
        await eventually(() => reportsOf(customer)).toBe(3);
      });

      test('more than the whole limit, and a limit that never resets: 403 [http.1] [http.2]', async () => {
        const customer = await bench.newCustomer('plan-free');
        const tooMany = await report(customer, { 'x-amount': '4' });
        expect([tooMany.status, tooMany.body.code]).toEqual([403, 'limit-reached']);
        const project = () => send(app, 'POST', '/projects', { 'x-customer': customer });
        expect([(await project()).status, (await project()).status]).toEqual([200, 200]);
        const third = await project();
        expect([third.status, third.body.code, third.body.resetAt]).toEqual([403, 'limit-reached', null]);
      });

      test('a request that names no customer: 401, by a code of its own [http.8]', async () => {
        const { status, body } = await send(app, 'GET', '/sso');
        expect([status, body.code]).toEqual([401, 'customer-missing']);
      });

      test('all of several requirements when one of them is denied', async () => {
        const customer = await bench.newCustomer('plan-free');
        const both = await send(app, 'POST', '/both', { 'x-customer': customer });
        expect([both.status, both.body.featureId]).toEqual([403, 'feature-sso']);
        // Nothing of the denied request is taken: the whole limit is still there at once.
        expect((await report(customer, { 'x-amount': '3' })).status).toBe(200);
        await eventually(() => reportsOf(customer)).toBe(3);
      });
    });

    settlementCases(
      () => bench,
      () => app,
      (listener) => {
        onHang = listener;
      },
    );
    reserveCases(
      () => bench,
      () => app,
    );
    answersCases(
      () => bench,
      () => app,
    );
    offersCases(
      () => bench,
      () => app,
    );
    alternativesCases(
      () => bench,
      () => app,
    );

    idempotencyCases(() => bench);
    watchCases(() => bench);

    test('a change of plan is felt without a restart', async () => {
      const customer = await bench.newCustomer('plan-free');
      const sso = () => send(app, 'GET', '/sso', { 'x-customer': customer });
      expect((await sso()).status).toBe(403);
      // Somebody else changes the plan: this application's client hears of it by the feed alone.
      const other = bench.newClient({ transport: bench.stack.transport });
      await other.provisionSubscription({ customerId: customer, planId: 'plan-pro' });
      await eventually(async () => (await sso()).status).toBe(200);
    });

    describe('when the state is unknown', () => {
      const metered: SuiteRoute = {
        method: 'POST',
        path: '/reports',
        entitlement: { feature: 'feature-reports', usage: 1 },
        handler: ({ admission }) => ({ status: 200, body: admission.entitlements }),
      };
      const sso: SuiteRoute = { ...metered, method: 'GET', path: '/sso', entitlement: 'feature-sso' };

      /** A client whose server was there at its start and is gone now, with nothing in its cache. */
      async function lostClient(options: { entitlementsFallback?: Record<string, { hasAccess: boolean }> } = {}) {
        const server = await bench.stack.listen({ port: 0 });
        const client = bench.newClient({ ...options, apiKey: await bench.stack.createApiKey(), baseUri: server.url });
        await client.waitForInitialization();
        await server.close();
        return client;
      }

      test('with the server gone and nothing cached: 503 with Retry-After, never a denial [http.1] [http.8]', async () => {
        const customer = await bench.newCustomer('plan-pro');
        const lost = await bench.start([metered, sso], { client: await lostClient(), deadlineMs: 500 });
        for (const [method, path] of [
          ['POST', '/reports'],
          ['GET', '/sso'],
        ] as const) {
          const { status, headers, body } = await send(lost, method, path, { 'x-customer': customer });
          expect([status, body.code, body.reason]).toEqual([503, 'state-unavailable', 'Unknown']);
          expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
          expect(headers.get('content-type')).toMatch(jsonProblem);
        }
      });

      test('a configured fallback with access lets in, marked; one without leaves the 503', async () => {
        const customer = await bench.newCustomer('plan-pro');
        const entitlementsFallback = { 'feature-reports': { hasAccess: true }, 'feature-sso': { hasAccess: false } };
        const client = await lostClient({ entitlementsFallback });
        const lost = await bench.start([metered, sso], { client, deadlineMs: 500 });
        const { status, body } = await send(lost, 'POST', '/reports', { 'x-customer': customer });
        expect(status).toBe(200);
        expect(body).toMatchObject({ 'feature-reports': { isFallback: true, source: 'fallback', hasAccess: true } });
        expect((await send(lost, 'GET', '/sso', { 'x-customer': customer })).status).toBe(503);
      });

      test('onUnavailable: allow lets in, marked', async () => {
        const customer = await bench.newCustomer('plan-pro');
        const client = await lostClient();
        const lost = await bench.start([sso], { client, deadlineMs: 500, onUnavailable: 'allow' });
        const { status, body } = await send(lost, 'GET', '/sso', { 'x-customer': customer });
        expect(status).toBe(200);
        expect(body).toMatchObject({ 'feature-sso': { isFallback: true, source: 'fallback' } });
      });
    });

    mistakeCases(() => bench);

    entitlementsCases(() => bench);

    test('a client that was borrowed outlives the application', async () => {
      const own = Tollgate.initialize({ transport: bench.stack.transport, logConfiguration: { logLevel: 'NONE' } });
      const customer = await bench.newCustomer('plan-pro');
      const short = await variant.startApp({ client: own }, []);
      await short.close();
      const entitlement = await own.getBooleanEntitlement({ customerId: customer, featureId: 'feature-sso' });
      expect([entitlement.hasAccess, entitlement.isFallback]).toEqual([true, false]);
      await own.close();
    });
  });
}
