import { gatePortKey, type Tollgate } from '@tollgate/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClientHost, usageHeard } from './client-host.js';
import { until } from './until.js';

/** What a remote client does while the server is away, silent, or refuses the key. */
export function clientOutageSuite(open: () => Promise<ClientHost>): void {
  let host: ClientHost;
  beforeAll(async () => {
    host = await open();
  });
  beforeEach(async () => {
    // Connections that a test left dead must not be taken up again by the next one.
    host.proxy.cut();
    await host.proxy.open();
  });
  afterAll(() => host.close());

  const upload = (client: Tollgate, customerId: string, options = {}) =>
    client.getNumericEntitlement({ customerId, featureId: 'feature-upload', options });
  const projects = (client: Tollgate, customerId: string) =>
    client.getMeteredEntitlement({ customerId, featureId: 'feature-projects' });

  describe('while the server is gone', () => {
    test('what is cached answers, and is no fallback', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await upload(client, customerId);
      const lost = new Promise((resolve) => client.addListener('networkRequestFailed', resolve));
      await host.proxy.refuse();
      await lost;
      expect(await upload(client, customerId)).toMatchObject({ hasAccess: true, value: 5, isFallback: false });
    });

    test('its status says so, what waits is counted, and when the server is back it is fresh again', async () => {
      await host.proxy.refuse();
      const client = host.connect();
      const status = () => client.status();
      expect(status()).toEqual({ state: 'fallback', waiting: 0, deadLetters: 0 });
      await host.proxy.open();
      await until(status, ({ state }) => state === 'fresh');
      await host.proxy.refuse();
      await until(status, ({ state }) => state === 'stale');
      await client.reportEvent({ customerId: 'acme', eventName: 'call', idempotencyKey: 'k' });
      expect(status()).toEqual({ state: 'stale', waiting: 1, deadLetters: 0 });
      await client.close({ deadlineMs: 1 });
      expect(status().state).toBe('fallback');
    });

    test('what is not cached is answered by a fallback, never by a no of its own', async () => {
      const client = await host.client({ entitlementsFallback: { 'feature-upload': { hasAccess: true, value: 1 } } });
      const customerId = await host.customer();
      await host.proxy.refuse();
      expect(await upload(client, customerId)).toMatchObject({ hasAccess: true, value: 1, isFallback: true });
      expect(await projects(client, customerId)).toMatchObject({
        hasAccess: false,
        isFallback: true,
        accessDeniedReason: 'Unknown',
      });
    });

    test('credits that are cached answer, and others by the fallback of their currency', async () => {
      const configured = { creditEntitlementsFallback: { credits: { hasAccess: true, usageLimit: 5 } } };
      const client = await host.client(configured);
      const [known, unknown] = [await host.customer(), await host.customer()];
      const read = (customerId: string) => client.getCreditEntitlement({ customerId, currencyId: 'credits' });
      const gift = { amount: 100, displayName: 'A gift', grantType: 'PROMOTIONAL', currencyId: 'credits' } as const;
      await client.grantCredits({ ...gift, customerId: known });
      await read(known);
      const lost = new Promise((resolve) => client.addListener('networkRequestFailed', resolve));
      await host.proxy.refuse();
      await lost;
      expect(await read(known)).toMatchObject({ currentBalance: 100, isFallback: false });
      expect(await read(unknown)).toMatchObject({ hasAccess: true, currentBalance: 5, isFallback: true });
    });

    test('reports and management calls reject as unavailable', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await host.proxy.refuse();
      const unavailable = { code: 'UNAVAILABLE' };
      const usage = { customerId, featureId: 'feature-projects', value: 1 };
      await expect(client.reportUsage(usage)).rejects.toMatchObject(unavailable);
      await expect(client.getCustomer(customerId)).rejects.toMatchObject(unavailable);
      await expect(client.provisionCustomer({ customerId })).rejects.toMatchObject(unavailable);
      await expect(client.reloadEntitlements(customerId)).rejects.toMatchObject(unavailable);
    });

    test('a new client fails its initialization, and works once the server is there', async () => {
      const customerId = await host.customer();
      await host.proxy.refuse();
      const client = host.connect();
      const failed = new Promise((resolve) => client.addListener('initializeFailed', resolve));
      await expect(client.waitForInitialization()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await failed).toMatchObject({ code: 'UNAVAILABLE' });
      expect((await upload(client, customerId)).isFallback).toBe(true);
      await host.proxy.open();
      await until(
        () => upload(client, customerId),
        ({ isFallback }) => !isFallback,
      );
    });
  });

  describe('after a loss', () => {
    test('a query on a connection that was cut meanwhile is asked again, on another one', async () => {
      const client = await host.client({ realtimeUpdatesEnabled: false });
      const customerId = await host.customer();
      await client.getCustomer(customerId);
      host.proxy.cut();
      expect((await client.getCustomer(customerId)).customerId).toBe(customerId);
    });

    test('so is a report, which counts once all the same', async () => {
      const client = await host.client({ realtimeUpdatesEnabled: false });
      const customerId = await host.customer();
      const report = () => client.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
      await report();
      host.proxy.cut();
      expect((await report()).currentUsage).toBe(2);
    });

    test('the feed resumes: what changed meanwhile arrives, and what did not is not asked for again', async () => {
      const client = await host.client();
      const [changed, unchanged] = [await host.customer(), await host.customer()];
      await Promise.all([projects(client, changed), projects(client, unchanged)]);
      const before = host.snapshotReads(unchanged);
      const lost = new Promise((resolve) => client.addListener('networkRequestFailed', resolve));
      await host.proxy.refuse();
      await lost;
      const usage = {
        customerId: changed,
        featureId: 'feature-projects',
        value: '2',
        updateBehavior: 'DELTA' as const,
      };
      await host.stack.environment.reportUsage([{ ...usage, isCreatedAtFilledIn: false }], host.clock.now());
      const heard = usageHeard(client, changed);
      await host.proxy.open();
      expect(await heard).toMatchObject({ customerId: changed, currentUsage: 2 });
      expect((await projects(client, changed)).currentUsage).toBe(2);
      expect((await projects(client, unchanged)).currentUsage).toBe(0);
      expect(host.snapshotReads(unchanged)).toBe(before);
    });

    test('a connection that died without a word is noticed, and another one made', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await projects(client, customerId);
      host.proxy.swallow();
      const view = () => client[gatePortKey].viewNow({ customerId, resourceId: null });
      await until(view, (seen) => seen === undefined);
      const usage = { customerId, featureId: 'feature-projects', value: '1', updateBehavior: 'DELTA' as const };
      await host.stack.environment.reportUsage([{ ...usage, isCreatedAtFilledIn: false }], host.clock.now());
      await host.proxy.open();
      await until(view, (seen) => seen !== undefined, 25_000);
      expect((await projects(client, customerId)).currentUsage).toBe(1);
    });

    test('a server that swallows requests costs a reader its deadline, and answers as a timeout', async () => {
      const client = await host.client({ timeout: 150, entitlementsTimeout: 150 });
      const customerId = await host.customer();
      host.proxy.swallow();
      await expect(client.getCustomer(customerId)).rejects.toMatchObject({ code: 'TIMEOUT' });
      expect((await upload(client, customerId)).isFallback).toBe(true);
    });
  });

  describe('a wrong key', () => {
    test('fails the initialization, is told once, and leaves fallbacks', async () => {
      const client = host.connect({
        apiKey: 'no-key-of-this-server',
        entitlementsFallback: { f: { hasAccess: true } },
      });
      const heard: string[] = [];
      client.addListener('apiKeyInvalid', () => heard.push('apiKeyInvalid'));
      client.addListener('initializeFailed', ({ code }) => heard.push(`initializeFailed ${code}`));
      await expect(client.waitForInitialization()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await client.getBooleanEntitlement({ customerId: 'acme', featureId: 'f' })).toMatchObject({
        hasAccess: true,
        isFallback: true,
      });
      expect(heard).toEqual(['apiKeyInvalid', 'initializeFailed UNAUTHENTICATED']);
    });
  });
}
