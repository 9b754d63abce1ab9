import { ExpressAdapter } from '@nestjs/platform-express';
import { gatePortKey, type Tollgate } from '@tollgate/client';
import { gateClientOf } from '@tollgate/client/gate';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { expressVariant } from '../src/express-variant.js';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, send, suiteCustomer } from '../src/gate-bench.js';
import { suiteRoutes } from '../src/gate-routes.js';
import type { StartedApp, SuiteOptions, SuiteRoute } from '../src/gate-variant.js';
import { honoVariant } from '../src/hono-variant.js';
import { HostedClient, type HostedEntitlement, hostedPeriod } from '../src/hosted-client.js';
import { nestVariant } from '../src/nest-variant.js';

const logConfiguration = { logLevel: 'NONE' } as const;
const now = () => hostedPeriod.start.getTime() + 1_000;
const behindAdapter = (hosted: HostedClient) =>
  // Typed as our own client in the suite's options; the adapters take either.
  gateClientOf(hosted, { logConfiguration, now }) as unknown as Tollgate;

const threeReports: HostedEntitlement = { type: 'METERED', usageLimit: 3 };
const reserving: SuiteRoute = {
  method: 'POST',
  path: '/reserved',
  entitlement: { feature: 'feature-reports', usage: 1, mode: 'reserve' },
  handler: () => ({ status: 200 }),
};
/** Without routes that require credits, which such a client cannot charge. */
const routes = suiteRoutes(() => {}).filter(({ path }) => !path.includes('credits'));

