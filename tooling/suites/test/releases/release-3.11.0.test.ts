import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisioningCatalog as catalog } from '../../src/provisioning-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const now = '2026-04-20T00:00:00.000Z';
const threeMonthsAgo = '2026-01-20T00:00:00.000Z';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, now, { catalog });
    client = stack.client();
    for (const customerId of ['ada', 'grace', 'alan']) await client.provisionCustomer({ customerId });
  });
  afterAll(() => stack.close());

  const provision = (customerId: string, params: object) =>
    client.provisionSubscription({ customerId, planId: 'plan-basic', billingPeriod: 'MONTHLY', ...params });

  test('3.11.0 accepts a start 3 months ago that is backdated: it is active, and its period counts from the old anchor', async () => {
    const billingInformation = { isBackdated: true };
    const { subscription } = await provision('ada', { startDate: threeMonthsAgo, billingInformation });
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      isBackdated: true,
      startDate: new Date(threeMonthsAgo),
      billingCycleAnchor: new Date(threeMonthsAgo),
      currentBillingPeriodStart: new Date('2026-04-20T00:00:00Z'),
      currentBillingPeriodEnd: new Date('2026-05-20T00:00:00Z'),
      latestInvoice: null,
    });
    expect((await client.getBooleanEntitlement({ customerId: 'ada', featureId: 'feature-sso' })).hasAccess).toBe(true);
  });

  test('3.11.0 accepts a start on another day of the month, whose period is the one that the old anchor gives', async () => {
    const billingInformation = { isBackdated: true };
    const { subscription } = await provision('grace', { startDate: '2026-01-31T12:00:00Z', billingInformation });
    // From the 31st: the last day of March, and of April, which has 30.
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      currentBillingPeriodStart: new Date('2026-03-31T12:00:00Z'),
      currentBillingPeriodEnd: new Date('2026-04-30T12:00:00Z'),
    });
  });

  test('3.11.0 rejects a past start of a paid plan without the flag', async () => {
    const refusal = { code: 'INVALID_ARGUMENT', field: 'startDate' };
    await expect(provision('alan', { startDate: threeMonthsAgo })).rejects.toMatchObject(refusal);
    const billingInformation = { isBackdated: false };
    await expect(provision('alan', { startDate: threeMonthsAgo, billingInformation })).rejects.toMatchObject(refusal);
    expect(await client.getActiveSubscriptions({ customerId: 'alan' })).toEqual([]);
  });
});
