import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.js';
import { giveUpPayment } from './awaited-payment.js';
import { changeSubscription, isStillPossible } from './change-subscription.js';
import { type Ending, endSubscription } from './end-subscription.js';
import { type Happened, happened, type Timeline } from './happened.js';
import { withoutPending } from './schedule.js';
import {
  endsAt,
  type FutureUpdate,
  isOpen,
  isRunning,
  type Subscription,
  type SubscriptionChange,
} from './subscription.js';
import { usageCutoff } from './usage-cutoff.js';

/** The catalog as it was published at an instant. */
export type CatalogAt = (instant: number) => Catalog;

type StepKind = 'payment-due' | 'trial-end' | 'cancellation' | 'update' | 'start';
const kinds: readonly StepKind[] = ['payment-due', 'cancellation', 'trial-end', 'update', 'start'];

/** Something that time does to one subscription, at its own instant. */
interface Step {
  at: number;
  kind: StepKind;
  subscription: Subscription;
  update?: FutureUpdate;
}

/** What there is from an instant on, after everything that time did at it. */
export interface TimelineMoment {
  at: number;
  subscriptions: readonly Subscription[];
}

/** The next instant at which time changes a subscription; null when nothing is due any more. */
export function nextDueAt(subscriptions: readonly Subscription[]): number | null {
  return nextStep(subscriptions)?.at ?? null;
}

/**
 * Does everything that was due up to and including `now`, each step at its own instant and with the catalog as it was
 * published then. Pure, and the same whether it runs often or once: a read computes it, a write stores it.
 */
export function bringUpTo(
  before: readonly Subscription[],
  now: number,
  catalogAt: CatalogAt,
): Timeline & { moments: TimelineMoment[] } {
  let subscriptions = before;
  const events: Happened[] = [];
  const moments: TimelineMoment[] = [];
  for (let step = nextStep(subscriptions); step && step.at <= now; step = nextStep(subscriptions)) {
    const done = takeStep(subscriptions, step, catalogAt(step.at));
    subscriptions = done.subscriptions;
    events.push(...done.events);
    if (moments.at(-1)?.at === step.at) moments.pop();
    moments.push({ at: step.at, subscriptions });
  }
  return { subscriptions, events, moments };
}

function nextStep(subscriptions: readonly Subscription[]): Step | undefined {
  return subscriptions.filter(isOpen).flatMap(stepsOf).sort(byOrder)[0];
}

/**
 * At one instant cancellations come before the ends of trials, so that a trial which is cancelled at its end never becomes
 * a purchase; those before updates, and all of them before what starts.
 */
function byOrder(a: Step, b: Step): number {
  const kind = kinds.indexOf(a.kind) - kinds.indexOf(b.kind);
  return a.at - b.at || kind || (a.subscription.subscriptionId < b.subscription.subscriptionId ? -1 : 1);
}

function stepsOf(subscription: Subscription): Step[] {
  const { status, startDate, trialEndDate, cancellationDate, futureUpdates, paymentDueDate } = subscription;
  if (status === 'PAYMENT_PENDING') {
    return paymentDueDate === null ? [] : [{ at: paymentDueDate, kind: 'payment-due', subscription }];
  }
  const steps: Step[] = [];
  if (status === 'NOT_STARTED') return [{ at: startDate, kind: 'start', subscription }];
  if (status === 'IN_TRIAL' && trialEndDate !== null) steps.push({ at: trialEndDate, kind: 'trial-end', subscription });
  if (cancellationDate !== null) steps.push({ at: cancellationDate, kind: 'cancellation', subscription });
  for (const update of futureUpdates) {
    if (update.scheduleStatus !== 'SCHEDULED') continue;
    steps.push({ at: update.scheduledExecutionTime, kind: 'update', subscription, update });
  }
  return steps;
}

function takeStep(subscriptions: readonly Subscription[], step: Step, catalog: Catalog): Timeline {
  const { at, subscription } = step;
  switch (step.kind) {
    case 'payment-due':
      return giveUpPayment(subscriptions, subscription, at, 'PENDING_PAYMENT_EXPIRED');
    case 'start':
      return startNow(subscriptions, withCutoff(subscriptions, subscription, at, catalog), at);
    case 'trial-end':
      return endTrial(subscriptions, subscription, at, catalog);
    case 'cancellation':
      return endSubscription(subscriptions, subscription, ended('ScheduledCancellation', at, catalog));
    case 'update':
      return runUpdate(subscriptions, subscription, step.update as FutureUpdate, at, catalog);
  }
}

const ended = (reason: Ending['reason'], at: number, catalog: Catalog): Ending => ({
  status: 'CANCELED',
  reason,
  at,
  catalog,
  newId: derivedId,
});

/** A subscription that time makes has an id that follows from the one before it, so that every computation agrees. */
export function derivedId(subscriptionId: string, at: number): string {
  return `subscription-${createHash('sha256').update(`${subscriptionId}/${at}`).digest('hex').slice(0, 32)}`;
}