describe.each([
  expressVariant('Express 5', express),
  fastifyVariant,
  honoVariant,
  nestVariant('Nest on Express', () => new ExpressAdapter()),
])('a client of the hosted product behind $name', (variant) => {
  const apps: StartedApp[] = [];
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  async function start(hosted: HostedClient, options: Partial<SuiteOptions> = {}, given = routes) {
    const app = await variant.startApp({ client: behindAdapter(hosted), customer: suiteCustomer, ...options }, given);
    apps.push(app);
    return app;
  }
  const acme = { 'x-customer': 'acme' };

  test('decides mode check for every kind of feature', async () => {
    const app = await start(
      new HostedClient({
        'acme feature-sso': { type: 'BOOLEAN' },
        'acme feature-upload': { type: 'NUMERIC', value: 10 },
        'acme feature-export': { type: 'ENUM', enumValues: ['pdf'] },
      }),
    );
    const statusOf = async (method: string, path: string, headers = {}) =>
      (await send(app, method, path, { ...acme, ...headers })).status;
    expect(await statusOf('GET', '/sso')).toBe(200);
    expect(await statusOf('GET', '/sso', { 'x-customer': 'other' })).toBe(403);
    expect(await statusOf('POST', '/upload', { 'x-size': '10' })).toBe(200);
    expect(await statusOf('POST', '/upload', { 'x-size': '10.5' })).toBe(403);
    expect(await statusOf('GET', '/export', { 'x-format': 'pdf' })).toBe(200);
    expect(await statusOf('GET', '/export', { 'x-format': 'pdf,xlsx' })).toBe(403);
  });

  test('meters what succeeded, under a key of its own, and nothing else', async () => {
    const hosted = new HostedClient({ 'acme feature-reports': threeReports });
    const app = await start(hosted);
    const report = (headers = {}) => send(app, 'POST', '/reports', { ...acme, ...headers });
    expect((await report({ 'x-amount': '3', 'x-status': '500' })).status).toBe(500);
    const { status, body } = await report({ 'x-amount': '2', 'x-echo': '1' });
    expect(status).toBe(200);
    expect(body.entitlements).toMatchObject({
      'feature-reports': { currentUsage: 0, usageLimit: 3, remaining: 1, isFallback: false, source: 'cache' },
    });
    await eventually(() => hosted.reports).toEqual([
      {
        customerId: 'acme',
        featureId: 'feature-reports',
        value: 2,
        idempotencyKey: expect.stringMatching(/.{16}/),
        createdAt: new Date(now()),
      },
    ]);
    expect((await report()).status).toBe(200);
    const fourth = await report();
    expect([fourth.status, fourth.body.code]).toEqual([429, 'quota-exceeded']);
    expect(fourth.body).toMatchObject({ limit: 3, used: 3, remaining: 0, resetAt: '2026-12-01T00:00:00.000Z' });
  });

  test('lets exactly 3 of 30 parallel requests past a limit of 3, reports slow or not', async () => {
    const hosted = new HostedClient({ 'acme feature-reports': threeReports });
    hosted.beforeRead = () => new Promise(setImmediate);
    hosted.beforeReport = () => new Promise(setImmediate);
    const app = await start(hosted);
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(app, 'POST', '/reports', acme)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    await eventually(() => hosted.usedOf({ customerId: 'acme', featureId: 'feature-reports' })).toBe(3);
  });

  test('keeps an amount pending while an answer from before its report is on its way', async () => {
    const hosted = new HostedClient({ 'acme feature-reports': threeReports });
    const [report, answer, worked] = [gateway(), gateway(), gateway()];
    hosted.beforeReport = () => report.isOpen;
    const app = await start(hosted);
    expect((await send(app, 'POST', '/reports', { ...acme, 'x-amount': '3' })).status).toBe(200);
    // The next answer knows of no usage, and comes after the report is stored.
    hosted.beforeAnswer = () => {
      worked.open();
      return answer.isOpen;
    };
    const second = send(app, 'POST', '/reports', acme);
    await worked.isOpen;
    report.open();
    await eventually(() => hosted.reports.length).toBe(1);
    await new Promise(setImmediate);
    answer.open();
    expect((await second).status).toBe(429);
  });

  test('tries a report again until it is stored, and counts it once', async () => {
    const hosted = new HostedClient({ 'acme feature-reports': threeReports });
    const tried: (string | undefined)[] = [];
    hosted.beforeReport = ({ idempotencyKey }) => {
      tried.push(idempotencyKey);
      if (tried.length < 3) throw new Error('the network is gone');
    };
    const app = await start(hosted);
    expect((await send(app, 'POST', '/reports', acme)).status).toBe(200);
    await eventually(() => hosted.reports.length).toBe(1);
    expect(new Set(tried).size).toBe(1);
  });

  test.each([
    ['CustomerNotFound', 403, 'customer-unknown'],
    ['NoActiveSubscription', 402, 'subscription-inactive'],
    ['Revoked', 403, 'feature-not-entitled'],
    ['InsufficientCredits', 402, 'credits-exhausted'],
    ['FeatureNotFound', 500, 'requirement-misconfigured'],
    ['Unknown', 503, 'state-unavailable'],
    ['AReasonOfTheFuture', 503, 'state-unavailable'],
  ])('passes its reason on: %s', async (accessDeniedReason, status, code) => {
    const app = await start(new HostedClient({ 'acme feature-sso': { type: 'BOOLEAN', accessDeniedReason } }));
    const answer = await send(app, 'GET', '/sso', acme);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('a fallback without access is an outage, one with access lets in, marked', async () => {
    const refusing = await start(
      new HostedClient({
        'acme feature-sso': { type: 'BOOLEAN', isFallback: true, accessDeniedReason: 'NoActiveSubscription' },
      }),
    );
    expect((await send(refusing, 'GET', '/sso', acme)).status).toBe(503);
    const letting = await start(new HostedClient({ 'acme feature-sso': { type: 'BOOLEAN', isFallback: true } }));
    const { status, body } = await send(letting, 'GET', '/sso', acme);
    expect(status).toBe(200);
    expect(body.entitlements).toMatchObject({ 'feature-sso': { isFallback: true, source: 'fallback' } });
  });

  test('a getter that never answers, or rejects, is an outage', async () => {
    const hosted = new HostedClient({ 'acme feature-sso': { type: 'BOOLEAN' } });
    const app = await start(hosted, { deadlineMs: 50 });
    for (const beforeRead of [() => new Promise(() => {}), () => Promise.reject(new Error('broken'))]) {
      hosted.beforeRead = beforeRead;
      expect((await send(app, 'GET', '/sso', acme)).status).toBe(503);
    }
  });

  test("a resource's limit is the resource's own", async () => {
    const hosted = new HostedClient({
      'acme/one feature-reports': threeReports,
      'acme/two feature-reports': threeReports,
    });
    const customer: SuiteOptions['customer'] = ({ headers }) => ({
      customerId: 'acme',
      resourceId: String(headers['x-resource']),
    });
    // Nothing is stored while it decides: what is pending for one does not count for the other either.
    const stored = gateway();
    hosted.beforeReport = () => stored.isOpen;
    const app = await start(hosted, { customer, deadlineMs: 100 });
    const report = async (resource: string) =>
      (await send(app, 'POST', '/reports', { 'x-resource': resource, 'x-amount': '3' })).status;
    expect([await report('one'), await report('two'), await report('one')]).toEqual([200, 200, 429]);
    stored.open();
    await eventually(() => hosted.reports).toMatchObject([{ resourceId: 'one' }, { resourceId: 'two' }]);
  });

  test('is not closed with the application', async () => {
    const hosted = new HostedClient({});
    const app = await variant.startApp({ client: behindAdapter(hosted), customer: suiteCustomer }, routes);
    await app.close();
    expect(hosted.isClosed).toBe(false);
  });

  test('mode reserve, idempotent requirements and credits are refused, by name', async () => {
    const hosted = new HostedClient({ 'acme feature-reports': threeReports });
    await expect(start(hosted, { mode: 'reserve' })).rejects.toMatchObject({ code: 'CONFIGURATION', field: 'mode' });
    const credits: SuiteRoute = { ...reserving, entitlement: { currency: 'credits-ai', usage: 1 } };
    const requirement = { feature: 'feature-reports', usage: 1, idempotent: true };
    const idempotent: SuiteRoute = { ...reserving, entitlement: requirement };
    for (const route of [reserving, credits, idempotent]) {
      await expect(start(hosted, {}, [route])).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining('need a Tollgate client'),
      });
    }
    expect(hosted.reports).toEqual([]);
  });
});

