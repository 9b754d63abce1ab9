import {
  type CancelSubscriptionInput,
  type CustomerWire,
  type Snapshot,
  type SubscriptionWire,
  TollgateError,
} from '@tollgate/contract';
import type { BillingIntent } from './billing/billing-intent.js';
import type { BillingRunner } from './billing-runner.js';
import { cancelSubscription } from './change-subscriptions.js';
import { grantToWire } from './credit/grant-wire.js';
import type { ChangedGrant } from './credit-api.js';
import type { ChangedSubscription, ProvisionedSubscription } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { readSubscription } from './list-subscriptions.js';
import { readCustomer } from './read-customer.js';
import { readSnapshots } from './read-snapshots.js';
import { readOpenIntents } from './storage/billing-store.js';
import { readGrant } from './storage/credit-store.js';
import { grantFromStored } from './stored-credits.js';
import { intentFromStored } from './stored-intent.js';

interface PaymentWishes {
  /** Whether the call resolves only once the payment is confirmed or refused. */
  waits: boolean;
  checkoutOptions?: Record<string, unknown> | null;
}

type Operation<T> = (context: EngineContext) => Promise<T>;

/** Operations with what billing has to do with them: they call the provider after their own transaction, never in it. */
export interface BilledOperations {
  /** An operation that starts a subscription: the answer says where a payment is made that is required first. */
  started(
    wishes: PaymentWishes,
    now: number,
    operation: Operation<ProvisionedSubscription>,
  ): Promise<ProvisionedSubscription>;
  /** An operation that starts or changes a subscription. */
  changed<T extends { subscription: SubscriptionWire | null; snapshots: Snapshot[] }>(
    wishes: PaymentWishes,
    now: number,
    operation: Operation<T>,
  ): Promise<T>;
  /** An operation that grants credits. */
  granted(waits: boolean, now: number, operation: Operation<ChangedGrant>): Promise<ChangedGrant>;
  cancelled(input: CancelSubscriptionInput, now: number): Promise<ChangedSubscription>;
  /** An operation that may change a customer's payment method. */
  customerChanged(waits: boolean, now: number, operation: Operation<CustomerWire>): Promise<CustomerWire>;
}

