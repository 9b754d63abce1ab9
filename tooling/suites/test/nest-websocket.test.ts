import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable, Module, type Type, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets';
import {
  Admission,
  Customer,
  RequireEntitlement,
  SkipEntitlement,
  TollgateModule,
  type TollgateModuleOptions,
} from '@tollgate/nestjs';
import { concat, map, NEVER, of } from 'rxjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';
import { until } from '../src/until.js';

interface Connection extends WebSocket {
  customerId?: string | undefined;
}

const customer = (context: ExecutionContext) => context.switchToWs().getClient<Connection>().customerId;
const weightIn = (context: ExecutionContext) => context.switchToWs().getData<{ weight?: number }>().weight;

const asked: string[] = [];
let handled = 0;

/** What a test does while a customer is looked up. */
let whileAsked: (() => Promise<void>) | undefined;

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    throw new WsException('not today');
  }
}

/** Says who is connected, from the request that opened the connection. */
class Connected implements OnGatewayConnection {
  handleConnection(client: Connection, request: IncomingMessage) {
    client.customerId = request.headers['x-customer'] as string | undefined;
    // Nest 11 only emits exceptions on its own end of a native WebSocket; Nest 12 sends them.
    client.on('exception', (data) => client.send(JSON.stringify({ event: 'exception', data })));
  }
}

@WebSocketGateway()
class ReportsGateway extends Connected {
  @SubscribeMessage('write')
  @RequireEntitlement('feature-reports', { usage: 1 })
  async write(@MessageBody() { weight }: { weight: number }, @Admission() admission: Admission) {
    await Promise.resolve();
    admission.measure(weight);
    return { event: 'written', data: Object.keys(admission.entitlements) };
  }

  @SubscribeMessage('sized')
  @RequireEntitlement('feature-reports', { usage: (context) => weightIn(context) ?? 1 })
  sized(@Customer() payer: Customer) {
    return { event: 'sized', data: payer };
  }

  @SubscribeMessage('fail')
  @RequireEntitlement('feature-reports', { usage: 7 })
  fail() {
    throw new WsException('broken');
  }

  @SubscribeMessage('parts')
  @RequireEntitlement('feature-reports', { usage: 7 })
  parts(@MessageBody() { weight, isEndless }: { weight?: number; isEndless?: boolean }, @Admission() it: Admission) {
    if (weight !== undefined) it.measure(weight);
    const parts = of('one', 'two').pipe(map((data) => ({ event: 'part', data })));
    return isEndless ? concat(parts, NEVER) : parts;
  }

  @SubscribeMessage('slow')
  @RequireEntitlement('feature-reports', {
    usage: 7,
    customer: async (context) => {
      await whileAsked?.();
      return customer(context);
    },
  })
  slow() {
    handled += 1;
  }

  @SubscribeMessage('guarded')
  @UseGuards(RefusingGuard)
  @RequireEntitlement('feature-reports', {
    usage: () => {
      asked.push('amount');
      return 1;
    },
  })
  guarded() {
    return { event: 'guarded', data: true };
  }
}

@WebSocketGateway({ path: '/calls' })
@RequireEntitlement('feature-calls', { usage: 1 })
class CallsGateway extends Connected {
  @SubscribeMessage('combined')
  @RequireEntitlement('feature-reports', { usage: 2 })
  @RequireEntitlement('feature-projects', { usage: 1 })
  combined(@Admission() { entitlements }: Admission) {
    return { event: 'combined', data: Object.keys(entitlements).sort() };
  }

  @SubscribeMessage('free')
  @SkipEntitlement()
  free(@Admission() admission: Admission | undefined) {
    return { event: 'free', data: admission === undefined };
  }
}

interface Received {
  event: string;
  data: Record<string, unknown>;
}

/** One connection of a customer, and all that came over it. */
interface Line {
  socket: WebSocket;
  received: Received[];
  send(event: string, data?: object): void;
  /** Sends a message and waits for the answers to it. */
  ask(event: string, data?: object, answers?: number): Promise<Received[]>;
}

