import 'reflect-metadata';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  type ArgumentsHost,
  BadRequestException,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  Module,
  Param,
  type PipeTransform,
  Post,
  Query,
  StreamableFile,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Tollgate } from '@tollgate/client';
import { Admission, RequireEntitlement, SkipEntitlement, TollgateModule } from '@tollgate/nestjs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';

const customer = (context: ExecutionContext): string | undefined =>
  context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers['x-customer'];

/** A guard that runs after the entitlement's; a test decides when and how it answers. */
@Injectable()
class LaterGuard implements CanActivate {
  static answer: () => boolean | Promise<boolean> = () => true;
  canActivate() {
    return LaterGuard.answer();
  }
}

@Injectable()
class RefusingPipe implements PipeTransform {
  transform(value: unknown) {
    if (value === 'refuse') throw new BadRequestException();
    return value;
  }
}

@Catch(ForbiddenException)
class AllIsWell {
  constructor(private readonly adapter: AbstractHttpAdapter) {}
  catch(_error: unknown, host: ArgumentsHost) {
    this.adapter.reply(host.switchToHttp().getResponse(), { isWell: true }, 200);
  }
}

const seven = { usage: 7 };

function controllers(adapter: AbstractHttpAdapter): Type[] {
  @Controller('reports')
  class Reports {
    @Post('guarded')
    @UseGuards(LaterGuard)
    @RequireEntitlement('feature-reports', seven)
    guarded() {
      return {};
    }

    @Post('piped')
    @RequireEntitlement('feature-reports', seven)
    piped(@Query('text', RefusingPipe) text: string) {
      return { text };
    }

    @Post('refused')
    @RequireEntitlement('feature-reports', seven)
    refused() {
      throw new ForbiddenException();
    }

    @Post('forgiven')
    @UseFilters(new AllIsWell(adapter))
    @RequireEntitlement('feature-reports', seven)
    forgiven() {
      throw new ForbiddenException();
    }

    @Get('file')
    @RequireEntitlement('feature-reports', seven)
    file(@Admission() admission: Admission) {
      // The interceptor has long completed when the stream is read: what it measures must still count.
      async function* pieces() {
        yield 'first ';
        admission.measure(9);
        yield 'second';
      }
      return new StreamableFile(Readable.from(pieces()));
    }
  }

  @Controller('calls')
  @RequireEntitlement('feature-calls', { usage: 1 })
  class Calls {
    @Post('twice')
    @RequireEntitlement('feature-reports', { usage: 2 })
    twice() {
      return {};
    }

    @Post('free')
    @SkipEntitlement()
    free() {
      return {};
    }

    @Post('named/:name')
    named(@Param('name') name: string) {
      return { name };
    }
  }
  return [Reports, Calls];
}

