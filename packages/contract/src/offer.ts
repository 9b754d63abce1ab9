import { addedEntitlement } from './added-entitlement.js';
import { type Amount, amountFromWire } from './amount.js';
import { decide, heldUsageAt, type Question, usageAt } from './decision.js';
import { entitlementAt } from './most-generous.js';
import type { OffersQuery } from './operations.js';
import type { Entitlement, Snapshot, SnapshotPair, Sold, UsagePart, WalletPart } from './snapshot.js';
import { featureFromWire } from './wire.js';

export type OffersWire = OffersQuery['offers'];

/** A published plan or add-on that customers can see and buy by themselves. */
export interface Offer {
  type: 'PLAN' | 'ADDON';
  id: string;
  displayName: string;
  /** Whether subscriptions of it belong to a resource each. */
  isForResource: boolean;
  /** By feature id. An add-on's `replaces` what the plan gives, or is added to it. */
  entitlements: ReadonlyMap<string, { entitlement: Entitlement; replaces: boolean }>;
  /** By currency id: what the first period brings. */
  credits: ReadonlyMap<string, { amount: Amount; hasSoftLimit: boolean; replaces: boolean }>;
  /** Add-ons: the plans that it goes with. */
  planIds: ReadonlySet<string>;
  /** Add-ons: others that it needs beside it. */
  dependencies: readonly string[];
  maxQuantity: number | null;
}

/** Everything that is on offer under one catalog number, the cheapest first. */
export interface Offers {
  catalog: number;
  offers: readonly Offer[];
}

export function offersFromWire(wire: OffersWire): Offers {
  const features = new Map(wire.features.map((feature) => [feature.featureId, featureFromWire(feature)]));
  const offers = wire.offers.map(({ entitlements, credits, planIds, ...rest }): Offer => {
    const given = entitlements.flatMap(({ featureId, replaces, ...value }) => {
      const feature = features.get(featureId);
      return feature ? [[featureId, { entitlement: offered(feature, value), replaces }] as const] : [];
    });
    const paid = credits.map(({ currencyId, amount, ...how }) => {
      return [currencyId, { ...how, amount: amountFromWire(amount, 'amount') }] as const;
    });
    return { ...rest, entitlements: new Map(given), credits: new Map(paid), planIds: new Set(planIds) };
  });
  return { catalog: wire.catalog, offers };
}

type OfferedWire = Omit<OffersWire['offers'][number]['entitlements'][number], 'featureId' | 'replaces'>;

function offered(
  feature: Entitlement['feature'],
  { usageLimit, creditRate, enumValues, hasUnlimitedUsage, hasSoftLimit }: OfferedWire,
): Entitlement {
  return {
    feature,
    isGranted: true,
    usageLimit: usageLimit === null ? null : amountFromWire(usageLimit, 'usageLimit'),
    hasUnlimitedUsage,
    hasSoftLimit,
    enumValues: [...enumValues],
    // What is used so far counts against what is offered, whatever a move would reset.
    reset: null,
    usageCountsFrom: null,
    creditRate: creditRate && {
      ...creditRate,
      amount: creditRate.amount === null ? null : amountFromWire(creditRate.amount, 'creditRate'),
    },
    endsAt: null,
    afterwards: [],
  };
}

/**
 * Whether a question that was denied would be granted with this plan in place of what the customer has, or with one more
 * of this add-on. What the customer has already is not offered; where that is not known, nothing is.
 */
export function wouldGrant(offer: Offer, pair: SnapshotPair, question: Question, now: number): boolean {
  const scope = offer.isForResource ? pair.resource : pair.customer;
  if (!scope?.grants.sold || !canBeBought(offer, scope.grants.sold)) return false;
  const withOffer = 'currencyId' in question ? scope : withFeature(offer, scope, question.featureId, now);
  if (!withOffer) return false;
  const currencyId =
    'currencyId' in question
      ? question.currencyId
      : withOffer.grants.entitlements.get(question.featureId)?.creditRate?.currencyId;
  const then = currencyId === undefined ? withOffer : withCredits(offer, withOffer, currencyId);
  const scoped = offer.isForResource ? { ...pair, resource: then } : { ...pair, customer: then };
  return decide(scoped, question, now).hasAccess;
}

