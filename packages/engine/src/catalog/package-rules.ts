import type { CatalogAddon, CatalogPlan, CatalogPrice } from '@tollgate/contract';
import { type CatalogReading, leadsBack, lineageOf, type Problem } from './catalog-reading.js';
import { creditEntitlementProblems } from './credit-rules.js';
import { entitlementProblems } from './entitlement-rules.js';

type Package = CatalogPlan | CatalogAddon;
/** Where a package says what it gives: of features by their ids, of currencies by theirs. */
const valueSections = ['entitlements', 'creditEntitlements'] as const;
type Refuse = (field: string, rule: string) => void;

export function planProblems(reading: CatalogReading, id: string, plan: CatalogPlan): Problem[] {
  return collected((refuse) => {
    packageRules(reading, plan, refuse);
    if (plan.pricingType === 'PAID' && !plan.billingPeriods) refuse('billingPeriods', 'is required for a paid plan');
    if (plan.pricingType === 'FREE') freeRules(plan, refuse);
    (plan.prices ?? []).forEach(({ billingPeriod }, index) => {
      if (plan.pricingType === 'FREE' || plan.billingPeriods?.includes(billingPeriod)) return;
      refuse(`prices.${index}.billingPeriod`, `is ${billingPeriod}, which is not among the plan's billingPeriods`);
    });
    if (plan.defaultTrialConfig?.budget && plan.pricingType === 'CUSTOM')
      refuse('defaultTrialConfig.budget', 'applies to a paid plan only');
    addonListRules(reading, plan, refuse);
    parentRules(reading, id, plan, refuse);
    if (plan.pricingType !== 'CUSTOM') variableRules(reading, plan, refuse);
  });
}

export function addonProblems(reading: CatalogReading, id: string, addon: CatalogAddon): Problem[] {
  return collected((refuse) => {
    packageRules(reading, addon, refuse);
    if (addon.pricingType === 'FREE') refuse('pricingType', 'must be PAID or CUSTOM for an add-on');
    for (const section of valueSections) {
      for (const [id, given] of Object.entries(addon[section] ?? {})) {
        if (given !== true && given.isCustom) refuse(`${section}.${id}.isCustom`, 'applies to custom plans only');
      }
    }
    const { addons } = reading.entries;
    for (const other of addon.dependencies ?? []) {
      const named = addons[other];
      if (!reading.ids.addons.has(other)) refuse('dependencies', `names ${other}, which is no add-on of this catalog`);
      else if (named && named.productId !== addon.productId)
        refuse('dependencies', `names ${other} of another product`);
    }
    if (leadsBack(id, (next) => addons[next]?.dependencies ?? [])) refuse('dependencies', 'lead back to this add-on');
  });
}

function collected(rules: (refuse: Refuse) => void): Problem[] {
  const problems: Problem[] = [];
  rules((field, rule) => problems.push({ field, rule }));
  return problems;
}

/** What holds for plans and add-ons alike. */
function packageRules(reading: CatalogReading, content: Package, refuse: Refuse) {
  const { entries, ids } = reading;
  const { productId, entitlements, creditEntitlements = {}, prices } = content;
  if (!ids.products.has(productId)) refuse('productId', `names ${productId}, which is no product of this catalog`);
  for (const [featureId, given] of Object.entries(entitlements)) {
    const field = `entitlements.${featureId}`;
    const feature = entries.features[featureId];
    if (!ids.features.has(featureId)) refuse(field, 'names no feature of this catalog');
    for (const problem of feature ? entitlementProblems(given, feature) : []) {
      refuse(problem.field ? `${field}.${problem.field}` : field, problem.rule);
    }
    const currencyId = given === true ? undefined : given.creditRate?.currencyId;
    if (currencyId !== undefined && !ids.customCurrencies.has(currencyId))
      refuse(`${field}.creditRate.currencyId`, `names ${currencyId}, which is no currency of this catalog`);
  }
  for (const [currencyId, given] of Object.entries(creditEntitlements)) {
    for (const { field, rule } of creditEntitlementProblems(reading, currencyId, given)) {
      refuse(['creditEntitlements', currencyId, field].filter(Boolean).join('.'), rule);
    }
  }
  const seen = new Set<string>();
  (prices ?? []).forEach((price, index) => {
    if (seen.has(priceKey(price))) refuse(`prices.${index}`, `is a second price for ${priceKey(price)}`);
    seen.add(priceKey(price));
  });
}

const priceKey = ({ billingPeriod, currency, billingCountryCode = 'every country' }: CatalogPrice): string =>
  `${billingPeriod} in ${currency} in ${billingCountryCode}`;

function freeRules(plan: CatalogPlan, refuse: Refuse) {
  for (const field of ['billingPeriods', 'prices', 'defaultTrialConfig'] as const) {
    if (plan[field]) refuse(field, 'must be left out: a free plan has none');
  }
}

function addonListRules({ entries, ids }: CatalogReading, plan: CatalogPlan, refuse: Refuse) {
  for (const addonId of plan.compatibleAddonIds ?? []) {
    const addon = entries.addons[addonId];
    if (!ids.addons.has(addonId)) refuse('compatibleAddonIds', `names ${addonId}, which is no add-on of this catalog`);
    // Where the plan's own product does not exist, every other product would be another one.
    else if (addon && ids.products.has(plan.productId) && addon.productId !== plan.productId)
      refuse('compatibleAddonIds', `names ${addonId} of another product`);
    else if (addon?.pricingType === 'CUSTOM' && plan.pricingType !== 'CUSTOM')
      refuse('compatibleAddonIds', `names ${addonId}, a custom add-on, which only a custom plan can have`);
  }
}

function parentRules(reading: CatalogReading, id: string, plan: CatalogPlan, refuse: Refuse) {
  const { parentPlanId } = plan;
  if (parentPlanId === undefined) return;
  const { plans, addons } = reading.entries;
  const parent = plans[parentPlanId];
  if (!reading.ids.plans.has(parentPlanId))
    refuse('parentPlanId', `names ${parentPlanId}, which is no plan of this catalog`);
  else if (parent && reading.ids.products.has(plan.productId) && parent.productId !== plan.productId)
    refuse('parentPlanId', `names ${parentPlanId} of another product`);
  else if (leadsBack(id, (next) => [plans[next]?.parentPlanId ?? []].flat()))
    refuse('parentPlanId', 'leads back to this plan');
  if (plan.pricingType === 'CUSTOM') return;
  const inherited = lineageOf(reading, plan).flatMap((other) =>
    other === plan ? [] : (other.compatibleAddonIds ?? []),
  );
  for (const addonId of new Set(inherited)) {
    if (addons[addonId]?.pricingType === 'CUSTOM')
      refuse('parentPlanId', `brings along ${addonId}, a custom add-on, which only a custom plan can have`);
  }
}

/** A value that is to be filled in needs somebody to negotiate it: no such value may be left on a plan that has a price list. */
function variableRules(reading: CatalogReading, plan: CatalogPlan, refuse: Refuse) {
  for (const section of valueSections) {
    const settled = new Set<string>();
    for (const source of lineageOf(reading, plan)) {
      for (const [id, given] of Object.entries(source[section] ?? {})) {
        if (settled.has(id)) continue;
        settled.add(id);
        if (given === true || !given.isCustom) continue;
        if (source === plan) refuse(`${section}.${id}.isCustom`, 'applies to custom plans only');
        else refuse('parentPlanId', `brings along ${id} with a variable value, which only a custom plan can have`);
      }
    }
  }
}
