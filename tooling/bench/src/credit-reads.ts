import { Tollgate } from '@tollgate/client';
import { redisCache } from '@tollgate/redis';
import { type BenchStage, withCredits } from './bench-stage.js';
import type { Figure } from './figure.js';
import { medianMs } from './load.js';

const CALLS = 2000;
const customerId = 'reader';
const question = { customerId, currencyId: 'credits' };

/** A credit check from memory and from Redis, beside asking the server each time. */
export async function creditReadFigures(stage: BenchStage): Promise<Figure[]> {
  const { client, redis, serverUrl: baseUri, apiKey } = stage;
  await withCredits(stage, customerId);
  const cache = redisCache({ url: redis.url, environmentPrefix: redis.prefix });
  // So little memory that nothing stays in it.
  const shared = Tollgate.initialize({
    baseUri,
    apiKey,
    cache,
    memoryCacheMaxSizeBytes: 1,
    realtimeUpdatesEnabled: false,
  });
  try {
    const granted = async (asked: Tollgate): Promise<void> => {
      const { hasAccess, isFallback } = await asked.getCreditEntitlement(question);
      if (!hasAccess || isFallback) throw new Error('the credits of the bench are not seen');
    };
    const fromMemory = await medianMs(CALLS, () => granted(client));
    const fromRedis = await medianMs(CALLS, () => granted(shared));
    const asked = await medianMs(CALLS / 10, () => client.reloadEntitlements(customerId));
    const beside = 'asking the server over HTTP';
    return [
      { what: 'a warm `getCreditEntitlement` from memory', unit: 'ms', ours: fromMemory, beside, theirs: asked },
      { what: 'a warm `getCreditEntitlement` from Redis', unit: 'ms', ours: fromRedis, beside, theirs: asked },
    ];
  } finally {
    await shared.close({ deadlineMs: 0 });
  }
}
