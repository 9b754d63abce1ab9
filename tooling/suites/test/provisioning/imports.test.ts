import type { Tollgate } from '@tollgate/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProvisioningStage, provisioningStage } from '../../src/provisioning-stage.js';
import { storages } from '../../src/storages.js';

type Row = Parameters<Tollgate['importSubscriptionBulk']>[0]['subscriptions'][number];

describe.each(storages)('imported subscriptions on %s', (storage) => {
  let stage: ProvisioningStage;
  beforeEach(async () => {
    stage = await provisioningStage(storage, '2026-03-10T00:00:00Z');
    await stage.client.provisionCustomer({ customerId: 'ada' });
  });
  afterEach(() => stage.stack.close());

  const row = (more: object = {}): Row => ({
    customerId: 'ada',
    subscriptionId: 'sub',
    planId: 'plan-basic',
    billingPeriod: 'MONTHLY',
    startDate: '2026-01-05T00:00:00Z',
    ...more,
  });
  const imported = async (more: object = {}) => {
    const [result] = await stage.client.importSubscriptionBulk({ subscriptions: [row(more)] });
    return result;
  };
  const read = () => stage.client.getSubscription({ subscriptionId: 'sub' });

  test('keep their dates, begin no trial, and need no flag for a start in the past', async () => {
    expect(await imported({ planId: 'plan-tried' })).toEqual({ id: 'sub', outcome: 'CREATED', error: null });
    expect(await read()).toMatchObject({
      status: 'ACTIVE',
      trialEndDate: null,
      isBackdated: true,
      startDate: new Date('2026-01-05T00:00:00Z'),
      currentBillingPeriodStart: new Date('2026-03-05T00:00:00Z'),
    });
  });

  test('that end later are cancelled then, and those that start later wait', async () => {
    await imported({ startDate: '2026-04-01T00:00:00Z', endDate: '2026-05-01T00:00:00Z' });
    expect(await read()).toMatchObject({ status: 'NOT_STARTED' });
    await stage.stack.clock.set('2026-04-01T00:00:00Z');
    expect(await read()).toMatchObject({ status: 'ACTIVE' });
    await stage.stack.clock.set('2026-05-01T00:00:00Z');
    expect(await read()).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
  });

  test('that have ended are history, and end nothing that runs', async () => {
    await stage.provision('ada', { planId: 'plan-pro' });
    await imported({ endDate: '2026-02-05T00:00:00Z' });
    expect(await read()).toMatchObject({ status: 'CANCELED', endDate: new Date('2026-02-05T00:00:00Z') });
    expect(await stage.history('ada')).toEqual([
      { planId: 'plan-basic', status: 'CANCELED', cancelReason: 'ScheduledCancellation' },
      { planId: 'plan-pro', status: 'ACTIVE', cancelReason: null },
    ]);
  });

  test('are updated in place: what the row leaves out stays, and what it names is replaced', async () => {
    await imported({ addons: [{ addonId: 'addon-reports', quantity: 2 }], salesforceId: 'sf-1' });
    expect(await imported({ billingId: 'b-1', startDate: '2026-01-20T00:00:00Z' })).toMatchObject({
      outcome: 'UPDATED',
    });
    expect(await read()).toMatchObject({
      addons: [{ addonId: 'addon-reports', quantity: 2 }],
      salesforceId: 'sf-1',
      billingId: 'b-1',
      currentBillingPeriodStart: new Date('2026-02-20T00:00:00Z'),
    });
    await imported({ startDate: undefined, endDate: '2026-03-01T00:00:00Z' });
    expect(await read()).toMatchObject({ status: 'CANCELED', endDate: new Date('2026-03-01T00:00:00Z') });
  });

  test('without an id are about what runs on the plan, so that a second import makes no second one', async () => {
    const first = await imported({ subscriptionId: undefined });
    expect(first).toMatchObject({ outcome: 'CREATED' });
    expect(await imported({ subscriptionId: undefined, metadata: { tier: 'gold' } })).toMatchObject({
      id: first?.id,
      outcome: 'UPDATED',
    });
    expect(await stage.history('ada')).toHaveLength(1);
  });

  test('changed here since are not overwritten by what is older elsewhere', async () => {
    await imported({ updatedAt: '2026-03-01T00:00:00Z' });
    await stage.client.updateSubscription({ subscriptionId: 'sub', metadata: { tier: 'here' } });
    expect(await imported({ metadata: { tier: 'there' }, updatedAt: '2026-03-09T00:00:00Z' })).toMatchObject({
      outcome: 'SKIPPED',
    });
    expect((await read()).metadata).toEqual({ tier: 'here' });
  });

  test.each([
    ['an end before the start', { endDate: '2026-01-04T00:00:00Z' }, 'INVALID_ARGUMENT', 'endDate'],
    ['no billing period for a paid plan', { billingPeriod: undefined }, 'INVALID_ARGUMENT', 'billingPeriod'],
    ['an unknown add-on', { addons: [{ addonId: 'addon-gone' }] }, 'ADDON_NOT_FOUND', 'addons[0].addonId'],
    ['a resource where there are none', { resourceId: 'site-1' }, 'INVALID_ARGUMENT', 'resourceId'],
  ])('with %s fail by name', async (_, more, code, field) => {
    expect(await imported(more)).toMatchObject({ id: 'sub', outcome: 'FAILED', error: { code, field } });
    await expect(read()).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
  });

  test('with the id of another customer fail, and take nothing over', async () => {
    await imported();
    await stage.client.provisionCustomer({ customerId: 'grace' });
    expect(await imported({ customerId: 'grace' })).toMatchObject({
      outcome: 'FAILED',
      error: { code: 'CONFLICT', field: 'subscriptionId' },
    });
    expect(await read()).toMatchObject({ customerId: 'ada' });
  });
});
