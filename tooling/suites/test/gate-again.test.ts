import { type CacheEvent, type DecisionEvent, gatePortKey } from '@tollgate/client';
import express5 from 'express';
import { describe, expect, test } from 'vitest';
import { againStage, callsIn, found, headerOf, route, routes } from '../src/again-stage.js';
import { entitlementHeard } from '../src/client-host.js';
import { newDoor } from '../src/door.js';
import { expressVariant } from '../src/express-variant.js';
import { fastifyVariant } from '../src/fastify-variant.js';
import { type Answer, eventually, send, suiteCustomer, suiteNow } from '../src/gate-bench.js';
import type { SuiteRequest } from '../src/gate-variant.js';

describe('a request that asks what was answered before', () => {
  const stage = againStage();
  const { clientOn, clientBehind, sendTimes, statusesOf, callsOf } = stage;

  test('finds the same admission as others did, frozen throughout, and asks the engine nothing', async () => {
    const asked: string[] = [];
    const client = await clientOn((operation) => asked.push(operation));
    const app = await stage.bench.start(routes, { client });
    const customer = await stage.bench.newCustomer('plan-pro');
    let answers: Answer[] = [];
    const admissions = async () => {
      asked.length = 0;
      found.length = 0;
      answers = await sendTimes(3, app, '/pdf', customer);
      return { different: new Set(found).size, asked: asked.length };
    };
    // Sooner or later: the feed tells of the new customer once more.
    await eventually(admissions).toEqual({ different: 1, asked: 0 });
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({
        customerId: customer,
        resourceId: null,
        entitlements: {
          'feature-export': { hasAccess: true, isFallback: false, source: 'cache', type: 'ENUM', enumValues: ['pdf'] },
        },
      });
    }
    const [first] = found;
    const granted = first?.entitlements['feature-export'];
    expect([first, first?.entitlements, granted, granted?.enumValues].map(Object.isFrozen)).toEqual(
      Array(4).fill(true),
    );
  });

  test('is answered by what its client has heard: denied once the plan is another one, and let in once it is back', async () => {
    const client = await clientOn(() => {});
    const app = await stage.bench.start(routes, { client });
    const customer = await stage.bench.newCustomer('plan-pro');
    const changesTo = async (planId: string, hasSso: boolean) => {
      const heard = entitlementHeard(client, customer, 'feature-sso', hasSso);
      await stage.bench.client.provisionSubscription({ customerId: customer, planId });
      await heard;
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await statusesOf(4, app, '/sso', customer)).toEqual([200, 200, 200, 200]);
      await changesTo('plan-free', false);
      expect(await statusesOf(2, app, '/sso', customer)).toEqual([403, 403]);
      await changesTo('plan-pro', true);
    }
    expect(await statusesOf(1, app, '/sso', customer)).toEqual([200]);
  });

  test('counts what this process has pending, in what the handler finds and in the header, until it is stored', async () => {
    const door = newDoor();
    const client = await clientBehind(door);
    const app = await stage.bench.start(routes, { client });
    const customer = await stage.bench.newCustomer('plan-calls');
    const answers = await sendTimes(6, app, '/calls', customer);
    const numbers = answers.map((answer) => [
      callsIn(answer)?.currentUsage,
      callsIn(answer)?.remaining,
      answer.headers.get('ratelimit'),
    ]);
    // From noon of the 15th to the first of February are 16.5 days of 86,400 seconds.
    expect(numbers).toEqual([
      [0, 9, '"feature-calls";r=9;t=1425600'],
      [1, 8, '"feature-calls";r=8;t=1425600'],
      [2, 7, '"feature-calls";r=7;t=1425600'],
      [3, 6, '"feature-calls";r=6;t=1425600'],
      [4, 5, '"feature-calls";r=5;t=1425600'],
      [5, 4, '"feature-calls";r=4;t=1425600'],
    ]);
    expect(answers.slice(1).map((answer) => callsIn(answer)?.source)).toEqual(Array(5).fill('cache'));
    expect(await callsOf(customer)).toBe(0);
    door.open();
    await eventually(() => callsOf(customer)).toBe(6);
    // Stored and acknowledged: each amount counts once. Nothing is measured, so nothing is added by looking.
    const look = async () => callsIn(await send(app, 'GET', '/calls', { 'x-customer': customer, 'x-measured': '0' }));
    await eventually(async () => (await look())?.currentUsage).toBe(6);
    expect((await look())?.remaining).toBe(3);
  });

  test('is answered for its own customer, and for its own resource', async () => {
    const customer = ({ headers }: SuiteRequest) => ({
      customerId: String(headers['x-customer']),
      resourceId: (headers['x-site'] as string | undefined) ?? null,
    });
    const app = await stage.bench.start(routes, { customer });
    const [pro, other, free] = [
      await stage.bench.newCustomer('plan-pro'),
      await stage.bench.newCustomer('plan-calls'),
      await stage.bench.newCustomer('plan-free'),
    ];
    for (let round = 0; round < 4; round += 1) {
      for (const [customerId, status] of [
        [pro, 200],
        [free, 403],
        [other, 200],
      ] as const) {
        const answer = await send(app, 'GET', '/sso', { 'x-customer': customerId });
        expect(answer.status).toBe(status);
        if (status === 200) expect(answer.body).toMatchObject({ customerId, resourceId: null });
      }
    }
    // The workspace gives 50, where the customer's own plan gives 10.
    for (const resourceId of ['one', 'three']) {
      await stage.bench.client.provisionSubscription({ customerId: pro, resourceId, planId: 'plan-workspace' });
    }
    for (let round = 0; round < 4; round += 1) {
      for (const [site, status] of [
        ['one', 200],
        ['two', 403],
        ['three', 200],
        [undefined, 403],
      ] as const) {
        const headers = { 'x-customer': pro, ...(site && { 'x-site': site }) };
        const answer = await send(app, 'GET', '/upload-20', headers);
        expect([site, answer.status]).toEqual([site, status]);
        if (status === 200) expect(answer.body).toMatchObject({ customerId: pro, resourceId: site });
        const small = await send(app, 'GET', '/upload-5', headers);
        expect(small.body).toMatchObject({ customerId: pro, resourceId: site ?? null });
      }
    }
  });

  test('is answered for what it asks: other values and another number of one feature are other questions', async () => {
    const app = await stage.bench.start(routes);
    const customer = await stage.bench.newCustomer('plan-free');
    for (let round = 0; round < 4; round += 1) {
      for (const [path, status] of [
        ['/pdf', 200],
        ['/xlsx', 403],
        ['/upload-5', 200],
        ['/upload-20', 403],
      ] as const) {
        expect([path, ...(await statusesOf(1, app, path, customer))]).toEqual([path, status]);
      }
    }
  });

  test('says itself how much, what and who, where the requirement is a function', async () => {
    const door = newDoor();
    const client = await clientBehind(door);
    const own = await stage.bench.newCustomer('plan-calls');
    const app = await stage.bench.start(
      [
        route('/calls', { feature: 'feature-calls', usage: (request) => headerOf(request, 'x-amount') }),
        route('/export', { feature: 'feature-export', values: (request) => headerOf(request, 'x-format') }),
        route('/upload', { feature: 'feature-upload', atMost: (request) => headerOf(request, 'x-size') }),
        route('/own', { feature: 'feature-sso', customer: (request) => headerOf(request, 'x-own') }),
      ],
      { client },
    );
    const customer = await stage.bench.newCustomer('plan-calls');
    const remaining: unknown[] = [];
    for (const amount of ['1', '1', '2', '4']) {
      const [answer] = await sendTimes(1, app, '/calls', customer, { 'x-amount': amount });
      remaining.push(answer && callsIn(answer)?.remaining);
    }
    expect(remaining).toEqual([9, 8, 6, 2]);
    door.open();
    await eventually(() => callsOf(customer)).toBe(8);

    expect(await statusesOf(3, app, '/export', customer, { 'x-format': 'pdf' })).toEqual([200, 200, 200]);
    expect(await statusesOf(1, app, '/export', customer, { 'x-format': 'xlsx' })).toEqual([403]);
    expect(await statusesOf(3, app, '/upload', customer, { 'x-size': '10' })).toEqual([200, 200, 200]);
    expect(await statusesOf(1, app, '/upload', customer, { 'x-size': '11' })).toEqual([403]);
    const free = await stage.bench.newCustomer('plan-free');
    expect(await statusesOf(3, app, '/own', free, { 'x-own': own })).toEqual([200, 200, 200]);
    expect(await statusesOf(1, app, '/own', own, { 'x-own': free })).toEqual([403]);
  });

  // In Express a HEAD takes the way of the GET; in Fastify it has a route, and a requirement, of its own.
  test.each([expressVariant('Express 5', express5), fastifyVariant])(
    'is never charged as HEAD, though the GET before it is remembered: $name',
    async (variant) => {
      const door = newDoor();
      const client = await clientBehind(door);
      const app = await variant.startApp({ client, customer: suiteCustomer }, routes);
      try {
        const customer = await stage.bench.newCustomer('plan-calls');
        const headOf = async (path: string, customerId = customer) => {
          const { status, headers } = await send(app, 'HEAD', path, { 'x-customer': customerId });
          return [status, headers.get('ratelimit')];
        };
        // Nothing of 10 is used, and then 3; a HEAD asks for nothing.
        expect(await headOf('/calls')).toEqual([200, '"feature-calls";r=10;t=1425600']);
        await sendTimes(3, app, '/calls', customer);
        for (let count = 0; count < 3; count += 1) {
          expect(await headOf('/calls')).toEqual([200, '"feature-calls";r=7;t=1425600']);
        }
        const [last] = await sendTimes(1, app, '/calls', customer);
        expect(last && callsIn(last)?.currentUsage).toBe(3);
        door.open();
        await eventually(() => callsOf(customer)).toBe(4);
        expect(await headOf('/sso', await stage.bench.newCustomer('plan-free'))).toEqual([403, null]);
      } finally {
        await app.close();
      }
    },
  );

  test('is told of to whoever watches, one decision and one look into memory for each', async () => {
    const decisions: DecisionEvent[] = [];
    const watched = await clientOn(() => {}, { hooks: { onDecision: (event) => decisions.push(event) } });
    const lookups: CacheEvent[] = [];
    const counted = await clientBehind(newDoor(), { hooks: { onCache: (event) => lookups.push(event) } });
    const customer = await stage.bench.newCustomer('plan-calls');
    const told = await stage.bench.start(routes, { client: watched });
    await sendTimes(4, told, '/sso', customer);
    const decision = { from: 'gate', route: 'GET /sso', customerId: customer, isAdmitted: true };
    expect(decisions).toMatchObject([decision, decision, decision, decision]);
    const app = await stage.bench.start(routes, { client: counted });
    for (const path of ['/sso', '/calls']) {
      lookups.length = 0;
      await sendTimes(4, app, path, customer);
      const results = lookups.map(({ result, customerId }) => `${result} ${customerId}`);
      const first = path === '/sso' ? 'miss' : 'hit';
      expect(results).toEqual([first, 'hit', 'hit', 'hit'].map((result) => `${result} ${customer}`));
    }
  });

  test('is explained and only watched as ever', async () => {
    const client = await clientBehind(newDoor());
    const customer = await stage.bench.newCustomer('plan-calls');
    const explaining = await stage.bench.start(routes, { client, explainHeader: true });
    const explained = await sendTimes(4, explaining, '/calls', customer);
    const usages = explained.map(({ headers }) => JSON.parse(headers.get('x-tollgate-explain') ?? '')[0].usage);
    expect(usages).toMatchObject([0, 1, 2, 3].map((pending) => ({ used: 0, pending, requested: 1, limit: 10 })));
    const shadow = await stage.bench.start(routes, { client, shadow: true });
    const watched = await sendTimes(3, shadow, '/calls', customer);
    expect(watched.map(({ headers }) => headers.get('ratelimit'))).toEqual([null, null, null]);
    expect(watched.map((answer) => callsIn(answer)?.currentUsage)).toEqual([4, 5, 6]);
    const free = await stage.bench.newCustomer('plan-free');
    const denied = await sendTimes(3, shadow, '/sso', free);
    for (const { status, body } of denied) {
      expect(status).toBe(200);
      expect(body.entitlements).toMatchObject({ 'feature-sso': { hasAccess: false } });
    }
  });
});

