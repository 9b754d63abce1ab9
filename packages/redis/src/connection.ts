import { Redis } from 'ioredis';
import type { ResolvedRedisOptions } from './options.js';
import { isReply, outageBreaker } from './outage-breaker.js';
import { assertReady, deadline, type RedisClient, readiness } from './redis-client.js';
import type { Script } from './scripts.js';

export interface Connection {
  /** Runs a script on its keys, or answers undefined at once while Redis is gone. Never rejects. */
  run(script: Script, keys: readonly string[], ...values: string[]): Promise<{ reply: unknown } | undefined>;
  /** Commands that failed so far, without those that were not sent. */
  errorCount(): number;
  /** Closes the connection, if it is not borrowed. */
  close(): Promise<void>;
}

/**
 * A connection that costs a caller one deadline when Redis goes away, and nothing until it is back. `onError` hears once
 * of each outage. `onLost` hears whenever what was sent may not have arrived.
 */
export function connect(
  options: ResolvedRedisOptions,
  onError: (error: unknown) => void,
  onLost: () => void = () => undefined,
): Connection {
  const owned = options.client ? undefined : ownClient(options);
  const client: RedisClient = options.client ?? (owned as Redis);
  let errorCount = 0;
  let isClosed = false;
  const reportedReplies = new Set<string>();
  const connected = readiness(client, options.commandTimeoutMs);
  const breaker = outageBreaker({
    onOutage: onError,
    probe: async () => {
      await connected();
      assertReady(client);
      await deadline(client.ping(), options.commandTimeoutMs);
    },
  });

  const failed = (error: unknown): void => {
    errorCount += 1;
    // What Redis answers is no outage; the same mistake over and over is reported once.
    const code = isReply(error) ? error.message.split(' ', 1)[0] : undefined;
    if (code === undefined || reportedReplies.has(code)) return;
    reportedReplies.add(code);
    onError(error);
  };

  // An owned client without this listener would print each failed attempt to connect.
  owned?.on('error', () => undefined);
  client.on('close', onLost);

  return {
    run: async (script, keys, ...values) => {
      const isGone = (): boolean => isClosed || breaker.isOpen();
      try {
        if (!isGone() && (await connected()) && !isGone()) {
          const sent = () => deadline(send(client, script, keys, values), options.commandTimeoutMs);
          return { reply: await breaker.execute(sent) };
        }
      } catch (error) {
        if (!isClosed) failed(error);
      }
      onLost();
      return undefined;
    },
    errorCount: () => errorCount,
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      breaker.close();
      client.off('close', onLost);
      owned?.disconnect();
    },
  };
}

async function send(client: RedisClient, script: Script, keys: readonly string[], values: string[]): Promise<unknown> {
  assertReady(client);
  try {
    return await client.evalsha(script.sha, keys.length, ...keys, ...values);
  } catch (error) {
    if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script.lua, keys.length, ...keys, ...values);
  }
}

function ownClient({ url, connection }: ResolvedRedisOptions): Redis {
  const settings = {
    retryStrategy: (attempts: number) => Math.min(attempts * 50, 1000),
    connectTimeout: 1000,
    ...connection,
    // A command that waits in a queue arrives when nobody asks for it any more.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
  return url === undefined ? new Redis(settings) : new Redis(url, settings);
}
