import { amountScale, formatAmount, parseAmount, TollgateError } from '@tollgate/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFormula } from '../src/catalog/cost-formula.js';
import { costOf } from '../src/credit/credit-rate.js';
import { formulaCost } from '../src/credit/formula-cost.js';

function cost(text: string, dimensions: Record<string, unknown> = {}, value = 1): string {
  return formatAmount(formulaCost(readFormula(text, 'costFormula'), dimensions, parseAmount(value, 'value')).cost);
}

function refusal(run: () => unknown): Pick<TollgateError, 'code' | 'field' | 'message'> {
  try {
    run();
  } catch (error) {
    if (error instanceof TollgateError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a cost formula', () => {
  test.each<[string, Record<string, unknown>, string]>([
    // 1.1 · 3 = 3.3; 5 · 2 = 10.
    ['1.1*a+5*b', { a: 3, b: 2 }, '13.3'],
    // In binary numbers 0.1 + 0.2 is not 0.3.
    ['a + b', { a: 0.1, b: 0.2 }, '0.3'],
    ['10 - 3 - 2', {}, '5'],
    ['2 + 3 * 4', {}, '14'],
    ['(2 + 3) * 4', {}, '20'],
    ['-a * -2', { a: 3 }, '6'],
    ['- (2 - 5)', {}, '3'],
    ['8 / 2 / 2', {}, '2'],
    ['.5 * 3', {}, '1.5'],
    ['min(a, 4, 9) + max(1, b)', { a: 7, b: 2 }, '6'],
    ['ceil(1.2) + floor(1.8) + abs(-3)', {}, '6'],
    ['round(2.5) + round(-2.5)', {}, '1'],
    // Rounded half up, once, at the end: two rounded halves would be 0.000002.
    ['a / 2 + a / 2', { a: 0.000001 }, '0.000001'],
    ['a / 2', { a: 0.000001 }, '0.000001'],
    ['-a / 2', { a: 0.000001 }, '0'],
    ['1 / 3', {}, '0.333333'],
    ['2 / 3', {}, '0.666667'],
    // What was divided and multiplied back is what it was, for a step too.
    ['floor(a / 3 * 3)', { a: 1 }, '1'],
    ['value * 2 + inputTokens', { inputTokens: 1, value: 1000 }, '3'],
    ['7', {}, '7'],
  ])('%s of %o', (text, dimensions, expected) => {
    expect(cost(text, dimensions)).toBe(expected);
  });

  test('takes a missing dimension as 0 and says which one it was', () => {
    const formula = readFormula('1.1*a + 5*b + 0*a', 'costFormula');
    expect(formulaCost(formula, { b: 2 }, amountScale)).toEqual({ cost: 10n * amountScale, missing: ['a'] });
    expect(formulaCost(formula, { a: null, b: 2 }, amountScale).missing).toEqual(['a']);
    expect(formulaCost(formula, { a: 1, b: 2 }, amountScale).missing).toEqual([]);
    // What every object inherits is no dimension of it.
    expect(cost('isPrototype + 1', Object.create({ isPrototype: 5 }))).toBe('1');
  });

  test.each<[unknown]>([['12'], [true], [Number.NaN], [Number.POSITIVE_INFINITY], [{}], [[1]]])(
    'refuses %o as a dimension',
    (given) => {
      expect(refusal(() => cost('a + 1', { a: given }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'dimensions.a',
      });
    },
  );

  test.each([
    ['1 / a', { a: 0 }],
    ['a / a', { a: 0 }],
    ['min(1 / a, 5)', { a: 0 }],
    ['1 / (1 / a)', { a: 0 }],
    ['a * a * a * a', { a: 1e300 }],
    // Finite, and more than any amount.
    ['a * a', { a: 1e6 }],
  ])('refuses the result of %s of %o', (text, dimensions) => {
    expect(refusal(() => cost(text, dimensions))).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'dimensions' });
  });

  test.each([
    'a.b',
    'a["b"]',
    'a?.b',
    'constructor',
    '__proto__',
    'prototype',
    'toString + 1',
    'constructor.constructor("return process")()',
    'max.constructor(1)',
    'eval(1)',
    'require(1)',
    'Math.max(1, 2)',
    'pow(2, 3)',
    'max(1)(2)',
    'min()',
    'abs(1, 2)',
    'round()',
    'max(...a)',
    'max(1,,2)',
    'a = 1',
    'a += 1',
    'a++',
    '"text"',
    "'text' + 1",
    '`text`',
    '`a$' + '{b}`',
    '[1, 2]',
    '{ a: 1 }',
    'x => x',
    'function () {}',
    'new Date()',
    'this',
    'true',
    'null',
    'a ? b : c',
    'a && b',
    'a || b',
    'a == b',
    'a < b',
    'a, b',
    '(a, b)',
    'a; b',
    'a b',
    'a % b',
    'a ** b',
    '2 ^ 3',
    '1 << 3',
    '!a',
    '~a',
    '+a',
    'typeof a',
    '1e9',
    '1e-999999999',
    '9e999999999 * a',
    '0x10',
    '5.',
    '1.2.3',
    '',
    '  ',
    '(',
    'a +',
    '/* */',
    `${'-'.repeat(51)}a`,
    `${'abs('.repeat(51)}a${')'.repeat(51)}`,
    `${'(a+'.repeat(51)}a${')'.repeat(51)}`,
    `a${' '.repeat(500)}`,
  ])('%s is refused, by the name of its field', (text) => {
    expect(refusal(() => readFormula(text, 'x.costFormula'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'x.costFormula',
      message: expect.stringMatching(/^x\.costFormula /),
    });
  });

  test('may be as long and as deep as its limits', () => {
    expect(cost(`a${'+1'.repeat(249)}`.padEnd(500), { a: 1 })).toBe('250');
    expect(cost(`${'-'.repeat(50)}a`, { a: 2 })).toBe('2');
  });
});

describe('a credit rate', () => {
  const of = (rate: { amount?: number; costFormula?: string }, usage: number, dimensions = {}) =>
    costOf(
      {
        currencyId: 'credits',
        amount: rate.amount === undefined ? null : parseAmount(rate.amount, 'amount'),
        costFormula: rate.costFormula ?? null,
      },
      parseAmount(usage, 'usage'),
      dimensions,
    );

  test('is so many credits per raw unit, whatever the dimensions', () => {
    expect(of({ amount: 2 }, 3, { a: 'x' })).toEqual({ cost: 6n * amountScale, missing: [] });
    // 0.000001 · 0.5 is half of the smallest amount.
    expect(of({ amount: 0.000001 }, 0.5).cost).toBe(1n);
    expect(of({ amount: 3 }, -2).cost).toBe(-6n * amountScale);
  });

  test('or what a formula says, however often it is asked', () => {
    for (const a of [1, 2]) {
      expect(of({ costFormula: '1.1*a + value' }, 4, { a })).toEqual({
        cost: parseAmount(1.1 * a + 4, 'cost'),
        missing: [],
      });
    }
    expect(of({ costFormula: 'b' }, 4)).toEqual({ cost: 0n, missing: ['b'] });
  });
});

/** An exact number: a whole one over a whole one above 0. */
type Fraction = readonly [bigint, bigint];
interface Sum {
  text: string;
  is: Fraction | null;
}

const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n ? 1n : 0n);
const less = (a: Fraction, b: Fraction): boolean => a[0] * b[1] < b[0] * a[1];
const abs = ([n, d]: Fraction): Fraction => [n < 0n ? -n : n, d];

