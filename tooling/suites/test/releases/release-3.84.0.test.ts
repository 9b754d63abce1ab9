import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promotionCatalog as catalog } from '../../src/promotion-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const jan10 = '2026-01-10T00:00:00.000Z';

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
  const subscribe = (customerId: string, addonIds: string[] = []) =>
    client.provisionSubscription({
      customerId,
      planId: 'basic',
      billingPeriod: 'MONTHLY',
      addons: addonIds.map((addonId) => ({ addonId, quantity: 1 })),
    });

  const access = async (customerId: string) => {
    const { hasAccess, accessDeniedReason, isFallback } = await client.getBooleanEntitlement({
      customerId,
      featureId: 'f1',
    });
    expect(isFallback).toBe(false);
    return hasAccess ? 'yes' : accessDeniedReason;
  };

  test('3.84.0 accepts a promotional revocation as the reason, and gives access back without it', async () => {
    const customerId = await newCustomer();
    await subscribe(customerId);
    expect(await access(customerId)).toBe('yes');
    const revocation = { featureId: 'f1', period: 'lifetime' as const, isGranted: false };
    await client.grantPromotionalEntitlements({ customerId, promotionalEntitlements: [revocation] });
    expect(await access(customerId)).toBe('Revoked');
    await client.revokePromotionalEntitlements({ customerId, featureId: 'f1' });
    expect(await access(customerId)).toBe('yes');
  });

  test('3.84.0 accepts an add-on that revokes as the reason, and gives access back without it', async () => {
    const customerId = await newCustomer();
    const { subscription } = await subscribe(customerId, ['without-f1']);
    expect(await access(customerId)).toBe('Revoked');
    await client.updateSubscription({ subscriptionId: subscription?.subscriptionId as string, addons: [] });
    expect(await access(customerId)).toBe('yes');
  });
});
