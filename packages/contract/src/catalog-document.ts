import type {
  BillingPeriod,
  CreditCadence,
  EntitlementBehavior,
  EntitlementResetPeriod,
  FeatureType,
  MeterAggregation,
  MeterType,
  MonthlyAccordingTo,
  PricingType,
  UsageResetCutoffBehavior,
  WeeklyAccordingTo,
  YearlyAccordingTo,
} from './enums.js';

/** A catalog file: what is sold, as one document, reviewed and applied like code. Everything is keyed by its id. */
export interface CatalogDocument {
  $schema?: string;
  products: Record<string, CatalogProduct>;
  features: Record<string, CatalogFeature>;
  plans: Record<string, CatalogPlan>;
  addons?: Record<string, CatalogAddon>;
  /** Features that are granted together by promotion. */
  featureGroups?: Record<string, CatalogFeatureGroup>;
  /** Credits of the product's own. */
  customCurrencies?: Record<string, CatalogCurrency>;
}

export interface CatalogFeatureGroup {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  featureIds: string[];
}

export interface CatalogCurrency {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  symbol?: string;
  /** Names of one credit: both or neither. */
  units?: { singular: string; plural: string };
  /** What one credit costs, in whole currency units. */
  unitPrice?: { amount: number; currency: string };
}

/** A flat price per billing period, in whole currency units. */
export interface CatalogPrice {
  billingPeriod: BillingPeriod;
  /** ISO 4217, lower case. */
  currency: string;
  amount: number;
  /** ISO 3166 of the customers that it is for; left out: everybody else. */
  billingCountryCode?: string;
}

export interface CatalogProduct {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  /** True: every subscription of this product belongs to a resource. Default false: one subscription per customer. */
  multipleSubscriptions?: boolean;
  /** What becomes of usage that resets when a customer moves between plans. Default ALWAYS_RESET. */
  usageResetCutoffRule?: { behavior: UsageResetCutoffBehavior };
  productSettings?: CatalogProductSettings;
}

/** A customer's journey through a product: how subscriptions begin and end unless a call says otherwise. */
export interface CatalogProductSettings {
  /** Default PLAN_SELECTION: nothing starts by itself. */
  subscriptionStartSetup?: 'PLAN_SELECTION' | 'TRIAL_PERIOD' | 'FREE_PLAN';
  /** Required by TRIAL_PERIOD and FREE_PLAN. */
  subscriptionStartPlanId?: string;
  /** Default CANCEL_SUBSCRIPTION. */
  subscriptionEndSetup?: 'DOWNGRADE_TO_FREE' | 'CANCEL_SUBSCRIPTION';
  /** Required by DOWNGRADE_TO_FREE. */
  downgradePlanId?: string;
  /** Default END_OF_BILLING_PERIOD. */
  subscriptionCancellationTime?: 'END_OF_BILLING_PERIOD' | 'IMMEDIATE' | 'SPECIFIC_DATE';
  /** Kept for the billing provider. */
  prorateAtEndOfBillingPeriod?: boolean;
}

/** The trial that a plan begins with. */
export interface CatalogTrialConfig {
  duration: number;
  units: 'DAY' | 'MONTH';
  /** A spend that ends the trial early; paid plans only. */
  budget?: { limit: number; hasSoftLimit: boolean };
  /** Default CANCEL_SUBSCRIPTION. */
  trialEndBehavior?: 'CONVERT_TO_PAID' | 'CANCEL_SUBSCRIPTION';
}

export interface CatalogFeature {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  featureType: FeatureType;
  /** Numbers only. Default None: a configuration value. */
  meterType?: MeterType;
  /** Names of the unit. */
  units?: { singular: string; plural: string };
  /** Shown and compared usage is raw usage divided by `divide`, rounded in the given direction. */
  unitTransformation?: { divide: number; round: 'UP' | 'DOWN' };
  /** Enums only: the values that a plan may grant. */
  enumConfiguration?: { value: string; displayName: string }[];
  /** Metered features that raw events drive. Without it, usage is calculated by the application and reported. */
  meter?: CatalogMeter;
}

export interface CatalogMeter {
  aggregation: MeterAggregation;
  /** The dimension that is aggregated; every aggregation but COUNT needs it. */
  field?: string;
  /** An event counts when all conditions of any one filter hold. */
  filters: { conditions: CatalogMeterCondition[] }[];
}

