import type {
  BillingPeriod,
  CatalogAddon,
  CatalogFeature,
  CatalogPlan,
  PublishMigrationType,
} from '@tollgate/contract';
import { type Catalog, planChain, soldAddon } from './catalog.js';
import type { CatalogChange } from './catalog-diff.js';
import type { CatalogIssue } from './catalog-issue.js';
import { equalJson } from './json.js';

/** Something of the catalog that subscriptions have, or will have by a change that is scheduled. */
export interface CatalogUse {
  /** Features and currencies are used apart from plans and add-ons where a subscription has a value of its own for them. */
  kind: 'plan' | 'addon' | 'feature' | 'currency';
  id: string;
  /** The catalog number that it was sold under; null for what is scheduled, which takes the newest version. */
  soldCatalog: number | null;
  billingPeriod: string | null;
}

interface UseFilter {
  planIds: string[];
  addonIds: string[];
  featureIds: string[];
  currencyIds: string[];
  countsEnded: boolean;
}

/** A change that is only allowed while no subscription stands in its way. */
export interface SubscriptionLimit extends CatalogIssue {
  /** What to look for among subscriptions; of what is found, `isInTheWay` says which counts. */
  filter: UseFilter;
  isInTheWay(use: CatalogUse): boolean;
}

/** A change that is only allowed while nobody holds a promotional grant of these features or through these groups. */
export interface PromotionLimit extends CatalogIssue {
  featureIds: string[];
  groupIds: string[];
}

/** What the changes must not do to subscriptions. The caller finds out whether there are such subscriptions. */
export function subscriptionLimits(
  published: Catalog,
  changes: readonly CatalogChange[],
  migrationType: PublishMigrationType,
): SubscriptionLimit[] {
  return changes.flatMap((change): SubscriptionLimit[] => {
    if (change.writes !== 'PUBLISHED') return [];
    const { action, kind, id } = change;
    if (action === 'ARCHIVE') return archiveLimit(published, change);
    if (action !== 'UPDATE') return [];
    if (kind === 'product') return multiplicityLimit(published, change);
    if (kind === 'feature' && isTransformationChanged(published, change)) {
      const rule = 'cannot change while subscriptions use the feature';
      return [featureLimit(published, id, `features.${id}.unitTransformation`, rule)];
    }
    return kind === 'plan'
      ? [...pricingLimit(published, change), ...periodLimit(published, change, migrationType)]
      : [];
  });
}

/** What the changes must not do to promotional grants. */
export function promotionLimits(published: Catalog, changes: readonly CatalogChange[]): PromotionLimit[] {
  return changes.flatMap((change): PromotionLimit[] => {
    const { action, kind, id, writes } = change;
    if (writes !== 'PUBLISHED') return [];
    if (kind === 'group' && action === 'ARCHIVE') {
      const rule = 'cannot be archived while customers hold promotional grants of the group';
      return [{ path: `featureGroups.${id}`, rule, featureIds: [], groupIds: [id] }];
    }
    if (kind !== 'feature') return [];
    const limit = { featureIds: [id], groupIds: [] };
    if (action === 'ARCHIVE') {
      const rule = 'cannot be archived while customers hold promotional grants of the feature';
      return [{ ...limit, path: `features.${id}`, rule }];
    }
    if (action === 'CREATE' || !isTransformationChanged(published, change)) return [];
    const rule = 'cannot change while customers hold promotional grants of the feature';
    return [{ ...limit, path: `features.${id}.unitTransformation`, rule }];
  });
}

const nothing: UseFilter = { planIds: [], addonIds: [], featureIds: [], currencyIds: [], countsEnded: false };

function archiveLimit(published: Catalog, { kind, id }: CatalogChange): SubscriptionLimit[] {
  const rule = 'cannot be archived while subscriptions use it';
  const isIt = (use: CatalogUse) => use.kind === kind && use.id === id;
  // A plan that others inherit from cannot leave the catalog before they do: the document's own rules see to that.
  if (kind === 'plan') return [{ path: `plans.${id}`, rule, filter: { ...nothing, planIds: [id] }, isInTheWay: isIt }];
  if (kind === 'addon')
    return [{ path: `addons.${id}`, rule, filter: { ...nothing, addonIds: [id] }, isInTheWay: isIt }];
  if (kind === 'feature') return [featureLimit(published, id, `features.${id}`, rule)];
  return kind === 'currency' ? [currencyLimit(published, id, rule)] : [];
}