function operate(operator: string, a: Fraction, b: Fraction): Fraction | null {
  if (operator === '+') return [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
  if (operator === '-') return [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
  if (operator === '*') return [a[0] * b[0], a[1] * b[1]];
  if (b[0] === 0n) return null;
  return b[0] < 0n ? [-a[0] * b[1], -a[1] * b[0]] : [a[0] * b[1], a[1] * b[0]];
}

function call(name: string, a: Fraction, b: Fraction): Fraction {
  const [n, d] = a;
  if (name === 'min') return less(b, a) ? b : a;
  if (name === 'max') return less(a, b) ? b : a;
  if (name === 'abs') return abs(a);
  if (name === 'floor') return [floorDiv(n, d), 1n];
  if (name === 'ceil') return [-floorDiv(-n, d), 1n];
  return [floorDiv(2n * n + d, 2n * d), 1n];
}

const dimensions = { a: 0.1, b: 7, c: -2.25, d: 123.456789 };
const exact: Record<keyof typeof dimensions, Fraction> = {
  a: [1n, 10n],
  b: [7n, 1n],
  c: [-9n, 4n],
  d: [123456789n, 1000000n],
};

const formulas = fc.letrec<{ term: Sum }>((tie) => ({
  term: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...(Object.keys(exact) as (keyof typeof exact)[])).map((name) => ({ text: name, is: exact[name] })),
    fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 })).map(([whole, rest]) => ({
      text: `${whole}.${String(rest).padStart(3, '0')}`,
      is: [BigInt(whole * 1000 + rest), 1000n],
    })),
    tie('term').map(({ text, is }) => ({ text: `-(${text})`, is: is && [-is[0], is[1]] })),
    fc.tuple(tie('term'), fc.constantFrom('+', '-', '*', '/'), tie('term')).map(([left, operator, right]) => ({
      text: `(${left.text}) ${operator} (${right.text})`,
      is: left.is && right.is && operate(operator, left.is, right.is),
    })),
    fc
      .tuple(fc.constantFrom('min', 'max', 'abs', 'floor', 'ceil', 'round'), tie('term'), tie('term'))
      .map(([name, a, b]) => ({
        text: name === 'min' || name === 'max' ? `${name}(${a.text}, ${b.text})` : `${name}(${a.text})`,
        is: a.is && (b.is || !name.startsWith('m')) ? call(name, a.is, b.is ?? [0n, 1n]) : null,
      })),
  ) as fc.Arbitrary<Sum>,
})).term;

describe('a formula worked out in decimals', () => {
  test('comes to what it is in fractions', () => {
    fc.assert(
      fc.property(formulas, ({ text, is }) => {
        fc.pre(text.length <= 500);
        const amountMax = 9_007_199_254n;
        const isAmount = is !== null && !less([amountMax, 1n], abs(is));
        if (!isAmount) {
          expect(refusal(() => cost(text, dimensions))).toMatchObject({ field: 'dimensions' });
          return;
        }
        const [n, d] = is;
        const millionths = floorDiv(2n * n * amountScale + d, 2n * d);
        expect(cost(text, dimensions)).toBe(formatAmount(millionths));
      }),
      { numRuns: 3000 },
    );
  });
});
