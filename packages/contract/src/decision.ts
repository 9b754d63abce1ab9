import { type Amount, amountScale } from './amount.js';
import { type DecisionContext, type DecisionTrail, fails } from './decision-trail.js';
import type { AccessDeniedReason, EntitlementType } from './enums.js';
import { effectiveEntitlement, entitlementAt, scopeOf, walletScopeOf } from './most-generous.js';
import {
  type CreditRate,
  type Entitlement,
  entitlementTypeOf,
  type FeatureDescription,
  type SnapshotPair,
  type UsagePart,
  type WalletPart,
} from './snapshot.js';
import { type ResetRule, type UsagePeriod, usagePeriodAt } from './usage-period.js';

/** What a caller wants to know: about one feature, or about one currency. */
export type Question = FeatureQuestion | CreditQuestion;

/** About credits: would this many still be there? Left out: are there any? */
export interface CreditQuestion {
  currencyId: string;
  requestedCredits?: Amount | undefined;
  /** What this process has admitted and the engine has not acknowledged yet; counts as spent. */
  pendingCredits?: Amount | undefined;
}

/** About one feature. Amounts are raw units, as they are reported. */
export interface FeatureQuestion {
  featureId: string;
  /** The kind that a typed getter or a route's requirement needs; any kind when left out. */
  expectedType?: EntitlementType | undefined;
  /** Metered: would this much more still fit? Left out: is the limit not reached yet? */
  requestedUsage?: Amount | undefined;
  /** Enum: must all be among the granted values. */
  requestedValues?: readonly string[] | undefined;
  /** Numeric: the value that the request needs, against the granted one. */
  atMost?: Amount | undefined;
  /** What this process has admitted and the engine has not acknowledged yet; counts as used. */
  pendingUsage?: Amount | undefined;
}

/** The answer, with what it rests on. `Unknown` as the reason means that the data does not say: a fallback must answer. */
export interface Decision {
  hasAccess: boolean;
  /** Null exactly when access is granted. */
  reason: AccessDeniedReason | null;
  type: EntitlementType | null;
  feature: FeatureDescription | null;
  entitlement: Entitlement | null;
  /** Shown units, never below 0, without what is pending. */
  currentUsage: Amount;
  /** Shown units; null when unlimited or not a number. */
  usageLimit: Amount | null;
  /** The running period; null when the feature never resets or is not metered. */
  usagePeriod: UsagePeriod | null;
  /** A wallet's flag where credits pay, else the entitlement's. */
  hasSoftLimit: boolean;
  /** The wallet that the answer rests on; null where credits play no part, or there is none. */
  wallet: WalletPart | null;
}

/**
 * Decides one question from a customer's snapshots. Pure and total: it never throws and knows no clock but `now`
 * (epoch milliseconds). The order of the tests is the order in which reasons are given; a `trail` is filled in.
 */
export function decide(
  snapshots: SnapshotPair | undefined,
  question: Question,
  now: number,
  trail?: DecisionTrail,
): Decision {
  const context = { now, trail };
  if (fails(context, 'state-known', snapshots !== undefined) || !snapshots) return denied('Unknown');
  const { customer, resource } = snapshots;
  if (fails(context, 'customer-known', customer.grants.isCustomerKnown)) return denied('CustomerNotFound');
  if (fails(context, 'customer-not-archived', !customer.grants.isCustomerArchived)) return denied('CustomerIsArchived');
  if ('currencyId' in question) return decideCredits(snapshots, question, context);

  const given = effectiveEntitlement(snapshots, question.featureId);
  if (fails(context, 'entitled', given !== undefined) || !given) {
    return denied(whyNothing(snapshots, context) ?? 'NoFeatureEntitlementInSubscription');
  }
  const entitlement = entitlementAt(given, now);
  if (fails(context, 'sources-known', entitlement !== undefined) || !entitlement) return denied('Unknown');

  const scope = scopeOf(snapshots, question.featureId) === 'resource' ? (resource ?? customer) : customer;
  const decision = decideEntitlement(entitlement, scope.usage.get(question.featureId), question, context);
  const { creditRate } = entitlement;
  if (!creditRate || decision.type !== 'METERED') return decision;
  return withCredits(decision, creditRate, walletOf(snapshots, creditRate.currencyId) ?? null, question, context);
}

/** Why a customer has nothing of it at all; null where only this is missing. */
function whyNothing({ customer, resource }: SnapshotPair, context: DecisionContext): AccessDeniedReason | null {
  if (resource && fails(context, 'resource-known', resource.grants.isResourceKnown)) return 'CustomerResourceNotFound';
  const isActive = customer.grants.hasActiveSubscription || (resource?.grants.hasActiveSubscription ?? false);
  return fails(context, 'subscription-active', isActive) ? 'NoActiveSubscription' : null;
}

