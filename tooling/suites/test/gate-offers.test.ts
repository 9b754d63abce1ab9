import type { CatalogDocument, Transport } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fastifyVariant } from '../src/fastify-variant.js';
import { type GateBench, openGateBench, send, suiteNow } from '../src/gate-bench.js';
import { gateCatalog } from '../src/gate-catalog.js';
import { suiteRoutes } from '../src/gate-routes.js';
import type { StartedApp, SuiteOptions } from '../src/gate-variant.js';

const routes = suiteRoutes(() => {});

/** When the gate asks what is on sale, and what it does with the answer: the same behind every adapter. */
describe('what would have helped', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  /** A client of its own that remembers what it asked the engine, in front of an application. */
  async function watched(options: Partial<SuiteOptions> = {}, offersHeld: Promise<void> = Promise.resolve()) {
    const asked: string[] = [];
    const transport: Transport = {
      ...bench.stack.transport,
      async execute(operation, variables, options) {
        const name = /(?:query|mutation) (\w+)/.exec(String(operation))?.[1] ?? '';
        asked.push(name);
        if (name === 'Offers') await offersHeld;
        return bench.stack.transport.execute(operation, variables, options);
      },
    };
    const client = await bench.newClient({ transport }).waitForInitialization();
    // A tenth of it is more than any answer takes here, however busy the machine is.
    const app = await bench.start(routes, { client, deadlineMs: 60_000, ...options });
    const readsOfOffers = () => asked.filter((name) => name === 'Offers').length;
    return { app, asked, readsOfOffers };
  }

  const sso = async (app: StartedApp, customer: string) =>
    (await send(app, 'GET', '/sso', { 'x-customer': customer })).body;
  const idsIn = (body: Record<string, unknown>) =>
    (body.availableIn as { id: string }[] | undefined)?.map(({ id }) => id);

  test('is asked for once, however many requests are denied at once, and never again [http.5]', async () => {
    const customer = await bench.newCustomer('plan-free');
    const { app, asked, readsOfOffers } = await watched();
    const first = await Promise.all(Array.from({ length: 20 }, () => sso(app, customer)));
    for (const body of first) expect(idsIn(body)).toEqual(['plan-pro', 'addon-sso', 'plan-team']);
    expect(readsOfOffers()).toBe(1);
    asked.length = 0;
    for (let count = 0; count < 20; count += 1) expect(idsIn(await sso(app, customer))).toHaveLength(3);
    expect(asked).toEqual([]);
  });

  test('is not asked for by requests that are let in, nor where it is switched off [http.5]', async () => {
    const [pro, free] = [await bench.newCustomer('plan-pro'), await bench.newCustomer('plan-free')];
    const on = await watched();
    expect((await send(on.app, 'GET', '/sso', { 'x-customer': pro })).status).toBe(200);
    const off = await watched({ availableIn: false, upgradeUrl: 'https://example.com/plans' });
    expect(await sso(off.app, free)).toMatchObject({
      code: 'feature-not-entitled',
      upgradeUrl: 'https://example.com/plans',
    });
    expect(idsIn(await sso(off.app, free))).toBeUndefined();
    const hidden = await watched({ hideNotEntitled: true });
    expect(await sso(hidden.app, free)).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: '/sso',
    });
    expect([on.readsOfOffers(), off.readsOfOffers(), hidden.readsOfOffers()]).toEqual([0, 0, 0]);
  });

  test('is left out where a promotion takes the feature away: no plan gives it back [http.5]', async () => {
    const customer = await bench.newCustomer('plan-pro');
    const revocation = { featureId: 'feature-sso', isGranted: false, period: 'LIFETIME' as const };
    await bench.stack.environment.grantPromotionalEntitlements(customer, [revocation], suiteNow);
    const { app } = await watched();
    const body = await sso(app, customer);
    expect([body.reason, body.availableIn]).toEqual(['Revoked', undefined]);
  });

  test('never holds a denial up: one goes without it, and the next has what came meanwhile [http.5]', async () => {
    const customer = await bench.newCustomer('plan-free');
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { app, readsOfOffers } = await watched({ deadlineMs: 500 }, held);
    const body = await sso(app, customer);
    expect([body.code, body.availableIn, readsOfOffers()]).toEqual(['feature-not-entitled', undefined, 1]);
    letGo();
    await expect.poll(async () => idsIn(await sso(app, customer)), { timeout: 10_000, interval: 20 }).toHaveLength(3);
    expect(readsOfOffers()).toBe(1);
  });

  test('is still told when the engine is gone, and not asked for any more while it is unknown [http.5]', async () => {
    const customer = await bench.newCustomer('plan-free');
    const server = await bench.stack.listen({ port: 0 });
    const connect = async () => {
      const apiKey = await bench.stack.createApiKey();
      const client = await bench.newClient({ apiKey, baseUri: server.url }).waitForInitialization();
      await client.getBooleanEntitlement({ customerId: customer, featureId: 'feature-sso' });
      return bench.start(routes, { client });
    };
    const [warm, cold] = [await connect(), await connect()];
    await expect.poll(async () => idsIn(await sso(warm, customer)), { timeout: 10_000, interval: 20 }).toHaveLength(3);
    await server.close();
    expect(idsIn(await sso(warm, customer))).toHaveLength(3);
    const body = await sso(cold, customer);
    expect([body.code, body.availableIn]).toEqual(['feature-not-entitled', undefined]);
  });

  test('has an address that a function makes of the denial; one that throws leaves it out', async () => {
    const customer = await bench.newCustomer('plan-free');
    const link = await watched({ upgradeUrl: ({ code, availableIn }) => `/buy/${availableIn?.[0]?.id}?for=${code}` });
    expect((await sso(link.app, customer)).upgradeUrl).toBe('/buy/plan-pro?for=feature-not-entitled');
    const wrong = [
      () => {
        throw new Error('no address');
      },
      () => 7 as never,
      () => undefined,
    ];
    for (const upgradeUrl of wrong) {
      const { app } = await watched({ upgradeUrl });
      const body = await sso(app, customer);
      expect([body.status, 'upgradeUrl' in body]).toEqual([403, false]);
    }
    await expect(watched({ upgradeUrl: '' })).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  // The last one: what it publishes stays.
  test('follows a publish: the next denial names what is new, and asks once for it [http.5]', async () => {
    const { app, readsOfOffers } = await watched();
    const customer = await bench.newCustomer('plan-free');
    expect(idsIn(await sso(app, customer))).toEqual(['plan-pro', 'addon-sso', 'plan-team']);
    const { 'plan-next': next, 'plan-team': _, ...plans } = gateCatalog.plans;
    const { draft: __, ...published } = next as NonNullable<typeof next>;
    const document: CatalogDocument = { ...gateCatalog, plans: { ...plans, 'plan-next': published } };
    await bench.stack.environment.applyCatalog(document, { dryRun: false }, suiteNow);
    await expect
      .poll(async () => idsIn(await sso(app, customer)), { timeout: 10_000, interval: 20 })
      .toEqual(['plan-next', 'plan-pro', 'addon-sso']);
    expect(readsOfOffers()).toBe(2);
  });
});
