import { invalid } from './configuration-error.js';
import type { AlternativePlace } from './gate-types.js';
import type { AllOf, AnyOf, Requirement, RequirementInput } from './typed-requirement.js';

/** One requirement as it was given, where it stands in its declaration. */
export interface PlacedRequirement {
  item: unknown;
  /** For messages: `POST /reports.any[1]`. */
  where: string;
  alternative: AlternativePlace | undefined;
}

let groups = 0;

/**
 * The requirements in a declaration, one after the other: lists and `all` are opened up, and what stands in an `any` is
 * marked with its alternative. Throws CONFIGURATION for a group that is empty, or in which an `any` holds another.
 */
export function placedRequirements(input: unknown, where: string, alternative?: AlternativePlace): PlacedRequirement[] {
  if (Array.isArray(input))
    return listed(input, where).flatMap(({ item, at }) => placedRequirements(item, at, alternative));
  const all = groupIn(input, 'all', where);
  if (all) return placedRequirements(all, `${where}.all`, alternative);
  const any = groupIn(input, 'any', where);
  if (!any) return [{ item: input, where, alternative }];
  if (alternative) throw invalid(where, 'must not hold any: it is an alternative itself');
  const of = `any#${++groups}`;
  return listed(any, `${where}.any`).flatMap(({ item, at }, index) => placedRequirements(item, at, { of, index }));
}

/** The same declaration with each requirement in it changed, wherever it stands; a bare feature id is a requirement too. */
export function mapRequirements<From, To>(
  input: RequirementInput<From>,
  change: (requirement: Requirement<From>) => Requirement<To>,
): RequirementInput<To> {
  const mapped = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(mapped);
    if (typeof item === 'string') return change({ feature: item });
    if (typeof item !== 'object' || item === null) return item;
    if ('all' in item) return { ...item, all: mapped((item as AllOf<From>).all) };
    if ('any' in item) return { ...item, any: mapped((item as AnyOf<From>).any) };
    return change(item as Requirement<From>);
  };
  return mapped(input) as RequirementInput<To>;
}

function groupIn(input: unknown, name: 'all' | 'any', where: string): unknown[] | undefined {
  if (typeof input !== 'object' || input === null || !(name in input)) return undefined;
  const beside = Object.keys(input).find((key) => key !== name);
  if (beside) throw invalid(`${where}.${beside}`, `cannot stand beside ${name}`);
  const list: unknown = (input as Record<string, unknown>)[name];
  if (!Array.isArray(list)) throw invalid(`${where}.${name}`, 'must be a list of requirements');
  return list;
}

function listed(list: readonly unknown[], where: string): { item: unknown; at: string }[] {
  if (list.length === 0) throw invalid(where, 'must name at least one feature or currency');
  return list.map((item, index) => ({ item, at: list.length === 1 ? where : `${where}[${index}]` }));
}
