import {
  type Amount,
  creditCost,
  type Decision,
  decide,
  heldUsageAt,
  type Question,
  type Snapshot,
  type SnapshotPair,
  shownUsage,
  usageAt,
} from '@tollgate/contract';
import type { EntitlementFallback } from '../fallback.js';
import type { View } from '../gate-port.js';
import { type Asked, fallbackCovers, takenBy } from './asked.js';
import type { GateMode } from './gate-types.js';
import { type CounterKey, counterOf, type PendingUsage, partOf } from './pending.js';

/** What came of one asked requirement. `unknown`: neither the data nor a fallback says. */
export type Verdict = 'granted' | 'denied' | 'fallback' | 'unknown';

export interface Assessment {
  asked: Asked;
  view: View;
  /** What was decided by at first: `view` is a later look where the engine has answered since. */
  lookedAt: View;
  /** What was pending on the counter then. */
  pendingThen: Amount;
  decision: Decision;
  /** In mode `reserve` a `granted` is what is known here; the engine has the last word. */
  verdict: Verdict;
  mode: GateMode;
  /** True when it is denied, and may not be any more once what this process is sending is with the engine. */
  mayPassOnceSent: boolean;
  /** The counter or wallet that is charged. */
  counter: CounterKey;
  /** Used and held in raw units, without what is pending; null where it is not a counter. */
  counted: Amount | null;
  /** Used so far with what is held and pending, in shown units. 0 where it is not a counter. */
  used: Amount;
  /** The same with this request. */
  usedAfter: Amount;
  /** True once the engine holds the amount: then `view` has it in it. */
  isHeld: boolean;
  /** True when it is let in for being watched only. */
  wouldBeDenied: boolean;
}

export interface Known {
  pending: Pick<PendingUsage, 'of' | 'isGivenBack'>;
  fallback: EntitlementFallback | undefined;
}

/** Decides one requirement from what is known now. Synchronous: nothing can happen between it and taking the amount. */
export function assess(asked: Asked, view: View, { pending, fallback }: Known): Assessment {
  const counter = counterOf(asked.key, asked.requirement.target, view);
  const taken = pending.of(counter);
  const isGivenBack = asked.usage !== undefined && asked.usage < 0n;
  const decision = decideBy(view, asked, taken);
  const mode = modeOf(asked, decision, view);
  const counted = countedIn(view, counter, decision);
  // What is held may be free again at any moment, and a request that comes again may have been charged already: where
  // nothing else stands in the way, the engine is asked.
  const mayPass = (): boolean => asked.repeatedAs !== undefined || grantsWithoutHolds(asked, view, taken);
  const isLeftToEngine = mode === 'reserve' && isForAmount(decision) && mayPass();
  const isOnItsWay = (): boolean => pending.isGivenBack(counter) || (taken > 0n && decideBy(view, asked, 0n).hasAccess);
  // What is given back is never refused: the customer has less of it afterwards whatever the plan says.
  const verdict = isGivenBack || isLeftToEngine ? 'granted' : verdictOf(decision, asked, fallback);
  return {
    asked,
    view,
    lookedAt: view,
    pendingThen: taken,
    decision,
    verdict,
    mode: mode === 'reserve' && (verdict === 'fallback' || verdict === 'unknown') ? 'meter' : mode,
    mayPassOnceSent: verdict === 'denied' && isForAmount(decision) && isOnItsWay(),
    counter,
    counted,
    used: shownWith(decision, counted, taken),
    usedAfter: shownWith(decision, counted, taken + takenBy(asked)),
    isHeld: false,
    wouldBeDenied: false,
  };
}

/**
 * The same for a request that asks the same of the same snapshots, where the answer does not hang on how much is used.
 * `taken`: what is pending by now.
 */
export function assessedAgain(known: Assessment, view: View, taken: Amount): Assessment {
  const { decision, counted } = known;
  const used = shownWith(decision, counted, taken);
  return { ...known, view, lookedAt: view, pendingThen: taken, used, usedAfter: usedAfterAgain(known, taken) };
}

/** Only how much is used after it. */
export function usedAfterAgain({ asked, decision, counted }: Assessment, taken: Amount): Amount {
  return shownWith(decision, counted, taken + takenBy(asked));
}

/** The same, read again once the engine holds the amount: by then what is known has this request in it. */
export function heldAssessment(held: Assessment, view: View, pending: Known['pending']): Assessment {
  const { asked, counter } = held;
  const decision = { ...decide(view.snapshots, questionOf(asked, 0n), view.now), hasAccess: true, reason: null };
  const taken = pending.of(counter);
  const counted = countedIn(view, counter, decision);
  return {
    ...held,
    view,
    decision,
    counted,
    used: shownWith(decision, counted, taken - takenBy(asked)),
    usedAfter: shownWith(decision, counted, taken),
    isHeld: true,
  };
}