describe('messages over WebSockets', () => {
  let bench: GateBench;
  let port: number;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    bench = await openGateBench(
      nestVariant('Nest', () => new ExpressAdapter()),
      inject('postgresUrl'),
    );
    port = await start();
  });
  afterAll(async () => {
    for (const item of open.splice(0).reverse()) await item.close();
    await bench?.close();
  });

  async function start(
    options: Partial<TollgateModuleOptions> = {},
    gateways: Type[] = [ReportsGateway, CallsGateway],
  ): Promise<number> {
    @Module({
      imports: [
        TollgateModule.forRoot({
          client: bench.client,
          customer,
          upgradeUrl: 'https://example.com/upgrade',
          ...options,
        }),
      ],
      providers: gateways,
    })
    class AppModule {}
    const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, abortOnError: false });
    open.push(app);
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    return app.getHttpServer().address().port;
  }

  async function connect(customerId: string | undefined, path = '', at = port): Promise<Line> {
    const headers = customerId === undefined ? {} : { 'x-customer': customerId };
    const socket = new WebSocket(`ws://127.0.0.1:${at}${path}`, { headers });
    const received: Received[] = [];
    socket.on('message', (data) => received.push(JSON.parse(String(data))));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    open.push({ close: () => socket.terminate() });
    const send = (event: string, data: object = {}): void => socket.send(JSON.stringify({ event, data }));
    return {
      socket,
      received,
      send,
      async ask(event, data, answers = 1) {
        const before = received.length;
        send(event, data);
        await until(
          () => received.length,
          (count) => count >= before + answers,
        );
        return received.slice(before);
      },
    };
  }

  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');
  const heldOf = async (customerId: string) => (await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n;

  it('charges each message by what its own handler measured, ten on one connection at once [nest.6d]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId);
    for (let weight = 1; weight <= 10; weight += 1) line.send('write', { weight });
    await until(
      () => line.received.length,
      (count) => count === 10,
    );
    expect(line.received).toEqual(Array(10).fill({ event: 'written', data: ['feature-reports'] }));
    // 1 + 2 + … + 10
    await eventually(() => reportsOf(customerId)).toBe(55);
  });

  it('admits a message for itself while another of its kind is on its way over the same connection [nest.6d]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId);
    handled = 0;
    whileAsked = async () => {
      whileAsked = undefined;
      line.send('slow');
      await until(
        () => handled,
        (count) => count === 1,
      );
    };
    line.send('slow');
    await eventually(() => reportsOf(customerId)).toBe(14);
    expect(handled).toBe(2);
  });

  it('works the amount out from the message, and hands over who pays [nest.6d]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId);
    expect(await line.ask('sized', { weight: 4 })).toEqual([
      { event: 'sized', data: { customerId, resourceId: null } },
    ]);
    await eventually(() => reportsOf(customerId)).toBe(4);
  });

  it('lets exactly as many parallel messages through as fit, and answers the others with the problem [nest.6d] [nest.7] [http.1] [http.5]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const line = await connect(customerId);
    for (let count = 0; count < 6; count += 1) line.send('write', { weight: 1 });
    await until(
      () => line.received.length,
      (count) => count === 6,
    );
    const denied = line.received.filter(({ event }) => event === 'exception');
    expect(denied).toHaveLength(3);
    expect(denied[0]?.data).toMatchObject({
      message: 'Reports: 3 of 3 are used, and this request needs 1.',
      code: 'quota-exceeded',
      status: 429,
      instance: 'write',
      featureId: 'feature-reports',
      limit: 3,
      resetAt: '2026-02-01T00:00:00.000Z',
      availableIn: [{ id: 'plan-locked' }, { id: 'plan-pro' }, { id: 'plan-team' }],
      upgradeUrl: 'https://example.com/upgrade',
    });
    await eventually(() => reportsOf(customerId)).toBe(3);
  });

  it('lets go what a handler failed over, and charges a stream that completes with what was measured [settle.7]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId);
    expect((await line.ask('fail'))[0]).toMatchObject({ event: 'exception', data: { message: 'broken' } });
    expect(await line.ask('parts', { weight: 2 }, 2)).toEqual([
      { event: 'part', data: 'one' },
      { event: 'part', data: 'two' },
    ]);
    await eventually(() => reportsOf(customerId)).toBe(2);
    await eventually(() => heldOf(customerId)).toBe(0n);
  });

  it.each([
    { what: 'what was measured', weight: 3, charged: 3 },
    { what: 'nothing without a measurement', weight: undefined, charged: 0 },
  ])('charges $what when the client leaves in mid-stream [nest.6d] [settle.7]', async ({ weight, charged }) => {
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId);
    await line.ask('parts', { isEndless: true, ...(weight && { weight }) }, 2);
    expect(await heldOf(customerId)).toBe(7_000_000n);
    line.socket.terminate();
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(await reportsOf(customerId)).toBe(charged);
  });

  it('runs no handler and charges nothing for a client that leaves while it is being admitted, whatever onAbort says [nest.6d]', async () => {
    const at = await start({ onAbort: 'commit' }, [ReportsGateway]);
    const customerId = await bench.newCustomer('plan-pro');
    const line = await connect(customerId, '', at);
    handled = 0;
    let isOver = false;
    whileAsked = async () => {
      line.socket.terminate();
      await until(
        () => line.socket.readyState,
        (state) => state === WebSocket.CLOSED,
      );
      // The server's end has noticed too, once a later connection has been served.
      await (await connect(customerId, '', at)).ask('write', { weight: 1 });
      isOver = true;
    };
    line.send('slow');
    await until(
      () => isOver,
      (seen) => seen,
    );
    whileAsked = undefined;
    // One customer's amounts go to the engine in order: were the 7 ever charged, 3 would not be seen.
    const later = await connect(customerId, '', at);
    for (const _ of [1, 2]) await later.ask('sized');
    await eventually(() => reportsOf(customerId)).toBe(3);
    expect(await heldOf(customerId)).toBe(0n);
    expect(handled).toBe(0);
  });

  it('puts together what class and method require, stacked decorators included, and decides once [nest.3]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const features = ['feature-calls', 'feature-projects', 'feature-reports'];
    const line = await connect(customerId, '/calls');
    expect(await line.ask('combined')).toEqual([{ event: 'combined', data: features }]);
    await eventually(() => Promise.all(features.map((name) => bench.usageOf(customerId, name)))).toEqual([1, 1, 2]);
  });

  it('asks nothing of a skipped handler [nest.3]', async () => {
    expect(await (await connect(undefined, '/calls')).ask('free')).toEqual([{ event: 'free', data: true }]);
  });

  it('decides after every guard: one that refuses keeps the gate from being asked [nest.2]', async () => {
    const line = await connect('nobody');
    expect((await line.ask('guarded'))[0]).toMatchObject({ event: 'exception', data: { message: 'not today' } });
    expect(asked).toEqual([]);
  });

  it('refuses a message of nobody with an error of its own [nest.5]', async () => {
    const [answer] = await (await connect(undefined)).ask('sized');
    expect(answer).toMatchObject({ event: 'exception', data: { code: 'customer-missing', status: 401 } });
  });

  it('throws what the exception factory makes of the whole decision, and a customer function’s own answer [nest.7]', async () => {
    const at = await start(
      {
        customer: (context) => {
          const customerId = customer(context);
          if (customerId === undefined) throw new WsException('who are you?');
          return customerId;
        },
        exceptionFactory: ({ reason, customerId }) => new WsException({ own: `${customerId}: ${reason}` }),
      },
      [ReportsGateway],
    );
    const customerId = await bench.newCustomer();
    const [denied] = await (await connect(customerId, '', at)).ask('sized');
    expect(denied).toEqual({ event: 'exception', data: { own: `${customerId}: NoActiveSubscription` } });
    const [nobody] = await (await connect(undefined, '', at)).ask('sized');
    expect(nobody).toMatchObject({ event: 'exception', data: { message: 'who are you?' } });
  });
});
