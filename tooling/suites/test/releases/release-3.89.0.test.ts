import type { PromotionalEntitlementParams, Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promotionCatalog as catalog } from '../../src/promotion-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const jan10 = '2026-01-10T00:00:00.000Z';

const f1: PromotionalEntitlementParams = { featureId: 'f1', period: 'lifetime' };
const f2: PromotionalEntitlementParams = { featureId: 'f2', period: 'lifetime', usageLimit: 20 };
const f3: PromotionalEntitlementParams = { featureId: 'f3', period: 'lifetime', usageLimit: 7 };

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, jan10, { catalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  let last = 0;
  const newCustomer = async (): Promise<string> => {
    const { customer } = await client.provisionCustomer({ customerId: `customer-${++last}` });
    return customer.customerId;
  };
  const groupsOf = async (customerId: string): Promise<Record<string, string[]>> => {
    const held = await stack.engine.promotionalEntitlements(customerId, Date.parse(jan10));
    return Object.fromEntries(held.map(({ featureId, featureGroupIds }) => [featureId, featureGroupIds]));
  };
  const grantGroup = (customerId: string, featureGroupId: string, grants: PromotionalEntitlementParams[]) =>
    client.grantPromotionalEntitlementsGroup({ customerId, featureGroupId, promotionalEntitlements: grants });

  /** What the row begins with: f1 is there already, the group brings the other two. */
  const withGroup = async (): Promise<string> => {
    const customerId = await newCustomer();
    await client.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [f1] });
    await grantGroup(customerId, 'a', [f2, f3]);
    return customerId;
  };

  test('3.89.0 accepts a group whose missing features are granted, and all three carry its id', async () => {
    const customerId = await newCustomer();
    await client.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [f1] });
    const granted = await grantGroup(customerId, 'a', [f2, f3]);
    expect(granted.map(({ featureGroupIds }) => featureGroupIds)).toEqual([['a'], ['a'], ['a']]);
    expect(granted.map(({ featureId }) => featureId).sort()).toEqual(['f1', 'f2', 'f3']);
    expect(await client.getBooleanEntitlement({ customerId, featureId: 'f1' })).toMatchObject({ hasAccess: true });
    expect(await client.getNumericEntitlement({ customerId, featureId: 'f2' })).toMatchObject({ value: 20 });
    expect(await client.getMeteredEntitlement({ customerId, featureId: 'f3' })).toMatchObject({ usageLimit: 7 });
  });

  test('3.89.0 accepts revoking the group: f2 and f3 are gone, what the customer had before stays', async () => {
    const customerId = await withGroup();
    const revoked = await client.revokePromotionalEntitlementsGroup({ customerId, featureGroupId: 'a' });
    expect(revoked.map(({ featureId }) => featureId).sort()).toEqual(['f2', 'f3']);
    expect(await groupsOf(customerId)).toEqual({ f1: [] });
    expect(await client.getBooleanEntitlement({ customerId, featureId: 'f1' })).toMatchObject({ hasAccess: true });
    expect(await client.getNumericEntitlement({ customerId, featureId: 'f2' })).toMatchObject({
      hasAccess: false,
      isFallback: false,
      accessDeniedReason: 'NoFeatureEntitlementInSubscription',
    });
  });

  test('3.89.0 accepts revoking the group while another one holds f3 too, which stays', async () => {
    const customerId = await withGroup();
    await grantGroup(customerId, 'b', []);
    const revoked = await client.revokePromotionalEntitlementsGroup({ customerId, featureGroupId: 'a' });
    expect(revoked.map(({ featureId }) => featureId)).toEqual(['f2']);
    expect(await groupsOf(customerId)).toEqual({ f1: [], f3: ['b'] });
    expect(await client.getMeteredEntitlement({ customerId, featureId: 'f3' })).toMatchObject({ hasAccess: true });
  });

  test('3.89.0 accepts unlinking the group: all stay granted, without its id', async () => {
    const customerId = await withGroup();
    const kept = await client.unlinkPromotionalEntitlementsGroup({ customerId, featureGroupId: 'a' });
    expect(kept).toHaveLength(3);
    expect(await groupsOf(customerId)).toEqual({ f1: [], f2: [], f3: [] });
    expect(await client.getNumericEntitlement({ customerId, featureId: 'f2' })).toMatchObject({ hasAccess: true });
  });

  test('3.89.0 rejects a grant that leaves out f3, which the customer does not have', async () => {
    const customerId = await newCustomer();
    await client.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [f1] });
    await expect(grantGroup(customerId, 'a', [f2])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'promotionalEntitlements',
      message: expect.stringContaining('f3'),
    });
    expect(await groupsOf(customerId)).toEqual({ f1: [] });
  });

  test('3.89.0 rejects a feature that is not in the group', async () => {
    const customerId = await newCustomer();
    const f4 = { featureId: 'f4', period: 'lifetime' as const, enumValues: ['csv'] };
    await expect(grantGroup(customerId, 'a', [f1, f2, f3, f4])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'promotionalEntitlements[3].featureId',
    });
  });

  test('3.89.0 rejects an unknown group', async () => {
    const customerId = await newCustomer();
    const unknown = { code: 'FEATURE_GROUP_NOT_FOUND', field: 'featureGroupId' };
    await expect(grantGroup(customerId, 'nothing', [f1])).rejects.toMatchObject(unknown);
    const group = { customerId, featureGroupId: 'nothing' };
    await expect(client.revokePromotionalEntitlementsGroup(group)).rejects.toMatchObject(unknown);
    await expect(client.unlinkPromotionalEntitlementsGroup(group)).rejects.toMatchObject(unknown);
  });

  test('3.89.0 rejects revoking a group that was never granted', async () => {
    const group = { customerId: await newCustomer(), featureGroupId: 'a' };
    const never = { code: 'PROMOTIONAL_ENTITLEMENT_NOT_FOUND', field: 'featureGroupId' };
    await expect(client.revokePromotionalEntitlementsGroup(group)).rejects.toMatchObject(never);
    await expect(client.unlinkPromotionalEntitlementsGroup(group)).rejects.toMatchObject(never);
  });
});
