import type { Tollgate } from '@tollgate/client';
import { describe, expect, test } from 'vitest';
import { eventually, type GateBench, send } from './gate-bench.js';
import { suiteRoutes } from './gate-routes.js';
import type { StartedApp } from './gate-variant.js';

/** What mode `reserve` promises, in every framework. The applications name no mode: it is the default of hard limits. */
export function reserveCases(bench: () => GateBench, app: () => StartedApp): void {
  const routes = suiteRoutes(() => {});
  const post = (path: string, customer: string, headers: Record<string, string> = {}, to = app()) =>
    send(to, 'POST', path, { 'x-customer': customer, ...headers });
  const used = (customer: string, feature = 'feature-reports') => bench().usageOf(customer, feature);
  const held = async (customer: string) => (await bench().partOf(customer, 'feature-reports'))?.held;
  const creditsOf = (customer: string) =>
    bench().client.getCreditEntitlement({ customerId: customer, currencyId: 'credits-ai' });

  describe('holds', () => {
    test('exactly as many parallel requests as fit, over two applications that do not know of each other', async () => {
      const customer = await bench().newCustomer('plan-free');
      const other = await bench().start(routes, { client: bench().newClient({ transport: bench().stack.transport }) });
      const requests = Array.from({ length: 40 }, (_, index) =>
        post('/reports', customer, {}, index % 2 ? other : app()),
      );
      const answers = await Promise.all(requests);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
      const denied = answers.filter(({ status }) => status === 429);
      expect(denied).toHaveLength(37);
      for (const { body } of denied) {
        expect(body).toMatchObject({
          code: 'quota-exceeded',
          reason: 'RequestedUsageExceedingLimit',
          featureId: 'feature-reports',
          limit: 3,
          requested: 1,
          resetAt: '2026-02-01T00:00:00.000Z',
          'violated-policies': ['feature-reports'],
        });
      }
      await eventually(() => used(customer)).toBe(3);
    });

    test.each(['409', '500'])('nothing any more after an answer with status %s', async (status) => {
      const customer = await bench().newCustomer('plan-free');
      expect((await post('/reports', customer, { 'x-amount': '3', 'x-status': status })).status).toBe(Number(status));
      await eventually(() => held(customer)).toBe(0n);
      expect((await post('/reports', customer, { 'x-amount': '3' })).status).toBe(200);
      await eventually(() => used(customer)).toBe(3);
    });

    test('more than was measured, and lets go of the rest', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await post('/reports', customer, { 'x-amount': '3', 'x-measured': '1' })).status).toBe(200);
      await eventually(() => used(customer)).toBe(1);
      expect(await held(customer)).toBe(0n);
      expect((await post('/reports', customer, { 'x-amount': '2' })).status).toBe(200);
      await eventually(() => used(customer)).toBe(3);
    });

    test('credits, whatever they are used for', async () => {
      const customer = await bench().newCustomer('plan-credits');
      const first = await post('/credits', customer, { 'x-amount': '4', 'x-echo': '1' });
      expect(first.status).toBe(200);
      expect(first.headers.get('ratelimit')).toBeNull();
      expect(first.body.entitlements).toMatchObject({
        'credits-ai': { featureId: null, currencyId: 'credits-ai', currentUsage: 0, usageLimit: 10, remaining: 6 },
      });
      await eventually(async () => (await creditsOf(customer)).currentBalance).toBe(6);

      const { status, headers, body } = await post('/credits', customer, { 'x-amount': '7' });
      expect(status).toBe(402);
      expect(headers.get('retry-after')).toBeNull();
      expect(body).toMatchObject({
        code: 'credits-exhausted',
        reason: 'InsufficientCredits',
        currencyId: 'credits-ai',
        limit: 10,
        used: 4,
        requested: 7,
        remaining: 6,
        retryable: false,
        upgradeUrl: 'https://example.com/upgrade',
      });
      expect((await post('/credits', customer, { 'x-amount': '6', 'x-measured': '5.5' })).status).toBe(200);
      await eventually(async () => (await creditsOf(customer)).currentBalance).toBe(0.5);
      expect((await send(app(), 'GET', '/credits', { 'x-customer': customer })).status).toBe(200);
    });

    test('what a feature costs in credits, together with credits asked for directly', async () => {
      const customer = await bench().newCustomer('plan-credits');
      // 3 units at 2 credits each leave 4.
      expect((await post('/chat', customer, { 'x-amount': '3' })).status).toBe(200);
      await eventually(async () => (await creditsOf(customer)).currentBalance).toBe(4);
      const refused = await post('/chat', customer, { 'x-amount': '3' });
      expect(refused.status).toBe(402);
      expect(refused.body).toMatchObject({
        featureId: 'feature-chat',
        currencyId: 'credits-ai',
        requested: 6,
        remaining: 4,
      });
      // 1 unit and 3 credits are 5 of 4, 1 unit and 2 credits fit: all of it or nothing.
      expect((await post('/reports-and-credits', customer, { 'x-amount': '3' })).status).toBe(402);
      expect((await post('/reports-and-credits', customer, { 'x-amount': '2' })).status).toBe(200);
      await eventually(async () => (await creditsOf(customer)).currentBalance).toBe(0);
      await eventually(() => used(customer, 'feature-chat')).toBe(4);
    });

    test('nothing without an engine: 503, or with onUnavailable: allow a request that is marked', async () => {
      const customer = await bench().newCustomer('plan-free');
      const client = await cachedAndCutOff(bench(), customer);
      const strict = await bench().start(routes, { client, deadlineMs: 300 });
      const refused = await post('/reports', customer, {}, strict);
      expect([refused.status, refused.body.code]).toEqual([503, 'state-unavailable']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const lenient = await bench().start(routes, { client, deadlineMs: 300, onUnavailable: 'allow' });
      const let1 = await post('/reports', customer, { 'x-echo': '1' }, lenient);
      expect(let1.status).toBe(200);
      expect(let1.body.entitlements).toMatchObject({ 'feature-reports': { isFallback: true, source: 'fallback' } });
    });
  });
}

/** A client that knows a customer, and whose server is gone. */
export async function cachedAndCutOff(bench: GateBench, customer: string): Promise<Tollgate> {
  const server = await bench.stack.listen({ port: 0 });
  const client = bench.newClient({ apiKey: await bench.stack.createApiKey(), baseUri: server.url });
  await client.getBooleanEntitlement({ customerId: customer, featureId: 'feature-sso' });
  await server.close();
  return client;
}
