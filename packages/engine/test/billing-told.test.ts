import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingProvider } from '../src/billing/billing-provider.js';
import { changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-31T10:00:00Z');
const catalog = changed((copy) => {
  copy.plans['plan-tried'] = {
    displayName: 'Tried',
    productId: 'product-app',
    pricingType: 'PAID',
    billingPeriods: ['MONTHLY'],
    defaultTrialConfig: { duration: 14, units: 'DAY', trialEndBehavior: 'CONVERT_TO_PAID' },
    entitlements: {},
  };
});
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' as const };

/** Writes down, in words, what it is asked for, and confirms everything. */
function writingDown() {
  const told: string[] = [];
  const provider: BillingProvider = {
    name: 'writing down',
    collect: async ({ subscription, isNew, isChargedNow, payer }) => {
      const what = `${isNew ? 'new' : 'changed'}, ${isChargedNow ? 'charged' : 'not charged'}`;
      told.push(`${subscription.subscriptionId}: ${what}, paid by ${payer.customerId}`);
      return { status: 'confirmed' };
    },
    cancel: async ({ subscription, endsAt }) => {
      told.push(`${subscription.subscriptionId}: ends ${new Date(endsAt).toISOString()}`);
      return { status: 'confirmed' };
    },
    attachPaymentMethod: async ({ payer, paymentMethodId }) => {
      told.push(`${payer.customerId}: attach ${paymentMethodId}`);
      return { status: 'confirmed' };
    },
    detachPaymentMethod: async ({ payer, paymentMethodId }) => {
      told.push(`${payer.customerId}: detach ${paymentMethodId}`);
      return { status: 'confirmed' };
    },
  };
  return { provider, told };
}

describe.each(implementations)('what billing is told on $name', (implementation) => {
  const { provider, told } = writingDown();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog, { billing: provider });
  });
  afterAll(() => stage.close());

  const about = (id: string) =>
    told.filter((line) => line.startsWith(`${id}:`)).map((line) => line.slice(id.length + 2));
  const toldOf = (id: string, lines: string[]) => expect.poll(() => about(id), { timeout: 10_000 }).toEqual(lines);
  /** Whatever was to be told is told by now: it is what every server does with what is open. */
  const settled = async (instant = now) => {
    while ((await stage.engine.resumeBilling(instant + 60_000)) > 0);
  };
  const subscribed = async (customerId: string, more: object = {}) => {
    await stage.environment.provisionCustomer({ customerId }, now);
    const asked = { customerId, subscriptionId: `${customerId}-sub`, ...pro, ...more };
    await stage.environment.provisionSubscription(asked, now);
    return `${customerId}-sub`;
  };

  test('a new subscription is charged, an invoice or a payment that came another way is not', async () => {
    await subscribed('ada');
    await toldOf('ada-sub', ['new, charged, paid by ada']);
    await subscribed('bob', { paymentCollectionMethod: 'INVOICE' });
    await toldOf('bob-sub', ['new, not charged, paid by bob']);
    await subscribed('carl', { billingInformation: { isInvoicePaid: true } });
    await toldOf('carl-sub', ['new, not charged, paid by carl']);
  });

  test('a trial is told when it turns into a paid subscription, and not before', async () => {
    const id = await subscribed('dora', { planId: 'plan-tried' });
    await settled();
    expect(about(id)).toEqual([]);
    await stage.environment.sweep(at('2026-02-14T10:00:00Z'), 1000);
    await toldOf(id, ['new, charged, paid by dora']);
  });

  test('what changes the price is charged, and what does not is told without a charge', async () => {
    const id = await subscribed('emil');
    const addons = [{ addonId: 'addon-reports', quantity: 1 }];
    await stage.environment.updateSubscription({ subscriptionId: id, addons }, now);
    await stage.environment.updateSubscription({ subscriptionId: id, metadata: { seller: 'web' } }, now);
    const cancellationDate = '2026-03-01T00:00:00.000Z';
    await stage.environment.updateSubscription({ subscriptionId: id, cancellationDate }, now);
    await toldOf(id, ['new, charged, paid by emil', 'changed, charged, paid by emil', 'ends 2026-03-01T00:00:00.000Z']);
    await stage.environment.updateSubscription({ subscriptionId: id, cancellationDate: null }, now);
    await settled();
    expect(about(id).slice(3)).toEqual(['changed, not charged, paid by emil']);
  });

  test('a subscription that is handed over is paid as before, and billing hears nothing', async () => {
    const id = await subscribed('fred');
    await stage.environment.provisionCustomer({ customerId: 'gina' }, now);
    await stage.environment.delegateSubscriptionToCustomer({ subscriptionId: id, destinationCustomerId: 'gina' }, now);
    await settled();
    expect(about(id)).toEqual(['new, charged, paid by fred']);
    const addons = [{ addonId: 'addon-reports', quantity: 1 }];
    await stage.environment.updateSubscription({ subscriptionId: id, addons }, now);
    await toldOf(id, ['new, charged, paid by fred', 'changed, charged, paid by fred']);
  });

  test('a plan in place of another one ends the other one at billing too', async () => {
    const first = await subscribed('hans');
    const asked = { customerId: 'hans', subscriptionId: 'hans-yearly', ...pro, billingPeriod: 'ANNUALLY' as const };
    await stage.environment.provisionSubscription(asked, now + 1000);
    await toldOf('hans-yearly', ['new, charged, paid by hans']);
    await toldOf(first, ['new, charged, paid by hans', 'ends 2026-01-31T10:00:01.000Z']);
  });

  test('what was imported is paid for where it came from', async () => {
    await stage.environment.provisionCustomer({ customerId: 'ida' }, now);
    const [result] = await stage.environment.importSubscriptions(
      [{ customerId: 'ida', subscriptionId: 'ida-sub', planId: 'plan-pro', billingPeriod: 'MONTHLY' }],
      now,
    );
    expect(result).toMatchObject({ outcome: 'CREATED' });
    await settled();
    expect(about('ida-sub')).toEqual([]);
  });

  test('payment methods are attached and detached at billing, once each', async () => {
    const customerId = 'jane';
    await stage.environment.provisionCustomer({ customerId, billingInfo: { paymentMethodId: 'pm-1' } }, now);
    await toldOf('jane', ['attach pm-1']);
    await stage.environment.updateCustomer({ customerId, billingInfo: { paymentMethodId: 'pm-1' } }, now);
    await stage.environment.updateCustomer(
      { customerId, billingInfo: { paymentMethodId: 'pm-2' }, shouldWaitSync: true },
      now,
    );
    expect(about('jane')).toEqual(['attach pm-1', 'attach pm-2']);
    await stage.environment.detachCustomerPaymentMethod(customerId, now);
    await stage.environment.detachCustomerPaymentMethod(customerId, now);
    await toldOf('jane', ['attach pm-1', 'attach pm-2', 'detach pm-2']);
  });
});
