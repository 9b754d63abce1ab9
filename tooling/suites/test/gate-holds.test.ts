import type { Tollgate } from '@tollgate/client';
import { amountToNumber, type CatalogDocument } from '@tollgate/contract';
import { freePort } from '@tollgate/services';
import { startStack, type TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { countingProxy } from '../src/counting-proxy.js';
import { newDoor } from '../src/door.js';
import { fastifyVariant } from '../src/fastify-variant.js';
import { eventually, openGateBench, send, suiteCustomer } from '../src/gate-bench.js';
import { suiteRoutes } from '../src/gate-routes.js';
import type { StartedApp, SuiteReply, SuiteRoute } from '../src/gate-variant.js';

const catalog: CatalogDocument = {
  products: { 'product-suite': { displayName: 'Suite' } },
  features: { 'feature-reports': { displayName: 'Reports', featureType: 'NUMBER', meterType: 'INCREMENTAL' } },
  plans: {
    'plan-free': {
      displayName: 'Free',
      productId: 'product-suite',
      pricingType: 'FREE',
      entitlements: { 'feature-reports': { usageLimit: 3 } },
    },
  },
};

const routes = suiteRoutes(() => {});

/** A handler that goes on until the test lets it go. */
function slowRoute(details: { idempotent?: true } = {}): { route: SuiteRoute; reached: Promise<void>; finish(): void } {
  let reach = (): void => {};
  let finish = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const route: SuiteRoute = {
    method: 'POST',
    path: '/slow',
    entitlement: { feature: 'feature-reports', usage: 2, ...details },
    handler: async () => {
      reach();
      await finished;
      return { status: 200 };
    },
  };
  return { route, reached, finish };
}

/** Requests that outlive their hold, with a clock that the test moves. A hold lasts a second of that clock. */
describe('a hold', () => {
  let stack: TestStack;
  let client: Tollgate;
  let app: StartedApp | undefined;
  beforeEach(async () => {
    stack = await startStack({ catalog, now: '2026-01-15T12:00:00Z', template: inject('pgliteTemplate') });
    client = stack.client();
    await client.provisionCustomer({ customerId: 'acme', subscriptionParams: { planId: 'plan-free' } });
  });
  afterEach(async () => {
    await app?.close();
    await stack?.close();
  });

  const start = async (routes: SuiteRoute[]): Promise<StartedApp> => {
    app = await fastifyVariant.startApp({ client, customer: suiteCustomer, reservationTtlMs: 1_000 }, routes);
    return app;
  };
  const counter = async () => {
    const [snapshot] = await stack.engine.snapshots('acme', [null], stack.clock.now());
    const { currentUsage = 0n, held = 0n, heldUntil = null } = snapshot?.usage.get('feature-reports') ?? {};
    const isHeld = heldUntil !== null && stack.clock.now() < heldUntil;
    return { used: amountToNumber(currentUsage), held: isHeld ? amountToNumber(held) : 0, heldUntil };
  };

  test('is kept alive for as long as the handler runs, and charged when it ends [settle.6]', async () => {
    const { route, reached, finish } = slowRoute();
    const answer = send(await start([route]), 'POST', '/slow', { 'x-customer': 'acme' });
    await reached;
    for (let round = 0; round < 3; round += 1) {
      await stack.clock.advance(700);
      // A sign of life: a second from now again. Without it the hold would be over by the second round.
      await eventually(async () => (await counter()).heldUntil).toBe(stack.clock.now() + 1_000);
      expect(await counter()).toMatchObject({ used: 0, held: 2 });
    }
    finish();
    expect((await answer).status).toBe(200);
    await eventually(counter).toMatchObject({ used: 2, held: 0 });
  });

  test('is kept alive for as long as a stream goes on, and charged with what that measured [settle.6]', async () => {
    const door = newDoor();
    const streamed: SuiteRoute['handler'] = async ({ admission, sendPart }): Promise<SuiteReply> => {
      sendPart('data: one\n\n');
      await door.pass();
      sendPart('data: two\n\n');
      admission.measure(1.5);
      return 'end';
    };
    const entitlement = { feature: 'feature-reports', usage: 3 };
    const { url } = await start([{ method: 'POST', path: '/events', entitlement, handler: streamed }]);
    const response = await fetch(`${url}/events`, { method: 'POST', headers: { 'x-customer': 'acme' } });
    await door.reached;
    for (let round = 0; round < 3; round += 1) {
      await stack.clock.advance(700);
      await eventually(async () => (await counter()).heldUntil).toBe(stack.clock.now() + 1_000);
    }
    expect(await counter()).toMatchObject({ used: 0, held: 3 });
    door.open();
    expect(await response.text()).toContain('two');
    await eventually(counter).toMatchObject({ used: 1.5, held: 0 });
  });

  test('that ran out all the same is charged once when its request ends [settle.6]', async () => {
    const { route, reached, finish } = slowRoute();
    const answer = send(await start([route]), 'POST', '/slow', { 'x-customer': 'acme' });
    await reached;
    // An hour at one stroke: no sign of life can have come in between, and the amount is free for others.
    await stack.clock.advance(3_600_000);
    expect(await counter()).toMatchObject({ used: 0, held: 0 });
    finish();
    expect((await answer).status).toBe(200);
    await eventually(counter).toMatchObject({ used: 2, held: 0 });
  });

  test('of a process that died is free after its time: the same request holds anew, and is charged once [settle.8] [settle.10]', async () => {
    const { route, reached, finish } = slowRoute({ idempotent: true });
    const headers = { 'x-customer': 'acme', 'idempotency-key': 'a' };
    const first = send(await start([route]), 'POST', '/slow', headers);
    await reached;
    // Another process, for which the first is as good as dead: no sign of life comes within its time.
    const quick: SuiteRoute = { ...route, handler: () => ({ status: 200 }) };
    const other = await fastifyVariant.startApp({ client: stack.client(), customer: suiteCustomer }, [quick]);
    expect((await send(other, 'POST', '/slow', headers)).status).toBe(409);
    await stack.clock.advance(3_600_000);
    expect((await send(other, 'POST', '/slow', headers)).status).toBe(200);
    await eventually(counter).toMatchObject({ used: 2, held: 0 });
    // It was not dead after all: its end comes late, and is not charged beside the other's.
    finish();
    expect((await first).status).toBe(200);
    await eventually(() => client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 0 });
    expect(await counter()).toMatchObject({ used: 2, held: 0 });
    await other.close();
  });

  test('for a key of yesterday is charged again, 24 hours after the first [settle.8]', async () => {
    const { route, finish } = slowRoute({ idempotent: true });
    finish();
    const headers = { 'x-customer': 'acme', 'idempotency-key': 'a' };
    await start([{ ...route, entitlement: { feature: 'feature-reports', usage: 1, idempotent: true } }]);
    const order = async () => (await send(app as StartedApp, 'POST', '/slow', headers)).status;
    expect(await order()).toBe(200);
    await eventually(counter).toMatchObject({ used: 1, held: 0 });
    await stack.clock.advance(86_400_000 - 1);
    expect(await order()).toBe(200);
    expect(await counter()).toMatchObject({ used: 1, held: 0 });
    await stack.clock.advance(1);
    expect(await order()).toBe(200);
    await eventually(counter).toMatchObject({ used: 2, held: 0 });
  });
});

