import { type Amount, amountToNumber } from './amount.js';
import { type Decision, decide, heldAt, heldUsageAt, type Question, usageAt, walletOf } from './decision.js';
import type { DecisionCheck, DecisionTrail } from './decision-trail.js';
import type { AccessDeniedReason, EntitlementType } from './enums.js';
import { scopeOf, walletScopeOf } from './most-generous.js';
import type { SnapshotPair } from './snapshot.js';
import type { Version } from './version.js';
import { toIso, toIsoOrNull } from './wire.js';

/** A decision with everything that led to it. Instants are ISO 8601; made to be read, and to be put into JSON. */
export interface Explanation {
  hasAccess: boolean;
  /** Null when access is granted. `Unknown`: the data does not say, so a fallback answers. */
  reason: AccessDeniedReason | null;
  /** Why, in one plain sentence. */
  sentence: string;
  type: EntitlementType | null;
  /** What was compared, in this order: the last one that did not pass is the one that said no. */
  steps: ExplainedStep[];
  /** Null where usage is not counted, or nothing is known of it. */
  usage: ExplainedUsage | null;
  /** Null where credits play no part. */
  credits: ExplainedCredits | null;
  /** What the decision rests on. */
  parts: ExplainedPart[];
}

export interface ExplainedStep {
  check: DecisionCheck;
  isPassed: boolean;
  sentence: string;
}

/** Raw units, but for what is compared and the limit: those are shown units. */
export interface ExplainedUsage {
  used: number;
  /** Reserved and not settled. */
  held: number;
  /** Let in by this process and not stored yet. */
  pending: number;
  requested: number | null;
  /** All of it together, as it is held against the limit; null where there is nothing to hold it against. */
  compared: number | null;
  /** Null when unlimited. */
  limit: number | null;
  hasSoftLimit: boolean;
  /** When it starts again from zero; null when it never does. */
  resetAt: string | null;
}

/** Credits. */
export interface ExplainedCredits {
  currencyId: string;
  balance: number;
  held: number;
  pending: number;
  /** Null when nothing was asked for, or a formula says what it costs. */
  requested: number | null;
  hasSoftLimit: boolean;
}

/** One part of a snapshot: older news never takes its place. */
export interface ExplainedPart {
  part: 'grants' | 'usage' | 'wallet';
  /** Whose: the customer's own, or the resource's. */
  of: 'customer' | 'resource';
  /** Null for grants. */
  id: string | null;
  version: Omit<Version, 'validFrom'> & { validFrom: string };
  /** Past this instant it is fetched again; null when nothing is due. */
  validUntil: string | null;
  /** True when that instant has passed. */
  isDue: boolean;
}

/** Decides a question with `decide` itself, and says how that came about. Pure, like it, and never throws. */
export function explainDecision(snapshots: SnapshotPair | undefined, question: Question, now: number): Explanation {
  const trail: DecisionTrail = { steps: [] };
  const decision = decide(snapshots, question, now, trail);
  const usage = usageOf(snapshots, question, { decision, trail, now });
  const credits = creditsOf(decision, trail, now);
  const steps = trail.steps.map(({ check, isPassed }) => ({
    check,
    isPassed,
    sentence: sentenceOf(check, isPassed, { decision, question, usage, credits }),
  }));
  const blocking = steps.findLast((step) => !step.isPassed);
  return {
    hasAccess: decision.hasAccess,
    reason: decision.reason,
    sentence: decision.hasAccess ? grantedSentence(decision, usage) : (blocking?.sentence ?? ''),
    type: decision.type,
    steps,
    usage,
    credits,
    parts: snapshots ? partsOf(snapshots, question, decision, now) : [],
  };
}

interface Facts {
  decision: Decision;
  question: Question;
  usage: ExplainedUsage | null;
  credits: ExplainedCredits | null;
}

function usageOf(
  snapshots: SnapshotPair | undefined,
  question: Question,
  { decision, trail, now }: { decision: Decision; trail: DecisionTrail; now: number },
): ExplainedUsage | null {
  const { entitlement } = decision;
  if (!snapshots || 'currencyId' in question || decision.type !== 'METERED' || !entitlement) return null;
  const scope = scopeOf(snapshots, question.featureId);
  const counter = (scope === 'resource' ? snapshots.resource : snapshots.customer)?.usage.get(question.featureId);
  if (!counter) return null;
  return {
    used: amountToNumber(usageAt(entitlement, counter, now)),
    held: amountToNumber(heldUsageAt(entitlement, counter, now)),
    pending: amountToNumber(question.pendingUsage ?? 0n),
    requested: numberOrNull(question.requestedUsage),
    compared: numberOrNull(trail.compared),
    limit: numberOrNull(decision.usageLimit),
    hasSoftLimit: entitlement.hasSoftLimit,
    resetAt: toIsoOrNull(decision.usagePeriod?.end ?? null),
  };
}

function creditsOf({ wallet, entitlement }: Decision, trail: DecisionTrail, now: number): ExplainedCredits | null {
  const currencyId = wallet?.currency.currencyId ?? entitlement?.creditRate?.currencyId;
  if (currencyId === undefined) return null;
  return {
    currencyId,
    balance: amountToNumber(wallet?.balance ?? 0n),
    held: amountToNumber(wallet ? heldAt(wallet, now) : 0n),
    pending: amountToNumber(trail.credits?.pending ?? 0n),
    requested: numberOrNull(trail.credits?.needed),
    hasSoftLimit: wallet?.hasSoftLimit ?? false,
  };
}

