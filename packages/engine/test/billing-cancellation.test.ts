import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingProvider, CancelRequest } from '../src/billing/billing-provider.js';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-31T10:00:00Z');
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const, paymentCollectionMethod: 'INVOICE' as const };

/** A provider whose cancellations a test decides one by one. */
function decidedCancellations() {
  const asked: CancelRequest[] = [];
  const settled = new Map<string, 'confirmed' | 'waiting' | 'lost' | 'refused'>();
  let next: 'confirmed' | 'waiting' | 'lost' | 'refused' = 'confirmed';
  const answer = (intentId: string) => {
    const how = settled.get(intentId) ?? next;
    settled.set(intentId, how);
    if (how === 'lost') throw new Error('the line went dead');
    if (how === 'refused') return { status: 'error' as const, message: 'no such contract' };
    return { status: how };
  };
  const provider: BillingProvider = {
    name: 'decided',
    collect: async () => ({ status: 'confirmed' }),
    cancel: async (request) => {
      asked.push(request);
      return answer(request.intentId);
    },
    lookUp: async ({ intentId }) => (settled.has(intentId) ? answer(intentId) : null),
  };
  return {
    provider,
    asked,
    answerNext: (how: typeof next) => {
      next = how;
    },
    settle: (intentId: string, how: typeof next) => settled.set(intentId, how),
  };
}

