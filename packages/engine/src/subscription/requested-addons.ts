import { assertId, type CatalogPlan, TollgateError } from '@tollgate/contract';
import { type Catalog, compatibleAddonIds, type Published } from '../catalog/catalog.js';
import { refusal } from './refusal.js';

export interface RequestedAddon {
  addonId: string;
  /** 0 or more; none of it gives nothing. */
  quantity: number;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * The add-ons that a call asks for, in the order of their ids. Those that the subscription has already (`held`) may stay
 * whatever became of them in the catalog. Rejects with the field that breaks a rule.
 */
export function readAddons(
  catalog: Catalog,
  plan: Pick<Published<CatalogPlan>, 'id' | 'content'>,
  asked: readonly { addonId: string; quantity?: number | null }[],
  field: string,
  held: ReadonlySet<string> = nothing,
): RequestedAddon[] {
  if (!Array.isArray(asked)) throw refusal(field, 'must be a list');
  const compatible = compatibleAddonIds(catalog, plan.id);
  const seen = new Set<string>();
  const addons = asked.map(({ addonId, quantity }, index) => {
    const here = `${field}[${index}]`;
    assertId(addonId, `${here}.addonId`);
    if (seen.has(addonId)) throw refusal(`${here}.addonId`, `names ${addonId} a second time: give a quantity instead`);
    seen.add(addonId);
    if (!held.has(addonId)) assertSold(catalog, plan, addonId, compatible, `${here}.addonId`);
    return { addonId, quantity: readQuantity(catalog, addonId, quantity ?? 1, `${here}.quantity`) };
  });
  assertDependencies(catalog, addons, field);
  return addons.sort((a, b) => (a.addonId < b.addonId ? -1 : 1));
}

function assertSold(
  catalog: Catalog,
  plan: Pick<Published<CatalogPlan>, 'id' | 'content'>,
  addonId: string,
  compatible: ReadonlySet<string>,
  field: string,
): void {
  const addon = catalog.addons.get(addonId);
  if (!addon || addon.isArchived) {
    throw new TollgateError('ADDON_NOT_FOUND', `there is no add-on ${addonId}`, { field });
  }
  if (!compatible.has(addonId)) throw refusal(field, `names ${addonId}, which does not go with plan ${plan.id}`);
  if (addon.content.pricingType === 'CUSTOM' && plan.content.pricingType !== 'CUSTOM') {
    throw refusal(field, `names ${addonId}, a custom add-on, which goes with a custom plan only`);
  }
}

function readQuantity(catalog: Catalog, addonId: string, quantity: number, field: string): number {
  if (!Number.isSafeInteger(quantity) || quantity < 0) throw refusal(field, 'must be a whole number, 0 or more');
  const maxQuantity = catalog.addons.get(addonId)?.content.maxQuantity;
  if (maxQuantity !== undefined && quantity > maxQuantity) {
    throw refusal(field, `must be at most ${maxQuantity} for ${addonId}`);
  }
  return quantity;
}

/** What an add-on depends on must be had too; none of an add-on depends on nothing, and serves no other. */
function assertDependencies(catalog: Catalog, addons: readonly RequestedAddon[], field: string): void {
  const had = new Set(addons.filter(({ quantity }) => quantity > 0).map(({ addonId }) => addonId));
  for (const [index, { addonId }] of addons.entries()) {
    if (!had.has(addonId)) continue;
    const missing = catalog.addons.get(addonId)?.content.dependencies?.filter((other) => !had.has(other)) ?? [];
    if (missing.length === 0) continue;
    throw refusal(`${field}[${index}].addonId`, `names ${addonId}, which needs ${missing.join(', ')} beside it`);
  }
}
