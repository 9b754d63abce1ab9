import { describe, expect, test } from 'vitest';
import { eventInput, type ReportEvent, type ReportUsage, usageInput } from '../src/usage-inputs.js';

const refusal = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

const usage: ReportUsage = { customerId: 'acme', featureId: 'feature-reports', value: 1 };
const event: ReportEvent = { customerId: 'acme', eventName: 'call', idempotencyKey: 'key-1' };

describe('usage', () => {
  test('travels with exact amounts and instants', () => {
    const createdAt = new Date('2026-01-31T10:00:00+02:00');
    expect(usageInput({ ...usage, value: 0.1, createdAt, dimensions: { region: 'eu', size: 2, isNew: true } })).toEqual(
      {
        customerId: 'acme',
        featureId: 'feature-reports',
        value: '0.1',
        updateBehavior: 'DELTA',
        createdAt: '2026-01-31T08:00:00.000Z',
        dimensions: { region: 'eu', size: 2, isNew: true },
      },
    );
  });

  test.each([
    ['no customer', { ...usage, customerId: '' }, 'customerId'],
    ['a feature id that is none', { ...usage, featureId: 'a b' }, 'featureId'],
    ['NaN', { ...usage, value: Number.NaN }, 'value'],
    ['infinity', { ...usage, value: Number.POSITIVE_INFINITY }, 'value'],
    ['a value that is a word', { ...usage, value: 'three' }, 'value'],
    ['no value', { customerId: 'acme', featureId: 'feature-reports' }, 'value'],
    ['seven decimal places', { ...usage, value: 0.0000001 }, 'value'],
    ['more than the largest amount', { ...usage, value: 9_007_199_255 }, 'value'],
    ['an empty resource id', { ...usage, resourceId: '' }, 'resourceId'],
    ['an unknown behaviour', { ...usage, updateBehavior: 'ADD' }, 'updateBehavior'],
    ['an instant that is none', { ...usage, createdAt: 'yesterday' }, 'createdAt'],
    ['an invalid date', { ...usage, createdAt: new Date('never') }, 'createdAt'],
    ['a nested dimension', { ...usage, dimensions: { a: { b: 1 } } }, 'dimensions.a'],
    ['an empty key', { ...usage, idempotencyKey: '' }, 'idempotencyKey'],
    ['a key of 256 characters', { ...usage, idempotencyKey: 'k'.repeat(256) }, 'idempotencyKey'],
    ['an unknown field', { ...usage, amount: 1 }, 'amount'],
    ['nothing', undefined, undefined],
  ])('with %s is refused by the name of the field', (_what, input, field) => {
    expect(refusal(() => usageInput(input as ReportUsage))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      ...(field && { field }),
    });
  });

  test('in a list is refused with its place', () => {
    expect(refusal(() => usageInput({ ...usage, value: Number.NaN }, 'usages[2].'))).toMatchObject({
      field: 'usages[2].value',
    });
  });
});

describe('an event', () => {
  test('travels as it is', () => {
    expect(eventInput({ ...event, timestamp: '2026-01-31T10:00:00Z' })).toEqual({
      ...event,
      timestamp: '2026-01-31T10:00:00.000Z',
    });
  });

  test.each([
    ['no key', { customerId: 'acme', eventName: 'call' }, 'idempotencyKey'],
    ['no name', { ...event, eventName: '' }, 'eventName'],
    ['a value, which events do not have', { ...event, value: 1 }, 'value'],
    ['a timestamp that is none', { ...event, timestamp: '31.1.2026' }, 'timestamp'],
  ])('with %s is refused by the name of the field', (_what, input, field) => {
    expect(refusal(() => eventInput(input as ReportEvent))).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });
});
