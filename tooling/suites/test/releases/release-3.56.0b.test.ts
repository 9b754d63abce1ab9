import type { Tollgate, UsageHistory } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stackOn, storages } from '../../src/storages.js';
import { usageCatalog as catalog } from '../../src/usage-catalog.js';

const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const customerId = 'customer-1';
const asked = { customerId, featureId: 'feature-reports', startDate: day('2026-01-01') };

const point = (date: string, value: number, isResetPoint = false) => ({ timestamp: day(date), value, isResetPoint });

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-05T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId, subscriptionParams: { planId: 'plan-free' } });
  });
  afterEach(() => stack.close());

  async function use(date: string, value: number, region?: string): Promise<void> {
    await stack.clock.set(day(date));
    const dimensions = region === undefined ? {} : { dimensions: { region } };
    await client.reportUsage({ customerId, featureId: 'feature-reports', value, ...dimensions });
  }
  const tagsOf = ({ series }: UsageHistory) => series.map(({ tags }) => tags);

  test('3.56.0b accepts groupBy, with one series per value, and no groupBy, with a single series without tags', async () => {
    await use('2026-01-10', 2, 'eu');
    await use('2026-01-11', 3, 'us');
    await use('2026-01-12', 4, 'eu');
    const grouped = await client.getUsageHistoryV2({ ...asked, groupBy: ['region'] });
    const byRegion = new Map(grouped.series.map(({ tags, points }) => [tags[0]?.value, points]));
    expect(tagsOf(grouped).every(([tag, ...others]) => tag?.key === 'region' && others.length === 0)).toBe(true);
    expect([...byRegion.keys()].sort()).toEqual(['eu', 'us']);
    expect(byRegion.get('eu')).toEqual([point('2026-01-10', 2), point('2026-01-12', 6)]);
    expect(byRegion.get('us')).toEqual([point('2026-01-11', 3)]);

    const whole = await client.getUsageHistoryV2(asked);
    expect(tagsOf(whole)).toEqual([[]]);
    expect(whole.series[0]?.points).toEqual([point('2026-01-10', 2), point('2026-01-11', 5), point('2026-01-12', 9)]);
    expect(whole.markers).toEqual([]);
  });

  test('3.56.0b accepts a period that ends: a reset point, and a PERIODIC_RESET marker', async () => {
    await use('2026-01-10', 2);
    await use('2026-02-10', 1);
    const { series, markers } = await client.getUsageHistoryV2(asked);
    expect(series[0]?.points).toEqual([point('2026-01-10', 2), point('2026-02-05', 0, true), point('2026-02-10', 1)]);
    expect(markers).toEqual([{ timestamp: day('2026-02-05'), type: 'PERIODIC_RESET' }]);
  });

  test('3.56.0b accepts a change of plan: a reset point, and a SUBSCRIPTION_CHANGE_RESET marker', async () => {
    await use('2026-01-10', 2);
    await stack.clock.set(day('2026-01-20'));
    await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    await use('2026-02-10', 1);
    const { series, markers } = await client.getUsageHistoryV2(asked);
    // The periods begin anew with the plan: the next one on February 20th.
    expect(series[0]?.points).toEqual([point('2026-01-10', 2), point('2026-01-20', 0, true), point('2026-02-10', 1)]);
    expect(markers).toEqual([{ timestamp: day('2026-01-20'), type: 'SUBSCRIPTION_CHANGE_RESET' }]);
  });

  test('3.56.0b accepts the deprecated fetchUsageHistory, which tells periodic resets only', async () => {
    await use('2026-01-10', 2);
    await stack.clock.set(day('2026-01-20'));
    await client.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' });
    await use('2026-02-25', 1);
    expect(await client.fetchUsageHistory(asked)).toEqual([
      { date: day('2026-01-10'), value: 2, isResetPoint: false },
      { date: day('2026-01-20'), value: 0, isResetPoint: false },
      { date: day('2026-02-20'), value: 0, isResetPoint: true },
      { date: day('2026-02-25'), value: 1, isResetPoint: false },
    ]);
  });
});
