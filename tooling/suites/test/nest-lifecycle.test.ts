import 'reflect-metadata';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Module,
  type ModuleMetadata,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { Tollgate } from '@tollgate/client';
import { Customer, getTollgateToken, RequireEntitlement, TollgateModule } from '@tollgate/nestjs';
import { TollgateHealthIndicator } from '@tollgate/nestjs/terminus';
import { TollgateTestingModule } from '@tollgate/nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';
import { until } from '../src/until.js';

type Headers = Record<string, string | undefined>;
const customer = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<{ headers: Headers }>().headers['x-customer'];

let bench: GateBench;
const apps: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  bench = await openGateBench(
    nestVariant('Nest', () => new ExpressAdapter()),
    inject('postgresUrl'),
  );
});
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));
afterAll(() => bench?.close());

async function start(metadata: ModuleMetadata) {
  class AppModule {}
  Module(metadata)(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, port, url: `http://127.0.0.1:${port}` };
}

/** A client whose server has gone after its start. */
async function lostClient(): Promise<Tollgate> {
  const server = await bench.stack.listen({ port: 0 });
  const client = bench.newClient({ apiKey: await bench.stack.createApiKey(), baseUri: server.url });
  await client.waitForInitialization();
  await server.close();
  await until(
    () => client.status().state,
    (state) => state === 'stale',
  );
  return client;
}

describe('when the application ends', () => {
  @Controller()
  class Reports {
    @Post('held')
    @RequireEntitlement('feature-reports', { usage: 1, mode: 'reserve' })
    held() {
      return {};
    }

    @Post('metered')
    @RequireEntitlement('feature-reports', { usage: 2, mode: 'meter' })
    metered() {
      return {};
    }
  }

  /** A request whose last line comes when the test says so: its connection is no idle one that a server closes. */
  function begin(port: number, path: string, customerId: string) {
    const socket = connect(port, '127.0.0.1');
    const lines = [`POST ${path} HTTP/1.1`, 'host: here', 'connection: close', `x-customer: ${customerId}`];
    socket.write(`${lines.join('\r\n')}\r\n`);
    return {
      finish: () => {
        socket.write('\r\n');
        return text(socket);
      },
    };
  }

  it('nothing is held any more, what is metered still is, and all of it is with the engine in the end [nest.10]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const imports = [TollgateModule.forRoot({ client: bench.client, customer })];
    const { app, port, url } = await start({ imports, controllers: [Reports] });
    const headers = { 'x-customer': customerId };
    expect((await fetch(`${url}/held`, { method: 'POST', headers })).status).toBe(201);
    const server = app.getHttpServer() as Server;
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    const calls = [begin(port, '/held', customerId), begin(port, '/metered', customerId)] as const;
    await until(
      () => sockets.filter(({ bytesRead }) => bytesRead > 0).length,
      (heard) => heard === calls.length,
    );
    const closing = app.close();
    await until(
      () => server.listening,
      (isListening) => !isListening,
    );
    const [held, metered] = await Promise.all(calls.map((call) => call.finish()));
    await closing;
    expect(held).toMatch(/^HTTP\/1.1 503 .*retry-after: \d+.*"code":"state-unavailable"/is);
    expect(metered).toMatch(/^HTTP\/1.1 201 /);
    // Nothing is waited for: 1 that was held and 2 that were metered.
    expect(await bench.usageOf(customerId, 'feature-reports')).toBe(3);
    expect(bench.client.status()).toMatchObject({ state: 'fresh', waiting: 0 });
  });

  it('a client that cannot send is waited for no longer than the deadline, and stays open [nest.10]', async () => {
    const client = await lostClient();
    const imports = [TollgateModule.forRoot({ client, customer, shutdownDeadlineMs: 1 })];
    const { app } = await start({ imports });
    await client.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'k' });
    await app.close();
    expect(client.outboxCounts()).toEqual({ waiting: 1, deadLetters: 0 });
    await client.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'l' });
  });
});

