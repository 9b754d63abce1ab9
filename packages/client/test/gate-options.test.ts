import { describe, expect, test } from 'vitest';
import { findCustomer } from '../src/gate/customer.js';
import { resolveGateOptions } from '../src/gate/gate-options.js';
import { gatePortKey } from '../src/gate-port.js';

describe('the options of the gate', () => {
  const client = { [gatePortKey]: { isReference: false } } as never;
  const refusalOf = (options: object): string => {
    try {
      resolveGateOptions({ client, ...options });
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('was accepted');
  };

  test('deny when the state is unknown, and leave the mode to the kind of limit, unless told otherwise', () => {
    expect(resolveGateOptions({ client })).toMatchObject({
      onUnavailable: 'deny',
      mode: undefined,
      reservationTtlMs: 60_000,
      onAbort: 'release',
      availableIn: true,
      hideNotEntitled: false,
      quotaHeaders: 'draft-11',
      onMisconfigured: 'fail',
      denialStatus: { 'customer-missing': 401 },
    });
  });

  test('explain answers in a header during development only', () => {
    const explainHeader = { client, explainHeader: true };
    expect(resolveGateOptions(explainHeader, { NODE_ENV: 'test' }).explainHeader).toBe(true);
    expect(() => resolveGateOptions(explainHeader, { NODE_ENV: 'production' })).toThrowError(
      expect.objectContaining({ code: 'CONFIGURATION', field: 'explainHeader' }),
    );
    expect(resolveGateOptions({ client }, { NODE_ENV: 'production' }).explainHeader).toBe(false);
  });

  test.each([
    ['no client', { client: {} }, 'client must be a Tollgate client'],
    ['an option that is not one', { onUnavailble: 'allow' }, 'onUnavailble is not an option of the gate'],
    ['a wrong choice', { onUnavailable: 'maybe' }, 'onUnavailable must be one of deny, allow'],
    ['an unknown mode', { mode: 'hold' }, "mode must be 'check', 'meter' or 'reserve'"],
    ['a fingerprint that is no function', { fingerprint: 'body' }, 'fingerprint must be a function'],
    ['a hold of less than a second', { reservationTtlMs: 999 }, 'reservationTtlMs must be a whole number from 1000'],
    ['an address that is empty', { upgradeUrl: '' }, 'upgradeUrl must be an address that is not empty, or a function'],
    ['an answer that is neither yes nor no', { availableIn: 'plans' }, 'availableIn must be true or false'],
    ['a deadline of nothing', { deadlineMs: 0 }, 'deadlineMs must be a number above 0'],
    ['an outage dressed as a denial', { denialStatus: { 'state-unavailable': 429 } }, 'must not be 402, 403 or 429'],
    ['a code that is not one', { denialStatus: { 'feature-missing': 403 } }, 'is not a code of a denial'],
    ['a missing customer as a denial', { missingCustomerStatus: 403 }, 'missingCustomerStatus must be 401 or 500'],
  ])('with %s are refused, naming the option', (_, options, message) => {
    expect(refusalOf(options)).toContain(message);
  });
});

describe('the customer of a request', () => {
  test('is an id, or an id with a resource, now or later', async () => {
    expect(await findCustomer(() => 'acme', {})).toEqual({ key: { customerId: 'acme', resourceId: null } });
    const pair = async () => ({ customerId: 'acme', resourceId: 'site-1' });
    expect(await findCustomer(pair, {})).toEqual({ key: { customerId: 'acme', resourceId: 'site-1' } });
  });

  test.each([[undefined], [null], [''], [{}], [{ customerId: undefined }], ['-not an id-']])(
    'is missing when the function answers %j',
    async (answer) => {
      expect(await findCustomer(() => answer as never, {})).toHaveProperty('missing');
    },
  );

  test.each([[42], [true], [{ customerId: 7 }], [{ customerId: 'acme', resourceId: 7 }]])(
    'is the application’s mistake when the function answers %j',
    async (answer) => {
      expect(await findCustomer(() => answer as never, {})).toHaveProperty('failed');
    },
  );

  test('is the application’s mistake when there is no function, or it throws', async () => {
    expect(await findCustomer(undefined, {})).toHaveProperty('failed');
    const cause = new Error('no session');
    const throwing = async () => {
      throw cause;
    };
    expect(await findCustomer(throwing, {})).toMatchObject({ failed: expect.any(String), cause });
  });
});
