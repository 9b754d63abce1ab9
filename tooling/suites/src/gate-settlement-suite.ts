import type { DecisionEvent } from '@tollgate/client';
import { describe, expect, test } from 'vitest';
import { type Door, newDoor } from './door.js';
import { eventually, type GateBench, send, sendAndLeave, suiteCustomer } from './gate-bench.js';
import type { StartedApp, SuiteReply, SuiteRequest, SuiteRoute } from './gate-variant.js';

/** When usage is charged, and with what, by how a request ended. `onHang` says whom the route `/hang` tells that it runs. */
export function settlementCases(
  bench: () => GateBench,
  app: () => StartedApp,
  onHang: (listener: () => void) => void,
): void {
  const report = (customer: string, headers: Record<string, string> = {}, to = app()) =>
    send(to, 'POST', '/reports', { 'x-customer': customer, ...headers });
  const reportsOf = (customer: string) => bench().usageOf(customer, 'feature-reports');
  const heldOf = async (customer: string) => (await bench().partOf(customer, 'feature-reports'))?.held;
  const amount = ({ headers }: SuiteRequest): number => Number(headers['x-amount'] ?? 1);

  describe('charges', () => {
    test.each(['200', '201', '302'])('what was declared for an answer with status %s [settle.1]', async (status) => {
      const customer = await bench().newCustomer('plan-pro');
      expect((await report(customer, { 'x-amount': '7', 'x-status': status })).status).toBe(Number(status));
      await eventually(() => reportsOf(customer)).toBe(7);
    });

    test('what the handler measured instead of what was declared, rounded half up to 6 places [settle.1]', async () => {
      const customer = await bench().newCustomer('plan-pro');
      expect((await report(customer, { 'x-amount': '5', 'x-measured': '2.0000005' })).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(2.000001);
    });

    test.each(['400', '404', '500', '503'])('nothing for an answer with status %s [settle.2]', async (status) => {
      const customer = await bench().newCustomer('plan-pro');
      expect((await report(customer, { 'x-amount': '7', 'x-status': status })).status).toBe(Number(status));
      expect((await report(customer)).status).toBe(200);
      // Reports of one customer arrive in order: had the first one been charged, 1 would never be seen.
      await eventually(() => reportsOf(customer)).toBe(1);
    });

    test('nothing when the handler throws [settle.2]', async () => {
      const customer = await bench().newCustomer('plan-pro');
      expect((await send(app(), 'POST', '/throw', { 'x-customer': customer, 'x-amount': '7' })).status).toBe(500);
      expect((await report(customer)).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(1);
    });

    test('by status what settleBy says, and where it says nothing as usual [settle.2]', async () => {
      const customer = await bench().newCustomer('plan-pro');
      const byStatus = await bench().start([
        {
          method: 'POST',
          path: '/by-status',
          entitlement: {
            feature: 'feature-reports',
            usage: 10,
            settleBy: (outcome) => {
              const statusCode = outcome.kind === 'finished' ? outcome.statusCode : 0;
              return ({ 422: 'commit', 203: 'release', 504: 0.5 } as const)[statusCode];
            },
          },
          handler: ({ headers }) => ({ status: Number(headers['x-status']) }),
        },
      ]);
      let total = 0;
      for (const [status, charged] of Object.entries({ 422: 10, 203: 0, 504: 0.5, 500: 0, 200: 10 })) {
        await send(byStatus, 'POST', '/by-status', { 'x-customer': customer, 'x-status': status });
        // What is charged by mistake cannot add up to the right sum: one more, whose order is kept.
        await report(customer);
        total += charged + 1;
        await eventually(() => reportsOf(customer)).toBe(total);
      }
    });

    test('nothing for a denial, which is told to whoever watches, once [settle.3]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const seen: DecisionEvent[] = [];
      const hooks = { onDecision: (event: DecisionEvent) => void seen.push(event) };
      const client = bench().newClient({ transport: bench().stack.transport, hooks });
      const handler: SuiteRoute['handler'] = () => ({ status: 200 });
      const entitlement = { feature: 'feature-reports', usage: amount };
      const watched = await bench().start([{ method: 'POST', path: '/reports', entitlement, handler }], { client });
      expect((await report(customer, { 'x-amount': '4' }, watched)).status).toBe(403);
      expect((await report(customer, { 'x-amount': '3' }, watched)).status).toBe(200);
      expect((await report(customer, {}, watched)).status).toBe(429);
      await eventually(() => reportsOf(customer)).toBe(3);
      expect(seen.map(({ code, requested }) => [code, requested])).toEqual([
        ['limit-reached', 4],
        [null, 3],
        ['quota-exceeded', 1],
      ]);
    });

    test('nothing when the client leaves before the handler, whatever aborts cost [settle.4]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const door = newDoor();
      const entitlement = { feature: 'feature-reports', usage: amount };
      const waiting = await bench().start(
        [
          { method: 'POST', path: '/reports', entitlement, handler: () => ({ status: 200 }) },
          { method: 'POST', path: '/slow', entitlement, handler: () => new Promise(() => {}) },
        ],
        {
          onAbort: 'commit',
          customer: async (request) => {
            if (request.headers['x-slow']) await door.pass();
            return suiteCustomer(request);
          },
        },
      );
      await sendAndLeave(waiting, '/slow', { 'x-customer': customer, 'x-slow': '1' }, door.reached);
      // By the time that later connections were served, the server knows that this one is gone.
      for (let count = 0; count < 3; count += 1) await send(waiting, 'POST', '/nowhere');
      door.open();
      await eventually(async () => (await report(customer, { 'x-amount': '3' }, waiting)).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(3);
      await eventually(() => heldOf(customer)).toBe(0n);
    });

    test('nothing when the client leaves before the answer, and makes room again [settle.5]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const reached = new Promise<void>((resolve) => onHang(resolve));
      await sendAndLeave(app(), '/hang', { 'x-customer': customer }, reached);
      await sendAndLeave(app(), '/stream', { 'x-customer': customer });
      await eventually(async () => (await report(customer, { 'x-amount': '3' })).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(3);
    });

    test('what was declared when the client leaves, where the policy says so [settle.5]', async () => {
      const customer = await bench().newCustomer('plan-free');
      const entitlement = { feature: 'feature-reports', usage: 2 };
      const handler: SuiteRoute['handler'] = ({ sendPart }) => {
        sendPart('a first part');
        return 'open';
      };
      const strict = await bench().start([{ method: 'POST', path: '/stream', entitlement, handler }], {
        onAbort: 'commit',
      });
      await sendAndLeave(strict, '/stream', { 'x-customer': customer });
      await eventually(() => reportsOf(customer)).toBe(2);
    });

    test('what was measured when the client leaves midway [settle.5]', async () => {
      const customer = await bench().newCustomer('plan-pro');
      await sendAndLeave(app(), '/stream', { 'x-customer': customer, 'x-measured': '4' });
      await eventually(() => reportsOf(customer)).toBe(4);
    });

    test.each(['HEAD', 'OPTIONS'])('never for %s, which is checked like the others [settle.9]', async (method) => {
      const customer = await bench().newCustomer('plan-free');
      const headers = { 'x-customer': customer };
      expect((await send(app(), method, '/reports', { ...headers, 'x-amount': '3' })).status).toBe(200);
      expect((await send(app(), method, '/reports', { ...headers, 'x-amount': '4' })).status).toBe(403);
      expect((await send(app(), 'GET', '/reports', headers)).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(1);
    });

    test('what is given back, without deciding on it', async () => {
      const customer = await bench().newCustomer('plan-free');
      const headers = { 'x-customer': customer };
      for (let count = 0; count < 2; count += 1) await send(app(), 'POST', '/projects', headers);
      expect((await send(app(), 'POST', '/projects', headers)).status).toBe(403);
      expect((await send(app(), 'DELETE', '/projects', headers)).status).toBe(200);
      await eventually(() => bench().usageOf(customer, 'feature-projects')).toBe(1);
      await eventually(async () => (await send(app(), 'POST', '/projects', headers)).status).toBe(200);
    });

    test('exactly 3 of 50 parallel requests against a limit of 3', async () => {
      const customer = await bench().newCustomer('plan-free');
      const answers = await Promise.all(Array.from({ length: 50 }, () => report(customer)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(47);
      await eventually(() => reportsOf(customer)).toBe(3);
    });
  });

  describe('of a streamed answer', () => {
    const doors = new Map<string, Door>();
    const events: SuiteRoute = {
      method: 'POST',
      path: '/events',
      entitlement: { feature: 'feature-reports', usage: 3 },
      async handler({ admission, sendPart }): Promise<SuiteReply> {
        sendPart('data: one\n\n');
        admission.measure(1);
        await doors.get(admission.customerId)?.pass();
        sendPart('data: two\n\n');
        admission.measure(2.5);
        return 'end';
      },
    };
    const openStream = async () => {
      const customer = await bench().newCustomer('plan-free');
      const door = newDoor();
      doors.set(customer, door);
      return { customer, door, streaming: await bench().start([events]) };
    };

    test('what was measured by its end is charged then, and no sooner [settle.1]', async () => {
      const { customer, door, streaming } = await openStream();
      const response = await fetch(`${streaming.url}/events`, { method: 'POST', headers: { 'x-customer': customer } });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
      await door.reached;
      expect([await reportsOf(customer), await heldOf(customer)]).toEqual([0, 3_000_000n]);
      door.open();
      expect(await response.text()).toBe('data: one\n\ndata: two\n\n');
      await eventually(() => reportsOf(customer)).toBe(2.5);
      expect(await heldOf(customer)).toBe(0n);
    });

    test('what was measured so far is charged when its reader leaves, whatever the handler says later [settle.5]', async () => {
      const { customer, door, streaming } = await openStream();
      await sendAndLeave(streaming, '/events', { 'x-customer': customer }, door.reached);
      await eventually(() => reportsOf(customer)).toBe(1);
      door.open();
      expect((await report(customer)).status).toBe(200);
      await eventually(() => reportsOf(customer)).toBe(2);
      expect(await heldOf(customer)).toBe(0n);
    });
  });
}
