import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesCatalog as catalog } from '../../src/changes-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const customerId = 'customer-1';
const day = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
const lastInstantBefore = (date: string): Date => new Date(day(date).getTime() - 1);

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeEach(async () => {
    stack = await stackOn(storage, '2026-01-01T00:00:00Z', { catalog });
    client = stack.client();
    await client.provisionCustomer({ customerId });
  });
  afterEach(() => stack.close());

  async function subscribe(params: Partial<Parameters<Tollgate['provisionSubscription']>[0]> = {}) {
    const asked = { customerId, planId: 'plan-pro', billingPeriod: 'MONTHLY', ...params } as const;
    const { subscription } = await client.provisionSubscription(asked);
    return subscription?.subscriptionId as string;
  }
  const until = (cancellationDate: Date) => subscribe({ cancellationDate });
  const trialUntil = (trialEndDate: Date) => subscribe({ trialOverrideConfiguration: { isTrial: true, trialEndDate } });
  const read = (subscriptionId: string) => client.getSubscription({ subscriptionId });
  const mayUse = async () => (await client.getBooleanEntitlement({ customerId, featureId: 'feature-sso' })).hasAccess;

  test('4.44.0 accepts an update that does not name the date, which keeps it', async () => {
    const subscriptionId = await until(day('2026-03-01'));
    await client.updateSubscription({ subscriptionId, metadata: { note: 'kept' } });
    expect((await read(subscriptionId)).cancellationDate).toEqual(day('2026-03-01'));
    await stack.clock.set(lastInstantBefore('2026-03-01'));
    expect(await mayUse()).toBe(true);
    await stack.clock.set(day('2026-03-01'));
    expect(await mayUse()).toBe(false);
    expect(await read(subscriptionId)).toMatchObject({ status: 'CANCELED', cancelReason: 'ScheduledCancellation' });
  });

  test('4.44.0 accepts null in an update, which clears the date', async () => {
    const subscriptionId = await until(day('2026-03-01'));
    const updated = await client.updateSubscription({ subscriptionId, cancellationDate: null });
    expect(updated.cancellationDate).toBeNull();
    await stack.clock.set(day('2026-03-01'));
    expect(await mayUse()).toBe(true);
    expect((await read(subscriptionId)).status).toBe('ACTIVE');
  });

  test('4.44.0 accepts a later date in an update, which replaces the date', async () => {
    const subscriptionId = await until(day('2026-03-01'));
    await client.updateSubscription({ subscriptionId, cancellationDate: day('2026-04-01') });
    await stack.clock.set(lastInstantBefore('2026-04-01'));
    expect(await mayUse()).toBe(true);
    await stack.clock.set(day('2026-04-01'));
    expect(await mayUse()).toBe(false);
    expect((await read(subscriptionId)).status).toBe('CANCELED');
  });

  test('4.44.0 accepts an update of a trial to a date after its end, up to which it goes on', async () => {
    const subscriptionId = await trialUntil(day('2026-01-15'));
    const updated = await client.updateSubscription({ subscriptionId, cancellationDate: day('2026-02-01') });
    expect(updated).toMatchObject({ status: 'IN_TRIAL', trialEndDate: day('2026-02-01') });
    await stack.clock.set(day('2026-01-31'));
    expect((await read(subscriptionId)).status).toBe('IN_TRIAL');
    await stack.clock.set(day('2026-02-01'));
    expect(await mayUse()).toBe(false);
  });

  test('4.44.0 accepts an update of a trial to a date before its end, which shortens it', async () => {
    const subscriptionId = await trialUntil(day('2026-01-15'));
    const updated = await client.updateSubscription({ subscriptionId, cancellationDate: day('2026-01-10') });
    expect(updated.trialEndDate).toEqual(day('2026-01-10'));
    await stack.clock.set(lastInstantBefore('2026-01-10'));
    expect(await mayUse()).toBe(true);
    await stack.clock.set(day('2026-01-10'));
    expect(await mayUse()).toBe(false);
  });

  test('4.44.0 accepts a new end of a running trial in an update', async () => {
    const subscriptionId = await trialUntil(day('2026-01-15'));
    await client.updateSubscription({ subscriptionId, trialEndDate: day('2026-01-20') });
    await stack.clock.set(lastInstantBefore('2026-01-20'));
    expect((await read(subscriptionId)).status).toBe('IN_TRIAL');
    await stack.clock.set(day('2026-01-20'));
    expect((await read(subscriptionId)).status).toBe('EXPIRED');
  });

  const refused = { code: 'INVALID_ARGUMENT', field: 'cancellationDate' };

  test('4.44.0 rejects a past date in an update', async () => {
    const subscriptionId = await until(day('2026-03-01'));
    await stack.clock.set(day('2026-01-10'));
    const update = client.updateSubscription({ subscriptionId, cancellationDate: day('2026-01-09') });
    await expect(update).rejects.toMatchObject(refused);
    expect((await read(subscriptionId)).cancellationDate).toEqual(day('2026-03-01'));
  });

  test('4.44.0 rejects the present instant in an update: it is past', async () => {
    const subscriptionId = await subscribe();
    await stack.clock.set(day('2026-01-10'));
    const update = client.updateSubscription({ subscriptionId, cancellationDate: day('2026-01-10') });
    await expect(update).rejects.toMatchObject(refused);
  });

  test('4.44.0 rejects a date before, or at, a start that is still to come in an update', async () => {
    const subscriptionId = await subscribe({ startDate: day('2026-02-01') });
    for (const date of ['2026-01-20', '2026-02-01']) {
      const update = client.updateSubscription({ subscriptionId, cancellationDate: day(date) });
      await expect(update).rejects.toMatchObject(refused);
    }
  });

  test('4.44.0 rejects what is no date in an update', async () => {
    const subscriptionId = await subscribe();
    const update = client.updateSubscription({ subscriptionId, cancellationDate: '2026-02-30T00:00:00Z' });
    await expect(update).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(update).rejects.toThrow(/cancellationDate/);
  });

  test('4.44.0 rejects a new end of a trial in an update where no trial runs', async () => {
    const subscriptionId = await subscribe();
    const update = client.updateSubscription({ subscriptionId, trialEndDate: day('2026-02-01') });
    await expect(update).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'trialEndDate' });
  });
});
