import { decide, type ImportCustomerInput, type ProvisionCustomerInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog, changed } from './catalogs.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-01T00:00:00Z');
const journeys = changed((copy) => {
  copy.products['product-app'] = {
    displayName: 'App',
    productSettings: {
      subscriptionStartSetup: 'FREE_PLAN',
      subscriptionStartPlanId: 'plan-free',
      subscriptionEndSetup: 'DOWNGRADE_TO_FREE',
      downgradePlanId: 'plan-free',
    },
  };
});
const pro = { planId: 'plan-pro', billingPeriod: 'MONTHLY' } as const;

describe.each(implementations)('customers on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, catalog);
  });
  afterAll(() => stage.close());
  const made = (customerId: string, more: ProvisionCustomerInput = {}) =>
    stage.environment.provisionCustomer({ customerId, ...more }, now);
  const told = async (customerId: string) =>
    (await stage.environment.events({ after: null, limit: 1000 })).events
      .filter((event) => event.customerId === customerId)
      .map(({ type }) => type);
  const reason = async (customerId: string, featureId: string) => {
    const [customer] = await stage.environment.snapshots(customerId, [null], now);
    return decide(customer && { customer, resource: null }, { featureId }, now).reason;
  };

  describe('who are created', () => {
    test('have what they were given, for whatever system it is', async () => {
      const customer = await stage.environment.createCustomer(
        {
          customerId: 'ada',
          name: 'Ada',
          billingId: 'billing-1',
          salesforceId: 'sf-1',
          couponId: 'coupon-1',
          excludeFromExperiment: true,
          billingInfo: {
            billingAddress: { city: 'London' },
            shippingAddress: { city: 'Paris' },
            currency: 'GBP',
            language: 'en-GB',
            timezone: 'Europe/London',
            invoiceCustomFields: { po: '7' },
            metadata: { vip: 'yes' },
          },
        },
        now,
      );
      expect(customer).toMatchObject({
        billingId: 'billing-1',
        salesforceId: 'sf-1',
        couponId: 'coupon-1',
        excludeFromExperiment: true,
        billingInfo: {
          billingAddress: { city: 'London' },
          shippingAddress: { city: 'Paris' },
          currency: 'gbp',
          language: 'en-GB',
          timezone: 'Europe/London',
          taxIds: [],
          invoiceCustomFields: { po: '7' },
          metadata: { vip: 'yes' },
        },
      });
      expect(await stage.environment.customer('ada', now)).toEqual(customer);
    });

    test('must be new', async () => {
      await made('grace');
      const again = stage.environment.createCustomer({ customerId: 'grace', name: 'Other' }, now);
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT', field: 'customerId' });
      expect((await stage.environment.customer('grace', now)).name).toBeNull();
    });

    test('are refused with the field that breaks a rule', async () => {
      const rules: [ProvisionCustomerInput, string][] = [
        [{ billingId: '' }, 'billingId'],
        [{ salesforceId: 'x'.repeat(256) }, 'salesforceId'],
        [{ couponId: '' }, 'couponId'],
        [{ billingInfo: { currency: 'pounds' } }, 'billingInfo.currency'],
        [{ billingInfo: { language: '?' } }, 'billingInfo.language'],
        [{ billingInfo: { timezone: 'Moon/Base' } }, 'billingInfo.timezone'],
        [{ billingInfo: { billingAddress: 'Road 1' } }, 'billingInfo.billingAddress'],
        [{ billingInfo: { paymentMethodId: '' } }, 'billingInfo.paymentMethodId'],
        [{ billingInfo: { taxIds: [{ type: 'eu_vat', value: '' }] } }, 'billingInfo.taxIds[0].value'],
      ];
      for (const [input, field] of rules) {
        await expect(made('refused', input)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
      }
      await expect(stage.environment.customer('refused', now)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    });

    test('begin with what the products say, unless a call says otherwise', async () => {
      const other = await stage.another('journeys', journeys);
      const usual = await other.provisionCustomer({ customerId: 'usual' }, now);
      expect(usual.subscription).toMatchObject({ planId: 'plan-free', status: 'ACTIVE' });
      const none = await other.provisionCustomer({ customerId: 'none', subscriptionParams: null }, now);
      expect([none.subscription, none.customer.subscriptions]).toEqual([null, []]);
      const chosen = await other.provisionCustomer({ customerId: 'chosen', subscriptionParams: pro }, now);
      expect(chosen.customer.subscriptions.map(({ planId }) => planId)).toEqual(['plan-pro']);
      const later = await other.provisionCustomer({ customerId: 'none', name: 'Again' }, now);
      expect(later.customer.subscriptions).toEqual([]);
    });
  });

  describe('who are changed', () => {
    test('keep what a call does not name, and lose what it names as null', async () => {
      await made('alan', { name: 'Alan', billingInfo: { currency: 'usd', language: 'en' } });
      const change = (billingInfo: ProvisionCustomerInput['billingInfo']) =>
        stage.environment.updateCustomer({ customerId: 'alan', billingInfo, shouldWaitSync: true }, now);
      expect(await change({ language: null, timezone: 'UTC' })).toMatchObject({
        name: 'Alan',
        billingInfo: { currency: 'usd', language: null, timezone: 'UTC' },
      });
      expect((await change(null)).billingInfo).toBeNull();
    });

    test('who are not there are not found', async () => {
      const change = stage.environment.updateCustomer({ customerId: 'nobody', name: 'X' }, now);
      await expect(change).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    });

    test('tell it once, and not at all when nothing is different', async () => {
      await made('edsger', { name: 'Edsger' });
      await stage.environment.updateCustomer({ customerId: 'edsger', name: 'Edsger' }, now + 1000);
      expect(await told('edsger')).toEqual(['customer.created']);
      expect((await stage.environment.customer('edsger', now)).updatedAt).toBe('2026-01-01T00:00:00.000Z');
    });

    test('have one default payment method, and are told of each that is attached', async () => {
      await made('barbara', { billingInfo: { paymentMethodId: 'pm-1' } });
      const change = (paymentMethodId: string | null) =>
        stage.environment.updateCustomer({ customerId: 'barbara', billingInfo: { paymentMethodId } }, now);
      await change('pm-1');
      expect((await change('pm-2')).defaultPaymentMethod).toMatchObject({ paymentMethodId: 'pm-2', type: 'CARD' });
      expect((await change(null)).defaultPaymentMethod).toBeNull();
      expect(await told('barbara')).toEqual([
        'customer.created',
        'payment_method.attached',
        'customer.updated',
        'payment_method.attached',
        'customer.updated',
        'payment_method.detached',
      ]);
    });
  });

  describe('who are archived', () => {
    test('lose name and email and what is free, and are no longer returned', async () => {
      await made('john', {
        name: 'John',
        email: 'john@example.com',
        metadata: { tier: 'gold' },
        subscriptionParams: { planId: 'plan-free' },
      });
      const archived = await stage.environment.archiveCustomer('john', now);
      expect(archived).toMatchObject({
        name: null,
        email: null,
        metadata: { tier: 'gold' },
        archivedAt: '2026-01-01T00:00:00.000Z',
        subscriptions: [],
      });
      await expect(stage.environment.customer('john', now)).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
      expect(await reason('john', 'feature-reports')).toBe('CustomerIsArchived');
      const { data } = await stage.environment.subscriptions({ filter: { customerId: 'john' }, page: null }, now);
      expect(data).toMatchObject([{ status: 'CANCELED', cancelReason: 'CustomerArchived' }]);
      expect((await told('john')).slice(-2)).toEqual(['subscription.canceled', 'customer.deleted']);
      expect(await stage.environment.archiveCustomer('john', now + 1)).toEqual(archived);
    });

    test('get no free plan in the place of what ended', async () => {
      const other = await stage.another('archives', journeys);
      await other.provisionCustomer({ customerId: 'a' }, now);
      expect((await other.archiveCustomer('a', now)).subscriptions).toEqual([]);
    });

    test('must have nothing that is not free, which is named', async () => {
      const { subscription } = await made('ken', { subscriptionParams: pro });
      const refused = { code: 'CONFLICT', details: { subscriptionIds: [subscription?.subscriptionId] } };
      await expect(stage.environment.archiveCustomer('ken', now)).rejects.toMatchObject(refused);
      expect((await stage.environment.customer('ken', now)).archivedAt).toBeNull();
    });

    test('take no change until they are back', async () => {
      await made('dennis', { subscriptionParams: { planId: 'plan-free' } });
      await stage.environment.archiveCustomer('dennis', now);
      const environment = stage.environment;
      for (const change of [
        () => environment.updateCustomer({ customerId: 'dennis', name: 'Dennis' }, now),
        () => environment.provisionCustomer({ customerId: 'dennis' }, now),
        () => environment.createCustomer({ customerId: 'dennis' }, now),
        () => environment.provisionSubscription({ customerId: 'dennis', planId: 'plan-free' }, now),
      ]) {
        await expect(change()).rejects.toMatchObject({ code: 'CONFLICT', field: 'customerId' });
      }
      const back = await environment.unarchiveCustomer('dennis', now);
      expect(back).toMatchObject({ name: null, archivedAt: null, subscriptions: [] });
      expect(await environment.unarchiveCustomer('dennis', now)).toEqual(back);
      expect(await reason('dennis', 'feature-reports')).toBe('NoActiveSubscription');
      await environment.updateCustomer({ customerId: 'dennis', name: 'Dennis' }, now);
    });
  });

  test('are counted by what they subscribe to', async () => {
    await made('donald', { subscriptionParams: pro });
    await stage.environment.provisionSubscription(
      { customerId: 'donald', planId: 'plan-workspace', resourceId: 'one' },
      now,
    );
    expect(await stage.environment.customerStatistics('donald', now)).toEqual({
      activeSubscriptionsByPricingType: [
        { pricingType: 'FREE', count: 1 },
        { pricingType: 'PAID', count: 1 },
        { pricingType: 'CUSTOM', count: 0 },
      ],
      trialSubscriptions: 0,
    });
    await expect(stage.environment.customerStatistics('nobody', now)).rejects.toMatchObject({
      code: 'CUSTOMER_NOT_FOUND',
    });
  });

  test('who are imported are told like any other, in the order of their rows', async () => {
    const rows: ImportCustomerInput[] = [
      { customerId: 'row', name: 'One', updatedAt: '2025-06-01T00:00:00.000Z' },
      { customerId: 'row', name: 'Two', updatedAt: '2025-06-02T00:00:00.000Z' },
      { customerId: 'row', name: 'Three', updatedAt: '2025-06-02T00:00:00.000Z' },
      { customerId: 'no row' },
    ];
    const results = await stage.environment.importCustomers(rows, now);
    expect(results.map(({ outcome, error }) => error?.field ?? outcome)).toEqual([
      'CREATED',
      'UPDATED',
      'SKIPPED',
      'customerId',
    ]);
    expect(await stage.environment.customer('row', now)).toMatchObject({ name: 'Two' });
    expect(await told('row')).toEqual(['customer.created', 'customer.updated']);
    await expect(stage.environment.importCustomers([], now)).rejects.toMatchObject({ field: 'customers' });
  });
});
