import { configurationError, type Gate } from '@tollgate/client/gate';

const code = 'ERR_TOLLGATE_CREATED_IN_REQUEST_HANDLER';
const mistake = (made: string): string => `${made}() is called per request: call it once, when the application starts`;

/**
 * True when the caller runs inside a request handler of Express 4 or 5: a middleware made there is made anew for every
 * request and remembers nothing. The call stack is the only place that tells; it costs nothing after the start. Throws
 * CONFIGURATION in development, where somebody is there to mend it.
 */
export function madeInsideRequest(made: string): boolean {
  const isInside = /\bLayer\.(handle \[as handle_request\]|handle_request|handleRequest)/.test(new Error().stack ?? '');
  if (isInside && process.env.NODE_ENV === 'development') throw configurationError(code, mistake(made));
  return isInside;
}

const warned = new WeakMap<Gate['logger'], Set<string>>();

/** Says so in the log, once. */
export function warnOfPlace(made: string, logger: Gate['logger']): void {
  const said = warned.get(logger) ?? new Set();
  warned.set(logger, said);
  if (said.has(made)) return;
  said.add(made);
  logger.error(`${code}: ${mistake(made)}`);
}
