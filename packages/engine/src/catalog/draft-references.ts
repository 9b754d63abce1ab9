import type { CatalogAddon, CatalogDocument, CatalogPlan } from '@tollgate/contract';
import type { Catalog } from './catalog.js';
import type { CatalogIssue } from './catalog-issue.js';

/**
 * What is published must be able to stand on its own: it cannot name a plan or an add-on of which there is only a draft. A
 * draft beside a published version is no hindrance, because that version goes on counting.
 */
export function draftReferenceIssues(published: Catalog, document: CatalogDocument): CatalogIssue[] {
  const { products, plans, addons = {} } = document;
  const isMissing = (
    section: Record<string, CatalogPlan | CatalogAddon>,
    sold: Catalog['plans' | 'addons'],
    id: string,
  ) => section[id]?.draft === true && sold.get(id)?.isArchived !== false;
  const issues: CatalogIssue[] = [];
  const check = (path: string, kind: 'plan' | 'addon', ids: readonly (string | undefined)[]) => {
    for (const id of ids) {
      if (id === undefined) continue;
      const isDraft = kind === 'plan' ? isMissing(plans, published.plans, id) : isMissing(addons, published.addons, id);
      if (isDraft) issues.push({ path, rule: `names ${id}, of which there is only a draft` });
    }
  };
  for (const [id, { productSettings }] of Object.entries(products)) {
    const path = `products.${id}.productSettings`;
    check(`${path}.subscriptionStartPlanId`, 'plan', [productSettings?.subscriptionStartPlanId]);
    check(`${path}.downgradePlanId`, 'plan', [productSettings?.downgradePlanId]);
  }
  for (const [id, plan] of Object.entries(plans)) {
    if (plan.draft) continue;
    check(`plans.${id}.parentPlanId`, 'plan', [plan.parentPlanId]);
    check(`plans.${id}.compatibleAddonIds`, 'addon', plan.compatibleAddonIds ?? []);
  }
  for (const [id, addon] of Object.entries(addons)) {
    if (!addon.draft) check(`addons.${id}.dependencies`, 'addon', addon.dependencies ?? []);
  }
  return issues;
}
