import type { HotOperationInput, ReservationWire, ReserveInput } from '@tollgate/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { implementations } from './databases.js';
import { grant, type HotStage, ledger, now, openHotStage, start } from './hot-stage.js';
import { at } from './stage.js';

const minute = 60_000;
type Item = ReserveInput['items'][number];

describe.each(implementations)('reservations on $name', (implementation) => {
  let stage: HotStage;
  beforeAll(async () => {
    stage = await openHotStage(implementation);
  });
  afterAll(() => stage.close());

  let last = 0;
  const newId = () => `reservation-${++last}`;

  async function reserve(
    customerId: string,
    items: Item[],
    { reservationId = newId(), ttlMs = null as number | null, instant = now } = {},
  ) {
    const answer = await stage.hot({ reserve: { customerId, reservationId, items, ttlMs } }, instant);
    return { ...answer, id: reservationId };
  }
  const settle = (
    customerId: string,
    reservationId: string,
    amounts: NonNullable<HotOperationInput['settle']>['amounts'] = null,
    instant = now,
  ) => stage.hot({ settle: { customerId, reservationId, amounts } }, instant);
  const release = (customerId: string, reservationId: string, instant = now) =>
    stage.hot({ release: { customerId, reservationId } }, instant);
  const extend = (customerId: string, reservationId: string, instant = now, ttlMs: number | null = null) =>
    stage.hot({ extend: { customerId, reservationId, ttlMs } }, instant);
  const denied = ({ reservation }: { reservation: ReservationWire | null }) =>
    `${reservation?.status} ${reservation?.denials.map(({ item, reason }) => `${item}:${reason}`).join(' ')}`;
  const projects = (amount: string): Item => ({ featureId: 'feature-projects', amount });
  const credits = (amount: string): Item => ({ currencyId: 'credit-ai', amount });
  const feedRows = async (customerId: string) =>
    (await stage.database.query(`select from {schema}.feed where customer = $1`, [customerId])).length;

  test('what is held counts as used: up to the limit, and not one more', async () => {
    const customerId = await stage.subscribed();
    const first = await reserve(customerId, [projects('2')]);
    expect(first.reservation).toMatchObject({
      reservationId: first.id,
      customerId,
      status: 'HELD',
      expiresAt: '2026-03-10T12:01:00.000Z',
      items: [{ featureId: 'feature-projects', currencyId: null, resourceId: null, amount: '2', settled: null }],
      denials: [],
      usage: [{ customerId, resourceId: null, counter: { currentUsage: '0', held: '2' } }],
      wallets: [],
    });
    const tooMany = await reserve(customerId, [projects('2')]);
    expect(denied(tooMany)).toBe('DENIED 0:RequestedUsageExceedingLimit');
    expect(tooMany.reservation).toMatchObject({ expiresAt: null, usage: [{ counter: { held: '2' } }] });
    expect((await reserve(customerId, [projects('1')])).reservation?.status).toBe('HELD');
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 3');
    // One value under one version: the answer and a snapshot say the same.
    const part = (await stage.snapshot(customerId)).usage.get('feature-projects');
    expect(part).toMatchObject({ held: 3_000_000n, heldUntil: now + minute, validUntil: now + minute });
  });

  test('soft and unlimited always pass; what is revoked, not there or no counter is denied for that', async () => {
    const customerId = await stage.subscribed();
    expect((await reserve(customerId, [{ featureId: 'feature-calls', amount: '101' }])).reservation?.status).toBe(
      'HELD',
    );
    const reason = async (item: Item) => denied(await reserve(customerId, [item]));
    expect(await reason({ featureId: 'feature-tokens-none', amount: '1' })).toBe(
      'DENIED 0:NoFeatureEntitlementInSubscription',
    );
    expect(await reason({ featureId: 'feature-pages', amount: '1' })).toBe('DENIED 0:InsufficientCredits');
    expect(await reason(credits('1'))).toBe('DENIED 0:EntitlementNotFound');
    await stage.environment.grantPromotionalEntitlements(
      customerId,
      [{ featureId: 'feature-projects', period: 'LIFETIME', isGranted: false }],
      now,
    );
    expect(await reason(projects('1'))).toBe('DENIED 0:Revoked');
    const other = await stage.subscribed('plan-free');
    expect(denied(await reserve(other, [{ featureId: 'feature-upload', amount: '1' }]))).toBe(
      'DENIED 0:FeatureTypeMismatch',
    );
    await stage.environment.archiveCustomer(other, now);
    expect(denied(await reserve(other, [projects('1')]))).toBe('DENIED 0:CustomerIsArchived');
  });

  test('a feature that events drive cannot be reserved, and what makes no sense is refused by name', async () => {
    const customerId = await stage.subscribed();
    const error = async (input: Partial<ReserveInput>) => {
      const items = [projects('1')];
      return (await stage.hot({ reserve: { customerId, reservationId: 'bad', items, ...input } })).error;
    };
    expect(await error({ items: [projects('1'), { featureId: 'feature-words', amount: '1' }] })).toMatchObject({
      code: 'WRONG_USAGE_KIND',
      field: 'items[1].featureId',
    });
    const invalid = (field: string) => ({ code: 'INVALID_ARGUMENT', field, isRetryable: false });
    expect(await error({ items: [] })).toMatchObject(invalid('items'));
    expect(await error({ items: Array.from({ length: 21 }, () => projects('0')) })).toMatchObject(invalid('items'));
    expect(await error({ items: [{ amount: '1' }] })).toMatchObject(invalid('items[0]'));
    expect(await error({ items: [{ ...projects('1'), currencyId: 'credit-ai' }] })).toMatchObject(invalid('items[0]'));
    expect(await error({ items: [projects('-1')] })).toMatchObject(invalid('items[0].amount'));
    expect(await error({ items: [projects('much')] })).toMatchObject(invalid('items[0].amount'));
    expect(await error({ ttlMs: 999 })).toMatchObject(invalid('ttlMs'));
    expect(await error({ ttlMs: 86_400_001 })).toMatchObject(invalid('ttlMs'));
    expect(await error({ reservationId: '' })).toMatchObject(invalid('reservationId'));
    expect(await error({ reservationId: 'r'.repeat(256) })).toMatchObject(invalid('reservationId'));
    expect(await error({ customerId: 'nobody' })).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    expect((await stage.hot({})).error).toMatchObject(invalid('operation'));
    const two = { release: { customerId, reservationId: 'a' }, extend: { customerId, reservationId: 'a' } };
    expect((await stage.hot(two)).error).toMatchObject(invalid('operation'));
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 0');
  });

  test('a feature that is paid by credits holds both or neither', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 12);
    const images = (amount: string): Item => ({ featureId: 'feature-images', amount });
    // Eleven could be paid, and do not fit the limit of ten.
    expect(denied(await reserve(customerId, [images('11')]))).toBe('DENIED 0:RequestedUsageExceedingLimit');
    expect(await stage.wallet(customerId)).toBe('12 / 0 / 0');
    const held = await reserve(customerId, [images('4')]);
    expect(held.reservation).toMatchObject({
      usage: [{ counter: { held: '4' } }],
      wallets: [{ customerId, resourceId: null, wallet: { balance: '12', held: '4' } }],
    });
    // Two credits a page: four pages are eight credits, and that is what is left.
    const pages = (amount: string): Item => ({ featureId: 'feature-pages', amount });
    expect(denied(await reserve(customerId, [pages('4.000001')]))).toBe('DENIED 0:InsufficientCredits');
    expect((await reserve(customerId, [pages('4')])).reservation?.status).toBe('HELD');
    expect(await stage.usage(customerId, 'feature-images')).toBe('0 + 4');
    expect(await stage.wallet(customerId)).toBe('12 / 0 / 12');
    expect(denied(await reserve(customerId, [credits('0.000001')]))).toBe('DENIED 0:InsufficientCredits');
  });

  test('all items or none, and each sees those before it', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const pages = { featureId: 'feature-pages', amount: '3' };
    const answer = await reserve(customerId, [projects('3'), pages, credits('5'), projects('1'), credits('4')]);
    expect(denied(answer)).toBe('DENIED 2:InsufficientCredits 3:RequestedUsageExceedingLimit');
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 0');
    expect(await stage.wallet(customerId)).toBe('10 / 0 / 0');
    expect(await stage.environment.reservation({ customerId, reservationId: answer.id }, now)).toBeNull();
    expect((await reserve(customerId, [projects('3'), pages, credits('4')])).reservation?.status).toBe('HELD');
    expect(await stage.wallet(customerId)).toBe('10 / 0 / 10');
  });

  test('a formula is worked out when it is reserved', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 20);
    const answers = (dimensions: Record<string, unknown>): Item => ({
      featureId: 'feature-answers',
      amount: '1',
      dimensions,
    });
    // 1.1 × 10 + 5 × 2 = 21.
    expect(denied(await reserve(customerId, [answers({ a: 10, b: 2 })]))).toBe('DENIED 0:InsufficientCredits');
    const held = await reserve(customerId, [answers({ a: 10, b: 1 })]);
    expect(held.reservation?.wallets[0]?.wallet.held).toBe('16');
    await settle(customerId, held.id, [{ item: 0, amount: '1', dimensions: { a: 0, b: 1 } }]);
    expect(await stage.wallet(customerId)).toBe('15 / 5 / 0');
    expect((await reserve(customerId, [answers({ a: 'x', b: 1 })])).error).toMatchObject({ field: 'dimensions.a' });
  });

  test('asked again with the same id: what became of it, nothing held anew, and never other items', async () => {
    const customerId = await stage.subscribed();
    const first = await reserve(customerId, [projects('2')]);
    const { id } = first;
    const again = async (instant: number, amount = '2') =>
      reserve(customerId, [projects(amount)], { reservationId: id, instant, ttlMs: 5000 });
    expect((await again(now + 1000)).reservation).toEqual(first.reservation);
    expect((await again(now, '1')).error).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', field: 'reservationId' });
    expect((await again(now + minute)).reservation).toMatchObject({ status: 'EXPIRED', expiresAt: null });
    await settle(customerId, id, null, now + minute);
    expect((await again(now + minute)).reservation).toMatchObject({ status: 'SETTLED', items: [{ settled: '2' }] });
    expect(await stage.usage(customerId, 'feature-projects', now + minute)).toBe('2 + 0');

    const released = await reserve(customerId, [projects('1')], { instant: now + minute });
    await release(customerId, released.id, now + minute);
    const late = await reserve(customerId, [projects('1')], { reservationId: released.id, instant: now + minute });
    expect(late.reservation).toMatchObject({ status: 'RELEASED', expiresAt: null });
    expect(await stage.usage(customerId, 'feature-projects', now + minute)).toBe('2 + 0');
  });

  test('what was denied leaves nothing behind: the same id may be asked again', async () => {
    const customerId = await stage.subscribed();
    const blocking = await reserve(customerId, [projects('3')]);
    const refused = await reserve(customerId, [projects('1')]);
    expect(refused.reservation?.status).toBe('DENIED');
    await release(customerId, blocking.id);
    const again = await reserve(customerId, [projects('1')], { reservationId: refused.id });
    expect(again.reservation?.status).toBe('HELD');
  });

  test('settling charges what was used, once, and lets go of the rest', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 100);
    const { id } = await reserve(customerId, [
      { featureId: 'feature-pages', amount: '10' },
      credits('30'),
      projects('3'),
    ]);
    const amounts = [
      { item: 0, amount: '4' },
      { item: 2, amount: '0' },
    ];
    const settled = await settle(customerId, id, amounts);
    expect(settled.reservation).toMatchObject({
      status: 'SETTLED',
      items: [{ settled: '4' }, { settled: '30' }, { settled: '0' }],
      wallets: [{ wallet: { balance: '62', held: '0', heldUntil: null } }],
    });
    expect(await stage.usage(customerId, 'feature-pages')).toBe('4 + 0');
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 0');
    expect(await ledger(stage.database, customerId)).toEqual([
      'CREDITS_CONSUMED 8 grant feature-pages',
      'CREDITS_CONSUMED 30 grant -',
    ]);
    const before = await feedRows(customerId);
    expect((await settle(customerId, id, amounts)).reservation?.status).toBe('SETTLED');
    expect((await settle(customerId, id, [{ item: 1, amount: '30' }, ...amounts])).error).toBeNull();
    expect((await settle(customerId, id)).error).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect((await release(customerId, id)).error).toMatchObject({ code: 'CONFLICT' });
    expect(await feedRows(customerId)).toBe(before);
    expect(await stage.wallet(customerId)).toBe('62 / 38 / 0');
  });

  test('settling more than was reserved charges that, past the limit and into the overdraft', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const { id } = await reserve(customerId, [credits('10'), projects('3')]);
    await settle(customerId, id, [
      { item: 0, amount: '14' },
      { item: 1, amount: '5' },
    ]);
    expect(await stage.wallet(customerId)).toBe('-4 / 14 / 0');
    expect(await stage.usage(customerId, 'feature-projects')).toBe('5 + 0');
  });

  test('what cannot be settled is refused, and the hold stays', async () => {
    const customerId = await stage.subscribed();
    const { id } = await reserve(customerId, [projects('1'), { featureId: 'feature-calls', amount: '1' }]);
    expect((await settle(customerId, 'nothing')).error).toMatchObject({ code: 'RESERVATION_NOT_FOUND' });
    expect((await release(customerId, 'nothing')).error).toMatchObject({ code: 'RESERVATION_NOT_FOUND' });
    expect((await settle(customerId, id, [{ item: 2, amount: '1' }])).error).toMatchObject({ field: 'amounts' });
    expect((await settle(customerId, id, [{ item: -1, amount: '1' }])).error).toMatchObject({
      field: 'amounts[0].item',
    });
    const twice = [
      { item: 0, amount: '1' },
      { item: 0, amount: '1' },
    ];
    expect((await settle(customerId, id, twice)).error).toMatchObject({ field: 'amounts[1].item' });
    // The second counter cannot take it, so the first one must not have counted: nor with others in one transaction.
    const report = { customerId, featureId: 'feature-calls', value: '9007199254' };
    await stage.hot({ reportUsage: report });
    const [refused] = await Promise.all([
      settle(customerId, id),
      stage.hot({ reportUsage: { ...report, value: '-1' } }),
    ]);
    expect(refused.error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'value' });
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 1');
    const text = `select from {schema}.usage where customer_id = $1 and feature_id = 'feature-projects'`;
    expect(await stage.database.query(text, [customerId])).toEqual([]);
  });

  test('a hold ends by itself, and is charged once all the same when it is settled late [settle.6] [settle.10]', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const { id } = await reserve(customerId, [projects('3'), credits('10')], { ttlMs: 5000 });
    expect(await stage.usage(customerId, 'feature-projects', now + 4999)).toBe('0 + 3');
    expect(await stage.usage(customerId, 'feature-projects', now + 5000)).toBe('0 + 0');
    const expired = await stage.environment.reservation({ customerId, reservationId: id }, now + 5000);
    expect(expired).toMatchObject({ status: 'EXPIRED', expiresAt: null, wallets: [{ wallet: { held: '0' } }] });
    expect((await reserve(customerId, [credits('10')], { instant: now + 5000 })).reservation?.status).toBe('HELD');
    expect((await extend(customerId, id, now + 5000)).error).toMatchObject({ code: 'CONFLICT' });
    const late = await settle(customerId, id, null, now + 6000);
    expect(late.reservation).toMatchObject({ status: 'SETTLED' });
    await settle(customerId, id, null, now + 7000);
    expect(await stage.usage(customerId, 'feature-projects', now + 7000)).toBe('3 + 0');
    expect(await stage.wallet(customerId, null, now + 7000)).toBe('0 / 10 / 10');
  });

  test('usage counts in the period in which it was held', async () => {
    const customerId = await stage.subscribed();
    const reports = (amount: string): Item => ({ featureId: 'feature-reports', amount });
    const before = at('2026-04-04T23:59:00Z');
    const after = at('2026-04-05T00:01:00Z');
    const { id } = await reserve(customerId, [reports('90')], { instant: before, ttlMs: 10 * minute });
    // The next period has a limit of its own, and nothing of it is held.
    expect(await stage.usage(customerId, 'feature-reports', after)).toBe('0 + 0');
    expect((await reserve(customerId, [reports('100')], { instant: after })).reservation?.status).toBe('HELD');
    const settled = await settle(customerId, id, null, after);
    expect(settled.reservation?.usage).toMatchObject([{ counter: { currentUsage: '0', held: '100' } }]);
    const [counter] = await stage.database.query<{ value: string }>(
      `select trim_scale(value) as value from {schema}.usage_counter where customer_id = $1 and window_start = $2`,
      [customerId, start],
    );
    expect(counter?.value).toBe('90');
  });

  test('releasing charges nothing, and again is no error', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const { id } = await reserve(customerId, [projects('3'), credits('10')]);
    const released = await release(customerId, id);
    expect(released.reservation).toMatchObject({
      status: 'RELEASED',
      wallets: [{ wallet: { held: '0', balance: '10' } }],
    });
    expect((await release(customerId, id)).reservation?.status).toBe('RELEASED');
    expect((await settle(customerId, id)).error).toMatchObject({ code: 'CONFLICT' });
    expect((await extend(customerId, id)).error).toMatchObject({ code: 'CONFLICT' });
    const expiring = await reserve(customerId, [projects('3')]);
    expect((await release(customerId, expiring.id, now + 2 * minute)).reservation?.status).toBe('RELEASED');
    expect(await stage.usage(customerId, 'feature-projects')).toBe('0 + 0');
  });

  test('a sign of life holds on, without a row of the feed or a new revision [settle.6]', async () => {
    const customerId = await stage.subscribed();
    const { id, reservation } = await reserve(customerId, [projects('2')]);
    const rows = await feedRows(customerId);
    const extended = await extend(customerId, id, now + minute - 1, 5 * minute);
    expect(extended.reservation).toMatchObject({ status: 'HELD', expiresAt: '2026-03-10T12:05:59.999Z' });
    expect(extended.reservation?.usage[0]?.counter.version.revision).toBe(
      reservation?.usage[0]?.counter.version.revision,
    );
    expect(await feedRows(customerId)).toBe(rows);
    expect(await stage.usage(customerId, 'feature-projects', now + 5 * minute)).toBe('0 + 2');
  });

  test('a resource is held of its own counter and wallet where it has them', async () => {
    const customerId = await stage.subscribed('plan-free');
    await stage.environment.provisionSubscription({ customerId, planId: 'plan-workspace', resourceId: 'site' }, start);
    await grant(stage, customerId, 100, { name: 'customer' });
    await grant(stage, customerId, 6, { name: 'site', resourceId: 'site' });
    const item = { featureId: 'feature-pages', amount: '3', resourceId: 'site' };
    const held = await reserve(customerId, [item]);
    expect(held.reservation).toMatchObject({
      items: [{ resourceId: 'site' }],
      usage: [{ resourceId: 'site', counter: { held: '3' } }],
      wallets: [{ resourceId: 'site', wallet: { held: '6' } }],
    });
    expect(denied(await reserve(customerId, [{ ...item, amount: '1' }]))).toBe('DENIED 0:InsufficientCredits');
    await settle(customerId, held.id);
    expect(await stage.wallet(customerId, 'site')).toBe('0 / 6 / 0');
    expect(await stage.wallet(customerId)).toBe('100 / 0 / 0');
  });

  test('the feed tells others of every counter and wallet that is held or freed', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const { id, reservation } = await reserve(customerId, [projects('2'), { featureId: 'feature-pages', amount: '1' }]);
    const newest = async () => {
      const [row] = await stage.database.query<{ change: Record<string, { [part: string]: unknown }[]> }>(
        'select change from {schema}.feed where customer = $1 order by id desc limit 1',
        [customerId],
      );
      return row?.change;
    };
    expect(await newest()).toMatchObject({ usage: reservation?.usage, wallets: reservation?.wallets });
    const released = await release(customerId, id);
    expect(await newest()).toMatchObject({
      usage: released.reservation?.usage,
      wallets: released.reservation?.wallets,
    });
  });

  test('the query tells of a reservation as its last answer did, and of none where there is none', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    const held = await reserve(customerId, [projects('2'), credits('3')]);
    expect(await stage.environment.reservation({ customerId, reservationId: held.id }, now)).toEqual(held.reservation);
    const settled = await settle(customerId, held.id);
    expect(await stage.environment.reservation({ customerId, reservationId: held.id }, now)).toEqual(
      settled.reservation,
    );
    expect(await stage.environment.reservation({ customerId, reservationId: 'none' }, now)).toBeNull();
    expect(await stage.environment.reservation({ customerId: 'nobody', reservationId: held.id }, now)).toBeNull();
  });

  test('a hold first sees what was accepted before', async () => {
    const customerId = await stage.subscribed();
    await grant(stage, customerId, 10);
    await stage.database.query(
      `insert into {schema}.accepted_event (environment, customer_id, event_name, dimensions, happened_at, accepted_at)
       values ('test', $1, 'written', '{"words": 6}', $2, $2)`,
      [customerId, now],
    );
    expect(denied(await reserve(customerId, [credits('8')]))).toBe('DENIED 0:InsufficientCredits');
    expect((await reserve(customerId, [credits('7')])).reservation?.status).toBe('HELD');
  });
});
