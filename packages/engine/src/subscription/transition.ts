import { TollgateError } from '@tollgate/contract';
import { equalJson } from '../catalog/json.js';
import { giveUpPayment } from './awaited-payment.js';
import { withCancellationDate } from './cancellation-date.js';
import { type Happened, happened } from './happened.js';
import { newSubscription } from './new-subscription.js';
import { isPackageChange, scheduleRequest, waitsUntil } from './planned-change.js';
import { withoutPending } from './schedule.js';
import type { Subscription } from './subscription.js';
import type { RequestMoment, SubscriptionRequest } from './subscription-request.js';
import { isSamePlace, startNow } from './timeline.js';

/** What becomes of a customer's subscriptions when one is asked for. */
export interface Transition {
  subscriptions: readonly Subscription[];
  /** The one that was asked for, be it new or there already; where a change was scheduled, the one that it is due on. */
  subscription: Subscription;
  events: readonly Happened[];
  /** True when what was asked for happens later. */
  isScheduled: boolean;
}

/** `subscriptions` are all of the customer's, past ones too. */
export interface TransitionMoment extends RequestMoment {
  customerId: string;
  /** The customer's revision that this change makes. */
  revision: number;
  /** A new id for what the request does not name. */
  newId(prefix: string): string;
  /** True where somebody collects payments. */
  isCollected?: boolean;
  /** True for a sign-up, which leaves the trial of the very plan alone; otherwise asking for it again is buying it. */
  isSignUp?: boolean;
}

/**
 * Per customer, product and resource one subscription runs, with one trial beside it. A new one ends the one before it at
 * its own start, or waits for the end of its term; asking for exactly what is there changes nothing.
 */
export function transition(request: SubscriptionRequest, moment: TransitionMoment): Transition {
  const { subscriptions, now } = moment;
  const place = { productId: request.plan.content.productId, resourceId: request.resourceId };
  const here = subscriptions.filter((other) => isSamePlace(other, place));
  const same = here.find((other) => isSamePackage(other, request) && isAsAsked(other, request, moment));
  if (same) return withDetails(same, request, moment);
  if (subscriptions.some(({ subscriptionId }) => subscriptionId === request.subscriptionId)) {
    const message = `subscription ${request.subscriptionId} runs on another plan or with other terms: a new one needs an id of its own`;
    throw new TollgateError('CONFLICT', message, { field: 'subscriptionId' });
  }
  const running = here.find(({ status }) => status === 'ACTIVE');
  const dueAt = running ? waitsUntil(running, request, now) : null;
  if (!running || dueAt === null) return begin(request, here, moment);
  const changed = scheduleRequest(running, request, dueAt, moment);
  return { ...replaceOne(subscriptions, running, changed, now), isScheduled: true };
}

function isSamePackage(other: Subscription, request: SubscriptionRequest): boolean {
  const addons = other.addons.map(({ addonId, quantity }) => ({ addonId, quantity }));
  return (
    other.planId === request.plan.id &&
    other.billingPeriod === request.billingPeriod &&
    equalJson(addons, request.addons) &&
    equalJson(other.billableFeatures, request.billableFeatures ?? []) &&
    equalJson(other.entitlements, request.entitlements ?? {}) &&
    equalJson(other.creditEntitlements, request.creditEntitlements ?? {}) &&
    (request.subscriptionId === null || request.subscriptionId === other.subscriptionId)
  );
}

/** Whether what is there has begun, or will begin, in the way that was asked for. */
function isAsAsked(other: Subscription, request: SubscriptionRequest, { now, isSignUp }: TransitionMoment): boolean {
  const isSameStart = !request.isStartGiven || request.startDate === other.startDate || request.startDate === now;
  switch (other.status) {
    case 'NOT_STARTED':
      return request.startDate === other.startDate;
    case 'IN_TRIAL':
      if (request.startDate > now) return false;
      if (request.trialEndDate !== null) return !request.isTrialEndGiven || request.trialEndDate === other.trialEndDate;
      // Who names the subscription repeats a call; who does not name it wants what comes after the trial.
      return !request.isTrialDeclined && (isSignUp || request.subscriptionId === other.subscriptionId);
    case 'ACTIVE':
    case 'PAYMENT_PENDING':
      return request.trialEndDate === null && request.startDate <= now && isSameStart;
    default:
      return false;
  }
}

