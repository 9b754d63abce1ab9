import { type TollgateOptions as ClientOptions, Tollgate } from '@tollgate/client';
import { clientOf, createGate, type Gate, type GateClient, type GateOptions } from '@tollgate/client/gate';
import type { NextFunction, Request, Response } from 'express';
import { madeInsideRequest, warnOfPlace } from './inside-request.js';
import { type DenialHandler, setState } from './request-state.js';

export interface TollgateOptions extends Omit<GateOptions<Request>, 'client'> {
  /** A client, which stays yours to close, or the options of one, which `close()` of the middleware closes. */
  client: Tollgate | GateClient | ClientOptions;
  /** Requests that nothing is asked of. */
  skip?: (request: Request) => boolean | Promise<boolean>;
  /** In place of the problem body. */
  handler?: DenialHandler;
  /** Where the handler finds its admission. Default `tollgate`. */
  requestPropertyName?: string;
}

export interface TollgateMiddleware {
  (request: Request, response: Response, next: NextFunction): void;
  readonly client: Tollgate;
  /** What decides: `checkRoutes` finds it here. */
  readonly gate: Gate<Request>;
  /** Stops what the middleware started; closes the client if it was opened here. */
  close(): Promise<void>;
}

/**
 * Middleware for the whole application, made once at the start: `requireEntitlement` on the routes behind it does the
 * work. Throws CONFIGURATION for a wrong option.
 */
export function tollgate(options: TollgateOptions): TollgateMiddleware {
  const isMisplaced = madeInsideRequest('tollgate');
  const { client, skip, handler, requestPropertyName: propertyName = 'tollgate', ...gateOptions } = options;
  const owner = clientOf(client, (clientOptions: ClientOptions) => Tollgate.initialize(clientOptions));
  const gate = createGate<Request>({ ...gateOptions, client: owner.client });
  if (isMisplaced) warnOfPlace('tollgate', gate.logger);
  const enforcement = { gate, propertyName, skip, handler };
  const middleware = (request: Request, _response: Response, next: NextFunction): void => {
    setState(request, enforcement);
    next();
  };
  const close = async (): Promise<void> => {
    gate.close();
    await owner.close();
  };
  return Object.assign(middleware, { client: owner.client, gate, close });
}
