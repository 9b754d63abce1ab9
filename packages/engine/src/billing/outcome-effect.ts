import type { Customer } from '../customer/customer.js';
import { giveUpPayment } from '../subscription/awaited-payment.js';
import { type Happened, happened } from '../subscription/happened.js';
import { type PaidMoment, startPaid } from '../subscription/paid-start.js';
import type { Subscription } from '../subscription/subscription.js';
import type { BillingIntent } from './billing-intent.js';
import type { BillingOutcome } from './billing-provider.js';

/** Subscriptions, or a customer, after an outcome was learnt; the very same objects when it changes nothing. */
export interface Effect<T> {
  after: T;
  events: readonly Happened[];
}

/** What the outcome of collecting does to the subscription that it is for. One that has ended stays as it ended. */
export function collectEffect(
  subscriptions: readonly Subscription[],
  intent: Pick<BillingIntent, 'intentId' | 'subscriptionId'>,
  outcome: BillingOutcome,
  moment: PaidMoment,
): Effect<readonly Subscription[]> {
  const subscription = subscriptions.find(({ subscriptionId }) => subscriptionId === intent.subscriptionId);
  const isWaitedFor = subscription?.status === 'PAYMENT_PENDING' || subscription?.status === 'ACTIVE';
  if (!subscription || !isWaitedFor) return { after: subscriptions, events: [] };
  const known = withOutcome(subscription, intent.intentId, outcome);
  const replaced = subscriptions.map((other) => (other === subscription ? known : other));
  const isPending = subscription.status === 'PAYMENT_PENDING';
  if (isPending && outcome.status === 'confirmed') {
    const started = startPaid(replaced, known, moment);
    return { after: started.subscriptions, events: started.events };
  }
  const failures: Happened[] = outcome.status === 'failed' ? [paymentFailed(known, moment.at)] : [];
  const isOver = outcome.status === 'error' || (outcome.status === 'failed' && outcome.isFinal);
  if (isPending && isOver) {
    const given = giveUpPayment(replaced, known, moment.at, 'CANCELLED_BY_BILLING');
    return { after: given.subscriptions, events: [...failures, ...given.events] };
  }
  return { after: replaced, events: [...failures, happened('subscription.updated', moment.at, known)] };
}

function withOutcome(subscription: Subscription, intentId: string, outcome: BillingOutcome): Subscription {
  const { latestInvoice } = subscription;
  // An earlier payment's tries are not this one's.
  const attemptsBefore = latestInvoice && latestInvoice.status !== 'PAID' ? latestInvoice.attemptCount : 0;
  const invoice = (billingId: string | undefined, status: string, attemptCount: number) => ({
    latestInvoice: { billingId: billingId ?? intentId, status, attemptCount },
  });
  switch (outcome.status) {
    case 'confirmed':
      return {
        ...subscription,
        paymentCollection: 'NOT_REQUIRED',
        ...invoice(outcome.billingId, 'PAID', attemptsBefore),
      };
    case 'checkout':
      return { ...subscription, paymentCollection: 'ACTION_REQUIRED', ...invoice(outcome.id, 'OPEN', 0) };
    case 'waiting':
      return { ...subscription, paymentCollection: 'PROCESSING' };
    case 'failed':
      return {
        ...subscription,
        paymentCollection: 'FAILED',
        ...invoice(outcome.billingId, 'OPEN', outcome.attemptCount),
      };
    case 'error':
      return { ...subscription, paymentCollection: 'FAILED' };
  }
}

function paymentFailed(subscription: Subscription, at: number): Happened {
  const customerId = subscription.payingCustomerId ?? subscription.customerId;
  const { subscriptionId, latestInvoice } = subscription;
  return { type: 'customer.payment_failed', at, entity: { customerId, subscriptionId, latestInvoice } };
}

/** What the outcome of attaching a method does to the customer who still has it. */
export function attachEffect(
  customer: Customer,
  paymentMethodId: string,
  outcome: BillingOutcome,
  at: number,
): Effect<Customer> {
  const method = customer.details.defaultPaymentMethod;
  if (method?.paymentMethodId !== paymentMethodId) return { after: customer, events: [] };
  if (outcome.status === 'error') {
    const details = { ...customer.details, defaultPaymentMethod: null };
    const after = { ...customer, details, updatedAt: at };
    const entity = { customerId: customer.customerId, paymentMethodId };
    return { after, events: [{ type: 'payment_method.detached', at, entity }] };
  }
  if (outcome.status !== 'confirmed' || !outcome.paymentMethod) return { after: customer, events: [] };
  const defaultPaymentMethod = { ...method, ...outcome.paymentMethod, paymentMethodId };
  return { after: { ...customer, details: { ...customer.details, defaultPaymentMethod } }, events: [] };
}
