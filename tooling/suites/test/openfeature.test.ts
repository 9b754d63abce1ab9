import { type Client, type EventDetails, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk';
import type { Tollgate } from '@tollgate/client';
import type { CatalogDocument } from '@tollgate/contract';
import { TollgateProvider } from '@tollgate/openfeature';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually, type GateBench, openGateBench, suiteNow } from '../src/gate-bench.js';
import { gateCatalog } from '../src/gate-catalog.js';
import { cachedAndCutOff } from '../src/gate-reserve-suite.js';
import { honoVariant } from '../src/hono-variant.js';

describe('the provider for OpenFeature', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await openGateBench(honoVariant, inject('postgresUrl'));
  });
  afterEach(() => OpenFeature.clearProviders());
  afterAll(() => bench?.close());

  let domains = 0;
  async function flagsOf(client: Tollgate): Promise<Client> {
    domains += 1;
    await OpenFeature.setProviderAndWait(`domain-${domains}`, new TollgateProvider({ client }));
    return OpenFeature.getClient(`domain-${domains}`);
  }
  const onPlan = async (planId?: string) => ({ targetingKey: await bench.newCustomer(planId) });

  describe('reads', () => {
    test('any feature as a yes or no, and says whether the cache answered', async () => {
      const flags = await flagsOf(bench.client);
      const pro = await onPlan('plan-pro');
      expect(await flags.getBooleanDetails('feature-sso', false, pro)).toMatchObject({
        value: true,
        reason: expect.stringMatching(/^(TARGETING_MATCH|CACHED)$/),
        flagMetadata: { hasAccess: true, isFallback: false },
      });
      expect((await flags.getBooleanDetails('feature-sso', false, pro)).reason).toBe('CACHED');
      expect(await flags.getBooleanValue('feature-upload', false, pro)).toBe(true);
      expect(await flags.getBooleanDetails('feature-sso', true, await onPlan('plan-free'))).toMatchObject({
        value: false,
        flagMetadata: { accessDeniedReason: 'NoFeatureEntitlementInSubscription' },
      });
    });

    test('past the cache as TARGETING_MATCH', async () => {
      const fresh = bench.newClient({ transport: bench.stack.transport });
      const flags = await flagsOf(fresh);
      const details = await flags.getBooleanDetails('feature-sso', false, await onPlan('plan-pro'));
      expect([details.value, details.reason]).toEqual([true, 'TARGETING_MATCH']);
    });

    test('a number as its value, a metered feature as what is left, and no limit as Infinity', async () => {
      const flags = await flagsOf(bench.client);
      const free = await onPlan('plan-free');
      expect(await flags.getNumberValue('feature-upload', -1, free)).toBe(10);
      expect(await flags.getNumberValue('feature-reports', -1, free)).toBe(3);
      const usage = { customerId: free.targetingKey, featureId: 'feature-reports' };
      await bench.client.reportUsage({ ...usage, value: 2 });
      expect(await flags.getNumberDetails('feature-reports', -1, free)).toMatchObject({
        value: 1,
        flagMetadata: { currentUsage: 2, usageLimit: 3, hasSoftLimit: false },
      });
      await bench.client.reportUsage({ ...usage, value: 1 });
      expect(await flags.getNumberDetails('feature-reports', -1, free)).toMatchObject({
        value: 0,
        flagMetadata: { accessDeniedReason: 'RequestedUsageExceedingLimit' },
      });
      expect(await flags.getBooleanValue('feature-reports', true, free)).toBe(false);
      expect(await flags.getNumberValue('feature-chat', -1, await onPlan('plan-credits'))).toBe(
        Number.POSITIVE_INFINITY,
      );
    });

    test('an enum as its values, and what is not granted as the empty value, never as the default', async () => {
      const flags = await flagsOf(bench.client);
      expect(await flags.getStringValue('feature-export', 'xlsx', await onPlan('plan-free'))).toBe('pdf');
      const nothing = await onPlan();
      expect(await flags.getStringDetails('feature-export', 'xlsx', nothing)).toMatchObject({
        value: '',
        flagMetadata: { accessDeniedReason: 'NoActiveSubscription' },
      });
      expect(await flags.getNumberValue('feature-upload', 7, nothing)).toBe(0);
    });

    test('the whole entitlement as an object, which is JSON', async () => {
      const flags = await flagsOf(bench.client);
      expect(await flags.getObjectValue('feature-reports', {}, await onPlan('plan-free'))).toMatchObject({
        type: 'METERED',
        hasAccess: true,
        usageLimit: 3,
        usagePeriodEnd: '2026-02-01T00:00:00.000Z',
      });
    });

    test('for the resource that the context names', async () => {
      const flags = await flagsOf(bench.client);
      const perSite: CatalogDocument = {
        ...gateCatalog,
        products: { ...gateCatalog.products, 'product-sites': { displayName: 'Sites', multipleSubscriptions: true } },
        plans: {
          ...gateCatalog.plans,
          'plan-site': {
            displayName: 'Site',
            productId: 'product-sites',
            pricingType: 'FREE',
            entitlements: { 'feature-sso': true },
          },
        },
      };
      await bench.stack.environment.applyCatalog(perSite, { dryRun: false }, suiteNow);
      const customer = await onPlan();
      const resourceId = 'site-1';
      await bench.client.provisionSubscription({ customerId: customer.targetingKey, planId: 'plan-site', resourceId });
      expect(await flags.getBooleanValue('feature-sso', false, { ...customer, resourceId })).toBe(true);
      expect(await flags.getBooleanValue('feature-sso', true, customer)).toBe(false);
    });
  });

  describe('answers the default, and says why, for', () => {
    test.each([
      ['no targeting key', 'TARGETING_KEY_MISSING', 'feature-sso', {}],
      ['an id that no customer can have', 'INVALID_CONTEXT', 'feature-sso', { targetingKey: 'a\nb' }],
      ['a resource that is not an id', 'INVALID_CONTEXT', 'feature-sso', { targetingKey: 'acme', resourceId: 7 }],
      ['a feature that the catalog does not have', 'FLAG_NOT_FOUND', 'feature-ssso', { targetingKey: 'acme' }],
    ])('%s', async (_, errorCode, featureId, context) => {
      const flags = await flagsOf(bench.client);
      const details = await flags.getBooleanDetails(featureId, true, context);
      expect(details).toMatchObject({ value: true, reason: 'ERROR', errorCode });
    });

    test.each(['plan-pro', 'plan-free'])('a feature of another kind, granted or not: %s', async (planId) => {
      const flags = await flagsOf(bench.client);
      const details = await flags.getNumberDetails('feature-sso', 5, await onPlan(planId));
      expect(details).toMatchObject({ value: 5, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
    });
  });

  describe('without an engine', () => {
    async function lost(entitlementsFallback = {}): Promise<Tollgate> {
      const server = await bench.stack.listen({ port: 0 });
      const apiKey = await bench.stack.createApiKey();
      const client = bench.newClient({ entitlementsFallback, apiKey, baseUri: server.url, entitlementsTimeout: 500 });
      await client.waitForInitialization();
      await server.close();
      return client;
    }

    test('an unknown state is an error with the default, never a plain no', async () => {
      const flags = await flagsOf(await lost());
      const details = await flags.getBooleanDetails('feature-sso', true, await onPlan('plan-pro'));
      expect(details).toMatchObject({ value: true, reason: 'ERROR', errorCode: 'GENERAL' });
      expect(details.flagMetadata).toMatchObject({ isFallback: true });
    });

    test('a configured fallback answers as DEFAULT, where it says something of that kind', async () => {
      const flags = await flagsOf(await lost({ 'feature-reports': { hasAccess: true, usageLimit: 2 } }));
      const customer = await onPlan('plan-pro');
      const details = await flags.getNumberDetails('feature-reports', -1, customer);
      expect(details).toMatchObject({ value: 2, reason: 'DEFAULT', flagMetadata: { isFallback: true } });
      expect(await flags.getStringDetails('feature-reports', '?', customer)).toMatchObject({
        value: '?',
        reason: 'ERROR',
      });
    });

    test('what is cached answers as STALE, and so does the provider', async () => {
      const customer = await onPlan('plan-pro');
      const client = await cachedAndCutOff(bench, customer.targetingKey);
      const flags = await flagsOf(client);
      await eventually(async () => (await flags.getBooleanDetails('feature-sso', false, customer)).reason).toBe(
        'STALE',
      );
      expect(await flags.getBooleanValue('feature-sso', false, customer)).toBe(true);
      expect(flags.providerStatus).toBe(ProviderStatus.STALE);
    });
  });

  test('a key that the engine refuses is fatal', async () => {
    const server = await bench.stack.listen({ port: 0 });
    const client = bench.newClient({ apiKey: 'wrong', baseUri: server.url });
    await expect(OpenFeature.setProviderAndWait('fatal', new TollgateProvider({ client }))).rejects.toThrow();
    expect(OpenFeature.getClient('fatal').providerStatus).toBe(ProviderStatus.FATAL);
    await server.close();
  });

  test('tells which flags changed, by whoever changed them', async () => {
    const flags = await flagsOf(bench.client);
    const customer = await onPlan('plan-free');
    const changed: (string[] | undefined)[] = [];
    flags.addHandler(ProviderEvents.ConfigurationChanged, (details?: EventDetails<ProviderEvents>) => {
      changed.push((details as { flagsChanged?: string[] } | undefined)?.flagsChanged);
    });
    expect(await flags.getBooleanValue('feature-sso', true, customer)).toBe(false);
    const other = bench.newClient({ transport: bench.stack.transport });
    const { targetingKey: customerId } = customer;
    await other.reportUsage({ customerId, featureId: 'feature-reports', value: 1 });
    await eventually(() => changed).toContainEqual(['feature-reports']);
    await other.provisionSubscription({ customerId, planId: 'plan-pro' });
    await eventually(() => changed.some((features) => features?.includes('feature-sso'))).toBe(true);
    expect(await flags.getBooleanValue('feature-sso', false, customer)).toBe(true);
  });

  test('closes a client that it opened, and no other', async () => {
    const question = { customerId: await bench.newCustomer('plan-pro'), featureId: 'feature-sso' };
    const logConfiguration = { logLevel: 'NONE' } as const;
    const owned = new TollgateProvider({ client: { transport: bench.stack.transport, logConfiguration } });
    await OpenFeature.setProviderAndWait('owned', owned);
    expect((await owned.client.getBooleanEntitlement(question)).isFallback).toBe(false);
    await flagsOf(bench.client);
    await OpenFeature.clearProviders();
    expect((await owned.client.getBooleanEntitlement(question)).isFallback).toBe(true);
    expect((await bench.client.getBooleanEntitlement(question)).isFallback).toBe(false);
  });
});
