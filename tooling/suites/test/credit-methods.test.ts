import type { GrantCredits, Tollgate } from '@tollgate/client';
import { startStack, type TestStack } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ledgerCatalog as catalog } from '../src/ledger-catalog.js';

const jan10 = '2026-01-10T00:00:00.000Z';

describe.each([
  ['PGlite', 'pglite'],
  ['Postgres', inject('postgresUrl')],
] as const)('over HTTP on %s, the client', (_, storage) => {
  let stack: TestStack;
  let client: Tollgate;
  beforeAll(async () => {
    stack = await startStack({
      catalog,
      storage,
      template: inject('pgliteTemplate'),
      transport: 'http',
      now: jan10,
    });
    client = stack.client();
    await client.provisionCustomer({ customerId: 'ada', billingInfo: { paymentMethodId: 'pm_card' } });
  });
  afterAll(() => stack.close());

  const gift: GrantCredits = {
    customerId: 'ada',
    currencyId: 'tokens',
    amount: '12.5',
    displayName: 'Gift',
    grantType: 'PROMOTIONAL',
  };

  test('grants credits with every field, and sees them at once', async () => {
    const granted = await client.grantCredits({
      ...gift,
      resourceId: 'site-1',
      grantType: 'PAID',
      cost: { amount: 9.99, currency: 'usd' },
      priority: 7,
      effectiveAt: new Date(jan10),
      expireAt: '2026-02-10T00:00:00Z',
      comment: 'A comment',
      metadata: { source: 'test' },
      paymentCollectionMethod: 'CHARGE',
      awaitPaymentConfirmation: true,
      billingInformation: { note: 'hello' },
      grantId: 'grant-of-ada',
    });
    expect(granted).toEqual({
      id: 'grant-of-ada',
      customerId: 'ada',
      currencyId: 'tokens',
      resourceId: 'site-1',
      displayName: 'Gift',
      grantType: 'PAID',
      sourceType: null,
      status: 'ACTIVE',
      amount: 12.5,
      consumedAmount: 0,
      priority: 7,
      effectiveAt: new Date(jan10),
      expireAt: new Date('2026-02-10T00:00:00Z'),
      voidedAt: null,
      cost: { amount: 9.99, currency: 'usd' },
      paymentCollection: 'NOT_REQUIRED',
      comment: 'A comment',
      metadata: { source: 'test' },
      latestInvoice: null,
      createdAt: new Date(jan10),
    });
    const asked = { customerId: 'ada', currencyId: 'tokens', resourceId: 'site-1' };
    expect(await client.getCreditEntitlement(asked)).toMatchObject({ hasAccess: true, currentBalance: 12.5 });
  });

  test('grants once what is asked for again by the id of the grant', async () => {
    const granted = await client.grantCredits(gift);
    expect(await client.grantCredits({ ...gift, grantId: granted.id })).toEqual(granted);
    const other = client.grantCredits({ ...gift, grantId: granted.id, amount: 13 });
    await expect(other).rejects.toMatchObject({ code: 'CONFLICT', field: 'grantId', details: { grantId: granted.id } });
    const asked = { customerId: 'ada', currencyId: 'tokens' };
    expect(await client.getCreditEntitlement(asked)).toMatchObject({ currentBalance: 12.5 });
  });

  test('lists grants by wallet, page and when they were made', async () => {
    await client.provisionCustomer({ customerId: 'bob' });
    for (const day of ['10', '11', '12']) {
      await stack.clock.set(`2026-01-${day}T12:00:00Z`);
      await client.grantCredits({ ...gift, customerId: 'bob', amount: Number(day) });
    }
    await client.grantCredits({ ...gift, customerId: 'bob', resourceId: 'site-1' });
    const amounts = async (asked: object) =>
      (await client.getCreditGrants({ customerId: 'bob', ...asked })).data.map(({ amount }) => amount);
    expect(await amounts({})).toEqual([12, 11, 10]);
    expect(await amounts({ resourceId: 'site-1' })).toEqual([12.5]);
    expect(await amounts({ currencyId: 'coins' })).toEqual([]);
    const noon11 = '2026-01-11T12:00:00Z';
    expect(await amounts({ createdAt: { gte: noon11 } })).toEqual([12, 11]);
    expect(await amounts({ createdAt: { gt: noon11 } })).toEqual([12]);
    expect(await amounts({ createdAt: { lte: noon11 } })).toEqual([11, 10]);
    expect(await amounts({ createdAt: { lt: noon11 } })).toEqual([10]);
    const first = await client.getCreditGrants({ customerId: 'bob', limit: 2 });
    expect(await amounts({ limit: 2, after: first.pagination.next })).toEqual([10]);
  });

  test('keeps settings of automatic recharge that a later call leaves out', async () => {
    const recharge = { customerId: 'ada', currencyId: 'coins' };
    const saved = await client.saveAutomaticRechargeConfiguration({
      ...recharge,
      isEnabled: true,
      thresholdValue: 5,
      targetBalance: '10.5',
      maxSpendLimit: 99,
      grantExpirationPeriod: '1_YEAR',
    });
    expect(await client.getAutomaticRechargeConfiguration(recharge)).toEqual(saved);
    const off = await client.saveAutomaticRechargeConfiguration({ ...recharge, isEnabled: false, maxSpendLimit: null });
    expect(off).toEqual({ ...saved, isEnabled: false, maxSpendLimit: null });
    expect(saved).toMatchObject({ thresholdType: 'CREDIT_AMOUNT', targetBalance: 10.5 });
  });

  test('asks for the currency of usage where several were used, and tells it where one was', async () => {
    await client.provisionCustomer({ customerId: 'carol' });
    const spend = (currencyId: string) =>
      client.consumeCredits({ customerId: 'carol', currencyId, amount: 2, idempotencyKey: `of ${currencyId}` });
    const usage = (asked: object = {}) => client.getCreditUsage({ customerId: 'carol', ...asked });
    expect(await usage()).toMatchObject({ series: [], currency: null });
    await spend('tokens');
    expect(await usage()).toMatchObject({ series: [{ totalCredits: 2 }], currency: { currencyId: 'tokens' } });
    await spend('coins');
    expect(await refusedBy(usage())).toBe('INVALID_ARGUMENT currencyId');
    expect(await usage({ currencyId: 'coins' })).toMatchObject({ series: [{ totalCredits: 2, eventCount: 1 }] });
    expect(await refusedBy(usage({ currencyId: 'pearls' }))).toBe('CURRENCY_NOT_FOUND currencyId');
  });

  const refusedBy = (call: Promise<unknown>) =>
    call.then(
      () => 'nothing',
      ({ code, field }: { code: string; field?: string }) => `${code} ${field}`,
    );

  test.each<[string, object]>([
    ['INVALID_ARGUMENT customerId', { customerId: '' }],
    ['INVALID_ARGUMENT amount', { amount: 0 }],
    ['INVALID_ARGUMENT amount', { amount: Number.NaN }],
    ['INVALID_ARGUMENT grantType', { grantType: 'RECURRING' }],
    ['INVALID_ARGUMENT displayName', { displayName: undefined }],
    ['INVALID_ARGUMENT cost.amount', { cost: { amount: '5', currency: 'usd' } }],
    ['INVALID_ARGUMENT cost.currency', { grantType: 'PAID', cost: { amount: 5, currency: 'dollars' } }],
    ['INVALID_ARGUMENT priority', { priority: 1.5 }],
    ['INVALID_ARGUMENT effectiveAt', { effectiveAt: '2026-02-30T00:00:00Z' }],
    ['INVALID_ARGUMENT points', { points: 1 }],
    ['CURRENCY_NOT_FOUND currencyId', { currencyId: 'pearls' }],
    ['CUSTOMER_NOT_FOUND customerId', { customerId: 'nobody' }],
  ])('refuses with %s to grant %j', async (error, change) => {
    expect(await refusedBy(client.grantCredits({ ...gift, ...change } as GrantCredits))).toBe(error);
  });

  test('refuses bounds that say two things', async () => {
    const both = { customerId: 'bob', createdAt: { gt: jan10, gte: jan10 } };
    expect(await refusedBy(client.getCreditGrants(both))).toBe('INVALID_ARGUMENT createdAt.gte');
  });
});
