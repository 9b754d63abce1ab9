import type { Customer } from '../customer/customer.js';
import { isChargedAtStart } from '../subscription/awaited-payment.js';
import { isRunning, type Subscription, subscriptionToWire } from '../subscription/subscription.js';
import type { IntentAsk } from './billing-intent.js';
import type { BillingProvider, Payer } from './billing-provider.js';

/** The part of a customer's state that billing sees. */
export interface BillingView {
  customer: Customer | null;
  subscriptions: readonly Subscription[];
}

export interface BillingChange {
  before: BillingView;
  after: BillingView;
  /** How each subscription stood before, whoever had it. */
  subscriptionsBefore: ReadonlyMap<string, Subscription>;
  /** Ids of subscriptions and payment methods whose change billing knows, because it came from there. */
  billed: ReadonlySet<string>;
  at: number;
  payerOf(subscription: Subscription): Payer;
  checkoutOptions: Record<string, unknown> | null;
}

export type Ask = IntentAsk & { subscriptionId: string | null; grantId?: string };

/** What a provider must hear of a change, whatever made it: a call, time, or an import. */
export function askedOfBilling(provider: BillingProvider, change: BillingChange): Ask[] {
  const { after, billed } = change;
  const ofSubscriptions = after.subscriptions
    .filter(({ subscriptionId }) => !billed.has(subscriptionId))
    .flatMap((subscription) => aboutSubscription(provider, subscription, change));
  return [...aboutMethod(provider, change), ...ofSubscriptions];
}

function aboutSubscription(provider: BillingProvider, subscription: Subscription, change: BillingChange): Ask[] {
  const before = change.subscriptionsBefore.get(subscription.subscriptionId) ?? null;
  if (before === subscription) return [];
  if (isBilled(subscription) && needsCollecting(before, subscription))
    return collect(provider, subscription, before, change);
  const endsAt = stoppedAt(before, subscription);
  if (endsAt === null || !provider.cancel) return [];
  const content = {
    subscription: subscriptionToWire(subscription, change.at),
    endsAt,
    payer: change.payerOf(subscription),
  };
  return [{ kind: 'cancel', subscriptionId: subscription.subscriptionId, content }];
}

function collect(
  provider: BillingProvider,
  subscription: Subscription,
  before: Subscription | null,
  { at, payerOf, checkoutOptions }: BillingChange,
): Ask[] {
  if (!provider.collect) return [];
  const isNew = before === null || !isBilled(before);
  const content = {
    subscription: subscriptionToWire(subscription, at),
    isNew,
    isChargedNow: isNew ? isChargedAtStart(subscription) : costsOtherwise(before, subscription),
    payer: payerOf(subscription),
    checkoutOptions,
  };
  return [{ kind: 'collect', subscriptionId: subscription.subscriptionId, content }];
}

/** Whether billing has it, or is to have it: what costs something, and has begun. */
function isBilled(subscription: Subscription): boolean {
  const { status, pricingType, paymentCollectionMethod } = subscription;
  if (pricingType !== 'PAID' || paymentCollectionMethod === 'NONE') return false;
  return status === 'ACTIVE' || status === 'PAYMENT_PENDING';
}

function needsCollecting(before: Subscription | null, after: Subscription): boolean {
  if (before === null || !isBilled(before)) return true;
  const isScheduledAnew = after.cancellationDate !== null && after.cancellationDate !== before.cancellationDate;
  // An end that is newly scheduled is told as a cancellation; one that is taken back is a change of terms.
  return !isScheduledAnew && (costs(before) !== costs(after) || arrangement(before) !== arrangement(after));
}

/** An invoice is sent, not charged; and a change of who pays, or until when, costs nothing by itself. */
function costsOtherwise(before: Subscription, after: Subscription): boolean {
  return after.paymentCollectionMethod !== 'INVOICE' && costs(before) !== costs(after);
}

/** What the price follows from. */
function costs({ kept, ...subscription }: Subscription): string {
  const { planId, planVersion, billingPeriod, billingCycleAnchor, addons, billableFeatures } = subscription;
  const { priceOverrides, charges, minimumSpend, appliedCoupon, promotionCode } = kept;
  return JSON.stringify([
    [planId, planVersion, billingPeriod, billingCycleAnchor, addons, billableFeatures],
    [priceOverrides, charges, minimumSpend, appliedCoupon, promotionCode],
  ]);
}

/** Who pays, how, and until when. A subscription that is handed over is paid by the same one as before. */
function arrangement({
  customerId,
  payingCustomerId,
  paymentCollectionMethod,
  cancellationDate,
}: Subscription): string {
  return JSON.stringify([payingCustomerId ?? customerId, paymentCollectionMethod, cancellationDate]);
}

/** When billing stops for a subscription that it had; null when it goes on, or when billing knows of the end already. */
function stoppedAt(before: Subscription | null, after: Subscription): number | null {
  if (before === null || !isBilled(before)) return null;
  const isOver = !isRunning(after) && after.status !== 'PAYMENT_PENDING';
  if (isOver)
    return before.cancellationDate !== null && after.endDate === before.cancellationDate
      ? null
      : (after.endDate ?? null);
  return after.cancellationDate !== before.cancellationDate ? after.cancellationDate : null;
}

function aboutMethod(provider: BillingProvider, { before, after, billed }: BillingChange): Ask[] {
  const methodBefore = before.customer?.details.defaultPaymentMethod?.paymentMethodId ?? null;
  const methodAfter = after.customer?.details.defaultPaymentMethod?.paymentMethodId ?? null;
  if (!after.customer || methodBefore === methodAfter) return [];
  const paymentMethodId = methodAfter ?? (methodBefore as string);
  const kind = methodAfter === null ? 'detach' : 'attach';
  const isPossible = kind === 'attach' ? provider.attachPaymentMethod : provider.detachPaymentMethod;
  if (!isPossible || billed.has(paymentMethodId)) return [];
  return [{ kind, subscriptionId: null, content: { payer: payerFrom(after.customer), paymentMethodId } }];
}

export function payerFrom(customer: Customer): Payer {
  const { customerId, name, email, details } = customer;
  const { billingId, billingInfo, defaultPaymentMethod } = details;
  return {
    customerId,
    billingId,
    name,
    email,
    paymentMethodId: defaultPaymentMethod?.paymentMethodId ?? null,
    billingInfo,
  };
}
