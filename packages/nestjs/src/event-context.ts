import type { ExecutionContext, Type } from '@nestjs/common';

/** The context of one event of a GraphQL subscription, which Nest makes none for. */
export class EventContext implements ExecutionContext {
  constructor(
    private readonly resolver: Type,
    private readonly handler: (...args: never[]) => unknown,
    /** The event, the arguments of the field, GraphQL's context and info. */
    private readonly args: [unknown, unknown, unknown, unknown],
  ) {}

  getType<T extends string>(): T {
    return 'graphql' as T;
  }

  getClass<T>(): Type<T> {
    return this.resolver as Type<T>;
  }

  // biome-ignore lint/complexity/noBannedTypes: it is Nest's own word for it.
  getHandler(): Function {
    return this.handler;
  }

  getArgs<T extends unknown[]>(): T {
    return this.args as unknown[] as T;
  }

  getArgByIndex<T>(index: number): T {
    return this.args[index] as T;
  }

  switchToHttp(): never {
    throw notThere('HTTP');
  }

  switchToRpc(): never {
    throw notThere('RPC');
  }

  switchToWs(): never {
    throw notThere('WebSocket');
  }
}

const notThere = (transport: string): Error =>
  new Error(`an event of a GraphQL subscription is no ${transport} call: use GqlExecutionContext.create(context)`);