describe.each(implementations)('cancelling with a billing provider on $name', (implementation) => {
  const billing = decidedCancellations();
  let stage: Stage;
  const errors: unknown[] = [];
  beforeAll(async () => {
    const onError = (error: unknown) => void errors.push(error);
    stage = await openStage(implementation, catalog, { billing: billing.provider, billingWaitMs: 3_000, onError });
  });
  afterAll(() => stage.close());

  const subscribed = async (customerId: string) => {
    await stage.environment.provisionCustomer({ customerId }, now);
    await stage.environment.provisionSubscription({ customerId, subscriptionId: `${customerId}-pro`, ...pro }, now);
    return `${customerId}-pro`;
  };
  const read = (subscriptionId: string, instant = now) => stage.environment.subscription(subscriptionId, instant);
  const cancel = (subscriptionId: string, awaitSubscriptionCancellation?: boolean) =>
    stage.environment.cancelSubscription(
      { subscriptionId, subscriptionCancellationTime: 'IMMEDIATE', awaitSubscriptionCancellation },
      now,
    );
  const asksFor = (id: string) => billing.asked.filter(({ subscription }) => subscription.subscriptionId === id);

  test('who does not wait is answered at once, and billing is told in the background', async () => {
    const id = await subscribed('ada');
    billing.answerNext('confirmed');
    const { subscription, snapshots } = await cancel(id);
    expect(subscription).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
    expect(snapshots[0]?.grants.hasActiveSubscription).toBe(false);
    await expect.poll(() => asksFor(id).length, { timeout: 10_000 }).toBe(1);
    expect(asksFor(id)[0]).toMatchObject({ endsAt: now, environmentId: 'test', payer: { customerId: 'ada' } });
  });

  test('who does not wait stays cancelled whatever billing says, and the refusal is told as an event', async () => {
    const id = await subscribed('bob');
    billing.answerNext('refused');
    await cancel(id, false);
    const failures = async () => {
      const { events } = await stage.environment.events({ after: null, limit: 1000 });
      return events.filter(({ type, customerId }) => type === 'third_party_sync_failed' && customerId === 'bob');
    };
    await expect.poll(async () => (await failures()).length, { timeout: 10_000 }).toBe(1);
    expect((await failures())[0]?.entity).toMatchObject({
      subscriptionId: id,
      kind: 'cancel',
      message: 'no such contract',
    });
    expect(await read(id)).toMatchObject({ status: 'CANCELED' });
  });

  test('who waits is answered after billing has confirmed, and until then the subscription is active', async () => {
    const id = await subscribed('carl');
    billing.answerNext('waiting');
    let isAnswered = false;
    const waiting = cancel(id, true).finally(() => {
      isAnswered = true;
    });
    await expect.poll(() => asksFor(id).length, { timeout: 10_000 }).toBe(1);
    expect(await read(id)).toMatchObject({ status: 'ACTIVE', cancellationDate: null });
    const [snapshot] = await stage.environment.snapshots('carl', [null], now);
    expect(snapshot?.grants.hasActiveSubscription).toBe(true);
    expect(isAnswered).toBe(false);

    billing.settle(String(asksFor(id)[0]?.intentId), 'confirmed');
    const { subscription, snapshots } = await waiting;
    expect(subscription).toMatchObject({ status: 'CANCELED', cancelReason: 'Immediate' });
    expect(snapshots[0]?.grants.hasActiveSubscription).toBe(false);
    expect(asksFor(id)).toHaveLength(1);
  });

  test.each(['refused', 'lost'] as const)(
    'who waits is told that billing %s it, and the subscription stays active',
    async (how) => {
      const id = await subscribed(`dora-${how}`);
      billing.answerNext(how);
      await expect(cancel(id, true)).rejects.toMatchObject({ code: 'CONFLICT', field: 'subscriptionId' });
      expect(await read(id)).toMatchObject({ status: 'ACTIVE', cancelReason: null });
      // Nothing is left that could end it behind the caller's back.
      billing.settle(String(asksFor(id)[0]?.intentId), 'confirmed');
      await stage.engine.resumeBilling(now + 3_600_000);
      expect(await read(id)).toMatchObject({ status: 'ACTIVE' });
      billing.answerNext('confirmed');
      expect((await cancel(id, true)).subscription).toMatchObject({ status: 'CANCELED' });
      expect(asksFor(id)).toHaveLength(2);
    },
  );

  test('who waits for too long is told so; the same call again asks no second time', async () => {
    const id = await subscribed('emil');
    billing.answerNext('waiting');
    await expect(cancel(id, true)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await read(id)).toMatchObject({ status: 'ACTIVE' });
    const again = cancel(id, true);
    billing.settle(String(asksFor(id)[0]?.intentId), 'confirmed');
    expect((await again).subscription).toMatchObject({ status: 'CANCELED' });
    expect(asksFor(id)).toHaveLength(1);
  });

  test('a cancellation for the end of the period is told with its date, and not told again when it comes', async () => {
    const id = await subscribed('fred');
    billing.answerNext('confirmed');
    const { subscription } = await stage.environment.cancelSubscription(
      {
        subscriptionId: id,
        subscriptionCancellationTime: 'END_OF_BILLING_PERIOD',
        awaitSubscriptionCancellation: true,
      },
      now,
    );
    expect(subscription).toMatchObject({ status: 'ACTIVE', cancellationDate: '2026-02-28T10:00:00.000Z' });
    expect(asksFor(id)).toHaveLength(1);
    expect(asksFor(id)[0]?.endsAt).toBe(at('2026-02-28T10:00:00Z'));
    await stage.environment.sweep(at('2026-03-01T00:00:00Z'), 1000);
    await stage.engine.resumeBilling(at('2026-03-01T00:00:00Z'));
    expect(await read(id, at('2026-03-01T00:00:00Z'))).toMatchObject({ status: 'CANCELED' });
    expect(asksFor(id)).toHaveLength(1);
  });

  test('an input that breaks a rule is refused before billing hears of it', async () => {
    const id = await subscribed('gina');
    const asked = { subscriptionId: id, subscriptionCancellationTime: 'SPECIFIC_DATE' as const };
    const refused = stage.environment.cancelSubscription({ ...asked, awaitSubscriptionCancellation: true }, now);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'endDate' });
    expect(asksFor(id)).toHaveLength(0);
  });

  test('what was never billed ends without asking billing', async () => {
    await stage.environment.provisionCustomer({ customerId: 'hans' }, now);
    const { subscription: free } = await stage.environment.provisionSubscription(
      { customerId: 'hans', subscriptionId: 'hans-free', planId: 'plan-free' },
      now,
    );
    expect(free?.status).toBe('ACTIVE');
    expect((await cancel('hans-free', true)).subscription).toMatchObject({ status: 'CANCELED' });
    expect(asksFor('hans-free')).toHaveLength(0);
  });
});
