import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CREDIT_DEFAULT_FALLBACK_ENTITLEMENT, Tollgate } from '../src/index.js';

const silent = { logLevel: 'NONE' as const };

function offline(options = {}): Tollgate {
  return Tollgate.initialize({ offline: true, logConfiguration: silent, ...options });
}

describe('an offline client', () => {
  // Node.js tells this channel of every outgoing socket, those of fetch included.
  let sockets = 0;
  const count = (): void => {
    sockets += 1;
  };
  beforeAll(() => subscribe('net.client.socket', count));
  afterAll(() => unsubscribe('net.client.socket', count));
  beforeEach(() => {
    sockets = 0;
  });

  test('would be seen opening a socket', () => {
    connect({ port: 1 }).on('error', () => {});
    expect(sockets).toBe(1);
  });

  test('resolves its initialization, answers fallbacks and opens no socket', async () => {
    const client = offline({
      apiKey: 'any',
      entitlementsFallback: {
        'feature-sso': { hasAccess: true },
        'feature-reports': { hasAccess: true, usageLimit: 5 },
      },
    });
    const params = { customerId: 'acme', featureId: 'feature-sso' };
    expect(await client.waitForInitialization()).toBe(client);
    expect(await client.getBooleanEntitlement(params)).toEqual({
      type: 'BOOLEAN',
      hasAccess: true,
      isFallback: true,
      accessDeniedReason: null,
    });
    expect(
      await client.getMeteredEntitlement({
        customerId: 'acme',
        featureId: 'feature-reports',
        options: { requestedUsage: 2, fallback: { hasAccess: false, usageLimit: 1 } },
      }),
    ).toEqual({
      type: 'METERED',
      hasAccess: false,
      isFallback: true,
      accessDeniedReason: 'Unknown',
      currentUsage: 0,
      usageLimit: 1,
      isUnlimited: false,
      requestedUsage: 2,
      hasSoftLimit: false,
    });
    const { entitlements, accessDeniedReason } = await client.getEntitlementsState('acme');
    expect({ types: entitlements.map(({ type }) => type), accessDeniedReason }).toEqual({
      types: ['BOOLEAN', 'METERED'],
      accessDeniedReason: null,
    });
    await client.close();
    expect(sockets).toBe(0);
  });

  test('answers for credits by fallback too, and opens no socket', async () => {
    const client = offline({
      entitlementsFallback: { 'feature-sso': { hasAccess: true } },
      creditEntitlementsFallback: { 'ai-credits': { hasAccess: true, usageLimit: 25 } },
    });
    const configured = {
      type: 'CREDIT',
      hasAccess: true,
      isFallback: true,
      accessDeniedReason: null,
      currentBalance: 25,
      totalGranted: 25,
      totalConsumed: 0,
      usageLimit: 25,
      currentUsage: 0,
      hasSoftLimit: false,
    };
    const acme = { customerId: 'acme' };
    expect(await client.getCreditEntitlement({ ...acme, currencyId: 'ai-credits' })).toEqual(configured);
    expect(await client.getEntitlementV2({ ...acme, currencyId: 'ai-credits' })).toEqual(configured);
    expect(await client.getCreditEntitlement({ ...acme, currencyId: 'gold' })).toEqual(
      CREDIT_DEFAULT_FALLBACK_ENTITLEMENT,
    );
    const options = { fallback: { hasAccess: false, hasSoftLimit: true } };
    expect(await client.getCreditEntitlement({ ...acme, currencyId: 'ai-credits', options })).toEqual({
      ...CREDIT_DEFAULT_FALLBACK_ENTITLEMENT,
      hasSoftLimit: true,
    });
    const types = async (state: Promise<{ entitlements: { type: string }[]; accessDeniedReason: string | null }>) => {
      const { entitlements, accessDeniedReason } = await state;
      return [...entitlements.map(({ type }) => type), accessDeniedReason];
    };
    expect(await types(client.getEntitlementsStateV2('acme'))).toEqual(['BOOLEAN', 'CREDIT', null]);
    expect(await types(client.getEntitlementsState('acme'))).toEqual(['BOOLEAN', null]);
    const balance = client.getCreditBalance({ ...acme, currencyId: 'ai-credits' });
    await expect(balance).rejects.toMatchObject({ code: 'OFFLINE' });
    await client.close();
    expect(sockets).toBe(0);
  });

  test('echoes reports and accepts events, which go nowhere', async () => {
    const client = offline();
    const usage = { customerId: 'acme', featureId: 'feature-reports', value: '2.5' };
    expect(await client.reportUsage(usage)).toMatchObject({
      customerId: 'acme',
      featureId: 'feature-reports',
      value: 2.5,
      currentUsage: 2.5,
    });
    expect(await client.reportUsageBulk({ usages: [usage, { ...usage, value: 4 }] })).toMatchObject([
      { value: 2.5 },
      { value: 4 },
    ]);
    await client.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'key-1' });
    expect(client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 0 });
    await client.close();
    expect(sockets).toBe(0);
  });

  test('echoes consumptions of credits, and holds nothing', async () => {
    const client = offline();
    const credits = { customerId: 'acme', currencyId: 'ai-credits', amount: '2.5' };
    expect(await client.consumeCredits({ ...credits, idempotencyKey: 'key-1' })).toMatchObject({
      ...credits,
      amount: 2.5,
      credit: { currencyId: 'ai-credits', currentUsage: 0, usageLimit: 0 },
    });
    const hold = client.reserve({ customerId: 'acme', items: [{ currencyId: 'ai-credits', amount: 1 }] });
    await expect(hold).rejects.toMatchObject({ code: 'OFFLINE' });
    const named = { customerId: 'acme', reservationId: 'r1' };
    await expect(client.settleReservation(named)).rejects.toMatchObject({ code: 'OFFLINE' });
    await expect(client.getReservation(named)).rejects.toMatchObject({ code: 'OFFLINE' });
    await client.close();
    expect(sockets).toBe(0);
  });

  test('still refuses what breaks a rule', async () => {
    const client = offline();
    const usage = { customerId: 'acme', featureId: 'feature-reports', value: Number.NaN };
    await expect(client.reportUsage(usage)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'value' });
    await expect(client.reportUsageBulk({ usages: [] })).rejects.toMatchObject({ field: 'usages' });
    await expect(client.reportEvent([])).rejects.toMatchObject({ field: 'events' });
    await client.close();
  });

  test('rejects management calls', async () => {
    const client = offline();
    const offlineError = { code: 'OFFLINE' };
    await expect(client.provisionCustomer({ customerId: 'acme' })).rejects.toMatchObject(offlineError);
    await expect(client.provisionSubscription({ customerId: 'acme', planId: 'p' })).rejects.toMatchObject(offlineError);
    await expect(client.getCustomer('acme')).rejects.toMatchObject(offlineError);
    await expect(client.reloadEntitlements('acme')).rejects.toMatchObject(offlineError);
    await client.close();
    expect(sockets).toBe(0);
  });
});