describe('the health indicator', () => {
  @Controller()
  class Health {
    constructor(
      @Inject(HealthCheckService) private readonly health: HealthCheckService,
      @Inject(TollgateHealthIndicator) private readonly tollgate: TollgateHealthIndicator,
    ) {}

    @Get('health')
    async check(
      @Query() query: Record<string, string>,
      @Res({ passthrough: true }) response: { status(code: number): void },
    ) {
      const options = {
        ...(query.instance && { instance: query.instance }),
        ...(query.waitingMax && { waitingMax: Number(query.waitingMax) }),
        isStaleDown: query.isStaleDown === 'true',
      };
      try {
        return (await this.health.check([() => this.tollgate.isHealthy('tollgate', options)])).details;
      } catch (error) {
        response.status(503);
        return (error as { getResponse(): { details: object } }).getResponse().details;
      }
    }
  }

  it('tells of fresh, stale and fallback, and of what waits [nest.10]', async () => {
    const lost = await lostClient();
    await lost.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'k' });
    const imports = [
      TerminusModule.forRoot({ logger: false }),
      TollgateModule.forRoot({ client: bench.client, customer }),
      TollgateModule.forRoot({ client: lost, customer, name: 'lost', shutdownDeadlineMs: 1 }),
      TollgateModule.forRoot({ client: { offline: true }, customer, name: 'offline' }),
    ];
    const { url } = await start({ imports, controllers: [Health], providers: [TollgateHealthIndicator] });
    const check = async (query: string) => {
      const response = await fetch(`${url}/health?${query}`);
      return [response.status, ((await response.json()) as { tollgate: object }).tollgate];
    };
    expect(await check('')).toEqual([200, { status: 'up', state: 'fresh', waiting: 0, deadLetters: 0 }]);
    // Terminus 11 has no word for it.
    const impaired = { status: expect.stringMatching(/^(degraded|up)$/), state: 'stale', waiting: 1, deadLetters: 0 };
    expect(await check('instance=lost')).toEqual([200, impaired]);
    expect(await check('instance=lost&isStaleDown=true')).toEqual([503, { ...impaired, status: 'down' }]);
    expect(await check('instance=lost&waitingMax=0')).toEqual([503, { ...impaired, status: 'down' }]);
    const unknown = { status: 'down', state: 'fallback', waiting: 0, deadLetters: 0 };
    expect(await check('instance=offline')).toEqual([503, unknown]);
  });
});

describe('the testing module', () => {
  @Controller()
  class Exports {
    @Get('main')
    @RequireEntitlement('feature-sso')
    main(@Customer() payer: Customer) {
      return payer;
    }

    @Get('eu')
    @RequireEntitlement('feature-sso', { instance: 'eu' })
    eu() {
      return {};
    }
  }

  // Nothing can be opened with these: that would fail, naming the address.
  const unusable = { apiKey: 'secret', baseUri: 'not an address' };
  @Module({
    imports: [
      TollgateModule.forRoot({ client: unusable, customer }),
      TollgateModule.forRootAsync({ name: 'eu', useFactory: async () => ({ client: unusable, customer }) }),
      TollgateModule.forRootAsync({ name: 'us', useFactory: async () => ({ client: unusable, customer }) }),
    ],
    controllers: [Exports],
  })
  class AppModule {}

  it('puts its clients in place of those of every instance, and opens none of them [nest.11]', async () => {
    const offline = bench.newClient({
      offline: true,
      entitlementsFallback: { 'feature-sso': { hasAccess: true } },
    });
    const testing = TollgateTestingModule.forRoot({ client: bench.client, instances: { eu: offline } });
    const module = await Test.createTestingModule({ imports: [AppModule, testing] }).compile();
    const app = module.createNestApplication({ logger: false });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    const get = (path: string, customerId: string) =>
      fetch(`http://127.0.0.1:${app.getHttpServer().address().port}${path}`, { headers: { 'x-customer': customerId } });
    const [free, pro] = [await bench.newCustomer('plan-free'), await bench.newCustomer('plan-pro')];
    expect((await get('/main', free)).status).toBe(403);
    expect(await (await get('/main', pro)).json()).toEqual({ customerId: pro, resourceId: null });
    expect((await get('/eu', free)).status).toBe(200);
    const clients = [undefined, 'eu', 'us'].map((name) => app.get(getTollgateToken(name), { strict: false }));
    expect(clients).toEqual([bench.client, offline, bench.client]);
    await app.close();
    expect(bench.client.status().state).toBe('fresh');
  });

  it('is what keeps the configured clients from being opened [nest.11]', async () => {
    await expect(Test.createTestingModule({ imports: [AppModule] }).compile()).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
  });
});
