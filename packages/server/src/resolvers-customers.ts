import {
  type ImportCustomerInput,
  type ProvisionCustomerInput,
  snapshotToWire,
  type UpdateCustomerInput,
} from '@tollgate/contract';
import { assertCount, serverOnly } from './resolver.js';

interface CustomerArguments {
  customerId: string;
}

/** Customers: who they are, and what other systems know of them. */
export const customerQueries = {
  customer: serverOnly<CustomerArguments>((_root, { customerId }, { environment, clock }) =>
    environment.customer(customerId, clock.now()),
  ),
  customerStatistics: serverOnly<CustomerArguments>((_root, { customerId }, { environment, clock }) =>
    environment.customerStatistics(customerId, clock.now()),
  ),
};

export const customerMutations = {
  provisionCustomer: serverOnly<{ input: ProvisionCustomerInput }>(async (_root, { input }, { environment, clock }) => {
    const done = await environment.provisionCustomer(input, clock.now());
    return { ...done, snapshots: done.snapshots.map(snapshotToWire) };
  }),
  createCustomer: serverOnly<{ input: ProvisionCustomerInput }>((_root, { input }, { environment, clock }) =>
    environment.createCustomer(input, clock.now()),
  ),
  updateCustomer: serverOnly<{ input: UpdateCustomerInput }>((_root, { input }, { environment, clock }) =>
    environment.updateCustomer(input, clock.now()),
  ),
  archiveCustomer: serverOnly<CustomerArguments>((_root, { customerId }, { environment, clock }) =>
    environment.archiveCustomer(customerId, clock.now()),
  ),
  unarchiveCustomer: serverOnly<CustomerArguments>((_root, { customerId }, { environment, clock }) =>
    environment.unarchiveCustomer(customerId, clock.now()),
  ),
  detachCustomerPaymentMethod: serverOnly<CustomerArguments>((_root, { customerId }, { environment, clock }) =>
    environment.detachCustomerPaymentMethod(customerId, clock.now()),
  ),
  importCustomers: serverOnly<{ customers: ImportCustomerInput[] }>((_root, { customers }, { environment, clock }) => {
    assertCount('customers', customers, 1000);
    return environment.importCustomers(customers, clock.now());
  }),
};