describe('a request that asks what was answered before, as time goes by,', () => {
  const stage = againStage();

  test('is let in up to the end of what grants it, and counted from 0 when its period begins', async () => {
    const { client, stack } = stage.bench;
    const customer = await stage.bench.newCustomer('plan-free');
    const end = suiteNow + 86_400_000;
    await client.grantPromotionalEntitlements({
      customerId: customer,
      promotionalEntitlements: [{ featureId: 'feature-sso', period: 'custom', customEndDate: new Date(end) }],
    });
    const app = await stage.bench.start(routes);
    const headers = { 'x-customer': customer };
    const sso = async () => (await send(app, 'GET', '/sso', headers)).status;
    const count = async () => callsIn(await send(app, 'GET', '/calls', headers));
    const timeIs = async (instant: number) => {
      stack.clock.set?.(instant);
      const view = () => client[gatePortKey].viewAgain({ customerId: customer, resourceId: null });
      await eventually(() => view()?.now ?? instant).toBe(instant);
    };
    for (let times = 0; times < 3; times += 1) expect(await sso()).toBe(200);
    await timeIs(end - 1);
    expect(await sso()).toBe(200);
    await timeIs(end);
    expect([await sso(), await sso()]).toEqual([403, 403]);

    const feb1 = Date.UTC(2026, 1, 1);
    await timeIs(feb1 - 1);
    for (let times = 0; times < 3; times += 1) expect((await count())?.currentUsage).toBe(times);
    await eventually(() => stage.bench.usageOf(customer, 'feature-calls')).toBe(3);
    await timeIs(feb1);
    expect(await count()).toMatchObject({ currentUsage: 0, remaining: 1, resetAt: '2026-03-01T00:00:00.000Z' });
  });
});
