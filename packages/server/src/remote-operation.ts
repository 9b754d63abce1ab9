import { isErrorCode, type Operation, TollgateError } from '@tollgate/contract';

/** A server that a command talks to. */
export interface Target {
  url: string;
  apiKey: string;
}

interface GraphQLReply<Result> {
  data?: Result | null;
  errors?: { message: string; extensions?: { code?: unknown; field?: string; details?: Record<string, unknown> } }[];
}

const timeoutMs = 30_000;

/** Sends one operation by POST. Rejects with the server's error, or UNAVAILABLE when nothing that understands answers. */
export async function postOperation<Result, Variables>(
  target: Target,
  operation: Operation<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const reply = await post<Result>(target, JSON.stringify({ query: operation.toString(), variables }));
  const [error] = reply.errors ?? [];
  if (error) {
    const { code, field, details } = error.extensions ?? {};
    throw new TollgateError(isErrorCode(code) ? code : 'INTERNAL', error.message, { field, details });
  }
  if (!reply.data) throw new TollgateError('UNAVAILABLE', `${target.url} answered with neither data nor an error`);
  return reply.data;
}

async function post<Result>({ url, apiKey }: Target, body: string): Promise<GraphQLReply<Result>> {
  let endpoint: URL;
  try {
    endpoint = new URL('/graphql', url);
  } catch {
    throw new TollgateError('CONFIGURATION', `url must be a URL such as http://127.0.0.1:4210, not "${url}"`, {
      field: 'url',
    });
  }
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return (await response.json()) as GraphQLReply<Result>;
  } catch (cause) {
    throw new TollgateError('UNAVAILABLE', `no Tollgate server answers at ${endpoint.origin}`, { cause });
  }
}
