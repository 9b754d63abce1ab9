import { describe, expect, test } from 'vitest';
import { resolveOptions, type TollgateOptions } from '../src/options.js';

const refusal = (options: object, environment = {}): unknown => {
  try {
    resolveOptions(options as TollgateOptions, environment);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the options', () => {
  test('have the documented defaults', () => {
    const options = resolveOptions({ apiKey: 'key' }, {});
    expect(options).toMatchObject({
      apiKey: 'key',
      baseUri: 'http://127.0.0.1:4210',
      wsUrl: 'ws://127.0.0.1:4210/graphql',
      isRealtime: true,
      memoryCacheMaxSizeBytes: 67_108_864,
      timeoutMs: 10_000,
      entitlementsTimeoutMs: 5_000,
      isOffline: false,
      fallbackOnMissingEntitlement: false,
    });
    expect(Object.isFrozen(options)).toBe(true);
  });

  test('take the address from TOLLGATE_URL unless baseUri is given', () => {
    const environment = { TOLLGATE_URL: 'https://tollgate.example/' };
    expect(resolveOptions({ apiKey: 'key' }, environment)).toMatchObject({
      baseUri: 'https://tollgate.example',
      wsUrl: 'wss://tollgate.example/graphql',
    });
    expect(resolveOptions({ apiKey: 'key', baseUri: 'http://other:1' }, environment).baseUri).toBe('http://other:1');
  });

  test.each([
    ['an option that does not exist', { apikey: 'key' }, 'apikey'],
    ['an address that is none', { apiKey: 'key', baseUri: 'tollgate' }, 'baseUri'],
    ['a timeout of nothing', { apiKey: 'key', timeout: 0 }, 'timeout'],
    ['a timeout that is no number', { apiKey: 'key', entitlementsTimeout: Number.NaN }, 'entitlementsTimeout'],
    ['a cache of negative size', { apiKey: 'key', memoryCacheMaxSizeBytes: -1 }, 'memoryCacheMaxSizeBytes'],
    ['a switch that is a word', { apiKey: 'key', offline: 'yes' }, 'offline'],
    ['a key that is no text', { apiKey: 7 }, 'apiKey'],
    ['an unknown log level', { apiKey: 'key', logConfiguration: { logLevel: 'WARN' } }, 'logConfiguration.logLevel'],
    ['a fallback without hasAccess', { entitlementsFallback: { a: {} } }, 'entitlementsFallback.a.hasAccess'],
    [
      'a fallback with an unknown field',
      { entitlementsFallback: { a: { hasAccess: true, limit: 3 } } },
      'entitlementsFallback.a.limit',
    ],
    [
      'a credit fallback that is none',
      { creditEntitlementsFallback: { gold: { hasAccess: 'yes' } } },
      'creditEntitlementsFallback.gold.hasAccess',
    ],
  ])('refuse %s by name', (_what, options, field) => {
    expect(refusal(options)).toMatchObject({ code: 'CONFIGURATION', field });
  });

  test('say what to use in place of redis', () => {
    expect(refusal({ apiKey: 'key', redis: { host: 'localhost' } })).toMatchObject({
      code: 'CONFIGURATION',
      field: 'redis',
      message: expect.stringContaining('cache: redisCache({'),
    });
  });

  test.each(['apiKey', 'baseUri', 'wsUrl'])('refuse a transport together with %s', (name) => {
    expect(refusal({ transport: {}, [name]: 'http://localhost' })).toMatchObject({
      code: 'CONFIGURATION',
      field: name,
    });
  });

  test('accept options of the hosted product that mean nothing here, with one debug line', () => {
    const lines: string[] = [];
    const logger = { log: () => {}, error: () => {}, debug: (message: string) => lines.push(message) };
    resolveOptions({
      apiKey: 'key',
      enableEdge: true,
      baseEdgeUri: 'https://edge.example',
      enableRemoteConfig: true,
      logConfiguration: { logger, logLevel: 'ALL' },
    });
    expect(lines).toEqual(['accepted and ignored: enableEdge, baseEdgeUri, enableRemoteConfig']);
  });

  test('do not follow later changes of what was handed over', () => {
    const fallback = { hasAccess: true };
    const options = resolveOptions({ apiKey: 'key', entitlementsFallback: { 'feature-sso': fallback } }, {});
    fallback.hasAccess = false;
    expect(options.entitlementsFallback.get('feature-sso')).toEqual({ hasAccess: true });
  });
});
