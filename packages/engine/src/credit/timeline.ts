import type { Subscription } from '../subscription/subscription.js';
import type { CatalogAt, TimelineMoment } from '../subscription/timeline.js';
import { activate, endGrant } from './burn.js';
import { type CreditEvent } from './credit-events.js';
import { type CreditGrant, inBurnOrder, isSameWallet, type WalletKey } from './credit-grant.js';
import type { CreditState } from './credit-state.js';
import { eventsBetween } from './events-between.js';
import {
  type CreditSources,
  creditPeriodAt,
  endedGrants,
  type GivenBy,
  newGrants,
  nextMonth,
  type SubscriptionTurn,
  turnsOf,
} from './recurring-credits.js';

/** What becomes of a customer's credits follows from what becomes of the subscriptions. */
export interface CreditTime {
  customerId: string;
  /** As they stand when it begins, and at each instant at which time changed them. */
  subscriptions: readonly Subscription[];
  moments: readonly TimelineMoment[];
  /** Nothing was due before it. */
  from: number;
  until: number;
  catalogAt: CatalogAt;
  givenBy: GivenBy;
}

/** Credits after something was done to them, and what is to be told of it. */
export interface CreditTimeline {
  credits: CreditState;
  events: CreditEvent[];
}

/** The next instant at which a grant begins or ends by itself, in one wallet or in all; null when none does. */
export function nextCreditStep(state: CreditState, wallet?: WalletKey): number | null {
  const instants = state.grants
    .filter((grant) => wallet === undefined || isSameWallet(grant, wallet))
    .flatMap((grant) => stepOf(grant) ?? []);
  return instants.length === 0 ? null : Math.min(...instants);
}

/**
 * Does everything that was due from one instant up to and including another, each step at its own instant and with the
 * catalog as it was published then. What ends at an instant ends before anything begins at it, so nothing is rolled over.
 * Pure, and the same whether it runs often or once.
 */
export function bringCreditsUpTo(before: CreditState, time: CreditTime): CreditTimeline {
  const { customerId, moments, from, until, catalogAt, givenBy } = time;
  let credits = before;
  let subscriptions = time.subscriptions;
  const events: CreditEvent[] = [];
  for (let last = from - 1; ; ) {
    const moment = moments.find((one) => one.at > last);
    const instants = [nextCreditStep(credits), moment?.at ?? null, nextMonth(subscriptions, last)];
    const at = Math.min(...instants.filter((instant) => instant !== null));
    if (at > until) return { credits, events };
    const after = moment?.at === at ? moment.subscriptions : subscriptions;
    const isNewMonth = (one: Subscription) => creditPeriodAt(one, 'MONTH', at).start === at;
    const turns = turnsOf(subscriptions, after, isNewMonth);
    const done = take(credits, turns, { customerId, at, catalog: catalogAt(at), givenBy });
    credits = done.credits;
    events.push(...done.events);
    subscriptions = after;
    last = Math.max(last, at);
  }
}

/** What a change of subscriptions at one instant does to credits: it gives what more is to be had, and ends what is not. */
export function creditsAfterChange(
  credits: CreditState,
  subscriptions: { before: readonly Subscription[]; after: readonly Subscription[] },
  sources: CreditSources,
): CreditTimeline {
  return take(
    credits,
    turnsOf(subscriptions.before, subscriptions.after, () => false),
    sources,
  );
}

function take(before: CreditState, turns: readonly SubscriptionTurn[], sources: CreditSources): CreditTimeline {
  const { at, customerId } = sources;
  const due = before.grants.filter((grant) => stepOf(grant) === at).sort(inBurnOrder);
  let credits = before;
  const ending = due.filter(({ status }) => status === 'ACTIVE');
  for (const grant of ending) credits = endGrant(credits, grant, 'EXPIRED', at);
  for (const turn of turns) {
    for (const grant of endedGrants(credits, turn, sources)) credits = endGrant(credits, grant, 'EXPIRED', at);
  }
  for (const grant of due.filter(({ status }) => status === 'SCHEDULED')) credits = activate(credits, grant, at);
  for (const turn of turns) {
    for (const grant of newGrants(credits, turn, sources)) credits = activate(credits, grant, at);
  }
  return { credits, events: eventsBetween(before, credits, customerId, at) };
}

function stepOf({ status, effectiveAt, expireAt }: CreditGrant): number | null {
  if (status === 'SCHEDULED') return effectiveAt;
  return status === 'ACTIVE' ? expireAt : null;
}
