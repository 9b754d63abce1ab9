import type { Subscription, SubscriptionAddon } from './subscription.js';

/** The fields that are stored together, because no statement looks for one of them. */
const termFields = [
  'soldCatalog',
  'billableFeatures',
  'entitlements',
  'creditEntitlements',
  'trialEndDate',
  'trialEndBehavior',
  'cancellationDate',
  'isRevoked',
  'billingCycleAnchor',
  'isBackdated',
  'budget',
  'paymentCollection',
  'paymentCollectionMethod',
  'latestInvoice',
  'paymentDueDate',
  'futureUpdates',
  'kept',
  'updatedAt',
  'pastCutoffs',
] as const satisfies readonly (keyof Subscription)[];
type Terms = Pick<Subscription, (typeof termFields)[number]>;

/** A subscription as its row holds it. */
export type StoredSubscription = Omit<Subscription, keyof Terms | 'addons'> & {
  addons: unknown;
  terms: Record<string, unknown>;
};

export function subscriptionToStored(subscription: Subscription): StoredSubscription {
  const terms = Object.fromEntries(termFields.map((field) => [field, subscription[field]]));
  const rest = Object.entries(subscription).filter(([field]) => !(field in terms));
  return { ...(Object.fromEntries(rest) as Omit<Subscription, keyof Terms>), terms };
}

/** What was written before a field existed has that field's usual value. */
export function subscriptionFromStored(stored: StoredSubscription): Subscription {
  const { terms, ...columns } = stored;
  const usual: Terms = {
    soldCatalog: 0,
    billableFeatures: [],
    entitlements: {},
    creditEntitlements: {},
    trialEndDate: null,
    trialEndBehavior: null,
    cancellationDate: null,
    isRevoked: false,
    billingCycleAnchor: stored.startDate,
    isBackdated: false,
    budget: null,
    paymentCollection: 'NOT_REQUIRED',
    paymentCollectionMethod: null,
    latestInvoice: null,
    paymentDueDate: null,
    futureUpdates: [],
    kept: {},
    updatedAt: stored.createdAt,
    pastCutoffs: [],
  };
  const addons = (columns.addons as SubscriptionAddon[]).map((addon) => ({
    ...addon,
    soldCatalog: addon.soldCatalog ?? 0,
  }));
  return { ...columns, ...usual, ...(terms as Partial<Terms>), addons };
}
