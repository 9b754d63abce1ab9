import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CatalogDocument, isTollgateError } from '@tollgate/contract';

/** What a test file asks the engine of its run for. */
export interface Desk {
  open(asked: OpenRequest): Promise<OpenedEnvironment>;
  move(environmentId: string, instant: number): Promise<void>;
}

export interface OpenRequest {
  catalog: CatalogDocument;
  /** Epoch milliseconds; left out for the present. */
  now?: number | undefined;
  sweeper: boolean;
}

export interface OpenedEnvironment {
  environmentId: string;
  apiKey: string;
  /** Of the server. */
  url: string;
  /** Where its clock stands, epoch milliseconds. */
  now: number;
}

/** An error on its way to another process. */
export interface ErrorReply {
  error: { code?: string; message: string; field?: string; details?: Record<string, unknown> };
}

/** Answers one request: `POST {path}open` or `POST {path}move`, each with a JSON body. */
export function serveDesk(desk: Desk, path: string, request: IncomingMessage, response: ServerResponse): void {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const run = async (): Promise<object | undefined> => {
    if (request.method !== 'POST') return undefined;
    if (request.url === `${path}open`) return desk.open(await bodyOf<OpenRequest>(request));
    if (request.url !== `${path}move`) return undefined;
    const { environmentId, instant } = await bodyOf<{ environmentId: string; instant: number }>(request);
    await desk.move(environmentId, instant);
    return {};
  };
  run().then(
    (reply) => (reply ? answer(200, reply) : answer(404, {})),
    (error: unknown) => answer(400, errorReply(error)),
  );
}

async function bodyOf<Body>(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function errorReply(error: unknown): ErrorReply {
  if (!isTollgateError(error)) return { error: { message: error instanceof Error ? error.message : String(error) } };
  const { code, message, field, details } = error;
  return { error: { code, message, ...(field && { field }), ...(details && { details }) } };
}
