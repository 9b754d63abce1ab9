import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

describe.each(storages)('custom plans on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeAll(async () => {
    stage = await provisioningStage(storage, '2026-01-01T00:00:00Z');
  });
  afterAll(() => stage.stack.close());

  const reports = { featureId: 'feature-reports', usageLimit: 500 };
  const seats = { featureId: 'feature-seats', hasUnlimitedUsage: true };
  const custom = (params: object) => ({ planId: 'plan-custom', billingPeriod: undefined, ...params });
  const entitlement = (customerId: string, featureId: string) =>
    stage.client.getMeteredEntitlement({ customerId, featureId });

  test('are provisioned with a value for everything that they leave open', async () => {
    const { subscription } = await stage.provision('ada', custom({ entitlements: [reports, seats] }));
    expect(subscription).toMatchObject({ pricingType: 'CUSTOM', status: 'ACTIVE', billingPeriod: null });
    expect(subscription?.entitlements).toMatchObject([
      { featureId: 'feature-reports', usageLimit: 500, resetPeriod: 'MONTH' },
      { featureId: 'feature-seats', hasUnlimitedUsage: true },
    ]);
    // The period is the plan's, because the value does not say another one.
    expect(await entitlement('ada', 'feature-reports')).toMatchObject({
      hasAccess: true,
      usageLimit: 500,
      usagePeriodEnd: new Date('2026-02-01T00:00:00Z'),
    });
    expect(await entitlement('ada', 'feature-seats')).toMatchObject({ hasAccess: true, isUnlimited: true });
  });

  test('take their values under the older name of the field too', async () => {
    const { subscription } = await stage.provision('grace', custom({ subscriptionEntitlements: [reports, seats] }));
    expect(subscription?.entitlements).toHaveLength(2);
  });

  test('may be sold with a billing period that was agreed on, and with custom add-ons', async () => {
    const addons = [{ addonId: 'addon-negotiated', quantity: 1 }];
    const params = { entitlements: [reports, seats], billingPeriod: 'ANNUALLY', addons };
    const { subscription } = await stage.provision('alan', custom(params));
    expect(subscription).toMatchObject({ billingPeriod: 'ANNUALLY', addons });
    const audit = { customerId: 'alan', featureId: 'feature-audit' };
    expect((await stage.client.getBooleanEntitlement(audit)).hasAccess).toBe(true);
  });

  test.each([
    ['nothing at all', {}, 'entitlements'],
    ['one of the two', { entitlements: [reports] }, 'entitlements'],
    ['both names at once', { entitlements: [reports], subscriptionEntitlements: [seats] }, 'subscriptionEntitlements'],
    [
      'what the plan decides',
      { entitlements: [reports, seats, { featureId: 'feature-sso' }] },
      'entitlements[2].featureId',
    ],
    ['a feature twice', { entitlements: [reports, reports, seats] }, 'entitlements[1].featureId'],
    ['no value', { entitlements: [{ featureId: 'feature-reports' }, seats] }, 'entitlements[0].usageLimit'],
    [
      'values of another type',
      { entitlements: [{ ...reports, enumValues: ['a'] }, seats] },
      'entitlements[0].enumValues',
    ],
  ])('refuse %s by name', async (_, params, field) => {
    await expect(stage.provision('edsger', custom(params))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });

  test('are the only ones whose values a subscription may have', async () => {
    await expect(stage.provision('edsger', { entitlements: [reports] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'entitlements[0].featureId',
    });
  });
});