function decideEntitlement(
  entitlement: Entitlement,
  counter: UsagePart | undefined,
  question: FeatureQuestion,
  context: DecisionContext,
): Decision {
  const type = entitlementTypeOf(entitlement.feature);
  const answer: Decision = {
    hasAccess: false,
    reason: null,
    type,
    feature: entitlement.feature,
    entitlement,
    currentUsage: 0n,
    usageLimit: entitlement.hasUnlimitedUsage ? null : entitlement.usageLimit,
    usagePeriod: null,
    hasSoftLimit: entitlement.hasSoftLimit,
    wallet: null,
  };
  const isOfKind = !question.expectedType || question.expectedType === type;
  if (fails(context, 'kind-matches', isOfKind)) return { ...answer, reason: 'FeatureTypeMismatch' };
  if (fails(context, 'not-revoked', entitlement.isGranted)) return { ...answer, reason: 'Revoked' };

  if (type === 'ENUM') {
    const isCovered = (question.requestedValues ?? []).every((value) => entitlement.enumValues.includes(value));
    if (fails(context, 'values-granted', isCovered)) return { ...answer, reason: 'RequestedValuesMismatch' };
    return granted(answer);
  }
  if (type === 'NUMERIC') {
    const value = entitlement.hasUnlimitedUsage ? null : (entitlement.usageLimit ?? 0n);
    const isAbove = question.atMost !== undefined && value !== null && question.atMost > value;
    if (fails(context, 'value-sufficient', !isAbove)) return { ...answer, reason: 'RequestedUsageExceedingLimit' };
    return granted(answer);
  }
  if (type === 'METERED') return decideMetered(answer, entitlement, counter, question, context);
  return granted(answer);
}

function decideMetered(
  answer: Decision,
  entitlement: Entitlement,
  counter: UsagePart | undefined,
  question: FeatureQuestion,
  context: DecisionContext,
): Decision {
  const { now, trail } = context;
  // A metered entitlement without its counter is not "nothing used": the data does not say.
  if (fails(context, 'usage-known', counter !== undefined) || !counter) return { ...answer, reason: 'Unknown' };
  const raw = usageAt(entitlement, counter, now);
  const metered: Decision = {
    ...answer,
    currentUsage: shownUsage(raw, entitlement.feature),
    usagePeriod: currentUsagePeriod(entitlement, now),
  };
  if (entitlement.hasUnlimitedUsage || entitlement.hasSoftLimit) return granted(metered);
  // A limit that nobody filled in allows nothing; only `hasUnlimitedUsage` means "without limit".
  const limit = entitlement.usageLimit ?? 0n;
  const base = raw + heldUsageAt(entitlement, counter, now) + (question.pendingUsage ?? 0n);
  const compared = shownUsage(base + (question.requestedUsage ?? 0n), entitlement.feature);
  if (trail) trail.compared = compared;
  const fits = question.requestedUsage === undefined ? compared < limit : compared <= limit;
  if (fails(context, 'within-limit', fits)) return { ...metered, reason: 'RequestedUsageExceedingLimit' };
  return granted(metered);
}

/**
 * Credits come before the limit: what cannot be paid is refused for that, whatever the limit says. A formula cannot be
 * worked out without dimensions, so there only an empty wallet stops; what it costs is decided where it is charged.
 */
function withCredits(
  decision: Decision,
  rate: CreditRate,
  wallet: WalletPart | null,
  question: FeatureQuestion,
  context: DecisionContext,
): Decision {
  const isOverLimit = decision.reason === 'RequestedUsageExceedingLimit';
  if (decision.reason !== null && !isOverLimit) return { ...decision, wallet };
  const requested = question.requestedUsage;
  const needed = requested === undefined || rate.amount === null ? undefined : creditCost(rate.amount, requested);
  const pending = rate.amount === null ? 0n : creditCost(rate.amount, question.pendingUsage ?? 0n);
  const reason = creditReason(wallet, needed, pending, context);
  // A soft wallet says nothing of a feature's own hard limit.
  const hasSoftLimit = !isOverLimit && (wallet?.hasSoftLimit ?? false);
  const answer = { ...decision, wallet, hasSoftLimit };
  return reason === null ? answer : { ...answer, hasAccess: false, reason };
}

function decideCredits(snapshots: SnapshotPair, question: CreditQuestion, context: DecisionContext): Decision {
  const wallet = walletOf(snapshots, question.currencyId);
  if (fails(context, 'wallet-found', wallet !== undefined) || !wallet) {
    return denied(whyNothing(snapshots, context) ?? 'EntitlementNotFound');
  }
  const reason = creditReason(wallet, question.requestedCredits, question.pendingCredits ?? 0n, context);
  const answer = { ...denied('Unknown'), type: 'CREDIT' as const, wallet, hasSoftLimit: wallet.hasSoftLimit };
  return reason === null ? granted(answer) : { ...answer, reason };
}

