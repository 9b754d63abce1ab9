import type { CatalogPlan, CatalogProduct, CatalogProductSettings } from '@tollgate/contract';
import type { CatalogReading, Problem } from './catalog-reading.js';

/** What is wrong with a product: the journey of a customer must lead to plans of its own that can take it. */
export function productProblems(reading: CatalogReading, id: string, { productSettings }: CatalogProduct): Problem[] {
  if (!productSettings) return [];
  const { subscriptionStartSetup: start, subscriptionEndSetup: end } = productSettings;
  const plan = (field: PlanField, isNeeded: boolean, setup: string, rule: (plan: CatalogPlan) => string | undefined) =>
    planReference(reading, id, productSettings, field, { isNeeded, setup, rule });
  return [
    ...plan(
      'subscriptionStartPlanId',
      start === 'TRIAL_PERIOD' || start === 'FREE_PLAN',
      'subscriptionStartSetup TRIAL_PERIOD or FREE_PLAN',
      ({ pricingType, defaultTrialConfig }) => {
        if (start === 'FREE_PLAN' && pricingType !== 'FREE') return 'which is not free: FREE_PLAN starts a free plan';
        return start === 'TRIAL_PERIOD' && !defaultTrialConfig ? 'which has no defaultTrialConfig' : undefined;
      },
    ),
    ...plan('downgradePlanId', end === 'DOWNGRADE_TO_FREE', 'subscriptionEndSetup DOWNGRADE_TO_FREE', (given) =>
      given.pricingType === 'FREE' ? undefined : 'which is not free',
    ),
  ];
}

type PlanField = 'subscriptionStartPlanId' | 'downgradePlanId';

interface PlanRule {
  isNeeded: boolean;
  /** The setup that needs the plan. */
  setup: string;
  rule(plan: CatalogPlan): string | undefined;
}

function planReference(
  { entries, ids }: CatalogReading,
  productId: string,
  settings: CatalogProductSettings,
  field: PlanField,
  { isNeeded, setup, rule }: PlanRule,
): Problem[] {
  const planId = settings[field];
  const refused = (text: string): Problem[] => [{ field: `productSettings.${field}`, rule: text }];
  if (planId === undefined) return isNeeded ? refused(`is required by ${setup}`) : [];
  if (!isNeeded) return refused(`must be left out: only ${setup} needs it`);
  if (!ids.plans.has(planId)) return refused(`names ${planId}, which is no plan of this catalog`);
  const plan = entries.plans[planId];
  if (!plan) return [];
  if (plan.productId !== productId) return refused(`names ${planId} of another product`);
  const broken = rule(plan);
  return broken === undefined ? [] : refused(`names ${planId}, ${broken}`);
}
