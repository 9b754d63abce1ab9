import { type TollgateOptions as ClientOptions, Tollgate } from '@tollgate/client';
import { clientOf, createGate, type Gate, type GateClient, type GateOptions } from '@tollgate/client/gate';
import type { Context, MiddlewareHandler } from 'hono';
import { type DenialHandler, setState } from './request-state.js';

export interface TollgateOptions extends Omit<GateOptions<Context>, 'client'> {
  /** A client, which stays yours to close, or the options of one, which `close()` of the middleware closes. */
  client: Tollgate | GateClient | ClientOptions;
  /** Requests that nothing is asked of. */
  skip?: (c: Context) => boolean | Promise<boolean>;
  /** In place of the problem body. */
  handler?: DenialHandler;
}

export interface TollgateMiddleware extends MiddlewareHandler {
  readonly client: Tollgate;
  /** What decides: `checkRoutes` finds it here. */
  readonly gate: Gate<Context>;
  /** Stops what the middleware started; closes the client if it was opened here. */
  close(): Promise<void>;
}

/**
 * Middleware for the whole application, made once at the start and used before any other that changes answers:
 * `requireEntitlement` on the routes behind it does the work. Throws CONFIGURATION for a wrong option.
 */
export function tollgate(options: TollgateOptions): TollgateMiddleware {
  const { client, skip, handler, ...gateOptions } = options;
  const owner = clientOf(client, (clientOptions: ClientOptions) => Tollgate.initialize(clientOptions));
  const gate = createGate<Context>({ ...gateOptions, client: owner.client });
  const middleware: MiddlewareHandler = async (c, next) => {
    const state = setState(c, { gate, skip, handler });
    await next();
    // Whatever the answer has become by now, an error's included.
    if (state.watch && 'follow' in state.watch) c.res = state.watch.follow(c.res);
  };
  const close = async (): Promise<void> => {
    gate.close();
    await owner.close();
  };
  return Object.assign(middleware, { client: owner.client, gate, close });
}
