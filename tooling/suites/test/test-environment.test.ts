import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tollgate } from '@tollgate/client';
import { requireEntitlement, tollgate } from '@tollgate/express';
import { type TestEnvironment, testEnvironment } from '@tollgate/testing';
import { setup, teardown } from '@tollgate/testing/vitest';
import express from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { gateCatalog } from '../src/gate-catalog.js';

const jan15 = Date.UTC(2026, 0, 15, 12);
const feb1 = Date.UTC(2026, 1, 1);
const closes: (() => unknown)[] = [];

beforeAll(() => {
  process.env.TOLLGATE_TEST_TEMPLATE = inject('pgliteTemplate');
});
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function open(options: Partial<Parameters<typeof testEnvironment>[0]> = {}): Promise<TestEnvironment> {
  const environment = await testEnvironment({ catalog: gateCatalog, now: jan15, ...options } as never);
  closes.push(environment.close);
  return environment;
}

/** An app that makes its client itself, as a test of it would start it; `post` resolves with the status. */
async function startApp(environment: TestEnvironment) {
  const client = Tollgate.initialize({ ...environment.clientOptions, logConfiguration: { logLevel: 'NONE' } });
  const app = express();
  app.use(tollgate({ client, customer: () => 'customer-1' }));
  app.post('/sso', requireEntitlement('feature-sso'), (_req, res) => void res.sendStatus(204));
  app.post('/reports', requireEntitlement('feature-reports', { usage: 1 }), (_req, res) => void res.sendStatus(204));
  app.post('/calls', requireEntitlement('feature-calls', { usage: 1 }), (_req, res) => void res.sendStatus(204));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  closes.push(
    () => client.close(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  await client.waitForInitialization();
  const { port } = server.address() as AddressInfo;
  return async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })).status;
}

