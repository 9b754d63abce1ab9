import type { Soon } from './at-once.js';
import type { Admitted } from './gate-types.js';
import type { Outcome } from './outcome.js';

/** What is needed of a Node response, HTTP/1 or HTTP/2. */
export interface RawResponse {
  readonly statusCode: number;
  readonly writableEnded: boolean;
  readonly destroyed: boolean;
  on(event: 'finish' | 'close', listener: () => void): unknown;
  /** The request it answers. */
  readonly req?: { readonly httpVersionMajor?: number; readonly socket?: RawSocket | null };
}

interface RawSocket {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

export interface ResponseWatch {
  /** True when the response was sent or its connection is gone. */
  isOver(): boolean;
  /**
   * Settles with the outcome of the response, at once if it is over already. Call it when the handler is about to run:
   * a connection that closed before this was closed before the handler.
   */
  settle(admitted: Pick<Admitted, 'settle'>): void;
}

// On the response itself: a weak map with an entry for every response is what the garbage collector is slowest at.
const watchKey = Symbol('tollgate.watch');
type Watched = RawResponse & { [watchKey]?: ResponseWatch };

/**
 * Watches how a response ends, from the first call for it. Call it before the first await, or a connection that closes
 * early is missed. A response that the handler had ended by then was sent; any other was aborted.
 */
export function watchResponse(response: RawResponse): ResponseWatch {
  const watched: Watched = response;
  watched[watchKey] ??= newWatch(response);
  return watched[watchKey];
}

/** Watches a response from now on if something has to be waited for: a connection that closes meanwhile is not missed. */
export function watchedIfWaiting<T>(response: RawResponse, value: Soon<T>): Soon<T> {
  if (value instanceof Promise) watchResponse(response);
  return value;
}

/**
 * Settles what was let in when the response ends. False when it has ended: the handler would work for nobody. A response
 * that nothing is charged for, and that nobody has waited for, is not watched at all.
 */
export function settlesWith(response: RawResponse, admitted: Pick<Admitted, 'isCharged' | 'settle'>): boolean {
  if (!admitted.isCharged && !(response as Watched)[watchKey]) return true;
  const watch = watchResponse(response);
  if (watch.isOver()) return false;
  watch.settle(admitted);
  return true;
}

function newWatch(response: RawResponse): ResponseWatch {
  const { end, watch } = openWatch(() => stopFollowing?.());
  // Whichever comes first. After a normal end `close` follows `finish`, but may overtake it: an ended response is not an
  // abort. And a stream of HTTP/2 that the client resets emits `finish` all the same: one that was not ended is.
  const onOver = (): void => {
    if (response.writableEnded) end({ kind: 'finished', statusCode: response.statusCode });
    else end({ kind: 'aborted', phase: 'in-handler' });
  };
  response.on('finish', onOver);
  response.on('close', onOver);
  // An HTTP/2 response has a stream of its own, which always closes.
  const socket = response.req?.httpVersionMajor === 1 ? response.req.socket : undefined;
  const stopFollowing = socket && followSocket(socket, onOver);
  if (response.destroyed || socket?.destroyed) onOver();
  return watch;
}

/** A watch, and what tells it how the response ended: the first call counts. */
export function openWatch(onEnd: () => void): { watch: ResponseWatch; end(outcome: Outcome): void } {
  const waiting: Pick<Admitted, 'settle'>[] = [];
  let outcome: Outcome | undefined;
  return {
    watch: {
      isOver: () => outcome !== undefined,
      settle(admitted) {
        if (outcome) admitted.settle({ kind: 'aborted', phase: 'before-handler' });
        else waiting.push(admitted);
      },
    },
    end(next) {
      if (outcome) return;
      outcome = next;
      onEnd();
      for (const admitted of waiting.splice(0)) admitted.settle(next);
    },
  };
}

const followersKey = Symbol('tollgate.followers');

/**
 * A pipelined response that still waits for its turn has no socket of its own yet, and Node tells it nothing when the
 * connection goes. One listener per connection, however many responses it carries.
 */
function followSocket(socket: RawSocket, onOver: () => void): () => void {
  const followed: RawSocket & { [followersKey]?: Set<() => void> } = socket;
  const followers = followed[followersKey] ?? new Set();
  if (!followed[followersKey]) {
    followed[followersKey] = followers;
    socket.once('close', () => {
      for (const follower of [...followers]) follower();
    });
  }
  followers.add(onOver);
  return () => followers.delete(onOver);
}
