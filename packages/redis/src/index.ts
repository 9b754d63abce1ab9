export type { RedisCacheOptions } from './options.js';
export { type RedisCache, redisCache } from './redis-cache.js';
export { type RedisCacheFeed, redisCacheFeed } from './redis-cache-feed.js';
export type { RedisClient } from './redis-client.js';
