import type { CatalogDocument, CatalogPlan } from '@tollgate/contract';

/** What is known of a document while it is checked: entries of good shape, and every id that was written at all. */
export interface CatalogReading {
  entries: Required<Omit<CatalogDocument, '$schema'>>;
  ids: Record<keyof CatalogReading['entries'], Set<string>>;
}

/** A rule that an entry breaks, with the field of the entry; no field for the entry as a whole. */
export interface Problem {
  field: string;
  rule: string;
}

/** The plan and what it inherits from, as far as that can be followed, itself first; a circle is walked once. */
export function lineageOf({ entries }: CatalogReading, plan: CatalogPlan): CatalogPlan[] {
  const line: CatalogPlan[] = [];
  let next: CatalogPlan | undefined = plan;
  while (next && !line.includes(next)) {
    line.push(next);
    next = next.parentPlanId === undefined ? undefined : entries.plans[next.parentPlanId];
  }
  return line;
}

/** Whether following links from an id leads back to it. */
export function leadsBack(id: string, linksOf: (id: string) => readonly string[]): boolean {
  const seen = new Set<string>();
  const waiting = [...linksOf(id)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === id) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...linksOf(next));
  }
  return false;
}
