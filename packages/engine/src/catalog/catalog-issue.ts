import { TollgateError } from '@tollgate/contract';
import type { z } from 'zod';

/** One thing that is wrong with a catalog document: where, and which rule it breaks. */
export interface CatalogIssue {
  /** For example `plans.plan-pro.entitlements.feature-x.usageLimit`. */
  path: string;
  rule: string;
}

/** All issues in one error: the message names the first ones, `details.issues` holds every one. */
export function catalogInvalid(issues: readonly CatalogIssue[]): TollgateError {
  const shown = issues.slice(0, 5).map(({ path, rule }) => `${path} ${rule}`);
  const rest = issues.length > shown.length ? `, and ${issues.length - shown.length} more` : '';
  return new TollgateError('CATALOG_INVALID', `The catalog is not valid: ${shown.join('; ')}${rest}`, {
    field: issues[0]?.path ?? 'catalog',
    details: { issues: issues.map((issue) => ({ ...issue })) },
  });
}

/** What a shape found, in the words of the catalog's own errors. */
export function shapeIssues(prefix: string, found: readonly z.core.$ZodIssue[]): CatalogIssue[] {
  return found.flatMap((issue) => {
    const path = [prefix, ...issue.path.map(String)].join('.');
    if (issue.code === 'invalid_key')
      return issue.issues.map((inner) => ({ path, rule: `has a key that ${ruleOf(inner)}` }));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: `${path}.${key}`, rule: 'is not a known field' }));
    }
    return [{ path, rule: ruleOf(issue) }];
  });
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is required';
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

function article(expected: string): string {
  const name = { record: 'object', int: 'whole number' }[expected] ?? expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
