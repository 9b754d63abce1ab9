import type { CreditGrantWire, CustomerWire, SubscriptionWire } from '@tollgate/contract';

/** What every call carries. */
export interface BillingCall {
  /** Unique and settled before the call: the idempotency key. A call that is repeated has the same one and the same content. */
  intentId: string;
  environmentId: string;
  /** The engine's time, epoch milliseconds. */
  now: number;
}

/** Who pays, as it stood when the intent was made. */
export interface Payer {
  customerId: string;
  /** The customer's id in the provider, where one is known. */
  billingId: string | null;
  name: string | null;
  email: string | null;
  /** Null: there is nothing to charge, so the payer has to go through a checkout. */
  paymentMethodId: string | null;
  billingInfo: Record<string, unknown> | null;
}

/** A subscription that is new to billing, or whose terms changed. */
export interface CollectRequest extends BillingCall {
  subscription: SubscriptionWire;
  isNew: boolean;
  /** False: it is set up without a charge, because it is backdated, paid already, or paid by invoice. */
  isChargedNow: boolean;
  payer: Payer;
  /** What the caller wants of a checkout: successUrl, cancelUrl, allowPromoCodes and so on. */
  checkoutOptions: Record<string, unknown> | null;
}

/** Credits that are sold: `grant.cost` is what is due. */
export interface CollectGrantRequest extends BillingCall {
  grant: CreditGrantWire;
  /** False: it counts already, because it is paid elsewhere or by invoice. */
  isChargedNow: boolean;
  payer: Payer;
  /** What the caller handed over for the provider. */
  billingInformation: unknown;
}

export interface CancelRequest extends BillingCall {
  subscription: SubscriptionWire;
  /** When it ends, epoch milliseconds: now, or later. */
  endsAt: number;
  payer: Payer;
}

export interface PaymentMethodRequest extends BillingCall {
  payer: Payer;
  paymentMethodId: string;
}

export interface LookUpRequest extends BillingCall {
  /** The method that the payer has now; it may have changed since the intent was made. */
  paymentMethodId: string | null;
}

/** Done. What the provider says of a method that it attached becomes the customer's default method. */
export interface Confirmed {
  status: 'confirmed';
  /** The provider's id of what was paid or made. */
  billingId?: string;
  paymentMethod?: Partial<NonNullable<CustomerWire['defaultPaymentMethod']>>;
}

/** Somebody has to pay at `url` first; `id` is the provider's id of the checkout. A path is on the server that replies. */
export interface Checkout {
  status: 'checkout';
  id: string;
  url: string;
}

/** Taken, and not settled yet: `lookUp` will tell. */
export interface Waiting {
  status: 'waiting';
}

/** A payment was refused, for the `attemptCount`th time; final when the provider will not try again by itself. */
export interface PaymentFailed {
  status: 'failed';
  attemptCount: number;
  isFinal: boolean;
  billingId?: string;
}

/** Refused for good: the same call would be refused again. */
export interface Refused {
  status: 'error';
  message: string;
}

export type CollectOutcome = Confirmed | Checkout | Waiting | PaymentFailed;
export type ConfirmOutcome = Confirmed | Waiting | Refused;
export type BillingOutcome = CollectOutcome | Refused;

/**
 * The port to whoever collects the money. Every method is optional: what a provider cannot do is never asked of it, and
 * counts as done. Calls happen outside any transaction and may be repeated, by other servers too, with the same
 * `intentId`. A rejection means that the outcome is unknown: the engine asks again with the same id.
 */
export interface BillingProvider {
  /** For people who read logs. */
  name: string;
  /** Collects for a new or changed subscription; a change for which nothing is due is confirmed. */
  collect?(request: CollectRequest): Promise<CollectOutcome>;
  /** Collects once for credits. */
  collectGrant?(request: CollectGrantRequest): Promise<CollectOutcome>;
  /** Stops billing a subscription; one that is stopped already, or unknown, is confirmed. */
  cancel?(request: CancelRequest): Promise<ConfirmOutcome>;
  /** Makes a method the payer's default one. */
  attachPaymentMethod?(request: PaymentMethodRequest): Promise<ConfirmOutcome>;
  detachPaymentMethod?(request: PaymentMethodRequest): Promise<ConfirmOutcome>;
  /** What has become of a call that was not settled; null when the provider has never heard of it. */
  lookUp?(request: LookUpRequest): Promise<BillingOutcome | null>;
}
