import type { PromotionalEntitlementParams, Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inputFieldCatalog } from '../../src/input-field-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const acme = { customerId: 'acme' };
/** What each period makes of a grant on January 10. */
const periods = [
  ['1 week', '2026-01-17T00:00:00Z'],
  ['1 month', '2026-02-10T00:00:00Z'],
  ['6 month', '2026-07-10T00:00:00Z'],
  ['1 year', '2027-01-10T00:00:00Z'],
] as const;
/** January 10 of 2026 is a Saturday. */
const resets = [
  ['MONTH', { monthlyResetPeriodConfiguration: { accordingTo: 'StartOfTheMonth' } }, '2026-02-01T00:00:00Z'],
  ['WEEK', { weeklyResetPeriodConfiguration: { accordingTo: 'EveryMonday' } }, '2026-01-12T00:00:00Z'],
  ['YEAR', { yearlyResetPeriodConfiguration: { accordingTo: 'SubscriptionStart' } }, '2027-01-10T00:00:00Z'],
] as const;

describe.each(storages)('on %s, the input', (storage) => {
  let stack: TestStack;
  let client: Tollgate;

  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-10T00:00:00Z', { catalog: inputFieldCatalog });
    client = stack.client();
    await client.provisionCustomer({ ...acme, subscriptionParams: null });
  });
  afterEach(() => stack.close());

  const grant = async (...promotionalEntitlements: PromotionalEntitlementParams[]) =>
    client.grantPromotionalEntitlements({ ...acme, promotionalEntitlements });
  const has = async (featureId: string) => (await client.getBooleanEntitlement({ ...acme, featureId })).hasAccess;
  const metered = (featureId: string) => client.getMeteredEntitlement({ ...acme, featureId });

  test('featureId says what is granted and what is revoked', async () => {
    await grant({ featureId: 'feature-sso', period: 'lifetime' }, { featureId: 'feature-audit', period: 'lifetime' });
    expect([await has('feature-sso'), await has('feature-audit')]).toEqual([true, true]);
    await client.revokePromotionalEntitlements({ ...acme, featureId: 'feature-sso' });
    expect([await has('feature-sso'), await has('feature-audit')]).toEqual([false, true]);
  });

  test.each(periods)('period %s ends at %s, and not a second before', async (period, end) => {
    const [granted] = await grant({ featureId: 'feature-sso', period });
    expect(granted).toMatchObject({ period, endDate: new Date(end), status: 'Active' });
    await stack.clock.set(Date.parse(end) - 1_000);
    expect(await has('feature-sso')).toBe(true);
    await stack.clock.set(end);
    expect(await has('feature-sso')).toBe(false);
  });

  test('period lifetime does not end', async () => {
    expect(await grant({ featureId: 'feature-sso', period: 'lifetime' })).toMatchObject([{ endDate: null }]);
    await stack.clock.set('2046-01-10T00:00:00Z');
    expect(await has('feature-sso')).toBe(true);
  });

  test('customEndDate ends a grant of period custom, which cannot do without it', async () => {
    await expect(grant({ featureId: 'feature-sso', period: 'custom' })).rejects.toMatchObject({
      field: 'promotionalEntitlements[0].customEndDate',
    });
    await grant({ featureId: 'feature-sso', period: 'custom', customEndDate: new Date('2026-01-12T12:00:00Z') });
    await stack.clock.set('2026-01-12T12:00:00Z');
    expect(await has('feature-sso')).toBe(false);
  });

  test('isGranted false revokes what a subscription gives', async () => {
    await client.provisionSubscription({ ...acme, planId: 'plan-free' });
    await grant({ featureId: 'feature-reports', period: 'lifetime', isGranted: false });
    expect(await metered('feature-reports')).toMatchObject({ hasAccess: false, accessDeniedReason: 'Revoked' });
  });

  test('usageLimit, hasSoftLimit, hasUnlimitedUsage and enumValues are the value', async () => {
    await grant(
      { featureId: 'feature-seats', period: 'lifetime', usageLimit: '2.5', hasSoftLimit: true },
      { featureId: 'feature-reports', period: 'lifetime', hasUnlimitedUsage: true },
      { featureId: 'feature-formats', period: 'lifetime', enumValues: ['pdf'] },
    );
    expect(await metered('feature-seats')).toMatchObject({ usageLimit: 2.5, hasSoftLimit: true });
    expect(await metered('feature-reports')).toMatchObject({ isUnlimited: true });
    expect(await client.getEnumEntitlement({ ...acme, featureId: 'feature-formats' })).toMatchObject({
      enumValues: ['pdf'],
    });
  });

  test.each(resets)(
    'resetPeriod %s begins its periods where its configuration says',
    async (resetPeriod, configuration, end) => {
      await grant({ featureId: 'feature-reports', period: 'lifetime', usageLimit: 5, resetPeriod, ...configuration });
      expect(await metered('feature-reports')).toMatchObject({ resetPeriod, usagePeriodEnd: new Date(end) });
    },
  );

  test('isVisible is returned', async () => {
    const hidden = { featureId: 'feature-sso', period: 'lifetime' as const, isVisible: false };
    expect(await grant(hidden)).toMatchObject([{ isVisible: false }]);
    expect(await grant({ featureId: 'feature-audit', period: 'lifetime', isVisible: true })).toMatchObject([
      { isVisible: true },
    ]);
  });
});
