import type {
  AutomaticRechargeConfiguration,
  CreditGrant,
  CreditGrantPage,
  CreditLedgerPage,
  CreditUsage,
} from './credit.js';
import type { CreditBalance } from './credit-entitlement.js';
import type {
  GetAutomaticRecharge,
  GetCreditGrants,
  GetCreditLedger,
  GetCreditUsage,
  GrantCredits,
  SaveAutomaticRecharge,
  VoidCreditGrant,
} from './credit-inputs.js';
import type { Customer } from './customer.js';
import type { ImportCustomer, ImportCustomerBulk, ProvisionCustomer, UpdateCustomer } from './customer-inputs.js';
import type { CustomerStatistics, ProvisionedCustomer } from './customer-management.js';
import type { GetCreditBalance } from './entitlement-params.js';
import type { ImportedRow } from './imported-row.js';
import type { Management } from './management.js';
import type { PromotionalEntitlement } from './promotion.js';
import type {
  GrantPromotionalEntitlements,
  GrantPromotionalEntitlementsGroup,
  PromotionalEntitlementsGroup,
  RevokePromotionalEntitlements,
} from './promotion-inputs.js';
import type { CustomerSubscription, SlimSubscription } from './subscription.js';
import type { ProvisionedSubscription, SubscriptionPage } from './subscription-methods.js';
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
import type { CurrencyId, FeatureId, Registered } from './typed-catalog.js';
import type {
  CostEstimate,
  EstimateEventCost,
  EstimateUsageCost,
  FetchUsageHistory,
  GetUsageHistory,
  UsageHistory,
  UsageHistoryItem,
} from './usage-management.js';

/** The management methods of the client; what each of them does is said at the interfaces that `Management` is made of. */
export abstract class ManagedClient<Catalog = Registered> implements Management {
  readonly #management: Management;

  protected constructor(management: Management) {
    this.#management = management;
  }

  /** @deprecated Use `getCreditEntitlement`. Rejects with CUSTOMER_NOT_FOUND for an unknown customer. */
  getCreditBalance(params: GetCreditBalance<CurrencyId<Catalog>>): Promise<CreditBalance> {
    return this.#management.getCreditBalance(params);
  }

  grantCredits(params: GrantCredits<CurrencyId<Catalog>>): Promise<CreditGrant> {
    return this.#management.grantCredits(params);
  }

  voidCreditGrant(params: VoidCreditGrant): Promise<CreditGrant> {
    return this.#management.voidCreditGrant(params);
  }

  getCreditGrants(params: GetCreditGrants<CurrencyId<Catalog>>): Promise<CreditGrantPage> {
    return this.#management.getCreditGrants(params);
  }

  getCreditLedger(params: GetCreditLedger<CurrencyId<Catalog>>): Promise<CreditLedgerPage> {
    return this.#management.getCreditLedger(params);
  }

  getCreditUsage(params: GetCreditUsage<CurrencyId<Catalog>>): Promise<CreditUsage> {
    return this.#management.getCreditUsage(params);
  }

  getAutomaticRechargeConfiguration(
    params: GetAutomaticRecharge<CurrencyId<Catalog>>,
  ): Promise<AutomaticRechargeConfiguration> {
    return this.#management.getAutomaticRechargeConfiguration(params);
  }

  saveAutomaticRechargeConfiguration(
    params: SaveAutomaticRecharge<CurrencyId<Catalog>>,
  ): Promise<AutomaticRechargeConfiguration> {
    return this.#management.saveAutomaticRechargeConfiguration(params);
  }

  provisionCustomer(customer: ProvisionCustomer): Promise<ProvisionedCustomer> {
    return this.#management.provisionCustomer(customer);
  }

  /** @deprecated Use `provisionCustomer`. Rejects with CONFLICT when the id is taken. */
  createCustomer(customer: ProvisionCustomer): Promise<Customer> {
    return this.#management.createCustomer(customer);
  }

  updateCustomer(customer: UpdateCustomer): Promise<Customer> {
    return this.#management.updateCustomer(customer);
  }

  getCustomer(customerId: string): Promise<Customer> {
    return this.#management.getCustomer(customerId);
  }

  getCustomerStatistics(customerId: string): Promise<CustomerStatistics> {
    return this.#management.getCustomerStatistics(customerId);
  }

  archiveCustomer(customerId: string): Promise<string> {
    return this.#management.archiveCustomer(customerId);
  }

  unarchiveCustomer(customerId: string): Promise<Customer> {
    return this.#management.unarchiveCustomer(customerId);
  }

  importCustomer(customer: ImportCustomer): Promise<Customer> {
    return this.#management.importCustomer(customer);
  }

  importCustomerBulk(params: ImportCustomerBulk): Promise<ImportedRow[]> {
    return this.#management.importCustomerBulk(params);
  }

