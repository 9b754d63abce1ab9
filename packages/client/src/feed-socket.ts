import { type ChangeBatchWire, ChangesDocument } from '@tollgate/contract';

export interface FeedSocketOptions {
  wsUrl: string;
  apiKey: string;
  cursor: string | null;
  onNext(result: { data?: { changes: ChangeBatchWire } | null; errors?: readonly unknown[] }): void;
  onError(thrown: unknown): void;
  onComplete(): void;
}

/** A server that neither accepts nor refuses a connection within this time is taken for unreachable. */
const handshakeTimeoutMs = 10_000;
/** How long a socket may take over a polite end before it is cut. */
const politeMs = 500;

/**
 * One subscription on a socket of its own, so that a connection that has silently died is left behind with it. Returns
 * what ends it: politely and, where nobody answers, by force.
 */
export async function feedSocket(options: FeedSocketOptions): Promise<() => void> {
  // Loaded at first use: a client without realtime updates needs neither.
  const [{ createClient }, { WebSocket }] = await Promise.all([import('graphql-ws/client'), import('ws')]);
  const sockets = new Set<InstanceType<typeof WebSocket>>();

  class FeedWebSocket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { handshakeTimeout: handshakeTimeoutMs });
      sockets.add(this);
      this.on('close', () => sockets.delete(this));
    }
  }

  const client = createClient({
    url: options.wsUrl,
    connectionParams: { apiKey: options.apiKey },
    webSocketImpl: FeedWebSocket,
    // Whoever follows the feed resumes it with its own cursor and pace.
    retryAttempts: 0,
    connectionAckWaitTimeout: handshakeTimeoutMs,
  });
  const unsubscribe = client.subscribe<{ changes: ChangeBatchWire }>(
    { query: ChangesDocument.toString(), variables: { cursor: options.cursor } },
    { next: options.onNext, error: options.onError, complete: options.onComplete },
  );
  return () => {
    unsubscribe();
    setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, politeMs).unref();
  };
}
