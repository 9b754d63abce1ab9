import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  Injectable,
  Module,
  type NestInterceptor,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  Admission,
  Customer,
  RequireEntitlement,
  SkipEntitlement,
  TollgateModule,
  type TollgateModuleOptions,
} from '@tollgate/nestjs';
import { freePort } from '@tollgate/services';
import { concat, lastValueFrom, NEVER, of, retry, Subject, takeUntil, throwError, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, type GateBench, openGateBench } from '../src/gate-bench.js';
import { nestVariant } from '../src/nest-variant.js';

interface Message {
  customerId?: string;
  weight?: number;
}

const messageIn = (context: ExecutionContext) => context.switchToRpc().getData<Message>();
const customer = (context: ExecutionContext) => messageIn(context).customerId;

const asked: string[] = [];

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    throw new RpcException('not today');
  }
}

/** Stands for a timeout: nobody waits any more, when the test says so. */
const giveUp = new Subject<void>();
@Injectable()
class GivingUp implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(takeUntil(giveUp));
  }
}

/** What an interceptor puts around the rest of a call: the second try of one that failed, and a scope. */
const scope = new AsyncLocalStorage<string>();
@Injectable()
class TryingTwice implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    return scope.run(`scope of ${messageIn(context).customerId}`, () => next.handle()).pipe(retry(1));
  }
}

const noted: string[] = [];
const scopes: (string | undefined)[] = [];

// Redis is shared by everything that runs here, so each application has patterns of its own.
function controllers(id: string): Type[] {
  @Controller()
  class Reports {
    @MessagePattern(`${id}.write`)
    @RequireEntitlement('feature-reports', { usage: (context) => messageIn(context).weight ?? 1 })
    write(@Payload() _message: Message, @Admission() { entitlements }: Admission, @Customer() payer: Customer) {
      return { for: payer.customerId, features: Object.keys(entitlements) };
    }

    @MessagePattern(`${id}.fail`)
    @RequireEntitlement('feature-reports', { usage: 7 })
    fail() {
      return concat(
        of('first'),
        throwError(() => new RpcException('broken')),
      );
    }

    @MessagePattern(`${id}.parts`)
    @RequireEntitlement('feature-reports', { usage: 7 })
    parts(@Admission() admission: Admission) {
      admission.measure(2);
      return of('one', 'two');
    }

    @MessagePattern(`${id}.endless`)
    @RequireEntitlement('feature-reports', { usage: 7 })
    @UseInterceptors(GivingUp)
    endless(@Payload() { weight }: Message, @Admission() admission: Admission) {
      if (weight !== undefined) admission.measure(weight);
      return concat(of('begun'), NEVER);
    }

    // The decorator that is nearest to the method is the outermost around the call.
    @MessagePattern(`${id}.flaky`)
    @RequireEntitlement('feature-reports', {
      usage: () => {
        scopes.push(scope.getStore());
        return 2;
      },
    })
    @UseInterceptors(TryingTwice)
    flaky(@Admission() admission: Admission) {
      scopes.push(scope.getStore());
      if (scopes.length < 4) throw new RpcException('once more');
      return admission.customerId;
    }

    @EventPattern(`${id}.note`)
    @RequireEntitlement('feature-reports', { usage: 1 })
    note(@Payload() { customerId = '' }: Message) {
      noted.push(customerId);
    }

    @MessagePattern(`${id}.guarded`)
    @UseGuards(RefusingGuard)
    @RequireEntitlement('feature-reports', {
      usage: () => {
        asked.push('amount');
        return 1;
      },
    })
    guarded() {
      return true;
    }
  }

  @Controller()
  @RequireEntitlement('feature-calls', { usage: 1 })
  class Calls {
    @MessagePattern(`${id}.combined`)
    @RequireEntitlement('feature-reports', { usage: 2 })
    @RequireEntitlement('feature-projects', { usage: 1 })
    combined(@Admission() { entitlements }: Admission) {
      return Object.keys(entitlements).sort();
    }

    @MessagePattern(`${id}.free`)
    @SkipEntitlement()
    free(@Admission() admission: Admission | undefined) {
      return admission === undefined;
    }
  }
  return [Reports, Calls];
}

const transports: { name: string; options: () => Promise<MicroserviceOptions> }[] = [
  {
    name: 'TCP',
    options: async () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } }),
  },
  {
    name: 'Redis',
    options: async () => {
      const { hostname, port } = new URL(inject('redisUrl'));
      return { transport: Transport.REDIS, options: { host: hostname, port: Number(port) } };
    },
  },
];

let bench: GateBench;
beforeAll(async () => {
  bench = await openGateBench(
    nestVariant('Nest', () => new ExpressAdapter()),
    inject('postgresUrl'),
  );
});
afterAll(() => bench?.close());

