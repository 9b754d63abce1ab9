import type {
  AutomaticRechargeInput,
  AutomaticRechargeWire,
  CreditBalanceQuery,
  CreditGrantFilter,
  CreditGrantsQuery,
  CreditLedgerFilter,
  CreditLedgerQuery,
  CreditUsageInput,
  CreditUsageQuery,
  GrantCreditsInput,
  PageInput,
} from '@tollgate/contract';
import type { ChangedGrant } from './credit-grants.js';
import type { Difference, VerifyScope } from './verify.js';

export type { ChangedGrant, Difference, VerifyScope };

/** What can be done about credits, and read of them. Each rejects with INVALID_ARGUMENT naming the field. */
export interface CreditOperations {
  /**
   * Grants credits; with a cost and somebody who collects, it is paid first. Rejects with CUSTOMER_NOT_FOUND,
   * CURRENCY_NOT_FOUND, or CONFLICT when `grantId` is that of another grant.
   */
  grantCredits(input: GrantCreditsInput, now: number): Promise<ChangedGrant>;
  /** Rejects with CREDIT_GRANT_NOT_FOUND, also where it is another customer's, or CONFLICT for a grant that has ended or holds a debt. */
  voidCreditGrant(grantId: string, now: number, of?: { customerId?: string | null }): Promise<ChangedGrant>;
  /** In every status, newest first; an unknown customer has none. */
  creditGrants(
    asked: { filter: CreditGrantFilter; page: PageInput },
    now: number,
  ): Promise<CreditGrantsQuery['creditGrants']>;
  /** What happened, oldest first; to an unknown customer nothing. */
  creditLedger(
    asked: { filter: CreditLedgerFilter; page: PageInput },
    now: number,
  ): Promise<CreditLedgerQuery['creditLedger']>;
  /** What credits were used for over time. Rejects with CURRENCY_NOT_FOUND. */
  creditUsage(
    asked: { input: CreditUsageInput; page: PageInput },
    now: number,
  ): Promise<CreditUsageQuery['creditUsage']>;
  /** The defaults where none were saved. Rejects with CUSTOMER_NOT_FOUND, CURRENCY_NOT_FOUND. */
  automaticRecharge(asked: { customerId: string; currencyId: string }, now: number): Promise<AutomaticRechargeWire>;
  /** Rejects with CUSTOMER_NOT_FOUND, CURRENCY_NOT_FOUND, or CONFLICT when enabled without a payment method. */
  saveAutomaticRecharge(input: AutomaticRechargeInput, now: number): Promise<AutomaticRechargeWire>;
  /** Every number of the environment, or of one customer, that does not follow from usage, ledger and reservations. */
  verify(now: number, scope?: { customerId?: string }): Promise<Difference[]>;
  /** Rejects with CUSTOMER_NOT_FOUND, CURRENCY_NOT_FOUND. */
  creditBalance(
    asked: { customerId: string; currencyId: string; resourceId: string | null },
    now: number,
  ): Promise<CreditBalanceQuery['creditBalance']>;
}
