import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { isTollgateError } from '@tollgate/contract';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authentication } from './authentication.js';
import { type CompiledOperation, InvalidOperation, type Operations } from './operations.js';
import { type ErrorLog, replyError } from './reply-error.js';
import type { RequestContext } from './resolvers.js';

/** A client needs one subscription; some let a second one start before they end the first. */
const subscriptionsMax = 10;
/** A subscription's text and variables fit many times over. */
const messageBytesMax = 64 * 1024;
/** Two missed heartbeats mean that nobody is there any more. */
const heartbeatMs = 15_000;

/** Close codes of graphql-transport-ws. */
const closeCode = { goingAway: 1001, internal: 4500 } as const;

export interface FeedSocket {
  /** Ends every connection with "going away": clients come back, to another process if there is one. */
  close(): Promise<void>;
}

interface Parts {
  operations: Operations;
  authentication: Authentication;
  log: ErrorLog;
}

interface Extra {
  socket: WebSocket;
  /** Set once the key was accepted. */
  context?: RequestContext;
}

/** Serves subscriptions on `path` of an HTTP server, by the graphql-transport-ws protocol. */
export function serveFeed(http: Server, path: string, parts: Parts): FeedSocket {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax, handleProtocols });
  const protocol = feedProtocol(parts);
  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== path) {
      stream.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => open(protocol, socket, parts.log));
  };
  http.on('upgrade', onUpgrade);
  return {
    async close() {
      http.off('upgrade', onUpgrade);
      for (const socket of sockets.clients) endSocket(socket);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** A client that does not answer the closing handshake is not waited for. */
function endSocket(socket: WebSocket): void {
  socket.close(closeCode.goingAway, 'Going away');
  const timer = setTimeout(() => socket.terminate(), 1_000);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

/** What `onSubscribe` hands on to `subscribe`, as the context value of the execution. */
interface Requested {
  operation: CompiledOperation;
  context: RequestContext;
  variables: Record<string, unknown>;
}

function feedProtocol({ operations, authentication, log }: Parts) {
  const format = (errors: readonly unknown[]): GraphQLFormattedError[] => errors.map((error) => replyError(error, log));
  return makeServer<Record<string, unknown>, Extra>({
    async onConnect(connection) {
      try {
        connection.extra.context = await authentication.contextOf(connection.connectionParams?.apiKey);
        return true;
      } catch (error) {
        // False closes with 4403, which ends the client's attempts; after anything else it tries again.
        if (isTollgateError(error) && error.code === 'UNAUTHENTICATED') return false;
        throw error;
      }
    },
    onSubscribe(connection, _id, { query, operationName, variables }) {
      try {
        const operation = operations.compile(query, operationName);
        if (operation.kind !== 'subscription') throw new GraphQLError('Queries and mutations go over HTTP.');
        if (Object.keys(connection.subscriptions).length > subscriptionsMax) {
          throw new GraphQLError(`One connection may have at most ${subscriptionsMax} subscriptions.`);
        }
        const contextValue: Requested = {
          operation,
          context: contextOf(connection.extra),
          variables: variables ?? {},
        };
        return { schema: operations.schema, document: operation.document, operationName, contextValue };
      } catch (error) {
        return error instanceof InvalidOperation ? error.errors : [located(error)];
      }
    },
    async subscribe({ contextValue }) {
      const { operation, context, variables } = contextValue as Requested;
      try {
        const opened = await operation.subscribe(context, variables);
        return Symbol.asyncIterator in opened ? opened : failing(opened.errors?.[0]);
      } catch (error) {
        return failing(error);
      }
    },
    onError: (_connection, _id, _payload, errors) => format(errors),
    onNext: (_connection, _id, _payload, _args, { data, errors }) =>
      errors ? { data: data as Record<string, unknown> | null, errors: format(errors) } : undefined,
  });
}

/** The protocol refuses to subscribe before the key was accepted, so this only fails if that changes. */
function contextOf(extra: Extra): RequestContext {
  if (!extra.context) throw new GraphQLError('The connection has not been accepted.');
  return extra.context;
}

/** A stream that fails at its first step: the one way to end a subscription with an error and keep the connection. */
async function* failing(error: unknown): AsyncGenerator<never> {
  yield await Promise.reject(error);
}

const located = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError(String(error), { originalError: error instanceof Error ? error : new Error(String(error)) });

/** Binds one socket to the protocol. `send` waits until the bytes are with the system: a slow reader slows its feed. */
function open(protocol: ReturnType<typeof feedProtocol>, socket: WebSocket, log: ErrorLog): void {
  const stopHeartbeat = startHeartbeat(socket);
  socket.on('error', () => socket.terminate());
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, (error) => (error ? reject(error) : resolve()));
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) => {
        socket.on('message', (message) => {
          receive(String(message)).catch((error: unknown) => {
            if (socket.readyState !== socket.OPEN) return;
            log.error({ err: error }, 'a subscription failed for a reason of ours');
            socket.close(closeCode.internal, 'Internal server error');
          });
        });
      },
    },
    { socket },
  );
  socket.once('close', (code, reason) => {
    stopHeartbeat();
    closed(code, String(reason)).catch((error: unknown) =>
      log.error({ err: error }, 'a connection did not end cleanly'),
    );
  });
}

function startHeartbeat(socket: WebSocket): () => void {
  let missed = 0;
  socket.on('pong', () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    if (missed >= 2) return socket.terminate();
    missed += 1;
    socket.ping();
  }, heartbeatMs);
  timer.unref();
  return () => clearInterval(timer);
}
