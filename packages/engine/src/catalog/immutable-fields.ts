import type { CatalogDocument, CatalogFeature } from '@tollgate/contract';
import type { Catalog } from './catalog.js';
import type { CatalogIssue } from './catalog-issue.js';

/** Fields that never change once they are published, whoever uses them. */
export function immutableIssues(published: Catalog, document: CatalogDocument): CatalogIssue[] {
  const issues: CatalogIssue[] = [];
  const compare = (path: string, before: string | undefined, after: string, remedy: string) => {
    if (before !== undefined && before !== after)
      issues.push({ path, rule: `cannot change from ${before} to ${after}: ${remedy}` });
  };
  for (const [id, feature] of Object.entries(document.features)) {
    const before = published.features.get(id)?.content;
    compare(`features.${id}.featureType`, before?.featureType, feature.featureType, 'make a new feature');
    compare(`features.${id}.meterType`, before && measureOf(before), measureOf(feature), 'make a new feature');
  }
  for (const [id, plan] of Object.entries(document.plans)) {
    compare(`plans.${id}.productId`, published.plans.get(id)?.content.productId, plan.productId, 'make a new plan');
  }
  for (const [id, addon] of Object.entries(document.addons ?? {})) {
    compare(
      `addons.${id}.productId`,
      published.addons.get(id)?.content.productId,
      addon.productId,
      'make a new add-on',
    );
  }
  return issues;
}

/** Which way a number is measured may be told apart later; whether it is measured at all may not. */
function measureOf(feature: CatalogFeature): string {
  return feature.featureType === 'NUMBER' && (feature.meterType ?? 'None') !== 'None' ? 'metered' : 'None';
}
