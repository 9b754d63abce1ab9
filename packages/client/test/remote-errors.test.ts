import { describe, expect, test } from 'vitest';
import { FailedReply } from '../src/graphql-post.js';
import { requestError, streamError } from '../src/remote-errors.js';

describe('a failed request', () => {
  test('is the error that the engine gave', () => {
    const extensions = { code: 'PLAN_NOT_FOUND', field: 'input.planId', details: { planId: 'plan-x' } };
    const reply = { status: 200, errors: [{ message: 'no such plan', extensions }] };
    expect(requestError(new FailedReply(reply), undefined)).toMatchObject({
      code: 'PLAN_NOT_FOUND',
      message: 'no such plan',
      field: 'input.planId',
      details: { planId: 'plan-x' },
    });
  });

  test.each([
    [400, 'INVALID_ARGUMENT', false],
    [401, 'UNAUTHENTICATED', false],
    [403, 'FORBIDDEN', false],
    [408, 'TIMEOUT', true],
    [429, 'RATE_LIMITED', true],
    [500, 'UNAVAILABLE', true],
    [502, 'UNAVAILABLE', true],
    [503, 'UNAVAILABLE', true],
  ])('with HTTP %i and no error of the engine is %s', (status, code, isRetryable) => {
    const error = requestError(new FailedReply({ status, errors: [{ message: 'from a proxy' }] }), undefined);
    expect({ code: error.code, isRetryable: error.isRetryable }).toEqual({ code, isRetryable });
  });

  test('that was cut off for its time is a TIMEOUT', () => {
    expect(requestError(new Error('aborted'), 250)).toMatchObject({
      code: 'TIMEOUT',
      message: 'the engine did not answer within 250 ms',
    });
  });

  test('that never arrived is UNAVAILABLE, and says why', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1');
    expect(requestError(new Error('no connection', { cause }), undefined)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'the engine cannot be reached: no connection: connect ECONNREFUSED 127.0.0.1:1',
    });
  });
});

describe('the end of a stream', () => {
  test.each([
    [{ code: 4403, reason: 'Forbidden' }, 'UNAUTHENTICATED'],
    [{ code: 4401, reason: 'Unauthorized' }, 'UNAUTHENTICATED'],
    [{ code: 1001, reason: 'Going away' }, 'UNAVAILABLE'],
    [{ code: 1006, reason: '' }, 'UNAVAILABLE'],
    [new Error('connect ECONNREFUSED'), 'UNAVAILABLE'],
    [[{ message: 'bad cursor', extensions: { code: 'INVALID_ARGUMENT', field: 'cursor' } }], 'INVALID_ARGUMENT'],
  ])('by %o is %s', (thrown, code) => {
    expect(streamError(thrown).code).toBe(code);
  });
});
