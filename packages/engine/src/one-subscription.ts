import { assertId, TollgateError } from '@tollgate/contract';
import type { CustomerState } from './customer-state.js';
import type { ChangedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { changeStanding, type Moment } from './standing-change.js';
import { readSubscriptionPlace, type SubscriptionPlace } from './storage/subscription-store.js';
import type { Timeline } from './subscription/happened.js';
import { type Subscription, subscriptionToWire } from './subscription/subscription.js';
import { sweep } from './sweep.js';

export interface SubscriptionChangeTarget {
  environmentId: string;
  subscriptionId: string;
  /** A resource beside the subscription's own whose snapshot changes too. */
  otherResourceId?: string;
}

/** What a command is given: a subscription as time has made it, and everything around it. */
export interface FoundSubscription {
  subscription: Subscription;
  subscriptions: readonly Subscription[];
  moment: Moment;
}

// How often a subscription may move away between finding it and locking its customer.
const triesMax = 5;
/** Looking for one that is not stored brings at most so many customers up. */
const broughtUpMax = 1000;

/** Finds a subscription by its id and changes it under its customer's lock. Rejects with SUBSCRIPTION_NOT_FOUND. */
export async function changeOne(
  context: EngineContext,
  { environmentId, subscriptionId, otherResourceId }: SubscriptionChangeTarget,
  now: number,
  command: (found: FoundSubscription) => Timeline | Promise<Timeline>,
): Promise<ChangedSubscription> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { customerId, resourceId } = await placeOf(context, environmentId, subscriptionId, now);
    const scopes = [null, resourceId, ...(otherResourceId === undefined ? [] : [otherResourceId])];
    const target = { environmentId, customerIds: [customerId], scopes };
    const done = await changeStanding(context, target, now, async ([before], moment) => {
      const state = before as CustomerState;
      const { subscriptions } = state;
      const subscription = find(subscriptions, subscriptionId);
      if (subscription?.resourceId !== resourceId) return { states: [state], events: [], value: null };
      const after = await command({ subscription, subscriptions, moment });
      const isSame = after.subscriptions === subscriptions;
      return {
        states: [isSame ? state : { ...state, subscriptions: after.subscriptions }],
        events: after.events,
        value: find(after.subscriptions, subscriptionId) ?? null,
      };
    });
    if (done.value) return { subscription: subscriptionToWire(done.value, done.now), snapshots: done.snapshots };
  }
  const message = `subscription ${subscriptionId} keeps moving between customers or resources`;
  throw new TollgateError('CONFLICT', message, { field: 'subscriptionId' });
}

/** Where a subscription is right now. Rejects with SUBSCRIPTION_NOT_FOUND. */
export async function placeOf(
  context: EngineContext,
  environmentId: string,
  subscriptionId: string,
  now: number,
): Promise<SubscriptionPlace> {
  assertId(subscriptionId, 'subscriptionId');
  const place = await readSubscriptionPlace(context.database, environmentId, subscriptionId);
  if (place) return place;
  // It may be one that time has made, which every read shows and nobody has stored yet.
  const broughtUp = await sweep(context, { environmentId, now, limit: broughtUpMax });
  const late = broughtUp > 0 ? await readSubscriptionPlace(context.database, environmentId, subscriptionId) : null;
  if (late) return late;
  const message = `there is no subscription ${subscriptionId}`;
  throw new TollgateError('SUBSCRIPTION_NOT_FOUND', message, { field: 'subscriptionId' });
}

const find = (subscriptions: readonly Subscription[], id: string): Subscription | undefined =>
  subscriptions.find(({ subscriptionId }) => subscriptionId === id);
