import { formatAmount, isTollgateError, parseAmount, toIso } from '@tollgate/contract';
import { GraphQLError, type GraphQLScalarType, type ValueNode, valueFromASTUntyped } from 'graphql';

/** What a custom scalar does with a value that comes in. Inside, Decimal and DateTime stay the strings they travel as. */
type Parse = (value: unknown) => unknown;

const instantPattern = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/** A decimal string, or a JSON number for people who type queries by hand, in its one canonical form. */
function parseDecimal(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new GraphQLError('must be a decimal string');
  try {
    return formatAmount(parseAmount(value, ''));
  } catch (error) {
    // The field's name is put in front by whoever knows the whole path.
    throw new GraphQLError(isTollgateError(error) ? error.message.trim() : 'must be a decimal string');
  }
}

/** An instant in ISO 8601 and UTC that exists: 30 February does not, though `Date.parse` lets it pass. */
function parseInstant(value: unknown): string {
  const date = typeof value === 'string' ? instantPattern.exec(value)?.[1] : undefined;
  const instant = date === undefined ? Number.NaN : Date.parse(value as string);
  if (Number.isNaN(instant) || !toIso(instant).startsWith(date as string)) {
    throw new GraphQLError('must be an instant in ISO 8601 and UTC, such as "2026-01-31T00:00:00.000Z"');
  }
  return toIso(instant);
}

const parsers: Readonly<Record<string, Parse>> = {
  Decimal: parseDecimal,
  DateTime: parseInstant,
  JSON: (value) => value,
};

/** Gives the schema's own scalars their rules. What goes out was made by the engine and is passed on as it is. */
export function defineScalar(scalar: GraphQLScalarType): void {
  const parse = parsers[scalar.name];
  if (!parse) throw new Error(`the schema has a scalar without rules: ${scalar.name}`);
  scalar.parseValue = parse;
  scalar.parseLiteral = (node: ValueNode, variables) => parse(valueFromASTUntyped(node, variables));
  scalar.serialize = (value) => value;
}
