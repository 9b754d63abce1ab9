import type { ExecutionContext, Provider } from '@nestjs/common';
import type { Tollgate, TollgateOptions } from '@tollgate/client';
import type { Denied, GateClient, GateOptions } from '@tollgate/client/gate';

export const defaultShutdownDeadlineMs = 5_000;

/** What `TollgateModule.forRoot` takes, and what the factory of `forRootAsync` answers. */
export interface TollgateModuleOptions extends Omit<GateOptions<ExecutionContext>, 'client'> {
  /** A client, which stays the caller's to close; or the options of one, opened and closed with the application. */
  client: Tollgate | GateClient | TollgateOptions;
  /**
   * Makes the error that is thrown for a denial. Default: what the transport answers as one: an `EntitlementException`
   * over HTTP, a `GraphQLError`, a `WsException`, an `RpcException`.
   */
  exceptionFactory?: (decision: Denied, context: ExecutionContext) => Error;
  /**
   * How long the shutdown waits for usage to reach the engine, in milliseconds: that of a borrowed client too. Default
   * 5,000.
   */
  shutdownDeadlineMs?: number;
}

/** What belongs to the module itself and stands outside the factory of `forRootAsync`. */
export interface TollgateModuleExtras {
  /** Whether other modules can inject the client and use `@RequireEntitlement` without importing this one. Default true. */
  isGlobal?: boolean;
  /** Tells several instances apart: `@InjectTollgate(name)`, `@RequireEntitlement(feature, { instance: name })`. */
  name?: string | undefined;
  /** Providers for the factory of `forRootAsync` to inject. */
  extraProviders?: Provider[];
}

/** What a class of `forRootAsync({ useClass })` or `useExisting` implements. */
export interface TollgateOptionsFactory {
  createTollgateOptions(): TollgateModuleOptions | Promise<TollgateModuleOptions>;
}
