import type { CacheEvent, DecisionEvent, ErrorEvent, Tollgate, UsageEvent } from '@tollgate/client';
import { gatePortKey } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, type GateBench, openGateBench, send } from '../src/gate-bench.js';
import { suiteRoutes } from '../src/gate-routes.js';
import type { SuiteRoute } from '../src/gate-variant.js';

let bench: GateBench;
beforeAll(async () => {
  bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
});
afterAll(() => bench?.close());

/** A client whose server was there at its start and is gone now, with nothing in its cache. */
async function lostClient(onDecision: (event: DecisionEvent) => void): Promise<Tollgate> {
  const server = await bench.stack.listen({ port: 0 });
  const options = { apiKey: await bench.stack.createApiKey(), baseUri: server.url };
  const client = bench.newClient({ ...options, hooks: { onDecision } });
  await client.waitForInitialization();
  await server.close();
  return client;
}

describe('the hooks of a client', () => {
  test('hear of each look into memory, once, and of what made it out of date', async () => {
    const lookups: CacheEvent[] = [];
    const client = bench.newClient({
      transport: bench.stack.transport,
      hooks: { onCache: (event) => lookups.push(event) },
    });
    await client.waitForInitialization();
    const customerId = await bench.newCustomer('plan-free');
    const sso = () => client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });
    const seen = () => lookups.map(({ result, cache }) => `${result} ${cache}`);
    await sso();
    await sso();
    expect(seen()).toEqual(['miss memory', 'hit memory']);
    expect(lookups[0]).toEqual({ result: 'miss', cache: 'memory', customerId, resourceId: null });
    const app = await bench.start(
      suiteRoutes(() => {}),
      { client },
    );
    expect((await send(app, 'POST', '/calls', { 'x-customer': customerId })).status).toBe(200);
    expect(seen().slice(2)).toEqual(['hit memory']);
    await bench.client.provisionSubscription({ customerId, planId: 'plan-pro' });
    await eventually(() => seen()[3]).toBe('invalidated memory');
  });

  test('hear of the answers of getters, fallbacks and wrong calls included', async () => {
    const decisions: DecisionEvent[] = [];
    const client = bench.newClient({
      transport: bench.stack.transport,
      hooks: { onDecision: (event) => decisions.push(event) },
    });
    const customerId = await bench.newCustomer('plan-free');
    await client.getMeteredEntitlement({ customerId, featureId: 'feature-reports', options: { requestedUsage: 4 } });
    await client.getCreditEntitlement({ customerId, currencyId: 'credits-ai' });
    await client.getBooleanEntitlement({ customerId: '', featureId: 'feature-sso' });
    const common = { from: 'getter', route: null, code: null, decisionId: null, mode: null, hasAccess: false };
    expect(decisions).toMatchObject([
      {
        ...common,
        featureId: 'feature-reports',
        reason: 'RequestedUsageExceedingLimit',
        source: 'live',
        requested: 4,
        used: 0,
        limit: 3,
      },
      { ...common, currencyId: 'credits-ai', reason: 'EntitlementNotFound', source: 'cache' },
      { ...common, customerId: '', reason: 'Unknown', isFallback: true, source: 'fallback' },
    ]);
    expect(decisions.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  test('hear of usage that was committed, that was let go, and that will never be stored', async () => {
    const usages: UsageEvent[] = [];
    const failures: ErrorEvent[] = [];
    const client = bench.newClient({
      transport: bench.stack.transport,
      hooks: { onUsage: (event) => usages.push(event), onError: (failure) => failures.push(failure) },
    });
    const customerId = await bench.newCustomer('plan-free');
    const usage = { customerId, featureId: 'feature-reports' };
    await client.reportUsage({ ...usage, value: 0.5, idempotencyKey: 'k1' });
    const reservation = { customerId, reservationId: 'r1' };
    await client.reserve({ ...reservation, items: [{ featureId: 'feature-reports', amount: 2 }] });
    await client.extendReservation(reservation);
    await client.releaseReservation(reservation);
    const { settled } = client[gatePortKey].acceptUsage({
      customerId,
      featureId: 'feature-unknown',
      value: 1_000_000n,
      idempotencyKey: 'k2',
    });
    await settled;
    const common = { customerId, resourceId: null, currencyId: null, eventName: null };
    const own = { ...common, featureId: 'feature-reports', error: null };
    const unknown = { ...common, featureId: 'feature-unknown', amount: 1, idempotencyKey: 'k2', reservationId: null };
    expect(usages).toEqual([
      { ...own, kind: 'stored', amount: 0.5, idempotencyKey: 'k1', reservationId: null },
      { ...own, kind: 'held', amount: 2, idempotencyKey: null, reservationId: 'r1' },
      { ...own, kind: 'released', amount: 2, idempotencyKey: null, reservationId: 'r1' },
      { ...unknown, kind: 'accepted', error: null },
      { ...unknown, kind: 'dead-letter', error: expect.objectContaining({ code: 'FEATURE_NOT_FOUND' }) },
    ]);
    expect(failures).toMatchObject([{ code: 'FEATURE_NOT_FOUND', message: expect.stringContaining('never store') }]);
  });
});

describe('client.explain', () => {
  test('answers as the getters do, and says what it rests on and how old that is', async () => {
    const client = bench.newClient({ transport: bench.stack.transport });
    const customerId = await bench.newCustomer('plan-free');
    const reports = { customerId, featureId: 'feature-reports' };
    await client.reportUsage({ ...reports, value: 2 });
    const explanation = await client.explain({ ...reports, options: { requestedUsage: 2 } });
    expect(explanation).toMatchObject({
      customerId,
      resourceId: null,
      hasAccess: false,
      reason: 'RequestedUsageExceedingLimit',
      sentence: '2 used, 0 held, 0 pending and 2 asked for come to 4: the limit of 3 would be passed.',
      usage: { used: 2, requested: 2, compared: 4, limit: 3, resetAt: '2026-02-01T00:00:00.000Z' },
      source: 'live',
      fallback: null,
      cached: [{ of: 'customer', ageMs: expect.any(Number), isFresh: true }],
    });
    expect(explanation.parts.map(({ part }) => part)).toEqual(['grants', 'usage']);
    expect(explanation.sources).toMatchObject([
      { kind: 'PLAN', id: 'plan-free', resourceId: null, isGranted: true, usageLimit: 3, endsAt: null },
    ]);
    expect((await client.explain(reports)).source).toBe('cache');
  });

  test('names each source, whichever it is, and the grants of a wallet', async () => {
    const client = bench.newClient({ transport: bench.stack.transport });
    const customerId = await bench.newCustomer('plan-pro');
    const [gift] = await client.grantPromotionalEntitlements({
      customerId,
      promotionalEntitlements: [{ featureId: 'feature-upload', usageLimit: 99, period: '1 week' }],
    });
    const upload = await client.explain({ customerId, featureId: 'feature-upload' });
    expect(upload.sources).toMatchObject([
      { kind: 'PLAN', id: 'plan-free', usageLimit: 10, endsAt: null },
      { kind: 'PROMOTION', id: gift?.id, subscriptionId: null, usageLimit: 99, endsAt: '2026-01-22T12:00:00.000Z' },
    ]);
    const credits = { customerId: await bench.newCustomer('plan-credits'), currencyId: 'credits-ai' };
    await client.consumeCredits({ ...credits, amount: 4, idempotencyKey: 'k' });
    expect(await client.explain(credits)).toMatchObject({
      hasAccess: true,
      credits: { currencyId: 'credits-ai', balance: 6, held: 0 },
      sources: [{ kind: 'CREDIT_GRANT', credits: { amount: 10, consumed: 4 } }],
    });
  });

  test('counts what this process has let in and not delivered, as the gate does', async () => {
    const client = bench.newClient({ transport: bench.stack.transport });
    const customerId = await bench.newCustomer('plan-free');
    let explained: unknown;
    const app = await bench.start(
      [
        {
          method: 'POST',
          path: '/calls',
          entitlement: { feature: 'feature-calls', usage: 1 },
          handler: async () => {
            explained = await client.explain({ customerId, featureId: 'feature-calls' });
            return { status: 200 };
          },
        },
      ],
      { client },
    );
    expect((await send(app, 'POST', '/calls', { 'x-customer': customerId })).status).toBe(200);
    expect(explained).toMatchObject({ hasAccess: true, usage: { used: 0, pending: 1, limit: 2, hasSoftLimit: true } });
  });

  test('is an answer, too, while nothing is known, and names the fallback; a question that is none is refused', async () => {
    const client = bench.newClient({
      offline: true,
      entitlementsFallback: { 'feature-sso': { hasAccess: true } },
    });
    const sso = { customerId: 'acme', featureId: 'feature-sso' };
    expect(await client.explain(sso)).toMatchObject({
      hasAccess: false,
      reason: 'Unknown',
      source: 'fallback',
      fallback: { hasAccess: true },
      cached: [],
      sources: null,
      parts: [],
    });
    await expect(client.explain({ ...sso, currencyId: 'credits-ai' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'currencyId',
    });
  });
});

describe('shadow mode', () => {
  const sso = { feature: 'feature-sso' };
  const projects = { feature: 'feature-projects', usage: 1 };
  const route = (entitlement: SuiteRoute['entitlement']): SuiteRoute => ({
    method: 'GET',
    path: '/watched',
    entitlement,
    handler: ({ admission }) => ({ status: 200, body: admission.entitlements }),
  });
  const ask = async (entitlement: SuiteRoute['entitlement'], planId: string, options = {}) => {
    const app = await bench.start([route(entitlement)], options);
    return send(app, 'GET', '/watched', { 'x-customer': await bench.newCustomer(planId) });
  };

  test('of one requirement leaves the others beside it enforced', async () => {
    const watched = { ...sso, shadow: true };
    expect((await ask([watched, projects], 'plan-free')).body).toMatchObject({
      'feature-sso': { hasAccess: false },
      'feature-projects': { hasAccess: true },
    });
    const denied = await ask([watched, { ...projects, usage: 3 }], 'plan-free');
    expect([denied.status, denied.body.featureId]).toEqual([403, 'feature-projects']);
    expect(denied.headers.get('ratelimit')).toContain('feature-projects');
  });

  test('of the gate does not reach a requirement that is to be enforced', async () => {
    const denied = await ask({ ...sso, shadow: false }, 'plan-free', { shadow: true });
    expect([denied.status, denied.body.code]).toEqual([403, 'feature-not-entitled']);
  });

  test('takes the alternative that would have been taken', async () => {
    const { body } = await ask({ any: [sso, projects] }, 'plan-free', { shadow: true });
    expect(body).toEqual({ 'feature-projects': expect.objectContaining({ hasAccess: true }) });
  });

  test('lets in while nothing is known', async () => {
    const decisions: DecisionEvent[] = [];
    const client = await lostClient((event) => decisions.push(event));
    const { status, body } = await ask([sso, projects], 'plan-pro', { client, shadow: true, deadlineMs: 300 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ 'feature-sso': { hasAccess: false, isFallback: true, source: 'fallback' } });
    const unknown = { isShadow: true, hasAccess: false, isAdmitted: true, code: 'state-unavailable' };
    expect(decisions).toMatchObject([unknown, unknown]);
  });

  test('charges a request that comes again once, and goes on where its fingerprint fails', async () => {
    const customer = await bench.newCustomer('plan-free');
    const once = route({ feature: 'feature-reports', usage: 5, idempotent: true });
    const plain: SuiteRoute = { ...route({ feature: 'feature-reports', usage: 1 }), path: '/plain' };
    const fingerprint = (): string => {
      throw new Error('no fingerprint');
    };
    const app = await bench.start([once, plain], { shadow: true });
    const failing = await bench.start([once], { shadow: true, fingerprint });
    const headers = { 'x-customer': customer, 'idempotency-key': 'k' };
    for (const asked of [app, app, failing]) expect((await send(asked, 'GET', '/watched', headers)).status).toBe(200);
    expect((await send(app, 'GET', '/plain', headers)).status).toBe(200);
    // Reports of one customer arrive in order: 5 once by its key, 5 without one, and 1.
    await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(11);
  });

  test('must be true or false', async () => {
    await expect(bench.start([], { shadow: 'yes' as never })).rejects.toMatchObject({ field: 'shadow' });
    const wrong = bench.start([route({ ...sso, shadow: 1 as never })]);
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIGURATION', message: expect.stringContaining('shadow') });
  });
});