describe.each(transports)('messages over $name', ({ options: transport }) => {
  const id = randomUUID();
  let client: ClientProxy;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    client = await start(id);
  });
  afterAll(async () => {
    for (const item of open.splice(0).reverse()) await item.close();
  });

  async function start(patterns: string, options: Partial<TollgateModuleOptions> = {}): Promise<ClientProxy> {
    @Module({
      imports: [
        TollgateModule.forRoot({
          client: bench.client,
          customer,
          upgradeUrl: 'https://example.com/upgrade',
          ...options,
        }),
      ],
      controllers: controllers(patterns),
    })
    class AppModule {}
    const settings = await transport();
    const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      ...settings,
      logger: false,
      abortOnError: false,
    });
    open.push(app);
    await app.listen();
    const made = ClientProxyFactory.create(settings as Parameters<typeof ClientProxyFactory.create>[0]) as ClientProxy;
    open.push(made);
    await made.connect();
    return made;
  }

  const send = <T = unknown>(pattern: string, message: Message): Promise<T> =>
    lastValueFrom(client.send<T>(`${id}.${pattern}`, message));
  const reportsOf = (customerId: string) => bench.usageOf(customerId, 'feature-reports');
  const heldOf = async (customerId: string) => (await bench.partOf(customerId, 'feature-reports'))?.held ?? 0n;

  it('charges a message by what it says, and hands its handler the admission [nest.6e]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    expect(await send('write', { customerId, weight: 4 })).toEqual({ for: customerId, features: ['feature-reports'] });
    await eventually(() => reportsOf(customerId)).toBe(4);
  });

  it('lets exactly as many of parallel messages through as fit, and fails the others with the problem [nest.6e] [nest.7] [http.1] [http.5]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => send('write', { customerId })));
    const denied = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(denied).toHaveLength(3);
    expect(denied[0]).toMatchObject({
      message: 'Reports: 3 of 3 are used, and this request needs 1.',
      code: 'quota-exceeded',
      status: 429,
      featureId: 'feature-reports',
      limit: 3,
      resetAt: '2026-02-01T00:00:00.000Z',
      availableIn: [{ id: 'plan-locked' }, { id: 'plan-pro' }, { id: 'plan-team' }],
      upgradeUrl: 'https://example.com/upgrade',
    });
    expect(denied[0]).not.toHaveProperty('customerId');
    await eventually(() => reportsOf(customerId)).toBe(3);
  });

  it('lets go what a handler failed over, and charges a stream that completes with what was measured [settle.7]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    await expect(send('fail', { customerId })).rejects.toMatchObject({ message: 'broken' });
    await expect(lastValueFrom(client.send(`${id}.parts`, { customerId }).pipe(toArray()))).resolves.toEqual([
      'one',
      'two',
    ]);
    await eventually(() => reportsOf(customerId)).toBe(2);
    await eventually(() => heldOf(customerId)).toBe(0n);
  });

  it.each([
    { what: 'what was measured', weight: 3, charged: 3 },
    { what: 'nothing without a measurement', weight: undefined, charged: 0 },
  ])('charges $what when nobody waits for the result any more [settle.7]', async ({ weight, charged }) => {
    const customerId = await bench.newCustomer('plan-pro');
    const begun = new Promise((resolve) => {
      client.send(`${id}.endless`, { customerId, ...(weight && { weight }) }).subscribe(resolve);
    });
    await begun;
    expect(await heldOf(customerId)).toBe(7_000_000n);
    giveUp.next();
    await eventually(() => heldOf(customerId)).toBe(0n);
    expect(await reportsOf(customerId)).toBe(charged);
  });

  it('admits anew when an interceptor tries again, inside what it has put around the call [nest.2]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    scopes.length = 0;
    expect(await send('flaky', { customerId })).toBe(customerId);
    expect(scopes).toEqual(Array(4).fill(`scope of ${customerId}`));
    await eventually(() => reportsOf(customerId)).toBe(2);
    expect(await heldOf(customerId)).toBe(0n);
  });

  it('charges an event that was handled, and keeps a denied one from its handler [nest.6e]', async () => {
    const customerId = await bench.newCustomer('plan-free');
    const other = await bench.newCustomer('plan-pro');
    noted.length = 0;
    await send('write', { customerId, weight: 2 });
    for (const _ of [1, 2, 3]) await lastValueFrom(client.emit(`${id}.note`, { customerId }), { defaultValue: null });
    await lastValueFrom(client.emit(`${id}.note`, { customerId: other }), { defaultValue: null });
    await eventually(() => reportsOf(other)).toBe(1);
    await eventually(() => reportsOf(customerId)).toBe(3);
    expect(noted.filter((name) => name === customerId)).toEqual([customerId]);
  });

  it('puts together what class and method require, stacked decorators included, and decides once [nest.3]', async () => {
    const customerId = await bench.newCustomer('plan-pro');
    const features = ['feature-calls', 'feature-projects', 'feature-reports'];
    expect(await send('combined', { customerId })).toEqual(features);
    await eventually(() => Promise.all(features.map((name) => bench.usageOf(customerId, name)))).toEqual([1, 1, 2]);
  });

  it('asks nothing of a skipped handler [nest.3]', async () => {
    expect(await send('free', {})).toBe(true);
  });

  it('decides after every guard: one that refuses keeps the gate from being asked [nest.2]', async () => {
    await expect(send('guarded', { customerId: 'nobody' })).rejects.toMatchObject({ message: 'not today' });
    expect(asked).toEqual([]);
  });

  it('refuses a message that names nobody with an error of its own [nest.5]', async () => {
    await expect(send('write', {})).rejects.toMatchObject({ code: 'customer-missing', status: 401 });
  });

  it('throws what the exception factory makes of the whole decision, and a customer function’s own answer [nest.7]', async () => {
    const patterns = randomUUID();
    const own = await start(patterns, {
      customer: (context) => {
        const customerId = customer(context);
        if (customerId === undefined) throw new RpcException('who are you?');
        return customerId;
      },
      exceptionFactory: ({ reason, customerId }) => new RpcException(`${customerId}: ${reason}`),
    });
    const customerId = await bench.newCustomer();
    const ask = (message: Message) => lastValueFrom(own.send(`${patterns}.write`, message));
    await expect(ask({ customerId })).rejects.toMatchObject({ message: `${customerId}: NoActiveSubscription` });
    await expect(ask({})).rejects.toMatchObject({ message: 'who are you?' });
  });
});
