import { createServer } from 'node:net';
import type { Transport } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, type GateBench, openGateBench, send } from '../src/gate-bench.js';
import { cachedAndCutOff } from '../src/gate-reserve-suite.js';
import { suiteRoutes } from '../src/gate-routes.js';
import type { SuiteRoute } from '../src/gate-variant.js';

const routes = suiteRoutes(() => {});

/** What the gate does the same way behind every adapter, and what takes a stack in trouble to see. */
describe('the gate', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  test('waits for the send under way before it denies for what only that send may have doubled', async () => {
    const customer = await bench.newCustomer('plan-free');
    let letAcksGo = (): void => {};
    const acks = new Promise<void>((resolve) => {
      letAcksGo = resolve;
    });
    // The engine stores reports at once, and the feed tells of them; only their acks are held back.
    const slowAcks: Transport = {
      ...bench.stack.transport,
      async execute(operation, variables, options) {
        const reply = await bench.stack.transport.execute(operation, variables, options);
        if (String(operation).includes('mutation ReportUsage')) await acks;
        return reply;
      },
    };
    const client = bench.newClient({ transport: slowAcks });
    const app = await bench.start(routes, { client, mode: 'meter' });
    const headers = { 'x-customer': customer };
    expect((await send(app, 'POST', '/reports', { ...headers, 'x-amount': '2' })).status).toBe(200);
    const counted = () => client.getMeteredEntitlement({ customerId: customer, featureId: 'feature-reports' });
    await eventually(async () => (await counted()).currentUsage).toBe(2);

    // Counted by the engine and still pending here: 2 + 2 leaves no room for 1 until the ack is there.
    const third = send(app, 'POST', '/reports', headers);
    await send(app, 'GET', '/export', { ...headers, 'x-format': 'pdf' });
    letAcksGo();
    expect((await third).status).toBe(200);
  });

  test('any is decided at once and held in one call, however many alternatives came before the one that fits', async () => {
    const customer = await bench.newCustomer('plan-mixed');
    const asked: string[] = [];
    const counting: Transport = {
      ...bench.stack.transport,
      execute(operation, variables, options) {
        asked.push(/(?:query|mutation) (\w+)/.exec(String(operation))?.[1] ?? '');
        return bench.stack.transport.execute(operation, variables, options);
      },
    };
    const client = await bench.newClient({ transport: counting }).waitForInitialization();
    await client.getBooleanEntitlement({ customerId: customer, featureId: 'feature-sso' });
    let askedBeforeHandler: string[] = [];
    const route: SuiteRoute = {
      method: 'POST',
      path: '/any',
      entitlement: { any: ['feature-sso', 'feature-export', { currency: 'credits-ai', usage: 1 }] },
      handler: () => {
        askedBeforeHandler = [...asked];
        return { status: 200 };
      },
    };
    const app = await bench.start([route], { client });
    asked.length = 0;
    expect((await send(app, 'POST', '/any', { 'x-customer': customer })).status).toBe(200);
    expect(askedBeforeHandler).toEqual(['HotOperations']);
  });

  test('any is not denied while one of its alternatives is unknown [http.8]', async () => {
    const known = await bench.newCustomer('plan-free');
    const other = await bench.newCustomer('plan-pro');
    const client = await cachedAndCutOff(bench, known);
    const route: SuiteRoute = {
      method: 'GET',
      path: '/any',
      entitlement: { any: ['feature-sso', { feature: 'feature-sso', customer: () => other }] },
      handler: () => ({ status: 200 }),
    };
    const app = await bench.start([route], { client, deadlineMs: 300 });
    const { status, body } = await send(app, 'GET', '/any', { 'x-customer': known });
    expect([status, body.code]).toEqual([503, 'state-unavailable']);
  });

  test('any tells of a feature that the catalog does not have, when no alternative passes', async () => {
    const customer = await bench.newCustomer('plan-free');
    const route: SuiteRoute = {
      method: 'GET',
      path: '/any',
      entitlement: { any: ['feature-sso', 'feature-ssso'] },
      handler: () => ({ status: 200 }),
    };
    const app = await bench.start([route], { onMisconfigured: 'warn' });
    const { status, body } = await send(app, 'GET', '/any', { 'x-customer': customer });
    expect([status, body.code, body.featureId]).toEqual([500, 'requirement-misconfigured', 'feature-ssso']);
    await expect(bench.start([route])).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  describe('with the engine gone', () => {
    test('mode meter lets in what is cached, not as a fallback, and keeps counting', async () => {
      const customer = await bench.newCustomer('plan-free');
      const client = await cachedAndCutOff(bench, customer);
      const app = await bench.start(routes, { client, deadlineMs: 300, mode: 'meter' });
      const report = () => send(app, 'POST', '/reports', { 'x-customer': customer, 'x-echo': '1' });
      const { status, body } = await report();
      expect(status).toBe(200);
      expect(body.entitlements).toMatchObject({ 'feature-reports': { isFallback: false, source: 'stale' } });
      expect([(await report()).status, (await report()).status, (await report()).status]).toEqual([200, 200, 429]);
    });

    test('and the outbox full, metered requests are decided by onUnavailable, others as ever', async () => {
      const customer = await bench.newCustomer('plan-pro');
      const client = await cachedAndCutOff(bench, customer);
      const events = Array.from({ length: 1_000 }, (_, index) => index);
      for (let batch = 0; batch < 50; batch += 1) {
        await client.reportEvent(
          events.map((index) => ({ customerId: customer, eventName: 'filler', idempotencyKey: `${batch}-${index}` })),
        );
      }
      const strict = await bench.start(routes, { client, deadlineMs: 300, mode: 'meter' });
      const denied = await send(strict, 'POST', '/reports', { 'x-customer': customer });
      expect([denied.status, denied.body.code]).toEqual([503, 'state-unavailable']);
      expect((await send(strict, 'GET', '/sso', { 'x-customer': customer })).status).toBe(200);
      const lenient = await bench.start(routes, { client, deadlineMs: 300, mode: 'meter', onUnavailable: 'allow' });
      expect((await send(lenient, 'POST', '/reports', { 'x-customer': customer })).status).toBe(200);
    });

    test('an application starts, and compares its routes with the catalog when the engine is back', async () => {
      const port = await freePort();
      const logged: string[] = [];
      const logger = { log: () => {}, debug: () => {}, error: (message: string) => void logged.push(message) };
      const apiKey = await bench.stack.createApiKey();
      const logConfiguration = { logger, logLevel: 'ERROR' } as const;
      const client = bench.newClient({ apiKey, baseUri: `http://127.0.0.1:${port}`, logConfiguration });
      const misnamed: SuiteRoute = {
        method: 'GET',
        path: '/wrong',
        entitlement: 'feature-ssso',
        handler: () => ({ status: 200 }),
      };
      await bench.start([misnamed], { client, deadlineMs: 300 });
      expect(logged.some((line) => line.includes('could not be compared with the catalog yet'))).toBe(true);
      await bench.stack.listen({ port });
      const found = () => logged.some((line) => line.includes('feature-ssso, but the catalog has no such feature'));
      await eventually(found).toBe(true);
    });
  });

  test('reports to the counter of the resource that the customer function names', async () => {
    const customer = await bench.newCustomer('plan-free');
    const customerAndResource = () => ({ customerId: customer, resourceId: 'site-1' });
    const app = await bench.start(routes, { customer: customerAndResource });
    const { status, body } = await send(app, 'POST', '/reports', { 'x-echo': '1' });
    expect(status).toBe(200);
    // No subscription of the resource entitles the feature, so the customer's own counter is the one that counts.
    expect(body).toMatchObject({ customerId: customer, resourceId: 'site-1' });
    await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(1);
  });

  test('a settleBy that throws leaves the usual settlement [settle.2]', async () => {
    const customer = await bench.newCustomer('plan-pro');
    const settleBy = (): never => {
      throw new Error('no idea');
    };
    const app = await bench.start([
      ...routes,
      {
        method: 'POST',
        path: '/settled',
        entitlement: { feature: 'feature-reports', usage: 10, settleBy },
        handler: ({ headers }) => ({ status: Number(headers['x-status']) }),
      },
    ]);
    const sendSettled = (status: string) =>
      send(app, 'POST', '/settled', { 'x-customer': customer, 'x-status': status });
    await sendSettled('200');
    await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(10);
    await sendSettled('500');
    // What is charged by mistake cannot add up to the right sum: one more, whose order is kept.
    await send(app, 'POST', '/reports', { 'x-customer': customer });
    await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(11);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
