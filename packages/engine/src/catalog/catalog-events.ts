import type { CatalogChange } from './catalog-diff.js';

/** Something that a publish did, by the name under which it is told. */
export interface CatalogEvent {
  type: string;
  entity: unknown;
}

const names = {
  plan: ['plan.created', 'plan.updated_new_version_published', 'plan.deleted'],
  addon: ['addon.created', 'addon.updated_new_version_published', 'addon.deleted'],
  feature: ['feature.created', 'feature.updated', 'feature.deleted'],
} as const;

/** What is told of a publish: of plans, add-ons and features. Drafts are not told: nothing happened yet. */
export function catalogEvents(changes: readonly CatalogChange[]): CatalogEvent[] {
  return changes.flatMap(({ action, kind, id, version, content, writes }): CatalogEvent[] => {
    if (writes !== 'PUBLISHED' || !(kind in names)) return [];
    const [created, updated, deleted] = names[kind as keyof typeof names];
    const type = { CREATE: created, UPDATE: updated, ARCHIVE: deleted }[action];
    return [{ type, entity: { id, version, ...(content as object) } }];
  });
}
