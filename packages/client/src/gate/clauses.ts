import type { Asked } from './asked.js';
import type { Assessment } from './assessment.js';

/** Several requirements that are required together. Nearly always it is one. */
export type Alternative = readonly Asked[];
/** What a request must have one alternative of. */
export type Clause = readonly Alternative[];

/** What stands in the way of a clause: for each of its alternatives, how its requirements were decided. */
export type BlockedClause = readonly (readonly Assessment[])[];

/** What a request must have, as clauses of which each must be met. */
export function clausesOf(asked: readonly Asked[]): Clause[] {
  const groups = new Map<string, Asked[][]>();
  return asked.flatMap((item): Clause[] => {
    const { alternative } = item.requirement;
    if (!alternative) return [[[item]]];
    const { of, index } = alternative;
    const known = groups.get(of);
    const group = known ?? [];
    const place = group[index];
    if (place) place.push(item);
    else group[index] = [item];
    groups.set(of, group);
    return known ? [] : [group];
  });
}

/** The alternative that a requirement stands in; undefined where there is no other beside it. */
export function alternativeOf(clauses: readonly Clause[], asked: Asked): Alternative | undefined {
  const clause = clauses.find((alternatives) => alternatives.some((items) => items.includes(asked)));
  return clause && clause.length > 1 ? clause.find((items) => items.includes(asked)) : undefined;
}

/** Looks at the alternatives of each clause in their order, up to the first that passes. */
export function choose(
  clauses: readonly Clause[],
  look: (alternative: Alternative) => { assessments: readonly Assessment[]; passes: boolean },
): { chosen: Assessment[] } | { blocked: BlockedClause[] } {
  const chosen: Assessment[] = [];
  const blocked: BlockedClause[] = [];
  for (const clause of clauses) {
    const tried: (readonly Assessment[])[] = [];
    const passes = clause.some((alternative) => {
      const looked = look(alternative);
      if (looked.passes) chosen.push(...looked.assessments);
      else tried.push(looked.assessments);
      return looked.passes;
    });
    if (!passes) blocked.push(tried);
  }
  return blocked.length === 0 ? { chosen } : { blocked };
}

export const isDenied = ({ verdict }: Assessment): boolean => verdict === 'denied';

/** A clause is only denied when all of its alternatives are; otherwise nobody knows whether one of them would do. */
export function isDeniedClause(clause: BlockedClause): boolean {
  return clause.every((assessments) => assessments.some(isDenied));
}

/** Whether everything that is denied may pass once what this process is sending is with the engine. */
export function mayPassOnceSent(blocked: readonly BlockedClause[]): boolean {
  const denied = blocked.filter(isDeniedClause);
  const mayPass = (assessments: readonly Assessment[]): boolean =>
    assessments.filter(isDenied).every((denial) => denial.mayPassOnceSent);
  return denied.length > 0 && denied.every((clause) => clause.some(mayPass));
}

/** For each alternative of a clause, what stands in its way: a known "no" first, then what is not known, then the outbox. */
export function blockersOf(clause: BlockedClause): Assessment[] {
  return clause.map((assessments) => {
    const blocker =
      assessments.find(isDenied) ??
      assessments.find(({ verdict }) => verdict === 'unknown') ??
      assessments.find(({ mode }) => mode !== 'check');
    return blocker as Assessment;
  });
}

/** The clause to tell of: one that is denied comes first; an outage is only named when nothing else is in the way. */
export function clauseToName(blocked: readonly BlockedClause[]): BlockedClause {
  const isUnknown = (clause: BlockedClause): boolean => blockersOf(clause).some(({ verdict }) => verdict === 'unknown');
  return (blocked.find(isDeniedClause) ?? blocked.find(isUnknown) ?? blocked[0]) as BlockedClause;
}
