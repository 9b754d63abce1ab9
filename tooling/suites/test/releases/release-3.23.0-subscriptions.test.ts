import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisioningCatalog as catalog } from '../../src/provisioning-catalog.js';
import { stackOn, storages } from '../../src/storages.js';
import { until } from '../../src/until.js';

const [jan1, jan2, jan3, jan5] = [1, 2, 3, 5].map((day) => new Date(Date.UTC(2026, 0, day)));
type Rows = Parameters<Tollgate['importSubscriptionBulk']>[0]['subscriptions'];

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-02T00:00:00Z', { catalog });
    client = stack.client();
    for (const customerId of ['ada', 'grace', 'alan', 'edsger', 'barbara']) {
      await client.provisionCustomer({ customerId });
    }
  });
  afterAll(() => stack.close());

  const row = (customerId: string, more: object = {}): Rows[number] => ({
    customerId,
    subscriptionId: `sub-${customerId}`,
    planId: 'plan-basic',
    billingPeriod: 'MONTHLY',
    ...more,
  });
  const outcomes = async (...subscriptions: Rows) =>
    (await client.importSubscriptionBulk({ subscriptions })).map(({ outcome }) => outcome);
  const tierOf = async (customerId: string) =>
    (await client.getSubscription({ subscriptionId: `sub-${customerId}` })).metadata;

  test('3.23.0 accepts a subscription updated on 3 January over one of 2 January, and skips one of 1 January', async () => {
    expect(await outcomes(row('ada', { metadata: { tier: 'old' }, updatedAt: jan2 }))).toEqual(['CREATED']);
    expect(await outcomes(row('ada', { metadata: { tier: 'older' }, updatedAt: jan1 }))).toEqual(['SKIPPED']);
    expect(await tierOf('ada')).toEqual({ tier: 'old' });
    const newer = row('ada', { metadata: { tier: 'new' }, planId: 'plan-pro', updatedAt: jan3 });
    expect(await outcomes(newer)).toEqual(['UPDATED']);
    expect(await client.getSubscription({ subscriptionId: 'sub-ada' })).toMatchObject({
      metadata: { tier: 'new' },
      planId: 'plan-pro',
      status: 'ACTIVE',
    });
    const reports = { customerId: 'ada', featureId: 'feature-reports' };
    // What an import changed reaches the caller as it reaches everybody: by the feed.
    const seen = await until(
      () => client.getMeteredEntitlement(reports),
      ({ usageLimit }) => usageLimit === 50,
    );
    expect(seen.hasAccess).toBe(true);
  });

  test('3.23.0 accepts a subscription without updatedAt always', async () => {
    await outcomes(row('grace', { metadata: { tier: 'old' }, updatedAt: jan5 }));
    expect(await outcomes(row('grace', { metadata: { tier: 'new' } }))).toEqual(['UPDATED']);
    expect(await tierOf('grace')).toEqual({ tier: 'new' });
  });

  test('3.23.0 accepts a subscription with an equal updatedAt, and skips it', async () => {
    await outcomes(row('alan', { metadata: { tier: 'old' }, updatedAt: jan2 }));
    expect(await outcomes(row('alan', { metadata: { tier: 'same' }, updatedAt: jan2 }))).toEqual(['SKIPPED']);
    expect(await tierOf('alan')).toEqual({ tier: 'old' });
  });

  test('3.23.0 accepts subscriptions around a bad one, which stops none of them', async () => {
    const rows = await client.importSubscriptionBulk({
      subscriptions: [
        row('edsger', { startDate: '2025-11-15T00:00:00Z', billingId: 'billing-1', salesforceId: 'sf-1' }),
        row('barbara', { subscriptionId: 'sub-bad', planId: 'plan-gone' }),
        row('nobody'),
        row('barbara', { endDate: '2026-02-01T00:00:00Z' }),
      ],
    });
    expect(rows.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['sub-edsger', 'CREATED'],
      ['sub-bad', 'FAILED'],
      ['sub-nobody', 'FAILED'],
      ['sub-barbara', 'CREATED'],
    ]);
    expect(rows[1]?.error).toMatchObject({ code: 'PLAN_NOT_FOUND', field: 'planId' });
    expect(rows[2]?.error).toMatchObject({ code: 'CUSTOMER_NOT_FOUND', field: 'customerId' });
    expect(await client.getSubscription({ subscriptionId: 'sub-edsger' })).toMatchObject({
      status: 'ACTIVE',
      billingId: 'billing-1',
      salesforceId: 'sf-1',
      currentBillingPeriodStart: new Date('2025-12-15T00:00:00Z'),
      currentBillingPeriodEnd: new Date('2026-01-15T00:00:00Z'),
    });
    expect(await client.getSubscription({ subscriptionId: 'sub-barbara' })).toMatchObject({
      status: 'ACTIVE',
      cancellationDate: new Date('2026-02-01T00:00:00Z'),
    });
  });

  test('3.23.0 rejects more than 1,000 subscriptions', async () => {
    const subscriptions = Array.from({ length: 1001 }, () => row('ada'));
    await expect(client.importSubscriptionBulk({ subscriptions })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'subscriptions',
    });
  });
});
