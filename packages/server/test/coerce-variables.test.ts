import { isTollgateError } from '@tollgate/contract';
import { getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { coerceVariables } from '../src/coerce-variables.js';
import { executableSchema } from '../src/schema.js';

const schema = executableSchema();
const operations = {
  reportUsage: 'mutation ($usages: [ReportUsageInput!]!) { reportUsage(usages: $usages) { ack { measurementId } } }',
  provisionCustomer:
    'mutation ($input: ProvisionCustomerInput!) { provisionCustomer(input: $input) { customer { customerId } } }',
  setClock: 'mutation ($now: DateTime!) { setClock(now: $now) }',
};

function coerce(operation: keyof typeof operations, variables: Record<string, unknown>): Record<string, unknown> {
  const ast = getOperationAST(parse(operations[operation]));
  if (!ast) throw new Error('no operation');
  return coerceVariables(schema, ast, variables);
}

function refusal(
  operation: keyof typeof operations,
  variables: Record<string, unknown>,
): { field?: string; message: string } {
  try {
    coerce(operation, variables);
  } catch (error) {
    if (isTollgateError(error) && error.code === 'INVALID_ARGUMENT')
      return { field: error.field, message: error.message };
    throw error;
  }
  throw new Error('was accepted');
}

const usage = { customerId: 'acme', featureId: 'feature-reports', value: '1' };

describe('variables', () => {
  test('get the defaults of the schema', () => {
    expect(coerce('reportUsage', { usages: [usage] })).toEqual({
      usages: [{ ...usage, updateBehavior: 'DELTA', isCreatedAtFilledIn: false }],
    });
  });

  test('with a field that the schema does not have are refused by its name', () => {
    expect(refusal('reportUsage', { usages: [usage, { ...usage, updateBehaviour: 'SET' }] })).toEqual({
      field: 'usages[1].updateBehaviour',
      message: 'usages[1].updateBehaviour is not a field of ReportUsageInput. Did you mean "updateBehavior"?',
    });
  });

  test('without a required field are refused by its name', () => {
    const found = refusal('provisionCustomer', { input: { subscriptionParams: { resourceId: 'site-1' } } });
    expect(found).toEqual({
      field: 'input.subscriptionParams.planId',
      message: 'input.subscriptionParams.planId is required',
    });
    expect(refusal('setClock', {})).toEqual({ field: 'now', message: 'now is required' });
  });

  test('with null where a value is needed are refused by its name', () => {
    expect(refusal('reportUsage', { usages: [{ ...usage, customerId: null }] })).toEqual({
      field: 'usages[0].customerId',
      message: 'usages[0].customerId must not be null',
    });
  });

  test('with a value of another type are refused by its name', () => {
    expect(refusal('reportUsage', { usages: [{ ...usage, customerId: 7 }] }).field).toBe('usages[0].customerId');
    expect(refusal('reportUsage', { usages: [{ ...usage, updateBehavior: 'ADD' }] }).field).toBe(
      'usages[0].updateBehavior',
    );
  });
});

describe('a Decimal', () => {
  test.each([
    ['1.50', '1.5'],
    [12.5, '12.5'],
    ['-0.000001', '-0.000001'],
    ['9007199254', '9007199254'],
  ])('%j is taken as %s', (given, taken) => {
    expect(coerce('reportUsage', { usages: [{ ...usage, value: given }] })).toMatchObject({
      usages: [{ value: taken }],
    });
  });

  test.each([
    ['0.0000001', 'usages[0].value must have at most 6 decimal places'],
    ['9007199255', 'usages[0].value must be between -9007199254 and 9007199254'],
    ['1e3', 'usages[0].value must be a decimal number, got "1e3"'],
    ['', 'usages[0].value must be a decimal number, got ""'],
    [true, 'usages[0].value must be a decimal string'],
  ])('%j is refused', (given, message) => {
    expect(refusal('reportUsage', { usages: [{ ...usage, value: given }] })).toEqual({
      field: 'usages[0].value',
      message,
    });
  });
});

describe('a DateTime', () => {
  test.each([
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29T23:59:59.9Z', '2024-02-29T23:59:59.900Z'],
  ])('%s is taken as %s', (given, taken) => {
    expect(coerce('setClock', { now: given })).toEqual({ now: taken });
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-01-31',
    '2026-01-31T00:00:00',
    '2026-01-31T00:00:00+02:00',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '31 Jan 2026',
    1_769_817_600_000,
  ])('%j is refused', (given) => {
    expect(refusal('setClock', { now: given })).toEqual({
      field: 'now',
      message: 'now must be an instant in ISO 8601 and UTC, such as "2026-01-31T00:00:00.000Z"',
    });
  });
});
