import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

type History = Awaited<ReturnType<Stage['environment']['usageHistory']>>;

/** `03-10T12:00 2` for a point, with ` reset` where the counter began again; the year is 2026 throughout. */
function pointsOf({ points }: History['series'][number]): string[] {
  return points.map(({ timestamp, value, isResetPoint }) => {
    const when = timestamp.slice('2026-'.length, '2026-03-10T12:00'.length);
    return `${when} ${value}${isResetPoint ? ' reset' : ''}`;
  });
}

const markersOf = ({ markers }: History): string[] =>
  markers.map(({ timestamp, type }) => `${timestamp.slice('2026-'.length, '2026-03-10T12:00'.length)} ${type}`);

describe.each(implementations)('usage history on $name', (implementation) => {
  let stage: Stage;
  let lastCustomer = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  /** A fresh customer on the free plan since March 5: reports run from the 5th to the 5th. */
  async function subscribed(environment = stage.environment) {
    const customerId = `customer-${++lastCustomer}`;
    await environment.provisionCustomer(
      { customerId, subscriptionParams: { planId: 'plan-free' } },
      at('2026-03-05T00:00:00Z'),
    );
    const report = async (value: string, when: string, more: object = {}) => {
      const usage = { customerId, featureId: 'feature-reports', value, ...more };
      const [result] = await environment.reportUsage([usage], at(`2026-${when}Z`));
      expect(result?.error).toBeNull();
    };
    const history = (startDate: string, endDate: string | null, more: object = {}, now = '2026-06-01T00:00:00Z') =>
      environment.usageHistory(
        {
          customerId,
          featureId: 'feature-reports',
          startDate: `2026-${startDate}Z`,
          endDate: endDate && `2026-${endDate}Z`,
          ...more,
        },
        at(now),
      );
    return { customerId, report, history };
  }

  test('shows the running value after each change, and 0 where a period begins', async () => {
    const { report, history } = await subscribed();
    await report('2', '03-10T12:00:00');
    await report('3', '03-20T00:00:00');
    await report('1', '04-10T00:00:00');
    const found = await history('03-01T00:00:00', '04-30T00:00:00');
    expect(found.series.map(({ tags }) => tags)).toEqual([[]]);
    expect(found.series.map(pointsOf)).toEqual([
      ['03-10T12:00 2', '03-20T00:00 5', '04-05T00:00 0 reset', '04-10T00:00 1'],
    ]);
    expect(markersOf(found)).toEqual(['04-05T00:00 PERIODIC_RESET']);
  });

  test('begins with what was counted before the range, includes its start and excludes its end', async () => {
    const { report, history } = await subscribed();
    await report('2', '03-10T00:00:00');
    await report('3', '03-20T00:00:00');
    await report('4', '03-25T00:00:00');
    expect((await history('03-20T00:00:00', '03-25T00:00:00')).series.map(pointsOf)).toEqual([
      ['03-20T00:00 2', '03-20T00:00 5'],
    ]);
    expect((await history('04-05T00:00:00', '04-06T00:00:00')).series.map(pointsOf)).toEqual([['04-05T00:00 0 reset']]);
    expect((await history('04-05T00:00:01', '04-06T00:00:00')).series.map(pointsOf)).toEqual([[]]);
  });

  test('ends now, what happened right now included, and tells no reset that is to come', async () => {
    const { report, history } = await subscribed();
    await report('2', '03-31T00:00:00');
    const now = '2026-03-31T00:00:00Z';
    for (const end of [null, '06-30T00:00:00']) {
      const found = await history('03-30T00:00:00', end, {}, now);
      expect(found.series.map(pointsOf)).toEqual([['03-31T00:00 2']]);
      expect(found.markers).toEqual([]);
    }
  });

  test('folds a SET and what came late into its place', async () => {
    const { report, history } = await subscribed();
    await report('2', '03-10T00:00:00');
    await report('10', '03-12T00:00:00', { updateBehavior: 'SET' });
    await report('1', '03-14T00:00:00');
    await report('5', '03-15T00:00:00', { createdAt: '2026-03-11T00:00:00Z' });
    const found = await history('03-01T00:00:00', '04-01T00:00:00');
    expect(found.series.map(pointsOf)).toEqual([
      ['03-10T00:00 2', '03-11T00:00 7', '03-12T00:00 10', '03-14T00:00 11'],
    ]);
  });

  test('puts together what a step of a long range cannot tell apart, at the instant of the last of it', async () => {
    const { report, history } = await subscribed();
    for (const when of ['10:00', '10:20', '10:40', '11:10']) await report('1', `03-10T${when}:00`);
    // Up to 25 hours a step is a minute, up to 62 days an hour.
    expect((await history('03-10T00:00:00', '03-11T00:00:00')).series.map(pointsOf)).toEqual([
      ['03-10T10:00 1', '03-10T10:20 2', '03-10T10:40 3', '03-10T11:10 4'],
    ]);
    expect((await history('03-01T00:00:00', '04-01T00:00:00')).series.map(pointsOf)).toEqual([
      ['03-10T10:40 3', '03-10T11:10 4'],
    ]);
  });

  test('shows the largest, the smallest, the average and the number of distinct values as they ran', async () => {
    const meters = { largest: 'MAX', smallest: 'MIN', typical: 'AVG', users: 'UNIQUE' } as const;
    const document = changed(({ features, plans }) => {
      const filters = [{ conditions: [{ field: 'eventName', operation: 'EQUALS' as const, value: 'upload' }] }];
      for (const [name, aggregation] of Object.entries(meters)) {
        const meter = { aggregation, field: aggregation === 'UNIQUE' ? 'user' : 'size', filters };
        features[name] = { displayName: name, featureType: 'NUMBER', meterType: 'FLUCTUATING', meter };
        Object.assign(plans['plan-free']?.entitlements ?? {}, { [name]: { usageLimit: 9, resetPeriod: 'MONTH' } });
      }
    });
    const environment = await stage.another('meters', document);
    const { customerId } = await subscribed(environment);
    const uploads: [string, number, string][] = [
      ['03-10T10:00', 5, 'a'],
      ['03-10T10:30', 3, 'a'],
      ['03-10T11:10', 10, 'b'],
      ['04-06T00:00', 4, 'a'],
    ];
    for (const [when, size, user] of uploads) {
      const event = { customerId, eventName: 'upload', idempotencyKey: when, dimensions: { size, user } };
      await environment.reportEvents([event], at(`2026-${when}:00Z`));
    }
    const shown = async (featureId: string) => {
      const range = { startDate: '2026-03-01T00:00:00Z', endDate: '2026-04-30T00:00:00Z' };
      const { series } = await environment.usageHistory(
        { customerId, featureId, ...range },
        at('2026-05-01T00:00:00Z'),
      );
      return series.flatMap(pointsOf);
    };
    const reset = '04-05T00:00 0 reset';
    expect(await shown('largest')).toEqual(['03-10T10:30 5', '03-10T11:10 10', reset, '04-06T00:00 4']);
    expect(await shown('smallest')).toEqual(['03-10T10:30 3', reset, '04-06T00:00 4']);
    expect(await shown('typical')).toEqual(['03-10T10:30 4', '03-10T11:10 6', reset, '04-06T00:00 4']);
    expect(await shown('users')).toEqual(['03-10T10:30 1', '03-10T11:10 2', reset, '04-06T00:00 1']);
  });

  test('gives one series per combination of dimensions', async () => {
    const { report, history } = await subscribed();
    await report('1', '03-10T00:00:00', { dimensions: { region: 'eu', size: 1 } });
    await report('2', '03-11T00:00:00', { dimensions: { region: 'us', size: 1 } });
    await report('4', '03-12T00:00:00', { dimensions: { region: 'eu', size: 1 } });
    await report('8', '03-13T00:00:00', { dimensions: { region: 'eu' } });
    await report('16', '03-14T00:00:00');
    const byRegion = await history('03-01T00:00:00', '04-01T00:00:00', { groupBy: ['region'] });
    const told = ({ series }: History) =>
      Object.fromEntries(
        series.map((each) => [each.tags.map(({ key, value }) => `${key}=${value}`).join(), pointsOf(each)]),
      );
    expect(told(byRegion)).toEqual({
      'region=eu': ['03-10T00:00 1', '03-12T00:00 5', '03-13T00:00 13'],
      'region=us': ['03-11T00:00 2'],
      '': ['03-14T00:00 16'],
    });
    const byBoth = await history('03-01T00:00:00', '04-01T00:00:00', { groupBy: ['region', 'size'] });
    expect(told(byBoth)).toEqual({
      'region=eu,size=1': ['03-10T00:00 1', '03-12T00:00 5'],
      'region=us,size=1': ['03-11T00:00 2'],
      'region=eu': ['03-13T00:00 8'],
      '': ['03-14T00:00 16'],
    });
    const whole = await history('03-01T00:00:00', '04-01T00:00:00');
    expect(whole.series.map(pointsOf)[0]?.at(-1)).toBe('03-14T00:00 31');
  });

  test('marks a plan change that resets, in the very millisecond of it', async () => {
    const { customerId, report, history } = await subscribed();
    await report('1', '03-20T00:00:00');
    const change = at('2026-03-20T00:00:00Z');
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' }, change);
    await report('4', '03-20T00:00:00');
    const found = await history('03-01T00:00:00', '05-01T00:00:00');
    expect(found.series.map(pointsOf)).toEqual([
      ['03-20T00:00 1', '03-20T00:00 0 reset', '03-20T00:00 4', '04-20T00:00 0 reset'],
    ]);
    expect(markersOf(found)).toEqual(['03-20T00:00 SUBSCRIPTION_CHANGE_RESET', '04-20T00:00 PERIODIC_RESET']);
  });

  test('marks nothing where a plan change resets nothing', async () => {
    const environment = await stage.another(
      'never-resets',
      changed(({ products }) => {
        Object.assign(products['product-app'] ?? {}, { usageResetCutoffRule: { behavior: 'NEVER_RESET' } });
      }),
    );
    const { customerId, report, history } = await subscribed(environment);
    await report('1', '03-20T00:00:00');
    await environment.provisionSubscription(
      { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY' },
      at('2026-03-20T00:00:00Z'),
    );
    await report('4', '03-21T00:00:00');
    const found = await history('03-01T00:00:00', '05-01T00:00:00');
    expect(found.series.map(pointsOf)).toEqual([['03-20T00:00 1', '03-21T00:00 5', '04-05T00:00 0 reset']]);
    expect(markersOf(found)).toEqual(['04-05T00:00 PERIODIC_RESET']);
  });

  test('keeps the periods that ran before a billing cycle was begun anew', async () => {
    const customerId = `customer-${++lastCustomer}`;
    const terms = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    const { subscription } = await stage.environment.provisionCustomer(
      { customerId, subscriptionParams: terms },
      at('2026-03-05T00:00:00Z'),
    );
    const { subscriptionId = '' } = subscription ?? {};
    for (const day of ['2026-04-20', '2026-05-25']) {
      const update = { subscriptionId, billingCycleAnchor: 'NOW' as const };
      await stage.environment.updateSubscription(update, at(`${day}T00:00:00Z`));
    }
    const asked = { customerId, featureId: 'feature-reports', startDate: '2026-03-01T00:00:00Z' };
    expect(markersOf(await stage.environment.usageHistory(asked, at('2026-07-01T00:00:00Z')))).toEqual([
      '04-05T00:00 PERIODIC_RESET',
      '04-20T00:00 SUBSCRIPTION_CHANGE_RESET',
      '05-20T00:00 PERIODIC_RESET',
      '05-25T00:00 SUBSCRIPTION_CHANGE_RESET',
      '06-25T00:00 PERIODIC_RESET',
    ]);
  });

  test('is kept of subscriptions that have ended, where it is asked for', async () => {
    const { customerId, report, history } = await subscribed();
    await report('5', '03-10T00:00:00');
    const [snapshot] = await stage.environment
      .subscriptions({ filter: { customerId }, page: null }, at('2026-03-11T00:00:00Z'))
      .then(({ data }) => data);
    await stage.environment.cancelSubscription(
      { subscriptionId: snapshot?.subscriptionId ?? '', subscriptionCancellationTime: 'IMMEDIATE' },
      at('2026-03-11T00:00:00Z'),
    );
    expect(await history('03-01T00:00:00', null)).toEqual({ series: [], markers: [] });
    const found = await history('03-01T00:00:00', null, { includeInactiveSubscriptions: true });
    expect(found.series.map(pointsOf)).toEqual([['03-10T00:00 5']]);
    expect(found.markers).toEqual([]);
  });

  test('is that of the resource which is entitled, and counts events that wait', async () => {
    const { customerId, report, history } = await subscribed();
    await stage.environment.provisionSubscription(
      { customerId, planId: 'plan-workspace', resourceId: `site-${customerId}` },
      at('2026-03-05T00:00:00Z'),
    );
    const resourceId = `site-${customerId}`;
    await report('2', '03-10T00:00:00', { featureId: 'feature-projects', resourceId });
    await report('3', '03-11T00:00:00', { featureId: 'feature-projects' });
    const projects = { featureId: 'feature-projects' };
    const own = await history('03-01T00:00:00', '04-01T00:00:00', { ...projects, resourceId });
    expect(own.series.map(pointsOf)).toEqual([['03-10T00:00 2']]);
    const customers = await history('03-01T00:00:00', '04-01T00:00:00', projects);
    expect(customers.series.map(pointsOf)).toEqual([['03-11T00:00 3']]);
    // Nothing of the resource entitles it: the customer's counter counts.
    await report('7', '03-12T00:00:00', { resourceId });
    expect((await history('03-01T00:00:00', '04-01T00:00:00', { resourceId })).series.map(pointsOf)).toEqual([
      ['03-12T00:00 7'],
    ]);
  });

  test('refuses what makes no sense, naming it', async () => {
    const { history } = await subscribed();
    const refusals: [object, string, string][] = [
      [{ endDate: '2026-02-01T00:00:00Z' }, 'INVALID_ARGUMENT', 'endDate'],
      [{ groupBy: ['a', 'b', 'c', 'd'] }, 'INVALID_ARGUMENT', 'groupBy'],
      [{ groupBy: ['a', 'b c'] }, 'INVALID_ARGUMENT', 'groupBy[1]'],
      [{ groupBy: ['a', 'a'] }, 'INVALID_ARGUMENT', 'groupBy[1]'],
      [{ featureId: 'feature-none' }, 'FEATURE_NOT_FOUND', 'featureId'],
      [{ featureId: 'feature-sso' }, 'FEATURE_TYPE_MISMATCH', 'featureId'],
      [{ customerId: 'nobody' }, 'CUSTOMER_NOT_FOUND', 'customerId'],
    ];
    for (const [input, code, field] of refusals) {
      await expect(history('03-01T00:00:00', null, input)).rejects.toMatchObject({ code, field });
    }
  });
});
