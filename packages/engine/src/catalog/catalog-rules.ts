import type { CatalogFeatureGroup } from '@tollgate/contract';
import type { CatalogIssue } from './catalog-issue.js';
import type { CatalogReading, Problem } from './catalog-reading.js';
import { featureProblems } from './feature-rules.js';
import { addonProblems, planProblems } from './package-rules.js';
import { productProblems } from './product-rules.js';

/** The rules between fields and between entries. An entry of bad shape still counts as there, and is not looked into. */
export function ruleIssues(reading: CatalogReading): CatalogIssue[] {
  const { products, features, plans, addons, featureGroups } = reading.entries;
  return [
    ...issuesOf('products', products, (product, id) => productProblems(reading, id, product)),
    ...issuesOf('features', features, featureProblems),
    ...issuesOf('plans', plans, (plan, id) => planProblems(reading, id, plan)),
    ...issuesOf('addons', addons, (addon, id) => addonProblems(reading, id, addon)),
    ...issuesOf('featureGroups', featureGroups, (group) => groupProblems(reading, group)),
  ];
}

function issuesOf<Entry>(
  section: string,
  entries: Record<string, Entry>,
  problemsOf: (entry: Entry, id: string) => Problem[],
): CatalogIssue[] {
  return Object.entries(entries).flatMap(([id, entry]) =>
    problemsOf(entry, id).map(({ field, rule }) => ({ path: [section, id, field].filter(Boolean).join('.'), rule })),
  );
}

function groupProblems({ ids }: CatalogReading, { featureIds }: CatalogFeatureGroup): Problem[] {
  return featureIds.flatMap((featureId, index): Problem[] => {
    const field = `featureIds.${index}`;
    if (!ids.features.has(featureId))
      return [{ field, rule: `names ${featureId}, which is no feature of this catalog` }];
    return featureIds.indexOf(featureId) < index ? [{ field, rule: `names ${featureId} a second time` }] : [];
  });
}
