import { describe, expect, onTestFinished, test } from 'vitest';
import type { BillingProvider } from '../src/billing/billing-provider.js';
import { createEngine } from '../src/engine.js';
import { catalog } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage } from './stage.js';

const now = at('2026-01-31T10:00:00Z');
const minute = 60_000;
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };

/** Charges once per idempotency key, whoever calls; a call can be made to vanish before its answer arrives. */
function countingProvider() {
  const charged = new Map<string, number>();
  const provider: BillingProvider = {
    name: 'counting',
    collect: async ({ intentId }) => {
      charged.set(intentId, (charged.get(intentId) ?? 0) + 1);
      return { status: 'confirmed', billingId: `charge-${charged.size}` };
    },
    cancel: async () => ({ status: 'confirmed' }),
    lookUp: async () => null,
  };
  return { provider, charged };
}

/** What is left of a server that was killed between its call and its commit: it called, and never hears the answer. */
function killedAfterCall(provider: BillingProvider): BillingProvider {
  return {
    ...provider,
    collect: async (request) => {
      await provider.collect?.(request);
      return new Promise(() => undefined);
    },
    cancel: async (request) => {
      await provider.cancel?.(request);
      return new Promise(() => undefined);
    },
  };
}

describe.each(implementations)('intents that a server left behind on $name', (implementation) => {
  const twoServers = async () => {
    const counting = countingProvider();
    const dead = await openStage(implementation, catalog, { billing: killedAfterCall(counting.provider) });
    const alive = await createEngine({ database: dead.database, billing: counting.provider });
    onTestFinished(async () => {
      await alive.close();
      await dead.close();
    });
    return { ...counting, dead, alive, environment: await alive.environment('test') };
  };

  test('a payment that was made and not stored is found by another server, and charged under the same key', async () => {
    const { dead, alive, environment, charged } = await twoServers();
    const billingInfo = { paymentMethodId: 'pm-1' };
    await dead.environment.provisionCustomer({ customerId: 'ada', billingInfo }, now);
    const asked = { customerId: 'ada', subscriptionId: 'ada-pro', ...pro };
    dead.environment.provisionSubscription(asked, now).catch(() => undefined);
    await expect.poll(() => charged.size, { timeout: 10_000 }).toBe(1);
    expect(await environment.subscription('ada-pro', now)).toMatchObject({
      status: 'PAYMENT_PENDING',
      paymentCollection: 'PROCESSING',
    });

    expect(await alive.resumeBilling(now + minute)).toBe(1);
    expect(await environment.subscription('ada-pro', now + minute)).toMatchObject({
      status: 'ACTIVE',
      latestInvoice: { billingId: 'charge-1', status: 'PAID' },
    });
    expect([...charged.values()]).toEqual([2]);
    expect(await alive.resumeBilling(now + 2 * minute)).toBe(0);
  });

  test('a cancellation that somebody waited for is carried through by another server', async () => {
    const { dead, alive, environment } = await twoServers();
    await environment.provisionCustomer({ customerId: 'bob' }, now);
    const paid = { customerId: 'bob', subscriptionId: 'bob-pro', paymentCollectionMethod: 'INVOICE' as const, ...pro };
    await environment.provisionSubscription(paid, now);
    dead.environment
      .cancelSubscription(
        { subscriptionId: 'bob-pro', subscriptionCancellationTime: 'IMMEDIATE', awaitSubscriptionCancellation: true },
        now,
      )
      .catch(() => undefined);
    const open = async () =>
      (await dead.database.query(`select 1 from {schema}.billing_intent where status = 'OPEN'`)).length;
    await expect.poll(open, { timeout: 10_000 }).toBe(1);
    expect(await environment.subscription('bob-pro', now)).toMatchObject({ status: 'ACTIVE' });
    await alive.resumeBilling(now + minute);
    expect(await environment.subscription('bob-pro', now + minute)).toMatchObject({
      status: 'CANCELED',
      cancelReason: 'Immediate',
    });
  });

  test('servers that resume at the same time store one outcome', async () => {
    const { dead, alive, environment, provider, charged } = await twoServers();
    const third = await createEngine({ database: dead.database, billing: provider });
    onTestFinished(() => third.close());
    const billingInfo = { paymentMethodId: 'pm-1' };
    for (const customerId of ['c1', 'c2', 'c3', 'c4', 'c5']) {
      await dead.environment.provisionCustomer({ customerId, billingInfo }, now);
      dead.environment
        .provisionSubscription({ customerId, subscriptionId: `${customerId}-pro`, ...pro }, now)
        .catch(() => undefined);
    }
    await expect.poll(() => charged.size, { timeout: 10_000 }).toBe(5);
    const taken = await Promise.all([alive.resumeBilling(now + minute), third.resumeBilling(now + minute)]);
    expect(taken[0] + taken[1]).toBe(5);
    const { events } = await environment.events({ after: null, limit: 1000 });
    for (const customerId of ['c1', 'c2', 'c3', 'c4', 'c5']) {
      expect(await environment.subscription(`${customerId}-pro`, now + minute)).toMatchObject({ status: 'ACTIVE' });
      const told = events.filter((event) => event.customerId === customerId).map(({ type }) => type);
      expect(told.filter((type) => type.startsWith('subscription.'))).toEqual([
        'subscription.created',
        'subscription.updated',
      ]);
    }
  });

  test('a call that failed is made again with the same id and the same content', async () => {
    const seen: unknown[] = [];
    const provider: BillingProvider = {
      name: 'flaky',
      collect: async ({ now: _now, ...request }) => {
        seen.push(JSON.parse(JSON.stringify(request)));
        if (seen.length === 1) throw new Error('the line went dead');
        return { status: 'confirmed' };
      },
    };
    const errors: unknown[] = [];
    const stage = await openStage(implementation, catalog, {
      billing: provider,
      onError: (error) => void errors.push(error),
    });
    onTestFinished(() => stage.close());
    await stage.environment.provisionCustomer({ customerId: 'dora' }, now);
    const asked = stage.environment.provisionSubscription(
      { customerId: 'dora', subscriptionId: 'dora-pro', ...pro },
      now,
    );
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(errors).toHaveLength(1);
    await stage.environment.updateCustomer({ customerId: 'dora', name: 'Dora' }, now);
    await stage.engine.resumeBilling(now + minute);
    expect(await stage.environment.subscription('dora-pro', now + minute)).toMatchObject({ status: 'ACTIVE' });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });
});
