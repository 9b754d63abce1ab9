import { describe, expect, test } from 'vitest';
import { type ConsumeCredits, consumptionInput } from '../src/consumption.js';
import {
  extendInput,
  type Reserve,
  releaseInput,
  reserveInput,
  type SettleReservation,
  settleInput,
} from '../src/reservation-inputs.js';

const item = { featureId: 'feature-reports', amount: 1 };
const newId = () => 'made-here';

/** The field and rule that a call is refused with. */
const refusal = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    return (error as Error).message;
  }
  throw new Error('was accepted');
};

describe('what is reserved', () => {
  test('travels with an id of its own where the caller gives none', () => {
    expect(reserveInput({ customerId: 'acme', items: [{ ...item, amount: '2.5' }], ttlMs: 5_000 }, newId)).toEqual({
      customerId: 'acme',
      reservationId: 'made-here',
      items: [{ featureId: 'feature-reports', amount: '2.5' }],
      ttlMs: 5_000,
    });
    const credits = { currencyId: 'credits-ai', amount: 3, resourceId: 'site-1', dimensions: { model: 'large' } };
    const mine = reserveInput({ customerId: 'acme', reservationId: 'mine', items: [credits] }, newId);
    expect(mine).toMatchObject({ reservationId: 'mine', items: [{ ...credits, amount: '3' }] });
  });

  test.each([
    ['no items', { items: [] }, 'items must have 1–20 items'],
    ['21 items', { items: Array(21).fill(item) }, 'items must have 1–20 items'],
    ['a feature and a currency', { items: [{ ...item, currencyId: 'c' }] }, 'items[0] must name either'],
    ['neither of them', { items: [{ amount: 1 }] }, 'items[0] must name either'],
    ['a negative amount', { items: [item, { ...item, amount: -1 }] }, 'items[1].amount must not be negative'],
    ['seven decimals', { items: [{ ...item, amount: 0.1234567 }] }, 'items[0].amount must have at most 6'],
    ['a dimension that is a list', { items: [{ ...item, dimensions: { a: [] } }] }, 'items[0].dimensions.a must be'],
    ['an unknown field', { items: [{ ...item, amout: 1 }] }, 'items[0].amout is not a field'],
    ['an empty id', { items: [item], reservationId: '' }, 'reservationId must not be empty'],
    ['an id of 256 characters', { items: [item], reservationId: 'x'.repeat(256) }, 'at most 255 characters'],
    ['less than a second', { items: [item], ttlMs: 999 }, 'ttlMs must be a whole number of milliseconds from 1000'],
    ['more than a day', { items: [item], ttlMs: 86_400_001 }, 'ttlMs must be a whole number'],
  ])('is refused with %s, naming the field', (_, params, message) => {
    expect(refusal(() => reserveInput({ customerId: 'acme', ...params } as Reserve, newId))).toContain(message);
  });
});

describe('the end of a reservation', () => {
  const named = { customerId: 'acme', reservationId: 'r1' };

  test('names the amounts that differ, by the place of their item', () => {
    expect(settleInput({ ...named, amounts: [{ item: 1, amount: 0 }] })).toEqual({
      ...named,
      amounts: [{ item: 1, amount: '0' }],
    });
    expect(settleInput(named)).toEqual(named);
    expect(releaseInput(named)).toEqual(named);
    expect(extendInput({ ...named, ttlMs: 1_000 })).toEqual({ ...named, ttlMs: 1_000 });
  });

  test.each([
    ['a place that no item has', [{ item: 20, amount: 1 }], 'amounts[0].item must be the place of an item'],
    ['a place before the first', [{ item: -1, amount: 1 }], 'amounts[0].item must be the place of an item'],
    ['a negative amount', [{ item: 0, amount: -1 }], 'amounts[0].amount must not be negative'],
    [
      'one item twice',
      [
        { item: 0, amount: 1 },
        { item: 0, amount: 2 },
      ],
      'amounts[1].item is named twice',
    ],
  ])('is refused with %s', (_, amounts, message) => {
    expect(refusal(() => settleInput({ ...named, amounts } as SettleReservation))).toContain(message);
  });
});

describe('a consumption of credits', () => {
  const consumption = { customerId: 'acme', currencyId: 'credits-ai', amount: 5, idempotencyKey: 'k1' };

  test('travels with its amount as an exact text, and its date as an instant', () => {
    const createdAt = new Date('2026-01-15T12:00:00Z');
    expect(consumptionInput({ ...consumption, createdAt, dimensions: { model: 'large' } })).toEqual({
      ...consumption,
      amount: '5',
      createdAt: '2026-01-15T12:00:00.000Z',
      dimensions: { model: 'large' },
    });
  });

  test.each([
    ['an amount of 0', { amount: 0 }, 'amount must be above 0'],
    ['a negative amount', { amount: -1 }, 'amount must be above 0'],
    ['an amount that is no number', { amount: Number.NaN }, 'amount must be a finite number'],
    ['no key', { idempotencyKey: undefined }, 'idempotencyKey must be a string'],
    ['a date that is none', { createdAt: '2026-02-30' }, 'createdAt must be a Date or an ISO 8601 instant'],
    ['a feature', { featureId: 'feature-reports' }, 'featureId is not a field of this call'],
  ])('is refused with %s', (_, fields, message) => {
    expect(refusal(() => consumptionInput({ ...consumption, ...fields } as ConsumeCredits))).toContain(message);
  });
});
