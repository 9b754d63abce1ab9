import { randomUUID } from 'node:crypto';
import { errorCodes, isErrorCode, isTollgateError, TollgateError } from '@tollgate/contract';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { InvalidOperation } from './operations.js';

/** Where an error that is masked for the caller is written down in full. */
export interface ErrorLog {
  error(facts: object, message: string): void;
}

/** What an error tells the caller: a code of the error table, and what is safe to know besides. */
export interface ErrorExtensions {
  code: string;
  field?: string;
  details?: Record<string, unknown>;
}

/**
 * The errors of a reply. A `TollgateError` goes out as it is; what GraphQL says about the request itself is an
 * INVALID_ARGUMENT; anything else is our fault: the caller gets an id, and the log gets the error under that id.
 */
export function replyErrors(error: unknown, log: ErrorLog): GraphQLFormattedError[] {
  if (error instanceof InvalidOperation) return error.errors.map((each) => replyError(each, log));
  return [replyError(error, log)];
}

export function replyError(error: unknown, log: ErrorLog): GraphQLFormattedError {
  const located = error as Partial<GraphQLError> | undefined;
  const place = {
    ...(located?.locations ? { locations: located.locations } : {}),
    ...(located?.path ? { path: located.path } : {}),
  };
  const cause = rootOf(error);
  if (isTollgateError(cause) && cause.code !== 'INTERNAL') {
    return { message: cause.message, ...place, extensions: { ...extensionsOf(cause) } };
  }
  // Errors of GraphQL's own carry a path only once a resolver has run: then it is not the request that is wrong.
  if (cause instanceof GraphQLError && !cause.path) {
    return { message: cause.message, ...place, extensions: { code: 'INVALID_ARGUMENT', field: 'query' } };
  }
  // Whoever asked has gone: nobody reads this reply, and nothing of ours is wrong.
  if ((cause as { code?: unknown } | undefined)?.code === 'ECONNRESET') {
    return { message: 'the connection was cut', extensions: { code: 'UNAVAILABLE' } };
  }
  const errorId = randomUUID();
  log.error({ errorId, err: cause }, 'a request failed for a reason of ours');
  return {
    message: `internal error ${errorId}: the server's log has the details`,
    ...place,
    extensions: { code: 'INTERNAL', details: { errorId } },
  };
}

/** The HTTP status of a reply without data. Only these two are for proxies and clients to act on; the rest is 200. */
export function replyStatus(errors: readonly GraphQLFormattedError[]): number {
  const code = errors[0]?.extensions?.code;
  return code === 'UNAUTHENTICATED' || code === 'UNAVAILABLE' ? errorCodes[code].status : 200;
}

/** The error that a caller in this process gets for a reply: the same as over HTTP, with the cause still attached. */
export function toTollgateError(formatted: GraphQLFormattedError, cause: unknown): TollgateError {
  const root = rootOf(cause);
  if (isTollgateError(root)) return root;
  const { code, field, details } = (formatted.extensions ?? {}) as Partial<ErrorExtensions>;
  return new TollgateError(isErrorCode(code) ? code : 'INTERNAL', formatted.message, { cause: root, field, details });
}

function extensionsOf(error: TollgateError): ErrorExtensions {
  return {
    code: error.code,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

/** What a resolver threw, under the layers that say where in the reply it happened. */
function rootOf(error: unknown): unknown {
  let current = error;
  while (!isTollgateError(current) && current instanceof Error) {
    const original = (current as Partial<GraphQLError>).originalError;
    if (!original) return current;
    current = original;
  }
  return current;
}