/** The same for a request that was charged when it came before: what is known has it in it, and nothing is added. */
export function repeatedAssessment(repeated: Assessment, view: View, pending: Known['pending']): Assessment {
  return heldAssessment({ ...repeated, asked: { ...repeated.asked, usage: 0n } }, view, pending);
}

/** The same, once the engine has refused to hold the amount. */
export function refusedAssessment(
  refused: Assessment,
  reason: NonNullable<Decision['reason']>,
  view: View,
  pending: Known['pending'],
): Assessment {
  const { asked, counter } = refused;
  const decision = { ...decide(view.snapshots, questionOf(asked, 0n), view.now), hasAccess: false, reason };
  const counted = countedIn(view, counter, decision);
  const used = shownWith(decision, counted, pending.of(counter));
  return {
    ...refused,
    view,
    decision,
    counted,
    verdict: reason === 'Unknown' ? 'unknown' : 'denied',
    used,
    usedAfter: used,
  };
}

function decideBy(view: View, asked: Asked, pending: Amount): Decision {
  const refusal = view.refusals?.get(asked.requirement.name);
  if (refusal) return { ...decide(undefined, questionOf(asked, pending), view.now), reason: refusal };
  return decide(view.snapshots, questionOf(asked, pending), view.now);
}

/** What is asked of a customer's snapshots. A negative amount asks for nothing. */
export function questionOf(asked: Asked, pending: Amount): Question {
  const { target, expectedType } = asked.requirement;
  const requested = asked.usage !== undefined && asked.usage < 0n ? undefined : asked.usage;
  if (target.currencyId !== undefined) {
    return { currencyId: target.currencyId, requestedCredits: requested, pendingCredits: pending };
  }
  return {
    featureId: target.featureId,
    expectedType,
    requestedUsage: requested,
    requestedValues: asked.values,
    atMost: asked.atMost,
    pendingUsage: pending,
  };
}

/** A hard limit, and credits, are held in the engine; where nothing is ever refused there is nothing to hold. */
function modeOf(asked: Asked, decision: Decision, view: View): GateMode {
  const isOnlyReported = !asked.isCharged || (asked.usage !== undefined && asked.usage < 0n);
  const mode = asked.mode ?? (isHard(decision) || !view.snapshots ? 'reserve' : 'meter');
  return mode === 'reserve' && isOnlyReported ? 'meter' : mode;
}

function isHard({ type, entitlement, wallet }: Decision): boolean {
  if (type === 'CREDIT') return true;
  const hasHardLimit = entitlement !== null && !entitlement.hasUnlimitedUsage && !entitlement.hasSoftLimit;
  return hasHardLimit || (entitlement?.creditRate != null && !wallet?.hasSoftLimit);
}

const isForAmount = ({ reason }: Decision): boolean =>
  reason === 'RequestedUsageExceedingLimit' || reason === 'InsufficientCredits';

function grantsWithoutHolds(asked: Asked, view: View, taken: Amount): boolean {
  const bare = view.snapshots && withoutHolds(view.snapshots);
  return decide(bare, questionOf(asked, taken), view.now).hasAccess;
}

function withoutHolds({ customer, resource }: SnapshotPair): SnapshotPair {
  const bare = <Part extends { held: Amount }>(parts: ReadonlyMap<string, Part>): Map<string, Part> =>
    new Map([...parts].map(([id, part]) => [id, { ...part, held: 0n }]));
  const bareOf = (one: Snapshot): Snapshot => ({ ...one, usage: bare(one.usage), wallets: bare(one.wallets) });
  return { customer: bareOf(customer), resource: resource && bareOf(resource) };
}

function verdictOf(decision: Decision, asked: Asked, fallback: EntitlementFallback | undefined): Verdict {
  if (decision.hasAccess) return 'granted';
  if (decision.reason !== 'Unknown') return 'denied';
  return fallback && fallbackCovers(fallback, asked) ? 'fallback' : 'unknown';
}

function countedIn(view: View, counter: CounterKey, { entitlement }: Decision): Amount | null {
  const part = partOf(view, counter);
  if (!entitlement || !part) return null;
  return usageAt(entitlement, part, view.now) + heldUsageAt(entitlement, part, view.now);
}

/** What was counted with `extra`, in the units that are shown. */
function shownWith({ feature }: Decision, counted: Amount | null, extra: Amount): Amount {
  return counted === null || !feature ? 0n : shownUsage(counted + extra, feature);
}

/** What a request costs in credits; undefined where a formula says, or nothing was asked for. */
export function creditsAsked({ asked, decision }: Assessment): Amount | undefined {
  if (asked.usage === undefined) return undefined;
  if (asked.requirement.target.currencyId !== undefined) return asked.usage;
  const rate = decision.entitlement?.creditRate?.amount;
  return rate == null ? undefined : creditCost(rate, asked.usage);
}
