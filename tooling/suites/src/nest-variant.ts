import 'reflect-metadata';
import {
  Controller,
  type ExecutionContext,
  Module,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import type { RequirementList } from '@tollgate/client/gate';
import {
  Admission,
  entitlementsHandler,
  RequireAll,
  RequireAny,
  RequireCredits,
  RequireEntitlement,
  TollgateModule,
} from '@tollgate/nestjs';
import type { GateVariant, SuitePage, SuiteRequest, SuiteRoute } from './gate-variant.js';
import { translated } from './translated-requirement.js';

const requestOf = (context: ExecutionContext): SuiteRequest => context.switchToHttp().getRequest();

/** Nest on one of its platforms. */
export function nestVariant(name: string, createAdapter: () => AbstractHttpAdapter): GateVariant {
  return {
    name,
    async startApp(options, routes, pages = []) {
      const adapter = createAdapter();
      const { customer, fingerprint } = options;
      class SuiteModule {}
      Module({
        imports: [
          TollgateModule.forRoot({
            ...options,
            // Some clients of the suite have lost their server for good.
            shutdownDeadlineMs: 100,
            customer: customer && ((context: ExecutionContext) => customer(requestOf(context))),
            fingerprint: fingerprint && ((context: ExecutionContext) => fingerprint(requestOf(context))),
          }),
        ],
        controllers: [...routes.map((route) => controllerOf(route, adapter)), ...pages.map(pageController)],
      })(SuiteModule);
      const app = await NestFactory.create(SuiteModule, adapter, {
        logger: false,
        abortOnError: false,
        forceCloseConnections: true,
      });
      await app.listen(0, '127.0.0.1');
      return { url: `http://127.0.0.1:${app.getHttpServer().address().port}`, close: () => app.close() };
    },
  };
}

interface PlatformResponse {
  raw?: PlatformResponse;
  hijack?(): void;
  headersSent?: boolean;
  writeHead(status: number, headers: Record<string, string>): void;
  write(text: string): void;
  end(): void;
}

function controllerOf({ method, path, entitlement, handler }: SuiteRoute, adapter: AbstractHttpAdapter): Type {
  class SuiteController {
    async act(admission: Admission, request: SuiteRequest, response: PlatformResponse): Promise<void> {
      const raw = response.raw ?? response;
      const sendPart = (text: string): void => {
        if (!raw.headersSent) {
          response.hijack?.();
          raw.writeHead(200, { 'content-type': 'text/event-stream' });
        }
        raw.write(text);
      };
      const reply = await handler({ admission, headers: request.headers, sendPart });
      if (reply === 'end') raw.end();
      else if (reply !== 'open') adapter.reply(response, reply.body ?? {}, reply.status);
    }
  }
  const { prototype } = SuiteController;
  const act = Object.getOwnPropertyDescriptor(prototype, 'act') as PropertyDescriptor;
  for (const [index, parameter] of [Admission(), Req(), Res()].entries()) parameter(prototype, 'act', index);
  RequestMapping({ path, method: RequestMethod[method] })(prototype, 'act', act);
  const required = [translated(entitlement, requestOf)].flat();
  for (const item of required.reverse()) decoratorOf(item)(prototype, 'act', act);
  Controller()(SuiteController);
  return SuiteController;
}

function pageController({ path, customer, ...shown }: SuitePage): Type {
  const own = customer && { customer: (context: ExecutionContext) => customer(requestOf(context)) };
  class PageController extends entitlementsHandler({ ...shown, ...own }) {}
  Controller(path)(PageController);
  return PageController;
}

/** One decorator for each requirement of a route. */
function decoratorOf(item: RequirementList<ExecutionContext>[number]): MethodDecorator {
  if (typeof item === 'string') return RequireEntitlement(item);
  if ('any' in item) return RequireAny(item.any);
  if ('all' in item) return RequireAll(item.all);
  const { feature, currency, ...options } = item;
  const isForCredits = currency !== undefined && feature === undefined;
  if (isForCredits) return RequireCredits(currency, options);
  return RequireEntitlement(feature as string, { ...options, ...(currency !== undefined && { currency }) });
}