describe.each(['in this process', 'in the engine of the run'] as const)('a test environment %s', (where) => {
  if (where === 'in the engine of the run') {
    beforeAll(() => setup());
    afterAll(() => teardown());
  }

  it('grants and denies, and an app whose client is its own knows when the call resolves', async () => {
    const environment = await open();
    const post = await startApp(environment);
    expect(await post('/sso')).toBe(403);
    for (let round = 0; round < 3; round++) {
      await environment.grant('customer-1', 'feature-sso');
      expect(await post('/sso')).toBe(204);
      await environment.deny('customer-1', 'feature-sso');
      expect(await post('/sso')).toBe(403);
    }
    const client = environment.client();
    const sso = { customerId: 'customer-1', featureId: 'feature-sso' };
    expect((await client.getBooleanEntitlement(sso)).accessDeniedReason).toBe('Revoked');
  });

  it('denies what a plan gives', async () => {
    const environment = await open();
    const client = environment.client();
    await client.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-pro' } });
    const sso = { customerId: 'customer-1', featureId: 'feature-sso' };
    expect((await client.getBooleanEntitlement(sso)).hasAccess).toBe(true);
    await environment.deny('customer-1', 'feature-sso');
    expect((await client.getBooleanEntitlement(sso)).hasAccess).toBe(false);
  });

  it('grants a number without a limit, or with the one that is given', async () => {
    const environment = await open();
    const client = environment.client();
    const projects = { customerId: 'customer-1', featureId: 'feature-projects' };
    await environment.grant('customer-1', 'feature-projects');
    expect(await client.getMeteredEntitlement(projects)).toMatchObject({ hasAccess: true, isUnlimited: true });
    await environment.grant('customer-1', { featureId: 'feature-projects', usageLimit: 4 });
    expect(await client.getMeteredEntitlement(projects)).toMatchObject({ usageLimit: 4, isUnlimited: false });
    await environment.grant('customer-1', { featureId: 'feature-export', enumValues: ['xlsx'] });
    const formats = await client.getEnumEntitlement({ customerId: 'customer-1', featureId: 'feature-export' });
    expect(formats.enumValues).toEqual(['xlsx']);
    await expect(environment.grant('customer-1', 'feature-nothing')).rejects.toMatchObject({
      code: 'FEATURE_NOT_FOUND',
    });
  });

  it('consumes up to a limit and beyond it, and credits', async () => {
    const environment = await open();
    const post = await startApp(environment);
    const client = environment.client();
    await client.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
    // Three a month: two are used elsewhere, the app may use one.
    await environment.consume('customer-1', 'feature-reports', 2);
    expect(await post('/reports')).toBe(204);
    expect(await post('/reports')).toBe(429);
    await environment.consume('customer-1', 'feature-reports', 4);
    expect(await environment.usage('customer-1', 'feature-reports')).toBe(7);

    await client.provisionCustomer({ customerId: 'customer-2', subscriptionParams: { planId: 'plan-credits' } });
    await environment.consume('customer-2', { currencyId: 'credits-ai' }, 4);
    const credits = { customerId: 'customer-2', currencyId: 'credits-ai' };
    expect((await client.getCreditEntitlement(credits)).currentBalance).toBe(6);
    expect(await environment.recordedUsage('customer-2')).toEqual({ features: {}, credits: { 'credits-ai': 4 } });
  });

  it('reads usage after everything that an app was about to deliver, and nothing else', async () => {
    const environment = await open();
    const post = await startApp(environment);
    await environment
      .client()
      .provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
    for (let made = 1; made <= 10; made++) {
      // A soft limit: it is reported through the outbox, after the answer.
      expect(await post('/calls')).toBe(204);
      expect(await environment.usage('customer-1', 'feature-calls')).toBe(made);
    }
    await post('/reports');
    const features = { 'feature-calls': 10, 'feature-reports': 1 };
    expect(await environment.recordedUsage('customer-1')).toEqual({ features, credits: {} });
    expect(await environment.recordedUsage('customer-2')).toEqual({ features: {}, credits: {} });
  });

  it('takes the engine away and gives it back, and what was used meanwhile arrives', async () => {
    const environment = await open();
    const post = await startApp(environment);
    const client = environment.client();
    await client.provisionCustomer({ customerId: 'customer-1', subscriptionParams: { planId: 'plan-free' } });
    expect(await post('/calls')).toBe(204);

    const end = await environment.outage();
    await expect(client.getCustomer('customer-1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // What is known goes on to answer, what was never asked is unknown.
    expect(await post('/calls')).toBe(204);
    const stranger = { customerId: 'customer-2', featureId: 'feature-sso' };
    expect((await client.getBooleanEntitlement(stranger)).isFallback).toBe(true);
    expect(await environment.usage('customer-1', 'feature-calls')).toBe(1);
    await expect(environment.outage()).rejects.toMatchObject({ code: 'CONFLICT' });
    await end();
    await end();

    expect(await environment.usage('customer-1', 'feature-calls')).toBe(2);
    expect((await client.getCustomer('customer-1')).customerId).toBe('customer-1');
    expect((await client.getBooleanEntitlement(stranger)).isFallback).toBe(false);
    const status = await environment.outage(() => post('/reports'));
    // Held exactly in the engine, which is away.
    expect(status).toBe(503);
    expect(await post('/reports')).toBe(204);
  });

  it('hands what happened in an outage to clients once it is over', async () => {
    const environment = await open();
    const post = await startApp(environment);
    await environment.grant('customer-1', 'feature-sso');
    expect(await post('/sso')).toBe(204);
    await environment.outage(async () => {
      await environment.deny('customer-1', 'feature-sso');
      expect(await post('/sso')).toBe(204);
    });
    expect(await post('/sso')).toBe(403);
  });

  it('has a clock of its own, which an app whose client is its own follows', async () => {
    const [environment, other] = [await open(), await open({ now: feb1 })];
    const [post, postOther] = [await startApp(environment), await startApp(other)];
    for (const each of [environment, other]) {
      const subscriptionParams = { planId: 'plan-free' };
      await each.client().provisionCustomer({ customerId: 'customer-1', subscriptionParams });
      await each.consume('customer-1', 'feature-reports', 3);
    }
    expect([await post('/reports'), await postOther('/reports')]).toEqual([429, 429]);
    await environment.clock.set(feb1);
    expect([environment.clock.now(), other.clock.now()]).toEqual([feb1, feb1]);
    expect([await post('/reports'), await postOther('/reports')]).toEqual([204, 429]);
    await other.clock.advance(31 * 86_400_000);
    expect([environment.clock.now(), other.clock.now()]).toEqual([feb1, Date.UTC(2026, 2, 4)]);
    expect([await environment.usage('customer-1', 'feature-reports'), await postOther('/reports')]).toEqual([1, 204]);
    await expect(environment.clock.set(jan15)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('sees nobody of another environment', async () => {
    const [one, other] = [await open(), await open()];
    await one.grant('customer-1', 'feature-sso');
    await expect(one.client().getCustomer('customer-1')).resolves.toMatchObject({ customerId: 'customer-1' });
    await expect(other.client().getCustomer('customer-1')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  it('is served over HTTP when asked to, for a client in another process', async () => {
    const environment = await testEnvironment({ catalog: gateCatalog, now: jan15, transport: 'http' });
    closes.push(environment.close);
    const client = Tollgate.initialize({ apiKey: environment.apiKey, baseUri: environment.url });
    closes.push(() => client.close());
    await environment.grant('customer-1', 'feature-sso');
    expect((await client.getCustomer('customer-1')).createdAt).toEqual(new Date(jan15));
  });

  it('refuses a catalog that is none, by the field', async () => {
    const catalog = { ...gateCatalog, plans: { 'plan-free': { displayName: 'Free' } } };
    await expect(open({ catalog: catalog as never })).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
    await expect(open({ now: 'some day' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'now' });
  });
});

it('says so when the engine of the run is gone', async () => {
  await setup();
  const address = process.env.TOLLGATE_TEST_ENGINE;
  await teardown();
  expect(process.env.TOLLGATE_TEST_ENGINE).toBeUndefined();
  process.env.TOLLGATE_TEST_ENGINE = address;
  await expect(open()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  delete process.env.TOLLGATE_TEST_ENGINE;
});
