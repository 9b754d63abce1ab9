import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientHost, jan10 } from './client-host.js';
import { until } from './until.js';

/** What every client sends, whatever the way to the engine: reports, events, provisioning. */
export function clientWritesSuite(open: () => Promise<ClientHost>): void {
  let host: ClientHost;
  beforeAll(async () => {
    host = await open();
  });
  afterAll(() => host.close());

  describe('reports', () => {
    test('say what was committed, in numbers and dates', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const usage = { customerId, featureId: 'feature-projects', idempotencyKey: 'first' };
      expect(await client.reportUsage({ ...usage, value: '1.5' })).toMatchObject({
        customerId,
        featureId: 'feature-projects',
        value: 1.5,
        currentUsage: 1.5,
        createdAt: new Date(jan10),
        timestamp: new Date(jan10),
      });
      const set = { customerId, featureId: 'feature-projects', value: 1, updateBehavior: 'SET' as const };
      expect(await client.reportUsage(set)).toMatchObject({ value: 1, currentUsage: 1 });
    });

    test('come back in the order given, and name those that were refused', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const one = { customerId, featureId: 'feature-projects', value: 1 };
      const acks = await client.reportUsageBulk({ usages: [one, { ...one, value: 2 }, { ...one, value: 4 }] });
      expect(acks.map(({ value, currentUsage }) => [value, currentUsage])).toEqual([
        [1, 1],
        [2, 3],
        [4, 7],
      ]);
      const usages = [one, { ...one, featureId: 'feature-unknown' }];
      await expect(client.reportUsageBulk({ usages })).rejects.toMatchObject({
        code: 'FEATURE_NOT_FOUND',
        details: { acks: [{ currentUsage: 8 }, null], failures: [{ index: 1, code: 'FEATURE_NOT_FOUND' }] },
      });
    });

    test('with one key by ten callers count once', async () => {
      const clients = await Promise.all([host.client(), host.client()]);
      const usage = { customerId: await host.customer(), featureId: 'feature-projects', value: 1, idempotencyKey: 'k' };
      const acks = await Promise.all(Array.from({ length: 10 }, (_, index) => clients[index % 2]?.reportUsage(usage)));
      expect(acks.map((ack) => ack?.currentUsage)).toEqual(Array(10).fill(1));
    });

    test('with one key and other content are a conflict', async () => {
      const client = await host.client();
      const usage = { customerId: await host.customer(), featureId: 'feature-projects', idempotencyKey: 'k' };
      await client.reportUsage({ ...usage, value: 1 });
      await expect(client.reportUsage({ ...usage, value: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    });

    test.each([
      ['an unknown feature', { featureId: 'feature-unknown', value: 1 }, 'FEATURE_NOT_FOUND'],
      ['a feature of another type', { featureId: 'feature-formats', value: 1 }, 'FEATURE_TYPE_MISMATCH'],
      ['a feature that events drive', { featureId: 'feature-calls', value: 1 }, 'WRONG_USAGE_KIND'],
      ['seven decimal places', { featureId: 'feature-reports', value: '0.0000001' }, 'INVALID_ARGUMENT'],
    ])('of %s reject', async (_what, usage, code) => {
      const client = await host.client();
      await expect(client.reportUsage({ customerId: await host.customer(), ...usage })).rejects.toMatchObject({ code });
    });

    test('for an unknown customer reject', async () => {
      const client = await host.client();
      const usage = { customerId: 'nobody', featureId: 'feature-reports', value: 1 };
      await expect(client.reportUsage(usage)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    });
  });

  describe('provisioning', () => {
    test('creates a customer with a subscription, and reads it back', async () => {
      const client = await host.client();
      const customerId = `c-${randomUUID()}`;
      const provisioned = await client.provisionCustomer({
        customerId,
        name: 'Acme',
        email: 'pay@acme.example',
        metadata: { tier: 1 },
        subscriptionParams: { planId: 'plan-free' },
      });
      expect(provisioned.subscription).toMatchObject({ planId: 'plan-free', status: 'ACTIVE', customerId });
      expect(provisioned.entitlements).toHaveLength(5);
      expect(await client.getCustomer(customerId)).toMatchObject({
        customerId,
        name: 'Acme',
        email: 'pay@acme.example',
        metadata: { tier: 1 },
        createdAt: new Date(jan10),
        subscriptions: [{ planId: 'plan-free' }],
      });
    });

    test('makes an id when none is given', async () => {
      const client = await host.client();
      const { customer } = await client.provisionCustomer({ name: 'Acme' });
      expect((await client.getCustomer(customer.customerId)).name).toBe('Acme');
    });

    test('reloads what is there, and says whether anybody is', async () => {
      const client = await host.client();
      expect(await client.reloadEntitlements(await host.customer())).toEqual({ entitledEntityExists: true });
      expect(await client.reloadEntitlements('nobody')).toEqual({ entitledEntityExists: false });
    });

    test('rejects unknown plans, customers and add-ons, and a paid plan without a period', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const provision = (params: object) => client.provisionSubscription({ customerId, planId: 'plan-pro', ...params });
      await expect(provision({ planId: 'plan-none' })).rejects.toMatchObject({ code: 'PLAN_NOT_FOUND' });
      await expect(provision({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(provision({ billingPeriod: 'MONTHLY', addons: [{ addonId: 'addon-none' }] })).rejects.toMatchObject({
        code: 'ADDON_NOT_FOUND',
      });
      await expect(provision({ customerId: 'nobody', billingPeriod: 'MONTHLY' })).rejects.toMatchObject({
        code: 'CUSTOMER_NOT_FOUND',
      });
      await expect(client.getCustomer('nobody')).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    });
  });

  describe('events', () => {
    test('are accepted at once and counted a little later', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const event = { customerId, eventName: 'call', idempotencyKey: 'first' };
      await client.reportEvent(event);
      await client.reportEvent([event, { ...event, idempotencyKey: 'second' }]);
      const calls = () => client.getMeteredEntitlement({ customerId, featureId: 'feature-calls' });
      expect(await until(calls, ({ currentUsage }) => currentUsage >= 2)).toMatchObject({ currentUsage: 2 });
      await until(client.outboxCounts.bind(client), ({ waiting }) => waiting === 0);
    });

    test('that the engine refuses for good are dead letters, and the others are stored', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      const letter = new Promise<object>((resolve) => client.addListener('deadLetter', resolve));
      const event = { customerId, eventName: 'call', idempotencyKey: 'good' };
      await client.reportEvent([event, { ...event, idempotencyKey: 'old', timestamp: '2020-01-01T00:00:00Z' }]);
      expect(await letter).toMatchObject({
        kind: 'event',
        item: { customerId, idempotencyKey: 'old' },
        error: { code: 'TOO_OLD' },
      });
      const calls = () => client.getMeteredEntitlement({ customerId, featureId: 'feature-calls' });
      await until(calls, ({ currentUsage }) => currentUsage === 1);
      expect(client.outboxCounts()).toEqual({ waiting: 0, deadLetters: 1 });
    });
  });
}
