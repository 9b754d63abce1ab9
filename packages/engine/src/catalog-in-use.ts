import { type PublishMigrationType, TollgateError } from '@tollgate/contract';
import type { Catalog } from './catalog/catalog.js';
import type { CatalogChange } from './catalog/catalog-diff.js';
import type { CatalogIssue } from './catalog/catalog-issue.js';
import { promotionLimits, type SubscriptionLimit, subscriptionLimits } from './catalog/catalog-limits.js';
import {
  type CatalogUsers,
  customersPromoted,
  readCatalogUses,
  subscriptionsUsing,
} from './storage/catalog-use-store.js';
import type { Queryable } from './storage/database.js';

export interface AskedChanges {
  environmentId: string;
  published: Catalog;
  changes: readonly CatalogChange[];
  migrationType: PublishMigrationType;
}

/** Rejects with CATALOG_BREAKS_SUBSCRIPTIONS, naming every change that is not allowed and up to ten users of each. */
export async function refuseBreaking(tx: Queryable, asked: AskedChanges, now: number): Promise<void> {
  const { environmentId, published, changes, migrationType } = asked;
  const messages: string[] = [];
  const issues: Record<string, unknown>[] = [];
  const refuse = ({ path, rule }: CatalogIssue, { count, ids }: CatalogUsers, idsName: string) => {
    if (count === 0) return;
    const rest = count > ids.length ? ` and ${count - ids.length} more` : '';
    messages.push(`${path} ${rule} (${count}: ${ids.join(', ')}${rest})`);
    issues.push({ path, rule, [idsName]: ids, count });
  };
  for (const limit of subscriptionLimits(published, changes, migrationType)) {
    refuse(limit, await usersOf(tx, environmentId, limit), 'subscriptionIds');
  }
  for (const limit of promotionLimits(published, changes)) {
    refuse(limit, await customersPromoted(tx, environmentId, limit, now), 'customerIds');
  }
  if (issues.length === 0) return;
  const message = `The catalog would break subscriptions: ${messages.join('; ')}`;
  throw new TollgateError('CATALOG_BREAKS_SUBSCRIPTIONS', message, {
    field: issues[0]?.path as string,
    details: { issues },
  });
}

async function usersOf(
  tx: Queryable,
  environmentId: string,
  { filter, isInTheWay }: SubscriptionLimit,
): Promise<CatalogUsers> {
  const found = (await readCatalogUses(tx, environmentId, filter)).filter(isInTheWay);
  return found.length === 0 ? { count: 0, ids: [] } : subscriptionsUsing(tx, environmentId, filter, found);
}