/** The package stays; what else the call says of it is taken over. */
function withDetails(same: Subscription, request: SubscriptionRequest, moment: TransitionMoment): Transition {
  const { subscriptions, now, isSignUp } = moment;
  const { metadata, kept = {}, payingCustomerId, budget, paymentCollectionMethod, cancellationDate } = request;
  const detailed: Subscription = {
    ...same,
    ...(Object.keys(metadata).length > 0 && { metadata }),
    kept: { ...same.kept, ...kept },
    payingCustomerId: payingCustomerId ?? same.payingCustomerId,
    budget: budget ?? same.budget,
    paymentCollectionMethod: paymentCollectionMethod ?? same.paymentCollectionMethod,
  };
  const dated = cancellationDate
    ? withCancellationDate(detailed, same.status === 'IN_TRIAL', cancellationDate)
    : detailed;
  // Asking for what runs takes back the plan to leave it.
  const changed = isSignUp ? dated : withoutPending(dated, isPackageChange);
  const isScheduled = same.status === 'NOT_STARTED';
  if (equalJson(changed, same)) return { subscriptions, subscription: same, events: [], isScheduled };
  return { ...replaceOne(subscriptions, same, changed, now), isScheduled };
}

function replaceOne(
  subscriptions: readonly Subscription[],
  before: Subscription,
  after: Subscription,
  at: number,
): Omit<Transition, 'isScheduled'> {
  if (after === before) return { subscriptions, subscription: before, events: [] };
  const others = subscriptions.map((other) => (other === before ? after : other));
  return { subscriptions: others, subscription: after, events: [happened('subscription.updated', at, after)] };
}

function begin(request: SubscriptionRequest, here: readonly Subscription[], moment: TransitionMoment): Transition {
  const { customerId, subscriptions, now: at } = moment;
  const subscriptionId = request.subscriptionId ?? moment.newId('subscription');
  const billingCycleAnchor = keptAnchor(request, here);
  const asked = newSubscription(
    customerId,
    { ...request, billingCycleAnchor },
    { ...moment, at, subscriptionId },
    replacedBy(request, here),
  );
  const given = giveWay(subscriptions, here, asked, at);
  const created = happened('subscription.created', at, asked);
  const events = [...given.events, created];
  const all = [asked, ...given.subscriptions];
  // What waits for its start or, as PAYMENT_PENDING, for its first payment gives nothing yet and ends nothing.
  if (asked.status === 'NOT_STARTED' || asked.status === 'PAYMENT_PENDING') {
    return { subscriptions: all, subscription: asked, events, isScheduled: asked.status === 'NOT_STARTED' };
  }
  const started = startNow(all, asked, at);
  const subscription = started.subscriptions.find((other) => other.subscriptionId === subscriptionId) as Subscription;
  // That it began is said once, as its creation.
  const told = started.events.filter(({ type }) => type !== 'subscription.updated');
  return { subscriptions: started.subscriptions, subscription, events: [...events, ...told], isScheduled: false };
}

/** The subscription whose usage periods a new one may carry on with. */
function replacedBy(request: SubscriptionRequest, here: readonly Subscription[]): Subscription | null {
  const running = here.find(({ status }) => status === 'ACTIVE') ?? null;
  // A free plan begins beside a trial and does not touch it.
  if (request.plan.content.pricingType === 'FREE') return running;
  return here.find(({ status }) => status === 'IN_TRIAL') ?? running;
}

/** Between two paid plans with the same billing period the dates of the bills stay, unless they are to begin anew. */
function keptAnchor(request: SubscriptionRequest, here: readonly Subscription[]): number | undefined {
  const before = here.find(({ status }) => status === 'ACTIVE');
  if (request.billingCycleAnchor === 'NOW' || request.isStartGiven || request.trialEndDate !== null) return undefined;
  const isPaidMove = before?.pricingType === 'PAID' && request.plan.content.pricingType === 'PAID';
  return isPaidMove && before.billingPeriod === request.billingPeriod ? before.billingCycleAnchor : undefined;
}

/** There is one plan for the future, not a queue: what was to start in this place, or was never paid, gives way. */
function giveWay(
  subscriptions: readonly Subscription[],
  here: readonly Subscription[],
  asked: Subscription,
  at: number,
): { subscriptions: readonly Subscription[]; events: readonly Happened[] } {
  const isTrial = (subscription: Subscription) => subscription.trialEndDate !== null;
  const events: Happened[] = [];
  let left = subscriptions;
  for (const other of here) {
    if (other.status === 'PAYMENT_PENDING' && !isTrial(asked)) {
      const given = giveUpPayment(left, other, at, 'UPGRADE_OR_DOWNGRADE');
      left = given.subscriptions;
      events.push(...given.events);
    }
    if (other.status !== 'NOT_STARTED' || asked.status === 'PAYMENT_PENDING') continue;
    if (isTrial(asked) && !isTrial(other)) continue;
    const ended: Subscription = { ...other, status: 'CANCELED', endDate: at, cancelReason: 'UPGRADE_OR_DOWNGRADE' };
    left = left.map((one) => (one === other ? ended : one));
    events.push(happened('subscription.canceled', at, ended));
  }
  return { subscriptions: left, events };
}
