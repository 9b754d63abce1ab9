/*
 * How values cross into SQL and back, the same for every driver. Everything is sent as text and typed by the statement;
 * everything is read as text and parsed here, so that neither a driver's defaults nor parsers that the application
 * registered globally for its own queries can change what the engine sees.
 */
import { TollgateError } from '@tollgate/contract';

export type Parser = (text: string) => unknown;

const asNumber: Parser = (text) => Number(text);
const asText: Parser = (text) => text;
const asBoolean: Parser = (text) => text === 't' || text === 'true';
const asJson: Parser = (text) => JSON.parse(text);

/** `2026-01-31 12:00:00.123+00` as epoch milliseconds. */
function asInstant(text: string): number {
  const iso = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  const instant = Date.parse(iso);
  if (Number.isNaN(instant)) {
    throw new TollgateError('CONFIGURATION', `the database connection must use DateStyle ISO; it sent "${text}"`);
  }
  return instant;
}

/** By the number that Postgres gives each type: the element's, then its array's. */
const known: [element: number, array: number, parse: Parser][] = [
  [16, 1000, asBoolean],
  [20, 1016, asNumber],
  [21, 1005, asNumber],
  [23, 1007, asNumber],
  [26, 1028, asNumber],
  [700, 1021, asNumber],
  [701, 1022, asNumber],
  [1700, 1231, asText],
  [25, 1009, asText],
  [1043, 1015, asText],
  [1042, 1014, asText],
  [19, 1003, asText],
  [2950, 2951, asText],
  [1082, 1182, asText],
  [1114, 1115, asText],
  [1184, 1185, asInstant],
  [114, 199, asJson],
  [3802, 3807, asJson],
  [5069, 271, asText],
];

export const parsers: Record<number, Parser> = Object.fromEntries(
  known.flatMap(([element, array, parse]) => [
    [element, parse],
    [array, (text: string) => parseArray(text, parse)],
  ]),
);

/** The parser of a type; text for those that the engine does not use. */
export function parserOf(type: number): Parser {
  return parsers[type] ?? asText;
}

/** One element of an array literal: quoted, with backslashes before what is special, or bare. */
const elementPattern = /"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs;

/** A one-dimensional array literal such as `{a,NULL,"b c"}`. */
function parseArray(text: string, parse: Parser): unknown[] {
  return Array.from(text.matchAll(elementPattern), ([, quoted, bare]) => {
    if (quoted !== undefined) return parse(quoted.replace(/\\(.)/gs, '$1'));
    return bare === 'NULL' || bare === undefined ? null : parse(bare);
  });
}

/**
 * Values as the text that Postgres reads. An array becomes an array literal and any other object JSON; an array that is
 * meant for a JSON column is handed over as `JSON.stringify(array)`.
 */
export function valueTexts(values: readonly unknown[]): (string | null)[] {
  return values.map(valueText);
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(elementText).join(',')}}`;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

function elementText(value: unknown): string {
  const text = valueText(value);
  return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
