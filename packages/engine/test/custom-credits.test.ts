import type { SubscriptionCreditEntitlementInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvironmentEngine } from '../src/engine-api.js';
import { creditCatalog } from './credit-catalog.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-31T00:00:00Z');
const nextPeriod = at('2026-02-28T00:00:00Z');
const monthly = (currencyId: string, amount: string): SubscriptionCreditEntitlementInput => ({
  currencyId,
  amount,
  cadence: 'MONTH',
});

describe.each(implementations)('credits of a subscription’s own on $name', (implementation) => {
  let stage: Stage;
  let engine: EnvironmentEngine;
  let customers = 0;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog);
    engine = stage.environment;
  });
  afterAll(() => stage.close());

  const newCustomer = async () => {
    const customerId = `customer-${++customers}`;
    await engine.provisionCustomer({ customerId }, now);
    return customerId;
  };
  const provision = async (
    customerId: string,
    creditEntitlements: SubscriptionCreditEntitlementInput[],
    value: object = { usageLimit: '7' },
  ) => {
    const entitlements = [{ featureId: 'feature-reports', ...value }];
    const terms = { planId: 'plan-custom', billingPeriod: 'MONTHLY' as const };
    const input = { customerId, ...terms, entitlements, creditEntitlements };
    const { subscription } = await engine.provisionSubscription(input, now);
    if (!subscription) throw new Error('no subscription was started');
    return subscription;
  };
  const subscribe = async () => provision(await newCustomer(), [monthly('credits', '5')]);

  test('are part of the package: the same again changes nothing, others are another subscription', async () => {
    const customerId = await newCustomer();
    const first = await provision(customerId, [monthly('credits', '5')]);
    const same = await provision(customerId, [monthly('credits', '5.0')]);
    expect(same.subscriptionId).toBe(first.subscriptionId);
    const other = await provision(customerId, [monthly('credits', '6')]);
    expect(other.subscriptionId).not.toBe(first.subscriptionId);
    expect(other.creditEntitlements).toEqual({ credits: { amount: '6', cadence: 'MONTH' } });
  });

  test.each<[string, SubscriptionCreditEntitlementInput[], string, RegExp]>([
    ['nothing', [], 'creditEntitlements', /must have a value for credits/],
    ['an amount of 0', [monthly('credits', '0')], 'creditEntitlements[0].amount', /must be above 0/],
    ['an amount below 0', [monthly('credits', '-5')], 'creditEntitlements[0].amount', /must be above 0/],
    ['seven places', [monthly('credits', '0.0000001')], 'creditEntitlements[0].amount', /at most 6 decimal places/],
    [
      'weeks',
      [{ ...monthly('credits', '5'), cadence: 'WEEK' as 'MONTH' }],
      'creditEntitlements[0].cadence',
      /must be one of MONTH, YEAR/,
    ],
    [
      'a currency twice',
      [monthly('credits', '5'), monthly('credits', '6')],
      'creditEntitlements[1].currencyId',
      /names credits a second time/,
    ],
    [
      'a currency whose amount the plan says',
      [monthly('credits', '5'), monthly('points', '6')],
      'creditEntitlements[1].currencyId',
      /names points, which plan plan-custom does not leave open/,
    ],
  ])('are refused for %s, by field and rule', async (_, given, field, message) => {
    const refused = { code: 'INVALID_ARGUMENT', field, message: expect.stringMatching(message) };
    const customerId = await newCustomer();
    await expect(provision(customerId, given)).rejects.toMatchObject(refused);
    if (given.length === 0) return;
    const { subscriptionId } = await provision(customerId, [monthly('credits', '5')]);
    const update = engine.updateSubscription({ subscriptionId, creditEntitlements: given }, now);
    await expect(update).rejects.toMatchObject(refused);
  });

  test('that are to change later are an update of their own kind, in place of what was to change of the package before', async () => {
    const { subscriptionId } = await subscribe();
    const change = (amount: string) =>
      engine.updateSubscription(
        {
          subscriptionId,
          creditEntitlements: [{ ...monthly('credits', amount), hasSoftLimit: false }],
          scheduleStrategy: 'END_OF_BILLING_PERIOD',
        },
        now,
      );
    const addons = [{ addonId: 'addon-more' }];
    await engine.updateSubscription({ subscriptionId, addons, scheduleStrategy: 'END_OF_BILLING_PERIOD' }, now);
    await change('8');
    const { creditEntitlements, futureUpdates } = (await change('9')).subscription;
    expect(creditEntitlements).toEqual({ credits: { amount: '5', cadence: 'MONTH' } });
    const pending = futureUpdates.filter(({ scheduleStatus }) => scheduleStatus === 'SCHEDULED');
    expect(pending).toMatchObject([
      { type: 'RECURRING_CREDITS', scheduledExecutionTime: '2026-02-28T00:00:00.000Z', targetPackage: 'plan-custom' },
    ]);
    const later = await engine.subscription(subscriptionId, nextPeriod);
    expect(later.creditEntitlements).toEqual({ credits: { amount: '9', cadence: 'MONTH', hasSoftLimit: false } });
  });

  test('end with the plan that left them open, and an import brings none', async () => {
    const { subscriptionId, customerId } = await subscribe();
    const row = { customerId, subscriptionId, planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };
    await engine.importSubscriptions([row], now);
    const { planId, creditEntitlements, entitlements } = await engine.subscription(subscriptionId, now);
    expect({ planId, creditEntitlements, entitlements }).toEqual({
      planId: 'plan-pro',
      creditEntitlements: {},
      entitlements: [],
    });
  });

  test.each([
    ['with a limit', { usageLimit: '7' }, { usageLimit: 7_000_000n, hasUnlimitedUsage: false }],
    ['without one', {}, { usageLimit: null, hasUnlimitedUsage: true }],
    ['counted in months', { resetPeriod: 'MONTH' }, { reset: expect.objectContaining({ period: 'MONTH' }) }],
  ])('leave a value of the subscription at the rate of the plan, %s', async (_, value, expected) => {
    const customerId = await newCustomer();
    await provision(customerId, [monthly('credits', '5')], value);
    const [snapshot] = await engine.snapshots(customerId, [null], now);
    expect(snapshot?.grants.entitlements.get('feature-reports')).toMatchObject({
      ...expected,
      creditRate: { currencyId: 'credits', amount: 1_000_000n, costFormula: null },
    });
  });
});
