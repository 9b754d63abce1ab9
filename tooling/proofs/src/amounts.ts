import { amountMax, amountToNumber, formatAmount, parseAmount, roundAmount } from '@tollgate/contract';
import fc from 'fast-check';
import { count, type Proof } from './proof.js';

const CASES = { short: 20_000, long: 1_000_000 } as const;
const BILLIONTHS_PER_MILLIONTH = 1000n;
/** From 2^33 on, neighbouring doubles are more than a millionth apart: such an amount is exact as text only. */
const EXACT_AS_NUMBER = 2n ** 33n * 1_000_000n;

const floorDivide = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

const isRefused = (attempt: () => unknown): boolean => {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
};

/** An amount written as a person would, with the whole millionths it stands for worked out beside it. */
const written = fc
  .record({
    negative: fc.boolean(),
    whole: fc.bigInt({ min: 0n, max: amountMax / 1_000_000n - 1n }),
    fraction: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }),
    zeros: fc.nat({ max: 4 }),
  })
  .map(({ negative, whole, fraction, zeros }) => {
    const digits = fraction.join('');
    const text = digits.length + zeros > 0 ? `${whole}.${digits}${'0'.repeat(zeros)}` : `${whole}`;
    const magnitude = BigInt(`${whole}${digits.padEnd(6, '0')}`);
    return { text: `${negative ? '-' : ''}${text.replace(/\.$/, '')}`, millionths: negative ? -magnitude : magnitude };
  });

/** A computed number of at most 15 digits, so that its decimal text is exactly these billionths. */
const computed = fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n });

function numberOf(billionths: bigint): number {
  const magnitude = (billionths < 0n ? -billionths : billionths).toString().padStart(10, '0');
  return Number(`${billionths < 0n ? '-' : ''}${magnitude.slice(0, -9)}.${magnitude.slice(-9)}`);
}

export const amounts: Proof = {
  name: 'amounts',
  promise:
    'Amounts are exact: no sum, no text and, below 8,589,934,592, no number of one loses or gains a millionth; rounding is half up.',
  run: async (length, seed) => {
    const property = fc.property(
      written,
      written,
      computed,
      fc.integer({ min: 1, max: 9 }),
      (a, b, billionths, digit) => {
        const [left, right] = [parseAmount(a.text, 'a'), parseAmount(b.text, 'b')];
        expectEqual(left, a.millionths, `parsing ${a.text}`);
        expectEqual(parseAmount(formatAmount(left), 'a'), left, `text of ${a.text}`);
        if (left < EXACT_AS_NUMBER && left > -EXACT_AS_NUMBER) {
          if (left < EXACT_AS_NUMBER && left > -EXACT_AS_NUMBER) {
            expectEqual(parseAmount(amountToNumber(left), 'a'), left, `number of ${a.text}`);
          }
        }
        expectEqual(left + right - right, a.millionths, `adding and taking away ${b.text}`);
        const rounded = floorDivide(billionths + BILLIONTHS_PER_MILLIONTH / 2n, BILLIONTHS_PER_MILLIONTH);
        expectEqual(roundAmount(numberOf(billionths), 'c'), rounded, `rounding ${numberOf(billionths)}`);
        const [whole = '', fraction = ''] = a.text.split('.');
        const finer = `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}${digit}`;
        expectEqual(
          isRefused(() => parseAmount(finer, 'd')),
          true,
          `refusing ${finer}`,
        );
      },
    );
    fc.assert(property, { seed, numRuns: CASES[length] });
    return count(CASES[length]);
  },
};
