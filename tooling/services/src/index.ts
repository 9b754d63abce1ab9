export type { Service } from './child.js';
export { freePort, untilReady } from './child.js';
export { type Fresh, type FreshRedis, freshPostgres, freshRedisPrefix } from './fresh.js';
export { type Kept, keptFolder } from './kept.js';
export { pgliteTemplate } from './pglite-template.js';
export { durablePostgres, postgresService } from './postgres.js';
export { redisService, startRedis } from './redis.js';
export { type Served, type ServeOptions, serveTollgate, startProgram } from './serve.js';
