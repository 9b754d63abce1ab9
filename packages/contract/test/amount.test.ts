import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountFromWire, amountToNumber, formatAmount, parseAmount, roundAmount, TollgateError } from '../src/index.js';

/** The message of the error that `attempt` throws, which must be INVALID_ARGUMENT for the field `value`. */
function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(TollgateError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'value' });
    return (error as TollgateError).message;
  }
  throw new Error('nothing was refused');
}

describe('parseAmount', () => {
  it.each([
    [1.5, 1_500_000n],
    ['1.5', 1_500_000n],
    ['1.500000000', 1_500_000n],
    ['+7', 7_000_000n],
    [' 7 ', 7_000_000n],
    ['007', 7_000_000n],
    [0.1, 100_000n],
    [0.000001, 1n],
    [1e-6, 1n],
    ['-0.000001', -1n],
    [-0, 0n],
    ['-0', 0n],
    [12n, 12_000_000n],
    [9_007_199_254, 9_007_199_254_000_000n],
    [-9_007_199_254, -9_007_199_254_000_000n],
    ['9007199253.999999', 9_007_199_253_999_999n],
  ])('reads %o as %o millionths', (input, millionths) => {
    expect(parseAmount(input, 'value')).toBe(millionths);
  });

  it.each(['9007199254.000001', 9_007_199_255, -9_007_199_255, 1e21, 1e300, Number.MAX_VALUE])(
    'refuses %o, which is above 9,007,199,254, and says the limit',
    (input) => {
      expect(refusal(() => parseAmount(input, 'value'))).toBe('value must be between -9007199254 and 9007199254');
    },
  );

  it.each([0.0000001, '1.0000001', 0.1 + 0.2, 5e-324])('refuses %o, which has more than 6 places', (input) => {
    expect(refusal(() => parseAmount(input, 'value'))).toBe('value must have at most 6 decimal places');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '', ' ', '1,5', '1e3', '0x10', '.5', '5.', '--1', 'NaN', '1 2', '١'])(
    'refuses %o, which is not a decimal number',
    (input) => {
      expect(refusal(() => parseAmount(input, 'value'))).toMatch(/^value must be a (finite|decimal) number/);
    },
  );

  it.each([null, undefined, true, {}, [1]])('refuses %o, which is neither a number nor a string', (input) => {
    expect(refusal(() => parseAmount(input as never, 'value'))).toMatch(/^value must be a number or a decimal string/);
  });

  it('refuses a text of a million digits without repeating it', () => {
    expect(refusal(() => parseAmount('9'.repeat(1_000_000), 'value')).length).toBeLessThan(200);
  });
});

describe('roundAmount', () => {
  it.each([
    [0.0000004, 0n],
    [0.0000005, 1n],
    [1.0000005, 1_000_001n],
    [1.00000049, 1_000_000n],
    [2.5, 2_500_000n],
    [0.1 + 0.2, 300_000n],
    [-0.0000005, 0n],
    [-0.00000051, -1n],
    [-1.0000015, -1_000_001n],
    [-1.00000151, -1_000_002n],
    [0.9999995, 1_000_000n],
    [1e-300, 0n],
  ])('rounds %o half up to %o millionths', (input, millionths) => {
    expect(roundAmount(input, 'value')).toBe(millionths);
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, 9_007_199_254.1, 1e30])('refuses %o', (input) => {
    expect(refusal(() => roundAmount(input, 'value'))).toMatch(/^value must be/);
  });

  it('rounds decimal strings by their digits, without going through a number', () => {
    expect(roundAmount('9007199253.9999994', 'value')).toBe(9_007_199_253_999_999n);
    expect(roundAmount(' 0.0000005 ', 'value')).toBe(1n);
    expect(refusal(() => roundAmount('twelve', 'value'))).toBe('value must be a decimal number');
  });
});

describe('formatAmount', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [1_500_000n, '1.5'],
    [-1_500_000n, '-1.5'],
    [100_000_000n, '100'],
    [9_007_199_254_000_000n, '9007199254'],
  ])('writes %o millionths as %s', (millionths, text) => {
    expect(formatAmount(millionths)).toBe(text);
  });
});

it('reads back every amount that it wrote, from text exactly and from numbers exactly up to 2^33', () => {
  const anyAmount = fc.bigInt({ min: -9_007_199_254_000_000n, max: 9_007_199_254_000_000n });
  fc.assert(fc.property(anyAmount, (amount) => parseAmount(formatAmount(amount), 'value') === amount));
  const exactInNumbers = fc.bigInt({ min: -8_589_934_592_000_000n, max: 8_589_934_592_000_000n });
  fc.assert(fc.property(exactInNumbers, (amount) => parseAmount(amountToNumber(amount), 'value') === amount));
});

it('reads a sum from the wire that no caller could have sent, because counters add up', () => {
  expect(amountFromWire('9007199254000001.5', 'currentUsage')).toBe(9_007_199_254_000_001_500_000n);
  expect(() => amountFromWire('many', 'currentUsage')).toThrow('currentUsage must be a decimal number, got "many"');
});
