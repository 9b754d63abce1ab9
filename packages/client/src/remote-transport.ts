import { changeBatchFromWire, fromIso, type Subscription, TollgateError, type Transport } from '@tollgate/contract';
import { timerMaxMs } from './deadline.js';
import { feedSocket } from './feed-socket.js';
import { type GraphQlPost, graphQlPost } from './graphql-post.js';
import { isConnectionCut, requestError, streamError } from './remote-errors.js';

export interface RemoteTransportOptions {
  apiKey: string;
  /** The server's address, without the path of its API. */
  baseUri: string;
  wsUrl: string;
  timeoutMs: number;
  clientName: string;
  clientVersion: string;
  /** Tells one process from another in the server's log. */
  instanceId: string;
}

/** Requests over HTTP, the change feed over a WebSocket. */
export function remoteTransport(options: RemoteTransportOptions): Transport {
  const underWay = new Set<AbortController>();
  let isClosed = false;
  let posts: Promise<GraphQlPost> | undefined;
  const subscriptions = new Set<Subscription>();

  const assertKey = (): void => {
    if (!options.apiKey) throw new TollgateError('UNAUTHENTICATED', 'apiKey is missing', { field: 'apiKey' });
    // No key holds anything else, and a header could not carry it.
    if (/[^!-~]/.test(options.apiKey)) {
      throw new TollgateError('UNAUTHENTICATED', 'apiKey must be printable ASCII without blanks', { field: 'apiKey' });
    }
  };

  return {
    execute: async (operation, variables, { timeoutMs = options.timeoutMs } = {}) => {
      assertKey();
      posts ??= postTo(options);
      const { send } = await posts;
      const abort = new AbortController();
      let isTimeout = false;
      const giveUp = (): void => {
        isTimeout = true;
        abort.abort();
      };
      const timer = setTimeout(giveUp, Math.min(timerMaxMs, timeoutMs));
      underWay.add(abort);
      try {
        if (isClosed) abort.abort();
        const content = { query: operation.toString(), variables };
        const { data, extensions } = await send(content, abort.signal).catch((thrown: unknown) => {
          // A kept connection that the server has closed fails the first request on it.
          if (isConnectionCut(thrown) && mayBeRepeated(content.query)) return send(content, abort.signal);
          throw thrown;
        });
        return { data: data as never, clock: clockOf(extensions) };
      } catch (thrown) {
        if (isClosed) throw new TollgateError('CLOSED', 'the transport was closed');
        throw requestError(thrown, isTimeout ? timeoutMs : undefined);
      } finally {
        clearTimeout(timer);
        underWay.delete(abort);
      }
    },
    subscribe: (cursor, listener) => {
      let stop: (() => void) | undefined;
      let isOver = false;
      const end = (error: TollgateError | null): void => {
        if (isOver) return;
        subscription.close();
        listener.onEnd(error);
      };
      const begin = async (): Promise<void> => {
        assertKey();
        const opened = await feedSocket({
          ...options,
          cursor,
          onNext: ({ data, errors }) => {
            if (isOver) return;
            if (data) listener.onChange(changeBatchFromWire(data.changes));
            else end(streamError(errors ?? []));
          },
          onError: (thrown) => end(streamError(thrown)),
          onComplete: () => end(null),
        });
        if (isOver) opened();
        else stop = opened;
      };
      begin().catch((thrown: unknown) => end(thrown instanceof TollgateError ? thrown : streamError(thrown)));
      const subscription: Subscription = {
        close: () => {
          isOver = true;
          stop?.();
          subscriptions.delete(subscription);
        },
      };
      subscriptions.add(subscription);
      return subscription;
    },
    close: async () => {
      isClosed = true;
      for (const abort of underWay) abort.abort();
      for (const subscription of subscriptions) subscription.close();
      void posts?.then(
        (post) => post.close(),
        () => {},
      );
    },
  };
}

/** Queries change nothing; hot operations and grants carry ids of their own, by which a repetition does nothing again. */
function mayBeRepeated(text: string): boolean {
  return /^\s*(query\b|mutation (HotOperations|GrantCredits)\b)/.test(text);
}

function postTo({ apiKey, baseUri, clientName, clientVersion, instanceId }: RemoteTransportOptions) {
  return graphQlPost(`${baseUri}/graphql`, {
    'x-api-key': apiKey,
    'x-sdk-name': clientName,
    'x-sdk-version': clientVersion,
    'x-sdk-instance-id': instanceId,
  });
}

function clockOf(extensions: unknown): { now: number; isFrozen: boolean } {
  const { now, isClockFrozen } = (extensions ?? {}) as { now?: unknown; isClockFrozen?: unknown };
  const instant = typeof now === 'string' ? fromIso(now) : Number.NaN;
  if (Number.isNaN(instant)) throw new TollgateError('UNAVAILABLE', 'what answered is no Tollgate server: no clock');
  return { now: instant, isFrozen: isClockFrozen === true };
}
