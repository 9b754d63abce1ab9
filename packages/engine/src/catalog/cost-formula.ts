import { invalidArgument } from '@tollgate/contract';
import jsep from 'jsep';

/** What usage costs in credits, by its dimensions: read once, worked out for each use of a feature. */
export type CostFormula =
  | { kind: 'number'; digits: string }
  | { kind: 'dimension'; name: string }
  | { kind: 'negative'; of: CostFormula }
  | { kind: 'operation'; operator: FormulaOperator; left: CostFormula; right: CostFormula }
  | { kind: 'call'; function: FormulaFunction; of: CostFormula[] };

export type FormulaOperator = '+' | '-' | '*' | '/';

/** The functions, by how many values each takes. */
const functions = { min: 'several', max: 'several', ceil: 'one', floor: 'one', round: 'one', abs: 'one' } as const;
export type FormulaFunction = keyof typeof functions;

const operators: readonly string[] = ['+', '-', '*', '/'];
const lengthMax = 500;
const depthMax = 50;

/**
 * Reads a formula of numbers, dimensions, + - * /, parentheses and `min max ceil floor round abs`. The parser knows far
 * more of JavaScript than that, so its tree is translated term by term, and what has no translation is refused: nothing
 * of a formula is ever run. Rejects with INVALID_ARGUMENT that names `field`.
 */
export function readFormula(text: string, field: string): CostFormula {
  if (text.length > lengthMax) throw invalidArgument(field, `must have at most ${lengthMax} characters`);
  return termOf(parsed(text, field), 0, field);
}

function parsed(text: string, field: string): jsep.Expression {
  try {
    return jsep(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidArgument(field, `is not a formula: ${reason}`);
  }
}

function termOf(expression: jsep.Expression | null, depth: number, field: string): CostFormula {
  if (depth > depthMax) throw invalidArgument(field, `must not be nested more than ${depthMax} levels deep`);
  const within = (part: unknown, level = depth + 1) => termOf(part as jsep.Expression | null, level, field);
  switch (expression?.type) {
    case 'Literal':
      return { kind: 'number', digits: digitsOf(expression as jsep.Literal, field) };
    case 'Identifier':
      return { kind: 'dimension', name: dimensionName(expression.name as string, field) };
    case 'UnaryExpression':
      if (expression.operator !== '-') throw notKnown(field, expression.operator);
      return { kind: 'negative', of: within(expression.argument) };
    case 'BinaryExpression': {
      const operator = expression.operator as FormulaOperator;
      if (!operators.includes(operator)) throw notKnown(field, operator);
      // A long sum is no deep one: what stands on the left is on the level of the operation itself.
      return { kind: 'operation', operator, left: within(expression.left, depth), right: within(expression.right) };
    }
    case 'CallExpression':
      return callOf(expression as jsep.CallExpression, field, (part) => within(part));
    default:
      throw invalidArgument(field, 'must be one formula of numbers, dimensions, + - * / and functions');
  }
}

/** Digits as they were written; an exponent could write a number that takes no end of memory to work out. */
function digitsOf({ raw }: jsep.Literal, field: string): string {
  if (/^(\d+(\.\d+)?|\.\d+)$/.test(raw)) return raw;
  throw invalidArgument(field, `must write numbers as plain decimals, got ${raw.slice(0, 20)}`);
}

/** No dimension has the name of something that every object has: whoever writes that wants something else. */
function dimensionName(name: string, field: string): string {
  if (name in Object.prototype || name === 'prototype') throw invalidArgument(field, `must not name ${name}`);
  return name;
}

function callOf(
  { callee, arguments: given }: jsep.CallExpression,
  field: string,
  read: (part: jsep.Expression) => CostFormula,
): CostFormula {
  const name = callee.type === 'Identifier' ? (callee.name as string) : '';
  if (!Object.hasOwn(functions, name)) {
    throw invalidArgument(field, `must call nothing but ${Object.keys(functions).join(', ')}`);
  }
  const takes = functions[name as FormulaFunction];
  if (takes === 'one' ? given.length !== 1 : given.length === 0) {
    throw invalidArgument(field, `must give ${name} ${takes === 'one' ? 'one value' : 'at least one value'}`);
  }
  return { kind: 'call', function: name as FormulaFunction, of: given.map(read) };
}

const notKnown = (field: string, operator: unknown) =>
  invalidArgument(field, `must not use ${String(operator)}: only + - * / are worked out`);
