import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientHost } from './client-host.js';

const feb1 = new Date(Date.UTC(2026, 1, 1));

/** What every client answers, whatever the way to the engine. */
export function clientReadsSuite(open: () => Promise<ClientHost>): void {
  let host: ClientHost;
  beforeAll(async () => {
    host = await open();
  });
  afterAll(() => host.close());

  describe('getters', () => {
    test('answer a boolean feature, granted on one plan and missing on another', async () => {
      const client = await host.client();
      const [free, pro] = [
        await host.customer(),
        await host.customer({ planId: 'plan-pro', billingPeriod: 'MONTHLY' }),
      ];
      expect(await client.getBooleanEntitlement({ customerId: pro, featureId: 'feature-sso' })).toMatchObject({
        type: 'BOOLEAN',
        hasAccess: true,
        isFallback: false,
        accessDeniedReason: null,
        feature: { id: 'feature-sso', displayName: 'Single sign-on', featureType: 'BOOLEAN' },
      });
      expect(await client.getBooleanEntitlement({ customerId: free, featureId: 'feature-sso' })).toEqual({
        type: 'BOOLEAN',
        hasAccess: false,
        isFallback: false,
        accessDeniedReason: 'NoFeatureEntitlementInSubscription',
      });
    });

    test('answer a numeric feature with its value, or that it is unlimited', async () => {
      const client = await host.client();
      const [free, pro] = [
        await host.customer(),
        await host.customer({ planId: 'plan-pro', billingPeriod: 'MONTHLY' }),
      ];
      const featureId = 'feature-upload';
      expect(await client.getNumericEntitlement({ customerId: free, featureId })).toMatchObject({
        hasAccess: true,
        value: 5,
        isUnlimited: false,
      });
      const unlimited = await client.getNumericEntitlement({ customerId: pro, featureId });
      expect(unlimited).toMatchObject({ hasAccess: true, isUnlimited: true });
      expect(unlimited.value).toBeUndefined();
    });

    test('answer an enum feature by the values that are asked for', async () => {
      const client = await host.client();
      const params = { customerId: await host.customer(), featureId: 'feature-formats' };
      const csv = await client.getEnumEntitlement({ ...params, options: { requestedValues: ['csv'] } });
      expect(csv).toMatchObject({ hasAccess: true, enumValues: ['csv'], requestedValues: ['csv'] });
      const both = await client.getEnumEntitlement({ ...params, options: { requestedValues: ['csv', 'pdf'] } });
      expect(both).toMatchObject({ hasAccess: false, accessDeniedReason: 'RequestedValuesMismatch' });
    });

    test('answer a metered feature up to its limit, with the period it counts in', async () => {
      const client = await host.client();
      const params = { customerId: await host.customer(), featureId: 'feature-reports' };
      await client.reportUsage({ ...params, value: 1 });
      expect(await client.getMeteredEntitlement({ ...params, options: { requestedUsage: 2 } })).toMatchObject({
        type: 'METERED',
        hasAccess: true,
        currentUsage: 1,
        usageLimit: 3,
        isUnlimited: false,
        requestedUsage: 2,
        hasSoftLimit: false,
        resetPeriod: 'MONTH',
        usagePeriodStart: new Date(Date.UTC(2026, 0, 1)),
        usagePeriodEnd: feb1,
        nextResetDate: feb1,
      });
      expect(await client.getMeteredEntitlement({ ...params, options: { requestedUsage: 3 } })).toMatchObject({
        hasAccess: false,
        isFallback: false,
        accessDeniedReason: 'RequestedUsageExceedingLimit',
      });
    });

    test('answer any feature by its type, and the wrong getter with a mismatch', async () => {
      const client = await host.client();
      const customerId = await host.customer({ planId: 'plan-pro', billingPeriod: 'MONTHLY' });
      const features = ['feature-sso', 'feature-upload', 'feature-reports', 'feature-formats'];
      const types = await Promise.all(
        features.map(async (featureId) => (await client.getEntitlement({ customerId, featureId })).type),
      );
      expect(types).toEqual(['BOOLEAN', 'NUMERIC', 'METERED', 'ENUM']);
      expect(await client.getBooleanEntitlement({ customerId, featureId: 'feature-upload' })).toMatchObject({
        type: 'BOOLEAN',
        hasAccess: false,
        accessDeniedReason: 'FeatureTypeMismatch',
      });
    });

    test('list what a customer has, and say why there is nothing', async () => {
      const client = await host.client();
      const [bare, free] = [`c-${randomUUID()}`, await host.customer()];
      await client.provisionCustomer({ customerId: bare });
      const ids = (await client.getEntitlements(free)).map(({ feature }) => feature?.id).sort();
      expect(ids).toEqual([
        'feature-calls',
        'feature-formats',
        'feature-projects',
        'feature-reports',
        'feature-upload',
      ]);
      expect(await client.getEntitlementsState(free)).toMatchObject({ accessDeniedReason: null });
      expect(await client.getEntitlementsState(bare)).toEqual({
        entitlements: [],
        accessDeniedReason: 'NoActiveSubscription',
      });
      expect(await client.getEntitlementsState('nobody')).toEqual({
        entitlements: [],
        accessDeniedReason: 'CustomerNotFound',
      });
    });

    test('see a resource and its customer together', async () => {
      const client = await host.client();
      const customerId = await host.customer();
      await client.provisionSubscription({ customerId, planId: 'plan-site', resourceId: 'site-1' });
      const at = (featureId: string, resourceId: string) =>
        client.getEntitlement({ customerId, featureId, resourceId }).then(({ hasAccess, accessDeniedReason }) => ({
          hasAccess,
          accessDeniedReason,
        }));
      expect(await at('feature-pages', 'site-1')).toEqual({ hasAccess: true, accessDeniedReason: null });
      expect(await at('feature-upload', 'site-1')).toEqual({ hasAccess: true, accessDeniedReason: null });
      expect(await at('feature-pages', 'site-2')).toEqual({
        hasAccess: false,
        accessDeniedReason: 'CustomerResourceNotFound',
      });
    });

    test('answer a configured fallback for a missing feature only when told to', async () => {
      const customerId = await host.customer();
      const entitlementsFallback = { 'feature-sso': { hasAccess: true } };
      const asked = { customerId, featureId: 'feature-sso' };
      const [plain, told] = [
        await host.client({ entitlementsFallback }),
        await host.client({ entitlementsFallback, fallbackOnMissingEntitlement: true }),
      ];
      expect(await plain.getBooleanEntitlement(asked)).toMatchObject({ hasAccess: false, isFallback: false });
      expect(await told.getBooleanEntitlement(asked)).toMatchObject({ hasAccess: true, isFallback: true });
    });
  });
}
