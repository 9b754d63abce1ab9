import type {
  ApplyCatalogMutation,
  ApplySubscriptionInput,
  CancelSubscriptionInput,
  CatalogDocument,
  ConsumeCreditsInput,
  CostEstimateWire,
  CustomerStatisticsQuery,
  CustomerWire,
  EntitlementSourceWire,
  EstimateEventCostInput,
  EstimateUsageCostInput,
  EventsQuery,
  FeatureDescription,
  Subscription as FeedSubscription,
  GetSubscriptionsQuery,
  HotOperationInput,
  HotOperationResultWire,
  ImportCustomerInput,
  ImportResultWire,
  ImportSubscriptionInput,
  OffersWire,
  PageInput,
  PromotionalEntitlementInput,
  PromotionalEntitlementWire,
  ProvisionCustomerInput,
  ProvisionSubscriptionInput,
  PublishMigrationType,
  ReportEventInput,
  ReportEventResultWire,
  ReportUsageInput,
  ReportUsageResultWire,
  ReservationWire,
  SandboxOutcome,
  ScheduleStatus,
  Snapshot,
  SubscriptionFilter,
  SubscriptionMigrationTime,
  SubscriptionWire,
  UpdateCustomerInput,
  UpdateSubscriptionInput,
  UsageHistoryInput,
  UsageHistoryQuery,
} from '@tollgate/contract';
import type { SandboxDesk, SandboxItem } from './billing/sandbox-rules.js';
import type { ChangedGrant, CreditOperations, Difference, VerifyScope } from './credit-api.js';
import type { Pagination } from './list-page.js';
import type { ApiKeyKind } from './storage/api-key-store.js';
import type { FeedListener } from './storage/feed-follower.js';

export type { ApiKeyKind, ChangedGrant, CreditOperations, Difference, FeedListener, VerifyScope };

export interface ApplyCatalogOptions {
  /** True: only say what would change. */
  dryRun: boolean;
  /** Whether subscriptions that run move to the new entitlements; prices never move. Default ALL_CUSTOMERS. */
  migrationType?: PublishMigrationType | null;
}

/** What `provisionSubscription` and `applySubscription` come to. */
export interface ProvisionedSubscription {
  status: 'SUCCESS' | 'PAYMENT_REQUIRED';
  /** In PAYMENT_PENDING when a payment is required first. */
  subscription: SubscriptionWire | null;
  checkoutUrl: string | null;
  checkoutBillingId: string | null;
  isScheduled: boolean;
  snapshots: Snapshot[];
}

/** A subscription after a change. */
export interface ChangedSubscription {
  subscription: SubscriptionWire;
  /** Of every scope that the change touched. */
  snapshots: Snapshot[];
}

export interface PromotionalEntitlementPage {
  data: PromotionalEntitlementWire[];
  pagination: Pagination;
}

/** What a change of promotional grants comes to. */
export interface ChangedPromotions {
  /** The grants that were made, revoked or unlinked. */
  promotionalEntitlements: PromotionalEntitlementWire[];
  /** Of every scope: a revocation holds in all of them. */
  snapshots: Snapshot[];
}

