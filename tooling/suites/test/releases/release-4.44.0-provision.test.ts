import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { provisioningCatalog as catalog } from '../../src/provisioning-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const jan1 = '2026-01-01T00:00:00.000Z';
const jan10 = '2026-01-10T00:00:00.000Z';
const jan15 = '2026-01-15T00:00:00.000Z';
const feb1 = '2026-02-01T00:00:00.000Z';
const mar1 = '2026-03-01T00:00:00.000Z';

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, jan1, { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId: 'ada' });
  });
  afterEach(() => stack.close());

  const provision = (params: object) =>
    client.provisionSubscription({
      customerId: 'ada',
      planId: 'plan-basic',
      billingPeriod: 'MONTHLY',
      subscriptionId: 'sub',
      ...params,
    });
  const provisionTrial = (cancellationDate: string) => provision({ planId: 'plan-tried', cancellationDate });
  const read = () => client.getSubscription({ subscriptionId: 'sub' });
  const hasAccess = async (featureId = 'feature-sso') =>
    (await client.getBooleanEntitlement({ customerId: 'ada', featureId })).hasAccess;

  test('4.44.0 accepts a cancellation date in the call that provisions, and access ends at that instant', async () => {
    const { status, subscription } = await provision({ startDate: jan1, cancellationDate: mar1 });
    expect(status).toBe('SUCCESS');
    expect(subscription).toMatchObject({ status: 'ACTIVE', cancellationDate: new Date(mar1), endDate: null });
    expect(subscription?.effectiveEndDate).toEqual(new Date(mar1));
    await stack.clock.set('2026-02-28T23:59:00Z');
    expect(await hasAccess()).toBe(true);
    expect(await read()).toMatchObject({ status: 'ACTIVE', cancellationDate: new Date(mar1) });
    await stack.clock.set(mar1);
    expect(await hasAccess()).toBe(false);
    expect(await read()).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'ScheduledCancellation',
      endDate: new Date(mar1),
    });
  });

  test('4.44.0 accepts a date after the end of a trial of 15 January: the trial lasts until 1 February', async () => {
    const { subscription } = await provisionTrial(feb1);
    expect(subscription).toMatchObject({ status: 'IN_TRIAL', trialEndDate: new Date(feb1) });
    await stack.clock.set('2026-01-31T00:00:00Z');
    expect(await read()).toMatchObject({ status: 'IN_TRIAL' });
    expect(await hasAccess('feature-audit')).toBe(true);
    await stack.clock.set(feb1);
    expect(await read()).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
    expect(await hasAccess('feature-audit')).toBe(false);
  });

  test('4.44.0 accepts a date before the end of a trial of 15 January: the trial ends on 10 January', async () => {
    const { subscription } = await provisionTrial(jan10);
    expect(subscription).toMatchObject({ status: 'IN_TRIAL', trialEndDate: new Date(jan10) });
    await stack.clock.set(jan10);
    expect(await read()).toMatchObject({ status: 'CANCELED', endDate: new Date(jan10) });
    expect(await hasAccess('feature-audit')).toBe(false);
  });

  test('4.44.0 accepts a date after a start in the future', async () => {
    const { subscription } = await provision({ startDate: feb1, cancellationDate: mar1 });
    expect(subscription).toMatchObject({ status: 'NOT_STARTED', cancellationDate: new Date(mar1) });
    expect(await hasAccess()).toBe(false);
    await stack.clock.set(feb1);
    expect(await hasAccess()).toBe(true);
    expect(await read()).toMatchObject({ status: 'ACTIVE' });
    await stack.clock.set(mar1);
    expect(await hasAccess()).toBe(false);
    expect(await read()).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
  });

  const rejects = async (params: object) => {
    await expect(provision(params)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'cancellationDate' });
    await expect(read()).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
  };

  test('4.44.0 rejects a past date when provisioning', () => rejects({ cancellationDate: '2025-12-31T00:00:00Z' }));

  test('4.44.0 rejects a date that is the present instant when provisioning', async () => {
    await rejects({ cancellationDate: jan1 });
    const started = { startDate: '2025-12-01T00:00:00Z', billingInformation: { isBackdated: true } };
    await rejects({ ...started, cancellationDate: jan1 });
  });

  test('4.44.0 rejects a date that is the start when provisioning', () =>
    rejects({ startDate: feb1, cancellationDate: feb1 }));

  test('4.44.0 rejects a date before a start in the future when provisioning', () =>
    rejects({ startDate: feb1, cancellationDate: jan15 }));

  test('4.44.0 rejects an invalid ISO string when provisioning', async () => {
    for (const cancellationDate of ['soon', '01/03/2026', '2026-02-30T00:00:00Z', ''])
      await rejects({ cancellationDate });
  });
});
