import { readAutomaticRecharge, saveAutomaticRecharge } from './automatic-recharge.js';
import { billedOperations } from './billed-operations.js';
import type { BillingRunner } from './billing-runner.js';
import type { CreditOperations } from './credit-api.js';
import { grantCredits, voidCreditGrant } from './credit-grants.js';
import { readCreditBalance, readCreditGrants, readCreditLedger } from './credit-lists.js';
import { readCreditUsage } from './credit-usage.js';
import type { EngineContext } from './engine-context.js';
import { verify } from './verify.js';

/** The operations about credits of one environment. */
export function creditEnvironment(
  context: EngineContext,
  environmentId: string,
  billing: BillingRunner,
): CreditOperations {
  const billed = billedOperations(context, environmentId, billing);
  return {
    grantCredits: (input, now) =>
      billed.granted(input.awaitPaymentConfirmation ?? true, now, (own) =>
        grantCredits(own, environmentId, input, now),
      ),
    voidCreditGrant: (grantId, now, { customerId = null } = {}) =>
      voidCreditGrant(context, environmentId, grantId, now, customerId),
    creditGrants: (asked, now) => readCreditGrants(context, environmentId, asked, now),
    creditLedger: (asked, now) => readCreditLedger(context, environmentId, asked, now),
    creditUsage: (asked, now) => readCreditUsage(context, environmentId, asked, now),
    automaticRecharge: (asked, now) => readAutomaticRecharge(context, { environmentId, ...asked }, now),
    saveAutomaticRecharge: (input, now) => saveAutomaticRecharge(context, environmentId, input, now),
    verify: (now, { customerId = null } = {}) => verify(context, { environmentId, customerId }, now),
    creditBalance: (asked, now) => readCreditBalance(context, environmentId, asked, now),
  };
}
