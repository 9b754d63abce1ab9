import type { GrantCreditsInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingProvider, CollectGrantRequest } from '../src/billing/billing-provider.js';
import { creditCatalog, use } from './credit-stage.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-10T00:00:00Z');
const hour = 3_600_000;

const sold = (customerId: string, more: Partial<GrantCreditsInput> = {}): GrantCreditsInput => ({
  customerId,
  currencyId: 'coins',
  amount: '100',
  displayName: 'A hundred coins',
  grantType: 'PAID',
  cost: { amount: 50, currency: 'usd' },
  ...more,
});

describe.each(implementations)('credits that are sold, in the sandbox on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog, { billing: 'sandbox' });
  });
  afterAll(() => stage.close());

  let last = 0;
  const customer = async (paymentMethodId?: string): Promise<string> => {
    const customerId = `customer-${++last}`;
    const billingInfo = paymentMethodId === undefined ? undefined : { paymentMethodId };
    await stage.environment.provisionCustomer({ customerId, billingInfo }, now);
    return customerId;
  };
  const grant = async (input: GrantCreditsInput, instant = now) =>
    (await stage.environment.grantCredits(input, instant)).grant;
  const balance = async (customerId: string, instant = now) => {
    const asked = { customerId, currencyId: 'coins', resourceId: null };
    return (await stage.environment.creditBalance(asked, instant)).currentBalance;
  };
  const read = async (customerId: string, instant = now) => {
    const { data } = await stage.environment.creditGrants({ filter: { customerId }, page: {} }, instant);
    return data.find(({ grantType }) => grantType === 'PAID');
  };
  const openItem = async (customerId: string) => {
    const items = await stage.environment.openSandboxBilling();
    return items.find(({ title }) => title === `100 coins for ${customerId}`);
  };
  const settle = async (customerId: string, outcome: 'SUCCEED' | 'FAIL', instant = now) => {
    const intentId = String((await openItem(customerId))?.intentId);
    return stage.environment.settleSandboxBilling({ intentId, outcome }, instant);
  };
  const eventsOf = async (customerId: string) => {
    const { events } = await stage.environment.events({ after: null, limit: 1000 });
    return events.filter((event) => event.customerId === customerId).map(({ type }) => type);
  };

  test('count once they are paid, which the call waits for', async () => {
    const customerId = await customer('pm_card');
    const done = await stage.environment.grantCredits(sold(customerId), now);
    expect(done.grant).toMatchObject({
      status: 'ACTIVE',
      cost: { amount: 50, currency: 'usd' },
      paymentCollection: 'NOT_REQUIRED',
      latestInvoice: { status: 'PAID', attemptCount: 0 },
    });
    expect(done.snapshots[0]?.wallets.get('coins')).toMatchObject({ balance: 100_000_000n });
    expect((await eventsOf(customerId)).filter((type) => /credits/.test(type))).toEqual(['credits.granted']);
  });

  test('are pending, and give nothing, while nobody has paid; not waited for, the answer says so', async () => {
    const customerId = await customer('pm_delayed');
    await use(stage, { customerId, currencyId: 'coins' }, '30', now);
    const input = sold(customerId, { awaitPaymentConfirmation: false, grantId: `pending-${customerId}` });
    expect(await grant(input)).toMatchObject({ status: 'PAYMENT_PENDING', paymentCollection: 'PROCESSING' });
    expect(await balance(customerId)).toBe('-30');
    await expect.poll(() => openItem(customerId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    // Asked for again it is the same one, and there is one payment.
    expect(await grant(input)).toMatchObject({ status: 'PAYMENT_PENDING' });
    await settle(customerId, 'SUCCEED', now + hour);
    expect(await read(customerId)).toMatchObject({
      status: 'ACTIVE',
      effectiveAt: '2026-01-10T01:00:00.000Z',
      consumedAmount: '30',
    });
    expect(await balance(customerId, now + hour)).toBe('70');
    expect(await openItem(customerId)).toBeUndefined();
    expect(await stage.environment.verify(now + hour)).toEqual([]);
  });

  test('wait in a call for the answer that somebody gives meanwhile', async () => {
    const customerId = await customer('pm_delayed');
    const granting = grant(sold(customerId));
    await expect.poll(() => openItem(customerId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    await settle(customerId, 'SUCCEED');
    expect(await granting).toMatchObject({ status: 'ACTIVE' });
  });

  test('that are to begin later are scheduled by their payment', async () => {
    const customerId = await customer('pm_card');
    const effectiveAt = '2026-01-11T00:00:00.000Z';
    expect(await grant(sold(customerId, { effectiveAt }))).toMatchObject({ status: 'SCHEDULED', effectiveAt });
    expect(await balance(customerId)).toBe('0');
    expect(await balance(customerId, at(effectiveAt))).toBe('100');
  });

  test('without a payment method need a checkout, whose id the answer tells', async () => {
    const customerId = await customer();
    const made = await grant(sold(customerId));
    const item = await openItem(customerId);
    expect(item).toMatchObject({ status: 'CHECKOUT' });
    expect(made).toMatchObject({
      status: 'PAYMENT_PENDING',
      paymentCollection: 'ACTION_REQUIRED',
      latestInvoice: { billingId: item?.intentId, status: 'OPEN', attemptCount: 0 },
    });
    await settle(customerId, 'SUCCEED');
    expect(await read(customerId)).toMatchObject({ status: 'ACTIVE' });
  });

  test('whose payment is refused stay pending while it is tried again, with the tries counted, and are voided at last', async () => {
    const customerId = await customer('pm_declined');
    expect(await grant(sold(customerId))).toMatchObject({
      status: 'PAYMENT_PENDING',
      paymentCollection: 'FAILED',
      latestInvoice: { status: 'OPEN', attemptCount: 1 },
    });
    for (let tries = 2; tries <= 4; tries++) {
      await stage.environment.resumeBilling(now + (tries - 1) * 6 * hour);
      expect((await read(customerId))?.latestInvoice).toMatchObject({ attemptCount: tries });
    }
    expect(await read(customerId)).toMatchObject({
      status: 'VOIDED',
      paymentCollection: 'FAILED',
      consumedAmount: '0',
    });
    expect(await balance(customerId, now + 24 * hour)).toBe('0');
    const told = (await eventsOf(customerId)).filter((type) => /credits|payment_failed/.test(type));
    expect(told.filter((type) => type === 'customer.payment_failed')).toHaveLength(4);
    expect(told).not.toContain('credits.granted');
  });

  test('that are voided before they are paid are not charged any more', async () => {
    const customerId = await customer('pm_delayed');
    const made = await grant(sold(customerId, { awaitPaymentConfirmation: false }));
    await expect.poll(() => openItem(customerId), { timeout: 10_000 }).toMatchObject({ status: 'WAITING' });
    await stage.environment.voidCreditGrant(made.grantId, now);
    await settle(customerId, 'SUCCEED');
    const [intent] = await stage.database.query('select status from {schema}.billing_intent where grant_id = $1', [
      made.grantId,
    ]);
    expect(intent).toEqual({ status: 'FAILED' });
    expect(await read(customerId)).toMatchObject({ status: 'VOIDED' });
    expect(await balance(customerId)).toBe('0');
  });

  test.each([
    ['cost nothing', { cost: null }],
    ['are paid by nobody here', { paymentCollectionMethod: 'NONE' as const }],
    ['are paid by invoice', { paymentCollectionMethod: 'INVOICE' as const }],
    ['were paid elsewhere', { billingInformation: { isInvoicePaid: true } }],
  ])('that %s count at once', async (_, more) => {
    const customerId = await customer();
    expect(await grant(sold(customerId, more))).toMatchObject({ status: 'ACTIVE' });
    expect(await balance(customerId)).toBe('100');
  });
});

const [pglite] = implementations;
describe('a provider of credits', () => {
  test('hears of the grant, the payer and what the caller handed over, and whether it is charged now', async () => {
    if (!pglite) throw new Error('there is no database');
    const heard: CollectGrantRequest[] = [];
    const billing: BillingProvider = {
      name: 'listening',
      collectGrant: async (request) => {
        heard.push(request);
        return { status: 'confirmed', billingId: `invoice-${heard.length}` };
      },
    };
    const stage = await openStage(pglite, creditCatalog, { billing });
    try {
      const billingInfo = { paymentMethodId: 'pm_1' };
      await stage.environment.provisionCustomer({ customerId: 'ada', billingId: 'cus_1', billingInfo }, now);
      const billingInformation = { note: 'hello' };
      const { grant } = await stage.environment.grantCredits(sold('ada', { billingInformation }), now);
      expect(grant).toMatchObject({ status: 'ACTIVE', latestInvoice: { billingId: 'invoice-1', status: 'PAID' } });
      expect(heard).toMatchObject([
        {
          grant: { grantId: grant.grantId, amount: '100', cost: { amount: 50, currency: 'usd' } },
          isChargedNow: true,
          payer: { customerId: 'ada', billingId: 'cus_1', paymentMethodId: 'pm_1' },
          billingInformation,
        },
      ]);
    } finally {
      await stage.close();
    }
  });
});
