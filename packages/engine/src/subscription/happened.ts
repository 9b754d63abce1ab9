import { type Subscription, subscriptionToWire } from './subscription.js';

/** Something that happened, by the name under which it is told, with what it is about as it stood then. */
export interface Happened {
  type: string;
  at: number;
  entity: unknown;
}

export function happened(type: string, at: number, subscription: Subscription): Happened {
  return { type, at, entity: subscriptionToWire(subscription, at) };
}

/** Subscriptions after something was done to them, and what is to be told of it. */
export interface Timeline {
  subscriptions: readonly Subscription[];
  events: readonly Happened[];
}
