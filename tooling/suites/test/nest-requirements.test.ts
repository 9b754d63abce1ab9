import 'reflect-metadata';
import { Controller, type ExecutionContext, Get, Inject, Module, type ModuleMetadata, Post } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Tollgate } from '@tollgate/client';
import type { Transport } from '@tollgate/contract';
import { Admission, InjectTollgate, RequireEntitlement, TollgateModule } from '@tollgate/nestjs';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';

const headerOf = (name: string) => (context: ExecutionContext) =>
  context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers[name];

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

async function start(metadata: ModuleMetadata, adapter: AbstractHttpAdapter = new ExpressAdapter()) {
  class AppModule {}
  Module(metadata)(AppModule);
  const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return (method: string, path: string, headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
}

/** A client that counts how often it asks the engine. */
async function countingClient() {
  const { transport } = bench.stack;
  let asked = 0;
  const counting: Transport = {
    execute(...call) {
      asked += 1;
      return transport.execute(...call);
    },
    subscribe: (...call) => transport.subscribe(...call),
  };
  const client = bench.newClient({ transport: counting });
  await client.waitForInitialization();
  return { client, asked: () => asked };
}

it('decides several requirements together, in one round trip at most, and holds all of them or none [nest.4]', async () => {
  const { client, asked } = await countingClient();
  @Controller()
  @RequireEntitlement('feature-calls', { usage: 1 })
  class Reports {
    @Get('warm')
    @RequireEntitlement('feature-export', { values: 'pdf' })
    warm() {
      return { asked: asked() };
    }

    @Post('held')
    @RequireEntitlement('feature-reports', { usage: 2 })
    @RequireEntitlement('feature-projects', { usage: 1 })
    @RequireEntitlement('feature-export', { values: 'pdf' })
    held() {
      return { asked: asked() };
    }
  }
  const imports = [TollgateModule.forRoot({ client, customer: headerOf('x-customer') })];
  const send = await start({ imports, controllers: [Reports] });
  const customerId = await bench.newCustomer('plan-free');
  await client.reloadEntitlements(customerId);
  /** What the engine is asked while a request is on its way to its handler. */
  const askedFor = async (method: string, path: string) => {
    await eventually(() => client.outboxCounts().waiting).toBe(0);
    const before = asked();
    const response = await send(method, path, { 'x-customer': customerId });
    return [response.status, ((await response.json()) as { asked?: number }).asked ?? asked(), before] as const;
  };
  const [warmStatus, warmAfter, warmBefore] = await askedFor('GET', '/warm');
  expect([warmStatus, warmAfter - warmBefore]).toEqual([200, 0]);
  const [heldStatus, heldAfter, heldBefore] = await askedFor('POST', '/held');
  expect([heldStatus, heldAfter - heldBefore]).toEqual([201, 1]);

  // Of 3 reports one is left, of 2 projects too: what does not fit keeps all of it from being held.
  expect((await askedFor('POST', '/held'))[0]).toBe(429);
  const partOf = async (featureId: string) => {
    const part = await bench.partOf(customerId, featureId);
    return [Number(part?.currentUsage ?? 0n) / 1e6, part?.held];
  };
  await eventually(() => partOf('feature-calls')).toEqual([2, 0n]);
  expect(await partOf('feature-reports')).toEqual([2, 0n]);
  expect(await partOf('feature-projects')).toEqual([1, 0n]);
});

it('asks each function of the application once per request, and charges by what the request says [nest.9]', async () => {
  const calls: string[] = [];
  const customer = async (context: ExecutionContext) => {
    calls.push('customer');
    return headerOf('x-customer')(context);
  };
  const pages = async (context: ExecutionContext) => {
    calls.push('pages');
    return Number(headerOf('x-pages')(context));
  };
  @Controller()
  @RequireEntitlement('feature-calls', { usage: pages, customer })
  class Reports {
    @Post('reports')
    @RequireEntitlement('feature-reports', { usage: pages, customer })
    @RequireEntitlement('feature-upload', { atMost: pages })
    create(@Admission() admission: Admission) {
      return { customerId: admission.customerId };
    }
  }
  const send = await start({
    imports: [TollgateModule.forRoot({ client: bench.client, customer })],
    controllers: [Reports],
  });
  const customers = [await bench.newCustomer('plan-pro'), await bench.newCustomer('plan-pro')];
  const answers = await Promise.all(
    customers.map(async (id, index) => {
      const response = await send('POST', '/reports', { 'x-customer': id, 'x-pages': String(index + 4) });
      return response.json();
    }),
  );
  expect(answers).toEqual(customers.map((customerId) => ({ customerId })));
  expect(calls.toSorted()).toEqual(['customer', 'customer', 'pages', 'pages']);
  for (const [index, id] of customers.entries()) {
    await eventually(() => bench.usageOf(id, 'feature-reports')).toBe(index + 4);
    await eventually(() => bench.usageOf(id, 'feature-calls')).toBe(index + 4);
  }
});

it('lets instances with names decide for their own customers, in the modules that import them [nest.1]', async () => {
  const eu = await openGateBench(
    nestVariant('Nest', () => new ExpressAdapter()),
    inject('postgresUrl'),
  );
  @Controller()
  class Main {
    @Get('main')
    @RequireEntitlement('feature-sso')
    act(@Admission() admission: Admission) {
      return { customerId: admission.customerId };
    }
  }
  @Controller('eu')
  @RequireEntitlement('feature-sso', { instance: 'eu' })
  class Eu {
    constructor(
      @InjectTollgate('eu') private readonly tollgate: Tollgate,
      @Inject(Tollgate) private readonly main: Tollgate,
    ) {}
    @Get()
    @RequireEntitlement('feature-calls', { usage: 1, instance: 'eu' })
    act(@Admission() admission: Admission) {
      return { customerId: admission.customerId, clients: [this.tollgate === eu.client, this.main === bench.client] };
    }
  }
  const ofEu = TollgateModule.forRootAsync({
    name: 'eu',
    isGlobal: false,
    useFactory: async () => ({ client: eu.client, customer: headerOf('x-eu-customer') }),
  });
  @Module({ imports: [ofEu], controllers: [Eu] })
  class EuModule {}
  try {
    const main = TollgateModule.forRoot({ client: bench.client, customer: headerOf('x-customer') });
    const send = await start({ imports: [main, EuModule], controllers: [Main] });
    const headers = { 'x-customer': await bench.newCustomer('plan-pro'), 'x-eu-customer': await eu.newCustomer() };
    expect(await (await send('GET', '/main', headers)).json()).toEqual({ customerId: headers['x-customer'] });
    expect((await send('GET', '/eu', headers)).status).toBe(402);
    headers['x-eu-customer'] = await eu.newCustomer('plan-pro');
    const inMain = await bench.usageOf(headers['x-eu-customer'], 'feature-calls');
    const answer = await (await send('GET', '/eu', headers)).json();
    expect(answer).toEqual({ customerId: headers['x-eu-customer'], clients: [true, true] });
    await eventually(() => eu.usageOf(headers['x-eu-customer'], 'feature-calls')).toBe(1);
    // The benches count their customers alike, so there is one of that name in each.
    expect(await bench.usageOf(headers['x-eu-customer'], 'feature-calls')).toBe(inMain);
  } finally {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await eu.close();
  }
});

it.each([
  { platform: 'Express', adapterOf: (): AbstractHttpAdapter => new ExpressAdapter() },
  { platform: 'Fastify', adapterOf: (): AbstractHttpAdapter => new FastifyAdapter() },
])('sets every header through the adapter of Nest, on $platform [nest.6f]', async ({ adapterOf }) => {
  const set: string[] = [];
  const adapter = adapterOf();
  const setHeader = adapter.setHeader.bind(adapter);
  adapter.setHeader = (response, name, value) => {
    set.push(name.toLowerCase());
    return setHeader(response, name, value);
  };
  @Controller()
  class Reports {
    @Post('reports')
    @RequireEntitlement('feature-reports', { usage: 3 })
    create() {
      return {};
    }
  }
  const imports = [TollgateModule.forRoot({ client: bench.client, customer: headerOf('x-customer') })];
  const send = await start({ imports, controllers: [Reports] }, adapter);
  const headers = { 'x-customer': await bench.newCustomer('plan-free'), origin: 'https://page.example' };
  expect((await send('POST', '/reports', headers)).status).toBe(201);
  const quota = ['ratelimit', 'ratelimit-policy', 'access-control-expose-headers'];
  expect(set).toEqual(expect.arrayContaining(quota));
  set.length = 0;
  const denied = await send('POST', '/reports', headers);
  expect(denied.status).toBe(429);
  expect(set).toEqual(expect.arrayContaining([...quota, 'cache-control', 'content-type']));
  expect(denied.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});
