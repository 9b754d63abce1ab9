import { assertCustomerId, type ProvisionSubscriptionInput, type Snapshot } from '@tollgate/contract';
import type { CustomerState } from './customer-state.js';
import type { ProvisionedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { assertPayer } from './paying-customer.js';
import { changeStanding, type Moment } from './standing-change.js';
import { subscriptionToWire } from './subscription/subscription.js';
import { readSubscriptionRequest, type SubscriptionInput } from './subscription/subscription-request.js';
import { type Transition, type TransitionMoment, transition } from './subscription/transition.js';

/**
 * Starts a subscription, or schedules the change to it. Asking for exactly what runs already changes nothing and returns
 * what runs; asking for the plan of a trial that runs buys it.
 */
export async function provisionSubscription(
  context: EngineContext,
  environmentId: string,
  input: ProvisionSubscriptionInput,
  now: number,
): Promise<ProvisionedSubscription> {
  assertCustomerId(input.customerId);
  const target = { environmentId, customerIds: [input.customerId], scopes: [null, input.resourceId ?? null] };
  const done = await changeStanding(context, target, now, async ([before], moment) => {
    const started = startSubscription(before as CustomerState, input, moment);
    await assertPayer(moment.tx, environmentId, started.subscription);
    return { states: [started.state], events: started.events, value: started };
  });
  return provisioned(done);
}

/** The reply to a call that starts a subscription. */
export function provisioned(done: { value: Started; now: number; snapshots: Snapshot[] }): ProvisionedSubscription {
  const { subscription, isScheduled } = done.value;
  return {
    status: 'SUCCESS',
    subscription: subscriptionToWire(subscription, done.now),
    checkoutUrl: null,
    checkoutBillingId: null,
    isScheduled,
    snapshots: done.snapshots,
  };
}

export interface Started extends Omit<Transition, 'subscriptions'> {
  /** The very same state when nothing changed. */
  state: CustomerState;
}

/** The state with a subscription that was asked for; `prefix` stands before the names of its fields in errors. */
export function startSubscription(
  state: CustomerState,
  input: SubscriptionInput,
  moment: Moment,
  prefix = '',
  options: Pick<TransitionMoment, 'isSignUp'> = {},
): Started {
  const { customerId, subscriptions } = state;
  const request = readSubscriptionRequest(input, { ...moment, subscriptions }, prefix);
  const revision = moment.revisionOf(customerId);
  const done = transition(request, { ...moment, ...options, customerId, subscriptions, revision });
  const { subscriptions: after, ...started } = done;
  return { ...started, state: after === subscriptions ? state : { ...state, subscriptions: after } };
}
