import {
  assertId,
  type CatalogEntitlementValue,
  type CatalogPlan,
  type SubscriptionEntitlementInput,
} from '@tollgate/contract';
import { type Catalog, planChain } from '../catalog/catalog.js';
import { type EntitlementValueInput, readEntitlementValue } from '../catalog/entitlement-input.js';
import { refusal } from './refusal.js';

/** Values of a subscription's own, by feature id. */
export type CustomValues = Record<string, CatalogEntitlementValue>;

interface CustomValueInputs {
  entitlements?: readonly SubscriptionEntitlementInput[] | null;
  subscriptionEntitlements?: readonly SubscriptionEntitlementInput[] | null;
}

/** A plan as a subscription has it: the catalog number that it was sold under says which version. */
export interface SoldPlanId {
  planId: string;
  soldCatalog: number;
}

/** The features whose values a plan leaves open, with each value as far as the plan says it. */
export const openValues = (catalog: Catalog, plan: SoldPlanId): ReadonlyMap<string, CatalogEntitlementValue> =>
  leftOpen(catalog, plan, ({ entitlements }) => entitlements);

/**
 * What a plan leaves open of its values of one kind, by their ids. A plan that fills in what its parent leaves open has
 * nothing open any more.
 */
export function leftOpen<Value extends { isCustom?: boolean }>(
  catalog: Catalog,
  { planId, soldCatalog }: SoldPlanId,
  valuesOf: (plan: CatalogPlan) => Record<string, true | Value>,
): ReadonlyMap<string, Value> {
  const open = new Map<string, Value>();
  for (const plan of planChain(catalog, planId, soldCatalog)) {
    for (const [id, value] of Object.entries(valuesOf(plan.content))) {
      if (value !== true && value.isCustom) open.set(id, value);
      else open.delete(id);
    }
  }
  return open;
}

/**
 * Reads `entitlements`, or `subscriptionEntitlements`, the older name of the same: values in place of what the plan leaves
 * open, nothing else. What a value does not say is taken from the plan. Undefined when neither was given.
 */
export function readCustomValues(
  catalog: Catalog,
  plan: SoldPlanId,
  { entitlements, subscriptionEntitlements }: CustomValueInputs,
  prefix = '',
): CustomValues | undefined {
  if (entitlements && subscriptionEntitlements) {
    throw refusal(`${prefix}subscriptionEntitlements`, 'is the older name of entitlements: give one of them');
  }
  const given = entitlements ?? subscriptionEntitlements;
  if (!given) return undefined;
  const name = `${prefix}${entitlements ? 'entitlements' : 'subscriptionEntitlements'}`;
  const open = openValues(catalog, plan);
  const values: CustomValues = {};
  given.forEach((input, index) => {
    const here = `${name}[${index}]`;
    const { featureId, ...value } = input;
    assertId(featureId, `${here}.featureId`);
    const template = open.get(featureId);
    if (!template)
      throw refusal(`${here}.featureId`, `names ${featureId}, which plan ${plan.planId} does not leave open`);
    if (Object.hasOwn(values, featureId)) throw refusal(`${here}.featureId`, `names ${featureId} a second time`);
    values[featureId] = readEntitlementValue(catalog, featureId, withTemplate(template, value), `${here}.`);
  });
  return values;
}

type Value = Omit<SubscriptionEntitlementInput, 'featureId'>;

function withTemplate(template: CatalogEntitlementValue, value: Value): EntitlementValueInput {
  if (value.isGranted === false) return value;
  const { isCustom: _, usageLimit: __, ...told } = template;
  const given = Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null));
  // Another period has another way of being counted.
  if (given.resetPeriod === undefined || given.resetPeriod === told.resetPeriod) return { ...told, ...given };
  const { hasSoftLimit, enumValues, creditRate } = told;
  return { hasSoftLimit, enumValues, creditRate, ...given };
}