describe('a getter', () => {
  const spoken: string[] = [];
  const logger = {
    log: () => {},
    debug: () => {},
    error: (_message: string, error?: unknown) => {
      spoken.push(String((error as { field?: string } | undefined)?.field));
    },
  };

  test.each([
    ['an empty customer id', { customerId: '', featureId: 'feature-x' }, 'customerId'],
    ['an empty feature id', { customerId: 'acme', featureId: '' }, 'featureId'],
    ['an empty resource id', { customerId: 'acme', featureId: 'feature-x', resourceId: '' }, 'resourceId'],
    ['an unknown field', { customerId: 'acme', featureId: 'feature-x', feature: 'x' }, 'feature'],
    [
      'NaN',
      { customerId: 'acme', featureId: 'feature-x', options: { requestedUsage: Number.NaN } },
      'options.requestedUsage',
    ],
    [
      'a negative amount',
      { customerId: 'acme', featureId: 'feature-x', options: { requestedUsage: -1 } },
      'options.requestedUsage',
    ],
    [
      'seven places',
      { customerId: 'acme', featureId: 'feature-x', options: { requestedUsage: 1e-7 } },
      'options.requestedUsage',
    ],
  ])('logs %s by the name of the field and answers its fallback', async (_what, params, field) => {
    spoken.length = 0;
    const client = offline({ logConfiguration: { logger } });
    expect(await client.getMeteredEntitlement(params)).toEqual({
      type: 'METERED',
      hasAccess: false,
      isFallback: true,
      accessDeniedReason: 'Unknown',
      currentUsage: 0,
      usageLimit: 0,
      isUnlimited: false,
      hasSoftLimit: false,
    });
    expect(spoken).toEqual([field]);
    await client.close();
  });

  test('takes the fallback of the call before that of the client before the default', async () => {
    const client = offline({ entitlementsFallback: { 'feature-size': { hasAccess: true, value: 25 } } });
    const params = { customerId: 'acme', featureId: 'feature-size' };
    const values = [
      await client.getNumericEntitlement({ ...params, options: { fallback: { hasAccess: true, value: 7 } } }),
      await client.getNumericEntitlement(params),
      await client.getNumericEntitlement({ ...params, featureId: 'feature-other' }),
    ].map(({ value, hasAccess }) => ({ value, hasAccess }));
    expect(values).toEqual([
      { value: 7, hasAccess: true },
      { value: 25, hasAccess: true },
      { value: 0, hasAccess: false },
    ]);
    await client.close();
  });

  test('passes over a fallback of the call that is none', async () => {
    const client = offline({
      logConfiguration: { logger },
      entitlementsFallback: { 'feature-x': { hasAccess: true } },
    });
    const params = { customerId: 'acme', featureId: 'feature-x', options: { fallback: { hasAccess: 'no' } } };
    expect(await client.getBooleanEntitlement(params as never)).toMatchObject({ hasAccess: true, isFallback: true });
    await client.close();
  });
});

