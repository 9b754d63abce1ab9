import { Tollgate } from '@tollgate/client';
import { redisCache } from '@tollgate/redis';
import { embedded } from '@tollgate/server/embedded';
import catalog from './tollgate.catalog.js';

/**
 * A server when `TOLLGATE_URL` names one (the key is in `TOLLGATE_API_KEY`), with a cache that all processes share when
 * `REDIS_URL` names a Redis too; else an engine inside this process, on a PGlite database in memory.
 */
export function createClient(): Tollgate {
  const { TOLLGATE_URL: baseUri, TOLLGATE_API_KEY: apiKey = '', REDIS_URL: url } = process.env;
  if (!baseUri) return Tollgate.initialize({ transport: embedded({ database: 'memory', catalog }) });
  if (!url) return Tollgate.initialize({ apiKey, baseUri });
  return Tollgate.initialize({ apiKey, baseUri, cache: redisCache({ url, environmentPrefix: 'development' }) });
}