/** A subscription whose start has come takes the place of the one of its kind that runs. */
export function startNow(subscriptions: readonly Subscription[], starting: Subscription, at: number): Timeline {
  const isTrial = starting.trialEndDate !== null && starting.trialEndDate > at;
  const started: Subscription = { ...starting, status: isTrial ? 'IN_TRIAL' : 'ACTIVE' };
  const events: Happened[] = [];
  const after = subscriptions.map((other) => {
    if (other.subscriptionId === starting.subscriptionId) return started;
    if (!isSamePlace(other, starting) || !isRunning(other)) return other;
    // A start that is bought ends the trial of the same product too: the trial has done its work. A free one does not.
    const isReplaced = other.status === 'IN_TRIAL' ? isTrial || starting.pricingType !== 'FREE' : !isTrial;
    if (!isReplaced) return other;
    const reason = other.status === 'IN_TRIAL' && !isTrial ? 'TRIAL_CONVERTED' : 'UPGRADE_OR_DOWNGRADE';
    const replaced: Subscription = { ...withoutPending(other), status: 'CANCELED', endDate: at, cancelReason: reason };
    events.push(happened(reason === 'TRIAL_CONVERTED' ? 'trial.converted' : 'subscription.canceled', at, replaced));
    return replaced;
  });
  events.push(happened('subscription.updated', at, started));
  if (isTrial) events.push(happened('trial.started', at, started));
  return { subscriptions: after, events };
}

/** A subscription that was asked for ahead carries on with what runs when its start comes, not with what ran then. */
function withCutoff(
  subscriptions: readonly Subscription[],
  starting: Subscription,
  at: number,
  catalog: Catalog,
): Subscription {
  const running = subscriptions.filter((other) => isSamePlace(other, starting) && isRunning(other));
  const replaced = running.find(({ status }) => status === 'IN_TRIAL') ?? running[0] ?? null;
  const behavior = catalog.products.get(starting.productId)?.content.usageResetCutoffRule?.behavior ?? 'ALWAYS_RESET';
  return { ...starting, ...usageCutoff(replaced, starting, behavior, at, null) };
}

type Place = Pick<Subscription, 'productId' | 'resourceId'>;

export function isSamePlace(a: Place, b: Place): boolean {
  return a.productId === b.productId && a.resourceId === b.resourceId;
}

function endTrial(subscriptions: readonly Subscription[], trial: Subscription, at: number, catalog: Catalog): Timeline {
  if (trial.trialEndBehavior === 'CONVERT_TO_PAID') {
    const paying: Subscription = {
      ...trial,
      status: 'ACTIVE',
      billingCycleAnchor: at,
      paymentCollection: 'NOT_REQUIRED',
    };
    const others = subscriptions.filter(({ subscriptionId }) => subscriptionId !== trial.subscriptionId);
    const started = startNow([...others, paying], { ...paying, trialEndDate: null }, at);
    // The date stays on the subscription: that it was once a trial decides about the next one.
    const kept = started.subscriptions.map((other) =>
      other.subscriptionId === trial.subscriptionId ? { ...other, trialEndDate: trial.trialEndDate } : other,
    );
    return { subscriptions: kept, events: [...started.events, happened('trial.converted', at, paying)] };
  }
  const ending: Ending = { ...ended('TRIAL_ENDED', at, catalog), status: 'EXPIRED' };
  const done = endSubscription(subscriptions, trial, ending);
  return { ...done, events: [...done.events, happened('subscription.trial_expired', at, trial)] };
}

/**
 * A scheduled change takes what is published when it runs, not what was when it was asked for. What cannot be done any
 * more, because it left the catalog meanwhile, leaves the subscription as it is.
 */
function runUpdate(
  subscriptions: readonly Subscription[],
  subscription: Subscription,
  update: FutureUpdate,
  at: number,
  catalog: Catalog,
): Timeline {
  const isPossible = isStillPossible(update.change, catalog);
  const scheduleStatus = isPossible ? 'DONE' : 'FAILED';
  const futureUpdates = subscription.futureUpdates.map((other) =>
    other.id === update.id ? { ...other, scheduleStatus } : other,
  ) satisfies FutureUpdate[];
  const marked = { ...subscription, futureUpdates };
  const others = subscriptions.map((other) => (other.subscriptionId === marked.subscriptionId ? marked : other));
  if (!isPossible) return { subscriptions: others, events: [happened('subscription.updated', at, marked)] };
  const change: SubscriptionChange = { ...update.change, migratesToLatest: true };
  return changeSubscription(others, marked, change, { at, catalog, revision: null, newId: derivedId });
}

/** Subscriptions that end by themselves at some instant make their grants unknown from then on; null when none does. */
export function endOfGrants(subscription: Subscription): number | null {
  return isRunning(subscription) ? endsAt(subscription) : null;
}
