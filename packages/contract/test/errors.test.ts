import { expect, it } from 'vitest';
import { isErrorCode, isTollgateError, TollgateError } from '../src/index.js';

it('carries code, field, details and cause', () => {
  const cause = new Error('socket');
  const error = new TollgateError('UNAVAILABLE', 'the engine cannot be reached', {
    cause,
    field: 'x',
    details: { tries: 2 },
  });
  expect(error).toMatchObject({ name: 'TollgateError', code: 'UNAVAILABLE', field: 'x', details: { tries: 2 }, cause });
});

it('has no cause when none is given', () => {
  expect('cause' in new TollgateError('CLOSED', 'closed')).toBe(false);
});

it.each([
  ['UNAVAILABLE', true],
  ['OVERLOADED', true],
  ['TIMEOUT', true],
  ['RATE_LIMITED', true],
  ['INVALID_ARGUMENT', false],
  ['IDEMPOTENCY_CONFLICT', false],
  ['CLOSED', false],
] as const)('says of %s whether the same call may succeed later: %s', (code, isRetryable) => {
  expect(new TollgateError(code, 'message').isRetryable).toBe(isRetryable);
});

it('knows an error of another copy of this package by its name and code', () => {
  const foreign = Object.assign(new Error('no'), { name: 'TollgateError', code: 'CONFLICT' });
  expect(isTollgateError(foreign)).toBe(true);
  expect(isTollgateError(Object.assign(new Error('no'), { code: 'CONFLICT' }))).toBe(false);
  expect(isTollgateError(Object.assign(new Error('no'), { name: 'TollgateError', code: 'ECONNREFUSED' }))).toBe(false);
  expect(isTollgateError({ name: 'TollgateError', code: 'CONFLICT' })).toBe(false);
  expect(isTollgateError(null)).toBe(false);
});

it('takes no member of every object for an error code', () => {
  expect(isErrorCode('constructor')).toBe(false);
  expect(isErrorCode('toString')).toBe(false);
  expect(isErrorCode('CONFLICT')).toBe(true);
});
