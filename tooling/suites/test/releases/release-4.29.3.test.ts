import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';
import { usageCatalog as catalog } from '../../src/usage-catalog.js';

const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const customerId = 'customer-1';
const asked = { customerId, featureId: 'feature-reports', startDate: day('2026-01-01') };

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  let subscriptionId: string;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    const { subscription } = await client.provisionCustomer({
      customerId,
      subscriptionParams: { planId: 'plan-free' },
    });
    subscriptionId = subscription?.subscriptionId as string;
    await stack.clock.set(day('2026-01-10'));
    await client.reportUsage({ customerId, featureId: 'feature-reports', value: 5 });
  });
  afterEach(() => stack.close());

  async function cancelledYesterday(): Promise<void> {
    await stack.clock.set(day('2026-03-14'));
    await client.cancelSubscription({ subscriptionId, subscriptionCancellationTime: 'IMMEDIATE' });
    await stack.clock.set(day('2026-03-15'));
  }

  test('4.29.3 accepts a customer whose subscription was cancelled yesterday: the series has the 5, and no marker', async () => {
    await cancelledYesterday();
    const { series, markers } = await client.getUsageHistoryV2({ ...asked, includeInactiveSubscriptions: true });
    expect(series).toHaveLength(1);
    expect(series[0]?.tags).toEqual([]);
    expect(series[0]?.points[0]).toEqual({ timestamp: day('2026-01-10'), value: 5, isResetPoint: false });
    expect(markers).toEqual([]);
  });

  test('4.29.3 accepts an active customer, whose markers are the instants of the resets', async () => {
    await stack.clock.set(day('2026-03-15'));
    for (const more of [{ includeInactiveSubscriptions: true }, {}]) {
      const { markers } = await client.getUsageHistoryV2({ ...asked, ...more });
      expect(markers).toEqual([
        { timestamp: day('2026-02-05'), type: 'PERIODIC_RESET' },
        { timestamp: day('2026-03-05'), type: 'PERIODIC_RESET' },
      ]);
    }
  });

  test('4.29.3 rejects to show what has ended unless it is asked for: no series', async () => {
    await cancelledYesterday();
    for (const more of [{ includeInactiveSubscriptions: false }, {}]) {
      expect(await client.getUsageHistoryV2({ ...asked, ...more })).toEqual({ series: [], markers: [] });
    }
  });

  test('4.29.3 rejects an endDate before the startDate', async () => {
    const history = client.getUsageHistoryV2({ ...asked, endDate: day('2025-12-31') });
    await expect(history).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'endDate' });
  });
});
