import {
  AutomaticRechargeDocument,
  CreditGrantsDocument,
  CreditLedgerDocument,
  CreditUsageDocument,
  GrantCreditsDocument,
  SaveAutomaticRechargeDocument,
  VoidCreditGrantDocument,
} from '@tollgate/contract';
import {
  type AutomaticRechargeConfiguration,
  type CreditGrant,
  type CreditGrantPage,
  type CreditLedgerPage,
  type CreditUsage,
  grantOf,
  ledgerEventOf,
  rechargeOf,
  usageOf,
} from './credit.js';
import * as inputs from './credit-inputs.js';
import type { ManagementCall } from './management-call.js';
import { asTollgateError, withDetails } from './thrown.js';

export interface CreditManagement {
  /**
   * Grants credits. Where somebody collects, what costs something is PAYMENT_PENDING until it is paid: read `status` and
   * `paymentCollection`. Rejects with CURRENCY_NOT_FOUND, CUSTOMER_NOT_FOUND, or CONFLICT for an id that is taken; where
   * there was no answer, `details.grantId` is the id to repeat the call with.
   */
  grantCredits(params: inputs.GrantCredits<string>): Promise<CreditGrant>;
  /** Blocks what is left of a grant; what was consumed stays. Rejects with CONFLICT when it has ended. */
  voidCreditGrant(params: inputs.VoidCreditGrant): Promise<CreditGrant>;
  /** Grants in every status, newest first, by page. */
  getCreditGrants(params: inputs.GetCreditGrants<string>): Promise<CreditGrantPage>;
  /** What happened to credits, oldest first, by page. */
  getCreditLedger(params: inputs.GetCreditLedger<string>): Promise<CreditLedgerPage>;
  /** What credits were used for over time, by feature or by dimensions. */
  getCreditUsage(params: inputs.GetCreditUsage<string>): Promise<CreditUsage>;
  /** When a wallet is filled up by itself; the defaults where nothing was saved. */
  getAutomaticRechargeConfiguration(
    params: inputs.GetAutomaticRecharge<string>,
  ): Promise<AutomaticRechargeConfiguration>;
  /** Saves the settings, in place of those before. Rejects with CONFLICT when enabled without a payment method. */
  saveAutomaticRechargeConfiguration(
    params: inputs.SaveAutomaticRecharge<string>,
  ): Promise<AutomaticRechargeConfiguration>;
}

export function creditManagement({ execute, change, newId }: ManagementCall): CreditManagement {
  return {
    grantCredits: async (params) => {
      const given = inputs.grantCreditsInput(params);
      const input = { ...given, grantId: given.grantId ?? newId() };
      try {
        const reply = await change(GrantCreditsDocument, { input }, (result) => result.grantCredits.snapshots);
        return grantOf(reply.grantCredits.grant);
      } catch (thrown) {
        // Whoever gets no answer must be able to ask again without granting, or charging, twice.
        throw withDetails(asTollgateError(thrown), { grantId: input.grantId });
      }
    },
    voidCreditGrant: async (params) => {
      const variables = inputs.voidGrantInput(params);
      const reply = await change(VoidCreditGrantDocument, variables, (result) => result.voidCreditGrant.snapshots);
      return grantOf(reply.voidCreditGrant.grant);
    },
    getCreditGrants: async (params) => {
      const { creditGrants } = await execute(CreditGrantsDocument, inputs.grantsQuery(params));
      return { data: creditGrants.data.map(grantOf), pagination: { ...creditGrants.pagination } };
    },
    getCreditLedger: async (params) => {
      const { creditLedger } = await execute(CreditLedgerDocument, inputs.ledgerQuery(params));
      return { data: creditLedger.data.map(ledgerEventOf), pagination: { ...creditLedger.pagination } };
    },
    getCreditUsage: async (params) =>
      usageOf((await execute(CreditUsageDocument, inputs.usageQuery(params))).creditUsage),
    getAutomaticRechargeConfiguration: async (params) =>
      rechargeOf((await execute(AutomaticRechargeDocument, inputs.rechargeQuery(params))).automaticRecharge),
    saveAutomaticRechargeConfiguration: async (params) => {
      const variables = { input: inputs.saveRechargeInput(params) };
      return rechargeOf((await execute(SaveAutomaticRechargeDocument, variables)).saveAutomaticRecharge);
    },
  };
}
