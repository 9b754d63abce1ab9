import { assertCustomerId } from '@tollgate/contract';
import { applySubscription } from './apply-subscription.js';
import { billedOperations } from './billed-operations.js';
import type { SandboxDesk } from './billing/sandbox-rules.js';
import type { BillingRunner } from './billing-runner.js';
import { detachPaymentMethod, updateCustomer } from './change-customer.js';
import { migrateSubscriptionToLatest, updateSubscription } from './change-subscriptions.js';
import type { EnvironmentEngine } from './engine-api.js';
import type { EngineContext } from './engine-context.js';
import { provisionSubscription } from './provision.js';
import { provisionCustomer } from './provision-customer.js';
import { openDesk, settleIn } from './sandbox-desk.js';

type Billed = Pick<
  EnvironmentEngine,
  | 'provisionCustomer'
  | 'provisionSubscription'
  | 'applySubscription'
  | 'updateSubscription'
  | 'cancelSubscription'
  | 'migrateSubscriptionToLatest'
  | 'updateCustomer'
  | 'detachCustomerPaymentMethod'
  | 'openSandboxBilling'
  | 'settleSandboxBilling'
>;

/** The operations whose callers may wait for billing. What others change, billing is told of in the background. */
export function billedEnvironment(
  context: EngineContext,
  environmentId: string,
  { billing, desk }: { billing: BillingRunner; desk: SandboxDesk | null },
): Billed {
  const billed = billedOperations(context, environmentId, billing);
  return {
    provisionCustomer: (input, now) =>
      billed.changed({ waits: true }, now, (own) => provisionCustomer(own, environmentId, input, now)),
    provisionSubscription: (input, now) => {
      const checkoutOptions = input.checkoutOptions ?? null;
      const wishes = { waits: input.awaitPaymentConfirmation ?? true, checkoutOptions };
      return billed.started(wishes, now, (own) => provisionSubscription(own, environmentId, input, now));
    },
    applySubscription: (input, now) =>
      billed.started({ waits: true }, now, (own) => applySubscription(own, environmentId, input, now)),
    updateSubscription: (input, now) => {
      const wishes = { waits: input.awaitPaymentConfirmation ?? true };
      return billed.changed(wishes, now, (own) => updateSubscription(own, environmentId, input, now));
    },
    cancelSubscription: (input, now) => billed.cancelled(input, now),
    migrateSubscriptionToLatest: (asked, now) =>
      billed.changed({ waits: false }, now, (own) => migrateSubscriptionToLatest(own, environmentId, asked, now)),
    updateCustomer: (input, now) =>
      billed.customerChanged(input.shouldWaitSync ?? false, now, (own) =>
        updateCustomer(own, environmentId, input, now),
      ),
    detachCustomerPaymentMethod: async (customerId, now) => {
      assertCustomerId(customerId);
      const key = { environmentId, customerId };
      return billed.customerChanged(false, now, (own) => detachPaymentMethod(own, key, now));
    },
    openSandboxBilling: async () => openDesk(desk).open(environmentId),
    settleSandboxBilling: async (asked, now) => settleIn(openDesk(desk), environmentId, asked, now),
  };
}
