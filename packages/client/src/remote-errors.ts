import { isErrorCode, TollgateError } from '@tollgate/contract';
import { FailedReply } from './graphql-post.js';

interface GraphQlError {
  message?: unknown;
  extensions?: { code?: unknown; field?: unknown; details?: unknown };
}

/**
 * A failed request as the one error class: the engine's own error, else what its HTTP status or the network says.
 * `timeoutMs` is given when the request was cut off for taking that long.
 */
export function requestError(thrown: unknown, timeoutMs: number | undefined): TollgateError {
  if (thrown instanceof FailedReply) {
    const { status, errors } = thrown.response;
    return graphQlError(errors) ?? statusError(status, thrown);
  }
  if (timeoutMs !== undefined) {
    return new TollgateError('TIMEOUT', `the engine did not answer within ${timeoutMs} ms`, { cause: thrown });
  }
  return new TollgateError('UNAVAILABLE', `the engine cannot be reached: ${causes(thrown)}`, { cause: thrown });
}

/** True when an existing connection broke under the request, rather than that none could be made. */
export function isConnectionCut(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** The end of a subscription: a list of GraphQL errors, a close event of the socket, or an error on the way. */
export function streamError(thrown: unknown): TollgateError {
  if (Array.isArray(thrown)) {
    return graphQlError(thrown) ?? new TollgateError('INTERNAL', 'the change feed failed', { cause: thrown });
  }
  const { code, reason } = (thrown ?? {}) as { code?: unknown; reason?: unknown };
  const text = typeof reason === 'string' && reason ? reason : causes(thrown);
  const isRefused = code === 4401 || code === 4403 || /\b(401|403)\b|unauthori[sz]ed|forbidden/i.test(text);
  if (isRefused) return new TollgateError('UNAUTHENTICATED', `the engine refuses the API key: ${text}`);
  return new TollgateError('UNAVAILABLE', `the change feed was lost: ${text || `code ${String(code)}`}`);
}

/** `errors` is whatever a reply has there: only the engine's own are sure to be a list. */
function graphQlError(errors: unknown): TollgateError | undefined {
  const [first] = (Array.isArray(errors) ? errors : []) as readonly (GraphQlError | null | undefined)[];
  const code = first?.extensions?.code;
  if (!first || !isErrorCode(code)) return undefined;
  const { field, details } = first.extensions ?? {};
  return new TollgateError(code, String(first.message), {
    ...(typeof field === 'string' && { field }),
    ...(typeof details === 'object' && details !== null && { details: details as Record<string, unknown> }),
  });
}

function statusError(status: number, cause: unknown): TollgateError {
  const message = `the engine answered HTTP ${status}`;
  if (status === 401) return new TollgateError('UNAUTHENTICATED', message, { cause });
  if (status === 403) return new TollgateError('FORBIDDEN', message, { cause });
  if (status === 408) return new TollgateError('TIMEOUT', message, { cause });
  if (status === 429) return new TollgateError('RATE_LIMITED', message, { cause });
  // Whoever answers without an error of ours, such as a proxy, is not the engine.
  if (status >= 500 || status < 400) return new TollgateError('UNAVAILABLE', message, { cause });
  return new TollgateError('INVALID_ARGUMENT', message, { cause });
}

/** The messages of an error and its causes. */
function causes(thrown: unknown): string {
  const texts: string[] = [];
  for (let error = thrown; error instanceof Error && texts.length < 4; error = error.cause) {
    texts.push(error.message || ((error as { code?: string }).code ?? error.name));
  }
  if (texts.length > 0) return texts.join(': ');
  const { message } = (thrown ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : '';
}
