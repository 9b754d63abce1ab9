import { inspect } from 'node:util';
import {
  type CacheEvent,
  type DecisionEvent,
  gatePortKey,
  type Tollgate,
  type TollgateOptions,
} from '@tollgate/client';
import type { Admission, MeasuredUsage } from '@tollgate/client/gate';
import type { Transport } from '@tollgate/contract';
import { tollgatePlugin } from '@tollgate/fastify';
import express5 from 'express';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { entitlementHeard } from '../src/client-host.js';
import { type Door, newDoor } from '../src/door.js';
import { expressVariant } from '../src/express-variant.js';
import { fastifyVariant } from '../src/fastify-variant.js';
import {
  type Answer,
  eventually,
  type GateBench,
  openGateBench,
  send,
  sendAndLeave,
  suiteCustomer,
  suiteNow,
} from '../src/gate-bench.js';
import type { StartedApp, SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from '../src/gate-variant.js';

/** What the handlers found, request by request. */
const found: Admission[] = [];

/** Measures what the request says, if it says something, and shows the admission itself. */
const show = ({ admission, headers }: SuiteCall): SuiteReply => {
  found.push(admission);
  if (typeof headers['x-measured'] === 'string') admission.measure(headers['x-measured']);
  return { status: 200, body: admission };
};
const headerOf = ({ headers }: SuiteRequest, name: string): string => String(headers[name] ?? '');

const route = (path: string, entitlement: SuiteRoute['entitlement'], method: SuiteRoute['method'] = 'GET') => ({
  method,
  path,
  entitlement,
  handler: show,
});
/** What an answer says of its calls. */
const callsIn = ({ body }: Pick<Answer, 'body'>) => (body.entitlements as Admission['entitlements'])['feature-calls'];

const calls = { feature: 'feature-calls', usage: 1 };
const routes: SuiteRoute[] = [
  route('/sso', 'feature-sso'),
  route('/calls', calls),
  route('/pdf', { feature: 'feature-export', values: 'pdf' }),
  route('/xlsx', { feature: 'feature-export', values: ['xlsx'] }),
  route('/upload-5', { feature: 'feature-upload', atMost: 5 }),
  route('/upload-20', { feature: 'feature-upload', atMost: 20 }),
];

describe('a request that asks what was answered before', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  /** A client of its own; `before` hears of each operation by its name, and may hold it back. */
  const clientOn = (before: (operation: string) => unknown, options: TollgateOptions = {}): Promise<Tollgate> => {
    const { transport } = bench.stack;
    const execute: Transport['execute'] = async (operation, ...rest) => {
      await before(/(?:query|mutation) (\w+)/.exec(String(operation))?.[1] ?? '');
      return transport.execute(operation, ...rest);
    };
    return bench.newClient({ transport: { ...transport, execute }, ...options }).waitForInitialization();
  };
  /** A client whose reports wait at a door: until it is opened, what the client knows stays as it is. */
  const clientBehind = (door: Door, options?: TollgateOptions) =>
    clientOn((operation) => operation === 'ReportUsage' && door.pass(), options);

  /** The same request several times: the first has to ask the engine, and what comes of it is remembered. */
  async function sendTimes(
    times: number,
    app: StartedApp,
    path: string,
    customer: string,
    more: Record<string, string> = {},
  ) {
    const answers = [];
    for (let count = 0; count < times; count += 1) {
      answers.push(await send(app, 'GET', path, { 'x-customer': customer, ...more }));
    }
    return answers;
  }
  const statusesOf = async (...asked: Parameters<typeof sendTimes>) =>
    (await sendTimes(...asked)).map(({ status }) => status);
  const callsOf = (customer: string) => bench.usageOf(customer, 'feature-calls');

  test('finds the same admission as others did, frozen throughout, and asks the engine nothing', async () => {
    const asked: string[] = [];
    const client = await clientOn((operation) => asked.push(operation));
    const app = await bench.start(routes, { client });
    const customer = await bench.newCustomer('plan-pro');
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
    const app = await bench.start(routes, { client });
    const customer = await bench.newCustomer('plan-pro');
    const changesTo = async (planId: string, hasSso: boolean) => {
      const heard = entitlementHeard(client, customer, 'feature-sso', hasSso);
      await bench.client.provisionSubscription({ customerId: customer, planId });
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
    const app = await bench.start(routes, { client });
    const customer = await bench.newCustomer('plan-calls');
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
    const app = await bench.start(routes, { customer });
    const [pro, other, free] = [
      await bench.newCustomer('plan-pro'),
      await bench.newCustomer('plan-calls'),
      await bench.newCustomer('plan-free'),
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
      await bench.client.provisionSubscription({ customerId: pro, resourceId, planId: 'plan-workspace' });
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
    const app = await bench.start(routes);
    const customer = await bench.newCustomer('plan-free');
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
    const own = await bench.newCustomer('plan-calls');
    const app = await bench.start(
      [
        route('/calls', { feature: 'feature-calls', usage: (request) => headerOf(request, 'x-amount') }),
        route('/export', { feature: 'feature-export', values: (request) => headerOf(request, 'x-format') }),
        route('/upload', { feature: 'feature-upload', atMost: (request) => headerOf(request, 'x-size') }),
        route('/own', { feature: 'feature-sso', customer: (request) => headerOf(request, 'x-own') }),
      ],
      { client },
    );
    const customer = await bench.newCustomer('plan-calls');
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
    const free = await bench.newCustomer('plan-free');
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
        const customer = await bench.newCustomer('plan-calls');
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
        expect(await headOf('/sso', await bench.newCustomer('plan-free'))).toEqual([403, null]);
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
    const customer = await bench.newCustomer('plan-calls');
    const told = await bench.start(routes, { client: watched });
    await sendTimes(4, told, '/sso', customer);
    const decision = { from: 'gate', route: 'GET /sso', customerId: customer, isAdmitted: true };
    expect(decisions).toMatchObject([decision, decision, decision, decision]);
    const app = await bench.start(routes, { client: counted });
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
    const customer = await bench.newCustomer('plan-calls');
    const explaining = await bench.start(routes, { client, explainHeader: true });
    const explained = await sendTimes(4, explaining, '/calls', customer);
    const usages = explained.map(({ headers }) => JSON.parse(headers.get('x-tollgate-explain') ?? '')[0].usage);
    expect(usages).toMatchObject([0, 1, 2, 3].map((pending) => ({ used: 0, pending, requested: 1, limit: 10 })));
    const shadow = await bench.start(routes, { client, shadow: true });
    const watched = await sendTimes(3, shadow, '/calls', customer);
    expect(watched.map(({ headers }) => headers.get('ratelimit'))).toEqual([null, null, null]);
    expect(watched.map((answer) => callsIn(answer)?.currentUsage)).toEqual([4, 5, 6]);
    const free = await bench.newCustomer('plan-free');
    const denied = await sendTimes(3, shadow, '/sso', free);
    for (const { status, body } of denied) {
      expect(status).toBe(200);
      expect(body.entitlements).toMatchObject({ 'feature-sso': { hasAccess: false } });
    }
  });

  test('with the outbox full is decided by onUnavailable, and with room again as before', async () => {
    const door = newDoor();
    let batches = 0;
    const client = await clientOn((operation) => {
      if (operation !== 'ReportEvents') return;
      batches += 1;
      return batches === 1 ? door.pass() : new Promise(() => {});
    });
    const customer = await bench.newCustomer('plan-calls');
    const strict = await bench.start(routes, { client });
    const lenient = await bench.start(routes, { client, onUnavailable: 'allow' });
    const shadow = await bench.start(routes, { client, shadow: true });
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
    const customer = await bench.newCustomer('plan-calls');
    const strict = await bench.start(routes, { client });
    const lenient = await bench.start(routes, { client, onUnavailable: 'allow' });
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
    const customer = await bench.newCustomer('plan-calls');
    const settled: MeasuredUsage[] = [];
    const settleBy = (_: unknown, used: MeasuredUsage): undefined => {
      settled.push(used);
    };
    const app = await bench.start([route('/calls', { ...calls, usage: 5, settleBy })], { client });
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
    const customer = await bench.newCustomer('plan-calls');
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
    const app = await bench.start([...routes, stream], { client });
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
    const customer = await bench.newCustomer('plan-calls');
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
    const app = await bench.start([taken], { client: await clientBehind(door) });
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
    const customer = await bench.newCustomer('plan-calls');
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

describe('a request that asks what was answered before, as time goes by,', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(fastifyVariant, inject('postgresUrl'));
  });
  afterAll(() => bench?.close());

  test('is let in up to the end of what grants it, and counted from 0 when its period begins', async () => {
    const { client, stack } = bench;
    const customer = await bench.newCustomer('plan-free');
    const end = suiteNow + 86_400_000;
    await client.grantPromotionalEntitlements({
      customerId: customer,
      promotionalEntitlements: [{ featureId: 'feature-sso', period: 'custom', customEndDate: new Date(end) }],
    });
    const app = await bench.start(routes);
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
    await eventually(() => bench.usageOf(customer, 'feature-calls')).toBe(3);
    await timeIs(feb1);
    expect(await count()).toMatchObject({ currentUsage: 0, remaining: 1, resetAt: '2026-03-01T00:00:00.000Z' });
  });
});
