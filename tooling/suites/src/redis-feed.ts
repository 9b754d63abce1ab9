import { numbersByKey, type Subscription } from '@tollgate/contract';
import type { EnvironmentEngine } from '@tollgate/engine';
import { redisCacheFeed } from '@tollgate/redis';
import type { Redis } from 'ioredis';

/** Feeds a prefix of Redis as a server does, so that its entries are trusted. Resolves, when that has begun, with its end. */
export async function feedRedis(
  environment: Pick<EnvironmentEngine, 'follow'>,
  clock: { now(): number },
  { redis, prefix }: { redis: Redis; prefix: string },
): Promise<() => void> {
  const feed = redisCacheFeed({ client: redis, environmentPrefix: prefix, commandTimeoutMs: 2_000 });
  let following: Subscription | undefined;
  await new Promise<void>((resolve, reject) => {
    following = environment.follow(null, {
      onBatch: async (batch) => {
        try {
          for (const { key, parts } of numbersByKey(batch)) await feed.writeNumbers(key, parts);
          for (const { key, version } of batch.grants) await feed.invalidate(key, version);
          await feed.renewFreshness({ ...batch, clock: { now: clock.now(), isFrozen: true } });
          resolve();
        } catch (error) {
          reject(error);
        }
      },
      onEnd: () => {},
    });
  });
  return () => following?.close();
}
