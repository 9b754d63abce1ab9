import { TollgateError } from '@tollgate/contract';
import type { RedisOptions } from 'ioredis';
import type { RedisClient } from './redis-client.js';

/** What `redisCache` and `redisCacheFeed` take: their own settings, and a client or any ioredis options beside them. */
export interface RedisCacheOptions extends RedisOptions {
  /** An ioredis client or cluster of the application's: borrowed, never closed. Excludes connection options. */
  client?: RedisClient;
  /** A `redis:` or `rediss:` URL, in place of host, port and the rest. */
  url?: string;
  /** First part of every key, so that environments can share a database. The same in clients and in the feed. */
  environmentPrefix: string;
  /** Seconds that an entry lives after its last write. Default 604800 (7 days); negative: entries never expire. */
  ttl?: number;
  /** One process fetches what is missing while the others wait for it. */
  distributedEntitlementsFetching?: {
    /** Every process fetches for itself. Default false. */
    disabled?: boolean;
    /** Waiting beyond `entitlementsTimeout`, in milliseconds. Default 500. */
    notificationBufferMs?: number;
  };
  /** How long the fetch that others wait for may take, in milliseconds. Default 5,000. */
  entitlementsTimeout?: number;
  /** How long one command may take before Redis counts as gone, in milliseconds. Default 100. */
  commandTimeoutMs?: number;
}

export type ResolvedRedisOptions = Readonly<{
  client: RedisClient | undefined;
  url: string | undefined;
  connection: Readonly<RedisOptions>;
  environmentPrefix: string;
  /** Negative: entries never expire. */
  ttlSeconds: number;
  sharesFetches: boolean;
  leaseMs: number;
  commandTimeoutMs: number;
}>;

const defaults = {
  ttl: 604_800,
  notificationBufferMs: 500,
  entitlementsTimeout: 5_000,
  commandTimeoutMs: 100,
};

/** Checks and completes the options. Throws CONFIGURATION, naming the option. */
export function resolveOptions(options: RedisCacheOptions): ResolvedRedisOptions {
  const {
    client,
    url,
    environmentPrefix,
    ttl = defaults.ttl,
    distributedEntitlementsFetching: { disabled = false, notificationBufferMs = defaults.notificationBufferMs } = {},
    entitlementsTimeout = defaults.entitlementsTimeout,
    commandTimeoutMs = defaults.commandTimeoutMs,
    ...connection
  } = options;
  // A brace would move the hash tag, and with it the keys of one customer into different slots.
  if (typeof environmentPrefix !== 'string' || !/^[^{}\s]{1,200}$/.test(environmentPrefix)) {
    throw refused('environmentPrefix', 'is required: 1–200 characters without blanks and braces');
  }
  if (!Number.isInteger(ttl) || ttl === 0) {
    throw refused(
      'ttl',
      'must be a whole number of seconds other than 0; a negative one means that entries never expire',
    );
  }
  positive('distributedEntitlementsFetching.notificationBufferMs', notificationBufferMs);
  positive('entitlementsTimeout', entitlementsTimeout);
  positive('commandTimeoutMs', commandTimeoutMs);
  const [beside] = client ? Object.keys({ ...connection, ...(url === undefined ? {} : { url }) }) : [];
  if (beside) throw refused(beside, 'and client exclude each other: a given client is used as it is');
  return Object.freeze({
    client,
    url,
    connection,
    environmentPrefix,
    ttlSeconds: ttl,
    sharesFetches: !disabled,
    leaseMs: Math.ceil(entitlementsTimeout + notificationBufferMs),
    commandTimeoutMs,
  });
}

function positive(field: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
    throw refused(field, 'must be a number above 0');
}

function refused(field: string, rule: string): TollgateError {
  return new TollgateError('CONFIGURATION', `redis: ${field} ${rule}`, { field });
}
