import type { Tollgate, TollgateOptions } from '@tollgate/client';
import type { ChangeBatch, ChangeListener, SharedCache, Transport } from '@tollgate/contract';
import { redisCache } from '@tollgate/redis';
import { freshPostgres, freshRedisPrefix } from '@tollgate/services';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type ClientHost, clientHost } from './client-host.js';
import { creditCatalog } from './credit-catalog.js';
import { feedRedis } from './redis-feed.js';
import type { StorageName } from './storages.js';
import { until } from './until.js';

/** A client, and what passes between it and the engine. */
export interface WatchedClient {
  client: Tollgate;
  /** How often it has asked the engine for anything. */
  calls(): number;
  /** What the feed has told it, in order. */
  batches: ChangeBatch[];
  /** Tells it something of the feed once more. */
  tellAgain(batch: ChangeBatch): void;
}

/** An engine that sells credits, and clients that read of them. */
export interface CreditReaders {
  host: ClientHost;
  /** Manages, and reads nothing. */
  manager: Tollgate;
  reader(options?: TollgateOptions): Promise<WatchedClient>;
  /** A reader that knows nothing of a customer, beside a Redis that does. */
  behindRedis(customerId: string): Promise<WatchedClient>;
  /** A customer with a plan, or with none, and what was granted besides. */
  customer(planId?: string, granted?: number): Promise<string>;
  close(): Promise<void>;
}

export async function creditReaders(storage: StorageName): Promise<CreditReaders> {
  const database = storage === 'Postgres' ? await freshPostgres(inject('postgresUrl')) : undefined;
  const host = await clientHost('embedded', database?.url, creditCatalog);
  const keys = freshRedisPrefix(inject('redisUrl'));
  const redis = new Redis(keys.url);
  // Each cache listens on this one connection.
  redis.setMaxListeners(50);
  const cache = (): SharedCache =>
    redisCache({ client: redis, environmentPrefix: keys.prefix, commandTimeoutMs: 2_000 });
  const stopFeed = await feedRedis(host.stack.environment, host.clock, { redis, prefix: keys.prefix });
  const manager = await host.client();
  const probe = cache();

  const reader = async (options: TollgateOptions = {}): Promise<WatchedClient> => {
    const { transport, ...watched } = watch(host.stack.transport);
    return { client: await host.client({ ...options, transport }), ...watched };
  };
  let last = 0;
  return {
    host,
    manager,
    reader,
    behindRedis: async (customerId) => {
      const first = await host.client({ cache: cache() });
      await first.getEntitlementsStateV2(customerId);
      await until(
        () => probe.read([{ customerId, resourceId: null }]),
        ([found]) => found?.isFresh === true,
      );
      return reader({ cache: cache() });
    },
    customer: async (planId, granted) => {
      const customerId = `customer-${++last}`;
      const subscriptionParams = planId === undefined ? null : { planId, billingPeriod: 'MONTHLY' as const };
      await manager.provisionCustomer({ customerId, subscriptionParams });
      if (granted !== undefined) await manager.grantCredits({ ...promotion, customerId, amount: granted });
      return customerId;
    },
    close: async () => {
      stopFeed();
      await host.close();
      await database?.drop();
      redis.disconnect();
      await keys.drop();
    },
  };
}

/** A gift of credits, but for whom and how many. */
export const promotion = { currencyId: 'ai-credits', displayName: 'A gift', grantType: 'PROMOTIONAL' } as const;

function watch(transport: Transport): Omit<WatchedClient, 'client'> & { transport: Transport } {
  let calls = 0;
  let listening: ChangeListener | undefined;
  const batches: ChangeBatch[] = [];
  return {
    calls: () => calls,
    batches,
    tellAgain: (batch) => listening?.onChange(batch),
    transport: {
      execute: (...call) => {
        calls += 1;
        return transport.execute(...call);
      },
      subscribe: (cursor, listener) => {
        listening = {
          onChange: (batch) => {
            batches.push(batch);
            listener.onChange(batch);
          },
          onEnd: (error) => listener.onEnd(error),
        };
        return transport.subscribe(cursor, listening);
      },
    },
  };
}
