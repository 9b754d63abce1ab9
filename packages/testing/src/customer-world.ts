import { randomUUID } from 'node:crypto';
import { isTollgateError, PromotionalEntitlementPeriod, Tollgate } from '@tollgate/client';
import { FeatureTypesDocument, type Transport } from '@tollgate/contract';
import type { CustomerRef, Grant, TestEnvironment } from './test-environment.js';

export const toCustomer = (customer: CustomerRef): { customerId: string; resourceId?: string } =>
  typeof customer === 'string' ? { customerId: customer } : customer;

/** What tests do to customers, past the clients under test; `tellChange` lets those hear of it. */
export function customerWorld(transport: Transport, tellChange: () => void) {
  let made: Tollgate | undefined;
  const admin = (): Tollgate => {
    // Without a feed: it only writes. The transport is not its own to close.
    made ??= Tollgate.initialize({
      transport: { ...transport, close: undefined },
      realtimeUpdatesEnabled: false,
      // What fails, rejects.
      logConfiguration: { logLevel: 'NONE' },
    });
    return made;
  };
  const change = async (work: Promise<unknown>): Promise<void> => {
    await work;
    tellChange();
  };

  /** Without a limit where the feature is a number and no limit is said. */
  const completed = async (grant: Grant): Promise<Grant> => {
    if (grant.usageLimit !== undefined || grant.hasUnlimitedUsage !== undefined) return grant;
    const { data } = await transport.execute(FeatureTypesDocument, { featureIds: [grant.featureId] });
    return data.featureTypes[0]?.featureType === 'NUMBER' ? { ...grant, hasUnlimitedUsage: true } : grant;
  };

  const promote = async (customerId: string, grant: Grant & { isGranted?: boolean }): Promise<void> => {
    const promotionalEntitlements = [{ period: PromotionalEntitlementPeriod.Lifetime, ...grant }];
    const give = () => admin().grantPromotionalEntitlements({ customerId, promotionalEntitlements });
    try {
      await give();
    } catch (error) {
      if (!isTollgateError(error) || error.code !== 'CUSTOMER_NOT_FOUND') throw error;
      await admin().provisionCustomer({ customerId, subscriptionParams: null });
      await give();
    }
  };

  const helpers: Pick<TestEnvironment, 'grant' | 'deny' | 'consume'> = {
    grant: async (customerId, feature) => {
      const grant = await completed(typeof feature === 'string' ? { featureId: feature } : feature);
      await change(promote(customerId, grant));
    },
    deny: (customerId, featureId) => change(promote(customerId, { featureId, isGranted: false })),
    consume: (customer, what, amount) => {
      const of = toCustomer(customer);
      return change(
        typeof what === 'string'
          ? admin().reportUsage({ ...of, featureId: what, value: amount })
          : admin().consumeCredits({ ...of, ...what, amount, idempotencyKey: randomUUID() }),
      );
    },
  };
  return { helpers, close: async () => made?.close() };
}
