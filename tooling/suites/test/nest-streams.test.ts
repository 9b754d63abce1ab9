import 'reflect-metadata';
import { Readable } from 'node:stream';
import {
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  type MessageEvent,
  Module,
  type ModuleMetadata,
  Post,
  Sse,
  StreamableFile,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Admission, RequireEntitlement, TollgateModule } from '@tollgate/nestjs';
import { ClsModule, ClsService } from 'nestjs-cls';
import { type Observable, ReplaySubject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';

interface Request {
  headers: Record<string, string | undefined>;
}
const customer = (context: ExecutionContext) => context.switchToHttp().getRequest<Request>().headers['x-customer'];

/** What a test waits for, and what it lets go on, one of each per test. */
let reached: PromiseWithResolvers<void>;
let goOn: PromiseWithResolvers<void>;
let events: ReplaySubject<MessageEvent>;

@Controller()
class Streams {
  @Sse('events')
  @RequireEntitlement('feature-reports', { usage: 7 })
  events(@Admission() admission: Admission): Observable<MessageEvent> {
    events.subscribe(({ data }) => admission.measure(data as string));
    reached.resolve();
    return events;
  }

  @Sse('events-after-a-while')
  @RequireEntitlement('feature-reports', { usage: 7 })
  async eventsAfterAWhile(): Promise<Observable<MessageEvent>> {
    reached.resolve();
    await goOn.promise;
    return events;
  }

  @Get('file')
  @RequireEntitlement('feature-reports', { usage: 7 })
  file(@Admission() admission: Admission) {
    async function* pieces() {
      admission.measure(4);
      yield 'a first piece';
      await goOn.promise;
      yield 'and a second';
    }
    return new StreamableFile(Readable.from(pieces()));
  }
}

@Controller()
class Cls {
  constructor(@Inject(ClsService) private readonly cls: ClsService) {}

  @Post('cls')
  @RequireEntitlement('feature-reports', { usage: 1 })
  act(@Admission() admission: Admission) {
    return { inHandler: this.cls.get('account'), admitted: admission.customerId };
  }

  @Post('cls-in-vain')
  @RequireEntitlement('feature-reports', { usage: 1 })
  wait() {
    reached.resolve();
    return goOn.promise;
  }
}

describe.each([
  { platform: 'Express', adapter: () => new ExpressAdapter() as AbstractHttpAdapter },
  { platform: 'Fastify', adapter: () => new FastifyAdapter({ forceCloseConnections: true }) as AbstractHttpAdapter },
])('responses that take their time, in Nest on $platform', ({ adapter }) => {
  let bench: GateBench;
  let url: string;
  const open: { close(): Promise<unknown> }[] = [];

  async function start(metadata: ModuleMetadata): Promise<string> {
    class AppModule {}
    Module(metadata)(AppModule);
    const options = { logger: false as const, abortOnError: false, forceCloseConnections: true };
    const app = await NestFactory.create(AppModule, adapter(), options);
    open.push(app);
    await app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${app.getHttpServer().address().port}`;
  }

  beforeAll(async () => {
    bench = await openGateBench(nestVariant('Nest', adapter), inject('postgresUrl'));
    const imports = [TollgateModule.forRoot({ client: bench.client, customer, onAbort: 'commit' })];
    url = await start({ imports, controllers: [Streams] });
  });
  afterAll(async () => {
    await Promise.all(open.map((app) => app.close()));
    await bench?.close();
  });

  /** Sends a request; `leave` goes away in the middle of the answer. */
  async function request(path: string, customerId: string) {
    reached = withResolvers();
    goOn = withResolvers();
    events = new ReplaySubject();
    const leaving = new AbortController();
    const response = fetch(url + path, { headers: { 'x-customer': customerId }, signal: leaving.signal });
    response.catch(() => {});
    const reader = async () => (await response).body?.pipeThrough(new TextDecoderStream()).getReader() as Reader;
    return { response, reader, leave: () => leaving.abort() };
  }

  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');
  const heldOf = async (customerId: string) => (await bench.partOf(customerId, 'feature-reports'))?.held;

  it('charges events when their response has ended, with what was measured by then [nest.12]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { reader } = await request('/events', customerId);
    await reached.promise;
    events.next({ data: '1' });
    const body = await reader();
    expect(await readUntil(body, 'data: 1')).toContain('data: 1');
    // The handler has long returned: were its result taken for the response, it would be charged now.
    expect([await heldOf(customerId), await reportsOf(customerId)]).toEqual([7_000_000n, 0]);
    events.next({ data: '3' });
    events.complete();
    await readUntil(body, undefined);
    await eventually(() => reportsOf(customerId)).toBe(3);
    expect(await heldOf(customerId)).toBe(0n);
  });

  it('charges what was measured when a client leaves the events midway [nest.12]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { reader, leave } = await request('/events', customerId);
    await reached.promise;
    events.next({ data: '2' });
    await readUntil(await reader(), 'data: 2');
    leave();
    await eventually(() => reportsOf(customerId)).toBe(2);
    expect(await heldOf(customerId)).toBe(0n);
  });

  it('settles once when a client leaves before an async handler has its events [nest.12]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { leave } = await request('/events-after-a-while', customerId);
    await reached.promise;
    leave();
    // `onAbort: 'commit'`: it was declared to use 7, and nothing else was measured.
    await eventually(() => reportsOf(customerId)).toBe(7);
    goOn.resolve();
    events.complete();
    const { response } = await request('/events-after-a-while', customerId);
    await reached.promise;
    goOn.resolve();
    await eventually(() => events.observed).toBe(true);
    events.complete();
    await (await response).text();
    await eventually(() => reportsOf(customerId)).toBe(14);
  });

  it('charges what was measured when a client leaves a file midway [nest.12]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const { reader, leave } = await request('/file', customerId);
    await readUntil(await reader(), 'a first piece');
    expect(await reportsOf(customerId)).toBe(0);
    leave();
    await eventually(() => reportsOf(customerId)).toBe(4);
    goOn.resolve();
  });

  it('knows the context of nestjs-cls in customer, handler and settleBy, of requests side by side [nest.12]', async () => {
    const settledFor: string[] = [];
    const clsUrl = await start({
      imports: [
        ClsModule.forRoot({
          global: true,
          middleware: {
            mount: true,
            setup: (cls, { headers }: Request) => cls.set('account', headers['x-customer']),
          },
        }),
        TollgateModule.forRootAsync({
          inject: [ClsService],
          useFactory: (cls: ClsService) => ({
            client: bench.client,
            customer: async () => cls.get('account'),
            settleBy: () => {
              settledFor.push(cls.get('account'));
              return undefined;
            },
          }),
        }),
      ],
      controllers: [Cls],
    });
    const customers = await Promise.all([1, 2, 3].map(() => bench.newCustomer('plan-pro')));
    const answers = await Promise.all(
      customers.map((id) => fetch(`${clsUrl}/cls`, { method: 'POST', headers: { 'x-customer': id } })),
    );
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
      customers.map((id) => ({ inHandler: id, admitted: id })),
    );
    await eventually(() => settledFor.toSorted()).toEqual(customers.toSorted());
    for (const id of customers) await eventually(() => reportsOf(id)).toBe(1);

    // A connection that closes does so outside of every request.
    [reached, goOn] = [withResolvers(), withResolvers()];
    const leaving = new AbortController();
    const headers = { 'x-customer': 'customer-1' };
    fetch(`${clsUrl}/cls-in-vain`, { method: 'POST', headers, signal: leaving.signal }).catch(() => {});
    await reached.promise;
    leaving.abort();
    await eventually(() => settledFor.slice(customers.length)).toEqual(['customer-1']);
    goOn.resolve();
  });
});

type Reader = ReadableStreamDefaultReader<string>;

/** Reads until a text has come, or to the end. */
async function readUntil(reader: Reader, wanted: string | undefined): Promise<string> {
  let read = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return read;
    read += value;
    if (wanted !== undefined && read.includes(wanted)) return read;
  }
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
