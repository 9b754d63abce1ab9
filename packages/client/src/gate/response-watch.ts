import type { Soon } from './at-once.js';
import type { Admitted } from './gate-types.js';
import type { Outcome } from './outcome.js';

/** What is needed of a Node response, HTTP/1 or HTTP/2. */
export interface RawResponse {
  readonly statusCode: number;
  readonly writableEnded: boolean;
  readonly destroyed: boolean;
  /** HTTP/1: null while responses before it on the same connection are not over. */
  readonly socket?: { readonly destroyed: boolean } | null;
  on(event: 'close', listener: () => void): unknown;
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

/**
 * Watches how a response ends, from this call on. Call it before the first await, or a connection that closes early is
 * missed. A response that the handler had ended by then was sent; any other was aborted.
 */
export function watchResponse(response: RawResponse): ResponseWatch {
  return new WatchedResponse(response);
}

/** What an adapter keeps of a request, with the watch over its response once there is a reason for one. */
export interface Watching {
  watch: ResponseWatch | undefined;
}

/** Watches a response from now on if something has to be waited for: a connection that closes meanwhile is not missed. */
export function watchedIfWaiting<T>(state: Watching, response: RawResponse, value: Soon<T>): Soon<T> {
  if (value instanceof Promise) state.watch ??= watchResponse(response);
  return value;
}

/**
 * Settles what was let in when the response ends. False when it has ended: the handler would work for nobody. A response
 * that nothing is charged for, and that nobody has waited for, is not watched at all.
 */
export function settlesWith(
  state: Watching,
  response: RawResponse,
  admitted: Pick<Admitted, 'isCharged' | 'settle'>,
): boolean {
  if (!admitted.isCharged && !state.watch) return true;
  state.watch ??= watchResponse(response);
  if (state.watch.isOver()) return false;
  state.watch.settle(admitted);
  return true;
}

/** With one more; an array is made as large as it has to be, since nearly every request has one of each. */
export function withOne<T>(list: readonly T[], one: T): readonly T[] {
  return list.length === 0 ? [one] : [...list, one];
}

const nobody: readonly Pick<Admitted, 'settle'>[] = [];

/** A watch that is told how it ended: the first word counts. Classes, since one is made for every request that is charged. */
export class OpenWatch implements ResponseWatch {
  private outcome: Outcome | undefined;
  private waiting = nobody;

  isOver(): boolean {
    return this.outcome !== undefined;
  }

  settle(admitted: Pick<Admitted, 'settle'>): void {
    if (this.outcome) admitted.settle({ kind: 'aborted', phase: 'before-handler' });
    else this.waiting = withOne(this.waiting, admitted);
  }

  end(outcome: Outcome): void {
    if (this.outcome) return;
    this.outcome = outcome;
    for (const admitted of this.waiting) admitted.settle(outcome);
  }
}

class WatchedResponse extends OpenWatch {
  private readonly stopFollowing: (() => void) | undefined;

  constructor(private readonly response: RawResponse) {
    super();
    // `close` follows `finish`, and comes without it when the connection breaks: one listener sees both.
    const onOver = (): void => this.over();
    response.on('close', onOver);
    const { socket } = response;
    // Who has a connection is told of its end by Node. An HTTP/2 response has a stream of its own, which always closes.
    const waitsFor = !socket && response.req?.httpVersionMajor === 1 ? response.req.socket : undefined;
    if (waitsFor) this.stopFollowing = followSocket(waitsFor, onOver);
    if (response.destroyed || (socket ?? waitsFor)?.destroyed) this.over();
  }

  // An ended response is not an abort, whether or not all of it had left. And a stream of HTTP/2 that the client resets
  // emits `finish` all the same: one that was not ended is.
  private over(): void {
    this.stopFollowing?.();
    const { statusCode, writableEnded } = this.response;
    this.end(writableEnded ? { kind: 'finished', statusCode } : { kind: 'aborted', phase: 'in-handler' });
  }
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