describe('a closed client', () => {
  test('answers fallbacks and rejects everything else with CLOSED', async () => {
    const client = offline();
    await Promise.all([client.close(), client.close()]);
    const closed = { code: 'CLOSED' };
    expect(await client.getBooleanEntitlement({ customerId: 'acme', featureId: 'feature-x' })).toMatchObject({
      isFallback: true,
    });
    const usage = { customerId: 'acme', featureId: 'feature-x', value: 1 };
    await expect(client.reportUsage(usage)).rejects.toMatchObject(closed);
    await expect(client.reportEvent({ customerId: 'a', eventName: 'e', idempotencyKey: 'k' })).rejects.toMatchObject(
      closed,
    );
    await expect(client.provisionCustomer({})).rejects.toMatchObject(closed);
    await expect(client.getCustomer('acme')).rejects.toMatchObject(closed);
    await expect(client.reloadEntitlements('acme')).rejects.toMatchObject(closed);
  });
});

test('a client without a key fails its initialization and answers fallbacks', async () => {
  const client = Tollgate.initialize({ logConfiguration: silent });
  const heard: string[] = [];
  client.addListener('apiKeyInvalid', () => heard.push('apiKeyInvalid'));
  client.addListener('initializeFailed', ({ code }) => heard.push(`initializeFailed ${code}`));
  await expect(client.waitForInitialization()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', field: 'apiKey' });
  expect(heard).toEqual(['apiKeyInvalid', 'initializeFailed UNAUTHENTICATED']);
  expect(await client.getBooleanEntitlement({ customerId: 'acme', featureId: 'feature-x' })).toMatchObject({
    hasAccess: false,
    isFallback: true,
  });
  await client.close();
});
