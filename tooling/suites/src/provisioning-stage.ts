import type { ProvisionedSubscription, Tollgate } from '@tollgate/client';
import type { TestStack } from '@tollgate/testing';
import { provisioningCatalog } from './provisioning-catalog.js';
import { type StorageName, stackOn } from './storages.js';

export interface ProvisioningStage {
  stack: TestStack;
  client: Tollgate;
  /** Makes the customer when it is new, and asks for a subscription: to the basic plan, unless something else is given. */
  provision(customerId: string, params?: object): Promise<ProvisionedSubscription>;
  /** Everything that the customer has or had, in the order of plan ids and then of statuses. */
  history(customerId: string): Promise<{ planId: string; status: string; cancelReason: string | null }[]>;
}

/** A stack on the catalog of the provisioning tests, whose clock stands at `now`. */
export async function provisioningStage(storage: StorageName, now: string): Promise<ProvisioningStage> {
  const stack = await stackOn(storage, now, { catalog: provisioningCatalog });
  const client = stack.client();
  return {
    stack,
    client,
    provision: async (customerId, params = {}) => {
      await client.provisionCustomer({ customerId, subscriptionParams: null });
      return client.provisionSubscription({ customerId, planId: 'plan-basic', billingPeriod: 'MONTHLY', ...params });
    },
    history: async (customerId) => {
      const { data } = await client.getSubscriptions({ customerId });
      const rows = data.map(({ planId, status, cancelReason }) => ({ planId, status, cancelReason }));
      return rows.sort((a, b) => (`${a.planId} ${a.status}` < `${b.planId} ${b.status}` ? -1 : 1));
    },
  };
}
