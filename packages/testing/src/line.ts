import { setTimeout as delay } from 'node:timers/promises';
import {
  type ChangeBatch,
  type ChangeListener,
  type ClockReading,
  type Subscription,
  TollgateError,
  type Transport,
} from '@tollgate/contract';

/** The way from an environment's clients to its engine: it knows what is on it, and can be cut. */
export interface Line {
  /** For any number of clients: closing one of them leaves it open for the others. */
  transport: Transport;
  /** How many calls wait for their answer. */
  underWay(): number;
  isCut(): boolean;
  /**
   * Tells every client that follows the feed the time and, `isChanged`, that what it cached is out of date: what the feed
   * says in a moment anyway, said now.
   */
  tell(clock: ClockReading, isChanged: boolean): void;
  /** The engine cannot be reached any more: calls under way fail, feeds are lost. */
  cut(): void;
  /** Resolves when those who followed the feed follow it again. */
  mend(): Promise<void>;
  /** Resolves when no call is under way, or after a second of waiting for one. */
  idle(): Promise<void>;
}

/** How long to wait for clients that come back. One that was closed during the outage never does. */
const comingBackMs = 2_000;
const idleMs = 1_000;
const pollMs = 5;

interface Follower {
  listener: ChangeListener;
  cursor: string | null;
  /** The way underneath; undefined while the line is cut. */
  opened?: Subscription;
  last?: ChangeBatch;
}

export function lineTo(engine: Transport): Line {
  const followers = new Set<Follower>();
  const calls = new Set<(error: TollgateError) => void>();
  let isCut = false;
  /** How many lost the feed in an outage and have not come back. */
  let lost = 0;

  const open = (follower: Follower): void => {
    follower.opened = engine.subscribe(follower.cursor, {
      onChange: (batch) => {
        if (!followers.has(follower)) return;
        follower.last = batch;
        follower.listener.onChange(batch);
      },
      onEnd: (error) => {
        if (followers.delete(follower)) follower.listener.onEnd(error);
      },
    });
  };

  const lose = (follower: Follower): void => {
    follower.opened?.close();
    if (followers.delete(follower)) follower.listener.onEnd(unreachable());
  };

  const isBack = (): boolean => lost === 0 && [...followers].every(({ last }) => last !== undefined);

  return {
    transport: {
      execute: (operation, variables, options) =>
        new Promise((resolve, reject) => {
          if (isCut) return reject(unreachable());
          const give = (settle: () => void) => {
            calls.delete(reject);
            settle();
          };
          calls.add(reject);
          engine.execute(operation, variables, options).then(
            (reply) => give(() => resolve(reply)),
            (error) => give(() => reject(error)),
          );
        }),
      subscribe: (cursor, listener) => {
        const follower: Follower = { listener, cursor };
        followers.add(follower);
        if (!isCut) open(follower);
        // Who was here before waits for the end of the outage, so that the end is when everybody is back.
        else if (cursor === null) queueMicrotask(() => lose(follower));
        if (cursor !== null && lost > 0) lost -= 1;
        return {
          close: () => {
            followers.delete(follower);
            follower.opened?.close();
          },
        };
      },
    },
    underWay: () => calls.size,
    isCut: () => isCut,
    tell: (clock, isChanged) => {
      const news = { isResync: isChanged, usage: [], wallets: [], grants: [], clock };
      for (const { last, listener } of followers) if (last) listener.onChange({ ...last, ...news });
    },
    cut: () => {
      isCut = true;
      lost = [...followers].filter(({ last }) => last).length;
      for (const reject of calls) reject(unreachable());
      calls.clear();
      for (const follower of [...followers]) lose(follower);
    },
    mend: async () => {
      isCut = false;
      for (const follower of followers) if (!follower.opened) open(follower);
      for (let waitedMs = 0; !isCut && !isBack() && waitedMs < comingBackMs; waitedMs += pollMs) await delay(pollMs);
      lost = 0;
    },
    idle: async () => {
      for (let waitedMs = 0; calls.size > 0 && waitedMs < idleMs; waitedMs += pollMs) await delay(pollMs);
    },
  };
}

const unreachable = (): TollgateError =>
  new TollgateError('UNAVAILABLE', 'the engine cannot be reached: this environment has an outage');
