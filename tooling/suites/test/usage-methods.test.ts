import { Tollgate } from '@tollgate/client';
import { startStack, type TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { until } from '../src/until.js';
import { usageCatalog as catalog } from '../src/usage-catalog.js';

const now = '2026-01-10T00:00:00Z';

describe.each([
  ['embedded, on PGlite', () => ({ transport: 'embedded' as const, template: inject('pgliteTemplate') })],
  ['over HTTP, on Postgres', () => ({ transport: 'http' as const, storage: inject('postgresUrl') })],
])('methods about usage, %s', (_name, place) => {
  let stack: TestStack;
  let client: Tollgate;
  let lastCustomer = 0;
  beforeAll(async () => {
    stack = await startStack({ catalog, now, ...place() });
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** A fresh customer with 100 credits: reports cost 2 each. */
  async function subscribed(): Promise<string> {
    const customerId = `customer-${++lastCustomer}`;
    const subscriptionParams = { planId: 'plan-credits', billingPeriod: 'MONTHLY' as const };
    await client.provisionCustomer({ customerId, subscriptionParams });
    return customerId;
  }
  const balance = async (customerId: string) =>
    (await client.getCreditBalance({ customerId, currencyId: 'credits' })).currentBalance;
  const usage = async (customerId: string, featureId: string) =>
    (await stack.engine.snapshots(customerId, [null], stack.clock.now()))[0]?.usage.get(featureId)?.currentUsage;

  test('estimate what usage and events would cost, and record nothing', async () => {
    const customerId = await subscribed();
    const estimate = await client.estimateUsageCost({ customerId, featureId: 'feature-reports', value: 3 });
    expect(estimate).toEqual({
      estimates: [
        {
          currencyId: 'credits',
          estimatedCost: 6,
          currentBalance: 100,
          balanceAfterEstimate: 94,
          wouldOverdraft: false,
          breakdown: [{ featureId: 'feature-reports', cost: 6, warningCode: null }],
        },
      ],
      warnings: [],
    });
    const upload = { customerId, eventName: 'upload', dimensions: { user: 'a', size: 210 } };
    expect((await client.estimateEventCost(upload)).estimates).toMatchObject([
      { estimatedCost: 105, balanceAfterEstimate: -5, wouldOverdraft: true },
    ]);
    expect(await client.estimateEventCost({ customerId, eventName: 'download' })).toEqual({
      estimates: [],
      warnings: ['FEATURE_NOT_FOUND'],
    });
    expect(await balance(customerId)).toBe(100);
    expect(await usage(customerId, 'feature-reports')).toBe(0n);
    const nobody = client.estimateUsageCost({ customerId: 'nobody', featureId: 'feature-reports', value: 1 });
    await expect(nobody).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  test('accept consumptions of credits at once, and charge each once a little later', async () => {
    const customerId = await subscribed();
    const one = { customerId, currencyId: 'credits', amount: 10, idempotencyKey: 'a' };
    await client.consumeCreditsAsync({ consumptions: [one, one, { ...one, amount: '0.5', idempotencyKey: 'b' }] });
    await until(
      () => client.outboxCounts(),
      ({ waiting }) => waiting === 0,
    );
    await client.consumeCreditsAsync({ consumptions: [one] });
    await until(
      () => client.outboxCounts(),
      ({ waiting }) => waiting === 0,
    );
    expect(await balance(customerId)).toBe(89.5);
  });

  test('hand a consumption that the engine refuses for good to the listener, and charge the others', async () => {
    const customerId = await subscribed();
    const one = { customerId, currencyId: 'credits', amount: 10, idempotencyKey: 'a' };
    const letter = new Promise<object>((resolve) => client.addListener('deadLetter', resolve));
    await client.consumeCreditsAsync({ consumptions: [{ ...one, currencyId: 'francs', idempotencyKey: 'b' }, one] });
    expect(await letter).toMatchObject({
      kind: 'consumption',
      item: { customerId, currencyId: 'francs' },
      error: { code: 'CURRENCY_NOT_FOUND' },
    });
    await until(
      () => balance(customerId),
      (left) => left === 90,
    );
  });

  test('show the largest, the smallest and the average of what events say, and how many said it', async () => {
    const customerId = await subscribed();
    const sizes = [3, -1, 4];
    await client.reportEvent(
      sizes.map((size, index) => ({
        customerId,
        eventName: 'upload',
        idempotencyKey: `k${index}`,
        dimensions: { size, user: index % 2 },
      })),
    );
    await until(
      () => client.outboxCounts(),
      ({ waiting }) => waiting === 0,
    );
    await client.reloadEntitlements(customerId);
    const shown = async (featureId: string) =>
      (await client.getMeteredEntitlement({ customerId, featureId })).currentUsage;
    expect(await shown('feature-largest')).toBe(4);
    expect(await usage(customerId, 'feature-smallest')).toBe(-1_000_000n);
    expect(await shown('feature-typical')).toBe(2);
    expect(await shown('feature-uploaders')).toBe(2);
  });

  test('refuse batches over the limit, and items over theirs, by name', async () => {
    const customerId = await subscribed();
    const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
    const report = { customerId, featureId: 'feature-reports', value: 1 };
    const event = { customerId, eventName: 'upload', idempotencyKey: 'k' };
    const consumption = { customerId, currencyId: 'credits', amount: 1, idempotencyKey: 'k' };
    const large = { ...event, dimensions: { text: 'x'.repeat(1_000_000) } };
    const refusals: [() => Promise<unknown>, string][] = [
      [() => client.reportUsageBulk({ usages: times(101, report) }), 'usages'],
      [() => client.reportUsageBulk({ usages: [] }), 'usages'],
      [() => client.reportEvent(times(1_001, event)), 'events'],
      [() => client.reportEvent([event, large]), 'events[1].dimensions'],
      [() => client.consumeCreditsAsync({ consumptions: times(1_001, consumption) }), 'consumptions'],
      [
        () => client.consumeCreditsAsync({ consumptions: [consumption, { ...consumption, amount: 0 }] }),
        'consumptions[1].amount',
      ],
    ];
    for (const [call, field] of refusals) {
      await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    }
    // A bad item sinks no good one: one event and one consumption were taken.
    await until(
      () => client.outboxCounts(),
      ({ waiting }) => waiting === 0,
    );
    expect(await balance(customerId)).toBe(99);
    const uploaders = { ...event, idempotencyKey: 'bulk', dimensions: { user: 'a', size: 0 } };
    const refused = client.reportEvent([uploaders, { ...event, eventName: '' }, large]);
    await expect(refused).rejects.toMatchObject({
      details: {
        failures: [
          { index: 1, field: 'events[1].eventName' },
          { index: 2, field: 'events[2].dimensions' },
        ],
      },
    });
    await until(
      () => usage(customerId, 'feature-uploaders'),
      (counted) => counted === 1_000_000n,
    );
    const usages = [report, { ...report, value: Number.NaN }, { ...report, value: 2 }];
    await expect(client.reportUsageBulk({ usages })).rejects.toMatchObject({
      field: 'usages[1].value',
      details: { acks: [{ currentUsage: 1 }, null, { currentUsage: 3 }], failures: [{ index: 1 }] },
    });
  });

  test('refuse a history that makes no sense, by name', async () => {
    const asked = { customerId: await subscribed(), featureId: 'feature-reports', startDate: now };
    const refusals: [object, string, string][] = [
      [{ startDate: 'yesterday' }, 'INVALID_ARGUMENT', 'startDate'],
      [{ endDate: '2026-01-32' }, 'INVALID_ARGUMENT', 'endDate'],
      [{ endDate: '2026-01-09' }, 'INVALID_ARGUMENT', 'endDate'],
      [{ groupBy: ['a', 'b', 'c', 'd'] }, 'INVALID_ARGUMENT', 'groupBy'],
      [{ groupBy: ['a.b'] }, 'INVALID_ARGUMENT', 'groupBy[0]'],
      [{ includeInactiveSubscriptions: 'yes' }, 'INVALID_ARGUMENT', 'includeInactiveSubscriptions'],
      [{ featureId: 'feature-none' }, 'FEATURE_NOT_FOUND', 'featureId'],
      [{ customerId: 'nobody' }, 'CUSTOMER_NOT_FOUND', 'customerId'],
    ];
    for (const [more, code, field] of refusals) {
      await expect(client.getUsageHistoryV2({ ...asked, ...more })).rejects.toMatchObject({ code, field });
    }
  });
});

test('offline, consumptions are accepted and go nowhere, and nothing can be estimated', async () => {
  const client = Tollgate.initialize({ apiKey: 'any', offline: true });
  const consumption = { customerId: 'ada', currencyId: 'credits', amount: 1, idempotencyKey: 'k' };
  await client.consumeCreditsAsync({ consumptions: [consumption] });
  expect(client.outboxCounts().waiting).toBe(0);
  const estimate = client.estimateUsageCost({ customerId: 'ada', featureId: 'feature-reports', value: 1 });
  await expect(estimate).rejects.toMatchObject({ code: 'OFFLINE' });
  await client.close();
});
