import { TollgateError } from '@tollgate/contract';

/** What is used of an ioredis client or cluster. */
export interface RedisClient {
  readonly status: string;
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(lua: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  ping(): Promise<unknown>;
  connect(): Promise<void>;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/**
 * Waits for a connection that is being made. False: it takes longer than `patienceMs`, which is no failure yet, and
 * nobody waits for it again until it is there or has failed.
 */
export function readiness(client: RedisClient, patienceMs: number): () => Promise<boolean> {
  let pending: Promise<boolean> | undefined;
  return () => {
    if (client.status === 'wait') client.connect().catch(() => undefined);
    if (!['connecting', 'connect'].includes(client.status)) return Promise.resolve(true);
    pending ??= new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, patienceMs, false).unref();
      const settle = (): void => {
        pending = undefined;
        clearTimeout(timer);
        client.off('ready', settle);
        client.off('close', settle);
        resolve(true);
      };
      client.on('ready', settle);
      client.on('close', settle);
    });
    return pending;
  };
}

/** What is sent to a client that is not connected waits in its queue, to arrive when nobody asks for it any more. */
export function assertReady(client: RedisClient): void {
  if (client.status === 'ready') return;
  throw new TollgateError('UNAVAILABLE', `Redis is not connected: ${client.status}`);
}

/** Rejects with TIMEOUT when `work` takes longer. */
export function deadline<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new TollgateError('TIMEOUT', `Redis did not answer within ${ms} ms`));
    // When this process itself was busy, the reply may be here already: it is read before the immediate runs.
    const timer = setTimeout(() => setImmediate(expire), ms).unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
