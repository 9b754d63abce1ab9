import { type DynamicModule, Module } from '@nestjs/common';
import type { Tollgate } from '@tollgate/client';
import type { GateClient } from '@tollgate/client/gate';
import { type ClientOverride, TOLLGATE_CLIENT_OVERRIDE } from './tollgate.tokens.js';

export interface TollgateTestingOptions {
  /** Stands in for the client of every `TollgateModule`; it stays the test's to close. */
  client: Tollgate | GateClient;
  /** Other clients for instances with these names. */
  instances?: Readonly<Record<string, Tollgate | GateClient>>;
}

/**
 * Beside the application's own modules in `Test.createTestingModule({ imports: [AppModule, TollgateTestingModule…] })`:
 * every token of a client gives the test's, gates enforce with it, and none of those that are configured is opened.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class
export class TollgateTestingModule {
  static forRoot({ client, instances = {} }: TollgateTestingOptions): DynamicModule {
    const override: ClientOverride = (name) => (name === undefined ? client : (instances[name] ?? client)) as Tollgate;
    return {
      module: TollgateTestingModule,
      global: true,
      providers: [{ provide: TOLLGATE_CLIENT_OVERRIDE, useValue: override }],
      exports: [TOLLGATE_CLIENT_OVERRIDE],
    };
  }
}
