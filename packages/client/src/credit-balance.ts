import { assertId, CreditBalanceDocument, type CreditBalanceQuery } from '@tollgate/contract';
import { type CreditBalance, creditCurrencyOf } from './credit-entitlement.js';
import { deprecated } from './deprecation.js';
import { type GetCreditBalance, keyOf } from './entitlement-params.js';
import { checkFields } from './input-rules.js';
import type { ManagementCall } from './management-call.js';
import { number } from './wire-values.js';

export interface CreditBalanceManagement {
  /** @deprecated Use `getCreditEntitlement`, which answers from cache. Rejects with CUSTOMER_NOT_FOUND for an unknown customer. */
  getCreditBalance(params: GetCreditBalance<string>): Promise<CreditBalance>;
}

export function creditBalanceManagement({ execute, logger }: ManagementCall): CreditBalanceManagement {
  return {
    getCreditBalance: async (params) => {
      deprecated(logger, 'getCreditBalance', 'getCreditEntitlement');
      checkFields(params, ['customerId', 'currencyId', 'resourceId'], '');
      const key = keyOf(params.customerId, params.resourceId);
      assertId(params.currencyId, 'currencyId');
      const reply = await execute(CreditBalanceDocument, { ...key, currencyId: params.currencyId });
      return balanceOf(reply.creditBalance);
    },
  };
}

function balanceOf({ currency, ...numbers }: CreditBalanceQuery['creditBalance']): CreditBalance {
  return {
    currency: creditCurrencyOf({ ...currency, metadata: currency.metadata as Record<string, string> }),
    currentBalance: number(numbers.currentBalance, 'currentBalance'),
    totalGranted: number(numbers.totalGranted, 'totalGranted'),
    totalConsumed: number(numbers.totalConsumed, 'totalConsumed'),
  };
}
