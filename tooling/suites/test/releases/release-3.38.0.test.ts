import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesCatalog as catalog } from '../../src/changes-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const customerId = 'customer-1';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  let subscriptionId: string;
  /** A custom plan leaves a, b and c open; they have 10, 5 and nothing but a placeholder to begin with. */
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId });
    const { subscription } = await client.provisionSubscription({
      customerId,
      planId: 'plan-contract',
      entitlements: [
        { featureId: 'feature-a', usageLimit: 10 },
        { featureId: 'feature-b', usageLimit: 5 },
        { featureId: 'feature-c', usageLimit: 0 },
      ],
    });
    subscriptionId = subscription?.subscriptionId as string;
  });
  afterEach(() => stack.close());

  const values = async () => {
    const read = async (featureId: string) => (await client.getNumericEntitlement({ customerId, featureId })).value;
    return { a: await read('feature-a'), b: await read('feature-b'), c: await read('feature-c') };
  };
  const partial = [
    { featureId: 'feature-b', usageLimit: 7 },
    { featureId: 'feature-c', usageLimit: 3 },
  ];

  test('3.38.0 accepts a part of the entitlements, and keeps the others as they were', async () => {
    expect(await values()).toEqual({ a: 10, b: 5, c: 0 });
    const { entitlements } = await client.updateSubscription({ subscriptionId, subscriptionEntitlements: partial });
    expect(await values()).toEqual({ a: 10, b: 7, c: 3 });
    expect(entitlements.map(({ featureId, usageLimit }) => [featureId, usageLimit])).toEqual([
      ['feature-a', 10],
      ['feature-b', 7],
      ['feature-c', 3],
    ]);
  });

  test('3.38.0 accepts the same under the newer name', async () => {
    await client.updateSubscription({ subscriptionId, entitlements: partial });
    expect(await values()).toEqual({ a: 10, b: 7, c: 3 });
  });

  test('3.38.0 rejects a feature that the plan does not leave open', async () => {
    const asked = [{ featureId: 'feature-d', usageLimit: 2 }];
    await expect(client.updateSubscription({ subscriptionId, subscriptionEntitlements: asked })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'subscriptionEntitlements[0].featureId',
    });
    expect((await client.getNumericEntitlement({ customerId, featureId: 'feature-d' })).value).toBe(1);
  });

  test('3.38.0 rejects a feature that the plan does not have at all', async () => {
    const asked = [...partial, { featureId: 'feature-reports', usageLimit: 2 }];
    await expect(client.updateSubscription({ subscriptionId, entitlements: asked })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'entitlements[2].featureId',
    });
    expect(await values()).toEqual({ a: 10, b: 5, c: 0 });
  });

  test('3.38.0 rejects both names at once', async () => {
    const both = { subscriptionId, entitlements: partial, subscriptionEntitlements: partial };
    await expect(client.updateSubscription(both)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
