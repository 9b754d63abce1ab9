import { type Amount, type CreditRate, creditCost } from '@tollgate/contract';
import { type CostFormula, readFormula } from '../catalog/cost-formula.js';
import { type Cost, formulaCost } from './formula-cost.js';

/**
 * What usage costs at a rate: so many credits per raw unit, or what the formula makes of the dimensions. Rejects with
 * INVALID_ARGUMENT that names the dimension where a formula cannot be worked out.
 */
export function costOf(rate: CreditRate, usage: Amount, dimensions: Readonly<Record<string, unknown>>): Cost {
  if (rate.costFormula !== null) return formulaCost(formulaOf(rate.costFormula), dimensions, usage);
  return { cost: creditCost(rate.amount ?? 0n, usage), missing: [] };
}

const formulasMax = 1000;
const formulas = new Map<string, CostFormula>();

/** A catalog has few formulas and an event stream is long: each is read once, and all are forgotten if there are many. */
function formulaOf(text: string): CostFormula {
  const known = formulas.get(text);
  if (known) return known;
  const formula = readFormula(text, 'costFormula');
  if (formulas.size >= formulasMax) formulas.clear();
  formulas.set(text, formula);
  return formula;
}
