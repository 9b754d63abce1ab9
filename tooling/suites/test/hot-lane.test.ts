import { setImmediate } from 'node:timers/promises';
import { Tollgate } from '@tollgate/client';
import { amountToNumber } from '@tollgate/contract';
import { createStack, type Stack, testClock } from '@tollgate/server/embedded';
import { type Fresh, freshPostgres } from '@tollgate/services';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type CountingProxy, countingProxy } from '../src/counting-proxy.js';
import { gateCatalog } from '../src/gate-catalog.js';
import { until } from '../src/until.js';

const now = Date.UTC(2026, 0, 15, 12);
const hundred = Array.from({ length: 100 }, (_, index) => index);

/** A server on Postgres, and a client whose requests are counted on their way. */
describe('operations that travel together', () => {
  let database: Fresh;
  let stack: Stack;
  let proxy: CountingProxy;
  let client: Tollgate;
  let apiKey: string;
  let customers: string[];

  const newClient = (timeout = 10_000): Tollgate =>
    Tollgate.initialize({
      apiKey,
      baseUri: proxy.url,
      timeout,
      realtimeUpdatesEnabled: false,
      logConfiguration: { logLevel: 'NONE' },
    });
  const reserve = (customerId: string, reservationId?: string, of = client) =>
    of.reserve({
      customerId,
      items: [{ featureId: 'feature-reports', amount: 1 }],
      ...(reservationId && { reservationId }),
    });
  const reportsOf = async (customerId: string) => {
    const [snapshot] = await stack.environment.snapshots(customerId, [null], now);
    const { currentUsage = 0n, held = 0n } = snapshot?.usage.get('feature-reports') ?? {};
    return { currentUsage: amountToNumber(currentUsage), held: amountToNumber(held) };
  };

  beforeAll(async () => {
    database = await freshPostgres(inject('postgresUrl'));
    stack = await createStack({ database: database.url, catalog: gateCatalog, clock: testClock(now) });
    const { url } = await stack.listen({ port: 0 });
    proxy = await countingProxy(url);
    apiKey = await stack.createApiKey();
    client = newClient();
    const setUp = Tollgate.initialize({ transport: stack.transport, timeout: 60_000 });
    customers = await Promise.all(
      Array.from({ length: 25 }, async (_, index) => {
        const customerId = `customer-${index}`;
        await setUp.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-pro' } });
        return customerId;
      }),
    );
    await setUp.provisionCustomer({ customerId: 'chatting', subscriptionParams: { planId: 'plan-credits' } });
    await setUp.close();
  });
  afterAll(async () => {
    await client?.close({ deadlineMs: 100 });
    await proxy?.close();
    await stack?.close();
    await database?.drop();
  });
  beforeEach(() => {
    proxy.hotRequests.length = 0;
  });

  /** Holds the rows that every change of these customers locks first, until the returned function is called. */
  async function lock(...customerIds: string[]): Promise<() => Promise<void>> {
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from tollgate.customer_revision where customer_id = any($1) for update', [customerIds]);
    return () => holder.end();
  }

  test('100 concurrent reservations of one customer, or of 25, need at most 10 requests', async () => {
    const ofOne = await Promise.all(hundred.map(() => reserve('customer-0')));
    expect(ofOne.map(({ status }) => status)).toEqual(hundred.map(() => 'HELD'));
    expect(await reportsOf('customer-0')).toEqual({ currentUsage: 0, held: 100 });
    expect(proxy.hotRequests.length).toBeLessThanOrEqual(10);
    proxy.hotRequests.length = 0;

    const ofMany = await Promise.all(hundred.map((index) => reserve(customers[index % customers.length] as string)));
    expect(ofMany.every(({ status }) => status === 'HELD')).toBe(true);
    expect(proxy.hotRequests.length).toBeLessThanOrEqual(10);
    expect(proxy.hotRequests.every(({ length }) => length <= 100)).toBe(true);
  });

  test('a bulk of 100 reports travels together, and each has its own ack', async () => {
    // Four of each of the 25 customers, each of 1 unit: the acks count 1 to 4.
    const usages = hundred.map((index) => ({
      customerId: customers[index % 25] as string,
      featureId: 'feature-projects',
      value: 1,
    }));
    const acks = await client.reportUsageBulk({ usages });
    expect(acks.map(({ currentUsage }) => currentUsage)).toEqual(hundred.map((index) => 1 + Math.floor(index / 25)));
    expect(proxy.hotRequests.length).toBeLessThanOrEqual(10);
  });

  test('a poisoned one fails alone', async () => {
    await reserve('customer-2', 'taken');
    const before = await reportsOf('customer-2');
    const items = [{ featureId: 'feature-reports', amount: 2 }];
    const failed = expect(
      client.reserve({ customerId: 'customer-2', reservationId: 'taken', items }),
    ).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      details: { reservationId: 'taken' },
    });
    const others = await Promise.all([reserve('customer-2'), reserve('customer-3'), reserve('customer-2')]);
    expect(others.map(({ status }) => status)).toEqual(['HELD', 'HELD', 'HELD']);
    await failed;
    expect((await reportsOf('customer-2')).held).toBe(before.held + 2);
  });

  test('one that the server cannot even read makes each of its request go alone, once', async () => {
    // What no client of ours sends: the engine's reader of instants refuses the whole request.
    const unreadable = client.reportUsage({
      customerId: 'customer-4',
      featureId: 'feature-calls',
      value: 1,
      // Passes as a Date, and travels as an instant that no calendar of the wire has.
      createdAt: new Date(8_640_000_000_000_000),
    });
    const failed = expect(unreadable).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const reports = await Promise.all(
      ['customer-4', 'customer-5'].map((customerId) =>
        client.reportUsage({ customerId, featureId: 'feature-calls', value: 1 }),
      ),
    );
    expect(reports.map(({ currentUsage }) => currentUsage)).toEqual([1, 1]);
    await failed;
  });

  test('a locked customer delays no other, and its own later operations wait behind it', async () => {
    const before = await reportsOf('customer-6');
    // More of them than requests that may be under way.
    const locked = ['customer-11', 'customer-12', 'customer-13', 'customer-14', 'customer-15'];
    const unlock = await lock('customer-6', ...locked);
    const alsoLocked: Promise<{ status: string }>[] = [];
    for (const customerId of locked) {
      alsoLocked.push(reserve(customerId));
      await setImmediate();
    }
    const order: string[] = [];
    const first = reserve('customer-6').then((answer) => {
      order.push('first');
      return answer;
    });
    const beside = await reserve('customer-7');
    expect(beside.status).toBe('HELD');
    const second = reserve('customer-6', 'second').then((answer) => {
      order.push('second');
      return answer;
    });
    for (let turn = 0; turn < 20; turn += 1) expect((await reserve('customer-8')).status).toBe('HELD');
    expect(order).toEqual([]);
    // It waits here, and takes no place in any request.
    expect(proxy.hotRequests.flat().filter(({ reserve: asked }) => asked?.reservationId === 'second')).toEqual([]);
    await unlock();
    expect([(await first).status, (await second).status]).toEqual(['HELD', 'HELD']);
    expect(order).toEqual(['first', 'second']);
    expect((await Promise.all(alsoLocked)).map(({ status }) => status)).toEqual(locked.map(() => 'HELD'));
    expect((await reportsOf('customer-6')).held).toBe(before.held + 2);
  });

  test('one that takes longer than the client waits is TIMEOUT, and by its id it is repeated without holding twice', async () => {
    const hasty = newClient(400);
    const before = await reportsOf('customer-9');
    const unlock = await lock('customer-9');
    const refused = await reserve('customer-9', undefined, hasty).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'TIMEOUT', details: { reservationId: expect.any(String) } });
    await unlock();
    const { reservationId } = (refused as { details: { reservationId: string } }).details;
    const repeated = await reserve('customer-9', reservationId);
    expect(repeated).toMatchObject({ status: 'HELD', reservationId });
    expect((await reportsOf('customer-9')).held).toBe(before.held + 1);
    await hasty.close({ deadlineMs: 100 });
  });

  test('a late answer is the answer to the call itself, not that of a repetition', async () => {
    const customerId = 'chatting';
    const unlock = await lock(customerId);
    const report = { customerId, featureId: 'feature-chat', value: 3, idempotencyKey: 'once' };
    const late = client.reportUsage(report);
    // Answered as running once, and asked for again.
    await until(
      () => proxy.hotRequests.length,
      (requests) => requests >= 2,
    );
    await unlock();
    // 3 units at 2 credits: by this call, and by its repetition nothing.
    expect((await late).credit).toMatchObject({ consumed: 6, currentUsage: 6 });
    expect((await client.reportUsage(report)).credit).toMatchObject({ consumed: 0, currentUsage: 6 });
  });
});
