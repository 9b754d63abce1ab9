import type { GrantCreditsInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditCatalog, use } from './credit-stage.js';
import { implementations } from './databases.js';
import { at, openStage, type Stage } from './stage.js';

const now = at('2026-01-10T00:00:00Z');
const day = 86_400_000;

describe.each(implementations)('grants of credits on $name', (implementation) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(implementation, creditCatalog);
  });
  afterAll(() => stage.close());

  let last = 0;
  const customer = async (): Promise<string> => {
    const customerId = `customer-${++last}`;
    await stage.environment.provisionCustomer({ customerId }, now);
    return customerId;
  };
  const gift = (customerId: string, amount = '100'): GrantCreditsInput => ({
    customerId,
    currencyId: 'tokens',
    amount,
    displayName: 'Welcome',
    grantType: 'PROMOTIONAL',
  });
  const grant = (input: GrantCreditsInput, instant = now) => stage.environment.grantCredits(input, instant);
  const balanceOf = async (customerId: string, instant = now, resourceId: string | null = null) => {
    const asked = { customerId, currencyId: 'tokens', resourceId };
    const { currency: _, ...numbers } = await stage.environment.creditBalance(asked, instant);
    return [numbers.currentBalance, numbers.totalGranted, numbers.totalConsumed];
  };
  const ledgerOf = async (customerId: string, instant = now) => {
    const { data } = await stage.environment.creditLedger({ filter: { customerId }, page: {} }, instant);
    return data.map(({ eventType, amount }) => `${eventType} ${amount}`);
  };
  const eventsOf = async (customerId: string) => {
    const { events } = await stage.environment.events({ after: null, limit: 1000 });
    return events
      .filter((event) => event.customerId === customerId && /credit/.test(event.type))
      .map(({ type }) => type);
  };

  test('count at once, with their defaults, in the answer and in its snapshots', async () => {
    const customerId = await customer();
    const done = await grant({ ...gift(customerId), metadata: { why: 'test' }, comment: 'hello' });
    expect(done.grant).toMatchObject({
      customerId,
      resourceId: null,
      status: 'ACTIVE',
      amount: '100',
      consumedAmount: '0',
      priority: 50,
      effectiveAt: '2026-01-10T00:00:00.000Z',
      expireAt: null,
      voidedAt: null,
      cost: null,
      sourceType: null,
      paymentCollection: 'NOT_REQUIRED',
      comment: 'hello',
      metadata: { why: 'test' },
      latestInvoice: null,
    });
    expect(done.snapshots[0]?.wallets.get('tokens')).toMatchObject({ balance: 100_000_000n });
    expect(await balanceOf(customerId)).toEqual(['100', '100', '0']);
    expect(await ledgerOf(customerId)).toEqual(['CREDITS_GRANTED 100']);
    expect(await eventsOf(customerId)).toEqual(['credits.granted']);
  });

  test('that are sold count at once where nobody collects', async () => {
    const customerId = await customer();
    const cost = { amount: 50, currency: 'usd' };
    const done = await grant({ ...gift(customerId), grantType: 'PAID', cost });
    expect(done.grant).toMatchObject({
      status: 'ACTIVE',
      grantType: 'PAID',
      cost,
      paymentCollection: 'NOT_REQUIRED',
      latestInvoice: null,
    });
  });

  test('with a date to come are scheduled until then, and end at theirs', async () => {
    const customerId = await customer();
    const effectiveAt = '2026-01-12T00:00:00.000Z';
    const done = await grant({ ...gift(customerId), effectiveAt, expireAt: '2026-01-15T00:00:00.000Z' });
    expect(done.grant.status).toBe('SCHEDULED');
    expect(done.snapshots[0]?.wallets.get('tokens')).toMatchObject({ balance: 0n, endsAt: at(effectiveAt) });
    expect(await balanceOf(customerId, now + 2 * day - 1)).toEqual(['0', '0', '0']);
    expect(await balanceOf(customerId, now + 2 * day)).toEqual(['100', '100', '0']);
    expect(await balanceOf(customerId, now + 5 * day)).toEqual(['0', '0', '0']);
    expect(await ledgerOf(customerId, now + 5 * day)).toEqual(['CREDITS_GRANTED 100', 'CREDITS_EXPIRED 100']);
  });

  test('pay what the wallet owes, all of it or as far as they go', async () => {
    const customerId = await customer();
    await use(stage, { customerId, currencyId: 'tokens' }, '30', now);
    expect(await balanceOf(customerId)).toEqual(['-30', '0', '30']);
    const first = await grant(gift(customerId, '10'));
    expect(first.grant).toMatchObject({ amount: '10', consumedAmount: '10' });
    expect(await balanceOf(customerId)).toEqual(['-20', '10', '30']);
    const second = await grant(gift(customerId, '50'));
    expect(second.grant).toMatchObject({ consumedAmount: '20' });
    expect(await balanceOf(customerId)).toEqual(['30', '60', '30']);
    const { data } = await stage.environment.creditGrants({ filter: { customerId }, page: {} }, now);
    expect(data.find(({ grantType }) => grantType === 'OVERDRAFT')).toMatchObject({ status: 'VOIDED', amount: '0' });
  });

  test('of a resource are in a wallet of their own, and make the resource known', async () => {
    const customerId = await customer();
    await grant(gift(customerId, '5'));
    const done = await grant({ ...gift(customerId, '7'), resourceId: 'site-1' });
    expect(done.snapshots.map(({ resourceId }) => resourceId)).toEqual([null, 'site-1']);
    expect(done.snapshots[1]?.grants.isResourceKnown).toBe(true);
    expect(await balanceOf(customerId)).toEqual(['5', '5', '0']);
    expect(await balanceOf(customerId, now, 'site-1')).toEqual(['7', '7', '0']);
    const page = (filter: { customerId: string; resourceId?: string }) =>
      stage.environment.creditGrants({ filter, page: {} }, now);
    expect((await page({ customerId })).data.map(({ amount }) => amount)).toEqual(['5']);
    expect((await page({ customerId, resourceId: 'site-1' })).data.map(({ amount }) => amount)).toEqual(['7']);
  });

  test('asked for again by their id are there once, and another content is a conflict', async () => {
    const [customerId, other] = [await customer(), await customer()];
    const input = { ...gift(customerId), grantId: `grant-of-${customerId}`, expireAt: '2026-02-01T00:00:00.000Z' };
    const first = await grant(input);
    await use(stage, { customerId, currencyId: 'tokens' }, '40', now);
    const again = await grant({ ...input, comment: null, awaitPaymentConfirmation: false }, now + day);
    expect(again.grant).toEqual({ ...first.grant, consumedAmount: '40' });
    expect(await balanceOf(customerId)).toEqual(['60', '100', '40']);
    const conflict = { code: 'CONFLICT', field: 'grantId' };
    await expect(grant({ ...input, amount: '101' })).rejects.toMatchObject(conflict);
    await expect(grant({ ...gift(other), grantId: input.grantId })).rejects.toMatchObject(conflict);
    // It has ended meanwhile, and its id is still taken.
    expect((await grant(input, now + 30 * day)).grant.status).toBe('EXPIRED');
  });

  test('by one id in two calls at the same time are there once', async () => {
    const [customerId, other] = [await customer(), await customer()];
    const grantId = `twice-${customerId}`;
    const calls = [customerId, customerId, other].map((owner) => grant({ ...gift(owner), grantId }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(
      outcomes[2]?.status === 'fulfilled' ? 2 : 1,
    );
    const [own] = await balanceOf(customerId);
    const [others] = await balanceOf(other).catch(() => ['0']);
    expect([own, others].sort()).toEqual(['0', '100']);
  });

  const refused = (change: Partial<Record<keyof GrantCreditsInput, unknown>>) => async () => {
    const customerId = await customer();
    const input = { ...gift(customerId), ...change } as GrantCreditsInput;
    const error = await grant(input).then(
      () => null,
      (thrown: { code: string; field: string }) => `${thrown.code} ${thrown.field}`,
    );
    return error;
  };
  test.each<[string, Partial<Record<keyof GrantCreditsInput, unknown>>]>([
    ['INVALID_ARGUMENT amount', { amount: '0' }],
    ['INVALID_ARGUMENT amount', { amount: '-5' }],
    ['INVALID_ARGUMENT amount', { amount: '1.0000001' }],
    ['INVALID_ARGUMENT grantType', { grantType: 'RECURRING' }],
    ['INVALID_ARGUMENT grantType', { grantType: 'OVERDRAFT' }],
    ['INVALID_ARGUMENT displayName', { displayName: '' }],
    ['INVALID_ARGUMENT cost', { cost: { amount: 5, currency: 'usd' } }],
    ['INVALID_ARGUMENT cost.amount', { grantType: 'PAID', cost: { amount: -1, currency: 'usd' } }],
    ['INVALID_ARGUMENT cost.currency', { grantType: 'PAID', cost: { amount: 1, currency: 'USD' } }],
    ['INVALID_ARGUMENT priority', { priority: 101 }],
    ['INVALID_ARGUMENT priority', { priority: -1 }],
    ['INVALID_ARGUMENT effectiveAt', { effectiveAt: '2026-01-09T23:59:59.999Z' }],
    ['INVALID_ARGUMENT expireAt', { expireAt: '2026-01-10T00:00:00.000Z' }],
    ['INVALID_ARGUMENT expireAt', { effectiveAt: '2026-01-12T00:00:00Z', expireAt: '2026-01-12T00:00:00Z' }],
    ['INVALID_ARGUMENT comment', { comment: 'x'.repeat(201) }],
    ['INVALID_ARGUMENT metadata', { metadata: [] }],
    ['INVALID_ARGUMENT paymentCollectionMethod', { paymentCollectionMethod: 'LATER' }],
    ['INVALID_ARGUMENT resourceId', { resourceId: 'not@allowed' }],
    ['CURRENCY_NOT_FOUND currencyId', { currencyId: 'pearls' }],
    ['CUSTOMER_NOT_FOUND customerId', { customerId: 'nobody' }],
  ])('are refused with %s for %j', async (error, change) => {
    expect(await refused(change)()).toBe(error);
  });

  test('of a currency that is archived are refused', async () => {
    const environment = await stage.another(`archived-${implementation.name}`, creditCatalog);
    const { customCurrencies: _, ...rest } = creditCatalog;
    await environment.applyCatalog(rest, { dryRun: false }, now);
    await environment.provisionCustomer({ customerId: 'ada' }, now);
    await expect(environment.grantCredits(gift('ada'), now)).rejects.toMatchObject({
      code: 'CURRENCY_NOT_FOUND',
      message: expect.stringContaining('archived'),
    });
  });

  test('are voided for what is left of them, once', async () => {
    const customerId = await customer();
    const { grant: made } = await grant(gift(customerId));
    await use(stage, { customerId, currencyId: 'tokens' }, '40', now);
    const voided = await stage.environment.voidCreditGrant(made.grantId, now + day);
    expect(voided.grant).toMatchObject({
      status: 'VOIDED',
      voidedAt: '2026-01-11T00:00:00.000Z',
      consumedAmount: '40',
    });
    expect(voided.snapshots[0]?.wallets.get('tokens')).toMatchObject({ balance: 0n });
    expect(await ledgerOf(customerId)).toEqual(['CREDITS_GRANTED 100', 'CREDITS_CONSUMED 40', 'CREDITS_VOIDED 60']);
    expect(await eventsOf(customerId)).toEqual(['credits.granted', 'credits.grant.updated']);
    const conflict = { code: 'CONFLICT', field: 'grantId' };
    await expect(stage.environment.voidCreditGrant(made.grantId, now + day)).rejects.toMatchObject(conflict);
    await expect(stage.environment.voidCreditGrant('grant-of-nobody', now)).rejects.toMatchObject({
      code: 'CREDIT_GRANT_NOT_FOUND',
      field: 'grantId',
    });
  });

  test('that have expired or hold a debt cannot be voided', async () => {
    const customerId = await customer();
    const { grant: made } = await grant({ ...gift(customerId), expireAt: '2026-01-12T00:00:00.000Z' });
    await use(stage, { customerId, currencyId: 'tokens' }, '130', now);
    const { data } = await stage.environment.creditGrants({ filter: { customerId }, page: {} }, now);
    const debt = data.find(({ grantType }) => grantType === 'OVERDRAFT');
    expect(debt).toMatchObject({ amount: '0', consumedAmount: '30', status: 'ACTIVE' });
    for (const grantId of [made.grantId, String(debt?.grantId)]) {
      await expect(stage.environment.voidCreditGrant(grantId, now + 3 * day)).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    }
  });

  test('before they begin are voided without a trace in the ledger', async () => {
    const customerId = await customer();
    const { grant: made } = await grant({ ...gift(customerId), effectiveAt: '2026-01-12T00:00:00.000Z' });
    await stage.environment.voidCreditGrant(made.grantId, now);
    expect(await balanceOf(customerId, now + 3 * day)).toEqual(['0', '0', '0']);
    expect(await ledgerOf(customerId, now + 3 * day)).toEqual([]);
  });

  test('that were let go of because they are used up are voided all the same', async () => {
    const customerId = await customer();
    for (let index = 0; index < 45; index++) {
      await grant({ ...gift(customerId, '1'), grantId: `small-${customerId}-${index}` }, now + index);
    }
    await use(stage, { customerId, currencyId: 'tokens' }, '45', now + day);
    await grant(gift(customerId, '10'), now + day);
    expect(await balanceOf(customerId, now + day)).toEqual(['10', '55', '45']);
    const { grant: voided } = await stage.environment.voidCreditGrant(`small-${customerId}-0`, now + day);
    expect(voided).toMatchObject({ status: 'VOIDED', consumedAmount: '1' });
    expect(await balanceOf(customerId, now + day)).toEqual(['10', '54', '44']);
  });

  test('are listed newest first by page, while the list grows and by when they were made', async () => {
    const customerId = await customer();
    for (const [index, amount] of ['1', '2', '3', '4'].entries())
      await grant(gift(customerId, amount), now + index * day);
    const list = async (page: object, filter: object = {}) =>
      stage.environment.creditGrants({ filter: { customerId, ...filter }, page }, now + 9 * day);
    const amounts = (page: Awaited<ReturnType<typeof list>>) => page.data.map(({ amount }) => amount);
    const first = await list({ limit: 2 });
    expect(amounts(first)).toEqual(['4', '3']);
    expect(first.pagination.prev).toBeNull();
    await grant(gift(customerId, '5'), now + 4 * day);
    const second = await list({ limit: 2, after: first.pagination.next });
    expect(amounts(second)).toEqual(['2', '1']);
    expect(second.pagination.next).toBeNull();
    const back = await list({ limit: 2, before: second.pagination.prev });
    expect(amounts(back)).toEqual(['4', '3']);
    const within = { createdAfter: '2026-01-11T00:00:00Z', createdBefore: '2026-01-13T00:00:00Z' };
    expect(amounts(await list({}, within))).toEqual(['3', '2']);
    await expect(list({ after: first.pagination.next }, within)).rejects.toMatchObject({ field: 'page.after' });
    expect(amounts(await list({}, { currencyId: 'coins' }))).toEqual([]);
  });

  test('stand in the ledger in the order of time, by page and by what happened', async () => {
    const customerId = await customer();
    await grant({ ...gift(customerId, '20'), priority: 0 });
    await grant({ ...gift(customerId, '80'), expireAt: '2026-01-12T00:00:00.000Z' });
    await use(stage, { customerId, currencyId: 'tokens' }, '30', now + day);
    const read = (page: object, filter: object = {}) =>
      stage.environment.creditLedger({ filter: { customerId, ...filter }, page }, now + 5 * day);
    const all = ['GRANTED 20', 'GRANTED 80', 'CONSUMED 20', 'CONSUMED 10', 'EXPIRED 70'];
    const shown: string[] = [];
    const ids = new Set<string>();
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof read>> = await read({ limit: 2, after });
      for (const { eventType, amount, eventId } of page.data) {
        shown.push(`${eventType.replace('CREDITS_', '')} ${amount}`);
        ids.add(eventId);
      }
      after = page.pagination.next;
    } while (after !== null);
    expect(shown).toEqual(all);
    expect(ids.size).toBe(5);
    const consumed = await read({}, { eventTypes: ['CREDITS_CONSUMED', 'CREDITS_EXPIRED'] });
    expect(consumed.data.map(({ amount }) => amount)).toEqual(['20', '10', '70']);
    expect(consumed.data[0]).toMatchObject({ featureId: null, timestamp: '2026-01-11T00:00:00.000Z' });
    await expect(read({}, { eventTypes: ['CREDITS_LOST'] })).rejects.toMatchObject({ field: 'filter.eventTypes[0]' });
  });
});
