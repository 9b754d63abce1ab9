import type { CreditGrant, GrantCredits, Tollgate } from '@tollgate/client';
import type { StackOptions, TestStack } from '@tollgate/testing';
import { ledgerCatalog as catalog } from './ledger-catalog.js';
import { type StorageName, stackOn } from './storages.js';

/** A stack with credits to grant and to use. */
export interface CreditStage {
  stack: TestStack;
  client: Tollgate;
  /** A customer of its own for each test, on the free plan, with a payment method that pays unless another one is named. */
  customer(paymentMethodId?: string | null): Promise<string>;
  /** Promotional tokens, unless told otherwise. */
  grant(customerId: string, amount: number, more?: Partial<GrantCredits>): Promise<CreditGrant>;
  /** Uses credits without a feature. */
  use(
    customerId: string,
    amount: number,
    more?: { currencyId?: string; dimensions?: Record<string, string> },
  ): Promise<void>;
  balance(customerId: string, currencyId?: string): Promise<number>;
  /** The types of what happened to a customer, as far as it is about credits, with what is told of each. */
  told(customerId: string): Promise<{ type: string; entity: Record<string, unknown> }[]>;
}

export async function creditStage(
  storage: StorageName,
  now: string,
  options: Pick<StackOptions, 'billing'> = {},
): Promise<CreditStage> {
  const stack = await stackOn(storage, now, { catalog, ...options });
  const client = stack.client();
  let last = 0;
  return {
    stack,
    client,
    customer: async (paymentMethodId = 'pm_card') => {
      const customerId = `customer-${++last}`;
      const billingInfo = paymentMethodId === null ? null : { paymentMethodId };
      await client.provisionCustomer({ customerId, billingInfo, subscriptionParams: { planId: 'plan-free' } });
      return customerId;
    },
    grant: (customerId, amount, more = {}) =>
      client.grantCredits({
        customerId,
        currencyId: 'tokens',
        amount,
        displayName: 'Credits',
        grantType: 'PROMOTIONAL',
        ...more,
      }),
    use: async (customerId, amount, { currencyId = 'tokens', dimensions } = {}) => {
      const idempotencyKey = `use-${++last}`;
      await client.consumeCredits({
        customerId,
        currencyId,
        amount,
        idempotencyKey,
        ...(dimensions && { dimensions }),
      });
    },
    balance: async (customerId, currencyId = 'tokens') =>
      (await client.getCreditEntitlement({ customerId, currencyId })).currentBalance,
    told: async (customerId) => {
      const { events } = await stack.engine.events({ after: null, limit: 1000 });
      return events
        .filter((event) => event.customerId === customerId && /credits|recharge|payment/.test(event.type))
        .map(({ type, entity }) => ({ type, entity: entity as Record<string, unknown> }));
    },
  };
}
