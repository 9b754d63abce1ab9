import { describe, inject } from 'vitest';
import { clientHost } from '../src/client-host.js';
import { clientSharedCacheSuite } from '../src/client-shared-cache-suite.js';

describe('a client with a shared cache', () => {
  clientSharedCacheSuite(() => clientHost('remote'), inject('redisUrl'));
});
