import type { CatalogCreditEntitlement, CatalogDocument, CatalogPlan } from '@tollgate/contract';

/** The plans of the histories, each with the number from which the limits of its versions are counted. */
export const planBases = {
  'plan-free': 1000,
  'plan-basic': 2000,
  'plan-pro': 3000,
  'plan-max': 4000,
  'plan-site': 5000,
  'plan-big-site': 6000,
} as const;

export type PlanId = keyof typeof planBases;
export const planIds = Object.keys(planBases) as PlanId[];
export type PlanVersions = Readonly<Record<PlanId, number>>;
export const firstVersions = Object.fromEntries(planIds.map((planId) => [planId, 1])) as PlanVersions;

/** The limit of `calls` tells which version of which plan gave it. */
export const limitOf = (planId: PlanId, version: number): number => planBases[planId] + version;

const monthlyFrom = (amount: number): Partial<CatalogPlan> => ({
  pricingType: 'PAID',
  billingPeriods: ['MONTHLY', 'ANNUALLY'],
  prices: [
    { billingPeriod: 'MONTHLY', currency: 'usd', amount },
    { billingPeriod: 'ANNUALLY', currency: 'usd', amount: amount * 10 },
  ],
});
/** The credits of a plan tell its version too. */
const tokens = (planId: PlanId, versions: PlanVersions, more: Partial<CatalogCreditEntitlement> = {}) => ({
  creditEntitlements: {
    tokens: { amount: limitOf(planId, versions[planId]), cadence: 'MONTH' as const, ...more },
  },
});
const compatibleAddonIds = ['addon-seats', 'addon-no-sso'];

/** What is sold: one product per customer and one per resource, at these versions of the plans. */
export function historyCatalog(versions: PlanVersions): CatalogDocument {
  const plan = (planId: PlanId, productId: string, over: Partial<CatalogPlan>): CatalogPlan => ({
    displayName: planId,
    productId,
    pricingType: 'FREE',
    ...over,
    entitlements: {
      calls: { usageLimit: limitOf(planId, versions[planId]), resetPeriod: 'MONTH' },
      ...over.entitlements,
    },
  });
  return {
    products: {
      app: {
        displayName: 'App',
        productSettings: { subscriptionEndSetup: 'DOWNGRADE_TO_FREE', downgradePlanId: 'plan-free' },
      },
      site: {
        displayName: 'Site',
        multipleSubscriptions: true,
        usageResetCutoffRule: { behavior: 'BILLING_PERIOD_CHANGE' },
      },
    },
    features: {
      calls: { displayName: 'Calls', featureType: 'NUMBER', meterType: 'INCREMENTAL' },
      seats: { displayName: 'Seats', featureType: 'NUMBER', meterType: 'FLUCTUATING' },
      sso: { displayName: 'Single sign-on', featureType: 'BOOLEAN' },
    },
    featureGroups: {
      'group-one': { displayName: 'One', featureIds: ['seats', 'sso'] },
      'group-two': { displayName: 'Two', featureIds: ['sso'] },
    },
    plans: {
      'plan-free': plan('plan-free', 'app', {}),
      'plan-basic': plan('plan-basic', 'app', {
        ...monthlyFrom(10),
        ...tokens('plan-basic', versions),
        compatibleAddonIds,
        entitlements: { seats: { usageLimit: 5 } },
      }),
      'plan-pro': plan('plan-pro', 'app', {
        ...monthlyFrom(30),
        compatibleAddonIds,
        parentPlanId: 'plan-basic',
        defaultTrialConfig: { duration: 14, units: 'DAY' },
        entitlements: { sso: true },
      }),
      'plan-max': plan('plan-max', 'app', {
        ...monthlyFrom(50),
        ...tokens('plan-max', versions, { cadence: 'YEAR' }),
        compatibleAddonIds,
        defaultTrialConfig: { duration: 1, units: 'MONTH', trialEndBehavior: 'CONVERT_TO_PAID' },
        entitlements: { sso: true, seats: { hasUnlimitedUsage: true } },
      }),
      'plan-site': plan('plan-site', 'site', {}),
      'plan-big-site': plan('plan-big-site', 'site', {
        ...monthlyFrom(20),
        ...tokens('plan-big-site', versions, { hasSoftLimit: true }),
        entitlements: { sso: true },
      }),
    },
    addons: {
      'addon-seats': {
        displayName: 'Seats, with tokens for each of them',
        productId: 'app',
        pricingType: 'PAID',
        entitlements: { seats: { usageLimit: 3 } },
        creditEntitlements: { tokens: { amount: 10, cadence: 'MONTH', dependencyFeatureId: 'seats' } },
      },
      'addon-no-sso': {
        displayName: 'No single sign-on',
        productId: 'app',
        pricingType: 'PAID',
        entitlements: { sso: { isGranted: false, behavior: 'Override' } },
      },
    },
    customCurrencies: { tokens: { displayName: 'Tokens' } },
  };
}