function partsOf(pair: SnapshotPair, question: Question, { wallet }: Decision, now: number): ExplainedPart[] {
  const { customer, resource } = pair;
  const explained = (
    part: ExplainedPart['part'],
    of: ExplainedPart['of'],
    id: string | null,
    { version, validUntil }: { version: Version; validUntil: number | null },
  ): ExplainedPart => ({
    part,
    of,
    id,
    version: { ...version, validFrom: toIso(version.validFrom) },
    validUntil: toIsoOrNull(validUntil),
    isDue: validUntil !== null && now >= validUntil,
  });
  const parts = [explained('grants', 'customer', null, customer.grants)];
  if (resource) parts.push(explained('grants', 'resource', null, resource.grants));
  if (!('currencyId' in question)) {
    const of = scopeOf(pair, question.featureId);
    const counter = (of === 'resource' ? resource : customer)?.usage.get(question.featureId);
    if (counter) parts.push(explained('usage', of, counter.featureId, counter));
  }
  const paying = wallet && walletOf(pair, wallet.currency.currencyId);
  if (paying) {
    const { currencyId } = paying.currency;
    parts.push(explained('wallet', walletScopeOf(pair, currencyId), currencyId, paying));
  }
  return parts;
}

function grantedSentence({ type, entitlement }: Decision, usage: ExplainedUsage | null): string {
  if (type === 'METERED' && usage?.limit === null) return 'It is granted without a limit.';
  if (type === 'METERED' && entitlement?.hasSoftLimit) {
    return `It is granted: the limit of ${usage?.limit} is soft, so usage beyond it is counted and not stopped.`;
  }
  return 'It is granted: nothing stands in the way.';
}

function sentenceOf(check: DecisionCheck, isPassed: boolean, facts: Facts): string {
  const [yes, no] = sentences[check](facts);
  return isPassed ? yes : no;
}

type Sentences = readonly [whenPassed: string, otherwise: string];

const sentences: Readonly<Record<DecisionCheck, (facts: Facts) => Sentences>> = {
  'state-known': () => ['The state of the customer is known.', 'Nothing is known of the customer right now.'],
  'customer-known': () => ['The customer exists.', 'There is no such customer.'],
  'customer-not-archived': () => ['The customer is not archived.', 'The customer is archived.'],
  entitled: () => ['A source gives something of the feature.', 'No source gives anything of the feature.'],
  'resource-known': () => ['The resource exists.', 'The customer has no such resource.'],
  'subscription-active': () => [
    'A subscription is active: it just does not include this.',
    'No subscription is active, and no promotional grant stands in for one.',
  ],
  'sources-known': () => [
    'What the sources give at this instant is known.',
    'Every source that is known has ended, and the engine could not be asked for what follows.',
  ],
  'kind-matches': ({ decision: { type }, question }) => [
    `The feature is of the kind ${type}.`,
    `The feature is of the kind ${type}, and ${'expectedType' in question ? question.expectedType : 'another'} was asked for.`,
  ],
  'not-revoked': () => ['It is not revoked.', 'Access is revoked explicitly.'],
  'values-granted': ({ decision: { entitlement } }) => {
    const granted = entitlement?.enumValues.join(', ') || 'none';
    return [
      `All values asked for are granted: ${granted}.`,
      `A value asked for is not granted; granted are: ${granted}.`,
    ];
  },
  'value-sufficient': ({ decision: { usageLimit }, question }) => {
    const value = usageLimit === null ? 'unlimited' : String(amountToNumber(usageLimit));
    const asked = 'atMost' in question ? numberOrNull(question.atMost) : null;
    return [`The value is ${value}, which is enough.`, `The value is ${value}, and ${asked} is needed.`];
  },
  'usage-known': () => ['What was used is known.', 'It is not known what was used.'],
  'within-limit': ({ usage }) => {
    const sum = `${usage?.used} used, ${usage?.held} held, ${usage?.pending} pending`;
    const compared = usage?.requested == null ? sum : `${sum} and ${usage.requested} asked for`;
    return [
      `${compared} come to ${usage?.compared}, within the limit of ${usage?.limit}.`,
      `${compared} come to ${usage?.compared}: the limit of ${usage?.limit} ${usage?.requested == null ? 'is reached' : 'would be passed'}.`,
    ];
  },
  'wallet-found': () => [
    'There is a wallet of the currency.',
    'The customer was never given credits of this currency.',
  ],
  'balance-known': () => [
    'The balance at this instant is known.',
    'A grant of credits has begun or ended since, and the engine could not be asked for the balance.',
  ],
  'credits-sufficient': ({ credits }) => {
    const state = `The balance is ${credits?.balance}, with ${credits?.held} held and ${credits?.pending} pending`;
    const needed = credits?.requested == null ? 'any' : String(credits.requested);
    const soft = credits?.hasSoftLimit ? ', and more may be used than there is' : '';
    return [`${state}${soft}: enough for ${needed}.`, `${state}: not enough for ${needed}.`];
  },
};

const numberOrNull = (amount: Amount | null | undefined): number | null =>
  amount == null ? null : amountToNumber(amount);