type Package = CatalogPlan | CatalogAddon;

function featureLimit(published: Catalog, featureId: string, path: string, rule: string): SubscriptionLimit {
  const gives = ({ entitlements }: Package): boolean => Object.hasOwn(entitlements, featureId);
  return useLimit(published, { kind: 'feature', id: featureId }, gives, { path, rule });
}

/** A currency is used by what it is given of, and by what is paid in it. */
function currencyLimit(published: Catalog, currencyId: string, rule: string): SubscriptionLimit {
  const gives = ({ entitlements, creditEntitlements = {} }: Package): boolean =>
    Object.hasOwn(creditEntitlements, currencyId) ||
    Object.values(entitlements).some((given) => given !== true && given.creditRate?.currencyId === currencyId);
  return useLimit(published, { kind: 'currency', id: currencyId }, gives, {
    path: `customCurrencies.${currencyId}`,
    rule,
  });
}

/** A subscription uses a thing through the versions that count for it, which need not be the newest ones. */
function useLimit(
  published: Catalog,
  thing: { kind: 'feature' | 'currency'; id: string },
  isIn: (content: Package) => boolean,
  issue: CatalogIssue,
): SubscriptionLimit {
  const gives = (entry: { content: Package } | undefined): boolean => entry !== undefined && isIn(entry.content);
  const filter = {
    ...nothing,
    planIds: [...published.planVersions.keys()],
    addonIds: [...published.addonVersions].filter(([, versions]) => versions.some(gives)).map(([id]) => id),
    [thing.kind === 'feature' ? 'featureIds' : 'currencyIds']: [thing.id],
  };
  const isInTheWay = ({ kind, id, soldCatalog }: CatalogUse): boolean => {
    const number = soldCatalog ?? published.number;
    if (kind === 'plan') return planChain(published, id, number).some(gives);
    if (kind === 'addon') return gives(soldAddon(published, id, number));
    return kind === thing.kind && id === thing.id;
  };
  return { ...issue, filter, isInTheWay };
}

function isTransformationChanged(published: Catalog, { id, content }: CatalogChange): boolean {
  const before = published.features.get(id)?.content.unitTransformation;
  return !equalJson(before ?? null, (content as CatalogFeature).unitTransformation ?? null);
}

function multiplicityLimit(published: Catalog, { id, content }: CatalogChange): SubscriptionLimit[] {
  const before = published.products.get(id)?.content.multipleSubscriptions ?? false;
  const after = (content as { multipleSubscriptions?: boolean }).multipleSubscriptions ?? false;
  if (before === after) return [];
  const planIds = [...published.plans.values()].filter((plan) => plan.content.productId === id).map((plan) => plan.id);
  const rule = 'cannot change once the product has subscriptions';
  const filter = { ...nothing, planIds, countsEnded: true };
  return [{ path: `products.${id}.multipleSubscriptions`, rule, filter, isInTheWay: () => true }];
}

function pricingLimit(published: Catalog, { id, content }: CatalogChange): SubscriptionLimit[] {
  if (published.plans.get(id)?.content.pricingType === (content as CatalogPlan).pricingType) return [];
  const rule = 'cannot change while subscriptions use the plan';
  const filter = { ...nothing, planIds: [id] };
  return [{ path: `plans.${id}.pricingType`, rule, filter, isInTheWay: () => true }];
}

/** Who stays on an older version keeps its billing period; what is scheduled takes the newest version in any case. */
function periodLimit(
  published: Catalog,
  { id, content }: CatalogChange,
  migrationType: PublishMigrationType,
): SubscriptionLimit[] {
  const after = (content as CatalogPlan).billingPeriods ?? [];
  const before = published.plans.get(id)?.content.billingPeriods ?? [];
  const gone = before.filter((period) => !after.includes(period));
  if (gone.length === 0) return [];
  const rule = `cannot lose ${gone.join(' and ')} while subscriptions are billed by it`;
  const isInTheWay = ({ soldCatalog, billingPeriod }: CatalogUse) =>
    gone.includes(billingPeriod as BillingPeriod) && (soldCatalog === null || migrationType === 'ALL_CUSTOMERS');
  return [{ path: `plans.${id}.billingPeriods`, rule, filter: { ...nothing, planIds: [id] }, isInTheWay }];
}
