import { amountToNumber, type ReportUsageInput, type ReportUsageResultWire } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, countingIds, openStage, type Stage } from './stage.js';

const now = at('2026-03-10T12:00:00Z');
const day = 86_400_000;

describe.each(implementations)('reported usage on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog, { randomId: countingIds() });
  });
  afterAll(() => stage.close());

  let lastCustomer = 0;
  /** A fresh customer on the free plan since March 5: reports run from the 5th to the 5th. */
  async function subscribed(): Promise<string> {
    const customerId = `customer-${++lastCustomer}`;
    const input = { customerId, subscriptionParams: { planId: 'plan-free' } };
    await stage.environment.provisionCustomer(input, at('2026-03-05T00:00:00Z'));
    return customerId;
  }

  const report = (usages: ReportUsageInput[], instant = now) => stage.environment.reportUsage(usages, instant);
  const codes = (results: ReportUsageResultWire[]) => results.map(({ error }) => error?.code ?? 'stored');

  async function counter(customerId: string, featureId: string, instant = now) {
    const [snapshot] = await stage.environment.snapshots(customerId, [null], instant);
    const part = snapshot?.usage.get(featureId);
    return part && amountToNumber(part.currentUsage);
  }

  test('adds deltas, also negative ones, past the limit and below zero', async () => {
    const customerId = await subscribed();
    const deltas = ['2.5', '-4', '0.000001', '9007199254', '-9007199253'];
    const results = await report(deltas.map((value) => ({ customerId, featureId: 'feature-projects', value })));
    expect(results.map(({ ack }) => ack?.currentUsage)).toEqual([
      '2.5',
      '-1.5',
      '-1.499999',
      '9007199252.500001',
      '-0.499999',
    ]);
    expect(await counter(customerId, 'feature-projects')).toBe(-0.499999);
  });

  test('acknowledges what it stored, with one part for the cache that is the same for the whole batch', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-reports', value: '2' };
    const [first, second] = await report([item, { ...item, createdAt: '2026-03-09T00:00:00Z' }]);
    expect(first?.ack).toMatchObject({
      customerId,
      featureId: 'feature-reports',
      resourceId: null,
      value: '2',
      currentUsage: '2',
      usagePeriodStart: '2026-03-05T00:00:00.000Z',
      usagePeriodEnd: '2026-04-05T00:00:00.000Z',
      createdAt: '2026-03-10T12:00:00.000Z',
      timestamp: '2026-03-10T12:00:00.000Z',
      isDuplicate: false,
    });
    expect(second?.ack).toMatchObject({ currentUsage: '4', createdAt: '2026-03-09T00:00:00.000Z' });
    expect(first?.ack?.counter).toEqual(second?.ack?.counter);
    expect(first?.ack?.counter).toMatchObject({ currentUsage: '4', validUntil: '2026-04-05T00:00:00.000Z' });
    const [snapshot] = await stage.environment.snapshots(customerId, [null], now);
    expect(snapshot?.usage.get('feature-reports')?.version).toMatchObject({ revision: 2, validFrom: now });
  });

  test('SET replaces what is before it, DELTAs after it add, and a late SET never overwrites a newer one', async () => {
    const customerId = await subscribed();
    const entry = (updateBehavior: 'SET' | 'DELTA', value: string, hour: number): ReportUsageInput => ({
      customerId,
      featureId: 'feature-projects',
      updateBehavior,
      value,
      createdAt: `2026-03-10T0${hour}:00:00Z`,
    });
    const currentUsage = async (item: ReportUsageInput) => (await report([item]))[0]?.ack?.currentUsage;
    expect(await currentUsage(entry('DELTA', '7', 2))).toBe('7');
    expect(await currentUsage(entry('SET', '10', 4))).toBe('10');
    expect(await currentUsage(entry('DELTA', '3', 6))).toBe('13');
    // Before the SET: swallowed. After it: added. Neither arrived in order.
    expect(await currentUsage(entry('DELTA', '100', 3))).toBe('13');
    expect(await currentUsage(entry('DELTA', '1', 5))).toBe('14');
    expect(await currentUsage(entry('SET', '99', 1))).toBe('14');
    // Between the two DELTAs: takes the first one away and leaves the second.
    expect(await currentUsage(entry('SET', '20', 5))).toBe('23');
    // At the same instant the later arrival counts.
    expect(await currentUsage(entry('SET', '30', 5))).toBe('33');
    expect(await counter(customerId, 'feature-projects')).toBe(33);
  });

  test('a SET in the middle of a batch knows the deltas of its own batch', async () => {
    const customerId = await subscribed();
    const base = { customerId, featureId: 'feature-projects' };
    const results = await report([
      { ...base, value: '1', createdAt: '2026-03-10T01:00:00Z' },
      { ...base, value: '2', createdAt: '2026-03-10T03:00:00Z' },
      { ...base, value: '50', updateBehavior: 'SET', createdAt: '2026-03-10T02:00:00Z' },
    ]);
    expect(results.map(({ ack }) => ack?.currentUsage)).toEqual(['1', '3', '52']);
    expect(await counter(customerId, 'feature-projects')).toBe(52);
  });

  test('a period that is over counts as zero in the next, and a late report still lands in its own', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-reports', value: '3' };
    await report([item], at('2026-04-04T23:59:59.999Z'));
    expect(await counter(customerId, 'feature-reports', at('2026-04-04T23:59:59.999Z'))).toBe(3);
    expect(await counter(customerId, 'feature-reports', at('2026-04-05T00:00:00Z'))).toBe(0);
    const [late] = await report([{ ...item, createdAt: '2026-04-04T12:00:00Z' }], at('2026-04-06T00:00:00Z'));
    expect(late?.ack).toMatchObject({ currentUsage: '0', usagePeriodStart: '2026-04-05T00:00:00.000Z' });
    const windows = await stage.database.query(
      `select window_start, trunc(value)::text as value from {schema}.usage_counter
        where environment = 'test' and customer_id = $1 order by window_start`,
      [customerId],
    );
    expect(windows).toEqual([
      { window_start: at('2026-03-05T00:00:00Z'), value: '6' },
      { window_start: at('2026-04-05T00:00:00Z'), value: '0' },
    ]);
  });

  test('a snapshot of a rolled period is newer than the one before it, though nothing was written', async () => {
    const customerId = await subscribed();
    await report([{ customerId, featureId: 'feature-reports', value: '1' }]);
    const part = async (instant: number) => {
      const [snapshot] = await stage.environment.snapshots(customerId, [null], instant);
      return snapshot?.usage.get('feature-reports');
    };
    const [before, after] = [await part(now), await part(at('2026-04-05T00:00:00Z'))];
    expect(after?.version.revision).toBe(before?.version.revision);
    expect([before?.version.validFrom, after?.version.validFrom]).toEqual([now, at('2026-04-05T00:00:00Z')]);
  });

  test('time never goes back for one customer', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-calls', value: '1' };
    await report([item], now);
    const [earlier] = await report([item], now - 2 * day);
    expect(earlier?.ack).toMatchObject({ createdAt: '2026-03-10T12:00:00.000Z', currentUsage: '2' });
  });

  test('one key counts once, the answer is the stored one with the counter as it is now', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-reports', value: '2', idempotencyKey: 'k1' };
    const [first] = await report([item]);
    await report([{ ...item, idempotencyKey: 'k2', value: '5' }]);
    const [again] = await report([item], now + 1000);
    expect(again?.ack).toMatchObject({
      measurementId: first?.ack?.measurementId,
      isDuplicate: true,
      value: '2',
      currentUsage: '7',
      timestamp: first?.ack?.timestamp,
    });
    expect(codes(await report([{ ...item, value: '3' }]))).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(codes(await report([{ ...item, featureId: 'feature-projects' }]))).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(codes(await report([{ ...item, createdAt: '2026-03-10T12:00:00Z' }]))).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(await counter(customerId, 'feature-reports')).toBe(7);
  });

  test('a date that an outbox filled in is no part of the content, and other customers have keys of their own', async () => {
    const [one, two] = [await subscribed(), await subscribed()];
    const item = { customerId: one, featureId: 'feature-reports', value: '2', idempotencyKey: 'k1' };
    const filled = { ...item, createdAt: '2026-03-10T11:00:00Z', isCreatedAtFilledIn: true };
    const results = await report([item, filled, { ...item, customerId: two }]);
    expect(results.map(({ ack }) => ack?.isDuplicate)).toEqual([false, true, false]);
    expect([await counter(one, 'feature-reports'), await counter(two, 'feature-reports')]).toEqual([2, 2]);
  });

  test('ten concurrent callers with one key count once', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-reports', value: '1', idempotencyKey: 'once' };
    const results = await Promise.all(Array.from({ length: 10 }, () => report([item])));
    expect(results.filter(([result]) => result?.ack?.isDuplicate === false)).toHaveLength(1);
    expect(await counter(customerId, 'feature-reports')).toBe(1);
  });

  test('a key is free again after the window, and what is dated before the window is refused', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-projects', value: '1', idempotencyKey: 'old' };
    await report([item], now);
    const later = now + 35 * day + 5 * 60_000;
    const replay = { ...item, createdAt: new Date(now).toISOString(), isCreatedAtFilledIn: true };
    expect(codes(await report([replay], later))).toEqual(['TOO_OLD']);
    const [anew] = await report([item], later);
    expect(anew?.ack).toMatchObject({ isDuplicate: false, currentUsage: '2' });
    const [edge] = await report(
      [{ customerId, featureId: 'feature-projects', value: '1', createdAt: new Date(later - 35 * day).toISOString() }],
      later,
    );
    expect(edge?.ack?.currentUsage).toBe('3');
  });

  test('a date a little ahead is taken as now, further ahead is refused', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-projects', value: '1' };
    const [ahead, further] = await report([
      { ...item, createdAt: '2026-03-10T12:05:00Z' },
      { ...item, createdAt: '2026-03-10T12:05:00.001Z' },
    ]);
    expect(ahead?.ack?.createdAt).toBe('2026-03-10T12:00:00.000Z');
    expect(further?.error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'createdAt', isRetryable: false });
  });

  test('bad items are refused by name and never sink good ones', async () => {
    const customerId = await subscribed();
    const good = { customerId, featureId: 'feature-projects', value: '1' };
    const bad: [Partial<Record<keyof ReportUsageInput, unknown>>, string, string][] = [
      [{ customerId: '' }, 'INVALID_ARGUMENT', 'customerId'],
      [{ customerId: 'nobody' }, 'CUSTOMER_NOT_FOUND', 'customerId'],
      [{ featureId: '' }, 'INVALID_ARGUMENT', 'featureId'],
      [{ featureId: 'feature-gone' }, 'FEATURE_NOT_FOUND', 'featureId'],
      [{ featureId: 'feature-sso' }, 'FEATURE_TYPE_MISMATCH', 'featureId'],
      [{ featureId: 'feature-upload' }, 'FEATURE_TYPE_MISMATCH', 'featureId'],
      [{ featureId: 'feature-formats' }, 'FEATURE_TYPE_MISMATCH', 'featureId'],
      [{ featureId: 'feature-tokens' }, 'WRONG_USAGE_KIND', 'featureId'],
      [{ value: '0.0000001' }, 'INVALID_ARGUMENT', 'value'],
      [{ value: 'NaN' }, 'INVALID_ARGUMENT', 'value'],
      [{ value: Number.NaN }, 'INVALID_ARGUMENT', 'value'],
      [{ value: '9007199255' }, 'INVALID_ARGUMENT', 'value'],
      [{ updateBehavior: 'ADD' }, 'INVALID_ARGUMENT', 'updateBehavior'],
      [{ createdAt: 'yesterday' }, 'INVALID_ARGUMENT', 'createdAt'],
      [{ createdAt: '2026-02-03T11:59:59Z' }, 'TOO_OLD', 'createdAt'],
      [{ idempotencyKey: '' }, 'INVALID_ARGUMENT', 'idempotencyKey'],
      [{ idempotencyKey: 'k'.repeat(256) }, 'INVALID_ARGUMENT', 'idempotencyKey'],
      [{ dimensions: { nested: {} } }, 'INVALID_ARGUMENT', 'dimensions.nested'],
      [{ dimensions: { text: 'nul \u0000' } }, 'INVALID_ARGUMENT', 'dimensions'],
      [{ resourceId: 'has space' }, 'INVALID_ARGUMENT', 'resourceId'],
    ];
    const items = bad.map(([fields]) => ({ ...good, ...fields }) as ReportUsageInput);
    const results = await report([good, ...items, good]);
    expect(results.slice(1, -1).map(({ error }) => [error?.code, error?.field])).toEqual(
      bad.map(([, code, field]) => [code, field]),
    );
    expect([results[0]?.ack?.currentUsage, results.at(-1)?.ack?.currentUsage]).toEqual(['1', '2']);
  });

  test('a counter is never taken past the largest amount, and the item that would is refused alone', async () => {
    const customerId = await subscribed();
    const item = { customerId, featureId: 'feature-projects' };
    const results = await report([
      { ...item, value: '9007199254' },
      { ...item, value: '1', idempotencyKey: 'over' },
      { ...item, value: '1', idempotencyKey: 'over' },
      { ...item, value: '-4' },
    ]);
    expect(codes(results)).toEqual(['stored', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'stored']);
    expect(await counter(customerId, 'feature-projects')).toBe(9_007_199_250);
  });

  test('a batch must hold 1 to 100 items', async () => {
    await expect(report([])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'usages' });
    const item = { customerId: 'nobody', featureId: 'feature-projects', value: '1' };
    await expect(report(Array.from({ length: 101 }, () => item))).rejects.toMatchObject({ field: 'usages' });
  });

  test('usage of a feature that no plan gives is kept for the plan that will', async () => {
    const customerId = await subscribed();
    await stage.environment.provisionCustomer({ customerId: 'unsubscribed' }, now);
    const [result] = await report([{ customerId: 'unsubscribed', featureId: 'feature-projects', value: '2' }]);
    expect(result?.ack).toMatchObject({ currentUsage: '2', usagePeriodStart: null });
    await stage.environment.provisionSubscription({ customerId: 'unsubscribed', planId: 'plan-free' }, now);
    expect(await counter('unsubscribed', 'feature-projects')).toBe(2);
    expect(await counter(customerId, 'feature-projects')).toBe(0);
  });

  test('300 concurrent reports of one customer sum exactly', async () => {
    const customerId = await subscribed();
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        report([{ customerId, featureId: 'feature-projects', value: '0.01', idempotencyKey: `n${index}` }]),
      ),
    );
    expect(results.every(([result]) => result?.error === null)).toBe(true);
    expect(await counter(customerId, 'feature-projects')).toBe(3);
    // Every value from 0.01 to 3 was seen by exactly one caller.
    const seen = results.map(([result]) => Number(result?.ack?.currentUsage)).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => (index + 1) / 100));
  });

  test('a changed reset period counts the same usage in its own windows', async () => {
    const environment = await stage.another('changing');
    await environment.provisionCustomer(
      { customerId: 'a', subscriptionParams: { planId: 'plan-free' } },
      at('2026-03-05T00:00:00Z'),
    );
    const item = { customerId: 'a', featureId: 'feature-reports', value: '1' };
    await environment.reportUsage([item], at('2026-03-09T08:00:00Z'));
    await environment.reportUsage([{ ...item, value: '10' }], at('2026-03-10T08:00:00Z'));
    const usage = async () =>
      (await environment.snapshots('a', [null], now))[0]?.usage.get('feature-reports')?.currentUsage;
    const withReset = (resetPeriod: 'DAY' | 'MONTH' | undefined) =>
      changed(({ plans }) => {
        Object.assign(plans['plan-free'] ?? {}, {
          entitlements: { 'feature-reports': { usageLimit: 3, resetPeriod } },
        });
      });
    expect(await usage()).toBe(11_000_000n);
    await environment.applyCatalog(withReset('DAY'), { dryRun: false }, now);
    expect(await usage()).toBe(10_000_000n);
    await environment.reportUsage([{ ...item, value: '100' }], now);
    expect(await usage()).toBe(110_000_000n);
    await environment.applyCatalog(withReset(undefined), { dryRun: false }, now);
    expect(await usage()).toBe(111_000_000n);
    await environment.applyCatalog(withReset('MONTH'), { dryRun: false }, now);
    expect(await usage()).toBe(111_000_000n);
  });
});
