import { invalidArgument } from './errors.js';

/**
 * An exact amount in whole millionths: `1.5` is `1_500_000n`.
 * Amounts are bigint inside, `numeric` in Postgres and a decimal string on the wire.
 */
export type Amount = bigint;

export const amountScale = 1_000_000n;

/** The largest amount that the API takes: its millionths, as a whole number, still fit a JavaScript number. */
export const amountMax: Amount = 9_007_199_254n * amountScale;

const numberScale = Number(amountScale);

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d+))?$/;
// Longer than any number prints; a caller's text must not cost more than its reading is worth.
const decimalLengthMax = 400;

/**
 * Reads an amount that a caller wrote: a finite number or a decimal string, with at most 6 decimal places.
 * `field` names the input in the error.
 */
export function parseAmount(input: number | string | bigint, field: string): Amount {
  return inRange(exactAmount(decimalText(input, field), field), field);
}

/**
 * Reads a decimal string that Tollgate itself wrote: the same, without a largest amount, because a sum of accepted
 * amounts may pass it and must stay readable.
 */
export function amountFromWire(text: string, field: string): Amount {
  return exactAmount(text, field);
}

function exactAmount(text: string, field: string): Amount {
  const match = text.length <= decimalLengthMax ? decimalPattern.exec(text) : null;
  if (!match) throw invalidArgument(field, `must be a decimal number, got ${JSON.stringify(text.slice(0, 50))}`);
  const [, sign, whole, fraction = ''] = match as unknown as [string, string, string, string?];
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > 6) throw invalidArgument(field, 'must have at most 6 decimal places');
  const magnitude = BigInt(whole) * amountScale + BigInt(significant.padEnd(6, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/**
 * Rounds a computed amount half up (towards positive infinity at the half) to 6 places, once.
 * For numbers that a function of the request or `measure` returned; a caller's literal goes through `parseAmount`.
 */
export function roundAmount(input: number | string, field: string): Amount {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(decimalText(input, field));
  if (!match) throw invalidArgument(field, 'must be a decimal number');
  const [, sign, whole, fraction = ''] = match as unknown as [string, string, string, string?];
  let millionths = BigInt(whole) * amountScale + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  const rest = fraction.slice(6);
  const half = rest.charCodeAt(0) >= 53 /* '5' */;
  const exactHalf = /^50*$/.test(rest);
  // Half up: -0.5 rounds to 0, 0.5 to 1, so an exact half of a negative number keeps its smaller magnitude.
  if (half && !(sign === '-' && exactHalf)) millionths += 1n;
  return inRange(sign === '-' ? -millionths : millionths, field);
}

/** The canonical decimal text: no exponent, no trailing zeros, `-0` is `0`. */
export function formatAmount(amount: Amount): string {
  if (amount % amountScale === 0n) return (amount / amountScale).toString();
  const negative = amount < 0n;
  const magnitude = negative ? -amount : amount;
  const fraction = (magnitude % amountScale).toString().padStart(6, '0').replace(/0+$/, '');
  return `${negative ? '-' : ''}${magnitude / amountScale}${fraction ? `.${fraction}` : ''}`;
}

/**
 * The number that the API hands out. Exact with all 6 places up to 8,589,934,592 (2^33); above it a JavaScript number
 * cannot tell neighbouring millionths apart and this is the nearest one. Whole amounts are exact throughout.
 */
export function amountToNumber(amount: Amount): number {
  const millionths = Number(amount);
  // Both are exact numbers here, and their quotient is the number nearest to it: what its text would be read as.
  return Number.isSafeInteger(millionths) ? millionths / numberScale : Number(formatAmount(amount));
}

function decimalText(input: number | string | bigint, field: string): string {
  if (typeof input === 'number') {
    if (!Number.isFinite(input)) throw invalidArgument(field, 'must be a finite number');
    return plainDecimal(input);
  }
  if (typeof input === 'bigint') return input.toString();
  if (typeof input === 'string') return input.trim();
  throw invalidArgument(field, `must be a number or a decimal string, got ${input === null ? 'null' : typeof input}`);
}

/** A number's shortest decimal digits without an exponent: `1e-7` is `0.0000001`. */
function plainDecimal(input: number): string {
  const text = String(input);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponentText] = match as unknown as [string, string, string, string?, string?];
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.padEnd(exponent + 1, '0')}`;
}

function inRange(amount: Amount, field: string): Amount {
  if (amount > amountMax || amount < -amountMax) {
    throw invalidArgument(field, `must be between -${amountMax / amountScale} and ${amountMax / amountScale}`);
  }
  return amount;
}
