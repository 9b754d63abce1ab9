import { assertCustomerId, type CustomerWire, TollgateError, type UpdateCustomerInput } from '@tollgate/contract';
import { archivedCustomer, type Customer, changedCustomer } from './customer/customer.js';
import { customerEvents } from './customer/customer-events.js';
import { readCustomerFields } from './customer/customer-input.js';
import type { CustomerState } from './customer-state.js';
import type { EngineContext } from './engine-context.js';
import { customerOf } from './read-customer.js';
import { type ChangeTarget, changeStanding, type Moment } from './standing-change.js';
import { readPaidFor } from './storage/subscription-store.js';
import type { CustomerKey } from './storage/usage-store.js';
import { type Happened, happened } from './subscription/happened.js';
import { isOpen, isRunning, type Subscription } from './subscription/subscription.js';

/** Changes the fields that are given; null clears one. Rejects with CUSTOMER_NOT_FOUND. */
export async function updateCustomer(
  context: EngineContext,
  environmentId: string,
  input: UpdateCustomerInput,
  now: number,
): Promise<CustomerWire> {
  assertCustomerId(input.customerId);
  const fields = readCustomerFields(input);
  return change(context, { environmentId, customerIds: [input.customerId] }, now, (state, moment) =>
    withCustomer(state, changedCustomer(state.customer as Customer, fields, moment.now), moment.now),
  );
}

/** Takes the default payment method off the customer; one without a method stays as it is. */
export async function detachPaymentMethod(
  context: EngineContext,
  { environmentId, customerId }: CustomerKey,
  now: number,
): Promise<CustomerWire> {
  assertCustomerId(customerId);
  return change(context, { environmentId, customerIds: [customerId] }, now, (state, moment) => {
    const fields = { details: { defaultPaymentMethod: null } };
    return withCustomer(state, changedCustomer(state.customer as Customer, fields, moment.now), moment.now);
  });
}

/**
 * Erases name and email, and ends what costs nothing or has not begun. Rejects with CONFLICT naming the subscriptions
 * that stand in the way. Archiving again changes nothing.
 */
export async function archiveCustomer(
  context: EngineContext,
  { environmentId, customerId }: CustomerKey,
  now: number,
): Promise<CustomerWire> {
  assertCustomerId(customerId);
  const target = { environmentId, customerIds: [customerId], mayBeArchived: true };
  return change(context, target, now, async (state, { now: at, tx }) => {
    const customer = state.customer as Customer;
    if (customer.archivedAt !== null) return { state, events: [] };
    const paidFor = await readPaidFor(tx, environmentId, customerId);
    refuseWhile(customerId, [...state.subscriptions.filter(isInTheWay).map(idOf), ...paidFor]);
    const ended = state.subscriptions.map((subscription) =>
      isOpen(subscription) ? endOf(subscription, at) : subscription,
    );
    const archived = withCustomer({ ...state, subscriptions: ended }, archivedCustomer(customer, at), at);
    const endings = ended.filter((subscription) => !state.subscriptions.includes(subscription));
    const told = endings.map((subscription) => happened('subscription.canceled', at, subscription));
    return { state: archived.state, events: [...told, ...archived.events] };
  });
}

/** Brings an archived customer back, with what is left; one that is not archived stays as it is. */
export async function unarchiveCustomer(
  context: EngineContext,
  { environmentId, customerId }: CustomerKey,
  now: number,
): Promise<CustomerWire> {
  assertCustomerId(customerId);
  const target = { environmentId, customerIds: [customerId], mayBeArchived: true };
  return change(context, target, now, (state, { now: at }) => {
    const customer = state.customer as Customer;
    if (customer.archivedAt === null) return { state, events: [] };
    return withCustomer(state, { ...customer, archivedAt: null, updatedAt: at }, at);
  });
}

interface Changed {
  state: CustomerState;
  events: readonly Happened[];
}

async function change(
  context: EngineContext,
  target: ChangeTarget,
  now: number,
  command: (state: CustomerState, moment: Moment) => Changed | Promise<Changed>,
): Promise<CustomerWire> {
  const done = await changeStanding(context, target, now, async ([state], moment) => {
    const changed = await command(state as CustomerState, moment);
    return { states: [changed.state], events: changed.events, value: null };
  });
  return customerOf(done.states[0] as CustomerState, done.now);
}

function withCustomer(state: CustomerState, customer: Customer, at: number): Changed {
  if (customer === state.customer) return { state, events: [] };
  return { state: { ...state, customer }, events: customerEvents(state.customer, customer, at) };
}

const idOf = ({ subscriptionId }: Subscription): string => subscriptionId;

const isInTheWay = (subscription: Subscription): boolean =>
  isRunning(subscription) && subscription.pricingType !== 'FREE';

/** No free plan takes the place of one that ends in this way, whatever the product says. */
function endOf(subscription: Subscription, at: number): Subscription {
  return { ...subscription, status: 'CANCELED', cancelReason: 'CustomerArchived', endDate: at };
}

function refuseWhile(customerId: string, subscriptionIds: readonly string[]): void {
  if (subscriptionIds.length === 0) return;
  const named = subscriptionIds.join(', ');
  const message = `customer ${customerId} has or pays for subscriptions that are not free: cancel ${named} first`;
  throw new TollgateError('CONFLICT', message, { field: 'customerId', details: { subscriptionIds } });
}
