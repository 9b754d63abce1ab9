import { describe, expect, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');

describe.each(implementations)('environments on $name', (implementation) => {
  test('two environments of one database never see each other', async () => {
    const stage = await openStage(implementation, catalog);
    try {
      const [one, two] = [stage.environment, await stage.another('other')];
      const input = {
        customerId: 'ada',
        subscriptionParams: { planId: 'plan-free', subscriptionId: 'same-id' },
      };
      await one.provisionCustomer({ ...input, name: 'One' }, now);
      await expect(two.customer('ada', now)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
      const [stranger] = await two.reportUsage([{ customerId: 'ada', featureId: 'feature-projects', value: '1' }], now);
      expect(stranger?.error?.code).toBe('CUSTOMER_NOT_FOUND');
      expect(
        (await two.reportEvents([{ customerId: 'ada', eventName: 'completion', idempotencyKey: 'e' }], now))[0]?.error
          ?.code,
      ).toBe('CUSTOMER_NOT_FOUND');

      // The same ids of everything may be used again, and count apart.
      await two.provisionCustomer({ ...input, name: 'Two' }, now);
      const item = { customerId: 'ada', featureId: 'feature-projects', value: '1', idempotencyKey: 'k' };
      const event = { customerId: 'ada', eventName: 'completion', idempotencyKey: 'e', dimensions: { tokens: 3 } };
      for (const environment of [one, two]) {
        expect((await environment.reportUsage([item], now))[0]?.ack).toMatchObject({
          isDuplicate: false,
          currentUsage: '1',
        });
        expect((await environment.reportEvents([event], now))[0]).toMatchObject({ isDuplicate: false });
      }
      await one.reportUsage([{ ...item, idempotencyKey: 'k2', value: '5' }], now);
      const usage = async (environment: typeof one) =>
        [...((await environment.snapshots('ada', [null], now))[0]?.usage.values() ?? [])].map(
          (part) => part.currentUsage,
        );
      expect(await usage(one)).toContain(6_000_000n);
      expect(await usage(two)).not.toContain(6_000_000n);
      expect([(await one.customer('ada', now)).name, (await two.customer('ada', now)).name]).toEqual(['One', 'Two']);

      // A publish in one changes neither the number nor the entitlements of the other.
      const raised = changed(({ plans }) => {
        Object.assign(plans['plan-free']?.entitlements ?? {}, { 'feature-projects': { usageLimit: 4 } });
      });
      expect((await one.applyCatalog(raised, { dryRun: false }, now)).catalog).toBe(2);
      expect(await two.catalogNumber()).toBe(1);
      const limit = async (environment: typeof one) =>
        (await environment.snapshots('ada', [null], now))[0]?.grants.entitlements.get('feature-projects')?.usageLimit;
      expect([await limit(one), await limit(two)]).toEqual([4_000_000n, 3_000_000n]);
    } finally {
      await stage.close();
    }
  });

  test('an environment that nobody made is an error', async () => {
    const stage = await openStage(implementation, catalog);
    try {
      await expect(stage.engine.environment('nowhere')).rejects.toMatchObject({ code: 'ENVIRONMENT_NOT_FOUND' });
    } finally {
      await stage.close();
    }
  });
});