/** The engine of one database: every environment in it, the API keys, and the change feed. */
export interface Engine {
  /** The time-ordered id made with the database. */
  epoch: string;
  /** Creates the environment when it is new. */
  ensureEnvironment(environmentId: string, now: number): Promise<void>;
  /** Rejects with ENVIRONMENT_NOT_FOUND. */
  environment(environmentId: string): Promise<EnvironmentEngine>;
  /** Makes a key and stores its hash; the key itself is shown once. */
  createApiKey(environmentId: string, kind: ApiKeyKind, now: number): Promise<string>;
  /** Stores the hash of a key that the operator chose, if it is not there yet. */
  registerApiKey(environmentId: string, kind: ApiKeyKind, key: string, now: number): Promise<void>;
  /** Null for a key that is unknown. */
  authenticate(key: string): Promise<{ environmentId: string; kind: ApiKeyKind } | null>;
  /**
   * Applies raw events that were accepted, by any process, and not applied yet; returns how many. The process that
   * accepts events applies them right after, so this is for a timer: it picks up what a process left when it died.
   */
  applyBacklog(now: number): Promise<number>;
  /**
   * Does what is due for customers of any environment, the longest overdue first and `limit` at most; returns for how
   * many. It makes events timely and nothing right, so it is for a timer. One bad customer is reported and passed over.
   */
  sweep(now: number, limit: number): Promise<number>;
  /**
   * Deletes idempotency keys, reservations and holds that are over for good, at most `limit` of each; returns how many.
   * For a timer: what is over is not looked at, whether it is there or not.
   */
  purge(now: number, limit: number): Promise<number>;
  /**
   * Goes on with what billing was asked for, by any process, and has not settled; returns how many intents it looked at.
   * For a timer, and for the start: it picks up what a process left when it died.
   */
  resumeBilling(now: number): Promise<number>;
  /** For a provider's webhook: asks the provider about an intent now. False for one that is settled or unknown. */
  billingNews(intentId: string, now: number): Promise<boolean>;
  /**
   * Recomputes every number from usage, ledger and reservations, and yields each that differs; null leaves the environment
   * or the customer open. It reads only, each customer as of one state.
   */
  verify(scope: VerifyScope, now: number): AsyncIterable<Difference>;
  /** Where payments of the sandbox are decided; null where another provider collects, or none. */
  sandbox: SandboxDesk | null;
  /** Waits for what is under way and ends all followers. The database belongs to whoever opened it, and stays open. */
  close(): Promise<void>;
}

/** What can be done to a subscription that is there. Each rejects with SUBSCRIPTION_NOT_FOUND. */
export interface SubscriptionChanges {
  /** Rejects with CONFLICT when the subscription has ended, INVALID_ARGUMENT for a field that breaks a rule. */
  updateSubscription(input: UpdateSubscriptionInput, now: number): Promise<ChangedSubscription>;
  /** Cancelling what has ended changes nothing. */
  cancelSubscription(input: CancelSubscriptionInput, now: number): Promise<ChangedSubscription>;
  /** All updates that are to come, or, with a status, those that have it. */
  cancelSubscriptionScheduledUpdates(
    asked: { subscriptionId: string; status: ScheduleStatus | null },
    now: number,
  ): Promise<ChangedSubscription>;
  /** At once unless `time` says otherwise. */
  migrateSubscriptionToLatest(
    asked: { subscriptionId: string; time: SubscriptionMigrationTime | null },
    now: number,
  ): Promise<ChangedSubscription>;
  /** Rejects with CONFLICT when the destination has a subscription of the product that runs. */
  transferSubscriptionToResource(
    asked: { subscriptionId: string; destinationResourceId: string },
    now: number,
  ): Promise<ChangedSubscription>;
  /** The older transfer: rejects with CONFLICT unless the source is paid and the destination free. */
  transferSubscription(
    asked: { customerId: string; sourceResourceId: string; destinationResourceId: string },
    now: number,
  ): Promise<ChangedSubscription>;
  /** The snapshots are those of both customers. Rejects with CUSTOMER_NOT_FOUND, or CONFLICT when the place is taken. */
  delegateSubscriptionToCustomer(
    asked: { subscriptionId: string; destinationCustomerId: string },
    now: number,
  ): Promise<ChangedSubscription>;
}

