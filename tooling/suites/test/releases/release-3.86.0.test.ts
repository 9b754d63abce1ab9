import type { Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provisioningCatalog as catalog } from '../../src/provisioning-catalog.js';
import { stackOn, storages } from '../../src/storages.js';

const now = '2026-04-20T00:00:00.000Z';
const sso = (customerId: string) => ({ customerId, featureId: 'feature-sso' });
const immediately = { subscriptionCancellationTime: 'IMMEDIATE' as const };

describe.each(storages)('on %s', (storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await stackOn(storage, now, { catalog, billing: 'sandbox' });
    client = stack.client();
  });
  afterAll(() => stack.close());

  /** A paid subscription of a customer whose payment method then becomes one with a will of its own. */
  async function subscribed(customerId: string, paymentMethodId: string): Promise<string> {
    await client.provisionCustomer({ customerId, billingInfo: { paymentMethodId: 'pm_card' } });
    const asked = { customerId, planId: 'plan-basic', billingPeriod: 'MONTHLY' as const };
    const { subscription } = await client.provisionSubscription(asked);
    expect(subscription).toMatchObject({ status: 'ACTIVE' });
    await client.updateCustomer({ customerId, billingInfo: { paymentMethodId } });
    return String(subscription?.subscriptionId);
  }
  const cancellationOf = async (subscriptionId: string) => {
    const items = await stack.engine.openSandboxBilling();
    return items.find((item) => item.kind === 'cancel' && item.subscriptionId === subscriptionId);
  };

  test('3.86.0 accepts true: it resolves after billing has confirmed, and until then the subscription is active', async () => {
    const subscriptionId = await subscribed('ada', 'pm_delayed');
    let isAnswered = false;
    const cancelling = client
      .cancelSubscription({ subscriptionId, ...immediately, awaitSubscriptionCancellation: true })
      .finally(() => {
        isAnswered = true;
      });
    await expect.poll(() => cancellationOf(subscriptionId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    expect((await client.getSubscription({ subscriptionId })).status).toBe('ACTIVE');
    expect((await client.getBooleanEntitlement(sso('ada'))).hasAccess).toBe(true);
    expect(isAnswered).toBe(false);

    const intentId = String((await cancellationOf(subscriptionId))?.intentId);
    await stack.engine.settleSandboxBilling({ intentId, outcome: 'SUCCEED' }, stack.clock.now());
    expect(await cancelling).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate', endDate: new Date(now) });
    expect((await client.getBooleanEntitlement(sso('ada'))).hasAccess).toBe(false);
  });

  /** Cancelled at once, while billing has not confirmed anything. */
  async function cancelsInBackground(customerId: string, wish: { awaitSubscriptionCancellation?: boolean }) {
    const subscriptionId = await subscribed(customerId, 'pm_delayed');
    const cancelled = await client.cancelSubscription({ subscriptionId, ...immediately, ...wish });
    expect(cancelled).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
    expect((await client.getBooleanEntitlement(sso(customerId))).hasAccess).toBe(false);
    await expect.poll(() => cancellationOf(subscriptionId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    expect((await client.getSubscription({ subscriptionId })).status).toBe('CANCELED');
  }

  test('3.86.0 accepts false: it is cancelled at once, and billing is called in the background', async () => {
    await cancelsInBackground('grace', { awaitSubscriptionCancellation: false });
  });

  test('3.86.0 accepts a call that does not say, as false', async () => {
    await cancelsInBackground('alan', {});
  });

  test('3.86.0 rejects true when billing refuses, and the subscription is still active', async () => {
    const subscriptionId = await subscribed('edsger', 'pm_keeps');
    const asked = { subscriptionId, ...immediately, awaitSubscriptionCancellation: true };
    await expect(client.cancelSubscription(asked)).rejects.toMatchObject({ code: 'CONFLICT', field: 'subscriptionId' });
    expect(await client.getSubscription({ subscriptionId })).toMatchObject({ status: 'ACTIVE', cancelReason: null });
    expect((await client.getBooleanEntitlement(sso('edsger'))).hasAccess).toBe(true);
  });

  test('3.86.0 rejects true when billing refuses later, and the subscription is still active', async () => {
    const subscriptionId = await subscribed('barbara', 'pm_delayed');
    const asked = { subscriptionId, ...immediately, awaitSubscriptionCancellation: true };
    const refused = expect(client.cancelSubscription(asked)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect.poll(() => cancellationOf(subscriptionId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    const intentId = String((await cancellationOf(subscriptionId))?.intentId);
    await stack.engine.settleSandboxBilling({ intentId, outcome: 'FAIL' }, stack.clock.now());
    await refused;
    expect((await client.getSubscription({ subscriptionId })).status).toBe('ACTIVE');
  });
});

describe.each(storages)('without a billing integration, on %s', (storage) => {
  test('3.86.0 accepts both without a difference where nobody collects payments', async () => {
    const stack = await stackOn(storage, now, { catalog });
    try {
      const client = stack.client();
      for (const [customerId, awaitSubscriptionCancellation] of [
        ['ada', true],
        ['grace', false],
      ] as const) {
        await client.provisionCustomer({ customerId });
        const asked = { customerId, planId: 'plan-basic', billingPeriod: 'MONTHLY' as const };
        const subscriptionId = String((await client.provisionSubscription(asked)).subscription?.subscriptionId);
        const cancelled = await client.cancelSubscription({
          subscriptionId,
          ...immediately,
          awaitSubscriptionCancellation,
        });
        expect(cancelled).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
      }
    } finally {
      await stack.close();
    }
  });
});
