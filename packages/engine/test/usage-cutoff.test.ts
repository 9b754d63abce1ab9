import type { UsageResetCutoffBehavior } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const start = at('2026-03-05T00:00:00Z');
const change = at('2026-03-20T00:00:00Z');

type Terms = { planId: string; billingPeriod?: 'MONTHLY' | 'ANNUALLY' };
const free: Terms = { planId: 'plan-free' };
const monthly: Terms = { planId: 'plan-pro', billingPeriod: 'MONTHLY' };
const annually: Terms = { planId: 'plan-pro', billingPeriod: 'ANNUALLY' };
const withAddon = { ...monthly, addons: [{ addonId: 'addon-reports', quantity: 1 }] };

describe.each(implementations)('a plan transition on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());

  let lastEnvironment = 0;
  /** Reports 2 of everything until the change and 4 after it, on a clock that stands still around the change. */
  async function transition(behavior: UsageResetCutoffBehavior | undefined, from: Terms, to: Terms) {
    const document = changed(({ products }) => {
      Object.assign(products['product-app'] ?? {}, behavior && { usageResetCutoffRule: { behavior } });
    });
    const environment = await stage.another(`environment-${++lastEnvironment}`, document);
    await environment.provisionCustomer({ customerId: 'a', subscriptionParams: from }, start);
    const report = (value: string, instant: number) =>
      environment.reportUsage(
        ['feature-reports', 'feature-projects', 'feature-calls'].map((featureId) => ({
          customerId: 'a',
          featureId,
          value,
        })),
        instant,
      );
    await report('1', start + 1000);
    await report('1', change);
    await environment.provisionSubscription({ customerId: 'a', ...to }, change);
    const [acked] = await report('4', change);
    const [snapshot] = await environment.snapshots('a', [null], change);
    const of = (featureId: string) => Number(snapshot?.usage.get(featureId)?.currentUsage) / 1_000_000;
    const period = snapshot?.usage.get('feature-reports');
    return {
      reports: of('feature-reports'),
      acknowledged: acked?.ack?.currentUsage,
      projects: of('feature-projects'),
      calls: of('feature-calls'),
      from: new Date(period?.usagePeriodStart ?? 0).toISOString().slice(0, 10),
      to: new Date(period?.usagePeriodEnd ?? 0).toISOString().slice(0, 10),
    };
  }

  const anew = { reports: 4, acknowledged: '4', projects: 6, calls: 4, from: '2026-03-20', to: '2026-04-20' };
  const onwards = { reports: 6, acknowledged: '6', projects: 6, calls: 5, from: '2026-03-05', to: '2026-04-05' };

  test('resets what has a reset by default, in the very millisecond of the change, and leaves the rest', async () => {
    expect(await transition(undefined, free, monthly)).toEqual(anew);
    expect(await transition('ALWAYS_RESET', monthly, withAddon)).toEqual(anew);
  });

  test('carries on with the periods of the plan before it under NEVER_RESET', async () => {
    expect(await transition('NEVER_RESET', free, monthly)).toEqual(onwards);
  });

  test('resets under BILLING_PERIOD_CHANGE only between free and paid, or monthly and annual', async () => {
    expect(await transition('BILLING_PERIOD_CHANGE', free, monthly)).toEqual(anew);
    expect(await transition('BILLING_PERIOD_CHANGE', monthly, free)).toEqual(anew);
    expect(await transition('BILLING_PERIOD_CHANGE', monthly, annually)).toEqual(anew);
    expect(await transition('BILLING_PERIOD_CHANGE', monthly, withAddon)).toEqual(onwards);
  });
});
