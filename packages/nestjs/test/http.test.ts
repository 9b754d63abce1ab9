import 'reflect-metadata';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  type NestInterceptor,
  Next,
  type Type,
  UnauthorizedException,
  UseInterceptors,
} from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import type { Denied } from '@tollgate/client/gate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Admission, Customer, RequireEntitlement, TollgateModule, type TollgateModuleOptions } from '../src/index.js';
import { platforms, type RunningApp, startApp } from './nest-app.js';
import { offlineOptions } from './offline-client.js';

interface HeaderRequest {
  headers: Record<string, string | undefined>;
  lateCustomer?: string;
}

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<HeaderRequest>();
const headerCustomer = (context: ExecutionContext) => requestOf(context).headers['x-customer'];

/** Stands for an application whose authentication runs in an interceptor. */
@Injectable()
class LateAuthentication implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const request = requestOf(context);
    request.lateCustomer = request.headers['x-late'];
    return next.handle();
  }
}

let calls: string[] = [];
function counted<T>(name: string, value: T): T {
  calls.push(name);
  return value;
}

@Controller()
@RequireEntitlement('feature-granted', { usage: () => counted('amount of the class', 1), id: 'of-class' })
class Twice {
  @Get('twice')
  @RequireEntitlement('feature-granted', { values: () => counted('values of the method', ['any']) })
  act() {
    calls.push('handler');
    return {};
  }
}

@Controller()
class Reports {
  @Get('granted')
  @RequireEntitlement('feature-granted')
  granted(@Admission() admission: Admission, @Customer() customer: Customer) {
    return { customer, features: Object.keys(admission.entitlements) };
  }

  @Get('unknown')
  @RequireEntitlement('feature-nobody-knows')
  unknown() {
    calls.push('handler');
  }

  @Get('late')
  @RequireEntitlement('feature-granted', { customer: (context) => requestOf(context).lateCustomer })
  late(@Customer() customer: Customer) {
    return customer;
  }

  @Get('late-throwing')
  @RequireEntitlement('feature-granted', { customer: (context) => (requestOf(context).lateCustomer as string).trim() })
  lateThrowing(@Customer() customer: Customer) {
    return customer;
  }

  @Get('open')
  open(@Admission() admission: Admission | undefined) {
    return { hasAdmission: admission !== undefined };
  }
}
UseInterceptors(LateAuthentication)(Reports);

describe.each(platforms)('requirements over HTTP on $platform', (platform) => {
  let running: RunningApp | undefined;
  beforeEach(() => {
    calls = [];
  });
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(
    options: Partial<TollgateModuleOptions> = {},
    controllers: Type[] = [Reports, Twice],
    providers: Type[] = [],
  ) {
    const imports = [TollgateModule.forRoot({ client: offlineOptions, customer: headerCustomer, ...options })];
    running = await startApp({ imports, controllers, providers }, platform);
    return running;
  }

  it('hands the handler its admission and its customer', async () => {
    const { send } = await start();
    const response = await send('/granted', { 'x-customer': 'acme' });
    expect(await response.json()).toEqual({
      customer: { customerId: 'acme', resourceId: null },
      features: ['feature-granted'],
    });
  });

  it('leaves a handler without requirements alone', async () => {
    const { send } = await start();
    expect(await (await send('/open')).json()).toEqual({ hasAdmission: false });
  });

  it('answers a refusal as a problem that nobody may store', async () => {
    const { send } = await start();
    const response = await send('/unknown?with=query', { 'x-customer': 'acme' });
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({
      status: 503,
      code: 'state-unavailable',
      instance: '/unknown',
      featureId: 'feature-nobody-knows',
    });
    expect(calls).toEqual([]);
  });

  it('admits once where class and method both carry the decorator [nest.3]', async () => {
    let customerAsked = 0;
    const { send } = await start({
      customer: (context) => {
        customerAsked += 1;
        return headerCustomer(context);
      },
    });
    const response = await send('/twice', { 'x-customer': 'acme' });
    expect(response.status).toBe(200);
    expect(calls).toEqual(['amount of the class', 'values of the method', 'handler']);
    expect(customerAsked).toBe(1);
  });

  it.each(['/late', '/late-throwing'])(
    'waits for a customer that an interceptor finds, on %s [nest.5]',
    async (path) => {
      const { send } = await start();
      const response = await send(path, { 'x-late': 'acme' });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ customerId: 'acme', resourceId: null });
    },
  );

  it('refuses a request whose customer is still not known before the handler [nest.5]', async () => {
    const { send } = await start();
    const response = await send('/late');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'customer-missing', status: 401 });
  });

  it('answers 500 when the customer function is at fault [nest.5]', async () => {
    const { send } = await start();
    const response = await send('/late-throwing');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'customer-missing' });
  });

  it('passes on an exception of the application from the customer function', async () => {
    const { send } = await start({
      customer: () => {
        throw new UnauthorizedException('sign in first');
      },
    });
    const response = await send('/granted');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ message: 'sign in first' });
  });

  it('throws what the exception factory makes of the whole decision [nest.7]', async () => {
    const seen: Denied[] = [];
    const { send } = await start({
      exceptionFactory: (decision) => {
        seen.push(decision);
        return new HttpException({ own: 'body' }, 418);
      },
    });
    const response = await send('/unknown', { 'x-customer': 'acme' });
    expect(response.status).toBe(418);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ own: 'body' });
    expect(seen).toMatchObject([{ status: 503, customerId: 'acme', problem: { code: 'state-unavailable' } }]);
  });

  it('decides what a transport of another library calls, by its own exception [nest.2]', async () => {
    // Nest finds the guards of what it calls from outside HTTP by the provider that it belongs to.
    const { app } = await start({ customer: () => 'acme' }, [Reports], [Reports]);
    const reports = app.get(Reports);
    const enhancers = { guards: true, interceptors: true, filters: false };
    const [none, creator] = [undefined, app.get(ExternalContextCreator)];
    const call = creator.create(reports, reports.unknown, 'unknown', none, none, none, none, enhancers, 'queue');
    await expect(call({ headers: {} })).rejects.toMatchObject({
      decision: { status: 503, customerId: 'acme' },
      response: { code: 'state-unavailable' },
    });
    expect(calls).toEqual([]);
  });
});

it('checks the second handler of a request that the first one passed on', async () => {
  @Controller()
  class First {
    @Get('shared')
    @RequireEntitlement('feature-granted')
    first(@Next() next: () => void) {
      next();
    }
  }
  @Controller()
  class Second {
    @Get('shared')
    @RequireEntitlement('feature-nobody-knows')
    second() {
      return { reached: true };
    }
  }
  const imports = [TollgateModule.forRoot({ client: offlineOptions, customer: headerCustomer })];
  const { app, send } = await startApp({ imports, controllers: [First, Second] }, platforms[0]);
  try {
    expect((await send('/shared', { 'x-customer': 'acme' })).status).toBe(503);
  } finally {
    await app.close();
  }
});
