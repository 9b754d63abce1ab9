import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** JSON lines on standard error, so that standard output stays with what a command says. */
export function createLogger(
  level: LogLevel,
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino({ level, serializers: { err: describeError } }, stream);
}

export interface ErrorFacts {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorFacts;
}

/**
 * What the log keeps of an error: nothing but these fields. Drivers hang the connection's URL, statements and values on
 * their errors, and passwords, keys and customers' data must not end up in a log.
 */
export function describeError(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutPasswords(String(error)) };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: withoutPasswords(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack ? { stack: withoutPasswords(error.stack) } : {}),
    ...(error.cause === undefined || depth >= 5 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** `postgres://user:secret@host` as `postgres://user:***@host`; API keys as their kind alone. */
export function withoutPasswords(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):[^\s/?#]*@/gi, '$1:***@')
    .replace(/\b(tollgate_(?:server|client|dev)_)[A-Za-z0-9_-]+/g, '$1***');
}
