import { inspect } from 'node:util';
import { gatePortKey } from '@tollgate/client';
import type { MeasuredUsage } from '@tollgate/client/gate';
import { tollgatePlugin } from '@tollgate/fastify';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { againStage, calls, callsIn, found, route, routes, show } from '../src/again-stage.js';
import { newDoor } from '../src/door.js';
import { eventually, sendAndLeave } from '../src/gate-bench.js';
import type { StartedApp, SuiteRoute } from '../src/gate-variant.js';

describe('a request that asks what was answered before, and what it is charged', () => {
  const stage = againStage();
  const { clientOn, clientBehind, sendTimes, statusesOf, callsOf } = stage;

  test('with the outbox full is decided by onUnavailable, and with room again as before', async () => {
    const door = newDoor();
    let batches = 0;
    const client = await clientOn((operation) => {
      if (operation !== 'ReportEvents') return;
      batches += 1;
      return batches === 1 ? door.pass() : new Promise(() => {});
    });
    const customer = await stage.bench.newCustomer('plan-calls');
    const strict = await stage.bench.start(routes, { client });
    const lenient = await stage.bench.start(routes, { client, onUnavailable: 'allow' });
    const shadow = await stage.bench.start(routes, { client, shadow: true });
    const nothing = { 'x-measured': '0' };
    const ask = async (app: StartedApp, path = '/calls') => {
      const more: Record<string, string> = path === '/calls' ? nothing : {};
      const [answer] = await sendTimes(1, app, path, customer, more);
      return answer as NonNullable<typeof answer>;
    };
    for (const app of [strict, lenient, shadow]) {
      expect(await statusesOf(3, app, '/calls', customer, nothing)).toEqual([200, 200, 200]);
    }
    expect((await ask(strict, '/sso')).status).toBe(200);
    for (let batch = 0; batch < 50; batch += 1) {
      await client.reportEvent(
        Array.from({ length: 1_000 }, (_, index) => ({
          customerId: customer,
          eventName: 'filler',
          idempotencyKey: `${batch}-${index}`,
        })),
      );
    }
    const port = client[gatePortKey];
    expect([port.isAcceptingUsage(), port.viewAgain({ customerId: customer, resourceId: null })?.source]).toEqual([
      false,
      'cache',
    ]);
    for (let count = 0; count < 2; count += 1) {
      const { status, body } = await ask(strict);
      expect([status, body.code]).toEqual([503, 'state-unavailable']);
      expect((await ask(lenient)).status).toBe(200);
      const watched = await ask(shadow);
      expect([watched.status, callsIn(watched)?.hasAccess]).toEqual([200, false]);
      expect((await ask(strict, '/sso')).status).toBe(200);
    }
    door.open();
    await eventually(() => port.isAcceptingUsage()).toBe(true);
    expect((await ask(strict)).status).toBe(200);
    expect(callsIn(await ask(shadow))?.hasAccess).toBe(true);
  });

  test('of a client that was closed is not answered from what was known', async () => {
    const client = await clientOn(() => {});
    const customer = await stage.bench.newCustomer('plan-calls');
    const strict = await stage.bench.start(routes, { client });
    const lenient = await stage.bench.start(routes, { client, onUnavailable: 'allow' });
    const nothing = { 'x-measured': '0' };
    for (const app of [strict, lenient]) {
      expect(await statusesOf(3, app, '/calls', customer, nothing)).toEqual([200, 200, 200]);
      expect(await statusesOf(3, app, '/sso', customer)).toEqual([200, 200, 200]);
    }
    await client.close();
    expect(await statusesOf(1, strict, '/calls', customer, nothing)).toEqual([503]);
    expect(await statusesOf(1, strict, '/sso', customer)).toEqual([503]);
    const [allowed] = await sendTimes(1, lenient, '/sso', customer);
    expect(allowed?.body.entitlements).toMatchObject({ 'feature-sso': { isFallback: true, source: 'fallback' } });
  });

  test('charges what it measured itself, and settles by its own rules', async () => {
    const door = newDoor();
    const client = await clientBehind(door);
    const customer = await stage.bench.newCustomer('plan-calls');
    const settled: MeasuredUsage[] = [];
    const settleBy = (_: unknown, used: MeasuredUsage): undefined => {
      settled.push(used);
    };
    const app = await stage.bench.start([route('/calls', { ...calls, usage: 5, settleBy })], { client });
    await sendTimes(3, app, '/calls', customer, { 'x-measured': '0' });
    settled.length = 0;
    for (const measured of ['1', '2', '4']) await sendTimes(1, app, '/calls', customer, { 'x-measured': measured });
    const used = { featureId: 'feature-calls', usage: 5 };
    await eventually(() => settled).toEqual([1, 2, 4].map((measured) => ({ ...used, measured })));
    expect(await callsOf(customer)).toBe(0);
    door.open();
    await eventually(() => callsOf(customer)).toBe(7);
    // Without a measurement what was declared: 12, and nothing that was charged by mistake before.
    await sendTimes(1, app, '/calls', customer);
    await eventually(() => callsOf(customer)).toBe(12);
  });

  test('whose client leaves charges what it measured, and nothing where it measured nothing', async () => {
    const door = newDoor();
    const client = await clientBehind(door);
    const customer = await stage.bench.newCustomer('plan-calls');
    const stream: SuiteRoute = {
      method: 'POST',
      path: '/stream',
      entitlement: { ...calls, usage: 3 },
      handler: (call) => {
        show(call);
        call.sendPart('a first part');
        return 'open';
      },
    };
    const app = await stage.bench.start([...routes, stream], { client });
    const headers = { 'x-customer': customer };
    const pending = async () => {
      const [answer] = await sendTimes(1, app, '/calls', customer, { 'x-measured': '0' });
      return answer && callsIn(answer)?.currentUsage;
    };
    // Nothing is pending once these are over, so that what is known is the same throughout.
    for (let count = 0; count < 3; count += 1) await sendAndLeave(app, '/stream', { ...headers, 'x-measured': '0' });
    await eventually(pending).toBe(0);
    await sendAndLeave(app, '/stream', headers);
    await eventually(pending).toBe(0);
    await sendAndLeave(app, '/stream', { ...headers, 'x-measured': '4' });
    await sendAndLeave(app, '/stream', { ...headers, 'x-measured': '2' });
    await eventually(pending).toBe(6);
    door.open();
    await eventually(() => callsOf(customer)).toBe(6);
  });

  test('has an admission that can be printed, sent as JSON and taken apart', async () => {
    const customer = await stage.bench.newCustomer('plan-calls');
    const taken: SuiteRoute = {
      ...route('/taken', calls),
      handler: ({ admission }) => {
        found.push(admission);
        const { measure } = admission;
        measure(2);
        return { status: 200, body: admission };
      },
    };
    const door = newDoor();
    const app = await stage.bench.start([taken], { client: await clientBehind(door) });
    found.length = 0;
    const answers = await sendTimes(4, app, '/taken', customer);
    // Each of them measured 2 in place of the 1 that was declared.
    expect(answers.map((answer) => callsIn(answer)?.currentUsage)).toEqual([0, 2, 4, 6]);
    answers.forEach(({ body }, index) => {
      expect(Object.keys(body)).toEqual(['customerId', 'resourceId', 'entitlements']);
      expect(body).toMatchObject({ customerId: customer, resourceId: null });
      expect(inspect(found[index], { depth: 9 })).toBe(inspect(body, { depth: 9 }));
    });
    door.open();
    await eventually(() => callsOf(customer)).toBe(8);
  });

  test('finds in one admission what two checks on its way have granted', async () => {
    const customer = await stage.bench.newCustomer('plan-calls');
    const door = newDoor();
    const app = fastify({ forceCloseConnections: true });
    await app.register(tollgatePlugin, {
      client: await clientBehind(door),
      customer: ({ headers }) => String(headers['x-customer']),
    });
    app.addHook('preHandler', app.tollgate.requireEntitlement('feature-sso'));
    app.get('/calls', { config: { entitlement: calls } }, async ({ tollgate }) => {
      tollgate?.measure(3);
      return tollgate;
    });
    try {
      for (let count = 0; count < 4; count += 1) {
        const { body } = await app.inject({ url: '/calls', headers: { 'x-customer': customer } });
        expect(JSON.parse(body)).toMatchObject({
          customerId: customer,
          entitlements: { 'feature-sso': { hasAccess: true }, 'feature-calls': { currentUsage: 3 * count } },
        });
      }
      door.open();
      await eventually(() => callsOf(customer)).toBe(12);
    } finally {
      await app.close();
    }
  });
});