export interface CatalogMeterCondition {
  /** `eventName`, or the name of a dimension. */
  field: string;
  operation:
    | 'EQUALS'
    | 'NOT_EQUALS'
    | 'GREATER_THAN'
    | 'GREATER_THAN_OR_EQUAL'
    | 'LESS_THAN'
    | 'LESS_THAN_OR_EQUAL'
    | 'IS_NULL'
    | 'IS_NOT_NULL'
    | 'CONTAINS'
    | 'STARTS_WITH'
    | 'ENDS_WITH'
    | 'IN';
  value?: string | number | boolean;
  /** For IN. */
  values?: (string | number | boolean)[];
}

/** What a plan gives of one feature. `true` grants a boolean feature. */
export type CatalogEntitlement = true | CatalogEntitlementValue;

export interface CatalogEntitlementValue {
  /** False revokes the feature at this level, whatever it would have inherited. Default true. */
  isGranted?: boolean;
  /** The value of a numeric feature or the limit of a metered one, in shown units. */
  usageLimit?: number;
  hasUnlimitedUsage?: boolean;
  /** The limit is reported but not enforced. Default false. */
  hasSoftLimit?: boolean;
  enumValues?: string[];
  /** Custom plans only: the value is filled in when a subscription is provisioned. */
  isCustom?: boolean;
  /** Left out: usage never starts again from zero. */
  resetPeriod?: EntitlementResetPeriod;
  yearlyResetPeriodConfiguration?: { accordingTo: YearlyAccordingTo };
  monthlyResetPeriodConfiguration?: { accordingTo: MonthlyAccordingTo };
  weeklyResetPeriodConfiguration?: { accordingTo: WeeklyAccordingTo };
  /** Metered features: what using it costs in credits. */
  creditRate?: CatalogCreditRate;
}

/** Either so many credits per raw unit, or a formula over the dimensions of what was used. */
export interface CatalogCreditRate {
  currencyId: string;
  amount?: number;
  /** For example `1.1 * inputTokens + 5 * outputTokens`. A dimension that is missing counts as 0. */
  costFormula?: string;
}

/** Credits that come anew in every period, and do not roll over. */
export interface CatalogCreditEntitlement {
  /** Above 0; left out where the subscription fills it in. */
  amount?: number;
  cadence?: CreditCadence;
  /** Using more than there is, is counted and not stopped. Default false. */
  hasSoftLimit?: boolean;
  /** The amount is per unit of this feature's limit: a pool by seats. */
  dependencyFeatureId?: string;
  /** Custom plans only: amount and cadence are filled in when a subscription is provisioned. */
  isCustom?: boolean;
}

/** Added to the plan's amount, or in place of it. */
export type CatalogAddonCreditEntitlement = CatalogCreditEntitlement & { behavior?: EntitlementBehavior };

export interface CatalogPlan {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  productId: string;
  pricingType: PricingType;
  /** The billing periods on offer; a paid plan needs at least one. */
  billingPeriods?: BillingPeriod[];
  /** A plan whose entitlements this one inherits and may override. */
  parentPlanId?: string;
  compatibleAddonIds?: string[];
  /** Not shown to customers; it can be provisioned all the same. */
  hidden?: boolean;
  /** Kept as a draft: it is stored and compared, and nothing can be provisioned from it until the mark is gone. */
  draft?: boolean;
  defaultTrialConfig?: CatalogTrialConfig;
  prices?: CatalogPrice[];
  entitlements: Record<string, CatalogEntitlement>;
  /** By currency id. */
  creditEntitlements?: Record<string, CatalogCreditEntitlement>;
}

/** What an add-on gives of one feature: added to the plan's value, or in place of it. */
export type CatalogAddonEntitlement = true | (CatalogEntitlementValue & { behavior?: EntitlementBehavior });

export interface CatalogAddon {
  displayName: string;
  description?: string;
  metadata?: Record<string, string>;
  productId: string;
  pricingType: PricingType;
  /** How many of it one subscription may have. Default: any number. */
  maxQuantity?: number;
  /** Add-ons that the same subscription must have too. */
  dependencies?: string[];
  draft?: boolean;
  prices?: CatalogPrice[];
  entitlements: Record<string, CatalogAddonEntitlement>;
  /** By currency id. */
  creditEntitlements?: Record<string, CatalogAddonCreditEntitlement>;
}
