import {
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  Inject,
  Res,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import type { Registered } from '@tollgate/client';
import { defineEntitlementsQuery, type EntitlementsOptions, type EntitlementsQuery } from '@tollgate/client/gate';
import { requestOf } from './call-key.js';
import { EntitlementCalls } from './entitlement-calls.js';
import { exceptionOf, HttpContext, type PlatformRequest, setHeaders } from './http-call.js';

export interface EntitlementsHandlerOptions<Catalog = Registered>
  extends EntitlementsOptions<ExecutionContext, Catalog> {
  /** The `name` of the module instance that answers; the one without a name when left out. */
  instance?: string;
}

/** What a controller shows, for the check at the start. */
export interface EntitlementsMetadata {
  instance: string | undefined;
  query: EntitlementsQuery<ExecutionContext>;
}

export const ENTITLEMENTS_METADATA = 'tollgate:entitlements';

/** A controller whose GET handler answers what the current customer has. */
export interface EntitlementsController {
  entitlements(context: ExecutionContext): Promise<void>;
}

const Context = createParamDecorator((_: unknown, context: ExecutionContext) => context);

/**
 * A controller for `GET /entitlements`, which answers what the current customer has, as JSON for the application's own
 * pages (`ShownEntitlements`), so that a page shows what the handlers enforce. Answers 304 to a tag that still holds.
 * Put it into `controllers` as it is, or extend it to give it another path and guards:
 * `@Controller('me/entitlements') @UseGuards(AuthGuard) class MyEntitlements extends entitlementsHandler() {}`.
 * Without options it shows everything that the customer has. Throws CONFIGURATION for a wrong option.
 */
export function entitlementsHandler(given: EntitlementsHandlerOptions = {}): Type<EntitlementsController> {
  const { instance, ...options } = given;
  const query = defineEntitlementsQuery<ExecutionContext>(options);

  @Controller('entitlements')
  @SetMetadata(ENTITLEMENTS_METADATA, { instance, query } satisfies EntitlementsMetadata)
  class ShownEntitlementsController implements EntitlementsController {
    @Inject(EntitlementCalls) calls!: EntitlementCalls;
    @Inject(HttpAdapterHost) host!: HttpAdapterHost<AbstractHttpAdapter>;

    // `@Res()` tells Nest that the answer is sent here: other interceptors may not change what the tag stands for.
    @Get()
    async entitlements(@Context() context: ExecutionContext, @Res() response?: unknown): Promise<void> {
      const { httpAdapter: adapter } = this.host;
      const gate = this.calls.gateOf({ instance, place: 'entitlementsHandler' });
      const request = requestOf<PlatformRequest>(context);
      const ifNoneMatch = request.headers?.['if-none-match'];
      const asked = Object.assign(new HttpContext(adapter, context), { ifNoneMatch });
      const result = await gate.entitlements(asked, query);
      if ('problem' in result) throw await exceptionOf(gate, adapter, context, result);
      setHeaders(adapter, response, result.headers);
      adapter.reply(response, result.body ?? undefined, result.status);
    }
  }
  return ShownEntitlementsController;
}
