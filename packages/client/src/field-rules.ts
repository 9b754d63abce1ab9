import { assertCustomerId, assertId, formatAmount, parseAmount } from '@tollgate/contract';
import { checkFields, instant, oneOf, refused } from './input-rules.js';

/** Reads one field of what a caller handed over into what travels, or refuses it by its name. */
export type Rule<Out> = (value: unknown, field: string) => Out;

/** One rule per field that travels: a field without a rule does not compile, a field without a name here is refused. */
export type Rules<Out extends object> = { [Name in keyof Out]-?: Rule<Out[Name]> };

/** Reads an object by its rules. Fields that are left out stay left out, and null stays null: they mean two things. */
export function readFields<Out extends object>(input: unknown, rules: Rules<Out>, at: string): Out {
  checkFields(input, Object.keys(rules), at);
  const given = input as Record<string, unknown>;
  const read = Object.entries<Rule<unknown>>(rules)
    .map(([name, rule]) => [name, rule(given[name], at + name)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(read) as Out;
}

export const optional =
  <Out>(rule: Rule<Out>): Rule<Out | null | undefined> =>
  (value, field) =>
    value === undefined || value === null ? value : rule(value, field);

export const objectOf =
  <Out extends object>(rules: Rules<Out>): Rule<Out> =>
  (value, field) =>
    readFields(value, rules, `${field}.`);

export const arrayOf =
  <Out>(rule: Rule<Out>): Rule<Out[]> =>
  (value, field) => {
    if (!Array.isArray(value)) throw refused(field, 'must be an array');
    return value.map((item: unknown, index) => rule(item, `${field}[${index}]`));
  };

export const text: Rule<string> = (value, field) => {
  if (typeof value !== 'string') throw refused(field, 'must be a string');
  return value;
};

export const flag: Rule<boolean> = (value, field) => {
  if (typeof value !== 'boolean') throw refused(field, 'must be true or false');
  return value;
};

export const id: Rule<string> = (value, field) => {
  assertId(value, field);
  return value;
};

export const customerId: Rule<string> = (value, field) => {
  assertCustomerId(value, field);
  return value;
};

/** Members of a frozen object of texts. */
export const choice =
  <Value extends string>(values: Readonly<Record<string, Value>>): Rule<Value> =>
  (value, field) => {
    oneOf(text(value, field), Object.values(values), field);
    return value as Value;
  };

export const date: Rule<string> = (value, field) => instant(value as Date | string, field);

export const wholeNumber =
  (least: number): Rule<number> =>
  (value, field) => {
    if (!Number.isInteger(value) || (value as number) < least) {
      throw refused(field, `must be a whole number of at least ${least}`);
    }
    return value as number;
  };

/** A number or a decimal string that is not negative; an upper bound where there is one. */
export const amount =
  (most?: number): Rule<string> =>
  (value, field) => {
    const exact = parseAmount(value as number | string, field);
    if (exact < 0n) throw refused(field, 'must not be negative');
    if (most !== undefined && exact > parseAmount(most, field)) throw refused(field, `must not be above ${most}`);
    return formatAmount(exact);
  };

export const amountAboveZero: Rule<string> = (value, field) => {
  const exact = amount()(value, field);
  if (exact === '0') throw refused(field, 'must be above 0');
  return exact;
};

/** An object whose fields are the caller's own. */
export const record: Rule<Record<string, unknown>> = (value, field) => {
  checkFields(value, Object.keys(value ?? {}), field);
  return { ...value };
};

/** Passed on as it is: what it holds is for the engine to judge. */
export const anything: Rule<unknown> = (value) => value;