export function billedOperations(
  context: EngineContext,
  environmentId: string,
  runner: BillingRunner,
): BilledOperations {
  /** Runs the operation, and keeps what billing is to be told instead of telling it. */
  async function withIntents<T>(
    operation: Operation<T>,
    given: Partial<EngineContext['billing']> = {},
  ): Promise<{ done: T; told: BillingIntent[] }> {
    const told: BillingIntent[] = [];
    const tell = (intents: readonly BillingIntent[]) => void told.push(...intents);
    const done = await operation({ ...context, billing: { ...context.billing, ...given, tell } });
    return { done, told };
  }

  /** What is collected for a subscription: now, or since an earlier call that asked for the same. */
  async function paymentsOf(subscription: SubscriptionWire, told: readonly BillingIntent[]): Promise<BillingIntent[]> {
    const isOwn = ({ kind, subscriptionId }: BillingIntent) =>
      kind === 'collect' && subscriptionId === subscription.subscriptionId;
    const own = told.filter(isOwn);
    if (own.length > 0 || subscription.status !== 'PAYMENT_PENDING') return own;
    const open = await readOpenIntents(context.database, environmentId, subscription.customerId);
    return open.map(intentFromStored).filter(isOwn);
  }

  async function refreshed<T extends { snapshots: Snapshot[] }>(done: T, subscriptionId: string, now: number) {
    const subscription = await readSubscription(context, environmentId, subscriptionId, now);
    const scopes = done.snapshots.map(({ resourceId }) => resourceId);
    const key = { environmentId, customerId: subscription.customerId };
    return { ...done, subscription, snapshots: await readSnapshots(context, key, scopes, now) };
  }

  async function pay<T extends { subscription: SubscriptionWire | null; snapshots: Snapshot[] }>(
    { waits, checkoutOptions = null }: PaymentWishes,
    now: number,
    operation: Operation<T>,
  ): Promise<{ done: T; payments: BillingIntent[] }> {
    const { done, told } = await withIntents(operation, { checkoutOptions });
    const { subscription } = done;
    const payments = subscription ? await paymentsOf(subscription, told) : [];
    runner.runInBackground(
      told.filter((intent) => !payments.includes(intent)),
      now,
    );
    if (!subscription || payments.length === 0) return { done, payments };
    const settled: BillingIntent[] = [];
    for (const payment of payments) {
      // Without a payment method nothing happens by itself: the caller needs to know where to pay.
      const isAsked = payment.kind === 'collect' && payment.content.payer.paymentMethodId === null;
      if (waits || isAsked) settled.push(await runner.settle(payment, now));
      else runner.runInBackground([payment], now);
    }
    return { done: await refreshed(done, subscription.subscriptionId, now), payments: settled };
  }

  async function regranted({ grant, snapshots }: ChangedGrant, now: number): Promise<ChangedGrant> {
    const key = { environmentId, customerId: grant.customerId };
    const row = await readGrant(context.database, key, grant.grantId);
    const scopes = snapshots.map(({ resourceId }) => resourceId);
    return {
      grant: row ? grantToWire(grantFromStored(row), key.customerId) : grant,
      snapshots: await readSnapshots(context, key, scopes, now),
    };
  }

  return {
    async granted(waits, now, operation) {
      const { done, told } = await withIntents(operation);
      const { grantId, customerId, status } = done.grant;
      const isOwn = (intent: BillingIntent) => intent.grantId === grantId;
      const isRepeated = status === 'PAYMENT_PENDING' && !told.some(isOwn);
      const open = isRepeated ? await readOpenIntents(context.database, environmentId, customerId) : [];
      const payments = [...told, ...open.map(intentFromStored)].filter(isOwn);
      const settled = waits && status === 'PAYMENT_PENDING' ? payments : [];
      runner.runInBackground(
        [...told, ...payments].filter(
          (intent, index, all) => !settled.includes(intent) && all.indexOf(intent) === index,
        ),
        now,
      );
      for (const payment of settled) await runner.settle(payment, now);
      return settled.length > 0 ? regranted(done, now) : done;
    },
    async started(wishes, now, operation) {
      const { done, payments } = await pay(wishes, now, operation);
      const checkout = payments.map(({ outcome }) => outcome).find((outcome) => outcome?.status === 'checkout');
      const isUnpaid = done.subscription?.status === 'PAYMENT_PENDING' && payments.length > 0;
      const isRefused = done.subscription?.cancelReason === 'CANCELLED_BY_BILLING';
      if (!isUnpaid && !isRefused) return done;
      return {
        ...done,
        status: 'PAYMENT_REQUIRED',
        ...(checkout?.status === 'checkout' && { checkoutUrl: checkout.url, checkoutBillingId: checkout.id }),
      };
    },
    changed: async (wishes, now, operation) => (await pay(wishes, now, operation)).done,
    async cancelled(input, now) {
      const cancel: Operation<ChangedSubscription> = (own) => cancelSubscription(own, environmentId, input, now);
      const { provider } = context.billing;
      if (!input.awaitSubscriptionCancellation || !provider.cancel) return cancel(context);
      const { subscriptionId } = input;
      const command = { name: 'cancelSubscription' as const, input };
      const { done, told } = await withIntents(cancel, { mode: { isDeferred: true, subscriptionId, command } });
      const deferred = told.find((intent) => intent.deferred !== null);
      runner.runInBackground(
        told.filter((intent) => intent !== deferred),
        now,
      );
      if (!deferred) return done;
      const settled = await runner.settle(deferred, now);
      if (settled.status === 'FAILED') throw refused('subscriptionId', 'cancel the subscription', settled);
      return refreshed(done, subscriptionId, now);
    },
    async customerChanged(waits, now, operation) {
      const { done, told } = await withIntents(operation);
      if (!waits) {
        runner.runInBackground(told, now);
        return done;
      }
      for (const intent of told) {
        const settled = await runner.settle(intent, now);
        if (settled.status !== 'FAILED') continue;
        throw refused('billingInfo.paymentMethodId', `${intent.kind} the payment method`, settled);
      }
      if (told.length === 0) return done;
      return readCustomer(context, { environmentId, customerId: done.customerId }, now);
    },
  };
}

function refused(field: string, what: string, { outcome }: BillingIntent): TollgateError {
  const reason = outcome?.status === 'error' ? `: ${outcome.message}` : '';
  return new TollgateError('CONFLICT', `billing did not ${what}${reason}`, { field });
}
