import { beforeAll, describe, expect, test } from 'vitest';
import { countingProxy } from './counting-proxy.js';
import { type Door, newDoor } from './door.js';
import { eventually, type GateBench, send } from './gate-bench.js';
import type { StartedApp, SuiteCall, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';

const amount = ({ headers }: SuiteRequest): number => Number(headers['x-amount'] ?? 1);

/** What `idempotent: true` promises, in every framework: one key, one charge, in whatever process. */
export function idempotencyCases(bench: () => GateBench): void {
  const doors = new Map<string, Door>();

  const answer = async ({ admission, headers }: SuiteCall): Promise<SuiteReply> => {
    await doors.get(String(headers['x-door']))?.pass();
    if (headers['x-measured'] !== undefined) admission.measure(Number(headers['x-measured']));
    return { status: Number(headers['x-status'] ?? 200), body: admission.entitlements };
  };
  const route = (path: string, entitlement: SuiteRoute['entitlement']): SuiteRoute => ({
    method: 'POST',
    path,
    entitlement,
    handler: answer,
  });
  const reports = { feature: 'feature-reports', usage: amount, idempotent: true } as const;
  const routes = [
    route('/orders', reports),
    route('/other-orders', reports),
    route('/orders/:id', reports),
    route('/calls', { feature: 'feature-calls', usage: 1, idempotent: true }),
    route('/either', {
      any: [
        { feature: 'feature-reports', usage: amount, idempotent: true },
        { feature: 'feature-calls', usage: 1, idempotent: true },
      ],
    }),
    route('/chat', [
      { feature: 'feature-chat', usage: 1, idempotent: true },
      { currency: 'credits-ai', usage: amount, idempotent: true },
    ]),
  ];

  describe('with idempotent: true', () => {
    let here: StartedApp;
    let elsewhere: StartedApp;
    beforeAll(async () => {
      here = await bench().start(routes);
      // Another process: a client of its own, which knows nothing of the first.
      elsewhere = await bench().start(routes, { client: bench().newClient({ transport: bench().stack.transport }) });
    });

    const order = (customer: string, key: string | undefined, headers: Record<string, string> = {}, to = here) =>
      post(customer, '/orders', key, headers, to);
    const post = (
      customer: string,
      path: string,
      key: string | undefined,
      headers: Record<string, string> = {},
      to = here,
    ) => send(to, 'POST', path, { 'x-customer': customer, ...(key && { 'idempotency-key': key }), ...headers });
    const used = (customer: string, feature = 'feature-reports') => bench().usageOf(customer, feature);
    const held = async (customer: string) => (await bench().partOf(customer, 'feature-reports'))?.held;
    /** Once the engine has the end of everything that was sent. */
    const settled = async (customer: string) => {
      await eventually(() => held(customer)).toBe(0n);
      return used(customer);
    };

    test('a request that comes again is let in every time and charged once, past the limit and elsewhere [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      // 3 are all there is.
      expect((await order(customer, 'a', { 'x-amount': '3' })).status).toBe(200);
      expect(await settled(customer)).toBe(3);
      for (const app of [here, elsewhere]) {
        const again = await order(customer, 'a', { 'x-amount': '3' }, app);
        expect(again.status).toBe(200);
        expect(again.body).toMatchObject({ 'feature-reports': { currentUsage: 3, usageLimit: 3, remaining: 0 } });
      }
      expect((await order(customer, 'b')).status).toBe(429);
      expect(await settled(customer)).toBe(3);
    });

    test('while it runs, the same one is a 409, here and elsewhere [settle.8] [http.6]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const door = newDoor();
      doors.set(customer, door);
      const first = order(customer, 'a', { 'x-door': customer });
      await door.reached;
      for (const app of [here, elsewhere]) {
        const { status, headers, body } = await order(customer, 'a', {}, app);
        expect(status).toBe(409);
        expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(body).toMatchObject({
          type: 'urn:tollgate:problem:idempotency-key-in-use',
          code: 'idempotency-key-in-use',
          instance: '/orders',
          retryable: true,
        });
        expect(body).not.toHaveProperty('reason');
      }
      door.open();
      expect((await first).status).toBe(200);
      expect(await settled(customer)).toBe(1);
      expect((await order(customer, 'a', {}, elsewhere)).status).toBe(200);
      expect(await settled(customer)).toBe(1);
    });

    test('of many at the same moment one runs at a time, and one is charged [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => order(customer, 'a', {}, index % 2 ? here : elsewhere)),
      );
      const statuses = new Set(answers.map(({ status }) => status));
      expect(statuses).toContain(200);
      statuses.delete(200);
      statuses.delete(409);
      expect([...statuses]).toEqual([]);
      expect(await settled(customer)).toBe(1);
    });

    test('one that failed holds anew, and its success is charged once [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await order(customer, 'a', { 'x-status': '503' })).status).toBe(503);
      await eventually(async () => (await order(customer, 'a', { 'x-status': '500' }, elsewhere)).status).toBe(500);
      expect(await settled(customer)).toBe(0);
      await eventually(async () => (await order(customer, 'a')).status).toBe(200);
      expect((await order(customer, 'a')).status).toBe(200);
      expect(await settled(customer)).toBe(1);
    });

    test('another path or fingerprint under the same key is a 422, charged nothing [settle.8] [http.6]', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await post(customer, '/orders/1', 'a')).status).toBe(200);
      const { status, body } = await post(customer, '/orders/2?again=1', 'a', {}, elsewhere);
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'idempotency-key-reused', instance: '/orders/2', retryable: false });
      // The query is no part of it.
      expect((await post(customer, '/orders/1?again=1', 'a')).status).toBe(200);
      expect(await settled(customer)).toBe(1);

      const fingerprint = ({ headers }: SuiteRequest) => String(headers['x-body']);
      const strict = await bench().start(routes, { fingerprint });
      expect((await order(customer, 'b', { 'x-body': 'one' }, strict)).status).toBe(200);
      expect((await order(customer, 'b', { 'x-body': 'two' }, strict)).status).toBe(422);
      expect((await order(customer, 'b', { 'x-body': 'one' }, strict)).status).toBe(200);
      expect(await settled(customer)).toBe(2);
    });

    test('a fingerprint function that throws or answers no text is a 500 of its own', async () => {
      const customer = await bench().newCustomer('plan-free');
      for (const fingerprint of [() => Promise.reject(new Error('no body')), () => 1 as never]) {
        const wrong = await bench().start(routes, { fingerprint });
        const { status, body } = await order(customer, 'a', {}, wrong);
        expect([status, body.code]).toEqual([500, 'requirement-misconfigured']);
        // Nobody is asked where there is no key.
        expect((await order(customer, undefined, {}, wrong)).status).toBe(200);
      }
      expect(await settled(customer)).toBe(2);
    });

    test('a key is not shared with another customer, route or feature [settle.8]', async () => {
      const [one, other] = [await bench().newCustomer('plan-free'), await bench().newCustomer('plan-free')];
      const projects = { feature: 'feature-projects', usage: 1, idempotent: true } as const;
      const changed = await bench().start([route('/orders', projects)]);
      for (const customer of [one, other]) {
        for (const path of ['/orders', '/other-orders']) expect((await post(customer, path, 'a')).status).toBe(200);
        expect((await order(customer, 'a', {}, changed)).status).toBe(200);
      }
      for (const customer of [one, other]) {
        expect(await settled(customer)).toBe(2);
        await eventually(() => used(customer, 'feature-projects')).toBe(1);
      }
    });

    test('without a key every request is charged', async () => {
      const customer = await bench().newCustomer('plan-free');
      for (let count = 0; count < 2; count += 1) expect((await order(customer, undefined)).status).toBe(200);
      await eventually(() => used(customer)).toBe(2);
    });

    test('keys of any length are told apart by all of it [settle.11]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const long = 'k'.repeat(4_000);
      for (const key of [`${long}1`, `${long}2`, `${long}1`]) expect((await order(customer, key)).status).toBe(200);
      expect(await settled(customer)).toBe(2);
    });

    test('what was measured counts, also when it was nothing: again is charged no more [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      expect((await order(customer, 'a', { 'x-amount': '3', 'x-measured': '0' })).status).toBe(200);
      expect(await settled(customer)).toBe(0);
      expect((await order(customer, 'a', { 'x-amount': '3' }, elsewhere)).status).toBe(200);
      expect((await order(customer, 'a', { 'x-measured': '2' })).status).toBe(200);
      expect(await settled(customer)).toBe(0);
    });

    test('several requirements are one request, and a soft limit is told apart as well [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-credits');
      // 1 unit at 2 credits, and 4 credits: 6 of 10.
      for (const app of [here, elsewhere, here]) {
        expect((await post(customer, '/chat', 'a', { 'x-amount': '4' }, app)).status).toBe(200);
        const balance = async () =>
          (await bench().client.getCreditEntitlement({ customerId: customer, currencyId: 'credits-ai' }))
            .currentBalance;
        await eventually(balance).toBe(4);
      }
      const soft = await bench().newCustomer('plan-free');
      for (const app of [here, elsewhere, here]) expect((await post(soft, '/calls', 'a', {}, app)).status).toBe(200);
      await eventually(() => used(soft, 'feature-calls')).toBe(1);
    });

    test('of alternatives the one that was charged stays the one, whatever has room by then [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const door = newDoor();
      doors.set(customer, door);
      const full = order(customer, undefined, { 'x-amount': '3', 'x-door': customer, 'x-status': '500' });
      await door.reached;
      expect((await post(customer, '/either', 'a')).status).toBe(200);
      await eventually(() => used(customer, 'feature-calls')).toBe(1);
      door.open();
      await full;
      expect(await settled(customer)).toBe(0);
      expect((await post(customer, '/either', 'a', {}, elsewhere)).status).toBe(200);
      expect(await settled(customer)).toBe(0);
      expect((await post(customer, '/either', 'b')).status).toBe(200);
      expect(await settled(customer)).toBe(1);
    });

    test('a hold whose answer was lost is let go, and the next try is charged once [settle.8]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const server = await bench().stack.listen({ port: 0 });
      const proxy = await countingProxy(server.url);
      const client = bench().newClient({ apiKey: await bench().stack.createApiKey(), baseUri: proxy.url });
      const app = await bench().start(routes, { client, deadlineMs: 2_000 });
      proxy.loseAnswers(({ operations }) => operations?.[0]?.reserve !== undefined);
      const lost = await order(customer, 'a', {}, app);
      expect([lost.status, lost.body.code]).toEqual([503, 'state-unavailable']);
      proxy.loseAnswers(() => false);
      await eventually(async () => (await order(customer, 'a', {}, elsewhere)).status).toBe(200);
      expect(await settled(customer)).toBe(1);
      await server.close();
      await proxy.close();
    });
  });
}