function canBeBought(offer: Offer, { subscriptions }: Sold): boolean {
  if (offer.type === 'PLAN') return !subscriptions.some(({ planId }) => planId === offer.id);
  return subscriptions.some(({ planId, addons }) => {
    const quantityOf = (id: string): number => addons.find(({ addonId }) => addonId === id)?.quantity ?? 0;
    const hasRoom = offer.maxQuantity === null || quantityOf(offer.id) < offer.maxQuantity;
    return offer.planIds.has(planId) && hasRoom && offer.dependencies.every((other) => quantityOf(other) > 0);
  });
}

/**
 * The scope as it would be, as far as this feature goes: every denial looks at every offer, so nothing else is copied.
 * Undefined where the feature cannot be had this way.
 */
function withFeature(offer: Offer, scope: Snapshot, featureId: string, now: number): Snapshot | undefined {
  const { grants } = scope;
  if (grants.sold?.revokedFeatureIds.includes(featureId)) return undefined;
  const had = grants.entitlements.get(featureId);
  const current = had && entitlementAt(had, now);
  const given = offer.entitlements.get(featureId);
  const entitlement = offer.type === 'PLAN' ? given?.entitlement : withAddon(current, given);
  if (!entitlement) return undefined;
  return {
    ...scope,
    grants: {
      ...grants,
      hasActiveSubscription: true,
      isResourceKnown: true,
      entitlements: new Map([[featureId, entitlement]]),
    },
    usage: new Map([[featureId, usedSoFar(scope, featureId, current, now)]]),
  };
}

function withAddon(
  current: Entitlement | undefined,
  given: { entitlement: Entitlement; replaces: boolean } | undefined,
): Entitlement | undefined {
  if (!given) return current;
  return given.replaces || !current?.isGranted ? given.entitlement : addedEntitlement(current, given.entitlement);
}

function usedSoFar(scope: Snapshot, featureId: string, current: Entitlement | undefined, now: number): UsagePart {
  const { version } = scope.grants;
  const counter = scope.usage.get(featureId) ?? { ...nothingUsed, featureId, version };
  if (!current) return { ...counter, usagePeriodEnd: null };
  const held = heldUsageAt(current, counter, now);
  return { ...counter, currentUsage: usageAt(current, counter, now), held, usagePeriodEnd: null };
}

const nothingUsed: Omit<UsagePart, 'featureId' | 'version'> = {
  validUntil: null,
  currentUsage: 0n,
  held: 0n,
  heldUntil: null,
  usagePeriodStart: null,
  usagePeriodEnd: null,
};

/** The scope with the credits of the offer. Those that a plan gives anew in every period end with the plan. */
function withCredits(offer: Offer, scope: Snapshot, currencyId: string): Snapshot {
  const wallet = scope.wallets.get(currencyId);
  const given = offer.credits.get(currencyId);
  if (!wallet && !given) return scope;
  const balance = wallet?.balance ?? 0n;
  const isReplaced = offer.type === 'PLAN' || (given?.replaces ?? false);
  const isLost = isReplaced && wallet?.usagePeriodEnd != null && balance > 0n;
  const then: WalletPart = {
    ...(wallet ?? emptyWallet(scope, currencyId)),
    balance: (isLost ? 0n : balance) + (given?.amount ?? 0n),
    hasSoftLimit: given?.hasSoftLimit || (!isReplaced && (wallet?.hasSoftLimit ?? false)),
    endsAt: null,
  };
  const grants = { ...scope.grants, hasActiveSubscription: true, isResourceKnown: true };
  return { ...scope, grants, wallets: new Map([[currencyId, then]]) };
}

function emptyWallet({ grants }: Snapshot, currencyId: string): WalletPart {
  return {
    currency: {
      currencyId,
      displayName: currencyId,
      description: null,
      symbol: null,
      unit: null,
      units: null,
      metadata: {},
    },
    version: grants.version,
    validUntil: null,
    endsAt: null,
    hasSoftLimit: false,
    balance: 0n,
    totalGranted: 0n,
    totalConsumed: 0n,
    held: 0n,
    heldUntil: null,
    usagePeriodEnd: null,
  };
}