  detachCustomerPaymentMethod(customerId: string): Promise<Customer> {
    return this.#management.detachCustomerPaymentMethod(customerId);
  }

  provisionSubscription(params: ProvisionSubscription): Promise<ProvisionedSubscription> {
    return this.#management.provisionSubscription(params);
  }

  applySubscription(params: ApplySubscription): Promise<ProvisionedSubscription> {
    return this.#management.applySubscription(params);
  }

  /** @deprecated Use `provisionSubscription`, which says where to pay while the subscription is PAYMENT_PENDING. */
  createSubscription(params: ProvisionSubscription): Promise<CustomerSubscription> {
    return this.#management.createSubscription(params);
  }

  updateSubscription(params: UpdateSubscription): Promise<CustomerSubscription> {
    return this.#management.updateSubscription(params);
  }

  cancelSubscription(params: CancelSubscription): Promise<CustomerSubscription> {
    return this.#management.cancelSubscription(params);
  }

  cancelSubscriptionScheduledUpdates(params: CancelSubscriptionScheduledUpdates): Promise<{ subscriptionId: string }> {
    return this.#management.cancelSubscriptionScheduledUpdates(params);
  }

  migrateSubscriptionToLatest(params: MigrateSubscriptionToLatest): Promise<{ subscriptionId: string }> {
    return this.#management.migrateSubscriptionToLatest(params);
  }

  /** @deprecated Use `transferSubscriptionToResource`. The source is paid, the destination on a free plan. */
  transferSubscription(params: TransferSubscription): Promise<CustomerSubscription> {
    return this.#management.transferSubscription(params);
  }

  transferSubscriptionToResource(params: TransferSubscriptionToResource): Promise<CustomerSubscription> {
    return this.#management.transferSubscriptionToResource(params);
  }

  delegateSubscriptionToCustomer(params: DelegateSubscriptionToCustomer): Promise<CustomerSubscription> {
    return this.#management.delegateSubscriptionToCustomer(params);
  }

  importSubscriptionBulk(params: ImportSubscriptionBulk): Promise<ImportedRow[]> {
    return this.#management.importSubscriptionBulk(params);
  }

  getSubscription(params: { subscriptionId: string }): Promise<CustomerSubscription> {
    return this.#management.getSubscription(params);
  }

  getSubscriptions(params?: GetSubscriptions): Promise<SubscriptionPage> {
    return this.#management.getSubscriptions(params);
  }

  getActiveSubscriptions(params: GetActiveSubscriptions): Promise<CustomerSubscription[]> {
    return this.#management.getActiveSubscriptions(params);
  }

  getActiveSubscriptionsList(params: GetActiveSubscriptions): Promise<SlimSubscription[]> {
    return this.#management.getActiveSubscriptionsList(params);
  }

  grantPromotionalEntitlements(
    params: GrantPromotionalEntitlements<FeatureId<Catalog>>,
  ): Promise<PromotionalEntitlement[]> {
    return this.#management.grantPromotionalEntitlements(params);
  }

  revokePromotionalEntitlements(params: RevokePromotionalEntitlements<FeatureId<Catalog>>): Promise<{ id: string }> {
    return this.#management.revokePromotionalEntitlements(params);
  }

  grantPromotionalEntitlementsGroup(
    params: GrantPromotionalEntitlementsGroup<FeatureId<Catalog>>,
  ): Promise<PromotionalEntitlement[]> {
    return this.#management.grantPromotionalEntitlementsGroup(params);
  }

  revokePromotionalEntitlementsGroup(params: PromotionalEntitlementsGroup): Promise<PromotionalEntitlement[]> {
    return this.#management.revokePromotionalEntitlementsGroup(params);
  }

  unlinkPromotionalEntitlementsGroup(params: PromotionalEntitlementsGroup): Promise<PromotionalEntitlement[]> {
    return this.#management.unlinkPromotionalEntitlementsGroup(params);
  }

  getUsageHistoryV2(params: GetUsageHistory<FeatureId<Catalog, 'METERED'>>): Promise<UsageHistory> {
    return this.#management.getUsageHistoryV2(params);
  }

  /** @deprecated Use `getUsageHistoryV2`, which tells resets by changes of the subscription too. */
  fetchUsageHistory(params: FetchUsageHistory<FeatureId<Catalog, 'METERED'>>): Promise<UsageHistoryItem[]> {
    return this.#management.fetchUsageHistory(params);
  }

  estimateEventCost(params: EstimateEventCost): Promise<CostEstimate> {
    return this.#management.estimateEventCost(params);
  }

  estimateUsageCost(params: EstimateUsageCost<FeatureId<Catalog, 'METERED'>>): Promise<CostEstimate> {
    return this.#management.estimateUsageCost(params);
  }
}
