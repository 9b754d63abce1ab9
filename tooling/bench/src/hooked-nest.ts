import 'reflect-metadata';
import { type CanActivate, Controller, type ExecutionContext, Get, Module, type Type, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { RequireEntitlement, TollgateModule } from '@tollgate/nestjs';
import { accountHeader, type HookedApp, limit, requirements, windowMs } from './hook.js';

const accountOf = ({ headers }: { headers: Record<string, string> }): string => headers[accountHeader] as string;

class NothingGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

export async function startHookedNest({ hook, client, readCpu, port, host }: HookedApp): Promise<void> {
  const handlers: Record<HookedApp['hook'], () => MethodDecorator> = {
    nothing: () => UseGuards(NothingGuard),
    check: () => RequireEntitlement(requirements.check.feature),
    meter: () => RequireEntitlement(requirements.meter.feature, { usage: requirements.meter.usage }),
    limiter: () => UseGuards(ThrottlerGuard),
  };
  const customer = (context: ExecutionContext): string => accountOf(context.switchToHttp().getRequest());
  const imports = {
    nothing: [],
    check: [TollgateModule.forRoot({ client: client as NonNullable<typeof client>, customer })],
    meter: [TollgateModule.forRoot({ client: client as NonNullable<typeof client>, customer })],
    limiter: [
      ThrottlerModule.forRoot({
        throttlers: [{ ttl: windowMs, limit }],
        getTracker: (request) => accountOf(request as never),
      }),
    ],
  };
  class HookedModule {}
  Module({ imports: imports[hook], controllers: [controllerWith(handlers[hook](), readCpu)] })(HookedModule);
  const app = await NestFactory.create(HookedModule, new ExpressAdapter(), { logger: ['error'] });
  await app.listen(port, host);
}

function controllerWith(hook: MethodDecorator, readCpu: HookedApp['readCpu']): Type {
  class HookedController {
    act() {
      return { ok: true };
    }
    ready(): void {}
    cpu(): Promise<number> {
      return readCpu();
    }
  }
  const { prototype } = HookedController;
  const decorate = (name: 'act' | 'ready' | 'cpu', decorator: MethodDecorator): void =>
    void decorator(prototype, name, Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor);
  decorate('act', Get());
  decorate('act', hook);
  decorate('ready', Get('readyz'));
  decorate('cpu', Get('cpu'));
  Controller()(HookedController);
  return HookedController;
}
