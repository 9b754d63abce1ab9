import {
  ArchiveCustomerDocument,
  assertCustomerId,
  CreateCustomerDocument,
  CustomerStatisticsDocument,
  type CustomerWire,
  DetachCustomerPaymentMethodDocument,
  GetCustomerDocument,
  type ImportCustomerInput,
  ImportCustomersDocument,
  type PricingType,
  ProvisionCustomerDocument,
  UnarchiveCustomerDocument,
  UpdateCustomerDocument,
} from '@tollgate/contract';
import { type Customer, customerOf } from './customer.js';
import {
  customerImportInput,
  customerImportInputs,
  customerInput,
  customerUpdateInput,
  type ImportCustomer,
  type ImportCustomerBulk,
  type ImportCustomerRow,
  type ProvisionCustomer,
  type UpdateCustomer,
} from './customer-inputs.js';
import { deprecated } from './deprecation.js';
import type { ImportedRow } from './imported-row.js';
import { importPatienceMs, type ManagementCall } from './management-call.js';
import type { Entitlement } from './results.js';
import { type CustomerSubscription, subscriptionOf } from './subscription.js';
import { itemError } from './thrown.js';

export interface ProvisionedCustomer {
  customer: Customer;
  subscription: CustomerSubscription | null;
  entitlements: Entitlement[];
}

export interface CustomerStatistics {
  activeSubscriptionsByPricingType: { pricingType: PricingType; count: number }[];
  /** Subscriptions in trial are counted here, not above. */
  trialSubscriptions: number;
}

export interface CustomerManagement {
  /** Creates a customer or changes the given fields, and starts a subscription when asked to. */
  provisionCustomer(customer: ProvisionCustomer): Promise<ProvisionedCustomer>;
  /** @deprecated Use `provisionCustomer`. Rejects with CONFLICT when the id is taken. */
  createCustomer(customer: ProvisionCustomer): Promise<Customer>;
  /** Changes the fields that are given; null clears one. Rejects with CUSTOMER_NOT_FOUND. */
  updateCustomer(customer: UpdateCustomer): Promise<Customer>;
  /** Rejects with CUSTOMER_NOT_FOUND, for an archived customer too. */
  getCustomer(customerId: string): Promise<Customer>;
  /** How many of the customer's subscriptions are active, by pricing type. */
  getCustomerStatistics(customerId: string): Promise<CustomerStatistics>;
  /** Erases name and email and takes the customer out of use. Resolves with the id. */
  archiveCustomer(customerId: string): Promise<string>;
  /** Brings an archived customer back; what was erased stays erased. */
  unarchiveCustomer(customerId: string): Promise<Customer>;
  /** Takes a customer over from elsewhere, whether it is there already or not. */
  importCustomer(customer: ImportCustomer): Promise<Customer>;
  /** Takes 1–1,000 customers over: what became of each row, in the order given. A bad row stops no other. */
  importCustomerBulk(params: ImportCustomerBulk): Promise<ImportedRow[]>;
  /** Removes the default payment method; again is no error. */
  detachCustomerPaymentMethod(customerId: string): Promise<Customer>;
}

const resourcesOf = ({ subscriptions }: CustomerWire) => subscriptions.map(({ resourceId }) => resourceId);

export function customerManagement(call: ManagementCall): CustomerManagement {
  const get = async (customerId: string): Promise<CustomerWire> => {
    assertCustomerId(customerId);
    return (await call.execute(GetCustomerDocument, { customerId })).customer;
  };

  const importRowsOf = async (customers: ImportCustomerInput[], integrationId?: string | null) =>
    (await call.execute(ImportCustomersDocument, { customers, integrationId }, importPatienceMs)).importCustomers;

  return {
    provisionCustomer: async (customer) => {
      const variables = { input: customerInput(customer) };
      const result = await call.change(
        ProvisionCustomerDocument,
        variables,
        (reply) => reply.provisionCustomer.snapshots,
      );
      const { customer: wire, subscription, snapshots } = result.provisionCustomer;
      return {
        customer: customerOf(wire),
        subscription: subscription && subscriptionOf(subscription),
        entitlements: call.entitlementsOf(snapshots, wire.customerId, subscription?.resourceId ?? null),
      };
    },
    createCustomer: async (customer) => {
      deprecated(call.logger, 'createCustomer', 'provisionCustomer');
      const { createCustomer: wire } = await call.execute(CreateCustomerDocument, { input: customerInput(customer) });
      await call.refresh(wire.customerId, resourcesOf(wire));
      return customerOf(wire);
    },
    updateCustomer: async (customer) => {
      const variables = { input: customerUpdateInput(customer) };
      return customerOf((await call.execute(UpdateCustomerDocument, variables)).updateCustomer);
    },
    getCustomer: async (customerId) => customerOf(await get(customerId)),
    getCustomerStatistics: async (customerId) => {
      assertCustomerId(customerId);
      const { customerStatistics } = await call.execute(CustomerStatisticsDocument, { customerId });
      return {
        ...customerStatistics,
        activeSubscriptionsByPricingType: customerStatistics.activeSubscriptionsByPricingType.map((row) => ({
          ...row,
        })),
      };
    },
    archiveCustomer: async (customerId) => {
      assertCustomerId(customerId);
      const { archiveCustomer: wire } = await call.execute(ArchiveCustomerDocument, { customerId });
      await call.refresh(customerId, resourcesOf(wire));
      return wire.customerId;
    },
    unarchiveCustomer: async (customerId) => {
      assertCustomerId(customerId);
      const { unarchiveCustomer: wire } = await call.execute(UnarchiveCustomerDocument, { customerId });
      await call.refresh(customerId, resourcesOf(wire));
      return customerOf(wire);
    },
    importCustomer: async (customer) => {
      const input = customerImportInput(customer, call.newId);
      const [result] = await importRowsOf([input]);
      const error = itemError(result?.error ?? null);
      if (error) throw error;
      const wire = await get(input.customerId);
      await call.refresh(input.customerId, resourcesOf(wire));
      return customerOf(wire);
    },
    importCustomerBulk: async (params) => {
      const { rows, integrationId } = customerImportInputs(params);
      const results = rows.inputs.length > 0 ? await importRowsOf(rows.inputs, integrationId) : [];
      return rows.merge(results, (row) => (row as Partial<ImportCustomerRow>).customerId);
    },
    detachCustomerPaymentMethod: async (customerId) => {
      assertCustomerId(customerId);
      const reply = await call.execute(DetachCustomerPaymentMethodDocument, { customerId });
      return customerOf(reply.detachCustomerPaymentMethod);
    },
  };
}