describe.each([
  { platform: 'Express', adapter: () => new ExpressAdapter() as AbstractHttpAdapter },
  { platform: 'Fastify', adapter: () => new FastifyAdapter() as AbstractHttpAdapter },
])('what Nest on $platform charges', ({ adapter }) => {
  let bench: GateBench;
  let url: string;
  const open: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    bench = await openGateBench(nestVariant('Nest', adapter), inject('postgresUrl'));
    url = (await start({ onAbort: 'commit' })).url;
  });
  afterEach(() => {
    LaterGuard.answer = () => true;
  });
  afterAll(async () => {
    await Promise.all(open.splice(0).map((item) => item.close()));
    await bench?.close();
  });

  async function start(options: { onAbort?: 'commit'; client?: { transport: never } } = {}) {
    const platform = adapter();
    class AppModule {}
    Module({
      imports: [TollgateModule.forRoot({ client: bench.client, customer, ...options })],
      controllers: controllers(platform),
    })(AppModule);
    const app = await NestFactory.create(AppModule, platform, { logger: false, abortOnError: false });
    open.push(app);
    await app.listen(0, '127.0.0.1');
    return { app, url: `http://127.0.0.1:${app.getHttpServer().address().port}` };
  }

  const post = (path: string, customerId: string) =>
    fetch(url + path, { method: 'POST', headers: { 'x-customer': customerId } });
  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');

  /** Reports of one customer arrive in order: had anything been charged before, 2 would never be seen. */
  async function expectNothingCharged(customerId: string): Promise<void> {
    expect((await post('/calls/twice', customerId)).status).toBe(201);
    await expect.poll(() => reportsOf(customerId)).toBe(2);
  }

  it('charges nothing when a later guard refuses [nest.2]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    LaterGuard.answer = () => false;
    expect((await post('/reports/guarded', customerId)).status).toBe(403);
    await expectNothingCharged(customerId);
  });

  it('charges nothing when a pipe refuses [nest.2]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    expect((await post('/reports/piped?text=refuse', customerId)).status).toBe(400);
    await expectNothingCharged(customerId);
  });

  it('charges nothing when the handler refuses', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    expect((await post('/reports/refused', customerId)).status).toBe(403);
    await expectNothingCharged(customerId);
  });

  it('charges by the answer that was sent, whatever a filter made of it [nest.2]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const response = await post('/reports/forgiven', customerId);
    expect([response.status, await response.json()]).toEqual([200, { isWell: true }]);
    await expect.poll(() => reportsOf(customerId)).toBe(7);
  });

  it('charges nothing for a client that leaves while a later guard runs, whatever onAbort says', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const reached = withResolvers();
    const gone = withResolvers();
    LaterGuard.answer = async () => {
      reached.resolve();
      await gone.promise;
      return true;
    };
    const call = request(`${url}/reports/guarded`, { method: 'POST', headers: { 'x-customer': customerId } });
    call.on('error', () => {}).end();
    await reached.promise;
    call.destroy();
    await expectNothingCharged(customerId);
    gone.resolve();
  });

  it('charges a stream when it has been sent, with what was measured while it was read', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const response = await fetch(`${url}/reports/file`, { headers: { 'x-customer': customerId } });
    expect(await response.text()).toBe('first second');
    await expect.poll(() => reportsOf(customerId)).toBe(9);
  });

  it('charges a controller and its handler once each', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    expect((await post('/calls/twice', customerId)).status).toBe(201);
    await expect.poll(() => reportsOf(customerId)).toBe(2);
    await expect.poll(() => bench.usageOf(customerId, 'feature-calls')).toBe(1);
  });

  it('asks nothing of a skipped handler', async () => {
    expect((await post('/calls/free', 'nobody')).status).toBe(201);
    expect((await post('/calls/named/x', 'nobody')).status).toBe(403);
  });

  it('sends what is buffered before it closes a client that it opened', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const owned = await start({ client: { transport: bench.stack.transport as never } });
    const headers = { 'x-customer': customerId };
    expect((await fetch(`${owned.url}/calls/twice`, { method: 'POST', headers })).status).toBe(201);
    await owned.app.close();
    expect(await reportsOf(customerId)).toBe(2);
  });
});

describe('instances with names', () => {
  it('decide each with their own engine', async () => {
    const adapter = () => new ExpressAdapter();
    const variant = nestVariant('Nest', adapter);
    const [main, eu] = await Promise.all([
      openGateBench(variant, inject('postgresUrl')),
      openGateBench(variant, inject('postgresUrl')),
    ]);
    const instance = (client: Tollgate, name?: string) => TollgateModule.forRoot({ client, customer, name });
    @Controller()
    class Reports {
      @Get('main')
      @RequireEntitlement('feature-sso')
      inMain() {
        return {};
      }
      @Get('eu')
      @RequireEntitlement('feature-sso', { instance: 'eu' })
      inEu() {
        return {};
      }
    }
    @Module({ imports: [instance(main.client), instance(eu.client, 'eu')], controllers: [Reports] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, adapter(), { logger: false });
    try {
      // The benches count their customers alike, so one id stands for a customer in each.
      const customerId = await main.newCustomer('plan-free');
      expect(await eu.newCustomer('plan-pro')).toBe(customerId);
      await app.listen(0, '127.0.0.1');
      const get = async (path: string) =>
        (await fetch(`http://127.0.0.1:${app.getHttpServer().address().port}${path}`, {
          headers: { 'x-customer': customerId },
        }).then((response) => response.status)) as number;
      expect([await get('/main'), await get('/eu')]).toEqual([403, 200]);
    } finally {
      await app.close();
      await Promise.all([main.close(), eu.close()]);
    }
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
