import { type ApplySubscriptionInput, assertCustomerId } from '@tollgate/contract';
import { type Customer, changedCustomer } from './customer/customer.js';
import { customerEvents } from './customer/customer-events.js';
import { readCustomerFields } from './customer/customer-input.js';
import type { CustomerState } from './customer-state.js';
import type { ProvisionedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { assertPayer } from './paying-customer.js';
import { provisioned, type Started, startSubscription } from './provision.js';
import { changeStanding, type Moment } from './standing-change.js';
import type { Happened } from './subscription/happened.js';
import { refusal } from './subscription/refusal.js';
import { isPending } from './subscription/schedule.js';
import { isRunning, type Subscription } from './subscription/subscription.js';
import { readPlan, readResourceId } from './subscription/subscription-request.js';
import { isSamePlace } from './subscription/timeline.js';
import { readUpdate } from './subscription/update-request.js';
import { updateSubscription } from './subscription/update-subscription.js';

/**
 * Starts a subscription, or changes the one that runs on the same plan: there, what the call leaves out stays. A trial
 * that runs goes on, unless the call skips it.
 */
export async function applySubscription(
  context: EngineContext,
  environmentId: string,
  input: ApplySubscriptionInput,
  now: number,
): Promise<ProvisionedSubscription> {
  assertCustomerId(input.customerId);
  const target = { environmentId, customerIds: [input.customerId], scopes: [null, input.resourceId ?? null] };
  const done = await changeStanding(context, target, now, async ([found], moment) => {
    const payable = withPaymentMethod(found as CustomerState, input.paymentMethodId, moment.now);
    const applied = apply(payable.state, input, moment);
    await assertPayer(moment.tx, environmentId, applied.subscription);
    return { states: [applied.state], events: [...payable.events, ...applied.events], value: applied };
  });
  return provisioned(done);
}

/** The method becomes the customer's default one. */
function withPaymentMethod(
  state: CustomerState,
  paymentMethodId: string | null | undefined,
  at: number,
): { state: CustomerState; events: readonly Happened[] } {
  if (paymentMethodId === undefined || paymentMethodId === null) return { state, events: [] };
  const before = state.customer as Customer;
  const customer = changedCustomer(before, readCustomerFields({ paymentMethodId }), at);
  return { state: customer === before ? state : { ...state, customer }, events: customerEvents(before, customer, at) };
}

function apply(state: CustomerState, input: ApplySubscriptionInput, moment: Moment): Started {
  const { skipTrial, paymentMethodId: _, ...asked } = input;
  const override = input.trialOverrideConfiguration ?? null;
  if (skipTrial && override?.isTrial) throw refusal('skipTrial', 'contradicts trialOverrideConfiguration.isTrial');
  const isTrialDeclined = skipTrial || override?.isTrial === false;
  const order = isTrialDeclined ? { ...asked, trialOverrideConfiguration: { isTrial: false } } : asked;
  const running = runningOn(state, input, moment);
  if (!running || (input.startDate ?? null) !== null) return startSubscription(state, order, moment);
  const isTrial = running.status === 'IN_TRIAL';
  if (isTrial && isTrialDeclined) return startSubscription(state, { ...termsOf(running), ...order }, moment);
  if (!isTrial && override?.isTrial) return startSubscription(state, order, moment);
  return update(state, running, input, moment);
}

/** What runs on the plan that is asked for; a paid one rather than a trial beside it. */
function runningOn(state: CustomerState, input: ApplySubscriptionInput, { catalog }: Moment): Subscription | undefined {
  const plan = readPlan(catalog, input.planId, 'planId');
  const resourceId = readResourceId(catalog, plan, input.resourceId ?? null, 'resourceId');
  const place = { productId: plan.content.productId, resourceId };
  const running = state.subscriptions.filter(
    (other) => isSamePlace(other, place) && isRunning(other) && other.planId === plan.id,
  );
  return running.find(({ status }) => status === 'ACTIVE') ?? running[0];
}

/** Who buys what is tried buys what is tried: the call has to say only what is to be different. */
function termsOf({ billingPeriod, addons, billableFeatures, payingCustomerId, metadata }: Subscription) {
  const quantities = addons.map(({ addonId, quantity }) => ({ addonId, quantity }));
  return { billingPeriod, addons: quantities, billableFeatures, payingCustomerId, metadata };
}

function update(state: CustomerState, running: Subscription, input: ApplySubscriptionInput, moment: Moment): Started {
  const { now, catalog, revisionOf, newId } = moment;
  const { trialOverrideConfiguration, payingCustomerId, paymentCollectionMethod } = input;
  const trialEndDate = trialOverrideConfiguration?.trialEndDate;
  const asked = { ...input, subscriptionId: running.subscriptionId, ...(trialEndDate && { trialEndDate }) };
  const read = readUpdate(running, asked, { catalog, now });
  const { billingPeriod, ...others } = read.change;
  const change = {
    ...others,
    // A call that applies a paid plan has to say its period, which is no change where it is the same.
    ...(billingPeriod !== undefined && billingPeriod !== running.billingPeriod && { billingPeriod }),
    ...(payingCustomerId && { payingCustomerId }),
    ...(paymentCollectionMethod && { paymentCollectionMethod }),
  };
  const done = updateSubscription(
    state.subscriptions,
    running,
    { ...read, change },
    {
      at: now,
      catalog,
      revision: revisionOf(state.customerId),
      newId: () => newId('subscription'),
      newUpdateId: () => newId('update'),
    },
  );
  const { subscriptionId } = running;
  const subscription = done.subscriptions.find((other) => other.subscriptionId === subscriptionId) as Subscription;
  const before = new Set(running.futureUpdates.map(({ id }) => id));
  return {
    state: done.subscriptions === state.subscriptions ? state : { ...state, subscriptions: done.subscriptions },
    subscription,
    events: done.events,
    isScheduled: subscription.futureUpdates.some((future) => isPending(future) && !before.has(future.id)),
  };
}
