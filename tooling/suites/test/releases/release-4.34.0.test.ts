import type { ProvisionSubscription, Tollgate } from '@tollgate/client';
import type { CatalogDocument } from '@tollgate/contract';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recurringCreditsCatalog, withPlanCredits } from '../../src/recurring-credits-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

describe.each(storages)('on %s, what a subscription says of its credits', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  let customers = 0;
  beforeAll(async () => {
    stack = await stackOn(storage, '2026-01-31T00:00:00Z', { catalog: recurringCreditsCatalog });
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** The subscription of a customer that was not there before. */
  const subscribe = async (params: Pick<ProvisionSubscription, 'planId' | 'entitlements' | 'billingPeriod'>) => {
    const { customerId } = await newCustomer();
    const { subscription } = await client.provisionSubscription({ customerId, ...params });
    if (!subscription) throw new Error('no subscription was started');
    return subscription;
  };
  const newCustomer = async () => {
    const customerId = `customer-${++customers}`;
    await client.provisionCustomer({ customerId, subscriptionParams: null });
    return { customerId };
  };
  const credit = (customCurrencyId: string, amount: number, cadence: 'MONTH' | 'YEAR' = 'MONTH') => ({
    credit: { customCurrencyId, amount, cadence },
  });
  const bothOpen = [credit('credits', 2500.5), credit('points', 10, 'YEAR')];
  const apply = (catalog: CatalogDocument) => stack.engine.applyCatalog(catalog, { dryRun: true }, stack.clock.now());

  test('4.34.0 accepts credits of its own on a custom plan, and shows them', async () => {
    const started = await subscribe({ planId: 'plan-contract', entitlements: bothOpen });
    const shown = [
      { currencyId: 'credits', amount: 2500.5, cadence: 'MONTH' },
      { currencyId: 'points', amount: 10, cadence: 'YEAR' },
    ];
    expect(started.creditEntitlements).toEqual(shown);
    const { subscriptionId, customerId } = started;
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({ creditEntitlements: shown });
    const credits = await client.getCreditEntitlement({ customerId, currencyId: 'credits' });
    expect(credits).toMatchObject({ hasAccess: true, currentBalance: 2500.5, totalGranted: 2500.5 });
  });

  test('4.34.0 accepts other credits in an update, merged by currency, and takes the plan at its word for the rest', async () => {
    const { subscriptionId, customerId } = await subscribe({ planId: 'plan-contract', entitlements: bothOpen });
    const isSoft = async () => (await client.getCreditEntitlement({ customerId, currencyId: 'credits' })).hasSoftLimit;
    expect(await isSoft()).toBe(false);
    const soft = { credit: { ...credit('credits', 3000).credit, hasSoftLimit: true } };
    const { creditEntitlements } = await client.updateSubscription({ subscriptionId, entitlements: [soft] });
    expect(creditEntitlements).toEqual([
      { currencyId: 'credits', amount: 3000, cadence: 'MONTH', hasSoftLimit: true },
      { currencyId: 'points', amount: 10, cadence: 'YEAR' },
    ]);
    expect(await isSoft()).toBe(true);
  });

  test('4.34.0 accepts credits of its own where a subscription is applied', async () => {
    const { customerId } = await newCustomer();
    const applied = { customerId, planId: 'plan-contract', entitlements: bothOpen };
    const first = await client.applySubscription(applied);
    const again = await client.applySubscription({ ...applied, entitlements: [credit('points', 11)] });
    expect(again.subscription?.subscriptionId).toBe(first.subscription?.subscriptionId);
    expect(again.subscription?.creditEntitlements).toEqual([
      { currencyId: 'credits', amount: 2500.5, cadence: 'MONTH' },
      { currencyId: 'points', amount: 11, cadence: 'MONTH' },
    ]);
  });

  test('4.34.0 rejects credits by the week, in a subscription and in a catalog', async () => {
    const weekly = { credit: { customCurrencyId: 'credits', amount: 1, cadence: 'WEEK' as 'MONTH' } };
    await expect(subscribe({ planId: 'plan-contract', entitlements: [weekly] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'entitlements[0].credit.cadence',
    });
    await expect(apply(withPlanCredits('plan-pro', { amount: 1, cadence: 'WEEK' }))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      field: 'plans.plan-pro.creditEntitlements.credits.cadence',
    });
  });

  test.each([0, -1])('4.34.0 rejects an amount of %d, in a subscription and in a catalog', async (amount) => {
    const entitlements = [credit('points', 1), credit('credits', amount)];
    await expect(subscribe({ planId: 'plan-contract', entitlements })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'entitlements[1].credit.amount',
    });
    await expect(apply(withPlanCredits('plan-pro', { amount, cadence: 'MONTH' }))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      field: 'plans.plan-pro.creditEntitlements.credits.amount',
    });
  });

  test('4.34.0 rejects variable credits on a plan that is not custom, in a subscription and in a catalog', async () => {
    const asked = { planId: 'plan-pro', billingPeriod: 'MONTHLY', entitlements: [credit('credits', 5)] } as const;
    await expect(subscribe({ ...asked, entitlements: [...asked.entitlements] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'creditEntitlements[0].currencyId',
      message: expect.stringContaining('names credits, which plan plan-pro does not leave open'),
    });
    await expect(apply(withPlanCredits('plan-pro', { isCustom: true }))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      field: 'plans.plan-pro.creditEntitlements.credits.isCustom',
    });
  });

  test('4.34.0 rejects a custom plan without the credits that it leaves open', async () => {
    const asked = { planId: 'plan-contract', entitlements: [credit('points', 5)] };
    await expect(subscribe(asked)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'creditEntitlements',
      message: expect.stringContaining('must have a value for credits, which plan plan-contract leaves open'),
    });
    await expect(subscribe({ planId: 'plan-contract' })).rejects.toMatchObject({ field: 'creditEntitlements' });
  });
});
