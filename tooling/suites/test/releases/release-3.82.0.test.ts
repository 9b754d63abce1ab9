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

  test('3.82.0 accepts features of every type, with the numbers of the typed getter', async () => {
    const customerId = await newCustomer();
    await subscribe(customerId);
    await client.reportUsage({ customerId, featureId: 'f3', value: 2 });
    const of = (featureId: string) => ({ customerId, featureId });
    const [boolean, numeric, metered, choice] = await Promise.all(
      ['f1', 'f2', 'f3', 'f4'].map((featureId) => client.getEntitlement(of(featureId))),
    );
    expect(boolean).toMatchObject({ type: 'BOOLEAN', hasAccess: true });
    expect(numeric).toMatchObject({ type: 'NUMERIC', value: 8, isUnlimited: false });
    expect(metered).toMatchObject({ type: 'METERED', currentUsage: 2, usageLimit: 5, resetPeriod: 'MONTH' });
    expect(choice).toMatchObject({ type: 'ENUM', enumValues: ['csv'] });
    expect(boolean).toEqual(await client.getBooleanEntitlement(of('f1')));
    expect(numeric).toEqual(await client.getNumericEntitlement(of('f2')));
    expect(metered).toEqual(await client.getMeteredEntitlement(of('f3')));
    expect(choice).toEqual(await client.getEnumEntitlement(of('f4')));
  });

  test('3.82.0 accepts a requested usage for a metered feature, up to the limit', async () => {
    const customerId = await newCustomer();
    await subscribe(customerId);
    await client.reportUsage({ customerId, featureId: 'f3', value: 2 });
    const ask = (requestedUsage: number) =>
      client.getEntitlement({ customerId, featureId: 'f3', options: { requestedUsage } });
    expect(await ask(3)).toMatchObject({ hasAccess: true, requestedUsage: 3 });
    expect(await ask(4)).toMatchObject({
      hasAccess: false,
      accessDeniedReason: 'RequestedUsageExceedingLimit',
      currentUsage: 2,
    });
  });

  test('3.82.0 rejects the typed getter of another type with FeatureTypeMismatch, and is no fallback', async () => {
    const customerId = await newCustomer();
    await subscribe(customerId);
    const mismatch = { hasAccess: false, isFallback: false, accessDeniedReason: 'FeatureTypeMismatch' };
    expect(await client.getBooleanEntitlement({ customerId, featureId: 'f2' })).toMatchObject(mismatch);
    expect(await client.getNumericEntitlement({ customerId, featureId: 'f3' })).toMatchObject(mismatch);
    expect(await client.getMeteredEntitlement({ customerId, featureId: 'f4' })).toMatchObject(mismatch);
    expect(await client.getEnumEntitlement({ customerId, featureId: 'f1' })).toMatchObject(mismatch);
  });
});
