import { type Amount, formatAmount, invalidArgument, roundAmount } from '@tollgate/contract';
import { Decimal } from 'decimal.js';
import type { CostFormula, FormulaFunction, FormulaOperator } from '../catalog/cost-formula.js';

/** What something costs, and the dimensions that the formula names and the usage does not have. */
export interface Cost {
  cost: Amount;
  missing: string[];
}

/** Digits far beyond any amount. What grows out of this range becomes infinite, and is refused as such. */
const Exact = Decimal.clone({ precision: 100, rounding: Decimal.ROUND_HALF_UP, maxE: 1000, minE: -1000 });
type Exact = Decimal;

/**
 * Works a formula out; `value` in it is what was reported. A dimension that is missing, or null, counts as 0. Rejects
 * with INVALID_ARGUMENT that names `dimensions`, or the one of them that is no number. Rounded half up to 6 places, once.
 */
export function formulaCost(formula: CostFormula, dimensions: Readonly<Record<string, unknown>>, value: Amount): Cost {
  const missing = new Set<string>();
  const numberOf = (name: string): Exact => {
    if (name === 'value') return new Exact(formatAmount(value));
    const given = Object.hasOwn(dimensions, name) ? dimensions[name] : undefined;
    if (given === undefined || given === null) {
      missing.add(name);
      return new Exact(0);
    }
    if (typeof given === 'number' && Number.isFinite(given)) return new Exact(given);
    throw invalidArgument(`dimensions.${name}`, 'must be a finite number: what this costs depends on it');
  };
  const cost = settled(worked(formula, numberOf));
  if (!cost.isFinite()) throw invalidArgument('dimensions', 'must give a finite cost');
  return { cost: roundAmount(cost.toFixed(), 'dimensions'), missing: [...missing] };
}

function worked(term: CostFormula, numberOf: (name: string) => Exact): Exact {
  switch (term.kind) {
    case 'number':
      return new Exact(term.digits);
    case 'dimension':
      return numberOf(term.name);
    case 'negative':
      return worked(term.of, numberOf).negated();
    case 'operation':
      return operations[term.operator](worked(term.left, numberOf), worked(term.right, numberOf));
    case 'call':
      return functions[term.function](term.of.map((part) => worked(part, numberOf)));
  }
}

const operations: Readonly<Record<FormulaOperator, (left: Exact, right: Exact) => Exact>> = {
  '+': (left, right) => left.plus(right),
  '-': (left, right) => left.minus(right),
  '*': (left, right) => left.times(right),
  // Not infinite: what is divided by nothing must not come to something again further on.
  '/': (left, right) => (right.isZero() ? new Exact(Number.NaN) : left.dividedBy(right)),
};

const functions: Readonly<Record<FormulaFunction, (values: Exact[]) => Exact>> = {
  min: (values) => Exact.min(...values),
  max: (values) => Exact.max(...values),
  ceil: ([value]) => settled(value as Exact).ceil(),
  floor: ([value]) => settled(value as Exact).floor(),
  round: ([value]) => settled(value as Exact).toDecimalPlaces(0, Decimal.ROUND_HALF_CEIL),
  abs: ([value]) => (value as Exact).abs(),
};

/** A quotient without an end, multiplied back, is a hair off the number that it is on paper. Rounding must not see that. */
const settled = (value: Exact): Exact => value.toDecimalPlaces(40);
