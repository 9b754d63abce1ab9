import { describe, expect, it } from 'vitest';
import { type RedisCacheOptions, redisCache, redisCacheFeed } from '../src/index.js';

const refusals: [string, Partial<Record<keyof RedisCacheOptions, unknown>>, string][] = [
  ['no prefix', { environmentPrefix: undefined }, 'environmentPrefix'],
  ['an empty prefix', { environmentPrefix: '' }, 'environmentPrefix'],
  ['a prefix that would move the hash tag', { environmentPrefix: 'a{b}' }, 'environmentPrefix'],
  ['a ttl of 0', { ttl: 0 }, 'ttl'],
  ['a ttl that is not a number', { ttl: Number.NaN }, 'ttl'],
  ['a ttl of half a second', { ttl: 0.5 }, 'ttl'],
  ['an endless ttl', { ttl: Number.POSITIVE_INFINITY }, 'ttl'],
  ['a deadline of 0', { commandTimeoutMs: 0 }, 'commandTimeoutMs'],
  ['a negative waiting time', { entitlementsTimeout: -1 }, 'entitlementsTimeout'],
  [
    'a buffer that is no number',
    { distributedEntitlementsFetching: { notificationBufferMs: 'soon' } },
    'distributedEntitlementsFetching.notificationBufferMs',
  ],
  ['a client and a host', { client: {}, host: 'localhost' }, 'host'],
  ['a client and a URL', { client: {}, url: 'redis://localhost' }, 'url'],
];

describe.each([
  ['redisCache', redisCache],
  ['redisCacheFeed', redisCacheFeed],
])('%s', (_, open) => {
  it.each(refusals)('refuses %s by name, before it connects', (_title, options, field) => {
    expect(() => open({ environmentPrefix: 'test', ...options } as RedisCacheOptions)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', field }),
    );
  });
});
