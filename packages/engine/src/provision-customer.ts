import {
  type CustomerWire,
  type ProvisionCustomerInput,
  type Snapshot,
  type SubscriptionWire,
  TollgateError,
} from '@tollgate/contract';
import { changedCustomer, newCustomer } from './customer/customer.js';
import { customerEvents } from './customer/customer-events.js';
import { readCustomerInput } from './customer/customer-input.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { startSubscription } from './provision.js';
import { customerOf } from './read-customer.js';
import { type Commanded, changeStanding, type Moment } from './standing-change.js';
import { type Subscription, subscriptionToWire } from './subscription/subscription.js';

export interface ProvisionedCustomer {
  customer: CustomerWire;
  subscription: SubscriptionWire | null;
  snapshots: Snapshot[];
}

/** Makes a customer or changes the fields that are given, and starts a subscription if one is asked for; all or nothing. */
export function provisionCustomer(
  context: EngineContext,
  environmentId: string,
  input: ProvisionCustomerInput,
  now: number,
): Promise<ProvisionedCustomer> {
  return provision(context, environmentId, input, now, () => undefined);
}

/** The same for a customer who must be new. Rejects with CONFLICT when the id is taken, also by an archived customer. */
export async function createCustomer(
  context: EngineContext,
  environmentId: string,
  input: ProvisionCustomerInput,
  now: number,
): Promise<CustomerWire> {
  const done = await provision(context, environmentId, input, now, ({ customerId, customer }) => {
    if (!customer) return;
    const message = `there is a customer ${customerId} already`;
    throw new TollgateError('CONFLICT', message, { field: 'customerId' });
  });
  return done.customer;
}

async function provision(
  context: EngineContext,
  environmentId: string,
  input: ProvisionCustomerInput,
  now: number,
  check: (before: CustomerState) => void,
): Promise<ProvisionedCustomer> {
  const { customerId: given, fields } = readCustomerInput(input);
  const customerId = given ?? `customer-${context.randomId()}`;
  const scopes = [null, input.subscriptionParams?.resourceId ?? null];
  const target = { environmentId, customerIds: [customerId], mayBeNew: true, scopes };
  const done = await changeStanding(context, target, now, ([found], moment) => {
    const before = found as CustomerState;
    check(before);
    const existing = before.customer;
    const customer = existing
      ? changedCustomer(existing, fields, moment.now)
      : newCustomer(customerId, fields, moment.now);
    const after = customer === existing ? before : { ...before, customer };
    const started = startWith(before, after, input, moment);
    return { ...started, events: [...customerEvents(existing, customer, moment.now), ...started.events] };
  });
  return {
    customer: customerOf(done.states[0] as CustomerState, done.now),
    subscription: done.value && subscriptionToWire(done.value, done.now),
    snapshots: done.snapshots,
  };
}

/** Starts what is asked for. What the products say for new customers starts when nothing is said. */
function startWith(
  before: CustomerState,
  after: CustomerState,
  { subscriptionParams }: ProvisionCustomerInput,
  moment: Moment,
): Commanded<Subscription | null> {
  if (subscriptionParams) {
    const started = startSubscription(after, subscriptionParams, moment, 'subscriptionParams.', { isSignUp: true });
    const state = started.events.length === 0 ? after : started.state;
    return { states: [state], events: started.events, value: started.subscription };
  }
  const isAsked = subscriptionParams === undefined && before.customer === null;
  return isAsked ? startAsProductsSay(after, moment) : { states: [after], events: [], value: null };
}

/** The value is the first subscription that started; a product whose subscriptions belong to resources starts none. */
function startAsProductsSay(state: CustomerState, moment: Moment): Commanded<Subscription | null> {
  const done: Commanded<Subscription | null> = { states: [state], events: [], value: null };
  for (const { content, isArchived } of moment.catalog.products.values()) {
    const { subscriptionStartSetup: setup, subscriptionStartPlanId: planId } = content.productSettings ?? {};
    if (isArchived || content.multipleSubscriptions || !planId) continue;
    if (setup === undefined || setup === 'PLAN_SELECTION') continue;
    const plan = moment.catalog.plans.get(planId);
    if (!plan || plan.isArchived) continue;
    const billingPeriod = plan.content.billingPeriods?.[0];
    const isFree = plan.content.pricingType === 'FREE';
    const asked = { planId, ...(isFree || !billingPeriod ? {} : { billingPeriod }) };
    const started = startSubscription(done.states[0] as CustomerState, asked, moment);
    done.states = [started.state];
    done.events = [...done.events, ...started.events];
    done.value ??= started.subscription;
  }
  return done;
}