describe('with the engine away', () => {
  test('what was held is charged when it is back, and what was let in without a hold is reported, a request that came twice once [settle.10]', async () => {
    const bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
    try {
      const customer = await bench.newCustomer('plan-pro');
      const headers = { 'x-customer': customer };
      const port = await freePort();
      const server = await bench.stack.listen({ port });
      const client = bench.newClient({ apiKey: await bench.stack.createApiKey(), baseUri: `http://127.0.0.1:${port}` });
      const { route, reached, finish } = slowRoute();
      const app = await bench.start([route], { client });
      const slow = send(app, 'POST', '/slow', headers);
      await reached;
      await server.close();
      finish();
      expect((await slow).status).toBe(200);
      const once: SuiteRoute = {
        method: 'POST',
        path: '/once',
        entitlement: { feature: 'feature-reports', usage: 1, idempotent: true },
        handler: () => ({ status: 200 }),
      };
      const lenient = await bench.start([...routes, once], { client, deadlineMs: 300, onUnavailable: 'allow' });
      expect((await send(lenient, 'POST', '/reports', headers)).status).toBe(200);
      for (let count = 0; count < 2; count += 1) {
        expect((await send(lenient, 'POST', '/once', { ...headers, 'idempotency-key': 'a' })).status).toBe(200);
      }
      expect(client.outboxCounts().waiting).toBeGreaterThan(0);

      const again = await bench.stack.listen({ port });
      // 2 that were held, 1 that was not, and 1 of the request that came twice.
      await eventually(() => bench.usageOf(customer, 'feature-reports')).toBe(4);
      await eventually(() => client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 0 });
      await again.close();
    } finally {
      await bench.close();
    }
  });

  test('an amount whose answer was lost is sent again, and counts as delivered when it is stored already [settle.11]', async () => {
    const bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
    try {
      const customer = await bench.newCustomer('plan-free');
      const server = await bench.stack.listen({ port: 0 });
      const proxy = await countingProxy(server.url);
      const client = bench.newClient({ apiKey: await bench.stack.createApiKey(), baseUri: proxy.url });
      const app = await bench.start(routes, { client });
      const keys: string[] = [];
      proxy.loseAnswers(({ usages = [] }) => {
        keys.push(...usages.map(({ idempotencyKey }) => String(idempotencyKey)));
        return keys.length === 1;
      });
      expect((await send(app, 'POST', '/calls', { 'x-customer': customer })).status).toBe(200);
      await eventually(() => keys.length).toBe(2);
      expect(keys[1]).toBe(keys[0]);
      await eventually(() => client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 0 });
      expect(await bench.usageOf(customer, 'feature-calls')).toBe(1);
      await server.close();
      await proxy.close();
    } finally {
      await bench.close();
    }
  });
});
