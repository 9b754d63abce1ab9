import { randomUUID } from 'node:crypto';
import type { Tollgate } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextClientCatalog } from './client-catalog.js';
import { type ClientHost, entitlementHeard, usageHeard } from './client-host.js';
import { until } from './until.js';

/** What a client keeps, and how it hears of changes, whatever the way to the engine. */
export function clientCacheSuite(open: () => Promise<ClientHost>): void {
  let host: ClientHost;
  beforeAll(async () => {
    host = await open();
  });
  afterAll(() => host.close());

  const used = async (client: Tollgate, customerId: string): Promise<number> =>
    (await client.getMeteredEntitlement({ customerId, featureId: 'feature-projects' })).currentUsage;

  const wallet = (customerId: string) => ({ customerId, currencyId: 'credits' });
  /** A gift of 100 credits. */
  const gift = { amount: 100, displayName: 'A gift', grantType: 'PROMOTIONAL' } as const;
  const balance = async (client: Tollgate, customerId: string): Promise<number> =>
    (await client.getCreditEntitlement(wallet(customerId))).currentBalance;

  describe('the cache', () => {
    test('asks the engine once for many readers at the same time, and for none later', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const before = host.snapshotReads(customerId);
      const read = () => client.getBooleanEntitlement({ customerId, featureId: 'feature-upload' });
      await Promise.all(Array.from({ length: 50 }, read));
      await read();
      expect(host.snapshotReads(customerId) - before).toBe(1);
    });

    test('keeps that a customer is unknown, until there is one', async () => {
      const client = await host.client();
      const customerId = `c-${randomUUID()}`;
      const reason = async () =>
        (await client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' })).accessDeniedReason;
      expect([await reason(), await reason()]).toEqual(['CustomerNotFound', 'CustomerNotFound']);
      expect(host.snapshotReads(customerId)).toBe(1);
      await (await host.client()).provisionCustomer({ customerId });
      await until(reason, (seen) => seen === 'NoActiveSubscription');
    });

    test('is bounded: what does not fit is asked for again', async () => {
      const client = await host.client({ memoryCacheMaxSizeBytes: 1 });
      const customerId = await host.customer();
      const read = () => client.getBooleanEntitlement({ customerId, featureId: 'feature-upload' });
      const before = host.snapshotReads(customerId);
      await read();
      await read();
      expect(host.snapshotReads(customerId) - before).toBe(2);
    });

    test('tells listeners of hits and misses', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const seen: string[] = [];
      client.addListener('cacheHit', (lookup) => seen.push(`hit ${lookup.customerId}`));
      client.addListener('cacheMiss', (lookup) => seen.push(`miss ${lookup.customerId}`));
      await used(client, customerId);
      await used(client, customerId);
      expect(seen).toEqual([`miss ${customerId}`, `hit ${customerId}`]);
    });
  });

  describe('a client reads its own writes', () => {
    test('of usage, at once and without asking the engine', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await used(client, customerId);
      const before = host.snapshotReads(customerId);
      for (let expected = 1; expected <= 5; expected++) {
        await client.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
        expect(await used(client, customerId)).toBe(expected);
      }
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test('of credits, at once and without asking the engine', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      expect(await balance(client, customerId)).toBe(0);
      const before = host.snapshotReads(customerId);
      await client.grantCredits({ ...wallet(customerId), ...gift });
      expect(await balance(client, customerId)).toBe(100);
      for (let left = 90; left >= 70; left -= 10) {
        await client.consumeCredits({ ...wallet(customerId), amount: 10, idempotencyKey: `down to ${left}` });
        expect(await balance(client, customerId)).toBe(left);
      }
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test('of subscriptions, at once', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const sso = () => client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });
      expect((await sso()).hasAccess).toBe(false);
      await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      expect((await sso()).hasAccess).toBe(true);
    });
  });

  describe('the change feed', () => {
    test("brings another client's usage, without asking the engine", async () => {
      const [writer, reader] = [await host.client(), await host.client()];
      const customerId = await host.customer();
      await used(reader, customerId);
      const before = host.snapshotReads(customerId);
      const heard = usageHeard(reader, customerId);
      await writer.reportUsage({ customerId, featureId: 'feature-projects', value: 2 });
      await until(
        () => used(reader, customerId),
        (seen) => seen === 2,
      );
      expect(await heard).toMatchObject({ customerId, featureId: 'feature-projects', currentUsage: 2 });
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test("brings another client's use of credits, without asking the engine", async () => {
      const [writer, reader] = [await host.client(), await host.client()];
      const customerId = await host.customer();
      await writer.grantCredits({ ...wallet(customerId), ...gift });
      expect(await balance(reader, customerId)).toBe(100);
      const before = host.snapshotReads(customerId);
      await writer.consumeCredits({ ...wallet(customerId), amount: 30, idempotencyKey: 'once' });
      await until(
        () => balance(reader, customerId),
        (seen) => seen === 70,
      );
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test("brings another client's subscription, and fetches what is cached anew", async () => {
      const [writer, reader] = [await host.client(), await host.client()];
      const customerId = await host.customer();
      const sso = () => reader.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });
      expect((await sso()).hasAccess).toBe(false);
      const heard = entitlementHeard(reader, customerId, 'feature-sso');
      await writer.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      await until(sso, ({ hasAccess }) => hasAccess);
      expect(await heard).toMatchObject({ customerId, resourceId: null });
    });

    test('tells a client of its own change of a subscription, too, without fetching it again', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await used(client, customerId);
      const heard = entitlementHeard(client, customerId, 'feature-sso');
      const before = host.snapshotReads(customerId);
      await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      expect(await heard).toMatchObject({ customerId, resourceId: null });
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test("brings a revocation that comes between two of the reader's own acks", async () => {
      const [writer, reader] = [await host.client(), await host.client()];
      const customerId = await host.customer();
      const sso = { customerId, featureId: 'feature-sso' };
      const grant = { featureId: 'feature-sso', period: 'lifetime' as const };
      await writer.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [grant] });
      const report = () => reader.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
      const answers = async () => [(await reader.getBooleanEntitlement(sso)).hasAccess, await used(reader, customerId)];
      await used(reader, customerId);
      await report();
      expect(await answers()).toEqual([true, 1]);
      await writer.revokePromotionalEntitlements(sso);
      // This ack carries a higher revision than the notice of the revocation, and may well come before it.
      await report();
      expect(await until(answers, ([hasAccess]) => hasAccess === false)).toEqual([false, 2]);
      await report();
      expect(await answers()).toEqual([false, 3]);
    });

    test('lets nothing be fetched for customers that are not cached', async () => {
      const reader = await host.client();
      const customerId = await host.customer();
      const writer = await host.client();
      const before = host.snapshotReads(customerId);
      await writer.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      const heard = usageHeard(reader, customerId);
      await writer.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
      await heard;
      expect(host.snapshotReads(customerId)).toBe(before);
    });

    test('makes what was cached stale when a catalog is published', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const sso = () => client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' });
      expect((await sso()).hasAccess).toBe(false);
      const heard = new Promise<{ catalog: number }>((resolve) => client.addListener('packagePublished', resolve));
      const before = await host.stack.environment.catalogNumber();
      await host.stack.environment.applyCatalog(nextClientCatalog, { dryRun: false }, host.clock.now());
      await until(sso, ({ hasAccess }) => hasAccess);
      expect(await heard).toEqual({ catalog: before + 1 });
      const reads = host.snapshotReads(customerId);
      await sso();
      expect(host.snapshotReads(customerId)).toBe(reads);
    });

    test('can be switched off: then what is cached stays as it is for a while', async () => {
      const [writer, reader] = [await host.client(), await host.client({ realtimeUpdatesEnabled: false })];
      const watcher = await host.client();
      const customerId = await host.customer();
      await used(reader, customerId);
      const heard = usageHeard(watcher, customerId);
      await writer.reportUsage({ customerId, featureId: 'feature-projects', value: 1 });
      await heard;
      expect(await used(reader, customerId)).toBe(0);
      await reader.reloadEntitlements(customerId);
      expect(await used(reader, customerId)).toBe(1);
    });
  });

  describe('time', () => {
    test("is the engine's: a month later the counter starts again from zero", async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const params = { customerId, featureId: 'feature-reports' };
      await client.reportUsage({ ...params, value: 3 });
      expect((await client.getMeteredEntitlement(params)).hasAccess).toBe(false);
      host.clock.set(Date.UTC(2026, 1, 1));
      const next = await until(
        () => client.getMeteredEntitlement(params),
        ({ hasAccess }) => hasAccess,
      );
      expect(next).toMatchObject({ currentUsage: 0, usagePeriodStart: new Date(Date.UTC(2026, 1, 1)) });
    });
  });
}
