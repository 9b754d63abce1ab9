import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvironmentEngine } from '../src/engine-api.js';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const start = at('2026-01-01T00:00:00Z');
const day = 86_400_000;
const trials = changed((copy) => {
  copy.plans['plan-pro'] = {
    ...(copy.plans['plan-pro'] as (typeof copy.plans)[string]),
    defaultTrialConfig: { duration: 10, units: 'DAY' },
  };
});

const typesOf = async (environment: EnvironmentEngine, customerId: string) =>
  (await environment.events({ after: null, limit: 1000 })).events
    .filter((event) => event.customerId === customerId)
    .map(({ type, timestamp }) => `${timestamp.slice(0, 10)} ${type}`);

describe.each(implementations)('the sweeper on $name', (implementation) => {
  let stage: Stage;
  const errors: unknown[] = [];
  beforeAll(async () => {
    stage = await openStage(implementation, trials, { onError: (error) => errors.push(error) });
  });
  afterAll(() => stage.close());

  const begin = (customerId: string, now: number, environment = stage.environment) =>
    environment.provisionCustomer(
      { customerId, subscriptionParams: { planId: 'plan-pro', billingPeriod: 'MONTHLY' } },
      now,
    );

  test('tells what time did, with the dates of the things themselves, once', async () => {
    await begin('ada', start);
    expect(await stage.engine.sweep(start + 10 * day - 1, 10)).toBe(0);
    expect(await stage.engine.sweep(start + 12 * day, 10)).toBe(1);
    const told = await typesOf(stage.environment, 'ada');
    expect(told.at(-1)).toBe('2026-01-11 subscription.trial_expired');
    expect(await stage.engine.sweep(start + 12 * day, 10)).toBe(0);
    expect(await typesOf(stage.environment, 'ada')).toEqual(told);
  });

  test('takes the longest overdue first, and at most as many as it is told', async () => {
    const late = start + 20 * day;
    await begin('third', late + 2);
    await begin('first', late);
    await begin('second', late + 1);
    expect(await stage.engine.sweep(late + 11 * day, 2)).toBe(2);
    const expired = async (customerId: string) =>
      (await typesOf(stage.environment, customerId)).some((told) => told.endsWith('subscription.trial_expired'));
    expect([await expired('first'), await expired('second'), await expired('third')]).toEqual([true, true, false]);
    expect(await stage.engine.sweep(late + 11 * day, 2)).toBe(1);
  });

  test('leaves the customers of other environments to their own clocks when one environment is swept', async () => {
    const other = await stage.another('other', trials);
    const late = start + 40 * day;
    await begin('grace', late, other);
    expect(await stage.environment.sweep(late + 11 * day, 10)).toBe(0);
    expect(await other.sweep(late + 11 * day, 10)).toBe(1);
  });

  test('reports a customer that cannot be brought up, and goes on with the others', async () => {
    const late = start + 60 * day;
    await begin('broken', late);
    await begin('whole', late + 1);
    await stage.database.query(
      "update {schema}.subscription set terms = terms || '{\"futureUpdates\": null}' where customer_id = 'broken'",
    );
    errors.length = 0;
    expect(await stage.engine.sweep(late + 11 * day, 1)).toBe(1);
    expect(errors).toHaveLength(1);
    expect(await typesOf(stage.environment, 'whole')).toContainEqual(expect.stringMatching(/trial_expired$/));
  });
});