/** Everything that one environment can do. `now` is the instant of the call, epoch milliseconds. */
export interface EnvironmentEngine extends SubscriptionChanges, CreditOperations {
  environmentId: string;
  catalogNumber(): Promise<number>;
  /** All as of one instant; null asks for the customer's own snapshot. */
  snapshots(customerId: string, resourceIds: (string | null)[], now: number): Promise<Snapshot[]>;
  /** Rejects with CUSTOMER_NOT_FOUND, also for one that is archived. */
  customer(customerId: string, now: number): Promise<CustomerWire>;
  customerStatistics(customerId: string, now: number): Promise<CustomerStatisticsQuery['customerStatistics']>;
  featureTypes(featureIds: string[]): Promise<(FeatureDescription | null)[]>;
  /** What customers can see and buy by themselves, the cheapest first. */
  offers(): Promise<OffersWire>;
  provisionCustomer(
    input: ProvisionCustomerInput,
    now: number,
  ): Promise<{ customer: CustomerWire; subscription: SubscriptionWire | null; snapshots: Snapshot[] }>;
  /** Rejects with CONFLICT when the id is taken. */
  createCustomer(input: ProvisionCustomerInput, now: number): Promise<CustomerWire>;
  updateCustomer(input: UpdateCustomerInput, now: number): Promise<CustomerWire>;
  /** Rejects with CONFLICT while a subscription that is not free runs. */
  archiveCustomer(customerId: string, now: number): Promise<CustomerWire>;
  unarchiveCustomer(customerId: string, now: number): Promise<CustomerWire>;
  detachCustomerPaymentMethod(customerId: string, now: number): Promise<CustomerWire>;
  /** One transaction and one result per row, in the order given. */
  importCustomers(rows: readonly ImportCustomerInput[], now: number): Promise<ImportResultWire[]>;
  /** Rejects with INVALID_ARGUMENT or a code of what is missing, naming the field. */
  provisionSubscription(input: ProvisionSubscriptionInput, now: number): Promise<ProvisionedSubscription>;
  /** The same, and what runs on the plan already is changed instead. */
  applySubscription(input: ApplySubscriptionInput, now: number): Promise<ProvisionedSubscription>;
  /** 1–1,000 rows, one transaction and one result per row in the order given. */
  importSubscriptions(rows: ImportSubscriptionInput[], now: number): Promise<ImportResultWire[]>;
  /** Sandbox billing only: what waits to be decided, the oldest first, at most 100. Rejects with FORBIDDEN elsewhere. */
  openSandboxBilling(): Promise<SandboxItem[]>;
  /** Sandbox billing only: decides a checkout, a payment or a confirmation that waits. */
  settleSandboxBilling(asked: { intentId: string; outcome: SandboxOutcome }, now: number): Promise<boolean>;
  /** Promotional grants that hold or have run to their end, newest first. Rejects with CUSTOMER_NOT_FOUND. */
  promotionalEntitlements(customerId: string, now: number): Promise<PromotionalEntitlementWire[]>;
  promotionalEntitlementPage(customerId: string, page: PageInput, now: number): Promise<PromotionalEntitlementPage>;
  /** Grants features beside any subscription; a grant for the same feature is replaced. */
  grantPromotionalEntitlements(
    customerId: string,
    items: readonly PromotionalEntitlementInput[],
    now: number,
  ): Promise<ChangedPromotions>;
  /** Rejects with PROMOTIONAL_ENTITLEMENT_NOT_FOUND where the customer has no grant of the feature. */
  revokePromotionalEntitlements(customerId: string, featureId: string, now: number): Promise<ChangedPromotions>;
  /** Every feature of the group is in `items`, or granted to the customer already. */
  grantPromotionalEntitlementsGroup(
    customerId: string,
    group: { featureGroupId: string; items: readonly PromotionalEntitlementInput[] },
    now: number,
  ): Promise<ChangedPromotions>;
  /** Takes away what the customer has only through this group. */
  revokePromotionalEntitlementsGroup(
    customerId: string,
    featureGroupId: string,
    now: number,
  ): Promise<ChangedPromotions>;
  /** Keeps the grants and takes the group off them. */
  unlinkPromotionalEntitlementsGroup(
    customerId: string,
    featureGroupId: string,
    now: number,
  ): Promise<ChangedPromotions>;
  /** Rejects with SUBSCRIPTION_NOT_FOUND. */
  subscription(subscriptionId: string, now: number): Promise<SubscriptionWire>;
  /** In every status, newest first; an unknown customer has none. */
  subscriptions(
    asked: { filter: SubscriptionFilter | null; page: PageInput | null },
    now: number,
  ): Promise<GetSubscriptionsQuery['subscriptions']>;
  /** What is active or in trial, customer-wide where `resourceIds` is null, else of those resources. */
  activeSubscriptions(
    customerId: string,
    resourceIds: readonly string[] | null,
    now: number,
  ): Promise<SubscriptionWire[]>;
  /** What happened after a cursor, null for the beginning; 1–1,000 at once. */
  events(asked: { after: string | null; limit: number }): Promise<EventsQuery['events']>;
  /** Goes on with what billing has not settled in this environment: see `Engine.resumeBilling`. */
  resumeBilling(now: number): Promise<number>;
  /** Does what is due for this environment's customers: see `Engine.sweep`. */
  sweep(now: number, limit: number): Promise<number>;
  /** One transaction per customer, one result per item in the order given; rejects only for the batch as a whole. */
  reportUsage(usages: ReportUsageInput[], now: number): Promise<ReportUsageResultWire[]>;
  /**
   * One operation on a customer's numbers: a report, a consumption, a reservation or what becomes of one. Those of one
   * customer that wait travel together in one transaction. Never rejects: what is wrong is said in `error`.
   */
  hot(operation: HotOperationInput, now: number): Promise<Omit<HotOperationResultWire, 'isRunning'>>;
  /** What each source gives of one feature, of the customer's own scope and of a resource's. Rejects with INVALID_ARGUMENT only. */
  entitlementSources(
    customerId: string,
    asked: { featureId: string; resourceId: string | null },
    now: number,
  ): Promise<EntitlementSourceWire[]>;
  /** Null where there is none. Rejects with INVALID_ARGUMENT only. */
  reservation(asked: { customerId: string; reservationId: string }, now: number): Promise<ReservationWire | null>;
  reportEvents(events: ReportEventInput[], now: number): Promise<ReportEventResultWire[]>;
  /** Accepted like events, in one order with them: stored is what the answer says, the wallets change after that. */
  consumeCreditsAsync(consumptions: ConsumeCreditsInput[], now: number): Promise<ReportEventResultWire[]>;
  /** What an event would cost in credits; records nothing. Rejects with CUSTOMER_NOT_FOUND. */
  estimateEventCost(input: EstimateEventCostInput, now: number): Promise<CostEstimateWire>;
  /** What calculated usage would cost in credits; records nothing. Rejects with CUSTOMER_NOT_FOUND. */
  estimateUsageCost(input: EstimateUsageCostInput, now: number): Promise<CostEstimateWire>;
  /** A feature's use over time. Rejects with CUSTOMER_NOT_FOUND, FEATURE_NOT_FOUND or INVALID_ARGUMENT naming the field. */
  usageHistory(input: UsageHistoryInput, now: number): Promise<UsageHistoryQuery['usageHistory']>;
  /** Rejects with CATALOG_INVALID naming the field, or CATALOG_BREAKS_SUBSCRIPTIONS naming the subscriptions. */
  applyCatalog(
    document: unknown,
    options: ApplyCatalogOptions,
    now: number,
  ): Promise<ApplyCatalogMutation['applyCatalog']>;
  /** The catalog as it is published, with the drafts beside it, as a document that `applyCatalog` takes. */
  publishedCatalog(): Promise<CatalogDocument>;
  /**
   * Follows the change feed from a cursor, or from now when it is null. The first batch comes at once, empty or not;
   * then one whenever something changed, and an empty one at least every second as a sign of life.
   */
  follow(cursor: string | null, listener: FeedListener): FeedSubscription;
}
