import { invalidArgument, TollgateError } from '@tollgate/contract';
import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

type Variables = Record<string, unknown>;

/**
 * Checks an operation's variables against the schema and fills in defaults. GraphQL can do the same, but says only in
 * prose what is wrong: here the error names the field, as `usages[2].value`. Rejects fields that the schema does not have.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Variables,
): Variables {
  const coerced: Variables = {};
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const value = coerceVariable(schema, definition, Object.hasOwn(given, name) ? given[name] : undefined);
    if (value !== undefined) coerced[name] = value;
  }
  return coerced;
}

function coerceVariable(schema: GraphQLSchema, definition: VariableDefinitionNode, value: unknown): unknown {
  const name = definition.variable.name.value;
  const type = inputType(schema, definition, name);
  if (value === undefined) {
    if (definition.defaultValue) return valueFromAST(definition.defaultValue, type);
    if (isNonNullType(type)) throw invalidArgument(name, 'is required');
    return undefined;
  }
  return coerceInputValue(value, type, (path, _value, error) => {
    throw explained([name, ...path], error.message);
  });
}

function inputType(schema: GraphQLSchema, definition: VariableDefinitionNode, name: string): GraphQLInputType {
  const type = typeFromAST(schema, definition.type);
  if (isInputType(type)) return type;
  throw invalidArgument(name, 'has a type that the schema does not know');
}

/** GraphQL's sentence about a value, as a rule about a field with a path. */
function explained(path: readonly (string | number)[], message: string): TollgateError {
  const unknown = /^Field "(\w+)" is not defined by type "(\w+)"\.(.*)$/s.exec(message);
  if (unknown)
    return invalidArgument(fieldOf([...path, unknown[1] ?? '']), `is not a field of ${unknown[2]}.${unknown[3]}`);
  const missing = /^Field "(\w+)" of required type /.exec(message);
  if (missing) return invalidArgument(fieldOf([...path, missing[1] ?? '']), 'is required');
  if (message.startsWith('Expected non-nullable type')) return invalidArgument(fieldOf(path), 'must not be null');
  return message.startsWith('must ')
    ? invalidArgument(fieldOf(path), message)
    : new TollgateError('INVALID_ARGUMENT', `${fieldOf(path)}: ${message}`, { field: fieldOf(path) });
}

const fieldOf = (path: readonly (string | number)[]): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
