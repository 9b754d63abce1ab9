import { createHash } from 'node:crypto';
import { type Amount, type CreditCadence, type UsagePeriod, usagePeriodAt } from '@tollgate/contract';
import type { Catalog } from '../catalog/catalog.js';
import { isRunning, type Subscription } from '../subscription/subscription.js';
import type { CreditEntitlement } from './credit-entitlements.js';
import { type CreditGrant, freeTerms, inBurnOrder } from './credit-grant.js';
import type { CreditState } from './credit-state.js';

/** What a subscription gives under a catalog, whether it runs or not. */
export type GivenBy = (catalog: Catalog, subscription: Subscription) => CreditEntitlement[];

/** Where grants come from at one instant. */
export interface CreditSources {
  customerId: string;
  at: number;
  /** As published at the instant. */
  catalog: Catalog;
  givenBy: GivenBy;
}

/** What becomes of one subscription at an instant; undefined where the customer does not have it. */
export interface SubscriptionTurn {
  before: Subscription | undefined;
  after: Subscription | undefined;
  /** Whether a month of the subscription begins: then what is not given yet for the period is given. */
  isNewMonth: boolean;
}

/** Subscriptions that differ between two lists, and those of which a month begins, in the order of their ids. */
export function turnsOf(
  before: readonly Subscription[],
  after: readonly Subscription[],
  isNewMonth: (subscription: Subscription) => boolean,
): SubscriptionTurn[] {
  const known = new Map(before.map((subscription) => [subscription.subscriptionId, subscription]));
  const left = new Map(after.map((subscription) => [subscription.subscriptionId, subscription]));
  return [...new Set([...known.keys(), ...left.keys()])].sort().flatMap((subscriptionId) => {
    const turn = { before: known.get(subscriptionId), after: left.get(subscriptionId) };
    const begins = turn.after !== undefined && gives(turn.after) && isNewMonth(turn.after);
    return begins || turn.before !== turn.after ? [{ ...turn, isNewMonth: begins }] : [];
  });
}

/** Whether the subscription gives credits at all. */
export const gives = (subscription: Subscription): boolean => isRunning(subscription) && !subscription.isRevoked;

/** The period of recurring credits that an instant lies in: periods are counted as those of usage are. */
export function creditPeriodAt(
  { usageAnchor }: Pick<Subscription, 'usageAnchor'>,
  cadence: CreditCadence,
  at: number,
): UsagePeriod {
  return usagePeriodAt({ period: cadence, accordingTo: 'SubscriptionStart', anchor: usageAnchor }, at);
}

/** When a month of a subscription that gives something next begins after an instant; years begin with one of them. */
export function nextMonth(subscriptions: readonly Subscription[], after: number): number | null {
  const ends = subscriptions.filter(gives).map((subscription) => creditPeriodAt(subscription, 'MONTH', after).end);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The active grants that a turn ends: of what the subscription gives no more, and of another period or wallet. */
export function endedGrants({ grants }: CreditState, turn: SubscriptionTurn, sources: CreditSources): CreditGrant[] {
  const { before, after } = turn;
  const subscriptionId = (after ?? before)?.subscriptionId;
  const own = grants.filter((grant) => grant.subscriptionId === subscriptionId && grant.status === 'ACTIVE');
  if (own.length === 0 || before === after) return [];
  const wanted = wantedBy(after, sources);
  const unwanted = [...wantedBy(before, sources).keys()].filter((key) => !wanted.has(key));
  // What only a publish took out of the package lasts until its period is over.
  const isEnded = (grant: CreditGrant): boolean =>
    after === undefined ||
    !gives(after) ||
    grant.resourceId !== after.resourceId ||
    unwanted.includes(keyOf(grant.currencyId, periodOf(grant)));
  return own.filter(isEnded).sort(inBurnOrder);
}

/**
 * The grants that a turn makes. A month that begins gives what was not given for its period. A subscription that changed
 * so that it gives more gives the difference at once: of a grant that ended early only what was consumed counts as given.
 */
export function newGrants({ grants }: CreditState, turn: SubscriptionTurn, sources: CreditSources): CreditGrant[] {
  const { before, after, isNewMonth } = turn;
  if (!after) return [];
  const earlier = before === after ? undefined : wantedBy(before, sources);
  const isElsewhere = before?.resourceId !== after.resourceId;
  return [...wantedBy(after, sources)].flatMap(([key, wanted]) => {
    const issued = grants.filter(
      (grant) => grant.subscriptionId === after.subscriptionId && keyOf(grant.currencyId, periodOf(grant)) === key,
    );
    const isMore = earlier !== undefined && (isElsewhere || earlier.get(key)?.amount !== wanted.amount);
    if (!isMore && !(isNewMonth && issued.length === 0)) return [];
    const amount = issued.reduce((left, grant) => left - countedAsGiven(grant), wanted.amount);
    return amount > 0n ? [recurringGrant(after, { ...wanted, amount }, issued.length, sources)] : [];
  });
}

const countedAsGiven = ({ status, amount, consumed }: CreditGrant): Amount =>
  status === 'EXPIRED' ? consumed : amount;

type Wanted = CreditEntitlement & { period: UsagePeriod };

/** By currency and period: monthly and yearly credits of one currency stand beside each other. */
function wantedBy(subscription: Subscription | undefined, { catalog, at, givenBy }: CreditSources) {
  if (!subscription || !gives(subscription)) return new Map<string, Wanted>();
  const wanted = givenBy(catalog, subscription).map((given): [string, Wanted] => {
    const period = creditPeriodAt(subscription, given.cadence, at);
    return [keyOf(given.currencyId, period), { ...given, period }];
  });
  return new Map(wanted);
}

const keyOf = (currencyId: string, { start, end }: UsagePeriod): string => `${currencyId} ${start} ${end}`;

const periodOf = ({ periodStart, expireAt }: CreditGrant): UsagePeriod => ({
  start: periodStart ?? Number.NaN,
  end: expireAt ?? Number.NaN,
});

/** The place of a grant in the order of burning where nobody says otherwise. */
const usualPriority = 50;

function recurringGrant(
  { subscriptionId, resourceId }: Subscription,
  { currencyId, amount, sourceType, period }: Wanted,
  issuedBefore: number,
  { customerId, at }: CreditSources,
): CreditGrant {
  const name = JSON.stringify([customerId, subscriptionId, currencyId, period.start, period.end, issuedBefore]);
  return {
    // Everybody who computes it comes to the same id.
    grantId: `grant-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`,
    currencyId,
    resourceId,
    grantType: 'RECURRING',
    sourceType,
    status: 'ACTIVE',
    amount,
    consumed: 0n,
    priority: usualPriority,
    effectiveAt: at,
    expireAt: period.end,
    voidedAt: null,
    createdAt: at,
    subscriptionId,
    periodStart: period.start,
    terms: freeTerms('Recurring credits'),
  };
}

/** Whether a grant that has ended still tells what was given for a period that runs. */
export function isRemembered({ grantType, expireAt }: CreditGrant, now: number): boolean {
  return grantType === 'RECURRING' && expireAt !== null && expireAt > now;
}
