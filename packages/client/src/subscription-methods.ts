import type { ProvisionSubscriptionStatus } from '@tollgate/contract';
import type { ImportedRow } from './imported-row.js';
import type { Entitlement } from './results.js';
import type { CustomerSubscription, SlimSubscription } from './subscription.js';
import type {
  ApplySubscription,
  CancelSubscription,
  CancelSubscriptionScheduledUpdates,
  DelegateSubscriptionToCustomer,
  GetActiveSubscriptions,
  GetSubscriptions,
  ImportSubscriptionBulk,
  MigrateSubscriptionToLatest,
  ProvisionSubscription,
  TransferSubscription,
  TransferSubscriptionToResource,
  UpdateSubscription,
} from './subscription-params.js';

export interface ProvisionedSubscription {
  status: ProvisionSubscriptionStatus;
  /** Null when no subscription was started. */
  id: string | null;
  /** PAYMENT_PENDING while a payment is required first. */
  subscription: CustomerSubscription | null;
  /** Where the payment is made, when one is required. */
  checkoutUrl: string | null;
  checkoutBillingId: string | null;
  /** True when the change is scheduled rather than made. */
  isScheduled: boolean;
  entitlements: Entitlement[];
}

export interface SubscriptionPage {
  /** Newest first. */
  data: CustomerSubscription[];
  /** Cursors for `startingAfter` and `endingBefore`; null at the ends. */
  pagination: { next: string | null; prev: string | null };
}

export interface SubscriptionManagement {
  /** Starts a subscription, now or in the future; one of the same product (and resource) that runs is replaced by it. */
  provisionSubscription(params: ProvisionSubscription): Promise<ProvisionedSubscription>;
  /** Starts a subscription, or changes the one that runs for the same product (and resource). */
  applySubscription(params: ApplySubscription): Promise<ProvisionedSubscription>;
  /** @deprecated Use `provisionSubscription`, which says where to pay while the subscription is PAYMENT_PENDING. */
  createSubscription(params: ProvisionSubscription): Promise<CustomerSubscription>;
  /** Changes a subscription, now or as its schedule says. Never its plan. Rejects with SUBSCRIPTION_NOT_FOUND. */
  updateSubscription(params: UpdateSubscription): Promise<CustomerSubscription>;
  /** Ends a subscription: now, at the end of its billing period, or on a date. */
  cancelSubscription(params: CancelSubscription): Promise<CustomerSubscription>;
  /** Takes back what was scheduled for a subscription. */
  cancelSubscriptionScheduledUpdates(params: CancelSubscriptionScheduledUpdates): Promise<{ subscriptionId: string }>;
  /** Moves a subscription to the newest published version of its plan and add-ons. */
  migrateSubscriptionToLatest(params: MigrateSubscriptionToLatest): Promise<{ subscriptionId: string }>;
  /** @deprecated Use `transferSubscriptionToResource`. The source is paid, the destination on a free plan. */
  transferSubscription(params: TransferSubscription): Promise<CustomerSubscription>;
  /** Moves a subscription to another resource of the customer; plan, cycle, entitlements and usage are kept. */
  transferSubscriptionToResource(params: TransferSubscriptionToResource): Promise<CustomerSubscription>;
  /** Moves the management: the destination gets the entitlements, who paid goes on paying. */
  delegateSubscriptionToCustomer(params: DelegateSubscriptionToCustomer): Promise<CustomerSubscription>;
  /** Takes 1–1,000 subscriptions over: what became of each row, in the order given. A bad row stops no other. */
  importSubscriptionBulk(params: ImportSubscriptionBulk): Promise<ImportedRow[]>;
  /** Rejects with SUBSCRIPTION_NOT_FOUND. */
  getSubscription(params: { subscriptionId: string }): Promise<CustomerSubscription>;
  /** In every status, newest first, by page; an unknown customer has none. */
  getSubscriptions(params?: GetSubscriptions): Promise<SubscriptionPage>;
  /** What is active or in trial: for the customer as a whole, or for the given resources. */
  getActiveSubscriptions(params: GetActiveSubscriptions): Promise<CustomerSubscription[]>;
  /** The same in a slim shape. */
  getActiveSubscriptionsList(params: GetActiveSubscriptions): Promise<SlimSubscription[]>;
}