/** Why a wallet does not pay; null when it does. */
function creditReason(
  wallet: WalletPart | null,
  needed: Amount | undefined,
  pending: Amount,
  context: DecisionContext,
): AccessDeniedReason | null {
  const { now, trail } = context;
  const hasEnded = wallet !== null && wallet.endsAt !== null && now >= wallet.endsAt;
  if (fails(context, 'balance-known', !hasEnded)) return 'Unknown';
  if (trail) trail.credits = { needed, pending };
  const available = (wallet ? availableCredits(wallet, now) : 0n) - pending;
  const pays = wallet?.hasSoftLimit || (needed === undefined ? available > 0n : needed <= available);
  return fails(context, 'credits-sufficient', pays) ? 'InsufficientCredits' : null;
}

/** What is there to spend: the balance without what is held. */
export function availableCredits(wallet: WalletPart, now: number): Amount {
  return wallet.balance - heldAt(wallet, now);
}

/** What usage costs at a rate per unit: rounded half up to 6 places, once. */
export function creditCost(rate: Amount, usage: Amount): Amount {
  const product = rate * usage;
  const half = product + amountScale / 2n;
  // Division of bigints cuts off; half up rounds towards positive infinity, below zero too.
  return half >= 0n ? half / amountScale : -((-half + amountScale - 1n) / amountScale);
}

/** The wallet that pays for a question with or without a resource. */
export function walletOf(snapshots: SnapshotPair, currencyId: string): WalletPart | undefined {
  const scope = walletScopeOf(snapshots, currencyId) === 'resource' ? snapshots.resource : snapshots.customer;
  return scope?.wallets.get(currencyId);
}

/** What is held of a counter or wallet at `now`. */
export function heldAt({ held, heldUntil }: { held: Amount; heldUntil: number | null }, now: number): Amount {
  return heldUntil !== null && now < heldUntil ? held : 0n;
}

/** What is held in the period that `now` lies in: a hold of a finished period is charged to that one. */
export function heldUsageAt(entitlement: Entitlement, counter: UsagePart, now: number): Amount {
  return isOfEarlierPeriod(entitlement, counter, now) ? 0n : heldAt(counter, now);
}

/** The last answer for each rule: calendars are slow, and nearly every question about a rule is about the same period. */
const periods = new WeakMap<ResetRule, UsagePeriod>();

function periodOf(rule: ResetRule, now: number): UsagePeriod {
  const known = periods.get(rule);
  if (known && known.start <= now && now < known.end) return known;
  const period = usagePeriodAt(rule, now);
  periods.set(rule, period);
  return period;
}

/** The period that `now` lies in: the reset rule's, cut where a plan transition began to count anew. */
export function currentUsagePeriod(entitlement: Entitlement, now: number): UsagePeriod | null {
  if (!entitlement.reset) return null;
  const period = periodOf(entitlement.reset, now);
  const countsFrom = entitlement.usageCountsFrom ?? period.start;
  return { start: Math.max(period.start, Math.min(countsFrom, now)), end: period.end };
}

/**
 * Raw usage at `now`: a finished period counts as 0 in the next. Where a source that ended leaves another rule of
 * periods, what was counted stays as long as the period that runs now began before the counted one ended.
 */
export function usageAt(entitlement: Entitlement, counter: UsagePart, now: number): Amount {
  return isOfEarlierPeriod(entitlement, counter, now) ? 0n : counter.currentUsage;
}

function isOfEarlierPeriod(entitlement: Entitlement, counter: UsagePart, now: number): boolean {
  const period = currentUsagePeriod(entitlement, now);
  return period !== null && counter.usagePeriodEnd !== null && period.start >= counter.usagePeriodEnd;
}

/** Raw usage in the units that are shown and compared: divided and rounded as the feature says, never below 0. */
export function shownUsage(raw: Amount, feature: FeatureDescription): Amount {
  const positive = raw < 0n ? 0n : raw;
  const transformation = feature.unitTransformation;
  if (!transformation) return positive;
  const divisor = BigInt(transformation.divide) * amountScale;
  const units = transformation.round === 'UP' ? (positive + divisor - 1n) / divisor : positive / divisor;
  return units * amountScale;
}

function granted(answer: Decision): Decision {
  return { ...answer, hasAccess: true, reason: null };
}

function denied(reason: AccessDeniedReason): Decision {
  return {
    hasAccess: false,
    reason,
    type: null,
    feature: null,
    entitlement: null,
    currentUsage: 0n,
    usageLimit: null,
    usagePeriod: null,
    hasSoftLimit: false,
    wallet: null,
  };
}