/** A promise that the test resolves. */
function gateway(): { isOpen: Promise<void>; open: () => void } {
  let open = (): void => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

test('an object that lacks a method is refused by its name', () => {
  const { getNumericEntitlement: _, ...methods } = {
    getBooleanEntitlement: () => {},
    getNumericEntitlement: () => {},
    getMeteredEntitlement: () => {},
    getEnumEntitlement: () => {},
    getEntitlement: () => {},
    reportUsage: () => {},
  };
  expect(() => gateClientOf(methods as never)).toThrow(/client\.getNumericEntitlement/);
  expect(() => gateClientOf(undefined as never)).toThrow(/CONFIGURATION|must be a method/);
});

test('the same object is given back, and only once made fit', () => {
  const hosted = new HostedClient({});
  expect(gateClientOf(gateClientOf(hosted))).toBe(hosted);
});

test('the end of an application waits until the reports under way are stored, and no longer than it may [nest.10]', async () => {
  const hosted = new HostedClient({ 'acme feature-reports': threeReports });
  const report = gateway();
  hosted.beforeReport = () => report.isOpen;
  const port = behindAdapter(hosted)[gatePortKey];
  port.acceptUsage({ customerId: 'acme', resourceId: null, featureId: 'feature-reports', value: 1_000_000n });
  await port.flush(1);
  expect(hosted.reports).toEqual([]);
  const flushed = port.flush(60_000);
  report.open();
  await flushed;
  expect(hosted.reports).toHaveLength(1);
});
