import type {
  CatalogAddon,
  CatalogCurrency,
  CatalogDocument,
  CatalogFeature,
  CatalogFeatureGroup,
  CatalogPlan,
  CatalogPrice,
  CatalogProduct,
  FeatureDescription,
} from '@tollgate/contract';

export type CatalogKind = 'product' | 'feature' | 'group' | 'currency' | 'addon' | 'plan';

/** One version of one published thing as it is stored. */
export interface CatalogEntry {
  kind: CatalogKind;
  id: string;
  version: number;
  /** The catalog number that it was published under. */
  catalog: number;
  /** Whether subscriptions that ran then moved to it. */
  isForAll: boolean;
  isDraft: boolean;
  isArchived: boolean;
  content: unknown;
}

export interface Published<Content> {
  id: string;
  version: number;
  catalog: number;
  isForAll: boolean;
  isArchived: boolean;
  content: Content;
}

/** Everything that is published in one environment under one catalog number; archived entries are still in it. */
export interface Catalog {
  number: number;
  products: ReadonlyMap<string, Published<CatalogProduct>>;
  features: ReadonlyMap<string, Published<CatalogFeature>>;
  groups: ReadonlyMap<string, Published<CatalogFeatureGroup>>;
  currencies: ReadonlyMap<string, Published<CatalogCurrency>>;
  /** The newest version of each; what an older subscription has is found by `soldPlan` and `soldAddon`. */
  addons: ReadonlyMap<string, Published<CatalogAddon>>;
  plans: ReadonlyMap<string, Published<CatalogPlan>>;
  addonVersions: ReadonlyMap<string, readonly Published<CatalogAddon>[]>;
  planVersions: ReadonlyMap<string, readonly Published<CatalogPlan>[]>;
}

/** Contents that are stored and not published, by their keys: what follows the published version, or comes first. */
export type Drafts = ReadonlyMap<string, unknown>;

export const draftKey = (kind: CatalogKind, id: string): string => `${kind} ${id}`;

export function draftsOf(entries: readonly CatalogEntry[]): Drafts {
  return new Map(
    entries.filter(({ isDraft }) => isDraft).map(({ kind, id, content }) => [draftKey(kind, id), content]),
  );
}

/** Drafts are left out. The contents were validated when they were published, so they are taken at their word here. */
export function buildCatalog(number: number, entries: readonly CatalogEntry[]): Catalog {
  const sorted = [...entries].sort((a, b) => a.version - b.version);
  const versions = <Content>(kind: CatalogKind): Map<string, Published<Content>[]> => {
    const byId = new Map<string, Published<Content>[]>();
    for (const { isDraft, kind: ofKind, content, ...entry } of sorted) {
      if (isDraft || ofKind !== kind) continue;
      byId.set(entry.id, [...(byId.get(entry.id) ?? []), { ...entry, content: content as Content }]);
    }
    return byId;
  };
  const newest = <Content>(byId: Map<string, Published<Content>[]>): Map<string, Published<Content>> =>
    new Map([...byId].map(([id, list]) => [id, list.at(-1) as Published<Content>]));
  const planVersions = versions<CatalogPlan>('plan');
  const addonVersions = versions<CatalogAddon>('addon');
  return {
    number,
    products: newest(versions<CatalogProduct>('product')),
    features: newest(versions<CatalogFeature>('feature')),
    groups: newest(versions<CatalogFeatureGroup>('group')),
    currencies: newest(versions<CatalogCurrency>('currency')),
    addons: newest(addonVersions),
    plans: newest(planVersions),
    addonVersions,
    planVersions,
  };
}

/**
 * The version of a plan that counts for a subscription which was sold under a catalog number: what was published then, or
 * the newest one that was published to all since.
 */
export function soldPlan(catalog: Catalog, planId: string, soldCatalog: number): Published<CatalogPlan> | undefined {
  return soldVersion(catalog.planVersions.get(planId) ?? [], soldCatalog);
}

export function soldAddon(catalog: Catalog, addonId: string, soldCatalog: number): Published<CatalogAddon> | undefined {
  return soldVersion(catalog.addonVersions.get(addonId) ?? [], soldCatalog);
}

function soldVersion<Content>(
  versions: readonly Published<Content>[],
  soldCatalog: number,
): Published<Content> | undefined {
  return versions.findLast((version) => version.catalog <= soldCatalog || version.isForAll);
}

/**
 * The prices that a subscription has which was sold under a catalog number. Unlike entitlements they belong to the version
 * that was sold: publishing to all moves no price.
 */
export function soldPrices(
  catalog: Catalog,
  kind: 'plan' | 'addon',
  id: string,
  soldCatalog: number,
): readonly CatalogPrice[] {
  const versions = kind === 'plan' ? catalog.planVersions : catalog.addonVersions;
  return versions.get(id)?.findLast((version) => version.catalog <= soldCatalog)?.content.prices ?? [];
}

/** The published content of a kind by id, without what is archived. */
export function publishedContents(catalog: Catalog, kind: CatalogKind): Map<string, unknown> {
  const entries: [string, Published<unknown>][] = [...sectionOf(catalog, kind)];
  return new Map(entries.filter(([, entry]) => !entry.isArchived).map(([id, entry]) => [id, entry.content]));
}

export function sectionOf(catalog: Catalog, kind: CatalogKind): ReadonlyMap<string, Published<unknown>> {
  return {
    product: catalog.products,
    feature: catalog.features,
    group: catalog.groups,
    currency: catalog.currencies,
    addon: catalog.addons,
    plan: catalog.plans,
  }[kind];
}

export function documentSection(document: CatalogDocument, kind: CatalogKind): Record<string, unknown> {
  return {
    product: document.products,
    feature: document.features,
    group: document.featureGroups ?? {},
    currency: document.customCurrencies ?? {},
    addon: document.addons ?? {},
    plan: document.plans,
  }[kind];
}

/**
 * A plan and the plans it inherits from, the furthest ancestor first. Ancestors count even when they are archived.
 * `soldCatalog` picks the versions that a subscription was sold; left out, the newest count.
 */
export function planChain(
  catalog: Catalog,
  planId: string,
  soldCatalog: number = catalog.number,
): Published<CatalogPlan>[] {
  const chain: Published<CatalogPlan>[] = [];
  let plan = soldPlan(catalog, planId, soldCatalog);
  // No document has a circle, but versions out of several documents can: one for all, one for new customers only.
  while (plan && !chain.includes(plan)) {
    chain.unshift(plan);
    const { parentPlanId } = plan.content;
    plan = parentPlanId === undefined ? undefined : soldPlan(catalog, parentPlanId, soldCatalog);
  }
  return chain;
}

/** The add-ons that go with a plan: its own list and those of the plans it inherits from. */
export function compatibleAddonIds(catalog: Catalog, planId: string): Set<string> {
  return new Set(planChain(catalog, planId).flatMap((plan) => plan.content.compatibleAddonIds ?? []));
}

export function describeFeature(feature: Published<CatalogFeature>): FeatureDescription {
  const { content } = feature;
  return {
    featureId: feature.id,
    displayName: content.displayName,
    featureType: content.featureType,
    meterType: content.meterType ?? 'None',
    featureStatus: feature.isArchived ? 'SUSPENDED' : 'ACTIVE',
    unit: content.units?.singular ?? null,
    units: content.units?.plural ?? null,
    unitTransformation: content.unitTransformation ?? null,
    hasEventMeter: content.meter !== undefined,
  };
}
